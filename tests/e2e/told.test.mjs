// @ts-check
/** What pages tell people when something is lost, late or refused; and that nothing anybody said is lost with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, press } from './lib/browser.mjs';
import { Demo, until } from './lib/demo.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';

const NETWORK = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|WebSocket connection to|Failed to fetch|ERR_FAILED/;

/** A visitor just served, whom the tablet of a counter asks. @param {Demo} station @param {string} service @param {string} counter */
async function served(station, service, counter, language = 'zh-Hant-TW') {
  const ticket = await station.issue(service, language);
  await station.at(counter, 'call', { number: ticket.number });
  await station.at(counter, 'start');
  await station.at(counter, 'finish');
  return ticket;
}

/** @param {string} id @param {Demo} [station] @returns {Promise<boolean>} */
const rated = async (id, station = demo) => (await station.ticket(id)).rated;

test('rating tablet: a low score counts from the touch on, the reasons come with it later', async (t) => {
  const first = await served(demo, 'resident-certificate', '1');
  const tablet = await open(t, 1280, 800);
  await tablet.goto(`${demo.url}/rating/1`);
  await tablet.locator('#score-1').click();
  await tablet.locator('#reasons').waitFor();
  assert.equal(await rated(first.id), true, 'stored before any reason is given');
  // Whoever walks away, or whose tablet is loaded again, has answered all the same.
  await tablet.goto(`${demo.url}/rating/1`);
  await tablet.locator('.r-idle').waitFor();

  const second = await served(demo, 'resident-certificate', '1');
  await tablet.locator('#score-2').click();
  await tablet.locator('label.chip', { hasText: '等太久' }).click();
  await tablet.locator('.pri').click();
  await tablet.getByRole('status').filter({ hasText: '謝謝您的意見' }).waitFor();
  const more = fetch(`${demo.url}/api/v1/ratings/${second.id}/reasons`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ reasons: ['place'] }),
  });
  const refused = await more;
  assert.deepEqual([refused.status, (await refused.json()).code], [409, 'already_rated'], 'the reasons are there');
});

test('rating tablet: says that it is cut off, keeps the touch and sends it later', async (t) => {
  complaints.expect(NETWORK);
  const own = await Demo.start();
  t.after(() => own.stop());
  const { id } = await served(own, 'resident-certificate', '1', 'en');
  const tablet = await open(t, 1280, 800);
  await tablet.goto(`${own.url}/rating/1`);
  await tablet.waitForFunction(() => document.documentElement.dataset.link === 'live');
  assert.equal(await tablet.locator('#lost').isVisible(), false);
  await own.kill();
  await tablet.locator('#lost', { hasText: 'Connection lost' }).waitFor();
  await tablet.locator('#score-1').click();
  await tablet.locator('#score-1[aria-pressed="true"]').waitFor();
  await tablet.locator('#lost .kept', { hasText: 'Your answer is kept' }).waitFor();
  await own.run();
  await tablet.locator('#reasons').waitFor();
  assert.equal(await rated(id, own), true);
  await tablet.locator('#lost').waitFor({ state: 'hidden' });
});

test('chief: a lost connection is told at once, with the time of the figures, and nothing more is claimed', async (t) => {
  complaints.expect(NETWORK);
  const own = await Demo.start();
  t.after(() => own.stop());
  const { number } = await own.issue('resident-certificate');
  await own.at('1', 'call', { number });
  await own.at('1', 'start');
  const page = await enter(await context(t, 1440, 900), `${own.url}/`, '/chief');
  await page.locator('#counters time[data-clock="since"]').first().waitFor();
  await page.locator('.al .ok').waitFor();
  await page.waitForFunction(() => document.documentElement.dataset.link === 'live');
  await own.kill();
  await page.locator('.when-stale', { hasText: /連線中斷，畫面停在 \d\d:\d\d:\d\d/ }).waitFor();
  assert.equal(await page.locator('.al .ok').isVisible(), false);
  assert.equal(await page.locator('.al .unknown').isVisible(), true);
  // A clock that ran would show another time a minute later.
  const [stands, later] = await page.evaluate(async () => {
    const clock = document.querySelector('#counters time[data-clock="since"]');
    const { sync } = await import(/** @type {any} */ ('/assets/clock.js'));
    const before = clock?.textContent;
    sync(Date.now() + 60_000);
    return [before, clock?.textContent];
  });
  assert.equal(later, stands);
  await own.run();
  await page.locator('.al .ok').waitFor({ timeout: 30_000 });
  assert.equal(await page.locator('.when-stale').isVisible(), false);
});

test('console: after a refused number the next one is called at once', async (t) => {
  const { number } = await demo.issue('stay-extension');
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/console/3');
  await page.locator('#do-call-next').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('zz9');
  await page.keyboard.press('Enter');
  await page.locator('#notice p').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type(number);
  await page.keyboard.press('Enter');
  await page.locator('.cur .n', { hasText: number }).waitFor();
  // Another wish so soon after a call is not done, and that is said.
  await page.locator('#do-start').click();
  assert.equal(await page.locator('#notice').textContent(), '剛剛才按過，這次沒有執行，請再按一次');
  // Nor does the same key pressed twice start and finish: the second press comes as the page changes.
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (!document.getElementById('do-finish-and-next')) return;
      observer.disconnect();
      document.dispatchEvent(new KeyboardEvent('keydown', { code: 'F2', key: 'F2', cancelable: true }));
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  await press(page, 'F2', '#do-start');
  await page.locator('#notice p').waitFor();
  assert.equal(await page.locator('.cur .n').textContent(), number);
  await press(page, 'Shift+F2', '#do-finish-and-next');
});

test('console: a number that is done is refused in these words', async (t) => {
  const { number } = await served(demo, 'stay-extension', '3');
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/console/3');
  await page.locator('#call-number').fill(number);
  await page.keyboard.press('Enter');
  await page.locator('#notice p', { hasText: '這個號碼已經辦完了' }).waitFor();
});

test('console: says who opened the counter and who looks on', async (t) => {
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/console/2');
  // The demo opens its counters without naming anybody; whoever enters sees that, and then takes over.
  await page.locator('.who', { hasText: /登入：\S+（本櫃未登記承辦人）/ }).waitFor();
  const own = (await page.locator('.who').textContent())?.split('登入：')[1]?.split('（')[0] ?? '';
  await page.locator('#menu-open').click();
  await page.getByRole('button', { name: '由我接手這個櫃台' }).click();
  await page.locator('.who', { hasText: own }).filter({ hasNotText: '登入' }).waitFor();
});

test('console: whoever calls at a counter that is nobody’s is named there and in the figures', async (t) => {
  const { number } = await demo.issue('enquiries');
  const page = await enter(await context(t, 1366, 768), `${demo.url}/`, '/console/6');
  await page.locator('.who', { hasText: '登入：' }).waitFor();
  await page.locator('#call-number').fill(number);
  await page.keyboard.press('Enter');
  await page.locator('.cur .n', { hasText: number }).waitFor();
  await page.locator('.who').filter({ hasNotText: '登入' }).waitFor();
  await press(page, 'F2', '#do-start');
  await press(page, 'Shift+F2', '#do-finish-and-next');
  const { day } = await demo.get('/api/v1/board');
  const { rows } = await demo.get(`/api/v1/stats?from=${day}&to=${day}&by=staff`);
  assert.ok(rows.some((/** @type {any} */ row) => row.key && row.served > 0), JSON.stringify(rows.map((/** @type {any} */ row) => row.key)));
});

test('console: a press counts though the page is renewed while the button is down', async (t) => {
  const first = await demo.issue('mainland-hk-macao');
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/4');
  const button = page.locator('#do-call-next', { hasText: first.number });
  const box = await button.boundingBox();
  assert.ok(box);
  const renewed = page.waitForResponse((response) => response.url().includes('/console/4') && response.request().method() === 'GET');
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await demo.issue('mainland-hk-macao');
  await (await renewed).finished();
  // What is to be drawn is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.mouse.up();
  await page.locator('.cur .n', { hasText: first.number }).waitFor();
  await demo.at('4', 'finish', { ticket: first.id });
});

test('keypad: a press that was refused beeps, and the console says why', async (t) => {
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/4');
  await page.locator('.card.idle').waitFor();
  const bench = await staff.newPage();
  await bench.goto(`${demo.url}/bench`);
  const desk = bench.getByRole('region', { name: '4 號櫃台' });
  await desk.getByRole('button', { name: '重叫' }).click();
  await page.locator('#pressed p', { hasText: '叫號鍵盤：' }).waitFor();
  await bench.locator('#pad-4 .bad', { hasText: '被拒，嗶聲' }).waitFor();
  await page.locator('#pressed p').waitFor({ state: 'detached', timeout: 20_000 });
});

test('visitor’s page: why nobody calls, to somebody who has a number', async (t) => {
  const { id } = await demo.issue('mainland-hk-macao');
  const able = (await demo.get('/api/v1/counters')).counters.filter((/** @type {any} */ one) => one.skills.includes('mainland-hk-macao'));
  assert.ok(able.length > 0);
  const page = await open(t, 390, 844);
  await page.goto(`${demo.url}/t/${id}?lang=en`);
  for (const { id: counter } of able) await demo.at(counter, 'pause', { reason: 'lunch', minutes: 30 });
  await page.locator('.note', { hasText: /paused until \d\d:\d\d\. Your number is kept/ }).waitFor();
  for (const { id: counter } of able) await demo.at(counter, 'close');
  await page.locator('.note', { hasText: 'No counter is open at the moment. Your number is kept' }).waitFor();
  for (const { id: counter } of able) await demo.at(counter, 'open');
  await page.locator('.note').waitFor({ state: 'detached' });
});

test('visitor’s page: dark where the phone is set so, and light where it is not', async (t) => {
  const { id } = await demo.issue('enquiries');
  const page = await open(t, 390, 844, { colorScheme: 'dark' });
  await page.goto(`${demo.url}/t/${id}`);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await ground(), 'rgb(10, 24, 27)');
  await page.emulateMedia({ colorScheme: 'light' });
  await until('the page is light', async () => (await ground()) === 'rgb(242, 245, 245)');
  // A choice in the address stands above the phone's.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${demo.url}/t/${id}?theme=light`);
  assert.equal(await ground(), 'rgb(242, 245, 245)');
});
