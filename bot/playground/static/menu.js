// Small menus. They hang on the page itself, so that one stays open when the message under it is drawn anew.

import { el, icon, iconButton } from "./dom.js";

let closeOpen = null;

/** One row of a menu. */
export function menuItem(label, run, name, mark) {
  return el("button", { type: "button", role: "menuitem", aria: name ? { label: name } : {}, on: { click: run } }, mark ? icon(mark) : null, el("span", { text: label }));
}

/** A button that opens a menu; `items()` makes its rows. */
export function menuButton(name, label, items, kind = "") {
  const toggle = (event) => {
    const mine = closeOpen?.label === label && closeOpen.button === event.currentTarget;
    closeOpen?.();
    if (!mine) open(event.currentTarget, label, items().filter(Boolean), kind);
  };
  return iconButton(name, label, toggle, { aria: { label, haspopup: "menu" } });
}

function open(button, label, rows, kind) {
  const menu = el("div", { class: `menu ${kind}`, role: "menu", aria: { label } }, rows);
  const outside = (event) => !menu.contains(event.target) && !button.contains(event.target) && close();
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = null;
  };
  menu.addEventListener("click", () => queueMicrotask(close));
  menu.addEventListener("keydown", (event) => onKey(event, menu, close, button));
  document.addEventListener("pointerdown", outside, true);
  document.body.append(menu);
  place(menu, button.getBoundingClientRect());
  menu.querySelector("button")?.focus();
  closeOpen = Object.assign(close, { label, button });
}

function place(menu, near) {
  const { width, height } = menu.getBoundingClientRect();
  const below = near.bottom + 4 + height < window.innerHeight;
  menu.style.left = `${Math.max(8, near.right - width)}px`;
  menu.style.top = `${below ? near.bottom + 4 : Math.max(8, near.top - height - 4)}px`;
}

function onKey(event, menu, close, button) {
  if (event.key === "Escape" || event.key === "Tab") {
    close();
    button.focus();
    event.preventDefault();
  }
  if (!["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const rows = [...menu.querySelectorAll("button")];
  const step = ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : rows.length - 1;
  rows[(rows.indexOf(document.activeElement) + step) % rows.length].focus();
  event.preventDefault();
}
