// The page as a whole: puts the parts together and redraws what has changed.

import { el, fill, icon, iconButton } from "./dom.js";
import { act, all, connect, get, watch } from "./store.js";
import { composer } from "./composer.js";
import { drawHome } from "./home.js";
import { channelMessages, editLast, messageNodes, onEdit, threadMessages } from "./messages.js";
import { drawModals } from "./modal.js";
import { drawSidebar, markRead } from "./sidebar.js";
import { drawTraffic, toggleTraffic } from "./traffic.js";
import { attempt, go, onPlace, readPlace, ui } from "./ui.js";

const $ = (id) => document.getElementById(id);
const main = { head: el("header", { class: "panel-head" }), list: el("div", { class: "list", role: "log", aria: { label: "Messages" } }), composer: null, home: el("div", { class: "home", hidden: true }) };
const side = { list: el("div", { class: "list", role: "log", aria: { label: "Thread" } }), composer: null };
let ready = false;
let known = null;

function build() {
  main.composer = composer({ id: "composer-text", key: () => ui.channel, label: () => `Message ${placeName(get(`channels/${ui.channel}`))}`, channel: () => ui.channel, thread: () => null, last: () => editLast(channelMessages(ui.channel), "channel") });
  fill($("main"), main.head, main.list, main.home, main.composer);
  side.composer = composer({ id: "thread-text", key: () => `${ui.channel}/${ui.thread}`, label: () => "Reply…", channel: () => ui.channel, thread: () => ui.thread ?? "-", last: () => editLast(threadMessages(ui.channel, ui.thread).replies, "thread") });
  const close = iconButton("close", "Close the thread", () => go(ui.channel));
  [main.list, side.list].forEach(stick);
  fill($("thread"), el("header", { class: "panel-head" }, el("h2", { text: "Thread" }), close), side.list, side.composer);
}

function draw() {
  if (!ready) return;
  // The layout first: what is scrolled to afterwards depends on how wide the columns are.
  $("app").classList.toggle("with-traffic", Boolean(get("traffic")));
  $("app").classList.toggle("with-thread", Boolean(ui.thread) && !ui.home);
  $("thread").hidden = !ui.thread || ui.home;
  $("traffic").hidden = !get("traffic");
  drawSidebar($("sidebar"));
  drawMain();
  drawThread();
  drawModals($("modals"));
  drawTraffic($("traffic"));
}

function drawMain() {
  drawHead();
  main.list.hidden = main.composer.hidden = ui.home;
  main.home.hidden = !ui.home;
  if (ui.home) return drawHome(main.home);
  const messages = channelMessages(ui.channel);
  const channel = get(`channels/${ui.channel}`);
  show(main.list, [welcome(channel), ...messageNodes(messages, "channel")]);
  main.composer.refresh();
  markRead();
  return undefined;
}

function drawHead() {
  const channel = get(`channels/${ui.channel}`);
  const app = get("app")?.name ?? "the app";
  const title = ui.home ? el("h1", {}, icon("home"), app) : el("h1", {}, channel?.kind === "im" ? icon("reply") : icon(channel?.kind === "group" ? "lock" : "hash"), channel?.kind === "im" ? app : (channel?.name ?? ""));
  const about = ui.home ? "Home" : channel?.kind === "im" ? "only you two" : `${channel?.people ?? 0} people${channel?.with_bot ? `, and ${app}` : ""}`;
  const invite = !ui.home && channel && !channel.with_bot
    ? el("button", { type: "button", class: "button", on: { click: () => attempt(act("invite_bot", { channel: ui.channel })) } }, icon("plus"), `Add ${app}`) : null;
  fill(main.head, iconButton("menu", "Channels", () => $("app").classList.toggle("with-sidebar"), { class: "icon-button burger" }),
    title, el("span", { class: "about", text: about }), el("span", { class: "gap" }), invite,
    el("button", { type: "button", class: "button payload-switch", aria: { pressed: Boolean(get("traffic")), label: "Raw payloads" }, on: { click: toggleTraffic } }, icon("code"), el("span", { text: "Raw payloads" })));
}

const intro = { stamp: "", node: null };

function welcome(channel) {
  const stamp = JSON.stringify([channel?.name, channel?.with_bot, get("app")?.name]);
  if (intro.stamp !== stamp) Object.assign(intro, { stamp, node: drawWelcome(channel) });
  return intro.node;
}

function drawWelcome(channel) {
  const app = get("app")?.name ?? "the app";
  const here = channel?.kind === "im" ? `Paste a draft, or pick one below. Nobody else sees what you write here.` : channel?.with_bot ? `Paste a draft, or pick one below. ${app} reads along here and answers in a thread.` : `${app} is not in this channel, so it hears nothing here.`;
  return el("div", { class: "welcome" }, el("img", { src: "/_static/icon.svg", alt: "" }), el("h2", { text: placeName(channel) }), el("p", { text: here }));
}

function placeName(channel) {
  return channel?.kind === "im" ? (get("app")?.name ?? "the app") : `#${channel?.name ?? ""}`;
}

function drawThread() {
  if (!ui.thread || ui.home) return;
  const { parent, replies } = threadMessages(ui.channel, ui.thread);
  if (!parent) return go(ui.channel);
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  show(side.list, [...messageNodes([parent], "thread"), el("div", { class: "thread-line" }, replies.length ? count : "No replies yet"), ...messageNodes(replies, "thread")]);
  side.composer.refresh();
}

/** Put nodes into a list, keep those that are there already, and stay at the bottom when one was there. */
function show(list, nodes) {
  const keep = new Set(nodes);
  for (const child of [...list.childNodes]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, at) => { if (list.childNodes[at] !== node) list.insertBefore(node, list.childNodes[at] ?? null); });
  if (list.dataset.place !== `${ui.channel}/${list === side.list ? ui.thread : ""}`) list.dataset.end = "yes";
  list.dataset.place = `${ui.channel}/${list === side.list ? ui.thread : ""}`;
  toEnd(list);
}

function toEnd(list) {
  if (list.dataset.end !== "yes" || !list.lastElementChild) return;
  list.scrollTop = list.scrollHeight;
  const top = list.lastElementChild.offsetTop - list.offsetTop - 44;
  if (top < list.scrollTop) list.scrollTop = top; // a long message is read from its beginning
}

/** Remember whether the reader is at the end of a list, and stay there when the list changes its size. */
function stick(list) {
  list.dataset.end = "yes";
  const left = () => { list.dataset.end = list.scrollHeight - list.scrollTop - list.clientHeight < 80 ? "yes" : "no"; };
  for (const name of ["wheel", "touchmove", "keyup", "pointerup"]) list.addEventListener(name, left, { passive: true });
  new ResizeObserver(() => toEnd(list)).observe(list);
}

/** When the app answers my newest message in a thread, the thread opens by itself (on a wide screen). */
function followReplies() {
  const messages = all("messages/");
  const first = known === null;
  const fresh = first ? [] : messages.filter((m) => !known.has(`${m.channel}/${m.ts}`));
  known = new Set(messages.map((m) => `${m.channel}/${m.ts}`));
  if (first || ui.home || window.innerWidth < 1000 || $("thread-text").value || document.querySelector(".veil, .editor")) return;
  const reply = fresh.find((m) => m.bot_id && m.thread_ts && m.thread_ts !== ui.thread && m.channel === ui.channel && get(`messages/${m.channel}/${m.thread_ts}`)?.user === get("me"));
  if (reply) go(reply.channel, reply.thread_ts);
}

function onStatus(up) {
  document.body.classList.toggle("offline", !up);
}

function start() {
  watch(() => {
    if (!get("me")) return;
    if (!ready) {
      ready = true;
      build();
      readPlace();
    }
    if (!ui.home && !get(`channels/${ui.channel}`)) readPlace();
    followReplies();
    draw();
  });
  onPlace(() => {
    $("app").classList.remove("with-sidebar");
    if (ui.home) attempt(act("open_home"));
    draw();
  });
  onEdit(draw);
  $("main").addEventListener("click", (event) => {
    if (!event.target.closest(".burger")) $("app").classList.remove("with-sidebar");
  });
  window.addEventListener("hashchange", () => ready && readPlace());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") $("app").classList.remove("with-sidebar");
    if (event.key === "Escape" && ui.thread && !document.querySelector(".veil, .menu") && !event.defaultPrevented) go(ui.channel);
  });
  connect(onStatus);
}

start();
