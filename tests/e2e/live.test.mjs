// @ts-check
/** What happens when things go wrong or fast: a killed server, two tabs, a double touch, no mouse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, press } from './lib/browser.mjs';
import { until } from './lib/demo.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';


/**
 * Notes every call the page announces, from before its modules run.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
async function announcements(page) {
  /** @type {string[]} */
  const said = [];
  await page.exposeFunction('noteAnnouncement', (/** @type {string} */ text) => said.push(text));
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      const place = document.getElementById('say');
      if (!place) return;
      const note = () => place.textContent && /** @type {any} */ (globalThis).noteAnnouncement(place.textContent);
      new MutationObserver(note).observe(place, { childList: true, subtree: true, characterData: true });
    });
  });
  return said;
}

test('a killed server: the hall keeps its numbers, and everything goes on by itself', async (t) => {
  // The browser itself reports connections that are refused; nothing else may complain.
  complaints.expect(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to|Failed to fetch/);
  const walls = await context(t, 1920, 1080);
  const staff = await context(t, 1366, 768);
  const { id, number } = await demo.issue('resident-certificate', 'vi');
  const hall = await walls.newPage();
  const said = await announcements(hall);
  await hall.goto(`${demo.url}/hall`);
  const phone = await walls.newPage();
  await phone.goto(`${demo.url}/t/${id}`);
  const console_ = await enter(staff, `${demo.url}/`, '/console/1');
  await console_.locator('#do-call-next', { hasText: number }).waitFor();
  await console_.keyboard.press('F2');
  await hall.locator('.hero .n', { hasText: number }).waitFor();
  await phone.locator('body.called').waitFor();
  await until('the call is announced', async () => said.some((one) => one.includes(number)));
  const before = await demo.ticket(id);

  // A board that is loaded again while the call is announced has announced it.
  await hall.reload();
  await hall.locator('.hero .n', { hasText: number }).waitFor();
  await until('the board is live again', async () => hall.locator('#chip').isHidden());

  const marks = await mark(console_, phone);
  await demo.kill();
  const dark = console_.waitForFunction(() => document.documentElement.dataset.link !== 'live', null, { timeout: 40_000 });
  await dark;
  assert.equal(await hall.locator('.hero .n').textContent(), number, 'the hall keeps the number');
  assert.equal(await hall.locator('#lost').isVisible(), false);
  assert.equal(await console_.locator('.cur .n').textContent(), number, 'so does the console');
  await console_.locator('.mt.lost').waitFor();
  // Without a connection nothing is known of the devices and nothing can be done, and the console says both.
  await console_.locator('.mt.unknown', { hasText: '設備狀態不明' }).waitFor();
  assert.equal(await console_.locator('.mt.known').isVisible(), false);
  assert.equal(await console_.locator('#do-start').getAttribute('aria-disabled'), 'true');
  for (const key of ['F2', 'F9']) {
    await console_.keyboard.press(key);
    assert.equal(await console_.locator('#notice').textContent(), '連線中斷，暫不可用', key);
  }
  await phone.locator('.live.off').waitFor();

  // The display agent comes back with the server and knows no call; the board does.
  await demo.run();
  const now = await demo.ticket(id);
  assert.deepEqual([now.state, now.number, now.calls], [before.state, number, before.calls]);
  await console_.waitForFunction(() => document.documentElement.dataset.link === 'live', null, { timeout: 30_000 });
  assert.equal(await console_.locator('[aria-disabled]').count(), 0);
  await phone.locator('.live:not(.off)').waitFor();
  await until('the hall is connected again', async () => (await hall.locator('#chip').isHidden()) && (await hall.locator('.n', { hasText: number }).count()) > 0);
  assert.deepEqual(await mark(console_, phone), marks, 'nobody had to load a page again');
  assert.equal(said.filter((one) => one.includes(number)).length, 1, `a call is announced once: ${said}`);

  // And work goes on.
  const next = await demo.issue('resident-certificate');
  await press(console_, 'F2', '#do-start');
  await console_.locator('.lab', { hasText: '服務中' }).waitFor();
  await console_.locator('#list-waiting', { hasText: next.number }).waitFor();
  await press(console_, 'F2', '#do-finish-and-next');
  await hall.locator('.hero .n', { hasText: next.number }).waitFor();
  await until('the new call is announced', async () => said.some((one) => one.includes(next.number)));
  await demo.at('1', 'start');
  await demo.at('1', 'finish');
});

/** Tells a page loaded again from one that was not. @param {import('playwright-core').Page[]} pages */
function mark(...pages) {
  return Promise.all(
    pages.map((page) => page.evaluate(() => (/** @type {any} */ (globalThis).loadedOnce ??= Math.random()))),
  );
}

test('a board that comes late shows the last call and does not announce it', async (t) => {
  const walls = await context(t, 1920, 1080);
  const { number } = await demo.issue('pick-up');
  await demo.at('5', 'call-next');
  const first = await walls.newPage();
  await first.goto(`${demo.url}/hall`);
  await first.locator('.n', { hasText: number }).waitFor();
  // Out of the amber place, into the list of those before.
  await demo.at('5', 'start');
  await demo.at('5', 'finish');
  const second = await demo.issue('enquiries');
  await demo.at('5', 'call-next');
  await first.locator('.hero .n', { hasText: second.number }).waitFor();
  const late = await walls.newPage();
  const said = await announcements(late);
  await late.goto(`${demo.url}/hall`);
  await late.locator('.hero .n', { hasText: second.number }).waitFor();
  assert.ok(!said.some((one) => one.includes(number)), `only the newest: ${said}`);
  await demo.at('5', 'start');
  await demo.at('5', 'finish');
});

test('a stale tab is told so, and shows what is true', async (t) => {
  const staff = await context(t, 1366, 768);
  const fresh = await enter(staff, `${demo.url}/`, '/console/3');
  const { number } = await demo.issue('stay-extension');
  await fresh.locator('#do-call-next', { hasText: number }).waitFor();
  await fresh.keyboard.press('F2');
  await fresh.locator('#do-start').waitFor();
  // The same console in a tab without script does not hear that the visitor is finished elsewhere.
  const stale = await open(t, 1366, 768, { javaScriptEnabled: false, storageState: await staff.storageState() });
  await stale.goto(`${demo.url}/console/3`);
  await press(fresh, 'F2', '#do-start');
  await press(fresh, 'Shift+F2', '#do-finish-and-next');
  await fresh.locator('#undo .toast').waitFor();
  await stale.locator('#do-recall').click();
  await stale.locator('#notice p').waitFor();
  assert.match((await stale.locator('#notice').textContent()) ?? '', /畫面不是最新的|櫃台沒有服務中的號碼|狀態/);
  await stale.locator('.card.idle').waitFor();

  // With script a tab follows, and both show the same.
  const other = await staff.newPage();
  await other.goto(`${demo.url}/console/3`);
  const next = await demo.issue('stay-extension');
  await other.locator('#do-call-next', { hasText: next.number }).waitFor();
  await other.keyboard.press('F2');
  await fresh.locator('.cur .n', { hasText: next.number }).waitFor();
  await demo.at('3', 'start');
  await demo.at('3', 'finish');
});

test('a double touch on the kiosk gives one ticket', async (t) => {
  const issued = async () => (await demo.get('/api/v1/board')).services.find((/** @type {any} */ one) => one.id === 'mainland-hk-macao').waiting;
  const before = await issued();
  const kiosk = await open(t, 1080, 1920, { hasTouch: true });
  await kiosk.goto(`${demo.kiosk}/`);
  await kiosk.locator('button[name="service"][value="mainland-hk-macao"]').dblclick();
  await kiosk.waitForURL(/\/ticket\//);
  const number = await kiosk.locator('h1.n').textContent();
  assert.equal(await issued(), before + 1);

  // Not even where the form is sent twice: without script, and over the network.
  const [, key] = /name="key" value="([^"]+)"/.exec(await (await fetch(`${demo.kiosk}/?lang=vi`)).text()) ?? [];
  const send = () =>
    fetch(`${demo.kiosk}/ticket`, {
      method: 'POST',
      redirect: 'manual',
      body: `lang=vi&service=mainland-hk-macao&key=${key}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }).then((answer) => answer.headers.get('location'));
  const answers = await Promise.all([send(), send(), send()]);
  assert.ok(answers.some((one) => one?.startsWith('/ticket/')), String(answers));
  assert.equal(new Set(answers.filter((one) => one?.startsWith('/ticket/'))).size, 1);
  assert.equal(await issued(), before + 2);
  assert.ok(number);
});

/**
 * Presses Tab until `selector` has the focus, and checks that the focus can be seen.
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate((wanted) => {
      const active = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow } = active ? getComputedStyle(active) : { outlineStyle: '', outlineWidth: '', boxShadow: '' };
      return {
        there: active?.matches(wanted) ?? false,
        name: active?.outerHTML.slice(0, 80) ?? '',
        seen: active === document.body || (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
      };
    }, selector);
    assert.ok(focus.seen, `the focus on ${focus.name} cannot be seen`);
    if (focus.there) return;
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

test('kiosk by keyboard alone: language, service, done', async (t) => {
  const kiosk = await open(t, 1080, 1920);
  await kiosk.goto(`${demo.kiosk}/`);
  await tabTo(kiosk, 'button[name="lang"][value="en"]');
  await kiosk.keyboard.press('Enter');
  await kiosk.waitForURL(/lang=en/);
  await tabTo(kiosk, 'button[name="service"][value="enquiries"]');
  await kiosk.keyboard.press('Enter');
  await kiosk.waitForURL(/\/ticket\//);
  await kiosk.getByText('Take your ticket below').waitFor();
  await tabTo(kiosk, '[data-done]');
  await kiosk.keyboard.press('Enter');
  await kiosk.getByRole('heading', { level: 1, name: '請選擇要辦理的業務' }).waitFor();
});

test('console: a number of a service the counter does not handle is refused in these words', async (t) => {
  const { number } = await demo.issue('enquiries');
  await demo.at('3', 'open').catch(() => {});
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/3');
  await page.locator('#call-number').fill(number);
  await page.keyboard.press('Enter');
  await page.locator('#notice p', { hasText: '這個櫃台不辦理這個業務' }).waitFor();
  await page.locator('#tab-held').click();
  await page.locator('#notice p').waitFor({ state: 'detached' });
});

for (const late of ['the page', 'the answer']) {
  test(`console: the question about a number called out of turn stays when ${late} comes late`, async (t) => {
    await demo.issue('mainland-hk-macao');
    const { number } = await demo.issue('mainland-hk-macao');
    const staff = await context(t, 1366, 768);
    const page = await enter(staff, `${demo.url}/`, '/console/6');
    await page.locator('#list-waiting', { hasText: number }).waitFor();
    // The answer and a page asked for after it overlap, and either may come last.
    /** @type {Record<string, (() => void)[]>} */
    const held = { GET: [], POST: [] };
    await page.route(/\/console\/6/, async (route) => {
      await new Promise((done) => held[route.request().method()].push(() => done(undefined)));
      await route.continue();
    });
    const release = async (/** @type {string} */ method) => {
      await until(`${method} is asked`, async () => held[method].length > 0);
      held[method].shift()?.();
    };
    const field = page.locator('#call-number');
    await field.fill(number);
    await field.press('Enter');
    await until('the form is sent', async () => held.POST.length > 0);
    const { number: another } = await demo.issue('mainland-hk-macao');
    await until('the page is asked for', async () => held.GET.length > 0);
    const question = page.locator('#pick-why', { hasText: number });
    if (late === 'the page') {
      await release('POST');
      await question.waitFor();
      await release('GET');
    } else {
      await release('GET');
      await page.locator('#list-waiting', { hasText: another }).waitFor();
      await release('POST');
      await release('GET');
      await question.waitFor();
    }
    // Pages are asked for one after the other: when another one is asked for, those before have been shown.
    await demo.issue('mainland-hk-macao');
    await until('the page is asked for again', async () => held.GET.length > 0);
    assert.equal(await question.isVisible(), true);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
}

test('console by keyboard alone, from login to pause', async (t) => {
  await demo.issue('mainland-hk-macao');
  const { number } = await demo.issue('mainland-hk-macao');
  const page = await open(t, 1366, 768);
  await page.goto(`${demo.url}/console/6`);
  await page.waitForURL(/\/login/);
  await page.waitForFunction(() => document.activeElement?.id === 'staff');
  await page.keyboard.type('wu');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1234');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/console\/6$/);
  // A given number: `/`, number, Enter; and why, since others came before.
  await page.locator('#list-waiting', { hasText: number }).waitFor();
  await until('the field for a number has the focus', async () => {
    if (await page.evaluate(() => document.activeElement instanceof HTMLInputElement)) return true;
    await page.keyboard.press('Slash');
    return false;
  });
  await page.keyboard.type(number);
  await page.keyboard.press('Enter');
  await page.locator('#pick-why', { hasText: number }).waitFor();
  await page.keyboard.press('Digit5');
  await page.locator('.cur .n', { hasText: number }).waitFor();
  // A key that cannot act says why, and the next action takes that away.
  const notice = page.locator('#notice');
  await page.keyboard.press('Slash');
  assert.equal(await notice.textContent(), '請先完成目前的號碼');
  await page.keyboard.press('Shift+F8');
  assert.equal(await notice.textContent(), '再叫 1 次後可用');
  await page.keyboard.press('Shift+F9');
  assert.equal(await notice.textContent(), '號碼不在服務中');
  await press(page, 'F2', '#do-start');
  await page.locator('.lab', { hasText: '服務中' }).waitFor();
  assert.equal(await notice.textContent(), '');
  // Transfer asks where to, and nothing is chosen beforehand.
  await page.keyboard.press('F9');
  await page.locator('#transfer[open] [data-choose]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'transfer-counter');
  for (const key of ['Enter', 'NumpadEnter']) {
    await page.keyboard.press(key);
    assert.equal(await notice.textContent(), '請選擇要轉到的業務或櫃台', key);
  }
  await page.locator('.cur .n', { hasText: number }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'service');
  await page.keyboard.press('Escape');
  await press(page, 'F8', '#do-finish-and-next');
  await page.locator('#undo .toast', { hasText: number }).waitFor();
  // Paused and back.
  await page.keyboard.press('Shift+F4');
  await page.locator('#menu[open] [data-first]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-first')), true);
  await page.keyboard.press('Enter');
  await page.locator('#do-open').waitFor();
  await page.keyboard.press('Shift+F4');
  await page.locator('#do-open').waitFor({ state: 'detached' });
  // Keys can be switched off, for people whose tools press them by accident.
  const off = page.locator('#keys-off');
  await page.locator('summary', { hasText: '全部快捷鍵' }).click();
  await off.click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+F4');
  assert.equal(await page.locator('#menu[open]').count(), 0);
});
