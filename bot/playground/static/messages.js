// One message: who, when, what, reactions, its thread, and what can be done with it.

import { el, icon, iconButton } from "./dom.js";
import { act, all, emoji, get } from "./store.js";
import { authorOf, avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { menuButton, menuItem } from "./menu.js";
import { inline, mrkdwn, typed } from "./mrkdwn.js";
import { attempt, go, timeOf, ui } from "./ui.js";

const QUICK = ["+1", "eyes", "heart", "raised_hands", "tada", "thinking"];
const drawn = new Map();
const filled = new Map();
let editing = null;

/** The messages of a list as nodes; a message that did not change keeps its node, and so its focus. */
export function messageNodes(messages, place) {
  let before = null;
  return messages.map((message) => {
    const follows = joined(before, message);
    before = message;
    const key = `${place}/${message.channel}/${message.ts}`;
    const stamp = JSON.stringify([message, follows, get("me"), editing === key, place === "thread" ? null : ui.thread === message.ts]);
    const kept = drawn.get(key);
    // What is being typed into an open editor must not be lost when the message's thread grows.
    if (kept && (kept.stamp === stamp || (kept.editing && editing === key))) return kept.node;
    const node = draw(message, place, follows, key);
    drawn.set(key, { stamp, node, editing: editing === key });
    return node;
  });
}

function joined(before, message) {
  return before && !before.reply_count && before.user === message.user && !before.subtype && !message.subtype && !message.is_ephemeral && !before.is_ephemeral && Number(message.ts) - Number(before.ts) < 300;
}

function draw(message, place, follows, key) {
  if (message.subtype === "channel_join") return el("div", { class: "notice" }, inline(message.text));
  const gone = message.subtype === "tombstone";
  const classes = ["message", follows && "follows", message.is_ephemeral && "only-you", gone && "gone", ui.thread === message.ts && place !== "thread" && "open"];
  return el("article", { class: classes.filter(Boolean).join(" "), data: { ts: message.ts }, tabindex: 0, aria: { label: `${authorOf(message)} at ${timeOf(message.ts)}` } },
    el("div", { class: "gutter" }, follows ? el("time", { text: timeOf(message.ts) }) : avatar(message.user)),
    el("div", { class: "content" },
      message.is_ephemeral ? el("p", { class: "only-you-note" }, icon("eye"), "Only visible to you") : null,
      follows ? null : head(message),
      editing === key ? editor(message) : body(message),
      (message.files ?? []).map(file), reactions(message), place === "thread" ? null : replies(message)),
    gone ? null : tools(message, key));
}

function head(message) {
  const app = message.bot_id ? el("span", { class: "badge", text: "App" }) : null;
  return el("header", { class: "head" }, el("strong", { text: authorOf(message) }), app, el("time", { text: timeOf(message.ts) }));
}

function body(message) {
  const edited = message.edited && !message.is_ephemeral ? el("span", { class: "edited", text: "(edited)" }) : null;
  if (message.blocks && message.bot_id) return el("div", { class: "text" }, blocks(message.blocks, using(message)), edited);
  const words = message.subtype === "me_message" ? el("em", {}, mrkdwn(message.text)) : mrkdwn(message.text ?? "");
  return message.text ? el("div", { class: "text" }, words, " ", edited) : null;
}

/** What the elements of a message do. */
function using(message) {
  const key = `m${message.ts.replace(".", "")}`;
  const state = filled.get(key) ?? {};
  filled.set(key, state);
  const spot = { channel: message.channel, ts: message.ts };
  return {
    key,
    value: (block, item) => state[block.block_id]?.[item.action_id],
    set: (block, item, value) => Object.assign((state[block.block_id] ??= {}), { [item.action_id]: value }),
    act: (item, block, value) => attempt(act("press", { ...spot, action_id: item.action_id, value, state })),
  };
}

function file(item) {
  const local = item.url_private?.startsWith(location.origin);
  if (local && item.mimetype?.startsWith("image/")) return el("figure", { class: "file" }, el("figcaption", { text: item.title }), el("img", { src: item.url_private, alt: item.title }));
  return el("a", { class: "file-card", href: local ? item.url_private : null, download: local ? item.name : null, target: "_blank", rel: "noreferrer" }, icon("clip"), el("span", {}, el("strong", { text: item.title }), el("small", { text: `${item.size} bytes` })));
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return el("div", { class: "reactions" }, message.reactions.map((reaction) => {
    const mine = reaction.users.includes(get("me"));
    const who = reaction.users.map((id) => get(`users/${id}`)?.real_name ?? id).join(", ");
    const press = () => attempt(act("react", { channel: message.channel, ts: message.ts, name: reaction.name }));
    return el("button", { type: "button", class: mine ? "reaction mine" : "reaction", title: `${who} reacted with :${reaction.name}:`, aria: { pressed: mine, label: `${reaction.name}, ${reaction.count}` }, on: { click: press } },
      el("span", { class: "emoji", text: emoji.get(reaction.name) ?? `:${reaction.name}:` }), el("span", { text: String(reaction.count) }));
  }));
}

function replies(message) {
  if (!message.reply_count) return null;
  const count = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("button", { type: "button", class: "replies", on: { click: () => go(message.channel, message.ts) } },
    (message.reply_users ?? []).slice(0, 3).map((id) => avatar(id, "tiny")), el("span", { text: count }), el("time", { text: `last at ${timeOf(message.latest_reply)}` }));
}

function tools(message, key) {
  const spot = { channel: message.channel, ts: message.ts };
  const mine = message.user === get("me");
  if (message.is_ephemeral) return null;
  return el("div", { class: "tools", role: "toolbar", aria: { label: "Message actions" } },
    menuButton("smile", "Add a reaction", () => QUICK.map((name) => menuItem(emoji.get(name) ?? name, () => attempt(act("react", { ...spot, name })), name)), "quick"),
    iconButton("reply", "Reply in thread", () => go(message.channel, message.thread_ts ?? message.ts)),
    menuButton("more", "More actions", () => [
      ...shortcuts().map((one) => menuItem(one.name, () => attempt(act("message_shortcut", { ...spot, callback_id: one.callback_id })), null, "bolt")),
      mine ? menuItem("Edit message", () => edit(key), null, "pencil") : null,
      mine ? menuItem("Delete message", () => attempt(act("delete", spot)), null, "trash") : null,
      menuItem("Copy text", () => navigator.clipboard?.writeText(typed(message.text ?? "")), null, "clip"),
    ]));
}

function shortcuts() {
  return (get("app")?.shortcuts ?? []).filter((one) => one.type === "message");
}

let redraw = () => {};

/** What to call when a message starts or stops being edited. */
export function onEdit(run) {
  redraw = run;
}

function edit(key) {
  editing = key;
  redraw();
}

/** Begin to edit one's own newest message in this list; false when there is none. */
export function editLast(messages, place) {
  const mine = messages.filter((message) => message.user === get("me") && !message.subtype && !message.is_ephemeral).at(-1);
  if (mine) edit(`${place}/${mine.channel}/${mine.ts}`);
  return Boolean(mine);
}

function editor(message) {
  const stop = () => edit(null);
  const box = el("textarea", { class: "input", rows: Math.min(10, message.text.split("\n").length + 2), value: typed(message.text), aria: { label: "Edit message" } });
  const save = async () => {
    if (box.value.trim() && box.value !== typed(message.text)) await attempt(act("edit", { channel: message.channel, ts: message.ts, text: box.value }));
    stop();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
  });
  queueMicrotask(() => box.focus());
  return el("div", { class: "editor" }, box, el("div", { class: "editor-foot" },
    el("button", { type: "button", class: "button", text: "Cancel", on: { click: stop } }),
    el("button", { type: "button", class: "button primary", text: "Save", on: { click: save } })));
}

/** The messages of a channel: top-level ones and what was sent to the channel too; ephemeral ones of no thread. */
export function channelMessages(channel) {
  const top = all(`messages/${channel}/`).filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast");
  const mine = all(`ephemerals/${channel}/`).filter((m) => !m.thread_ts);
  return [...top, ...mine].sort((a, b) => a.ts.localeCompare(b.ts));
}

/** A thread: its parent, then the replies. */
export function threadMessages(channel, ts) {
  const parent = get(`messages/${channel}/${ts}`);
  const rest = [...all(`messages/${channel}/`), ...all(`ephemerals/${channel}/`)].filter((m) => m.thread_ts === ts && m.ts !== ts);
  return { parent, replies: rest.sort((a, b) => a.ts.localeCompare(b.ts)) };
}
