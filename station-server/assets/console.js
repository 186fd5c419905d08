// @ts-check
/** The console's keys, live connection and clocks. What is on the page, the server decides. */
import { connect } from '/assets/live.js';
import { nowMs, sync } from '/assets/clock.js';
import { go, onShown, refresh, send } from './swap.js';

/** After a call or a start nothing but undo is taken for this long: a second press must not start, finish or call. */
const LOCK_MS = 1_500;
/** Nor is it until the answer has been on the page for this long: nobody can have read it sooner. */
const READ_MS = 300;
const HOLD_MS = 1_000;
const RING = 477.5;
const KEYS_OFF = 'console-keys-off';
const LOCKS = /\/(call-next|finish-and-next|call|recall|start)$/;

/** A notice stays for this long, or until the next action. */
const NOTICE_MS = 8_000;
/** What is done with a visitor: these keys are the console's also where the page has no button for them. */
const VISITORS_KEYS = ['Shift+F2', 'F4', 'F8', 'F9', 'Shift+F8', 'Shift+F9', 'NumpadAdd', 'NumpadDecimal', 'NumpadDivide', 'NumpadMultiply', 'NumpadSubtract'];
const MAIN_KEYS = ['F2', 'NumpadEnter'];
/** Narrower than this the page is the strip, where the window is high enough for it. */
const STRIP = matchMedia('(max-width: 480px) and (min-height: 600px)');

const root = document.documentElement;
const counter = root.dataset.counter ?? '';
const isDock = root.dataset.mode === 'dock';

let lockedUntilMs = 0;
let busy = false;
/** What was sent last, so that the same key pressed twice is told from another wish. */
let lastSent = '';

/* What is said */

const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let noticeTimer;

/** Says why something was not done. @param {string | undefined} words */
function say(words) {
  if (!words) return;
  const line = document.createElement('p');
  line.textContent = words;
  notice.replaceChildren(line);
}

function unsay() {
  notice.replaceChildren();
}

function keepNoticeForAWhile() {
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(unsay, NOTICE_MS);
}
// Answers of the server are written by another module.
new MutationObserver(keepNoticeForAWhile).observe(notice, { childList: true });
keepNoticeForAWhile();

/* The connection may be lost: nothing can be done then, and every control says so. */

function isLost() {
  return root.dataset.link === 'stale' || root.dataset.link === 'lost';
}

function gate() {
  const lost = isLost();
  for (const control of document.querySelectorAll('#app :is(button, summary.bt, #hold-why-open, input:not([type="hidden"]))')) {
    if (control.closest('#help')) continue;
    if (lost) {
      control.setAttribute('aria-disabled', 'true');
      control.setAttribute('aria-describedby', 'lost');
    } else if (control.hasAttribute('aria-disabled')) {
      control.removeAttribute('aria-disabled');
      control.removeAttribute('aria-describedby');
    }
  }
}

function fold() {
  if (isDock || STRIP.matches) root.dataset.mode = 'dock';
  else delete root.dataset.mode;
}
STRIP.addEventListener('change', fold);
fold();

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.action.includes('/console/')) return;
  event.preventDefault();
  if (isLost()) {
    say(notice.dataset.offline);
    return;
  }
  const { pathname } = new URL(form.action);
  const locks = LOCKS.test(pathname);
  const undoes = pathname.endsWith('/undo');
  const submitter = event.submitter instanceof HTMLElement ? event.submitter : null;
  const wish = [pathname, ...[...new FormData(form, submitter)].filter(([name]) => name !== 'key')].join();
  if (busy || (!undoes && performance.now() < lockedUntilMs)) {
    if (wish !== lastSent) say(notice.dataset.early);
    return;
  }
  lastSent = wish;
  if (locks) lockedUntilMs = performance.now() + LOCK_MS;
  busy = true;
  unsay();
  const details = submitter?.closest('details');
  try {
    const outcome = await send(form, submitter);
    // What was refused, never got there or is asked about first has called nobody.
    const question = document.getElementById('pick-why');
    if (outcome !== 'ok' || question) lockedUntilMs = 0;
    else if (locks) lockedUntilMs = Math.max(lockedUntilMs, performance.now() + READ_MS);
    if (outcome === 'ok' || outcome === 'refused') {
      // The answer is shown; what was opened or typed for it is done.
      if (details?.id) document.getElementById(details.id)?.removeAttribute('open');
      const number = document.getElementById('call-number');
      if (number instanceof HTMLInputElement && pathname.endsWith('/call')) {
        number.value = '';
        number.blur();
      }
      // Whoever does not see the page hears the question.
      question?.focus({ preventScroll: true });
    }
  } finally {
    busy = false;
  }
});

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('summary[aria-disabled="true"]')) {
    event.preventDefault();
    say(notice.dataset.offline);
    return;
  }
  const link = target?.closest('a[data-swap]');
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    unsay();
    go(link.href);
  }
  for (const details of document.querySelectorAll('details.pop[open]')) {
    if (target && !details.contains(target)) details.removeAttribute('open');
  }
});

/* Keys */

/** @param {Element | null} element */
function isTyping(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

function keysOff() {
  return localStorage.getItem(KEYS_OFF) === '1';
}

/** @param {KeyboardEvent} event */
function combination(event) {
  const held = [event.ctrlKey && 'Ctrl+', event.altKey && 'Alt+', event.shiftKey && 'Shift+'];
  return held.filter(Boolean).join('') + event.code;
}

/** Why a key of the console does nothing on this page; nothing for the keys of others. @param {string} wanted */
function whyNot(wanted) {
  const app = document.getElementById('app');
  if (MAIN_KEYS.includes(wanted)) return app?.dataset.whyMain;
  return VISITORS_KEYS.includes(wanted) ? app?.dataset.why : undefined;
}

/**
 * Enter in an opened panel belongs to the panel; on a question nobody has answered yet it says what to choose.
 * @param {KeyboardEvent} event
 * @returns {boolean} whether it was such a key
 */
function entersPanel(event) {
  if (event.key !== 'Enter') return false;
  const panel = document.querySelector('details.pop[open] .panel');
  if (!panel) return false;
  const active = document.activeElement;
  if (active?.closest('details.pop[open]') && active.matches('button, input, summary, a')) return true;
  const question = panel.querySelector('[data-choose]');
  if (!(question instanceof HTMLElement)) return false;
  event.preventDefault();
  if (!event.repeat) say(question.dataset.choose);
  return true;
}

/** @param {HTMLElement} element */
function press(element) {
  if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
    return;
  }
  element.click();
  const details = element.parentElement;
  if (element.tagName === 'SUMMARY' && details instanceof HTMLDetailsElement && details.open) {
    const first = details.querySelector('[data-first]');
    if (first instanceof HTMLElement) first.focus();
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let holdTimer;
let heldCode = '';

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const active = document.activeElement;
    const details = active?.closest('details[open]') ?? document.querySelector('details.pop[open]');
    details?.removeAttribute('open');
    if (details instanceof HTMLElement) details.querySelector('summary')?.focus();
    if (active instanceof HTMLInputElement) {
      active.value = '';
      active.blur();
    } else if (!details) {
      const way = document.querySelector('[data-keys~="Escape"]');
      if (way instanceof HTMLElement) press(way);
    }
    return;
  }
  if (keysOff()) return;
  if (heldCode && event.code === heldCode) {
    // A digit that is held down is a key of its own, not many digits.
    event.preventDefault();
    return;
  }
  if (event.metaKey || event.isComposing || entersPanel(event) || isTyping(document.activeElement)) return;
  const digit = /^Numpad(\d)$/.exec(event.code);
  const answers = document.querySelector(`[data-keys~="${CSS.escape(event.code)}"]`);
  if (digit && !answers && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    typeDigit(event.code, digit[1]);
    return;
  }
  const wanted = combination(event);
  const target = document.querySelector(`[data-keys~="${CSS.escape(wanted)}"]`);
  if (!(target instanceof HTMLElement)) {
    const why = whyNot(wanted);
    if (!why) return;
    event.preventDefault();
    if (!event.repeat) say(why);
    return;
  }
  // Enter and blank on a focused control keep their own meaning.
  event.preventDefault();
  if (event.repeat) return;
  if (target.getAttribute('aria-disabled') === 'true') say(notice.dataset.offline);
  else if (target.matches(':disabled')) say(target.dataset.why);
  else {
    unsay();
    press(target);
  }
});

document.addEventListener('keyup', (event) => {
  if (event.code === heldCode) {
    clearTimeout(holdTimer);
    heldCode = '';
  }
});

/**
 * Digits of the numeric keypad go into the field for a given number; 0 and 9 held do something else.
 * @param {string} code
 * @param {string} digit
 */
function typeDigit(code, digit) {
  const field = document.getElementById('call-number');
  const free = field instanceof HTMLInputElement && !field.disabled;
  if (free) {
    field.focus();
    field.value += digit;
  } else if (field && !document.querySelector(`[data-hold="${code}"]`)) {
    say(field.dataset.why);
  }
  heldCode = code;
  clearTimeout(holdTimer);
  holdTimer = setTimeout(() => {
    const target = document.querySelector(`[data-hold="${code}"]`);
    if (!(target instanceof HTMLElement)) return;
    if (free) {
      field.value = '';
      field.blur();
    }
    press(target);
  }, HOLD_MS);
}

function showKeysOff() {
  const button = document.getElementById('keys-off');
  if (!button) return;
  button.hidden = false;
  button.setAttribute('aria-pressed', String(keysOff()));
  root.toggleAttribute('data-keys-off', keysOff());
}

document.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('#keys-off')) {
    localStorage.setItem(KEYS_OFF, keysOff() ? '0' : '1');
    showKeysOff();
  }
});

/* Clocks */

function tick() {
  const now = nowMs();
  for (const ring of document.querySelectorAll('[data-ring]')) {
    if (!(ring instanceof SVGElement)) continue;
    const share = Math.min(1, Math.max(0, (now - Number(ring.dataset.ms)) / Number(ring.dataset.fullMs)));
    ring.setAttribute('stroke-dasharray', `${(share * RING).toFixed(1)} ${RING}`);
  }
  for (const element of document.querySelectorAll('[data-since-min]')) {
    if (!(element instanceof HTMLElement)) continue;
    const text = String(Math.max(0, Math.floor((now - Number(element.dataset.ms)) / 60_000)));
    if (element.textContent !== text) element.textContent = text;
  }
  for (const button of document.querySelectorAll('[data-until-ms]')) {
    if (button instanceof HTMLElement && now > Number(button.dataset.untilMs)) button.closest('form')?.remove();
  }
  for (const button of document.querySelectorAll('[data-opens-ms]')) {
    if (!(button instanceof HTMLElement) || now < Number(button.dataset.opensMs)) continue;
    button.removeAttribute('data-opens-ms');
    refresh();
  }
}
setInterval(tick, 1000);

/** Says what was done once, when it changes. */
let said = document.querySelector('[data-say]')?.textContent ?? '';
onShown(() => {
  tick();
  showKeysOff();
  gate();
  const text = document.querySelector('[data-say]')?.textContent ?? '';
  const place = document.getElementById('say');
  if (place && text !== said) place.textContent = text;
  said = text;
});

/* The live connection */

connect({
  url: '/ws/v1/counter',
  role: 'counter',
  hello: { device: counter },
  onMessage(message) {
    if (message.kind !== 'state' || message.topic !== `counter/${counter}`) return;
    if (typeof message.data?.at === 'number') sync(message.data.at);
    refresh();
  },
  onState(state) {
    root.dataset.link = state;
    gate();
  },
});
