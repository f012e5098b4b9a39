// The app's Home tab.

import { el, fill } from "./dom.js";
import { act, get } from "./store.js";
import { blocks } from "./blocks.js";
import { attempt } from "./ui.js";

const state = {};
let shown = "";

/** Draw the Home tab into its place. */
export function drawHome(node) {
  const home = get("home");
  const stamp = `${get("me")} ${home?.id} ${home?.hash}`;
  if (stamp === shown && node.firstChild) return;
  shown = stamp;
  fill(node, home ? el("div", { class: "home-page" }, blocks(home.blocks, using(home))) : el("p", { class: "empty", text: "The app has not published a Home tab for you yet." }));
}

function using(home) {
  return {
    key: home.id,
    value: (block, item) => state[block.block_id]?.[item.action_id],
    set: (block, item, value) => Object.assign((state[block.block_id] ??= {}), { [item.action_id]: value }),
    act: (item, block, value) => attempt(act("press_in_view", { view_id: home.id, action_id: item.action_id, value, state })),
  };
}
