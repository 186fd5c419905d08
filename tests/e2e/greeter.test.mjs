// @ts-check
/** The page of the staff at the entrance, at a household registration office: by keyboard alone, in both languages. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { Demo } from './lib/demo.mjs';
import { context } from './lib/stage.mjs';

const office = await Demo.start('--profile', 'household');
after(() => office.stop());

/** @param {import('playwright-core').Page} page */
const done = (page) => page.locator('.gr-done b').textContent();

test('a number is given out and its identity checked without a mouse, and only then it may be called', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  await page.locator('input[name="service"][value="transcript"]').focus();
  await page.keyboard.press('ArrowRight');
  assert.ok(await page.locator('input[name="service"][value="identity-card"]').isChecked());
  await page.keyboard.press('Enter');
  await page.locator('.gr-done').waitFor();
  const number = await done(page);
  assert.match(number ?? '', /^C\d{3}$/);
  const listed = page.locator('#unverified li', { hasText: number ?? '' });
  await listed.locator('select[name="document"]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await listed.waitFor({ state: 'detached' });
  assert.equal(await done(page), number);
});

test('a visitor is told on the phone where to go first, and the zone to wait in', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  await page.locator('input[name="service"][value="seal"]').check();
  await page.locator('#issue .lg-go').click();
  const phone = await staff.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto((await page.locator('.gr-done a').getAttribute('href')) ?? '');
  assert.match((await phone.locator('#identity').textContent()) ?? '', /1 樓服務台.*service desk, 1st floor/s);
  assert.match((await phone.locator('#zone').textContent()) ?? '', /1 樓 A 區.*1F zone A/s);
  assert.deepEqual(await violations(phone), []);
});

test('a number is put to another service, and what is refused is said', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  await page.locator('#issue .lg-go').click();
  const number = await done(page);
  await page.locator('#number').fill((number ?? '').toLowerCase());
  await page.locator('#to').selectOption('marriage');
  await page.locator('button[value="reroute"]').click();
  await page.waitForFunction(() => /婚姻登記/.test(document.querySelector('.gr-done')?.textContent ?? ''));
  await page.locator('#number').fill('A999');
  await page.locator('button[value="return"]').click();
  await page.locator('.lg-no').waitFor();
});

for (const look of ['', '?lang=en', '?theme=dark', '?theme=hc&lang=en']) {
  test(`axe finds nothing ${look}`, async (t) => {
    const staff = await context(t, 1280, 800);
    const page = await enter(staff, `${office.url}/`, '/greeter');
    await page.goto(`${office.url}/greeter${look}`);
    assert.deepEqual(await violations(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, 'nothing is wider than the tablet');
  });
}
