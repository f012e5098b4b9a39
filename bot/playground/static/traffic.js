// The raw payloads: what the stand-in sent to the app, and what the app called.

import { el, fill, iconButton } from "./dom.js";
import { act, all, get } from "./store.js";
import { attempt } from "./ui.js";

const open = new Set();
const drawn = new Map();

/** Show or hide the panel. */
export function toggleTraffic() {
  attempt(act("traffic", { on: !get("traffic") }));
}

/** Draw the panel. */
export function drawTraffic(node) {
  if (node.hidden) return;
  const entries = all("traffic/").sort((a, b) => b.number - a.number);
  const list = el("div", { class: "traffic-list" }, entries.length ? entries.map(entry) : el("p", { class: "empty", text: "Nothing has been sent yet." }));
  const top = node.querySelector(".traffic-list")?.scrollTop ?? 0;
  fill(node, el("header", { class: "panel-head" }, el("h2", { text: "Raw payloads" }), iconButton("close", "Close the payloads", toggleTraffic)), list);
  list.scrollTop = top;
}

function entry(item) {
  const stamp = JSON.stringify(item);
  const kept = drawn.get(item.number);
  if (kept?.stamp === stamp) return kept.node;
  const last = item.answers.at(-1) ?? {};
  const bad = Boolean(last.failure) || item.ok === false || last.status >= 400;
  const status = last.failure || (item.ok === false ? last.body?.error : last.status) || "…";
  const summary = el("summary", {},
    el("span", { class: `way ${item.to}`, text: item.to === "bot" ? "to the app" : "to Slack" }),
    el("code", { text: item.title }),
    el("span", { class: bad ? "status bad" : "status", text: String(status) }));
  const node = el("details", { class: "entry", open: open.has(item.number) }, summary,
    el("h3", { text: item.to === "bot" ? `Sent (${item.kind})` : "Arguments" }), pretty(item.sent),
    el("h3", { text: "Answer" }), pretty(item.answers));
  node.addEventListener("toggle", () => (node.open ? open.add(item.number) : open.delete(item.number)));
  drawn.set(item.number, { stamp, node });
  return node;
}

function pretty(value) {
  return el("pre", { tabindex: 0 }, el("code", { text: JSON.stringify(value, null, 2) }));
}
