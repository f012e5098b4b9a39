// Slack's mrkdwn as DOM: bold, italic, strike, code, quotes, links, mentions, emoji. Text stays text.

import { el } from "./dom.js";
import { emoji, get } from "./store.js";

const INLINE = new RegExp(
  [
    "<(?<angle>[^<>\\s][^<>]*)>",
    "`(?<code>[^`\\n]+)`",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+'-]+)(?:::skin-tone-\\d)?:",
    "(?<newline>\\n)",
  ].join("|"),
  "gi",
);

/** The three entities as the characters they stand for. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** mrkdwn as a list of nodes. */
export function mrkdwn(text) {
  return text.split(/```/).flatMap((part, at) => (at % 2 ? [el("pre", { class: "fence" }, el("code", {}, bare(part)))] : lines(part)));
}

function lines(text) {
  const nodes = [];
  let plain = [];
  let quote = [];
  const flush = () => {
    if (plain.length) nodes.push(...inline(plain.join("\n")));
    if (quote.length) nodes.push(el("blockquote", {}, inline(quote.join("\n"))));
    plain = [];
    quote = [];
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>)(?:&gt;&gt;|>>)?\s?(.*)$/);
    if (Boolean(quoted) !== quote.length > 0) flush();
    if (quoted) quote.push(quoted[1]);
    else plain.push(line);
  }
  flush();
  return nodes;
}

/** One stretch of mrkdwn without blocks, as nodes. */
export function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) nodes.push(unescape(text.slice(at, match.index)));
    nodes.push(piece(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(unescape(text.slice(at)));
  return nodes;
}

function piece(match) {
  const found = match.groups;
  if (found.angle !== undefined) return angle(found.angle);
  if (found.code !== undefined) return el("code", {}, bare(found.code));
  if (found.bold !== undefined) return el("strong", {}, inline(found.bold));
  if (found.italic !== undefined) return el("em", {}, inline(found.italic));
  if (found.strike !== undefined) return el("s", {}, inline(found.strike));
  if (found.emoji !== undefined) return emojiNode(found.emoji) ?? match[0];
  return el("br");
}

/** Code keeps its words; only links inside lose their brackets. */
function bare(text) {
  return unescape(text.replace(/<([^<>|]+)(?:\|([^<>]+))?>/g, (_, target, label) => label ?? target));
}

function angle(inner) {
  const [target, label] = split(inner);
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return broadcast(target.slice(1), label);
  return link(unescape(target), label === null ? null : unescape(label));
}

function split(inner) {
  const bar = inner.indexOf("|");
  return bar < 0 ? [inner, null] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

/** A link that opens elsewhere; only http, https and mailto are links. */
export function link(target, label) {
  const words = label || target.replace(/^mailto:/, "");
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return document.createTextNode(words);
  return el("a", { href: target, target: "_blank", rel: "noreferrer noopener", text: words });
}

/** A person's name as a chip. */
export function mention(id, label) {
  const user = get(`users/${id}`);
  const mine = id === get("me");
  return el("span", { class: mine ? "mention mine" : "mention", text: `@${user?.real_name ?? label ?? id}` });
}

/** A channel's name as a link to it. */
export function channelLink(id, label) {
  const channel = get(`channels/${id}`);
  return el("a", { class: "mention", href: `#/${id}`, text: `#${channel?.name ?? label ?? id}` });
}

function broadcast(words, label) {
  const name = words.split("^")[0];
  if (["here", "channel", "everyone"].includes(name)) return el("span", { class: "mention loud", text: `@${name}` });
  return document.createTextNode(unescape(label ?? words.split("^").at(-1)));
}

/** An emoji, or null when there is none of that name. */
export function emojiNode(name) {
  const character = emoji.get(name.toLowerCase());
  return character ? el("span", { class: "emoji", role: "img", title: `:${name}:`, aria: { label: name.replaceAll("_", " ") }, text: character }) : null;
}

/** Plain text as nodes: only :emoji: and new lines mean something. */
export function plain(text) {
  return text.split(/(:[a-z0-9_+'-]+:|\n)/i).map((part) => {
    if (part === "\n") return el("br");
    return (part.length > 2 && part.startsWith(":") && emojiNode(part.slice(1, -1))) || part;
  });
}

/** What somebody would have typed to get this text: for editing. */
export function typed(text) {
  const plain = text.replace(/<([@#!])?([^<>|]+)(?:\|([^<>]*))?>/g, (_, sign, target, label) => {
    if (sign === "@") return `@${get(`users/${target}`)?.name ?? target}`;
    if (sign === "#") return `#${label || target}`;
    if (sign === "!") return `@${target}`;
    return label || target;
  });
  return unescape(plain).replace(/:([a-z0-9_+'-]+):/gi, (all, name) => emoji.get(name) ?? all);
}
