// Where one writes: text, slash commands with their completion, a file, the samples.

import { el, fill, iconButton } from "./dom.js";
import { act, get } from "./store.js";
import { attempt, toast } from "./ui.js";

const drafts = new Map();

/** A composer for a place: `{key, label, channel(), thread(), last()}`; the node has `refresh()` for a new place. */
export function composer(place) {
  const text = el("textarea", { rows: 1, class: "composer-text", id: place.id, autocomplete: "off", aria: { autocomplete: "list" } });
  const list = el("ul", { class: "completions", role: "listbox", aria: { label: "Commands" }, hidden: true });
  const samples = el("div", { class: "samples" });
  const file = el("input", { type: "file", accept: ".txt,.md,.csv,text/*", hidden: true, aria: { label: "Share a text file" } });
  const self = { text, list, place, chosen: 0 };
  text.addEventListener("input", () => { remember(self); grow(text); complete(self); });
  text.addEventListener("keydown", (event) => onKey(self, event));
  text.addEventListener("blur", () => setTimeout(() => { list.hidden = true; }, 150));
  file.addEventListener("change", () => upload(self, file));
  const foot = el("div", { class: "composer-foot" },
    place.thread() ? null : iconButton("clip", "Share a text file", () => file.click()),
    place.thread() ? null : iconButton("bolt", "Shortcuts", () => shortcutMenu(self)),
    el("span", { class: "composer-hint", text: "Enter sends, Shift+Enter makes a new line" }),
    iconButton("send", "Send", () => send(self), { class: "icon-button send" }));
  const node = el("div", { class: "composer" }, samples, el("div", { class: "composer-box" }, list, text, file, foot));
  node.refresh = () => refresh(self, samples);
  node.refresh();
  return node;
}

function refresh(self, samples) {
  const { text, place } = self;
  if (self.key !== place.key()) {
    self.key = place.key();
    text.value = drafts.get(self.key) ?? "";
    grow(text);
  }
  text.placeholder = place.label();
  text.setAttribute("aria-label", place.label());
  const direct = get(`channels/${place.channel()}`)?.kind === "im";
  const some = place.thread() ? [] : ((direct ? get("app")?.prompts : get("app")?.samples) ?? []);
  fill(samples, some.length ? el("span", { class: "samples-label", text: "Try a draft:" }) : null, some.map((sample) =>
    el("button", { type: "button", class: "sample", text: sample.name, title: sample.text, on: { click: () => put(self, sample.text) } })));
}

function put(self, words) {
  self.text.value = words;
  remember(self);
  grow(self.text);
  self.text.focus();
  self.text.setSelectionRange(words.length, words.length);
  complete(self);
}

function remember(self) {
  drafts.set(self.key, self.text.value);
}

function grow(text) {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 240)}px`;
}

function onKey(self, event) {
  const open = !self.list.hidden;
  if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    choose(self, self.chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && !self.text.value.includes(" ")))) {
    event.preventDefault();
    pick(self, self.list.children[self.chosen].dataset.command);
  } else if (open && event.key === "Escape") {
    self.list.hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(self);
  } else if (event.key === "ArrowUp" && !self.text.value && self.place.last?.()) {
    event.preventDefault();
  }
}

function complete(self) {
  const { text, list, place } = self;
  const words = text.value;
  const fitting = words.startsWith("/") && !words.includes(" ") && !place.thread() ? (get("app")?.commands ?? []).filter((c) => c.command.startsWith(words) && c.command !== words) : [];
  list.hidden = fitting.length === 0;
  fill(list, fitting.map((c) => el("li", { role: "option", data: { command: c.command }, on: { mousedown: (event) => { event.preventDefault(); pick(self, c.command); } } },
    el("strong", { text: c.command }), " ", el("span", { class: "usage", text: c.usage_hint }), el("small", { text: c.description }))));
  if (fitting.length) choose(self, 0);
}

function choose(self, at) {
  const rows = [...self.list.children];
  self.chosen = (at + rows.length) % rows.length;
  rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === self.chosen)));
}

function pick(self, command) {
  put(self, `${command} `);
  self.list.hidden = true;
}

async function send(self) {
  const words = self.text.value.trim();
  if (!words) return;
  put(self, "");
  const channel = self.place.channel();
  const [, name, rest] = words.match(/^(\/[\w-]+)\s*([\s\S]*)$/) ?? [];
  const known = (get("app")?.commands ?? []).some((c) => c.command === name);
  if (name && !known) {
    toast(`${name} is not a command here.`);
    put(self, words);
  } else if (name && self.place.thread()) {
    toast("Slack has no commands in threads.");
    put(self, words);
  } else if (name) await attempt(act("command", { channel, command: name, text: rest }));
  else await attempt(act("post", { channel, text: words, thread_ts: self.place.thread() }));
}

async function upload(self, file) {
  const [chosen] = file.files;
  file.value = "";
  if (!chosen) return;
  const comment = self.text.value.trim();
  put(self, "");
  await attempt(act("upload", { channel: self.place.channel(), name: chosen.name, content: base64(await chosen.arrayBuffer()), comment }));
}

function base64(buffer) {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
}

function shortcutMenu(self) {
  const items = (get("app")?.shortcuts ?? []).filter((one) => one.type === "global");
  if (!items.length) return toast("The app has no global shortcuts.", false);
  fill(self.list, items.map((one) => el("li", { role: "option", tabindex: 0, on: { mousedown: () => attempt(act("global_shortcut", { callback_id: one.callback_id })) } },
    el("strong", { text: one.name }), el("small", { text: one.description }))));
  self.list.hidden = false;
  self.text.focus();
}
