// The markdown block: headings, lists, quotes, code, rules, bold, italic, strike, links. A small subset, as Slack's is.

import { el } from "./dom.js";
import { emojiNode, link } from "./mrkdwn.js";

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*|(?<![\w_])_([^\s_](?:[^_]*[^\s_])?)_(?!\w)|\[([^\]]+)\]\((https?:[^\s)]+)\)|(https?:\/\/[^\s<>)]+)|:([a-z0-9_+-]+):/gi;

/** Markdown as a list of nodes. */
export function markdown(text) {
  const nodes = [];
  const rows = text.split("\n");
  while (rows.length) nodes.push(take(rows));
  return nodes.filter(Boolean);
}

function take(rows) {
  const row = rows.shift();
  if (!row.trim()) return null;
  if (/^```/.test(row)) return el("pre", { class: "fence" }, el("code", { text: until(rows, /^```/).join("\n") }));
  const heading = row.match(/^(#{1,6})\s+(.*)/);
  if (heading) return el(`h${Math.min(heading[1].length + 2, 6)}`, { class: "md-heading" }, inline(heading[2]));
  if (/^(-{3,}|\*{3,})$/.test(row.trim())) return el("hr");
  if (/^>\s?/.test(row)) return el("blockquote", {}, lineNodes([row, ...pull(rows, /^>\s?/)].map((r) => r.replace(/^>\s?/, ""))));
  if (/^\s*[-*+]\s/.test(row)) return list("ul", [row, ...pull(rows, /^\s*[-*+]\s/)], /^\s*[-*+]\s/);
  if (/^\s*\d+[.)]\s/.test(row)) return list("ol", [row, ...pull(rows, /^\s*\d+[.)]\s/)], /^\s*\d+[.)]\s/);
  return el("p", {}, lineNodes([row, ...pull(rows, /^(?!\s*$|#{1,6}\s|>|```|\s*[-*+]\s|\s*\d+[.)]\s)/)]));
}

function pull(rows, pattern) {
  const pulled = [];
  while (rows.length && pattern.test(rows[0])) pulled.push(rows.shift());
  return pulled;
}

function until(rows, pattern) {
  const pulled = [];
  while (rows.length && !pattern.test(rows[0])) pulled.push(rows.shift());
  rows.shift();
  return pulled;
}

function list(tag, rows, mark) {
  return el(tag, {}, rows.map((row) => el("li", {}, inline(row.replace(mark, "")))));
}

function lineNodes(rows) {
  return rows.flatMap((row, at) => (at ? [el("br"), ...inline(row)] : inline(row)));
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(at, match.index), piece(match));
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)];
}

function piece(match) {
  const [whole, code, bold, bold2, strike, italic, italic2, label, target, url, emoji] = match;
  if (code) return el("code", { text: code });
  if (bold || bold2) return el("strong", {}, inline(bold ?? bold2));
  if (strike) return el("s", {}, inline(strike));
  if (italic || italic2) return el("em", {}, inline(italic ?? italic2));
  if (target) return link(target, label);
  if (url) return link(url, null);
  return emojiNode(emoji) ?? whole;
}
