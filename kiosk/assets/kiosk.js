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

/** Goes to the greeting without leaving this page behind. */
function goHome() {
  location.replace(home);
}

const services = document.querySelector('.svcs');
/** Steps of the services' size, and the least: below it words are no longer read from where one stands. */
const FIT_STEP = 0.03;
const FIT_MIN = 0.55;

/** Sets the services as large as they all have room for: a card never shows less than what is in it. */
function fit() {
  if (!(services instanceof HTMLElement)) return;
  services.style.removeProperty('--fit');
  const first = Number(getComputedStyle(services).getPropertyValue('--fit') || 1);
  const cards = [...services.children].filter((one) => one.matches('.svc'));
  const holds = () => {
    const { bottom } = services.getBoundingClientRect();
    return cards.every((card) => card.getBoundingClientRect().bottom <= bottom + 0.5
      && card.scrollHeight <= card.clientHeight && card.scrollWidth <= card.clientWidth);
  };
  for (let size = first - FIT_STEP; size >= FIT_MIN && !holds(); size -= FIT_STEP) {
    services.style.setProperty('--fit', size.toFixed(2));
  }
}

fit();
document.fonts.ready.then(fit);
addEventListener('resize', fit);

/** @param {{page: string, parts: Record<string, string>}} picture */
function show(picture) {
  if (picture.page !== page) {
    location.reload();
    return;
  }
  for (const [id, html] of Object.entries(picture.parts)) {
    const element = document.getElementById(id);
    if (element && element.outerHTML !== html) {
      element.outerHTML = html;
      // A question that comes late has the whole time to be answered.
      if (element.id === 'paper') touched();
    }
  }
  fit();
}

if (live) {
  connect({
    url: live,
    role: 'kiosk',
    onMessage: (message) => {
      if (message.kind === 'state') show(message.data);
    },
  });
}

/* One press, one ticket: the form is sent once, and the pressed button says so. */
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  event.submitter?.classList.add('sent');
  // Disabled only afterwards: a disabled button is not part of what is sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll('button')) button.disabled = true;
  });
});

/** Seconds since the last touch, from the clock, so that a sleeping timer does not stretch them. */
let touchedMs = Date.now();
const quietS = () => (Date.now() - touchedMs) / 1000;

const ring = document.querySelector('[data-ring-s]');
const warning = document.getElementById('idle');

function drawRing() {
  if (!(ring instanceof HTMLElement)) return;
  const wholeS = Number(ring.dataset.ringS);
  const leftS = Math.max(0, wholeS - quietS());
  const number = ring.querySelector('.s');
  if (number) number.textContent = String(Math.ceil(leftS));
  ring.querySelector('.left')?.setAttribute('stroke-dasharray', `${(100 * leftS) / wholeS} 100`);
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
if (ring || idleS > 0) {
  drawRing();
  setInterval(() => {
    drawRing();
    drawWarning();
  }, 250);
}
