// @ts-check
/** The whole job in the browser: take a ticket, be called, be served, rate; the chief sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enter, press } from './lib/browser.mjs';
import { until } from './lib/demo.mjs';
import { complaints, context, demo, open } from './lib/stage.mjs';

/** The colour of the newest call. */
const AMBER = 'rgb(255, 201, 77)';


/** @param {import('playwright-core').Page} page */
async function numberOnPaper(page) {
  const number = await page.locator('.paper h1.n').textContent();
  assert.match(number ?? '', /^[A-Z]\d{3}$/);
  return /** @type {string} */ (number);
}

/**
 * @param {{language: string, counter: string, words: {kiosk: string, taken: string, hall: string, phone: string, asked: string, thanks: string}}} how
 * @param {import('node:test').TestContext} t
 */
async function wholeJob({ language, counter, words }, t) {
  const hallContext = await context(t, 1920, 1080);
  const visitors = await context(t, 390, 844);
  const kioskContext = await context(t, 1080, 1920, { hasTouch: true });
  const staff = await context(t, 1366, 768);
  const chiefs = await context(t, 1440, 900);

  const [hall, display, bench, rating, kiosk] = await Promise.all([
    hallContext.newPage(),
    hallContext.newPage(),
    hallContext.newPage(),
    visitors.newPage(),
    kioskContext.newPage(),
  ]);
  await Promise.all([
    hall.goto(`${demo.url}/hall`),
    display.goto(`${demo.url}/counter-display/${counter}`),
    bench.goto(`${demo.url}/bench`),
    rating.goto(`${demo.url}/rating/${counter}`),
    kiosk.goto(`${demo.kiosk}/`),
  ]);
  const console_ = await enter(staff, `${demo.url}/`, `/console/${counter}`);
  const chief = await enter(chiefs, `${demo.url}/`, '/chief');
  const before = await demo.get(`/api/v1/stats?from=${await today()}&to=${await today()}`);
  const papers = await bench.locator('.paper').count();
  const newest = papers > 0 ? await bench.locator('.paper b').first().textContent() : '';

  // One touch, and for another language one before it.
  if (language !== 'zh-Hant-TW') {
    await kiosk.locator(`button[name="lang"][value="${language}"]`).tap();
    await kiosk.waitForURL((url) => url.searchParams.get('lang') === language);
  }
  await kiosk.getByRole('heading', { level: 1, name: words.kiosk }).waitFor();
  await kiosk.locator('button[name="service"][value="resident-certificate"]').tap();
  await kiosk.waitForURL(/\/ticket\//);
  const number = await numberOnPaper(kiosk);
  assert.equal(await kiosk.locator('html').getAttribute('lang'), language);
  await kiosk.locator('.follow svg.qr').waitFor();
  await kiosk.locator('#paper').getByText(words.taken).waitFor();

  // The paper, from the bytes the printer got.
  const paper = bench.locator('.paper').first();
  await paper.locator('b', { hasNotText: newest || 'none' }).waitFor();
  const image = await paper.locator('img').evaluate(async (img) => {
    const picture = /** @type {HTMLImageElement} */ (img);
    await picture.decode();
    return { width: picture.naturalWidth, height: picture.naturalHeight };
  });
  assert.ok(image.width >= 384 && image.height > 400, JSON.stringify(image));

  // The visitor's page, found by the kiosk's ticket address, which carries the same id.
  const id = new URL(kiosk.url()).pathname.split('/')[2];
  const phone = await visitors.newPage();
  await phone.goto(`${demo.url}/t/${id}`);
  await phone.getByRole('heading', { level: 1, name: number }).waitFor();
  assert.equal(await phone.locator('html').getAttribute('lang'), language);

  // One key calls.
  await console_.locator('#do-call-next', { hasText: number }).waitFor();
  await console_.keyboard.press('F2');
  await console_.locator('.cur .n', { hasText: number }).waitFor();
  const hero = hall.locator('.hero');
  await hero.locator('.n', { hasText: number }).waitFor();
  assert.equal(await hero.locator('.cbox .c').textContent(), counter);
  assert.equal(await hero.evaluate((one) => getComputedStyle(one).backgroundColor), AMBER);
  await hero.getByText(words.hall.replace('{n}', number)).waitFor();
  await display.locator('.bar.call .n', { hasText: number }).waitFor();
  await bench.locator(`#led-${counter} code`, { hasText: number }).waitFor();
  await phone.locator('body.called').waitFor();
  await phone.getByRole('heading', { name: words.phone }).waitFor();
  assert.equal(await phone.locator('.k b').textContent(), counter);
  // The clerk sees that it is shown.
  await console_.getByText(/已顯示於 1 個看板/).waitFor();

  // Start and finish.
  await press(console_, 'F2', '#do-start');
  await console_.locator('.lab', { hasText: '服務中' }).waitFor();
  await display.locator('.bar:not(.call) .n', { hasText: number }).waitFor();
  await press(console_, 'Shift+F2', '#do-finish-and-next');
  await console_.locator('#undo .toast', { hasText: number }).waitFor();

  // The tablet asks; one touch answers.
  await rating.getByRole('heading', { level: 1, name: words.asked }).waitFor();
  await rating.locator('#score-5').click();
  await rating.getByRole('status').filter({ hasText: words.thanks }).waitFor();
  await phone.getByText(words.thanks).first().waitFor();

  // The chief sees it, without touching anything.
  const total = before.rows[0];
  const expected = { served: (total?.served ?? 0) + 1, ratings: (total?.rating.n ?? 0) + 1 };
  await chief.locator('.kpi', { hasText: `今日取號 ${expected.served} 張` }).waitFor();
  await chief.locator('.kpi', { hasText: `已叫號 ${expected.served} 張` }).waitFor();
  await chief.locator('.kpi', { hasText: new RegExp(`${expected.ratings} 份`) }).waitFor();

  // And the history of the day.
  await chief.goto(`${demo.url}/chief/history?from=${await today()}&to=${await today()}`);
  const after = await demo.get(`/api/v1/stats?from=${await today()}&to=${await today()}`);
  const [row] = after.rows;
  assert.deepEqual([row.served, row.rating.n], [expected.served, expected.ratings]);
  assert.equal(row.rating.counts.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b), row.rating.n);
  await chief.getByRole('table').first().waitFor();
  assert.match((await chief.locator('main').textContent()) ?? '', new RegExp(`\\b${expected.served}\\b`));
  complaints.assertNone();
}

/** The business day. */
async function today() {
  return (await demo.get('/api/v1/board')).day;
}

test('the whole job in Chinese', (t) =>
  wholeJob(
    {
      language: 'zh-Hant-TW',
      counter: '1',
      words: {
        kiosk: '請選擇要辦理的業務',
        taken: '請由下方取出號碼牌',
        hall: '{n} 請到 1 號櫃台',
        phone: '輪到您了',
        asked: '這次的服務，您滿意嗎？',
        thanks: '謝謝',
      },
    },
    t,
  ));

test('the whole job in Vietnamese', (t) =>
  wholeJob(
    {
      language: 'vi',
      counter: '2',
      words: {
        kiosk: 'Hôm nay quý vị cần làm gì?',
        taken: 'Lấy phiếu ở bên dưới',
        hall: 'Số {n}, mời đến quầy 2',
        phone: 'Đến lượt quý vị',
        asked: 'Quý vị có hài lòng',
        thanks: 'Cảm ơn',
      },
    },
    t,
  ));

test('a finish is undone within 8 seconds, and the figures are repaired', async (t) => {
  const staff = await context(t, 1366, 768);
  const console_ = await enter(staff, `${demo.url}/`, '/console/3');
  const { number } = await demo.issue('stay-extension');
  const served = async () => (await demo.get(`/api/v1/stats?from=${await today()}&to=${await today()}`)).rows[0].served;
  const before = await served();
  await console_.locator('#do-call-next', { hasText: number }).waitFor();
  await console_.keyboard.press('F2');
  await press(console_, 'F2', '#do-start');
  await press(console_, 'Shift+F2', '#do-finish-and-next');
  await console_.locator('#undo .toast', { hasText: `${number} 已完成` }).waitFor();
  assert.equal(await served(), before + 1);
  await console_.keyboard.press('Control+KeyZ');
  await console_.locator('.cur .n', { hasText: number }).waitFor();
  await console_.locator('.lab', { hasText: '服務中' }).waitFor();
  assert.equal(await served(), before);
  await press(console_, 'Shift+F2', '#do-finish-and-next');
  await console_.locator('#undo .toast', { hasText: `${number} 已完成` }).waitFor();
  assert.equal(await served(), before + 1);
});

test('a hold with a reason and a room, in whose field no key of the console acts', async (t) => {
  const counter = '6';
  await demo.at(counter, 'open').catch(() => {});
  const visitor = await demo.issue('mainland-hk-macao');
  await demo.at(counter, 'finish').catch(() => {});
  await demo.at(counter, 'call', { ticket: visitor.id, reason: 'other' });
  await demo.at(counter, 'start');
  const page = await enter(await context(t, 1280, 720), `${demo.url}/`, `/console/${counter}`);
  await page.locator('#hold-why-open').click();
  const room = page.locator('#hold-why input[name="room"]');
  await room.focus();
  await page.keyboard.type('2F/?');
  await page.keyboard.press('F2');
  assert.equal(await room.inputValue(), '2F/?');
  assert.equal((await demo.ticket(visitor.id)).state, 'serving');
  await room.fill('2F 拍照室');
  const panel = await page.locator('#hold-why .panel').boundingBox();
  assert.ok(panel && panel.y + panel.height <= 720, 'the panel is on the screen');
  await page.locator('#hold-why button[value="photo"]').click();
  await until('the visitor is held', async () => (await demo.ticket(visitor.id)).room === '2F 拍照室');
  await page.locator('#tab-held').click();
  const row = page.locator('#list-held li', { hasText: visitor.number });
  await row.getByText('2F 拍照室').waitFor();
  assert.match((await row.textContent()) ?? '', /拍照/);
});

test('the keypad on the bench calls and the rating pad rates', async (t) => {
  const staff = await context(t, 1440, 900);
  const { number, id } = await demo.issue('pick-up');
  const bench = await staff.newPage();
  await bench.goto(`${demo.url}/bench`);
  const desk = bench.getByRole('region', { name: '5 號櫃台' });
  await desk.getByRole('button', { name: '下一位' }).click();
  await bench.locator('#led-5 code', { hasText: number }).waitFor();
  await demo.at('5', 'start');
  await desk.getByRole('button', { name: '評價', exact: true }).click();
  await bench.locator('#pad-5 .asks').waitFor();
  await desk.locator('form.rate button[value="4"]').click();
  await until('the rating is there', async () => (await demo.ticket(id)).rated === true);
});

test('the whole job without script, by forms alone', async (t) => {
  const bare = { javaScriptEnabled: false };
  const staff = await context(t, 1366, 768, bare);
  const kiosk = await open(t, 1080, 1920, bare);
  await kiosk.goto(`${demo.kiosk}/?lang=vi`);
  await kiosk.locator('button[name="service"][value="entry-exit-certificate"]').click();
  await kiosk.waitForURL(/\/ticket\//);
  const number = await numberOnPaper(kiosk);
  const id = new URL(kiosk.url()).pathname.split('/')[2];

  const console_ = await enter(staff, `${demo.url}/`, '/console/4');
  await console_.locator('#do-call-next', { hasText: number }).click();
  await console_.locator('.cur .n', { hasText: number }).waitFor();

  const hall = await open(t, 1080, 1920, bare);
  await hall.goto(`${demo.url}/hall`);
  await hall.locator('.hero .n', { hasText: number }).waitFor();
  const phone = await open(t, 1080, 1920, bare);
  await phone.goto(`${demo.url}/t/${id}`);
  await phone.getByRole('heading', { name: 'Đến lượt quý vị' }).waitFor();

  await console_.locator('#do-start').click();
  await console_.locator('#do-finish').click();
  await console_.locator('#undo .toast', { hasText: number }).waitFor();
  const rating = await open(t, 1080, 1920, bare);
  await rating.goto(`${demo.url}/rating/4`);
  await rating.locator('#score-2').click();
  // A low score asks for reasons first.
  await rating.locator('input[value="waiting"]').check();
  await rating.locator('button[form="reasons"]').click();
  await rating.getByRole('status').filter({ hasText: 'Cảm ơn' }).waitFor();
  assert.equal((await demo.ticket(id)).rated, true);

  // Logging in with name and PIN, and the chief's figures.
  await staff.clearCookies();
  const chief = await staff.newPage();
  await chief.goto(`${demo.url}/chief`);
  await chief.waitForURL(/\/login/);
  await chief.locator('#pin').fill('1234');
  await chief.locator('#staff').fill('zhou');
  await chief.locator('.lg-go').click();
  await chief.waitForURL(/\/chief$/);
  await chief.locator('.kpi').first().waitFor();

  // The visitor without script may cancel, too.
  const other = await demo.issue('enquiries', 'en');
  await phone.goto(`${demo.url}/t/${other.id}`);
  await phone.locator('#cancel summary').click();
  await phone.locator('#cancel button').click();
  await phone.getByRole('heading', { name: /cancelled/i }).waitFor();
  assert.equal((await demo.ticket(other.id)).state, 'cancelled');
});
