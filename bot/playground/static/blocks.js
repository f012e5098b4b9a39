// Block Kit as DOM.

import { el } from "./dom.js";
import { element, words } from "./elements.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { chart } from "./chart.js";

/** Blocks as nodes. `use` says what acting and filling in does: {key, act, set, value, error}. */
export function blocks(list, use) {
  return list.map((block) => {
    const draw = DRAW[block.type];
    return el("div", { class: `block block-${block.type}` }, draw ? draw(block, use) : `[${block.type}]`);
  });
}

function section(block, use) {
  const body = el("div", { class: "section-body" },
    block.text ? el("div", { class: "section-text" }, words(block.text)) : null,
    block.fields ? el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "field" }, words(field)))) : null);
  if (!block.accessory) return body;
  return [body, el("div", { class: "accessory" }, block.accessory.type === "image" ? picture(block.accessory) : element(block.accessory, block, use))];
}

function context(block) {
  return block.elements.map((item) => (item.type === "image" ? el("span", { class: "context-image" }, picture(item)) : el("span", {}, words(item))));
}

/** Pictures from elsewhere are not fetched: the page stays on this machine. Their alternative text is shown instead. */
function picture(item) {
  const url = item.image_url ?? item.slack_file?.url ?? (item.slack_file?.id ? `${location.origin}/_files/${item.slack_file.id}/picture` : "");
  const local = url.startsWith(location.origin) || url.startsWith("data:image/");
  return local ? el("img", { src: url, alt: item.alt_text }) : el("span", { class: "no-picture", title: url, text: `🖼 ${item.alt_text}` });
}

function input(block, use) {
  const id = `${use.key}-${block.block_id}`;
  const problem = use.error?.(block.block_id);
  return [
    el("label", { class: "label", for: id }, words(block.label), block.optional ? el("span", { class: "optional", text: " (optional)" }) : null),
    element(block.element, block, use),
    block.hint ? el("p", { class: "hint" }, words(block.hint)) : null,
    problem ? el("p", { class: "field-error", role: "alert", text: problem }) : null,
  ];
}

function table(block) {
  const cell = (item) => (item.type === "rich_text" ? richText(item) : String(item.text ?? item.value ?? ""));
  const [head, ...rows] = block.rows;
  return el("div", { class: "table" }, el("table", {},
    el("thead", {}, el("tr", {}, head.map((item) => el("th", {}, cell(item))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((item) => el("td", {}, cell(item))))))));
}

const DRAW = {
  section,
  context,
  input,
  table,
  header: (block) => el("h3", { class: "header" }, words(block.text)),
  divider: () => el("hr"),
  actions: (block, use) => block.elements.map((item) => element(item, block, use)),
  context_actions: (block, use) => block.elements.map((item) => element(item, block, use)),
  image: (block) => el("figure", {}, block.title ? el("figcaption", {}, words(block.title)) : null, picture(block)),
  markdown: (block) => markdown(block.text),
  rich_text: (block) => richText(block),
  data_visualization: (block) => chart(block),
};
