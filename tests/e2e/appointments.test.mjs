// @ts-check
/** Appointments: book on a phone, check in at the kiosk's number pad, with staff and on the phone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { LANGUAGES } from './lib/demo.mjs';
import { cutOff } from './lib/layout.mjs';
import { context, demo, open } from './lib/stage.mjs';

const SERVICE = 'resident-certificate';

/**
 * Books the first time there is today, or on the first day that has one.
 * @param {import('playwright-core').Page} page
 * @param {string} lang
 */
async function book(page, lang) {
  await page.goto(`${demo.url}/book?lang=${lang}`);
  await page.locator(`a[href*="service=${SERVICE}"]`).click();
  await page.locator('a[href*="day="]').first().click();
  await page.locator('.bk-times button').first().click();
  await page.waitForURL(/\/a\/[0-9a-f]{32}/);
  const code = await page.locator('.code').textContent();
  assert.match(code ?? '', /^\d{4,6}$/);
  return /** @type {string} */ (code);
}

/** The demo offers times around now, but in the last minutes of a day. @param {string} code */
async function canCheckIn(code) {
  const list = await demo.get('/api/v1/appointments', 'demo-greeter');
  const own = list.appointments.find((/** @type {any} */ a) => a.code === code);
  return own !== undefined && Date.parse(own.check_in_from) <= Date.now();
}

test('a visitor books in Vietnamese without script and checks in at the kiosk', async (t) => {
  const phone = await open(t, 390, 844, { javaScriptEnabled: false });
  const code = await book(phone, 'vi');
  assert.equal(await phone.locator('svg.qr').count(), 1);
  if (!(await canCheckIn(code))) return t.skip('no time to check in is near');
  const kiosk = await open(t, 1080, 1920, { hasTouch: true });
  await kiosk.goto(`${demo.kiosk}/?lang=vi`);
  await kiosk.locator('a[href^="/appointment"]').tap();
  let typed = '';
  for (const digit of code) {
    await kiosk.locator(`.k-key[value="${digit}"]`).tap();
    typed += digit;
    await kiosk.locator(`#code[value="${typed}"]`).waitFor();
  }
  await assertAccessible(kiosk, 'the number pad');
  await kiosk.locator('.k-code-in button').tap();
  await kiosk.waitForURL(/\/ticket\//);
  const number = await kiosk.locator('.paper h1.n').textContent();
  await phone.reload();
  assert.match((await phone.locator('main').textContent()) ?? '', new RegExp(String(number)));
});

test('a wrong code is told, and a scanner types an address', async (t) => {
  const phone = await open(t, 390, 844);
  const code = await book(phone, 'en');
  await assertAccessible(phone, "the appointment's page");
  const kiosk = await open(t, 1080, 1920);
  await kiosk.goto(`${demo.kiosk}/appointment?lang=en`);
  await kiosk.locator('#code:focus').waitFor();
  await kiosk.keyboard.type('999999');
  await kiosk.keyboard.press('Enter');
  await kiosk.getByRole('alert').filter({ hasText: 'no such appointment' }).waitFor();
  if (!(await canCheckIn(code))) return t.skip('no time to check in is near');
  await kiosk.locator('#code:focus').waitFor();
  await kiosk.keyboard.type(phone.url());
  await kiosk.keyboard.press('Enter');
  await kiosk.waitForURL(/\/ticket\//);
});

test('staff see the list and check somebody in; the phone can too', async (t) => {
  const phone = await open(t, 390, 844);
  const code = await book(phone, 'zh-Hant-TW');
  if (!(await canCheckIn(code))) return t.skip('no time to check in is near');
  const staff = await enter(await context(t, 1366, 768), `${demo.url}/`, '/appointments');
  await assertAccessible(staff, "the day's appointments");
  await staff.locator('tr', { hasText: code }).locator('button').click();
  await staff.getByRole('status').waitFor();
  assert.match((await staff.locator('tr', { hasText: code }).textContent()) ?? '', /已報到/);
  await book(phone, 'zh-Hant-TW');
  await phone.locator('form[action*="check-in"] button').click();
  await phone.waitForURL(/\/t\//);
});

test('an appointment is given up', async (t) => {
  const phone = await open(t, 390, 844);
  await book(phone, 'en');
  await phone.locator('#cancel summary').click();
  await phone.locator('#cancel button').click();
  await phone.getByText('This appointment was cancelled').waitFor();
});

test('nothing of these pages is cut off in ten languages', async (t) => {
  const phone = await open(t, 360, 740);
  const kiosk = await open(t, 1080, 1920);
  await book(phone, 'en');
  const own = new URL(phone.url()).pathname;
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const lang of LANGUAGES) {
    for (const path of ['/book', `/book?service=${SERVICE}`, own]) {
      const url = `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
      await phone.goto(demo.url + url);
      const cut = await cutOff(phone, { scrolls: true });
      if (cut.length > 0) found[url] = cut;
    }
    for (const mode of ['', '&text=big', '&reach=low', '&theme=hc']) {
      const query = `?lang=${lang}${mode}&refused=appointment_missed&typed=1234`;
      await kiosk.goto(`${demo.kiosk}/appointment${query}`);
      const cut = await cutOff(kiosk);
      if (cut.length > 0) found[query] = cut;
    }
  }
  assert.deepEqual(found, {});
});
