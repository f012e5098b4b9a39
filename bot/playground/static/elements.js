// Interactive elements: buttons, selects, pickers, inputs. Each reports to `use.act(element, block, value)`
// and keeps what was filled in with `use.set(block, element, value)`.

import { el, fill, icon } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { all } from "./store.js";
import { confirm } from "./confirm.js";

/** A text object as nodes. */
export function words(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

/** One element as a node. */
export function element(item, block, use) {
  const make = MAKERS[item.type];
  return make ? make(item, block, use) : el("span", { class: "unknown", text: `[${item.type}]` });
}

async function send(item, block, use, value, node) {
  if (item.confirm && !(await confirm(item.confirm))) return;
  node?.classList.add("busy");
  try {
    await use.act(item, block, value);
  } finally {
    node?.classList.remove("busy");
  }
}

function button(item, block, use) {
  const kind = `button ${item.style ?? ""}`;
  const label = item.accessibility_label ? { label: item.accessibility_label } : {};
  const data = { action: item.action_id ?? "" };
  if (item.url) {
    const go = () => item.action_id && send(item, block, use, item.value ?? null, null);
    const safe = /^https?:\/\//i.test(item.url) ? item.url : null;
    return el("a", { class: kind, href: safe, target: "_blank", rel: "noreferrer noopener", data, aria: label, on: { click: go } }, words(item.text));
  }
  const node = el("button", { type: "button", class: kind, data, aria: label }, words(item.text));
  node.addEventListener("click", () => send(item, block, use, item.value ?? null, node));
  return node;
}

function feedback(item, block, use) {
  const side = (part, mark) => {
    const props = { type: "button", class: "button quiet", data: { action: item.action_id }, title: part.text.text, aria: { label: part.accessibility_label ?? part.text.text } };
    const node = el("button", props, el("span", { class: "emoji", aria: { hidden: true }, text: mark }), ` ${part.text.text}`);
    node.addEventListener("click", () => send(item, block, use, part.value, node));
    return node;
  };
  return el("span", { class: "feedback" }, side(item.positive_button, "👍"), side(item.negative_button, "👎"));
}

function iconOnly(item, block, use) {
  const node = el("button", { type: "button", class: "icon-button", data: { action: item.action_id }, title: item.text.text, aria: { label: item.text.text } }, icon("trash"));
  node.addEventListener("click", () => send(item, block, use, item.value ?? null, node));
  return node;
}

function groupsOf(item) {
  if (item.type.includes("users_select")) return [{ options: all("users/").map((u) => ({ text: { text: u.real_name }, value: u.id })) }];
  if (item.type.includes("channels_select") || item.type.includes("conversations_select")) {
    return [{ options: all("channels/").filter((c) => c.name).map((c) => ({ text: { text: `#${c.name}` }, value: c.id })) }];
  }
  return item.option_groups ?? [{ options: item.options ?? [] }];
}

function startOf(item) {
  return item.initial_option?.value ?? item.initial_user ?? item.initial_channel ?? item.initial_conversation ?? "";
}

function select(item, block, use) {
  const kept = use.value(block, item) ?? startOf(item);
  const option = (o) => el("option", { value: o.value, text: o.text.text, selected: o.value === kept });
  const groups = groupsOf(item).map((g) => (g.label ? el("optgroup", { label: g.label.text }, g.options.map(option)) : g.options.map(option)));
  const placeholder = el("option", { value: "", text: item.placeholder?.text ?? "Choose an option", selected: !kept });
  const label = { label: item.placeholder?.text ?? block.label?.text ?? "Choose" };
  const node = el("select", { class: "select", data: { action: item.action_id }, aria: label }, placeholder, ...groups);
  node.addEventListener("change", () => {
    use.set(block, item, node.value || null);
    if (node.value) send(item, block, use, node.value, node);
  });
  return node;
}

function many(item, block, use) {
  const start = item.initial_options?.map((o) => o.value) ?? item.initial_users ?? item.initial_channels ?? item.initial_conversations ?? [];
  return choices("checkbox", groupsOf(item).flatMap((g) => g.options), start, item, block, use);
}

function choices(kind, options, start, item, block, use) {
  const kept = new Set([use.value(block, item) ?? start].flat());
  const name = `${use.key}-${block.block_id}-${item.action_id}`;
  const box = el("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group", data: { action: item.action_id } });
  const changed = () => {
    const on = [...box.querySelectorAll("input:checked")].map((i) => i.value);
    const value = kind === "radio" ? (on[0] ?? null) : on;
    use.set(block, item, value);
    send(item, block, use, value, null);
  };
  const row = (o) => el("label", { class: "choice" },
    el("input", { type: kind, name, value: o.value, checked: kept.has(o.value), on: { change: changed } }),
    el("span", {}, el("span", {}, words(o.text)), o.description ? el("small", {}, words(o.description)) : null));
  return fill(box, options.map(row));
}

function overflow(item, block, use) {
  const node = el("select", { class: "select overflow", data: { action: item.action_id }, aria: { label: "More actions" } },
    el("option", { value: "", text: "•••" }), item.options.map((o) => el("option", { value: o.value, text: o.text.text })));
  node.addEventListener("change", () => {
    const value = node.value;
    node.value = "";
    if (value) send(item, block, use, value, null);
  });
  return node;
}

function picker(type, initial) {
  return (item, block, use) => {
    const value = use.value(block, item) ?? item[initial] ?? "";
    const node = el("input", { class: "input", type, value, data: { action: item.action_id }, aria: { label: block.label?.text ?? item.placeholder?.text ?? type } });
    node.addEventListener("change", () => {
      use.set(block, item, node.value || null);
      send(item, block, use, node.value, null);
    });
    return node;
  };
}

function textInput(type) {
  return (item, block, use) => {
    const value = use.value(block, item) ?? item.initial_value ?? "";
    const props = { class: "input", value, placeholder: item.placeholder?.text, maxlength: item.max_length, data: { action: item.action_id }, id: `${use.key}-${block.block_id}` };
    const node = item.multiline ? el("textarea", { ...props, rows: 6 }) : el("input", { ...props, type });
    if (item.focus_on_load) queueMicrotask(() => node.focus());
    node.addEventListener("input", () => use.set(block, item, node.value));
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !item.multiline && block.dispatch_action) send(item, block, use, node.value, null);
    });
    return node;
  };
}

const MAKERS = {
  button,
  feedback_buttons: feedback,
  icon_button: iconOnly,
  overflow,
  static_select: select,
  external_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  multi_static_select: many,
  multi_users_select: many,
  multi_channels_select: many,
  multi_conversations_select: many,
  checkboxes: (item, block, use) => choices("checkbox", item.options, item.initial_options?.map((o) => o.value) ?? [], item, block, use),
  radio_buttons: (item, block, use) => choices("radio", item.options, item.initial_option?.value ?? [], item, block, use),
  datepicker: picker("date", "initial_date"),
  timepicker: picker("time", "initial_time"),
  plain_text_input: textInput("text"),
  email_text_input: textInput("email"),
  url_text_input: textInput("url"),
  number_input: textInput("number"),
};

