// Faces: initials on a colour of their own, and the app's mark.

import { el } from "./dom.js";
import { all, get } from "./store.js";

/** The avatar of a message's author or of a user. */
export function avatar(userId, size = "") {
  const user = get(`users/${userId}`);
  if (!user || user.is_bot) return el("img", { class: `avatar ${size}`, src: "/_static/icon.svg", alt: "" });
  const tint = all("users/").findIndex((one) => one.id === userId) % 5;
  return el("span", { class: `avatar letter tint-${tint} ${size}`, aria: { hidden: true }, text: user.real_name.slice(0, 1) });
}

/** The name that stands over a message. */
export function authorOf(message) {
  if (message.username) return message.username;
  return get(`users/${message.user}`)?.real_name ?? (message.bot_id ? "App" : "Slackbot");
}
