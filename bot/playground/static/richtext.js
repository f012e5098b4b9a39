// The rich_text block as DOM.

import { el } from "./dom.js";
import { channelLink, emojiNode, link, mention } from "./mrkdwn.js";

/** A rich_text block as a list of nodes. */
export function richText(block) {
  return (block.elements ?? []).map(part);
}

function part(item) {
  const inside = () => (item.elements ?? []).flatMap(leaf);
  switch (item.type) {
    case "rich_text_preformatted":
      return el("pre", { class: "fence" }, el("code", {}, inside()));
    case "rich_text_quote":
      return el("blockquote", {}, inside());
    case "rich_text_list":
      return el(item.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(item.indent ?? 0, 4)}`, start: item.offset ? item.offset + 1 : null },
        item.elements.map((one) => el("li", {}, (one.elements ?? []).flatMap(leaf))));
    default:
      return el("div", { class: "rich" }, inside());
  }
}

function leaf(item) {
  switch (item.type) {
    case "link":
      return styled(link(item.url, item.text ?? null), item.style);
    case "user":
      return mention(item.user_id, null);
    case "channel":
      return channelLink(item.channel_id, null);
    case "broadcast":
      return el("span", { class: "mention loud", text: `@${item.range}` });
    case "emoji":
      return emojiNode(item.name) ?? `:${item.name}:`;
    case "date":
      return item.fallback ?? new Date(item.timestamp * 1000).toLocaleString();
    case "color":
      return item.value;
    default:
      return text(item);
  }
}

function text(item) {
  const rows = String(item.text ?? "").split("\n");
  return rows.flatMap((row, at) => (at ? [el("br"), styled(document.createTextNode(row), item.style)] : [styled(document.createTextNode(row), item.style)]));
}

function styled(node, style = {}) {
  const tags = { code: "code", bold: "strong", italic: "em", strike: "s" };
  return Object.entries(tags).reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}
