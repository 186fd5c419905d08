// @ts-check
/** Why was somebody called before me: said on the phone, at the counter and to the chief. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter, press } from './lib/browser.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';

const SERVICE = 'pick-up';
const COUNTER = '5';
const RULE = '叫號規則：依取號先後；優先號視同提早 20 分鐘取號、預約號視同提早 10 分鐘取號。';

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
  // Whoever still waits would be before the others of the next test.
  await demo.post(`/api/v1/tickets/${waiting.id}/cancel`, {});
  complaints.assertNone();
});

test('a number called out of its turn: the console asks why first, and only staff read the answer', async (t) => {
  const [service, counter] = ['mainland-hk-macao', '6'];
  const first = await demo.issue(service);
  const second = await demo.issue(service);
  const third = await demo.issue(service);
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, `/console/${counter}`);
  await page.locator('#list-waiting', { hasText: third.number }).waitFor();

  // From the list: nobody is called yet, and it can be left again.
  await page.locator(`#call-${second.number}`).click();
  const question = page.locator('#pick-why', { hasText: `先叫 ${second.number} 的原因？` });
  await question.waitFor();
  assert.equal(await page.locator('.cur').count(), 0);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/pick.png` });
  await assertAccessible(page, 'the question');
  const dock = await staff.newPage();
  await dock.setViewportSize({ width: 380, height: 768 });
  await dock.goto(`${page.url()}&mode=dock`);
  await dock.locator('#pick-why').waitFor();
  if (process.env.PICTURES) await dock.screenshot({ path: `${process.env.PICTURES}/pick-dock.png` });
  await dock.close();
  // News of the station take nothing away.
  const fourth = await demo.issue(service);
  await page.locator('#list-waiting', { hasText: fourth.number }).waitFor();
  await question.waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#do-call-next', { hasText: first.number }).waitFor();

  // By the keypad: the number, then the key of the reason. The digits of an answer are no number.
  await page.keyboard.press('Slash');
  await page.keyboard.type(third.number);
  await page.keyboard.press('Enter');
  await page.locator('#pick-why', { hasText: third.number }).waitFor();
  await page.keyboard.press('Numpad2');
  await page.locator('.cur .n', { hasText: third.number }).waitFor();
  await page.locator('#why summary').click();
  await page.locator('#why p', { hasText: `${third.number} 由櫃台人員指定先叫。（補件回來）` }).waitFor();
  const phone = await open(t, 390, 844);
  await phone.goto(`${demo.url}/t/${first.id}`);
  await phone.locator('#passed summary').click();
  await phone.locator('#passed p', { hasText: `${third.number} 由櫃台人員指定先叫。` }).waitFor();
  assert.equal((await phone.content()).includes('補件'), false);

  const chief = await enter(await context(t, 1440, 900), `${demo.url}/`, '/chief');
  await chief.goto(`${demo.url}/chief/tickets/${third.id}`);
  await chief.locator('.life .why', { hasText: '（補件回來）' }).waitFor();

  // Whose turn it is, is called without a question, by its number too.
  await press(page, 'F2', '#do-start');
  await press(page, 'Shift+F2', '#do-finish-and-next');
  await page.locator('#do-call-next', { hasText: first.number }).waitFor();
  await page.keyboard.press('Slash');
  await page.keyboard.type(first.number);
  await page.keyboard.press('Enter');
  await page.locator('.cur .n', { hasText: first.number }).waitFor();
  complaints.assertNone();
});
