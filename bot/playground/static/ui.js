// What this browser looks at: channel, thread, tab. Kept in the address, so that Back works.

import { all, get } from "./store.js";

export const ui = { channel: null, thread: null, home: false };
const watchers = new Set();

/** Call `run()` when the place changes. */
export function onPlace(run) {
  watchers.add(run);
}

/** Go somewhere: `#/C1`, `#/C1/17.000001` (a thread), `#/home`. */
export function go(channel, thread = null) {
  location.hash = channel === "home" ? "#/home" : `#/${channel}${thread ? `/${thread}` : ""}`;
}

/** Read the address; the first channel with the bot when it names none. */
export function readPlace() {
  const [, channel, thread] = location.hash.split("/");
  ui.home = channel === "home";
  if (ui.home) ui.thread = null;
  else {
    ui.channel = get(`channels/${channel}`) ? channel : firstChannel();
    ui.thread = channel === ui.channel && thread && get(`messages/${channel}/${thread}`) ? thread : null;
  }
  for (const run of watchers) run();
}

function firstChannel() {
  const channels = all("channels/").filter((channel) => channel.kind !== "im");
  return (channels.find((channel) => channel.with_bot) ?? channels[0])?.id ?? null;
}

/** A short time of day for a ts. */
export function timeOf(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Say something in passing. */
export function toast(words, bad = true) {
  const node = document.createElement("div");
  node.className = bad ? "toast bad" : "toast";
  node.textContent = words;
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), 6000);
}

/** Do something and say what went wrong, if it does. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}
