// @ts-check
/**
 * The live connection of every page: one WebSocket that says hello, resumes after a break and
 * tells how fresh its data is. It never polls.
 *
 * Frames from the server are envelopes; `seq` is a position in the station's log and `prev` the
 * one of the message before on the same topic, 0 for the first after a hello. A message of kind
 * `state` is whole, so the newest wins. For every other kind, a `prev` that is not the last one
 * seen means that something is missing: the page says hello again instead of showing a hole.
 *
 * @typedef {{v: number, topic: string, prev: number, seq: number, kind: string, data: any}} Envelope
 * @typedef {'connecting' | 'live' | 'stale' | 'lost'} LinkState
 * @typedef {{
 *   url: string,
 *   role: string,
 *   hello?: Record<string, unknown>,
 *   onMessage: (message: Envelope) => void,
 *   onState?: (state: LinkState, lastHeardMs: number | null) => void,
 *   onOpen?: (open: boolean) => void,
 * }} Options `url` may be a path; `hello` holds further fields of the hello (`device`, a token);
 *   `lastHeardMs` is the browser's time of the last frame; `onOpen` hears of every connection made and broken or
 *   refused, for pages that cannot wait until silence tells.
 * @typedef {{send: (kind: string, fields?: Record<string, unknown>) => boolean, close: () => void}} Link
 *   `send` tells whether the connection was open.
 */

export const PROTOCOL = 1;
/** The server pings every 10 s; two more seconds are for the way. */
export const STALE_MS = 12_000;
export const LOST_MS = 60_000;
const BACKOFF_FIRST_MS = 300;
const BACKOFF_LAST_MS = 5_000;
const REPAIR_MS = 5_000;

/**
 * @param {Options} options
 * @returns {Link}
 */
export function connect({ url, role, hello = {}, onMessage, onState = () => {}, onOpen = () => {} }) {
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {string | null} */
  let epoch = null;
  /** @type {Record<string, number>} the last sequence number of each topic */
  const last = {};
  /** @type {Record<string, number>} when a hole in a topic was first seen */
  const holes = {};
  /** @type {LinkState} */
  let state = 'connecting';
  /** @type {number | null} */
  let heardMs = null;
  const startedMs = Date.now();
  let openedMs = startedMs;
  let failures = 0;
  let closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let freshTimer;

  const target = new URL(url, location.href);
  target.protocol = target.protocol.replace('http', 'ws');

  /** @param {LinkState} next */
  function setState(next) {
    if (next !== state) {
      state = next;
      onState(state, heardMs);
    }
  }

  /** Sets the state by the length of the silence and comes back when that may change. */
  function judgeFreshness() {
    clearTimeout(freshTimer);
    if (closed) return;
    const now = Date.now();
    const silent = now - (heardMs ?? startedMs);
    if (silent >= STALE_MS) {
      if (socket !== null && now - openedMs >= STALE_MS / 2) reopen();
      setState(silent >= LOST_MS ? 'lost' : 'stale');
    }
    freshTimer = setTimeout(judgeFreshness, STALE_MS - (silent % STALE_MS));
  }

  /** The log position after which messages are wanted: before the first hole, else the newest. */
  function resumeFrom() {
    const broken = Object.keys(holes).map((topic) => last[topic]);
    if (broken.length > 0) return Math.min(...broken);
    const all = Object.values(last);
    return all.length > 0 ? Math.max(...all) : null;
  }

  function sayHello() {
    send('hello', { protocol: PROTOCOL, role, ...hello, epoch, resume: resumeFrom() });
  }

  function open() {
    clearTimeout(retryTimer);
    openedMs = Date.now();
    const mine = new WebSocket(target);
    socket = mine;
    mine.onopen = () => {
      if (socket !== mine) return;
      onOpen(true);
      sayHello();
    };
    mine.onmessage = (event) => {
      if (socket === mine) receive(event.data);
    };
    mine.onclose = () => {
      if (socket === mine) retry();
    };
  }

  /** Tries again after a random part of a delay that doubles up to five seconds. */
  function retry() {
    socket = null;
    if (closed) return;
    onOpen(false);
    const delay = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** failures);
    failures = Math.min(failures + 1, 10);
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, delay * (0.5 + Math.random() / 2));
  }

  /** Leaves a connection that is open in name only. */
  function reopen() {
    const old = socket;
    retry();
    old?.close();
  }

  /** @param {unknown} text */
  function receive(text) {
    /** @type {Envelope} */
    let message;
    try {
      message = JSON.parse(String(text));
    } catch {
      console.error('live: a frame is not JSON');
      return;
    }
    heardMs = Date.now();
    failures = 0;
    setState('live');
    judgeFreshness();
    if (message.kind === 'ping') {
      send('pong');
    } else if (message.kind === 'welcome') {
      welcome(message);
    } else {
      take(message);
    }
  }

  /** @param {Envelope} message */
  function welcome(message) {
    const now = message.data?.epoch ?? null;
    if (epoch !== null && now !== epoch) {
      // The database was restored: nothing on this page can be trusted.
      location.reload();
      return;
    }
    epoch = now;
    onMessage(message);
  }

  /** @param {Envelope} message */
  function take(message) {
    const { topic, seq, prev, kind } = message;
    const known = last[topic];
    if (known !== undefined && prev !== 0) {
      if (seq <= known) return;
      if (kind !== 'state' && prev !== known) {
        repair(topic);
        return;
      }
    }
    delete holes[topic];
    last[topic] = seq;
    onMessage(message);
  }

  /** @param {string} topic */
  function repair(topic) {
    const since = holes[topic];
    if (since === undefined) {
      holes[topic] = Date.now();
      sayHello();
    } else if (Date.now() - since >= REPAIR_MS) {
      delete holes[topic];
      reopen();
    }
  }

  /**
   * @param {string} kind
   * @param {Record<string, unknown>} [fields]
   */
  function send(kind, fields = {}) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify({ kind, ...fields }));
    return true;
  }

  /** A phone that wakes up or finds its network again does not wait for the next try. */
  function hurry() {
    if (closed || document.visibilityState === 'hidden') return;
    failures = 0;
    if (socket === null) open();
    judgeFreshness();
  }

  function close() {
    closed = true;
    clearTimeout(retryTimer);
    clearTimeout(freshTimer);
    removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
    const old = socket;
    socket = null;
    old?.close();
  }

  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  open();
  judgeFreshness();
  return { send, close };
}
