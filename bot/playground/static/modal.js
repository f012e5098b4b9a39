// The person's stack of modals; the top one is shown.

import { el, fill, iconButton, trapFocus } from "./dom.js";
import { act, get } from "./store.js";
import { blocks } from "./blocks.js";
import { words } from "./elements.js";
import { attempt } from "./ui.js";

const states = new Map();
const problems = new Map();
let shown = "";
let before = null;

/** Draw the top modal, if it is another one or has changed. */
export function drawModals(holder) {
  const stack = get("views") ?? [];
  const top = stack.at(-1);
  const stamp = top ? `${top.id} ${top.hash} ${JSON.stringify(problems.get(top.id) ?? {})}` : "";
  if (stamp === shown) return;
  if (!shown) before = document.activeElement;
  const other = !shown.startsWith(`${top?.id} `);
  shown = stamp;
  if (!top) {
    fill(holder);
    before?.focus?.();
    return;
  }
  const focus = other ? null : document.activeElement?.id;
  fill(holder, draw(top, stack.length));
  const target = (focus && document.getElementById(focus)) || holder.querySelector("[role=alert]")?.parentElement.querySelector("input, textarea, select") || holder.querySelector(".modal-body input, .modal-body textarea, .modal-body select") || holder.querySelector(".modal button");
  target?.focus();
}

function draw(view, depth) {
  const use = using(view);
  const close = () => attempt(act("close_view", { view_id: view.id }));
  const submit = view.submit ? el("button", { type: "submit", class: "button primary" }, words(view.submit)) : null;
  const form = el("form", { class: "modal", novalidate: true, role: "dialog", aria: { modal: true, label: view.title.text } },
    el("header", { class: "modal-head" },
      depth > 1 ? iconButton("back", "Back", close) : null, el("h2", {}, words(view.title)),
      iconButton("close", "Close", () => attempt(act("close_view", { view_id: view.id, clear: true })))),
    el("div", { class: "modal-body" }, blocks(view.blocks, use)),
    el("footer", { class: "modal-foot" }, el("button", { type: "button", class: "button", on: { click: close } }, view.close ? words(view.close) : "Close"), submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(view, submit, form.closest("#modals"));
  });
  const veil = el("div", { class: "veil" }, form);
  veil.addEventListener("keydown", (event) => (event.key === "Escape" ? close() : trapFocus(form, event)));
  return veil;
}

async function send(view, button, holder) {
  if (button) button.disabled = true;
  const result = await attempt(act("submit", { view_id: view.id, values: states.get(view.id) ?? {} }));
  if (button) button.disabled = false;
  problems.set(view.id, result?.errors ?? {});
  drawModals(holder);
}

function using(view) {
  const state = states.get(view.id) ?? {};
  states.set(view.id, state);
  return {
    key: view.id,
    value: (block, item) => state[block.block_id]?.[item.action_id],
    set: (block, item, value) => Object.assign((state[block.block_id] ??= {}), { [item.action_id]: value }),
    act: (item, block, value) => dispatches(item, block) && attempt(act("press_in_view", { view_id: view.id, action_id: item.action_id, value, state })),
    error: (blockId) => problems.get(view.id)?.[blockId],
  };
}

/** An element of an input block only acts at once when the block says so. */
function dispatches(item, block) {
  return block.type !== "input" || Boolean(block.dispatch_action);
}
