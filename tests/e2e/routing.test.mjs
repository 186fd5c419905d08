// @ts-check
/** How visitors come to a counter: a set of services chosen on the console, and calls without a key press. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter } from './lib/browser.mjs';
import { until } from './lib/demo.mjs';
import { complaints, context, demo } from './lib/stage.mjs';

/** Where to put pictures, to look at; none otherwise. */
const PICTURES = process.env.PICTURES;

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled' });
}

test('a counter switches its services and calls by itself', async (t) => {
  const staff = await context(t, 1366, 768);
  const kioskContext = await context(t, 1080, 1920, { hasTouch: true });
  const console_ = await enter(staff, `${demo.url}/`, '/console/5');
  const counterFive = async () => {
    const { counters } = await demo.get('/api/v1/counters');
    return counters.find((/** @type {{id: string}} */ c) => c.id === '5');
  };
  assert.deepEqual((await counterFive()).overflow_skills, ['entry-exit-certificate']);

  await console_.locator('#menu-open').click();
  const menu = console_.locator('#menu .panel');
  const rush = menu.getByRole('button', { name: '領件尖峰' });
  assert.equal(await rush.getAttribute('aria-pressed'), 'false');
  await picture(console_, 'menu');
  await rush.click();
  const switched = await until('the counter has switched', async () => {
    const now = await counterFive();
    return now.profile && now;
  });
  await menu.locator('button[aria-pressed="true"]', { hasText: '領件尖峰' }).waitFor({ state: 'attached' });
  assert.deepEqual([switched.profile, switched.skills, switched.overflow_skills], ['pick-up-rush', ['pick-up'], ['enquiries']]);

  // The menu stays open while the page is renewed, and is closed where the page is loaded anew.
  await until('the counter calls by itself', async () => {
    if (await console_.locator('.idle .auto').isVisible()) return true;
    const turnOn = menu.locator('button[name="on"][value="true"]');
    if (await turnOn.isVisible()) await turnOn.click({ timeout: 2_000 }).catch(() => {});
    else await console_.locator('#menu-open').click({ timeout: 2_000 }).catch(() => {});
    return false;
  });
  await picture(console_, 'automatic');

  // Nobody presses anything at the counter.
  const kiosk = await kioskContext.newPage();
  await kiosk.goto(`${demo.kiosk}/`);
  await kiosk.locator('button[name="service"][value="pick-up"]').tap();
  await kiosk.waitForURL(/\/ticket\//);
  const number = (await kiosk.locator('.paper h1.n').textContent()) ?? '';
  await console_.locator('.cur .n', { hasText: number }).waitFor();
  await picture(console_, 'called');

  // Taken back, it is not called again by itself.
  await console_.locator('#do-undo').click();
  await console_.locator('.idle .auto', { hasText: '已收回叫號' }).waitFor();
  await picture(console_, 'taken-back');
  complaints.assertNone();
});

test('with nobody waiting, one key calls whoever comes next', async (t) => {
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/2');
  await console_.locator('#do-store-next').waitFor();
  await picture(console_, 'nobody');
  await console_.keyboard.press('F2');
  await console_.locator('.idle .auto', { hasText: '等下一位' }).waitFor();
  await picture(console_, 'stored');
  await console_.locator('#do-forget-next').click();
  await console_.locator('#do-store-next').waitFor();
  await console_.keyboard.press('F2');
  await console_.locator('#do-forget-next').waitFor();
  const { id, number } = await demo.issue('resident-certificate');
  await console_.locator('.cur .n', { hasText: number }).waitFor();
  assert.equal((await demo.ticket(id)).counter, '2');
  // Once: the next one waits for a key.
  const other = await demo.issue('resident-certificate');
  await demo.at('2', 'finish', { ticket: id });
  await console_.locator('#do-call-next', { hasText: other.number }).waitFor();
  complaints.assertNone();
});

test('the chief sees how evenly the counters worked', async (t) => {
  const chiefs = await context(t, 1440, 900);
  const chief = await enter(chiefs, `${demo.url}/`, '/chief');
  const { day } = await demo.get('/api/v1/board');
  await chief.goto(`${demo.url}/chief/history?from=${day}&to=${day}&by=counter`);
  const balance = chief.locator('#balance');
  await balance.getByRole('rowheader', { name: '5 號櫃台' }).waitFor();
  await balance.getByRole('button', { name: '均衡度' }).click();
  await chief.getByText('吉尼係數').filter({ visible: true }).waitFor();
  await balance.scrollIntoViewIfNeeded();
  await picture(chief, 'balance');
  complaints.assertNone();
});
