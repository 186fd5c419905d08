// @ts-check
/** axe-core, contrast included, on every page in every theme it offers, and where visitors choose in every language. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './lib/axe.mjs';
import { enter } from './lib/browser.mjs';
import { LANGUAGES, until } from './lib/demo.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';

const THEMES = ['light', 'dark', 'hc'];


/**
 * Looks at many addresses and reports all violations at once.
 * @param {import('playwright-core').Page} page
 * @param {string[]} urls
 * @param {(page: import('playwright-core').Page) => Promise<unknown>} [ready]
 */
async function sweep(page, urls, ready = async () => {}) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const url of urls) {
    await page.goto(url);
    await ready(page);
    for (const one of await violations(page)) found.set(one, [...(found.get(one) ?? []), new URL(url).pathname + new URL(url).search]);
  }
  assert.deepEqual(Object.fromEntries(found), {});
}

/** @param {string} base @param {string[]} [themes] */
const inThemes = (base, themes = THEMES) =>
  themes.map((theme) => `${base}${base.includes('?') ? '&' : '?'}theme=${theme}`);

test('front page and login', async (t) => {
  const page = await open(t, 1280, 900);
  await demo.issue('enquiries');
  await sweep(page, [`${demo.url}/`, ...inThemes(`${demo.url}/login?next=/chief`)]);
  await sweep(page, [`${demo.url}/login?next=/chief&refused=wrong_pin&staff=lin`]);
});

test('devices: what is connected, a new code, a refused one, enrolment', async (t) => {
  const staff = await context(t, 1280, 900);
  const page = await enter(staff, `${demo.url}/`, '/admin/devices');
  for (const path of ['/sheets', '/sheets?service=resident-certificate/card-lost&tick=true', '/admin/guide', '/admin/ticket', '/admin/devices']) {
    const looks = ['', `${path.includes('?') ? '&' : '?'}lang=en`];
    await sweep(page, looks.flatMap((query) => inThemes(`${demo.url}${path}${query}`)));
  }
  await page.locator('#device').fill('K1');
  await page.getByRole('button', { name: 'Make a code' }).click();
  const code = (await page.locator('.lg-code .code').textContent()) ?? '';
  assert.match(code, /^\d{8}$/);
  assert.deepEqual(await violations(page), []);
  await sweep(page, inThemes(`${demo.url}/enrol?lang=en`));
  complaints.expect(/422/);
  for (const [typed, answer] of [['00000000', '.lg-no'], [code, '.lg-code']]) {
    await page.goto(`${demo.url}/enrol`);
    await page.locator('#code').fill(typed);
    await page.locator('.lg-form .lg-go').click();
    await page.locator(answer).waitFor();
    assert.deepEqual(await violations(page), []);
  }
});

test('kiosk: first page, languages, modes', async (t) => {
  const page = await open(t, 1080, 1920);
  const langs = LANGUAGES.map((lang) => `${demo.kiosk}/?lang=${lang}`);
  const modes = ['theme=hc', 'text=big', 'reach=low', 'class=priority', 'theme=hc&text=big&reach=low'];
  await sweep(page, [
    ...langs,
    ...langs.map((url) => `${url}&theme=hc`),
    ...modes.flatMap((mode) => ['zh-Hant-TW', 'en', 'my'].map((lang) => `${demo.kiosk}/?lang=${lang}&${mode}`)),
    `${demo.kiosk}/languages`,
    `${demo.kiosk}/languages?theme=hc&text=big`,
  ]);
});

/** A question, one behind it, and two matters of the demo's guide: with remarks, and without papers. */
const WAYS = ['', '1', '12', '6'];

test('guide: on the kiosk and on the phone, in ten languages', async (t) => {
  const kiosk = await open(t, 1080, 1920);
  const modes = ['', '&theme=hc', '&text=big', '&reach=low'];
  await sweep(kiosk, LANGUAGES.flatMap((lang) => WAYS.map((way) => `${demo.kiosk}/guide?lang=${lang}&way=${way}`)));
  await sweep(kiosk, modes.flatMap((mode) => WAYS.map((way) => `${demo.kiosk}/guide?lang=vi&way=${way}${mode}`)));
  const phone = await open(t, 390, 844);
  await sweep(phone, LANGUAGES.flatMap((lang) => WAYS.map((way) => `${demo.url}/guide?lang=${lang}&way=${way}`)));
  await sweep(phone, [`${demo.url}/guide?service=resident-certificate`, `${demo.url}/guide?matter=card-lost`]);
});

test('kiosk: ticket in ten languages and both themes', async (t) => {
  const page = await open(t, 1080, 1920);
  await page.goto(`${demo.kiosk}/`);
  await page.locator('button[name="service"]').first().click();
  await page.waitForURL(/\/ticket\//);
  await page.locator('#paper .ar:not(.still)').waitFor();
  const address = page.url().split('?')[0];
  await sweep(
    page,
    LANGUAGES.flatMap((lang) => [`${address}?lang=${lang}`, `${address}?lang=${lang}&theme=hc&text=big`]),
  );
});

test('kiosk without paper says so, and where there is no ticket', async (t) => {
  const page = await open(t, 1080, 1920);
  complaints.expect(/no-ticket.*503/);
  /** @param {boolean} on */
  const paperOut = (on) =>
    fetch(`${demo.url}/bench/act`, {
      method: 'POST',
      headers: { origin: demo.url, accept: 'application/json' },
      body: new URLSearchParams({ do: 'printer', switch: 'paper-out', on: String(on) }),
    });
  t.after(() => paperOut(false));
  await paperOut(true);
  await until('the kiosk knows that there is no paper', async () => {
    const { devices } = await demo.get('/api/v1/devices');
    return devices.some((/** @type {any} */ one) => one.devices.some((/** @type {any} */ d) => d.status === 'paper_out'));
  });
  await page.goto(`${demo.kiosk}/`);
  await page.locator('button[name="service"]').first().click();
  await page.waitForURL(/\/ticket\//);
  await page.locator('#paper[role="alert"]').waitFor();
  const address = page.url().split('?')[0];
  await sweep(page, [address, `${address}?lang=vi&theme=hc`]);
  await sweep(page, [`${demo.kiosk}/no-ticket`, `${demo.kiosk}/no-ticket?lang=th&theme=hc`]);
  const chief = await enter(page.context(), `${demo.url}/`, '/chief');
  await chief.locator('#attention li', { hasText: '沒有紙' }).waitFor();
  assert.deepEqual(await violations(chief), []);
});

test('hall board: nobody called, one call, many calls', async (t) => {
  const page = await open(t, 1920, 1080);
  await sweep(page, [`${demo.url}/hall`]);
  await demo.issue('resident-certificate', 'th');
  await demo.at('1', 'call-next');
  await page.locator('.hero .n').waitFor();
  assert.deepEqual(await violations(page), []);
  for (const [counter, service] of [
    ['3', 'stay-extension'],
    ['4', 'mainland-hk-macao'],
    ['5', 'pick-up'],
    ['6', 'enquiries'],
  ]) {
    await demo.issue(service, 'en');
    await demo.at(counter, 'call-next');
  }
  await until('five numbers are on the board', async () => (await demo.get('/api/v1/board')).calls.length >= 5);
  await page.goto(`${demo.url}/hall`);
  assert.deepEqual(await violations(page), []);
  for (const counter of ['1', '3', '4', '5', '6']) {
    await demo.at(counter, 'start');
    await demo.at(counter, 'finish');
  }
});

test('counter display and console in every state, rating tablet from question to thanks', async (t) => {
  const display = await open(t, 1280, 400);
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/2');
  const consoles = [
    ...inThemes(`${demo.url}/console/2`),
    `${demo.url}/console/2?mode=dock`,
    ...['held', 'no-show', 'station'].map((tab) => `${demo.url}/console/2?tab=${tab}`),
  ];
  /** @param {string} state @param {string} sign */
  const look = async (state, sign) => {
    await display.goto(`${demo.url}/counter-display/2`);
    await display.locator(sign).first().waitFor();
    assert.deepEqual(await violations(display), [], `display: ${state}`);
    await sweep(console_, consoles);
  };
  await look('idle', '.bar:not(.call):not(.dim)');
  const { id } = await demo.issue('entry-exit-certificate', 'ja');
  await demo.issue('entry-exit-certificate', 'vi', { class: 'priority' });
  await sweep(console_, consoles);
  await demo.at('2', 'call-next');
  await look('called', '.bar.call');
  await console_.goto(`${demo.url}/console/2`);
  for (const opened of ['#transfer summary', '#menu summary']) {
    const summary = console_.locator(opened).first();
    if (await summary.count()) {
      await summary.click();
      assert.deepEqual(await violations(console_), [], `console: ${opened} open`);
      await console_.keyboard.press('Escape');
    }
  }
  await demo.at('2', 'start');
  await look('serving', '.bar:not(.call):not(.dim) .n');
  const rating = await open(t, 1280, 800);
  await sweep(rating, inThemes(`${demo.url}/rating/2`));
  await demo.at('2', 'finish');
  await sweep(
    rating,
    LANGUAGES.map((lang) => `${demo.url}/rating/2?lang=${lang}`),
    (page) => page.locator('#score-5').waitFor(),
  );
  await sweep(rating, inThemes(`${demo.url}/rating/2`), (page) => page.locator('#score-5').waitFor());
  await sweep(rating, inThemes(`${demo.url}/rating/2?why=${id}&score=1`), (page) => page.locator('#reasons').waitFor());
  await sweep(rating, inThemes(`${demo.url}/rating/2?thanks=1`));
  await demo.at('2', 'pause', { reason: 'lunch', minutes: 30 });
  await look('paused', '.bar.dim');
  await demo.at('2', 'close');
  await look('closed', '.bar.dim');
  await demo.at('2', 'open');
});

test('visitor’s page in every state and language', async (t) => {
  const page = await open(t, 390, 844);
  complaints.expect(/\/t\/\S+: .*404/);
  const at = async (/** @type {{id: string}} */ { id }) =>
    sweep(page, [
      ...LANGUAGES.map((lang) => `${demo.url}/t/${id}?lang=${lang}`),
      ...inThemes(`${demo.url}/t/${id}`),
      `${demo.url}/t/${id}?lang=en&text=big&theme=dark`,
    ]);
  await demo.issue('mainland-hk-macao');
  const visitor = await demo.issue('mainland-hk-macao', 'fil');
  await at(visitor);
  await demo.at('4', 'call', { ticket: visitor.id });
  await at(visitor);
  await demo.at('4', 'start');
  await sweep(page, inThemes(`${demo.url}/t/${visitor.id}`));
  await demo.at('4', 'finish');
  await at(visitor);
  await demo.post('/api/v1/ratings', { ticket: visitor.id, score: 5 });
  await sweep(page, inThemes(`${demo.url}/t/${visitor.id}`));
  const leaving = await demo.issue('enquiries', 'km');
  await demo.post(`/api/v1/tickets/${leaving.id}/cancel`, {});
  await at(leaving);
  await at({ id: '00000000-0000-7000-8000-000000000000' });
});

test('chief: live, history, definitions, day', async (t) => {
  const staff = await context(t, 1440, 900);
  const chief = await enter(staff, `${demo.url}/`, '/chief');
  const { day } = await demo.get('/api/v1/board');
  await sweep(chief, [
    ...inThemes(`${demo.url}/chief`),
    `${demo.url}/chief?lang=en`,
    ...inThemes(`${demo.url}/chief/history?from=${day}&to=${day}`),
    ...['service', 'class', 'counter', 'staff', 'hour', 'day'].map(
      (by) => `${demo.url}/chief/history?from=${day}&to=${day}&by=${by}&lang=en`,
    ),
    `${demo.url}/chief/history?from=2020-01-01&to=2020-01-02`,
    ...inThemes(`${demo.url}/chief/definitions`),
    ...inThemes(`${demo.url}/chief/day`),
  ]);
});

test('device bench', async (t) => {
  const page = await open(t, 1440, 900);
  await page.goto(`${demo.url}/bench`);
  await sweep(page, [...inThemes(`${demo.url}/bench`), `${demo.url}/bench?lang=en`]);
});

test('pages of mistakes', async (t) => {
  complaints.expect(/: .*(404|403)/);
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/1');
  await sweep(page, [`${demo.url}/console/99`, `${demo.url}/rating/99`, `${demo.url}/console/1?refused=wrong_state`]);
  // A page, not bare text, for whoever mistypes an address or may not see what they ask for.
  for (const address of ['/nowhere', '/chief']) {
    const answer = await page.goto(demo.url + address);
    assert.match(answer?.headers()['content-type'] ?? '', /^text\/html/, address);
    assert.deepEqual(await violations(page), [], address);
  }
});
