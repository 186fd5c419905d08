// @ts-check
/** Why was somebody called before me: said on the phone, at the counter and to the chief. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter, press } from './lib/browser.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';

const SERVICE = 'pick-up';
const COUNTER = '5';
const RULE = '本站叫號規則：依取號先後；優先號視同提早 20 分鐘取號、預約號視同提早 10 分鐘取號。';

/** One who waits, and one of the priority class who came later and is called first. */
async function passed() {
  const { services } = await demo.get('/api/v1/board');
  assert.equal(services.find((/** @type {any} */ s) => s.id === SERVICE).waiting, 0);
  const waiting = await demo.issue(SERVICE);
  const favoured = await demo.issue(SERVICE, 'zh-Hant-TW', { class: 'priority' });
  return { waiting, favoured };
}

test('the phone says why another number was called first, and the console too', async (t) => {
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, `/console/${COUNTER}`);
  await console_.locator('#order summary').click();
  await console_.locator('#order .panel', { hasText: RULE }).waitFor();
  await console_.keyboard.press('Escape');
  const { waiting, favoured } = await passed();
  const sentence = `${favoured.number} 是優先號，視同提早 20 分鐘取號，所以先叫。`;

  const phone = await open(t, 390, 844);
  await phone.goto(`${demo.url}/t/${waiting.id}`);
  await phone.locator('#calling-rule', { hasText: RULE }).waitFor();
  assert.equal(await phone.locator('#passed').count(), 0, 'nobody was called yet');

  await console_.locator('#do-call-next', { hasText: favoured.number }).waitFor();
  await console_.keyboard.press('F2');
  await console_.locator('.cur .n', { hasText: favoured.number }).waitFor();
  await console_.locator('#why summary').click();
  await console_.locator('#why p', { hasText: sentence }).waitFor();

  // It comes by itself, says one line, and the reason at a touch.
  const line = phone.locator('#passed summary');
  await line.getByText(`為什麼先叫 ${favoured.number}？`).waitFor();
  const reason = phone.locator('#passed p', { hasText: sentence });
  assert.equal(await reason.isVisible(), false);
  await line.click();
  await reason.waitFor();
  if (process.env.PICTURES) {
    await phone.screenshot({ path: `${process.env.PICTURES}/phone.png`, fullPage: true });
    await console_.screenshot({ path: `${process.env.PICTURES}/console.png` });
  }

  await assertAccessible(phone, 'the phone with the reason');
  await assertAccessible(console_, 'the console with the reason');

  const dock = await staff.newPage();
  await dock.setViewportSize({ width: 380, height: 768 });
  await dock.goto(`${demo.url}/console/${COUNTER}?mode=dock`);
  await dock.locator('#menu-open').click();
  await dock.locator('#menu .why-line', { hasText: sentence }).waitFor();
  if (process.env.PICTURES) await dock.screenshot({ path: `${process.env.PICTURES}/dock.png` });
  await dock.close();

  // Without script, and in another language.
  const plain = await open(t, 390, 844, { javaScriptEnabled: false });
  await plain.goto(`${demo.url}/t/${waiting.id}?lang=vi`);
  await plain.locator('#passed summary').click();
  await plain.getByText(`Số ${favoured.number} (Ưu tiên) được tính như lấy sớm hơn 20 phút nên được gọi trước.`).waitFor();
  if (process.env.PICTURES) await plain.screenshot({ path: `${process.env.PICTURES}/phone-vi.png`, fullPage: true });

  // The chief reads the life of the ticket from the day's list.
  await press(console_, 'F2', '#do-start');
  await press(console_, 'Shift+F2', '#do-finish-and-next');
  await console_.locator('#undo .toast', { hasText: favoured.number }).waitFor();
  const chief = await enter(await context(t, 1440, 900), `${demo.url}/`, '/chief');
  const { day } = await demo.get('/api/v1/board');
  await chief.goto(`${demo.url}/chief/history?from=${day}&to=${day}`);
  await chief.locator('#tickets').getByRole('link', { name: favoured.number, exact: true }).click();
  await chief.getByRole('heading', { level: 1, name: `號碼 ${favoured.number} 的經過` }).waitFor();
  await chief.locator('.life .why', { hasText: sentence }).waitFor();
  await chief.getByText(`辦理完成，${COUNTER} 號櫃台`).waitFor();
  if (process.env.PICTURES) await chief.screenshot({ path: `${process.env.PICTURES}/life.png` });
  await assertAccessible(chief, 'the life of a ticket');
  await chief.goto(`${demo.url}/chief/day`);
  await chief.locator('#calling-rule', { hasText: RULE }).waitFor();
  if (process.env.PICTURES) await chief.screenshot({ path: `${process.env.PICTURES}/day.png` });
  complaints.assertNone();
});
