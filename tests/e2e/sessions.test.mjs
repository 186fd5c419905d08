// @ts-check
/** A visiting room: a seat at the kiosk, the session called as a whole, numbers and windows on board and telephone. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { join } from 'node:path';
import { violations } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { Demo } from './lib/demo.mjs';
import { complaints, context, open } from './lib/stage.mjs';

const room = await Demo.start('--profile', 'visiting-room');
after(() => room.stop());

const PICTURES = process.env.PICTURES;

/** @param {import('playwright-core').Page} page @param {string} name */
const picture = async (page, name) => {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
};

/** Takes a seat in the next session for so many people, at the kiosk. @param {import('playwright-core').Page} kiosk @param {number} people */
const takeSeat = async (kiosk, people) => {
  await kiosk.goto(`${room.kiosk}/`);
  await kiosk.locator('a.svc[href^="/session/visit"]').click();
  await kiosk.locator('.ses .svc.next').waitFor();
  for (let n = 1; n < people; n += 1) {
    await kiosk.locator('.people a.fb').last().click();
    await kiosk.locator('.people output', { hasText: String(n + 1) }).waitFor();
  }
  await kiosk.locator('.ses .svc.next').click();
  await kiosk.locator('.paper .n').waitFor();
  return (await kiosk.locator('.paper .n').textContent()) ?? '';
};

test('a session is chosen, called as a whole, begins and ends, and everybody is told', async (t) => {
  const kiosk = await open(t, 1080, 1920);
  await kiosk.goto(`${room.kiosk}/`);
  await picture(kiosk, 'sessions-kiosk-home');
  await kiosk.goto(`${room.kiosk}/session/visit?persons=2`);
  await kiosk.locator('.ses .svc').first().waitFor();
  await picture(kiosk, 'sessions-kiosk-choose');
  assert.deepEqual(await violations(kiosk), []);
  const first = await takeSeat(kiosk, 3);
  assert.match(first, /^V\d{3}$/);
  assert.match((await kiosk.locator('.paper').textContent()) ?? '', /第 \d+ 梯次.*已有座位/s);
  await picture(kiosk, 'sessions-kiosk-ticket');
  const second = await takeSeat(kiosk, 1);

  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${room.url}/`, '/sessions');
  await page.locator('#session li', { hasText: first }).waitFor();
  await picture(page, 'sessions-staff');
  assert.deepEqual(await violations(page), []);

  const phone = await open(t, 390, 844);
  const ticket = await page.evaluate(
    (number) => [...document.querySelectorAll('#session li')]
      .find((row) => row.textContent?.includes(number))?.querySelector('input[name=ticket]')?.getAttribute('value'),
    second,
  );
  await phone.goto(`${room.url}/t/${ticket}`);
  assert.match((await phone.locator('#seat').textContent()) ?? '', /已有座位/);
  await picture(phone, 'sessions-phone-seat');
  const hall = await open(t, 1920, 1080);
  await hall.goto(room.display);
  await hall.locator('.side').waitFor();

  await page.keyboard.press('F2');
  await page.locator('#session .sessions-called-now li').nth(1).waitFor();
  const called = hall.locator('.ses.on');
  await called.waitFor();
  assert.match((await called.textContent()) ?? '', new RegExp(`第 \\d+ 梯次，請至 A 室.*${first}.*A-1.*${second}.*A-2`, 's'));
  await hall.locator('[data-announced], #app').first().waitFor();
  await picture(hall, 'sessions-hall');
  await phone.locator('.alarm').waitFor();
  assert.match((await phone.locator('.alarm').textContent()) ?? '', /A-2/);
  await picture(phone, 'sessions-phone-called');

  await page.locator('button[value="undo"]').click();
  await called.waitFor({ state: 'detached' });
  await phone.locator('#seat').waitFor();
  await page.locator('[data-next]').click();
  await called.waitFor();
  await page.locator('button[value="start"]').click();
  await page.locator('button[value="end"]').waitFor();
  await hall.locator('.ses:not(.on)').waitFor();
  await picture(hall, 'sessions-hall-running');
  await picture(page, 'sessions-staff-running');
  await page.locator('button[value="end"]').click();
  await page.locator('#session .sessions-done li').nth(1).waitFor();
  await hall.locator('.ses').waitFor({ state: 'detached' });
  assert.match((await page.locator('#figures').textContent()) ?? '', /2 \/ 6/);
  await picture(page, 'sessions-staff-ended');
  await phone.getByText('已', { exact: false }).first().waitFor();
});

test('the links below the figures keep their distance', async (t) => {
  const page = await enter(await context(t, 1280, 800), `${room.url}/`, '/sessions');
  const gap = await page.evaluate(() => {
    const box = (/** @type {string} */ one) => /** @type {Element} */ (document.querySelector(one)).getBoundingClientRect();
    return box('.se-wide .look a').top - box('#figures').bottom;
  });
  assert.ok(gap >= 8, `${gap} px`);
});

test('a visitor who gives the seat up frees it, and a no-show is noted', async (t) => {
  const kiosk = await open(t, 1080, 1920);
  const number = await takeSeat(kiosk, 1);
  const page = await enter(await context(t, 1280, 800), `${room.url}/`, '/sessions');
  const row = page.locator('#session li', { hasText: number });
  if (await row.count() === 0) await page.locator('#list a[href*="begins"]').last().click();
  await row.waitFor();
  await page.locator('[data-next]').click();
  await page.locator('#session .sessions-called-now li', { hasText: number }).waitFor();
  await row.locator('button[value="no-show"]').click();
  await page.locator('#session .sessions-no-show li', { hasText: number }).waitFor();
});

test('who reserves by telephone gets a kept seat of the chosen session at the entrance', async (t) => {
  const page = await enter(await context(t, 1280, 800), `${room.url}/`, '/greeter');
  const sessions = page.locator('.gr-sessions');
  await page.locator('input[name="service"][value="parcel"]').check();
  await sessions.waitFor({ state: 'hidden' });
  await page.locator('input[name="service"][value="visit"]').check();
  const last = sessions.locator('option').last();
  assert.match((await last.textContent()) ?? '', /^\d\d:\d\d · 第 \d+ 梯次 · 剩 \d+ 席 · 保留席 2$/);
  const begins = Number(await last.getAttribute('value'));
  await sessions.locator('select').selectOption(String(begins));
  await page.locator('input[name="phone"]').check();
  await page.locator('#persons').fill('2');
  await picture(page, 'sessions-greeter');
  await page.locator('#issue .lg-go').click();
  await page.locator('.gr-done').waitFor();
  const words = (await page.locator('.gr-done').textContent()) ?? '';
  assert.match(words, /V\d{3}.*第 \d+ 梯次 \d\d:\d\d.*已有座位.*前須完成報到/s);
  const all = await room.get('/api/v1/sessions');
  const chosen = all.find((/** @type {any} */ one) => one.begins_ms === begins);
  assert.equal(chosen.kept, 1, 'one of the kept seats is taken');
  await picture(page, 'sessions-greeter-done');
  assert.deepEqual(await violations(page), []);

  assert.equal(await page.locator('#unverified').count(), 0, 'no service here asks for an identity check');

  // A seat is put to no line, nor a number of a line into a session.
  assert.equal(await page.locator('#to option[value="visit"]').count(), 0);
  await page.locator('#number').fill(/V\d{3}/.exec(words)?.[0] ?? '');
  assert.equal(await page.locator('button[value="reroute"]').isDisabled(), true);
  assert.match((await page.locator('#no-reroute').textContent()) ?? '', /不能改辦/);
  await page.locator('#number').fill('P001');
  assert.equal(await page.locator('button[value="reroute"]').isDisabled(), false);
});

test('a chosen session that is offered no longer stays chosen, for the server to refuse', async (t) => {
  const page = await enter(await context(t, 1280, 800), `${room.url}/`, '/greeter');
  const field = page.locator('.gr-sessions select');
  const gone = (await field.locator('option').last().getAttribute('value')) ?? '';
  await field.selectOption(gone);
  await page.route('**/greeter*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(new RegExp(`<option value="${gone}".*?</option>`), '');
    await route.fulfill({ response: answer, body });
  });
  const refreshed = page.waitForResponse('**/greeter*');
  await takeSeat(await open(t, 1080, 1920), 1);
  await refreshed;
  await page.waitForFunction(() => document.querySelector('.gr-sessions option:last-child:checked'));
  assert.equal(await field.inputValue(), gone);
});

for (const look of ['?lang=en', '?theme=dark', '?theme=hc']) {
  test(`axe finds nothing on the room's page ${look}`, async (t) => {
    const page = await enter(await context(t, 1280, 800), `${room.url}/`, '/sessions');
    await page.goto(`${room.url}/sessions${look}`);
    assert.deepEqual(await violations(page), []);
  });
}

test('no page complained', () => complaints.assertNone());
