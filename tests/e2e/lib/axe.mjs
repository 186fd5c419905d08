// @ts-check
/** axe-core in a page, every rule on. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const AXE = require.resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Fails where axe-core finds a violation on the page as it is now.
 * @param {import('playwright-core').Page} page
 * @param {string} what
 */
export async function assertAccessible(page, what) {
  const found = await violations(page);
  assert.deepEqual(found, [], `${what} (${page.url()})`);
}

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
export async function violations(page) {
  await page.waitForLoadState('load');
  const cdp = await page.context().newCDPSession(page);
  try {
    // Contrast is judged on colours at rest: no fade that runs, and none that a change of the page starts meanwhile.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    if (!(await page.evaluate(() => 'axe' in globalThis))) {
      // Not a script element, which the pages' content security policy would refuse.
      const { readFile } = await import('node:fs/promises');
      await cdp.send('Runtime.evaluate', { expression: await readFile(AXE, 'utf8') });
    }
    return await page.evaluate(async (tags) => {
      const axe = /** @type {any} */ (globalThis).axe;
      const result = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
      return result.violations.flatMap((/** @type {any} */ one) =>
        one.nodes.map((/** @type {any} */ node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
      );
    }, TAGS);
  } finally {
    await page.emulateMedia({ reducedMotion: null });
    await cdp.detach();
  }
}
