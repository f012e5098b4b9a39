// Channels, the app, and who one acts as.

import { el, fill, icon } from "./dom.js";
import { act, all, get } from "./store.js";
import { avatar } from "./avatar.js";
import { attempt, go, ui } from "./ui.js";

const seen = new Map();

/** Draw the sidebar. */
export function drawSidebar(node) {
  const channels = all("channels/").filter((c) => c.kind !== "im").sort((a, b) => a.name.localeCompare(b.name));
  const app = get("app");
  fill(node,
    el("header", { class: "team" }, el("img", { src: "/_static/icon.svg", alt: "", class: "team-mark" }),
      el("div", {}, el("strong", { text: "Playground" }), el("small", { text: "a stand-in Slack" }))),
    el("div", { class: "side-scroll" },
      el("h2", { text: "Channels" }),
      el("ul", {}, channels.map(channelRow)),
      el("h2", { text: "Apps" }),
      el("ul", {}, el("li", {}, row({ href: "#/home", current: ui.home }, avatar(get("bot"), "tiny"), app?.name ?? "App")),
        el("li", {}, messagesRow()))),
    actAs());
}

function channelRow(channel) {
  const current = !ui.home && ui.channel === channel.id;
  const fresh = !current && unread(channel.id);
  const mark = channel.with_bot ? el("span", { class: "with-bot", title: "the app is here", aria: { label: "the app is here" } }) : null;
  return el("li", {}, row({ href: `#/${channel.id}`, current, fresh }, icon(channel.kind === "group" ? "lock" : "hash"), channel.name, mark));
}

/** One's own conversation with the app; it begins when somebody opens it. */
function messagesRow() {
  const dm = all("channels/").find((channel) => channel.kind === "im");
  const current = Boolean(dm) && !ui.home && ui.channel === dm.id;
  const node = row({ href: dm ? `#/${dm.id}` : "#", current, fresh: Boolean(dm) && !current && unread(dm.id) }, icon("reply"), "Messages");
  node.addEventListener("click", async (event) => {
    event.preventDefault();
    const id = await attempt(act("open_home", { tab: "messages" }));
    if (id) go(id);
  });
  return node;
}

function row({ href, current, fresh }, ...inside) {
  const aria = current ? { current: "page" } : {};
  return el("a", { href, class: `side-row ${fresh ? "fresh" : ""}`, aria }, inside);
}

function latest(channel) {
  return all(`messages/${channel}/`).reduce((last, message) => (message.ts > last ? message.ts : last), "");
}

function unread(channel) {
  const last = latest(channel);
  if (!seen.has(channel)) seen.set(channel, last);
  return last > seen.get(channel);
}

/** The open channel has been read up to now. */
export function markRead() {
  if (ui.channel && !ui.home) seen.set(ui.channel, latest(ui.channel));
}

function actAs() {
  const people = all("users/").filter((user) => !user.is_bot);
  const become = async (id) => {
    sessionStorage.setItem("me", id);
    await attempt(act("become", { user: id }));
    if (ui.home) attempt(act("open_home"));
  };
  return el("footer", { class: "act-as" }, el("h2", { id: "act-as", text: "You are" }),
    el("div", { class: "people", role: "radiogroup", aria: { labelledby: "act-as" } }, people.map((user) => {
      const mine = user.id === get("me");
      const props = { type: "button", role: "radio", class: "person", title: `Act as ${user.real_name}`, aria: { checked: mine, label: user.real_name } };
      return el("button", { ...props, on: { click: () => become(user.id) } }, avatar(user.id), mine ? el("span", { text: user.real_name }) : null);
    })));
}

