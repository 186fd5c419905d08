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

/** Gives a number out for a service, and says which. @param {import('playwright-core').Page} page @param {string} service */
const issue = async (page, service) => {
  await page.locator(`input[name="service"][value="${service}"]`).check();
  const before = (await page.locator('.gr-done b').count()) ? await done(page) : null;
  await page.locator('#issue .lg-go').click();
  await page.waitForFunction((was) => {
    const now = document.querySelector('.gr-done b')?.textContent;
    return now && now !== was;
  }, before);
  return (await done(page)) ?? '';
};

test('who cannot be checked loses the number, and the visitor is told why', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  const number = await issue(page, 'identity-card');
  const visitor = (await page.locator('.gr-done a').getAttribute('href')) ?? '';
  const listed = page.locator('#unverified li', { hasText: number });
  await listed.locator('summary').click();
  await listed.locator('select[name="reason"]').selectOption('document_expired');
  await listed.locator('details button').click();
  await listed.waitFor({ state: 'detached' });
  assert.match((await page.locator('.gr-done').textContent()) ?? '', /已取消|作廢|取消/);
  const phone = await staff.newPage();
  await phone.goto(visitor);
  assert.match((await phone.locator('body').textContent()) ?? '', /過期|效期/);
});

test('a number that is put to a service with the check waits for it, and is counted where it will be called', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  const counter = await context(t, 1366, 768);
  const desk = await enter(counter, `${office.url}/`, '/console/2');
  const unchecked = async () => Number(/\d+/.exec((await desk.locator('.q .unchecked').textContent()) ?? '')?.[0]);
  const before = await unchecked();
  const number = await issue(page, 'transcript');
  await page.locator('#number').fill(number);
  await page.locator('#to').selectOption('seal');
  await page.locator('button[value="reroute"]').click();
  const listed = page.locator('#unverified li', { hasText: number });
  await listed.waitFor();
  await desk.waitForFunction((count) => document.querySelector('.q .unchecked')?.textContent?.includes(String(count)), before + 1);
  const upstairs = await enter(counter, `${office.url}/`, '/console/4');
  assert.equal(await upstairs.locator('.unchecked').count(), 0, 'nothing where no service asks for it');
  const chief = await enter(await context(t, 1366, 768), `${office.url}/`, '/chief');
  assert.match((await chief.locator('#kpi-0').textContent()) ?? '', new RegExp(`身分未核對\\s${before + 1}`));
  await listed.locator('.yes').click();
  await listed.waitFor({ state: 'detached' });
  await desk.waitForFunction((count) => document.querySelector('.q .unchecked')?.textContent?.endsWith(` ${count}`), before);
});

test('the front page leads to the board of each zone', async (t) => {
  const page = await (await context(t, 1366, 768)).newPage();
  await page.goto(`${office.url}/`);
  await page.locator('a[href="/hall?zone=2f"]').click();
  await page.getByText('2 樓 B 區').first().waitFor();
  assert.equal(await page.getByText('謄本證明').count(), 0, 'who waits on the first floor is not shown');
  const nowhere = await page.request.get(`${office.url}/hall?zone=9f`);
  assert.equal(nowhere.status(), 404);
});

test('a supervisor changes the rule for the day, of the station and of one zone, and takes it back', async (t) => {
  const page = await enter(await context(t, 1366, 768), `${office.url}/`, '/chief');
  await page.locator('#rules').click();
  const station = page.locator('section:has(#rules-station)');
  const now = station.locator('.in-force');
  assert.match((await now.textContent()) ?? '', /視同提早/);
  assert.equal(await station.locator('.ratio').first().isVisible(), false);
  await station.locator('select[name="rule"]').selectOption('ratio');
  await station.locator('input[name="priority"]').fill('1');
  await station.locator('input[name="regular"]').fill('4');
  await station.locator('button[value="change"]').click();
  await station.locator('button[value="plan"]').waitFor();
  assert.match((await now.textContent()) ?? '', /每叫 1 位優先號，再叫 4 位一般號/);
  assert.deepEqual(await violations(page), []);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/rules.png`, fullPage: true });
  await page.goto(`${office.url}/chief`);
  assert.match((await page.locator('#rules').textContent()) ?? '', /今日已變更/);

  await page.goto(`${office.url}/chief/rules`);
  const upstairs = page.locator('section:has(#rules-2f)');
  await upstairs.locator('select[name="rule"]').selectOption('fcfs');
  await upstairs.locator('button[value="change"]').click();
  await upstairs.locator('button[value="plan"]').waitFor();
  assert.match((await upstairs.locator('.in-force').textContent()) ?? '', /依取號先後/);
  assert.match((await now.textContent()) ?? '', /每叫 1 位優先號/, 'the rest of the station keeps its rule');

  // A zone without a rule of its own goes by the station's, whatever that is today.
  for (const [place, rule] of /** @type {const} */ ([
    [upstairs, /每叫 1 位優先號/],
    [station, /視同提早/],
  ])) {
    await place.locator('button[value="plan"]').click();
    await place.locator('button[value="plan"]').waitFor({ state: 'detached' });
    assert.match((await upstairs.locator('.in-force').textContent()) ?? '', rule);
  }
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

test('a number that is unknown stays in its field with its service', async (t) => {
  const staff = await context(t, 1280, 800);
  const page = await enter(staff, `${office.url}/`, '/greeter');
  await page.locator('#number').fill('A999');
  await page.locator('#to').selectOption('marriage');
  await page.locator('button[value="reroute"]').click();
  await page.locator('.lg-no[role="alert"]').waitFor();
  assert.equal(await page.locator('#number').inputValue(), 'A999');
  assert.equal(await page.locator('#to').inputValue(), 'marriage');
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/greeter.png`, fullPage: true });
});
