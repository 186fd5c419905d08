// @ts-check
/** The network cable is pulled out and put back: the kiosk goes on with numbers of its own, and none is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './lib/demo.mjs';
import { cutOff, overlaps, spilled } from './lib/layout.mjs';
import { complaints, demo, open, picture } from './lib/stage.mjs';

/** @param {boolean} on */
const cable = (on) =>
  fetch(`${demo.url}/bench/act`, {
    method: 'POST',
    headers: { origin: demo.url, accept: 'application/json' },
    body: new URLSearchParams({ do: 'plug-network', on: String(on) }),
  });

test('kiosk: goes on while the cable is out, says so, and every ticket is there when it is back', async (t) => {
  complaints.expect(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|WebSocket connection/);
  t.after(() => cable(true));
  const page = await open(t, 1080, 1920);
  await page.goto(`${demo.kiosk}/?lang=en`);
  await page.locator('.k-hint').waitFor();
  await cable(false);
  await page.getByText('Offline. Your ticket is still valid').waitFor();
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const [width, height] of [[1080, 1920], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    for (const lang of ['zh-Hant-TW', 'en', 'vi', 'my']) {
      for (const mode of ['', '&text=big', '&reach=low', '&theme=hc']) {
        await page.goto(`${demo.kiosk}/?lang=${lang}${mode}`);
        await picture(page, `kiosk-alone-${width}-${lang}${mode}`);
        const wrong = [...(await spilled(page)), ...(await cutOff(page)), ...(await overlaps(page))];
        if (wrong.length > 0) found[`${width} ${lang}${mode}`] = wrong;
      }
    }
  }
  assert.deepEqual(found, {});

  await page.setViewportSize({ width: 1080, height: 1920 });
  /** @type {Map<string, string>} */
  const numbers = new Map();
  for (const [service, lang] of [['stay-extension', 'vi'], ['pick-up', 'en']]) {
    await page.goto(`${demo.kiosk}/?lang=${lang}`);
    await page.locator(`button[name="service"][value="${service}"]`).click();
    await page.locator('#offline').waitFor();
    await picture(page, `kiosk-alone-ticket-${lang}`);
    assert.deepEqual([...(await cutOff(page)), ...(await overlaps(page))], []);
    const id = /\/ticket\/([0-9a-f]+)/.exec(page.url())?.[1] ?? '';
    numbers.set(id, (await page.locator('h1.n').textContent()) ?? '');
  }
  const [extension, pickUp] = numbers.values();
  assert.match(extension, /^C1-\d{3}$/);
  assert.match(pickUp, /^P1-\d{3}$/);

  for (const [width, height] of [[1080, 1920], [1280, 800]]) {
    await page.setViewportSize({ width, height });
    await page.goto(`${demo.kiosk}/?lang=en`);
    await page.getByText('Offline. Your ticket is still valid').click();
    await page.getByText('C1-001').waitFor();
    await picture(page, `work-list-${width}`);
    assert.deepEqual([...(await cutOff(page)), ...(await overlaps(page))], []);
  }
  await page.locator('button', { hasText: 'Print the list' }).click();
  await page.getByText('Offline. Your ticket is still valid').waitFor();

  await cable(true);
  for (const [id, number] of numbers) {
    const ticket = await until(`${number} is known`, () => demo.ticket(id).catch(() => null));
    assert.equal(ticket.number, number);
    assert.equal(ticket.state, 'waiting');
  }
  await page.setViewportSize({ width: 1080, height: 1920 });
  await page.goto(`${demo.kiosk}/?lang=en`);
  await page.locator('.k-hint').waitFor();
  await page.getByText('Offline. Your ticket is still valid').waitFor({ state: 'detached' });
});
