// @ts-check
/**
 * The touch pages: fresh figures, one ticket per press, back to the greeting when nobody is there. Everything works
 * without this module too, only less promptly.
 *
 * The root element says what the page is: `data-page` its state, `data-live` its connection, `data-idle-s` after how
 * many seconds without a touch it goes back to the greeting.
 */
import { connect } from '/assets/live.js';

const root = document.documentElement;
const { page = '', live = '', home = '/' } = root.dataset;
const idleS = Number(root.dataset.idleS ?? 0);
const WARN_S = 10;

/** Without an answer for so long the page says that it is out of service, milliseconds. */
const GIVE_UP_MS = 3_000;
const RETRY_MS = 400;
/** One answer takes no longer: the kiosk itself waits 3 s for the station. */
const ANSWER_MS = 8_000;
/** How often a page out of service looks whether the kiosk is back, milliseconds. */
const LOOK_MS = 1_000;

const app = document.getElementById('app');
const outOfService = document.getElementById('down');
const isDown = () => outOfService?.hidden === false;

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Asks the kiosk's program, again and again for a while. The same press is sent with the same key, and so gives one
 * ticket however often it arrives.
 * @param {string} url
 * @param {RequestInit} [what]
 * @returns {Promise<Response | null>} nothing when there was no answer
 */
async function ask(url, what) {
  const endMs = Date.now() + GIVE_UP_MS;
  do {
    try {
      return await fetch(url, { ...what, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
    } catch {
      await pause(RETRY_MS);
    }
  } while (Date.now() < endMs);
  return null;
}

/** Says in place of everything that the kiosk is out of service, and waits until it is back. */
async function stop() {
  if (!app || !outOfService || isDown()) return;
  outOfService.hidden = false;
  app.inert = true;
  link?.close();
  for (;;) {
    await pause(LOOK_MS);
    const isBack = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MS) }).then((answer) => answer.ok, () => false);
    if (isBack) break;
  }
  location.replace(home);
}

/** Goes to a page of the kiosk, without leaving this one behind, and only if its program answers. @param {string} url */
async function go(url) {
  if (isDown()) return;
  if (await ask('/healthz')) location.replace(url);
  else stop();
}

let leaving = false;
function goHome() {
  if (leaving) return;
  leaving = true;
  go(home);
}

const services = document.querySelector('.svcs');
const ticket = document.querySelector('main.kt, main.k-matter');
/** Steps of the services' and the ticket's size, and the least: below it words are no longer read from where one stands. */
const FIT_STEP = 0.03;
const FIT_MIN = 0.55;

/** Whether what is in a card stays off its edges, as far as its style wants. @param {Element} card */
function keepsItsEdges(card) {
  const { top, bottom } = card.getBoundingClientRect();
  const { paddingTop, paddingBottom, borderTopWidth, borderBottomWidth } = getComputedStyle(card);
  const first = top + parseFloat(borderTopWidth) + parseFloat(paddingTop) - 1;
  const last = bottom - parseFloat(borderBottomWidth) - parseFloat(paddingBottom) + 1;
  return [...card.children].every((child) => {
    const box = child.getBoundingClientRect();
    const { marginTop, marginBottom } = getComputedStyle(child);
    return box.height === 0 || (box.top - parseFloat(marginTop) >= first && box.bottom + parseFloat(marginBottom) <= last);
  });
}

/** Sets an element as large as it has room for. @param {HTMLElement} one @param {() => boolean} holds */
function shrink(one, holds) {
  one.style.removeProperty('--fit');
  const first = Number(getComputedStyle(one).getPropertyValue('--fit') || 1);
  for (let size = first - FIT_STEP; size >= FIT_MIN && !holds(); size -= FIT_STEP) {
    one.style.setProperty('--fit', size.toFixed(2));
  }
}

/** Whether everything of the ticket's page is within its frame and off everything else. @param {HTMLElement} ticket */
function isLaidOut(ticket) {
  const frame = ticket.getBoundingClientRect();
  const boxes = [...ticket.children].map((part) => ({ part, box: part.getBoundingClientRect() })).filter(({ box }) => box.height > 0);
  return boxes.every(({ part, box }, index) =>
    box.bottom <= frame.bottom + 0.5
    && [...part.children].every((inner) => inner.getBoundingClientRect().top >= box.top - 0.5 && inner.getBoundingClientRect().bottom <= box.bottom + 0.5)
    && boxes.slice(index + 1).every(({ box: other }) =>
      box.bottom <= other.top + 0.5 || other.bottom <= box.top + 0.5 || box.right <= other.left || other.right <= box.left));
}

/** A card never shows less than what is in it, nor does the ticket's page. */
function fit() {
  if (ticket instanceof HTMLElement) {
    shrink(ticket, () => isLaidOut(ticket));
  }
  if (!(services instanceof HTMLElement)) return;
  const cards = [...services.children].filter((one) => one.matches('.svc'));
  const holds = () => {
    const { bottom } = services.getBoundingClientRect();
    return cards.every((card) => card.getBoundingClientRect().bottom <= bottom + 0.5
      && card.scrollHeight <= card.clientHeight && card.scrollWidth <= card.clientWidth && keepsItsEdges(card));
  };
  shrink(services, holds);
}

fit();
document.fonts.ready.then(fit);
addEventListener('resize', fit);

/** @param {{page: string, parts: Record<string, string>}} picture */
function show(picture) {
  if (picture.page !== page) {
    go(location.href);
    return;
  }
  for (const [id, html] of Object.entries(picture.parts)) {
    const element = document.getElementById(id);
    if (element && element.outerHTML !== html) {
      element.outerHTML = html;
      // A question that comes late has the whole time to be answered; after the last word there is nothing to wait for.
      if (element.id === 'paper') {
        touched();
        leaveSoon();
      }
    }
  }
  fit();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let brokenTimer;
/** @param {boolean} open */
function heardOf(open) {
  if (open) {
    clearTimeout(brokenTimer);
    brokenTimer = undefined;
  } else {
    brokenTimer ??= setTimeout(stop, GIVE_UP_MS);
  }
}

const link = live
  ? connect({
      url: live,
      role: 'kiosk',
      onMessage: (message) => {
        if (message.kind === 'state') show(message.data);
      },
      onOpen: heardOf,
    })
  : null;

/*
 * One press, one ticket: the form is sent once, and the pressed button says so. Sent by script, so that a kiosk that does
 * not answer never shows the browser's own words.
 */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  if (form.dataset.sent || isDown()) return;
  form.dataset.sent = '1';
  event.submitter?.classList.add('sent');
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, event.submitter)) fields.append(name, String(value));
  for (const button of form.querySelectorAll('button')) button.disabled = true;
  if (form.method === 'post') send(form.action, fields);
  else go(`${new URL(form.action).pathname}?${fields}`);
});
document.addEventListener('click', (event) => {
  const way = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(way instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  go(way.href);
});

/**
 * Sends a form and goes where the answer leads.
 * @param {string} action
 * @param {URLSearchParams} fields
 */
async function send(action, fields) {
  const answer = await ask(action, { method: 'POST', body: fields });
  if (answer) location.replace(answer.redirected ? answer.url : home);
  else stop();
}

/** Seconds since the last touch, from the clock, so that a sleeping timer does not stretch them. */
let touchedMs = Date.now();
const quietS = () => (Date.now() - touchedMs) / 1000;

const ring = document.querySelector('[data-ring-s]');
const warning = document.getElementById('idle');

/** The page's own time, seconds, and the one that holds now. */
const wholeS = ring instanceof HTMLElement ? Number(ring.dataset.ringS) : 0;
let stayS = wholeS;

/** The paper in the visitor's hand ends the page sooner, until it is touched. */
function leaveSoon() {
  const leaveS = document.getElementById('paper')?.dataset.leaveS;
  if (leaveS) stayS = Number(leaveS);
}

function drawRing() {
  if (!(ring instanceof HTMLElement)) return;
  const leftS = Math.max(0, stayS - quietS());
  const number = ring.querySelector('.s');
  if (number) number.textContent = String(Math.ceil(leftS));
  ring.querySelector('.left')?.setAttribute('stroke-dasharray', `${(100 * leftS) / stayS} 100`);
  if (leftS === 0) goHome();
}

function drawWarning() {
  if (!warning || idleS === 0) return;
  const leftS = Math.max(0, Math.ceil(idleS - quietS()));
  const words = warning.querySelector('[data-text]');
  if (leftS > WARN_S) {
    warning.hidden = true;
    return;
  }
  if (words instanceof HTMLElement) words.textContent = (words.dataset.text ?? '').replace('{s}', String(leftS));
  warning.hidden = false;
  if (leftS === 0) goHome();
}

function touched() {
  touchedMs = Date.now();
  stayS = wholeS;
  drawRing();
  drawWarning();
}

for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, touched, { capture: true, passive: true });
document.querySelector('[data-more]')?.addEventListener('click', (event) => {
  event.preventDefault();
  touched();
});
document.querySelector('[data-done]')?.addEventListener('click', (event) => {
  event.preventDefault();
  goHome();
});
addEventListener('contextmenu', (event) => event.preventDefault());
leaveSoon();
if (ring || idleS > 0) {
  drawRing();
  setInterval(() => {
    drawRing();
    drawWarning();
  }, 250);
}
