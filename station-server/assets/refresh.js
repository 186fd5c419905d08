// @ts-check
/**
 * Keeps the live parts of a server-rendered page fresh: each message of a topic makes the page fetch its own
 * fragment again and swap what changed. Never on a timer; many messages at once become one fetch a second.
 *
 * The fragment holds elements with an id and `data-live`; each replaces the one of the page with that id.
 */
import { connect } from '/assets/live.js';

const EVERY_MS = 1000;

/** @param {Element} fresh */
function swap(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || old.isEqualNode(fresh)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : '';
  const open = [...old.querySelectorAll('details[open][id]')].map((details) => details.id);
  old.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/**
 * @param {{url: string, role: string, hello?: Record<string, unknown>, topic: string, fragment: string,
 *   onSwap?: () => void}} options
 */
export function keepFresh({ url, role, hello, topic, fragment, onSwap = () => {} }) {
  let wanted = false;
  let busy = false;
  let lastMs = 0;

  function want() {
    wanted = true;
    if (!busy) run();
  }

  async function run() {
    busy = true;
    while (wanted) {
      const wait = lastMs + EVERY_MS - Date.now();
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      wanted = false;
      lastMs = Date.now();
      await fetchOnce();
    }
    busy = false;
  }

  async function fetchOnce() {
    try {
      const answer = await fetch(fragment, { headers: { accept: 'text/html' } });
      if (answer.redirected || answer.status === 401) {
        // The session is over: the page itself leads to the login.
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(`${fragment}: ${answer.status}`);
      const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const fresh of parsed.querySelectorAll('[data-live][id]')) swap(document.adoptNode(fresh));
      onSwap();
    } catch (error) {
      // The next message or the next connection brings the next try.
      console.error(error);
    }
  }

  return connect({
    url,
    role,
    hello,
    onMessage: (message) => {
      if (message.topic === topic) want();
    },
    onState: (state) => {
      document.documentElement.dataset.link = state;
    },
  });
}
