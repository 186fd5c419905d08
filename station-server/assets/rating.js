// @ts-check
/** The rating tablet: opens when the counter asks, moves on by itself. What is shown, the server decides. */
import { connect } from '/assets/live.js';
import { linkMarks } from './link.js';
import { go, onShown, send } from './swap.js';

const counter = document.documentElement.dataset.counter ?? '';
const app = /** @type {HTMLElement} */ (document.getElementById('app'));

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
let leftS = 0;
let sending = false;
/** An answer was given and is not stored yet: the page waits for it, whatever else happens. */
let isKept = false;

/** A touch that is not answered by then gets a word why. */
const SLOW_MS = 1_500;
const RETRY_MS = 2_000;

const marks = linkMarks();

function home() {
  return app.dataset.home ?? location.pathname;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function submit(form, submitter) {
  if (sending) return;
  sending = true;
  isKept = true;
  for (const face of form.querySelectorAll('.face')) face.setAttribute('aria-pressed', String(face === submitter));
  const slow = setTimeout(() => marks.onState('stale'), SLOW_MS);
  try {
    const outcome = await send(form, submitter);
    if (outcome === 'failed') {
      // The answer is not lost while the network is away.
      marks.onState('lost');
      setTimeout(() => form.isConnected && form.requestSubmit(submitter), RETRY_MS);
      return;
    }
    isKept = false;
    marks.heard();
    history.replaceState(null, '', home());
  } finally {
    clearTimeout(slow);
    sending = false;
  }
}

document.addEventListener('submit', (event) => {
  if (!(event.target instanceof HTMLFormElement)) return;
  event.preventDefault();
  submit(event.target, event.submitter instanceof HTMLElement ? event.submitter : null);
});

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[data-swap]') : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  if (!isKept) go(link.href);
});

/** What happens when nobody touches the tablet any more. */
function moveOn() {
  if (isKept) return;
  const stage = app.dataset.stage;
  if (stage === 'question') document.getElementById('skip')?.click();
  else if (stage === 'why') sendReasons();
  else if (stage === 'thanks') go(home());
}

function sendReasons() {
  const form = document.getElementById('reasons');
  if (form instanceof HTMLFormElement) form.requestSubmit();
}

function restart() {
  leftS = Number(app.dataset.afterS ?? 0);
}

onShown(() => {
  restart();
  clearInterval(timer);
  timer = setInterval(() => {
    if (leftS <= 0) return;
    leftS -= 1;
    if (leftS === 0) moveOn();
  }, 1000);
});
addEventListener('pointerdown', restart);
addEventListener('keydown', restart);

/** @type {string | null} */
let asking = app.dataset.asked ?? null;

connect({
  url: '/ws/v1/display',
  role: 'display',
  hello: { device: `rating/${counter}` },
  onState: marks.onState,
  onOpen: marks.onOpen,
  onMessage({ kind, topic, data }) {
    if (!isKept) marks.heard();
    if (kind !== 'state' || topic !== `rating/${counter}`) return;
    const next = typeof data?.asking === 'string' ? data.asking : null;
    const other = next !== asking;
    asking = next;
    if (isKept) return;
    const stage = app.dataset.stage;
    if (stage === 'why') {
      // The visitor's answer goes first; the thanks then give way to the next question.
      if (other && next !== null) sendReasons();
    } else if (stage === 'thanks') {
      if (other && next !== null) go(home());
    } else if (stage === 'idle') {
      go(new URLSearchParams(location.search).has('skipped') && !other ? location.href : home());
    } else if (other) {
      go(home());
    }
  },
});
