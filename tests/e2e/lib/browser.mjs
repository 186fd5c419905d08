// @ts-check
/** The browser of the tests: Debian's chromium, and pages that must stay silent. */
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { until } from './demo.mjs';

/** A condition that has not come by then does not come, milliseconds. */
export const PATIENCE_MS = 15_000;

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** What pages complained about: errors on the console (violations of the content security policy are among them). */
export class Complaints {
  /** @type {string[]} */
  #all = [];
  /** @type {RegExp[]} */
  #expected = [];

  /** @param {import('playwright-core').BrowserContext} context */
  watch(context) {
    context.on('console', (message) => {
      if (message.type() === 'error' || /Content.Security.Policy/i.test(message.text())) {
        this.#all.push(`${message.page()?.url()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#all.push(`${error.page()?.url()}: ${error.error()}`));
    return context;
  }

  /** Complaints that a test provokes on purpose. @param {RegExp} pattern */
  expect(pattern) {
    this.#expected.push(pattern);
  }

  /** Fails where a page complained since the last look. */
  assertNone() {
    const unexpected = this.#all.splice(0).filter((one) => !this.#expected.some((pattern) => pattern.test(one)));
    assert.deepEqual(unexpected, [], 'pages complained on the console');
  }
}

/**
 * A context whose pages are watched.
 * @param {import('playwright-core').Browser} browser
 * @param {Complaints} complaints
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function watched(browser, complaints, options = {}) {
  const context = complaints.watch(await browser.newContext({ locale: 'zh-TW', ...options }));
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/**
 * Enters a staff page of the demo through the front page, as a newcomer does.
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} front address of the front page
 * @param {string} next `/console/1`, `/chief`
 */
export async function enter(context, front, next) {
  const page = await context.newPage();
  await page.goto(front);
  const form = page.locator(`form[action="/demo/enter"]:has(input[name="next"][value="${next}"])`);
  await form.getByRole('button').click();
  await page.waitForURL((url) => url.pathname === next);
  return page;
}

/**
 * Presses a key of the console until what it acts on is gone: for a moment after a call or a start the console takes
 * nothing but an undo, so that a key pressed twice does not do two things.
 * @param {import('playwright-core').Page} page
 * @param {string} key
 * @param {string} gone
 */
export async function press(page, key, gone) {
  await page.locator(gone).waitFor();
  await until(`${key} acts`, async () => {
    if (await page.locator(gone).count() === 0) return true;
    await page.keyboard.press(key);
    return false;
  });
}
