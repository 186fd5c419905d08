// @ts-check
/**
 * Keeps a server-rendered page fresh: asks the server for the page and replaces the parts that changed.
 * The server alone knows how a page looks; nothing is drawn here.
 *
 * A part is an element with an id and `data-part` inside `#app`. Focus, open `<details>` and what somebody has typed
 * stay, for elements with an id. `#notice` (a refusal) changes only with the answer to a form.
 *
 * @typedef {'ok' | 'refused' | 'failed' | 'login'} Outcome `refused`: the page that answers a form says why not
 */

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const notice = document.getElementById('notice');

/** @type {Promise<Outcome> | null} */
let running = null;
/** A server that takes a request and says nothing is given up after this long. */
const PATIENCE_MS = 10_000;
let again = false;
/** A page is what its first state says, if nothing happened since and it is no older than this. */
const MADE_MS = 10_000;
/** Of an estimate no page shows these. */
const SECONDS = ['p50_s', 'p80_s'];
/** Requests in their order; an answer older than one already shown is not shown. */
let asked = 0;
let shown = 0;
/** @type {(() => void)[]} */
const listeners = [];
/** A press begins and ends on the same button, so nothing is replaced under a finger, for so long at most. */
const PRESS_MS = 1_000;
/** Settled while nobody presses. */
let released = Promise.resolve();
let release = () => {};
addEventListener(
  'pointerdown',
  () => {
    released = new Promise((done) => {
      // The click comes with the end of the press.
      release = () => setTimeout(done);
      setTimeout(done, PRESS_MS);
    });
  },
  true,
);
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => release(), true);

/** What the page shows, as the server told it last. */
let told = '';

/**
 * Whether a state from the server is not yet what the page shows: the first one after the page was made seldom is.
 * @param {{seq: number, data: any}} message
 */
export function isNews({ seq, data }) {
  const { at: _, seq: __, ...state } = data ?? {};
  // A page tells minutes, not the seconds behind them.
  const text = JSON.stringify(state, (name, value) => (SECONDS.includes(name) ? undefined : value));
  const isMade = told === '' && String(seq) === app.dataset.seq && performance.now() < MADE_MS;
  const isNew = text !== told && !isMade;
  told = text;
  return isNew;
}

/** Calls `listener` after every replacement, and once now. @param {() => void} listener */
export function onShown(listener) {
  listeners.push(listener);
  listener();
}

/** Asks for the page once more; calls while a request is under way become one. @returns {Promise<Outcome>} */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = ask(location.href, { method: 'GET' }).finally(() => {
    running = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return running;
}

/**
 * Goes to another state of the same page without leaving it.
 * @param {string} url
 */
export function go(url) {
  history.replaceState(null, '', url);
  return ask(location.href, { method: 'GET' });
}

/**
 * Sends a form and shows the page that answers.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
export async function send(form, submitter = null) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  const outcome = await ask(form.action, { method: 'POST', body }, true);
  if (outcome === 'failed' && notice) notice.textContent = notice.dataset.failed ?? '';
  return outcome;
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {boolean} [answer] whether the page answers a form
 * @returns {Promise<Outcome>}
 */
async function ask(url, init, answer = false) {
  const mine = ++asked;
  const asking = location.href;
  try {
    const response = await fetch(url, {
      ...init,
      headers: { accept: 'text/html' },
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 401 || new URL(response.url).pathname === '/login') {
      location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      return 'login';
    }
    if (!response.headers.get('content-type')?.startsWith('text/html')) return 'failed';
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    // The answer may be another state of the page, which stays when the page comes anew; a refusal is said once.
    if (answer && response.redirected) {
      const address = new URL(response.url);
      address.searchParams.delete('refused');
      history.replaceState(null, '', address);
    }
    const words = answer ? page.getElementById('notice')?.innerHTML ?? '' : '';
    if (answer && notice) notice.innerHTML = words;
    await released;
    if (mine < shown) {
      // A page asked for later was quicker, but it was asked for before the answer said which state to show.
      if (answer) await ask(location.href, { method: 'GET' });
    } else if (answer || location.href === asking) {
      // A page of the state that the answer to a form has left meanwhile would take the answer away again.
      shown = mine;
      show(page);
    }
    return words.trim() ? 'refused' : 'ok';
  } catch {
    return 'failed';
  }
}

/** @param {Document} page */
function show(page) {
  const fresh = page.getElementById('app');
  if (!fresh) return;
  document.title = page.title;
  if (document.body.className !== page.body.className) document.body.className = page.body.className;
  copyAttributes(fresh, app);
  for (const part of fresh.querySelectorAll('[data-part]')) {
    const old = document.getElementById(part.id);
    if (old && essence(old) !== essence(part)) replace(old, part);
  }
  const key = fresh.querySelector('input[name="key"]')?.getAttribute('value');
  if (key) for (const input of app.querySelectorAll('input[name="key"]')) input.setAttribute('value', key);
  for (const listener of listeners) listener();
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function copyAttributes(from, to) {
  for (const { name } of [...to.attributes]) if (!from.hasAttribute(name)) to.removeAttribute(name);
  for (const { name, value } of from.attributes) if (to.getAttribute(name) !== value) to.setAttribute(name, value);
}

/**
 * A part without what changes in every rendering: running clocks, the key of its forms, what people opened.
 * @param {Element} part
 */
function essence(part) {
  const copy = /** @type {Element} */ (part.cloneNode(true));
  for (const clock of copy.querySelectorAll('[data-clock], [data-since-min]')) {
    clock.textContent = '';
    clock.removeAttribute('data-now-ms');
  }
  for (const key of copy.querySelectorAll('input[name="key"]')) key.removeAttribute('value');
  for (const ring of copy.querySelectorAll('[data-ring]')) ring.removeAttribute('stroke-dasharray');
  for (const made of copy.querySelectorAll('[data-at]')) made.textContent = '';
  for (const details of copy.querySelectorAll('details')) details.removeAttribute('open');
  return copy.outerHTML;
}

/**
 * @param {Element} old
 * @param {Element} part
 */
function replace(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : '';
  const open = [...old.querySelectorAll('details[open][id]')].map((one) => one.id);
  /** @type {[string, string][]} */
  const typed = [];
  /** @type {[string, HTMLOptionElement][]} */
  const chosen = [];
  for (const field of old.querySelectorAll('input[id]:not([type="hidden"]), select[id]')) {
    if (field instanceof HTMLInputElement && field.value !== field.defaultValue) typed.push([field.id, field.value]);
    if (field instanceof HTMLSelectElement && field.selectedIndex > 0) chosen.push([field.id, field.selectedOptions[0]]);
  }
  const list = old.querySelector('ol[id]');
  const scrolled = list ? { id: list.id, top: list.scrollTop } : null;
  copyAttributes(part, old);
  old.replaceChildren(...[...part.childNodes].map((node) => document.importNode(node, true)));
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement) field.value = value;
  }
  for (const [id, option] of chosen) {
    const field = document.getElementById(id);
    if (!(field instanceof HTMLSelectElement)) continue;
    field.value = option.value;
    // What is offered no longer stays chosen, for the server to refuse: another choice must not take its place unseen.
    if (field.selectedIndex < 0) {
      field.append(option);
      option.selected = true;
    }
  }
  if (scrolled) {
    const again = document.getElementById(scrolled.id);
    if (again) again.scrollTop = scrolled.top;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
