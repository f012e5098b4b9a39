// What the server has told us, and asking it to do things.

const values = new Map();
const watchers = new Set();
const waiting = new Map();
let socket = null;
let nextId = 1;
let tries = 0;

export const emoji = new Map();

/** One value of the document, or undefined. */
export function get(key) {
  return values.get(key);
}

/** All values whose key begins with this. */
export function all(prefix) {
  return [...values].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
}

/** Call `run(changedKeys)` after each change. */
export function watch(run) {
  watchers.add(run);
}

/** Have the server do something; a promise of its result, rejected with words to show. */
export function act(name, args = {}) {
  return new Promise((resolve, reject) => {
    if (!socket || socket.readyState !== WebSocket.OPEN) {
      reject(new Error("The playground is not reachable just now."));
      return;
    }
    const id = nextId++;
    waiting.set(id, { resolve, reject });
    socket.send(JSON.stringify({ ...args, id, do: name }));
  });
}

/** Connect, load the emoji, and come back after a break. */
export async function connect(onStatus) {
  const table = await (await fetch("/_page/emoji.json")).json();
  for (const [name, character] of Object.entries(table)) emoji.set(name, character);
  open(onStatus);
}

function open(onStatus) {
  socket = new WebSocket(`ws://${location.host}/_page/ws`);
  socket.addEventListener("open", () => {
    tries = 0;
    values.clear();
    onStatus(true);
    const me = sessionStorage.getItem("me");
    if (me) act("become", { user: me }).catch(() => sessionStorage.removeItem("me"));
  });
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("The connection was lost."));
    waiting.clear();
    onStatus(false);
    setTimeout(() => open(onStatus), Math.min(250 * 2 ** tries++, 5000));
  });
}

function receive(message) {
  if ("re" in message) {
    const asked = waiting.get(message.re);
    waiting.delete(message.re);
    if (message.ok) asked?.resolve(message.result);
    else asked?.reject(new Error(message.error));
    return;
  }
  for (const key of message.drop) values.delete(key);
  for (const [key, value] of Object.entries(message.set)) values.set(key, value);
  const changed = new Set([...message.drop, ...Object.keys(message.set)]);
  for (const run of watchers) run(changed);
}
