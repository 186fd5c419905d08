// @ts-check
/** Places in line that change: coming back, letting others go first, getting ready, an urgent call, a hand-over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { cutOff } from './lib/layout.mjs';
import { until } from './lib/demo.mjs';
import { context, demo, open } from './lib/stage.mjs';

const SERVICE = 'enquiries';

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

/** @param {string} id */
const ticket = (id) => demo.get(`/api/v1/tickets/${id}`);

test('a missed visitor comes back behind those who wait, and lets others go first', async (t) => {
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/6');
  const missed = await demo.issue(SERVICE, 'vi');
  await demo.at('6', 'call', { ticket: missed.id });
  await demo.at('6', 'no-show');
  const others = [];
  for (let i = 0; i < 5; i += 1) others.push(await demo.issue(SERVICE));

  const phone = await open(t, 390, 844);
  await phone.goto(`${demo.url}/t/${missed.id}`);
  const back = phone.locator('#come-back button');
  await back.waitFor();
  assert.deepEqual(await cutOff(phone, { scrolls: true }), []);
  await picture(phone, 'phone-missed');
  await assertAccessible(phone, 'the phone of a missed visitor');
  await back.click();
  await phone.locator('#defer').waitFor();
  assert.equal((await ticket(missed.id)).ahead, 3);
  await phone.locator('#missed-rule').waitFor();
  assert.deepEqual(await cutOff(phone, { scrolls: true }), []);
  await picture(phone, 'phone-waiting');
  await assertAccessible(phone, 'the phone of one who waits');
  await phone.locator('#defer button').first().click();
  await until('one more goes first', async () => (await ticket(missed.id)).ahead === 4);

  // The next visitor is told to get ready while the counter is busy.
  await demo.at('6', 'call', { ticket: others[0].id });
  await demo.at('6', 'start');
  await phone.goto(`${demo.url}/t/${others[1].id}`);
  await console_.goto(`${demo.url}/console/6?tab=waiting`);
  await console_.locator('#precall').click();
  await phone.locator('#get-ready').waitFor();
  await picture(phone, 'phone-get-ready');
  await picture(console_, 'console-precall');

  // Handed over to a free counter without a call.
  await demo.at('5', 'open').catch(() => {});
  await console_.locator('#do-transfer').click();
  await console_.locator('#hand-over-5').waitFor();
  await picture(console_, 'console-hand-over');
  await assertAccessible(console_, 'the console with the ways to other counters');
  await console_.locator('#hand-over-5').click();
  await until('counter 5 serves the visitor', async () => {
    const { calls } = await demo.get('/api/v1/board');
    return calls.some((/** @type {any} */ c) => c.number === others[0].number && c.counter === '5' && c.serving);
  });
  await demo.at('5', 'finish');
});

test('a missed visitor is put back at the console; the chief decides what is urgent and what was wrong', async (t) => {
  const missed = await demo.issue(SERVICE);
  await demo.at('6', 'call', { ticket: missed.id });
  await demo.at('6', 'no-show');
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/6');
  await console_.goto(`${demo.url}/console/6?tab=no-show`);
  await picture(console_, 'console-no-show');
  await console_.locator(`#return-${missed.number}`).click();
  await until('the visitor waits again', async () => (await ticket(missed.id)).state === 'waiting');

  const chief = await enter(await context(t, 1440, 900), `${demo.url}/`, '/chief');
  await chief.goto(`${demo.url}/chief/tickets/${missed.id}`);
  await chief.locator('#urgent input[name="reason"]').fill('身體不適');
  await picture(chief, 'chief-urgent');
  await assertAccessible(chief, 'the life of a waiting ticket');
  await chief.locator('#urgent button').click();
  await until('nobody is ahead', async () => (await ticket(missed.id)).ahead === 0);
  const called = await demo.at('6', 'call-next');
  assert.equal(called.ticket.number, missed.number);
  await demo.at('6', 'start');
  await demo.at('6', 'finish');

  await chief.goto(`${demo.url}/chief/tickets/${missed.id}`);
  await chief.locator('#correct select').selectOption('no_show');
  await chief.locator('#correct input[name="reason"]').fill('按錯');
  await picture(chief, 'chief-correct');
  await chief.locator('#correct button').click();
  await until('the outcome is corrected', async () => (await ticket(missed.id)).state === 'no_show');
});
