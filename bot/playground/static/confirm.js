// "Are you sure?": the confirm object of an element, as a small dialog.

import { el, trapFocus } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

/** Ask; a promise of true or false. */
export function confirm(object) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const done = (answer) => {
      veil.remove();
      before?.focus?.();
      resolve(answer);
    };
    const style = object.style === "danger" ? "danger" : "primary";
    const yes = el("button", { type: "button", class: `button ${style}`, text: object.confirm.text, on: { click: () => done(true) } });
    const no = el("button", { type: "button", class: "button", text: object.deny.text, on: { click: () => done(false) } });
    const dialog = el("div", { class: "modal small", role: "alertdialog", aria: { modal: true, label: object.title.text } },
      el("header", { class: "modal-head" }, el("h2", { text: object.title.text })),
      el("div", { class: "modal-body" }, object.text.type === "mrkdwn" ? mrkdwn(object.text.text) : object.text.text),
      el("footer", { class: "modal-foot" }, no, yes));
    const veil = el("div", { class: "veil", on: { keydown: (event) => (event.key === "Escape" ? done(false) : trapFocus(dialog, event)) } }, dialog);
    document.body.append(veil);
    yes.focus();
  });
}
