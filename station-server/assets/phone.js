// @ts-check
/** The visitor's page: live, and a reminder with sound, vibration and a lit screen where the phone can. */
import { connect } from '/assets/live.js';
import { createSound } from '/assets/sound.js';
import { hhmm } from '/assets/clock.js';
import { isNews, onShown, refresh } from './swap.js';

const root = document.documentElement;
const ticket = root.dataset.ticket ?? '';
const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const sound = createSound();
const WANTED = `remind-${ticket}`;

let state = 'connecting';
let reminded = false;
let lastCall = app.dataset.call;
/** @type {WakeLockSentinel | null} */
let awake = null;

function wanted() {
  return sessionStorage.getItem(WANTED) === '1';
}

async function keepAwake() {
  if (!wanted() || awake || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
  try {
    awake = await navigator.wakeLock.request('screen');
    awake.addEventListener('release', () => { awake = null; });
  } catch {
    awake = null;
  }
}

function remind() {
  if (!wanted()) return;
  navigator.vibrate?.([400, 200, 400]);
  sound.play();
}

function showSwitch() {
  const place = document.querySelector('[data-reminder-place]');
  const template = document.getElementById('reminder');
  if (!place || !(template instanceof HTMLTemplateElement)) return;
  if (!place.firstElementChild) place.append(template.content.cloneNode(true));
  document.getElementById('remind')?.setAttribute('aria-checked', String(wanted()));
}

document.addEventListener('click', async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('#remind')) {
    sessionStorage.setItem(WANTED, wanted() ? '0' : '1');
    showSwitch();
    if (wanted()) {
      // The touch on the switch is what lets the browser make sound later.
      await sound.selfTest();
      navigator.vibrate?.(100);
      keepAwake();
    } else {
      awake?.release();
    }
  }
});
document.addEventListener('visibilitychange', keepAwake);

/** Says live with the time, or offline with the time of the data. */
function showFreshness() {
  for (const chip of document.querySelectorAll('[data-live]')) {
    if (!(chip instanceof HTMLElement)) continue;
    const lost = state === 'stale' || state === 'lost';
    chip.classList.toggle('off', lost);
    const word = chip.querySelector('[data-state]');
    const time = chip.querySelector('[data-at]');
    if (!(word instanceof HTMLElement) || !(time instanceof HTMLElement)) continue;
    word.dataset.word ??= word.textContent ?? '';
    const text = lost ? chip.dataset.lost ?? '' : word.dataset.word;
    if (word.textContent !== text) word.textContent = text;
    time.hidden = lost;
  }
}

/** Papers that the visitor has; nobody else learns of it, and it ends with the page. @type {Set<string>} */
const ticked = new Set();
document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.closest('.ticks')) return;
  if (target.checked) ticked.add(target.id);
  else ticked.delete(target.id);
});

onShown(() => {
  for (const id of ticked) {
    const box = document.getElementById(id);
    if (box instanceof HTMLInputElement) box.checked = true;
  }
  showSwitch();
  showFreshness();
  keepAwake();
  const { call, ahead, remind: near } = app.dataset;
  if (call !== undefined && call !== lastCall) remind();
  lastCall = call;
  const soon = ahead !== undefined && Number(ahead) <= Number(near);
  if (soon && !reminded) remind();
  reminded = soon;
});

connect({
  url: '/ws/v1/ticket',
  role: 'ticket',
  hello: { device: ticket },
  async onMessage({ kind, topic, seq, data }) {
    if (kind !== 'state' || topic !== `ticket/${ticket}`) return;
    if (isNews({ seq, data })) await refresh();
    for (const time of document.querySelectorAll('[data-at]')) {
      if (typeof data?.at === 'number') time.textContent = hhmm(data.at, root.dataset.zone);
    }
  },
  onState(next) {
    state = next;
    showFreshness();
  },
});
