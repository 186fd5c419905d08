// @ts-check
/** What the hall hears: calls one after the other, and how a browser is allowed to play them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { until } from './lib/demo.mjs';
import { context, demo } from './lib/stage.mjs';

/**
 * @typedef {{atMs: number, seconds: number, volume: number}} Heard a sound that the page has begun to play
 */

/**
 * Notes every sound that a page plays, from before its modules run.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Heard[]>}
 */
async function ears(page) {
  /** @type {Heard[]} */
  const heard = [];
  await page.exposeFunction('noteSound', (/** @type {Heard} */ sound) => heard.push(sound));
  await page.addInitScript(() => {
    const { connect } = AudioNode.prototype;
    const { start } = AudioBufferSourceNode.prototype;
    /** @type {WeakMap<AudioNode, AudioNode>} */
    const leads = new WeakMap();
    AudioNode.prototype.connect = /** @type {any} */ (
      /** @this {AudioNode} @param {AudioNode} to */
      function (to) {
        leads.set(this, to);
        return connect.call(this, to);
      }
    );
    AudioBufferSourceNode.prototype.start = function () {
      const gain = leads.get(this);
      const volume = gain instanceof GainNode ? gain.gain.value : 1;
      /** @type {any} */ (globalThis).noteSound({ atMs: performance.now(), seconds: this.buffer?.duration ?? 0, volume });
      return start.call(this);
    };
  });
  return heard;
}

/** What the display agent says of its boards' sound. @returns {Promise<string | undefined>} */
async function sound() {
  const { devices } = await demo.get('/api/v1/devices');
  const display = devices.find((/** @type {any} */ d) => d.role === 'display');
  return display.devices.find((/** @type {any} */ d) => d.device === 'hall sound')?.status;
}

test('calls at the same time are heard one after the other, once', async (t) => {
  const speaks = spawnSync('espeak-ng', ['--version']).status === 0;
  if (!speaks) t.diagnostic('espeak-ng is not installed: the chime is heard');
  const hall = await (await context(t, 1920, 1080)).newPage();
  const heard = await ears(hall);
  /** @type {string[]} */
  const fetched = [];
  hall.on('response', (answer) => {
    if (answer.url().includes('/voice/')) fetched.push(`${answer.status()} ${answer.headers()['content-type']}`);
  });
  for (const language of ['vi', 'zh-Hant-TW']) await demo.issue('pick-up', language);
  await hall.goto(`${demo.url}/hall`);
  // A machine with much to do takes its time until it can play.
  await until('the browser plays sound', async () => (await sound()) === 'ok');
  for (const counter of ['5', '6']) await demo.at(counter, 'call-next');
  await until('both calls are heard', async () => heard.length === 2, 40_000);
  assert.deepEqual(fetched, Array(2).fill('200 audio/wav'));
  const [first, second] = heard;
  assert.ok(second.atMs - first.atMs >= first.seconds * 1_000, 'two at once');
  for (const sound of heard) {
    assert.ok(Math.abs(sound.volume - 0.9) < 0.01, `volume ${sound.volume}`);
    assert.ok(sound.seconds > (speaks ? 3 : 0.4), `${sound.seconds} s`);
  }
  if (speaks) assert.ok(first.seconds > second.seconds, 'the first is said in two languages');

  // A board that is loaded again says nothing twice, and a recall is heard.
  await hall.reload();
  await until('the browser plays sound', async () => (await sound()) === 'ok');
  await demo.at('5', 'recall');
  await until('the recall is heard', async () => heard.length === 3, 40_000);
  for (const counter of ['5', '6']) await demo.at(counter, 'start').then(() => demo.at(counter, 'finish'));
});

test('where the browser wants a touch first, the board asks for it', async (t) => {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=document-user-activation-required'],
  });
  t.after(() => browser.close());
  const hall = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await hall.goto(`${demo.url}/hall`);
  const button = hall.locator('#allow-sound');
  await button.waitFor({ state: 'visible' });
  await until('the staff are told', async () => (await sound()) === 'muted');
  await button.click();
  await button.waitFor({ state: 'hidden' });
  await until('the sound is well', async () => (await sound()) === 'ok');
});
