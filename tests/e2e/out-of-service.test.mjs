// @ts-check
/** What a kiosk shows when its own program, or its printer's paper, is gone: never the browser's words, never old waits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Demo } from './lib/demo.mjs';
import { cutOff, overlaps, spilled } from './lib/layout.mjs';
import { complaints, demo, open } from './lib/stage.mjs';

/** @param {string} name @param {boolean} on */
const printer = (name, on) =>
  fetch(`${demo.url}/bench/act`, {
    method: 'POST',
    headers: { origin: demo.url, accept: 'application/json' },
    body: new URLSearchParams({ do: 'printer', switch: name, on: String(on) }),
  });

test('kiosk: says before a touch that no paper will come, and no longer than that', async (t) => {
  const page = await open(t, 1080, 1920);
  t.after(() => printer('paper-out', false));
  await page.goto(`${demo.kiosk}/?lang=en`);
  await page.locator('.k-hint').waitFor();
  assert.equal(await page.locator('#printer').isVisible(), false);
  await printer('paper-out', true);
  await page.locator('#printer', { hasText: 'Out of paper' }).waitFor();
  assert.equal(await page.locator('.k-hint').isVisible(), false, 'nothing promises a ticket on paper');
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const [width, height] of [[1080, 1920], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const lang of ['zh-Hant-TW', 'en', 'vi', 'my']) {
      for (const mode of ['', '&text=big', '&reach=low', '&theme=hc']) {
        await page.goto(`${demo.kiosk}/?lang=${lang}${mode}`);
        await page.locator('#printer').waitFor();
        const wrong = [...(await spilled(page)), ...(await cutOff(page)), ...(await overlaps(page))];
        if (wrong.length > 0) found[`${width} ${lang}${mode}`] = wrong;
      }
    }
  }
  assert.deepEqual(found, {});
  await printer('paper-out', false);
  await page.locator('#printer').waitFor({ state: 'hidden' });
});

test('kiosk: a press while its program is gone shows the kiosk’s own words, and the page comes back by itself', async (t) => {
  complaints.expect(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED|WebSocket connection/);
  const own = await Demo.start();
  t.after(() => own.stop());
  const touched = await open(t, 1080, 1920);
  const untouched = await open(t, 1080, 1920);
  for (const page of [touched, untouched]) {
    const live = page.waitForEvent('websocket');
    await page.goto(`${own.kiosk}/?lang=en`);
    await (await live).waitForEvent('framereceived');
  }
  await own.kill();
  await touched.locator('button[name="service"][value="pick-up"]').click();
  for (const page of [touched, untouched]) {
    await page.locator('#down').waitFor();
    assert.match((await page.locator('#down').textContent()) ?? '', /No tickets at the moment/);
    assert.deepEqual(await overlaps(page), []);
    const { x, y } = await page.locator('button[name="service"]').first().evaluate((one) => one.getBoundingClientRect());
    await page.mouse.click(x + 20, y + 20);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).pathname, '/', 'a touch does nothing');
    assert.equal(await page.locator('#down').isVisible(), true);
  }
  await own.run();
  for (const page of [touched, untouched]) {
    await page.waitForURL((url) => url.search === '', { timeout: 30_000 });
    await page.locator('.svc').first().waitFor();
    assert.equal(await page.locator('#down').isVisible(), false);
  }
});

test('kiosk: a press whose answer was lost is sent again and gives one ticket', async (t) => {
  complaints.expect(/ERR_FAILED|ERR_CONNECTION/);
  const page = await open(t, 1080, 1920);
  /** @type {(string | null)[]} */
  const keys = [];
  await page.route('**/ticket', async (route) => {
    keys.push(new URLSearchParams(route.request().postData() ?? '').get('key'));
    if (keys.length > 1) return route.fallback();
    // The kiosk gives the ticket out, and the page never hears of it.
    await route.fetch({ maxRedirects: 0 });
    return route.abort();
  });
  const before = (await demo.get('/api/v1/board')).services.find((/** @type {any} */ one) => one.id === 'enquiries').waiting;
  await page.goto(`${demo.kiosk}/`);
  await page.locator('button[name="service"][value="enquiries"]').click();
  await page.waitForURL(/\/ticket\//);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  const after = (await demo.get('/api/v1/board')).services.find((/** @type {any} */ one) => one.id === 'enquiries').waiting;
  assert.equal(after, before + 1);
});
