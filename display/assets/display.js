// @ts-check
/**
 * The hall board and the displays over counters. The agent sends all regions of the page, ready
 * to show, with every change; this module puts them in place, sounds the chime for a new call or
 * what the agent has it say, and tells the agent that the call is on the screen.
 *
 * @typedef {{
 *   regions: Record<string, string>,
 *   freshness: 'live' | 'stale' | 'lost',
 *   announce: {history: string | null, call: number, say: string, chime: boolean} | null,
 *   speech: {run: string, turn: number, url: string, volume: number} | null,
 * }} View
 */
import { createMemory } from '/assets/announced.js';
import { connect } from '/assets/live.js';
import { createSound } from '/assets/sound.js';
import { sync } from '/assets/clock.js';

const device = document.documentElement.dataset.view ?? 'hall';
const isHall = device === 'hall';
const sound = isHall ? createSound() : null;

/** @type {View | null} */
let view = null;
/** @type {string} how fresh the connection to the agent is */
let agent = 'live';
const announced = createMemory(device);
const spoken = createMemory(`${device}/voice`);

/** @param {string} id */
const place = (id) => document.getElementById(id);

/** @type {Record<string, string>} what each region holds */
const held = {};

/**
 * Replaces a region where it changed.
 * @param {string} id
 * @param {string} html
 */
function put(id, html) {
  const element = place(id);
  if (!element || held[id] === html) return;
  held[id] = html;
  element.innerHTML = html;
}

function show() {
  if (!view) return;
  const lost = view.freshness === 'lost' || agent === 'lost';
  for (const [id, html] of Object.entries(view.regions)) put(id, lost && id === 'view' ? '' : html);
  place('lost')?.toggleAttribute('hidden', !lost);
  place('chip')?.toggleAttribute('hidden', lost || (view.freshness === 'live' && agent === 'live'));
}

/** @param {{history: string | null, call: number, say: string, chime: boolean}} call */
function announce({ history, call, say, chime }) {
  if (!announced.take({ history, call })) return;
  place('view')?.querySelector('.hero')?.classList.add('new');
  put('say', say);
  if (chime) sound?.play().then(tellSound);
  // Painted once the frame after the next one begins.
  requestAnimationFrame(() => requestAnimationFrame(() => link.send('shown', { call })));
}

/** @param {{run: string, turn: number, url: string, volume: number}} speech */
function speak({ run, turn, url, volume }) {
  if (spoken.take({ history: run, call: turn })) sound?.play(url, volume).then(tellSound);
}

/** @param {string} state */
function tellSound(state) {
  link.send('sound', { state });
  place('allow-sound')?.toggleAttribute('hidden', state !== 'refused');
}

// Browsers that refuse sound allow it from a touch on.
for (const gesture of ['pointerdown', 'keydown']) {
  addEventListener(gesture, () => {
    if (place('allow-sound')?.hidden === false) sound?.selfTest().then(tellSound);
  });
}

const link = connect({
  url: '/live',
  role: 'display',
  hello: { device },
  onMessage({ kind, data }) {
    if (kind === 'welcome') {
      sound?.selfTest().then(tellSound);
    } else if (kind === 'time') {
      sync(data.now_ms);
    } else if (kind === 'state') {
      view = /** @type {View} */ (data);
      show();
      if (view.announce && agent !== 'lost') announce(view.announce);
      if (view.speech && agent !== 'lost') speak(view.speech);
    }
  },
  onState(state) {
    agent = state;
    show();
  },
});
