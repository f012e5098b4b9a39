// Building DOM without ever parsing text as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `props`: class, text, data, aria, on (events), and attributes by name; null and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "text") node.textContent = value;
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "aria") for (const [key, word] of Object.entries(value)) node.setAttribute(`aria-${key}`, String(word));
  else if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
  else if (name === "value") node.value = value;
  else if (value === true) node.setAttribute(name, "");
  else node.setAttribute(name, String(value));
}

const PATHS = {
  hash: "M6 3 4.5 17M13.5 3 12 17M2.5 7.500h14M2 12.500h14",
  lock: "M5 9V6.500a4 4 0 0 1 8 0V9M3.5 9h11v8h-11z",
  send: "M2.5 3 17 10 2.5 17l2-7zM4.5 10H10",
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M4.5 4.500l11 11M15.5 4.500l-11 11",
  back: "M12 4l-6 6 6 6",
  reply: "M3 4.500h14v9H9l-4 3.500v-3.500H3z",
  smile: "M10 2.500a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M7 8v.5M13 8v.5M6.5 12c1.5 2.5 5.5 2.5 7 0",
  more: "M4.5 10h.1M10 10h.1M15.5 10h.1",
  pencil: "M4 16l.7-3.500L13.5 3.700l2.8 2.8-8.8 8.800z",
  trash: "M3.5 5.500h13M8 5V3h4v2M5 5.500l.8 11.500h8.400L15 5.5",
  clip: "M14.5 9.5 9 15a3.2 3.2 0 0 1-4.5-4.500l6-6a2.2 2.2 0 0 1 3 3l-6 6",
  bolt: "M11 2 4 11.500h5L8.5 18 16 8.500h-5z",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  home: "M3 9.5 10 3.500l7 6V17h-4.500v-4.500h-5V17H3z",
  eye: "M2 10s3-5.5 8-5.500S18 10 18 10s-3 5.5-8 5.500S2 10 2 10M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  plus: "M10 4v12M4 10h12",
};

/** A line icon of 20 units, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon and a name for screen readers (also its tooltip). */
export function iconButton(name, label, run, props = {}) {
  return el("button", { type: "button", class: "icon-button", title: label, aria: { label }, ...props, on: { click: run } }, icon(name));
}

/** Put these children into a node in place of what it holds. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Keep Tab within a dialog. */
export function trapFocus(dialog, event) {
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")].filter((n) => !n.disabled && n.offsetParent);
  if (!stops.length) return;
  const [first, last] = [stops[0], stops[stops.length - 1]];
  if (event.shiftKey && document.activeElement === first) { last.focus(); event.preventDefault(); }
  else if (!event.shiftKey && document.activeElement === last) { first.focus(); event.preventDefault(); }
}
