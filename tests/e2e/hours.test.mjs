// @ts-check
/** Opening hours on the kiosk: what is closed stays in its place, is grey and says when it opens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Demo } from './lib/demo.mjs';
import { cutOff, overlaps, spilled } from './lib/layout.mjs';
import { open } from './lib/stage.mjs';

/** @param {string} hours */
const calendar = (hours) =>
  `[calendar]\n[[calendar.weekly]]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nhours = ${hours}\n\n[rules]`;

/** @param {string} toml @param {string} hours */
const edit = (toml, hours) =>
  toml
    .replace('[rules]', calendar(hours))
    .replace('id = "stay-extension"', 'id = "stay-extension"\nhours = ["21:00-22:00"]')
    .replace('id = "entry-exit-certificate"', 'id = "entry-exit-certificate"\nhours = ["08:00-09:00"]')
    .replace('id = "pick-up"', 'id = "pick-up"\none_open_ticket = "always"');

test('kiosk: a service outside its hours is grey, says when it opens and takes no touch', async (t) => {
  const page = await open(t, 1080, 1920);
  const station = await Demo.withFile((toml) => edit(toml, '["00:00-23:00"]'));
  t.after(() => station.stop());
  await page.goto(`${station.kiosk}/?lang=zh-Hant-TW`);
  const row = (/** @type {string} */ id) => page.locator(`button[name="service"][value="${id}"]`);
  assert.equal(await row('stay-extension').isDisabled(), true);
  assert.match((await row('stay-extension').textContent()) ?? '', /21:00 開始受理/);
  assert.match((await row('entry-exit-certificate').textContent()) ?? '', /今日已截止.*08:00 開始受理/);
  assert.match((await row('pick-up').textContent()) ?? '', /請向服務人員取號/);
  assert.equal(await row('resident-certificate').isDisabled(), false);
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const [width, height] of [[1080, 1920], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const lang of ['zh-Hant-TW', 'en', 'vi', 'my', 'ko']) {
      for (const mode of ['', '&text=big', '&reach=low', '&theme=hc']) {
        await page.goto(`${station.kiosk}/?lang=${lang}${mode}`);
        await page.locator('.svc.shut').first().waitFor();
        const wrong = [...(await spilled(page)), ...(await cutOff(page)), ...(await overlaps(page))];
        if (wrong.length > 0) found[`${width} ${lang}${mode}`] = wrong;
      }
    }
  }
  assert.deepEqual(found, {});
});

test('kiosk: a closed station says when it opens and gives out nothing', async (t) => {
  const page = await open(t, 1080, 1920);
  const station = await Demo.withFile((toml) => edit(toml, '["08:00-09:00", "13:30-23:00"]'));
  t.after(() => station.stop());
  await page.goto(`${station.kiosk}/?lang=zh-Hant-TW`);
  const words = (await page.locator('main').textContent()) ?? '';
  assert.match(words, /13:30 開始受理/);
  assert.match(words, /服務時間 08:00–09:00, 13:30–23:00/);
  assert.equal(await page.locator('button[name="service"]').count(), 0);
});
