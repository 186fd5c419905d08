// @ts-check
/** The rating tablet: opens when the counter asks, moves on by itself. What is shown, the server decides. */
import { connect } from '/assets/live.js';
import { go, onShown, send } from './swap.js';

const counter = document.documentElement.dataset.counter ?? '';
const app = /** @type {HTMLElement} */ (document.getElementById('app'));

/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;
let leftS = 0;
let sending = false;

function home() {
  return app.dataset.home ?? location.pathname;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function submit(form, submitter) {
  if (sending) return;
  sending = true;
  try {
    if ((await send(form, submitter)) === 'failed') later(submitter);
    else history.replaceState(null, '', home());
  } finally {
    sending = false;
  }
}

/** The answer is not lost while the network is away. @param {HTMLElement | null} submitter */
function later(submitter) {
  setTimeout(() => submitter?.isConnected && submitter.click(), 2_000);
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
  go(link.href);
});

/** What happens when nobody touches the tablet any more. */
function moveOn() {
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
  onMessage({ kind, topic, data }) {
    if (kind !== 'state' || topic !== `rating/${counter}`) return;
    const next = typeof data?.asking === 'string' ? data.asking : null;
    const other = next !== asking;
    asking = next;
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
