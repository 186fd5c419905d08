// @ts-check
/** What somebody new sees at once: figures that hold, tables that fit, answers to a press. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { until } from './lib/demo.mjs';
import { context, demo, open } from './lib/stage.mjs';

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}

/** @param {Record<string, string>} fields */
const bench = (fields) =>
  fetch(`${demo.url}/bench/act`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

test('the most that waited stays when those who waited again have been served', async (t) => {
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/chief');
  await page.goto(`${demo.url}/chief?lang=en`);
  const first = await demo.issue('enquiries');
  await demo.at('5', 'call', { ticket: first.id });
  await demo.at('5', 'start');
  await demo.at('5', 'transfer', { service: 'pick-up' });
  const others = [await demo.issue('enquiries'), await demo.issue('enquiries')];
  const title = page.locator('#chart h2');
  await title.filter({ hasText: '3 waiting now; most today 3' }).waitFor();
  await picture(page, 'chief-most-now');
  for (const ticket of others) {
    await demo.at('5', 'call', { ticket: ticket.id });
    await demo.at('5', 'start');
    await demo.at('5', 'finish');
  }
  const taker = (await demo.get('/api/v1/counters')).counters.find(
    (/** @type {any} */ c) => c.skills.includes('pick-up'),
  ).id;
  await demo.at(taker, 'open').catch(() => {});
  await demo.at(taker, 'call', { ticket: first.id });
  await demo.at(taker, 'start');
  await demo.at(taker, 'finish');
  await title.filter({ hasText: '0 waiting now; most today 3' }).waitFor();
  await page.locator('#chart-table').evaluate((details) => details.setAttribute('open', ''));
  const most = await page.locator('#chart-table tbody td:nth-of-type(1)').allTextContents();
  assert.equal(Math.max(...most.map(Number)), 3);
  await picture(page, 'chief-most-later');
});

test("the services of the chief's live page fit a small desk in English", async (t) => {
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/chief');
  const { counters } = await demo.get('/api/v1/counters');
  for (const { id } of counters) await demo.at(id, 'close').catch(() => {});
  await page.goto(`${demo.url}/chief?lang=en`);
  await page.locator('#services td.words', { hasText: 'Cannot be estimated' }).first().waitFor();
  const [inner, outer] = await page
    .locator('#services .scroll')
    .evaluate((table) => [table.scrollWidth, table.clientWidth]);
  assert.ok(inner <= outer, `${inner} in ${outer}`);
  await picture(page, 'chief-services');
  for (const { id } of counters) await demo.at(id, 'open');
});

for (const script of [true, false]) {
  test(`a phone shows the question before a cancellation, ${script ? 'with' : 'without'} script`, async (t) => {
    const ticket = await demo.issue('stay-extension', 'en');
    const phone = await open(t, 390, 844, { javaScriptEnabled: script });
    await phone.goto(`${demo.url}/t/${ticket.id}`);
    await phone.locator('#cancel summary').click();
    const inWindow = await phone.locator('#cancel form').boundingBox();
    assert.ok(inWindow && inWindow.y >= 0 && inWindow.y + inWindow.height <= 844, JSON.stringify(inWindow));
    await picture(phone, `phone-cancel-${script}`);
    if (script) await assertAccessible(phone, 'the question before a cancellation');
    await phone.locator('#cancel form a').click();
    await phone.locator('#cancel form').waitFor({ state: 'hidden' });
    assert.equal((await demo.ticket(ticket.id)).state, 'waiting');
    await demo.post(`/api/v1/tickets/${ticket.id}/cancel`, {});
  });
}

test('a visitor who lets others go first is told that it is done', async (t) => {
  const tickets = [];
  for (let i = 0; i < 3; i += 1) tickets.push(await demo.issue('enquiries', 'en'));
  const phone = await open(t, 390, 844);
  await phone.goto(`${demo.url}/t/${tickets[0].id}`);
  await phone.locator('#defer button').first().click();
  await phone.locator('#notice', { hasText: '1 more person is called before you' }).waitFor();
  await picture(phone, 'phone-deferred');
  for (const { id } of tickets) await demo.post(`/api/v1/tickets/${id}/cancel`, {});
});

test('the tablet thanks for a rating given on the pad', async (t) => {
  const ticket = await demo.issue('enquiries', 'en');
  await demo.at('5', 'call', { ticket: ticket.id });
  await demo.at('5', 'start');
  const tablet = await open(t, 1280, 800);
  await tablet.goto(`${demo.url}/rating/5`);
  await demo.at('5', 'finish');
  await tablet.locator('#app[data-stage="question"]').waitFor();
  await bench({ do: 'rate', counter: '5', score: '5' });
  await tablet.locator('#app[data-stage="thanks"]').waitFor();
  await picture(tablet, 'rating-thanks');
  await tablet.locator('#app[data-stage="idle"]').waitFor();
});

test('an address that is no text is answered with a problem, a person reads a page', async () => {
  const answer = await fetch(`${demo.url}/api/v1/tickets/%ff`);
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal((await answer.json()).code, 'invalid_request');
  const accept = 'text/html,application/xhtml+xml';
  const page = await fetch(`${demo.url}/t/%ff`, { headers: { accept } });
  assert.match(page.headers.get('content-type') ?? '', /text\/html/);
});

test('a login speaks the language of the browser and offers the other one', async (t) => {
  const page = await open(t, 1366, 768, { locale: 'en-GB' });
  await page.goto(`${demo.url}/login?next=/chief`);
  await page.getByLabel('Staff name').waitFor();
  await picture(page, 'login-english');
  await page.getByRole('link', { name: '中文' }).click();
  await page.locator('html[lang="zh-Hant-TW"]').waitFor();
});

test('pages that say more: the keypad on the bench, a ticket machine without paper', async (t) => {
  const page = await open(t, 1440, 900);
  await page.goto(`${demo.url}/bench`);
  await page.locator('#legend').waitFor();
  await picture(page, 'bench-legend');
  await assertAccessible(page, 'the bench');
  t.after(() => bench({ do: 'printer', switch: 'paper-out', on: 'false' }));
  await bench({ do: 'printer', switch: 'paper-out', on: 'true' });
  const kiosk = await open(t, 1080, 1920);
  await kiosk.goto(`${demo.kiosk}/?lang=en`);
  await kiosk.locator('#printer', { hasText: 'Your number will be on this screen' }).waitFor();
  await picture(kiosk, 'kiosk-no-paper');
});

test('when somebody closes the day, open pages of the chief say so', async (t) => {
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/chief');
  await page.goto(`${demo.url}/chief?lang=en`);
  await page.locator('#day', { hasText: 'Close the business day' }).waitFor();
  await demo.post('/api/v1/day/close', {});
  await page.locator('#day', { hasText: 'Open the business day' }).waitFor();
  await page.locator('#kpi-0', { hasText: 'The day is closed' }).waitFor();
  await picture(page, 'chief-closed');
  const hall = await open(t, 1920, 1080);
  await hall.goto(`${demo.url}/hall`);
  await hall.locator('.words', { hasText: '今日服務時間已結束' }).waitFor();
  await picture(hall, 'hall-closed');
  await until('the board names the day that has ended', async () => (await demo.get('/api/v1/board')).ended);
});
