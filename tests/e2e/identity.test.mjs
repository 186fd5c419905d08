// @ts-check
/** Who has to show a document first is told so, where, and is not told that it is nearly his turn. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Demo, LANGUAGES } from './lib/demo.mjs';
import { cutOff, overlaps } from './lib/layout.mjs';
import { open } from './lib/stage.mjs';

const office = await Demo.start('--profile', 'household');
after(() => office.stop());

const CHECKED = 'identity-card';
const UNCHECKED = 'transcript';

/** @param {import('playwright-core').Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true });
}

/** Words of the bar that take more than a line, although they may not. @param {import('playwright-core').Page} page */
function brokenBar(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.k-top .st span, .k-top .tm > *')].flatMap((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      const bar = document.querySelector('.k-top')?.getBoundingClientRect();
      const { top, bottom } = range.getBoundingClientRect();
      const leaves = bar && (top < bar.top - 8 || bottom > bar.bottom + 8);
      return tops.size > 1 || leaves ? [`"${one.textContent}" does not keep to its line`] : [];
    }));
}

for (const [width, height] of [[1080, 1920], [800, 1280], [1280, 800], [1280, 1024], [1920, 1080]]) {
  test(`kiosk: a ticket that waits for the identity check, in ten languages on ${width} x ${height}`, async (t) => {
    const page = await open(t, width, height);
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const service of [CHECKED, UNCHECKED]) {
      await page.goto(`${office.kiosk}/`);
      await page.locator(`button[name="service"][value="${service}"]`).click();
      await page.waitForURL(/\/ticket\//);
      await page.locator('#paper .ar:not(.still)').waitFor();
      const address = page.url().split('?')[0];
      for (const lang of LANGUAGES) {
        for (const mode of ['', '&text=big', '&reach=low', '&theme=hc']) {
          await page.goto(`${address}?lang=${lang}${mode}`);
          const wrong = [...(await cutOff(page)), ...(await overlaps(page)), ...(await brokenBar(page))];
          if (wrong.length > 0) found[service + lang + mode] = wrong;
          if (mode === '') await picture(page, `${service}-${lang}-${width}`);
        }
        const [check, wait] = [page.locator('#identity'), page.locator('.two')];
        assert.equal(await check.count(), service === CHECKED ? 1 : 0);
        assert.equal(await wait.count(), service === CHECKED ? 0 : 1, 'no wait is told that nobody can know');
        await page.locator('#zone').waitFor();
      }
    }
    assert.deepEqual(found, {});
  });

  test(`kiosk: the bar at the top holds a long name and every date on ${width} x ${height}`, async (t) => {
    const page = await open(t, width, height);
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const lang of LANGUAGES) {
      await page.goto(`${office.kiosk}/?lang=${lang}`);
      const wrong = [...(await cutOff(page)), ...(await overlaps(page)), ...(await brokenBar(page))];
      if (wrong.length > 0) found[lang] = wrong;
      await picture(page, `home-${lang}-${width}`);
    }
    assert.deepEqual(found, {});
  });
}

test('phone: before the identity check it is nobody’s turn', async (t) => {
  const page = await open(t, 390, 844);
  const { id } = await office.issue(CHECKED);
  for (const lang of LANGUAGES) {
    await page.goto(`${office.url}/t/${id}?lang=${lang}`);
    await page.locator('#identity').waitFor();
    assert.equal(await page.locator('.nums').count(), 0);
    assert.deepEqual([...(await cutOff(page, { scrolls: true })), ...(await overlaps(page))], []);
    if (lang === 'vi') await picture(page, 'phone-unverified-vi');
  }
});
