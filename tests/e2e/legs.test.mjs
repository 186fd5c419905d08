// @ts-check
/** Several matters and several people on one ticket: said behind the ticket, told on the phone, gone through at the counters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { cutOff } from './lib/layout.mjs';
import { LANGUAGES, until } from './lib/demo.mjs';
import { context, demo, open } from './lib/stage.mjs';

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}

/** @param {string} id */
const ticket = (id) => demo.get(`/api/v1/tickets/${id}`);
/** @param {import('playwright-core').Page} page */
const idOf = (page) => new URL(page.url()).pathname.split('/')[2] ?? '';

for (const [what, width, height] of /** @type {const} */ ([
  ['portrait', 1080, 1920],
  ['landscape', 1280, 800],
])) {
  test(`one tap gives the ticket, and what else comes behind it (${what})`, async (t) => {
    const kiosk = await open(t, width, height, { hasTouch: true });
    await kiosk.goto(`${demo.kiosk}/`);
    await kiosk.locator('button[name="service"][value="resident-certificate"]').tap();
    await kiosk.waitForURL(/\/ticket\//);
    const id = idOf(kiosk);
    assert.deepEqual((await ticket(id)).persons, 1);
    await kiosk.locator('.more').waitFor();
    await picture(kiosk, `legs-ticket-${what}`);
    assert.deepEqual(await cutOff(kiosk), []);
    // The page gives way to its foot without a scroll bar: nothing may lie behind that.
    const rest = await kiosk.locator('.kt').evaluate((kt) => {
      const foot = document.querySelector('.kt-foot')?.getBoundingClientRect().top ?? 0;
      return [...kt.children].every((part) => part.getBoundingClientRect().bottom <= foot + 1);
    });
    assert.ok(rest, 'something lies behind the foot');
    await kiosk.locator('.more').tap();
    await kiosk.waitForURL(/\/more/);
    await kiosk.locator('button[name="add"][value="pick-up"]').tap();
    await kiosk.locator('button[name="drop"][value="pick-up"]').waitFor();
    await kiosk.locator('button[name="persons"][value="2"]').tap();
    await kiosk.locator('button[name="persons"][value="3"]').tap();
    await kiosk.locator('output', { hasText: '3' }).waitFor();
    assert.deepEqual(await cutOff(kiosk), []);
    await picture(kiosk, `legs-more-${what}`);
    await assertAccessible(kiosk, 'what else');
    await kiosk.locator('button[name="add"][value="stay-extension"]').tap();
    await kiosk.locator('button[name="drop"][value="stay-extension"]').tap();
    await kiosk.locator('button[name="add"][value="stay-extension"]').waitFor();
    const said = await ticket(id);
    assert.equal(said.persons, 3);
    assert.deepEqual(said.legs.map((/** @type {{service: string}} */ leg) => leg.service), ['resident-certificate', 'pick-up']);
    await kiosk.locator('.kt-foot .pri').tap();
    await kiosk.waitForURL(/\/ticket\/[0-9a-f]+\?/);
    assert.equal(await kiosk.locator('.paper .also').count(), 2);
    assert.deepEqual(await cutOff(kiosk), []);
    await picture(kiosk, `legs-said-${what}`);
    await demo.post(`/api/v1/tickets/${id}/cancel`, {});
  });
}

test('a visit of two matters and three people goes on with its number', async (t) => {
  const visitor = await demo.issue('resident-certificate', 'en', { then: ['pick-up'], persons: 3 });
  const phone = await open(t, 390, 844);
  await phone.goto(`${demo.url}/t/${visitor.id}`);
  await phone.locator('#matters li').nth(1).waitFor();
  assert.match((await phone.locator('#persons').textContent()) ?? '', /3/);
  assert.deepEqual(await cutOff(phone, { scrolls: true }), []);
  await assertAccessible(phone, 'the phone of a visit of two matters');
  await picture(phone, 'legs-phone');

  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/1');
  await demo.at('1', 'call', { ticket: visitor.id });
  await demo.at('1', 'start');
  await console_.locator('#matters + ol li').waitFor();
  await picture(console_, 'legs-console');
  assert.deepEqual(await cutOff(console_), []);
  // Counter 1 does not hand out documents: the visitor waits for one that does.
  await demo.at('1', 'finish');
  await until('the visitor waits for the second matter', async () => {
    const now = await ticket(visitor.id);
    return now.state === 'waiting' && now.service === 'pick-up';
  });
  await phone.locator('#matters li.now', { hasText: /Pick/i }).waitFor();
  await demo.at('5', 'call', { ticket: visitor.id });
  await demo.at('5', 'start');
  await demo.at('5', 'finish');
  await until('the visit is over', async () => (await ticket(visitor.id)).state === 'done');
});

for (const [width, height] of [[1080, 1920], [800, 1280], [1280, 800]]) {
  test(`names on the page of what else break behind a comma only (${width} x ${height})`, async (t) => {
    const kiosk = await open(t, width, height);
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const lang of LANGUAGES) {
      await kiosk.goto(`${demo.kiosk}/?lang=${lang}`);
      await kiosk.locator('button[name="service"][value="resident-certificate"]').click();
      await kiosk.waitForURL(/\/ticket\//);
      const id = idOf(kiosk);
      await kiosk.goto(`${demo.kiosk}/ticket/${id}/more?lang=${lang}&text=big`);
      await kiosk.locator('.k-more .of small').waitFor();
      const broken = await brokenNames(kiosk);
      if (broken.length > 0) found[lang] = broken;
      await demo.post(`/api/v1/tickets/${id}/cancel`, {});
    }
    assert.deepEqual(found, {});
  });
}

/**
 * Chinese names that break in a word; above the list, where there is room, at all.
 * @param {import('playwright-core').Page} page
 */
function brokenNames(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.k-more :is(.of, .nm) [lang|="zh"]')].flatMap((name) => {
      const text = name.firstChild;
      if (!(text instanceof Text)) return [];
      const range = document.createRange();
      const top = (/** @type {number} */ at) => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return Math.round(range.getBoundingClientRect().top);
      };
      const breaks = [...text.data.slice(1)].flatMap((_, at) => (top(at + 1) > top(at) ? [at] : []));
      const isBad = (/** @type {number} */ at) => name.closest('.of') || !/[、，]/.test(text.data[at]);
      return breaks.filter(isBad).map((at) => `${text.data.slice(0, at + 1)}/${text.data.slice(at + 1)}`);
    }),
  );
}

test('what else is bound by what the station file allows', async () => {
  const visitor = await demo.issue('enquiries');
  await assert.rejects(demo.post(`/api/v1/tickets/${visitor.id}/matters`, { then: ['pick-up'], persons: 1 }), /bad_matters/);
  await assert.rejects(demo.post(`/api/v1/tickets/${visitor.id}/matters`, { then: [], persons: 2 }), /bad_persons/);
  await demo.post(`/api/v1/tickets/${visitor.id}/cancel`, {});
});

test('the chief counts visits, or matters and stations', async (t) => {
  const chief = await enter(await context(t, 1366, 768), `${demo.url}/`, '/chief/history');
  await chief.locator('.seg.level a').nth(1).click();
  await chief.waitForURL(/level=leg/);
  assert.equal(await chief.locator('.seg.level a[aria-current="true"]').count(), 1);
  assert.deepEqual(await cutOff(chief, { scrolls: true }), []);
  await picture(chief, 'legs-chief');
});
