// @ts-check
/**
 * What every file of browser tests stands on: a demo station, a browser and pages that must stay silent. Importing it
 * starts both before the file's first test and ends them after its last.
 */
import { after, afterEach } from 'node:test';
import { Complaints, launch, watched } from './browser.mjs';
import { Demo } from './demo.mjs';

// Not in a hook: those of a file run at once with this one's, not after it.
export const [demo, browser] = await Promise.all([Demo.start(), launch()]);
export const complaints = new Complaints();

after(async () => {
  await browser.close();
  await demo.stop();
});
afterEach(() => complaints.assertNone());

/**
 * A watched context that ends with the test.
 * @param {import('node:test').TestContext} t
 * @param {number} width
 * @param {number} height
 * @param {import('playwright-core').BrowserContextOptions} [more]
 */
export async function context(t, width, height, more = {}) {
  const one = await watched(browser, complaints, { viewport: { width, height }, ...more });
  t.after(() => one.close());
  return one;
}

/**
 * A page of such a context.
 * @param {import('node:test').TestContext} t
 * @param {number} width
 * @param {number} height
 * @param {import('playwright-core').BrowserContextOptions} [more]
 */
export async function open(t, width, height, more = {}) {
  return (await context(t, width, height, more)).newPage();
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function picture(page, name) {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}
