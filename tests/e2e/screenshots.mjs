// @ts-check
/**
 * Takes the README's pictures from a demo with people in it, into docs/pictures. Run by hand: `npm run pictures`.
 * Pictures are taken at half or three quarters of their size, so that the repository stays small.
 */
import assert from 'node:assert/strict';
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Complaints, enter, launch, watched } from './lib/browser.mjs';
import { Demo, until } from './lib/demo.mjs';

const PICTURES = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const BYTES_MAX = 200_000;
/** So many have been served when the hall looks lived in. */
const SERVED = 25;

const [demo, browser] = await Promise.all([Demo.start('--people', '--speed', '20'), launch()]);
const complaints = new Complaints();

/** @param {number} width @param {number} height @param {number} scale */
const context = (width, height, scale) =>
  watched(browser, complaints, { viewport: { width, height }, deviceScaleFactor: scale });

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  const path = `${PICTURES}${name}.png`;
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = await stat(path);
  assert.ok(size <= BYTES_MAX, `${name}.png has ${size} bytes`);
  console.log(`${name}.png ${size} bytes`);
}

try {
  await mkdir(PICTURES, { recursive: true });
  const { day } = await demo.get('/api/v1/board');
  await until(
    `${SERVED} visitors are served`,
    async () => {
      const { rows } = await demo.get(`/api/v1/stats?from=${day}&to=${day}`);
      return rows[0]?.served >= SERVED && rows[0].rating.n >= 5;
    },
    240_000,
  );

  const kiosk = await (await context(1080, 1920, 0.5)).newPage();
  await kiosk.goto(`${demo.kiosk}/`);
  await picture(kiosk, 'kiosk');
  await kiosk.locator('button[name="lang"][value="vi"]').click();
  await kiosk.waitForURL(/lang=vi/);
  await kiosk.locator('button[name="service"]').first().click();
  await kiosk.waitForURL(/\/ticket\//);
  await kiosk.locator('#paper .ar:not(.still)').waitFor();
  await picture(kiosk, 'ticket');
  const id = new URL(kiosk.url()).pathname.split('/')[2];

  const phone = await (await context(390, 844, 1)).newPage();
  await phone.goto(`${demo.url}/t/${id}`);
  await phone.locator('h1.n').waitFor();
  await picture(phone, 'phone');

  const hall = await (await context(1920, 1080, 0.5)).newPage();
  await hall.goto(`${demo.url}/hall`);
  await hall.locator('.hero .n').waitFor();
  await picture(hall, 'hall');

  const staff = await context(1366, 768, 0.75);
  const console_ = await enter(staff, `${demo.url}/`, '/console/2');
  await console_.locator('.cur .n').waitFor({ timeout: 60_000 });
  await picture(console_, 'console');

  const chief = await enter(await context(1440, 900, 0.75), `${demo.url}/`, '/chief');
  await chief.locator('.kpi').first().waitFor();
  await picture(chief, 'chief');
  complaints.assertNone();
} finally {
  await browser.close();
  await demo.stop();
}
