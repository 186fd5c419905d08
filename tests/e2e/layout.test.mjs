// @ts-check
/** Sizes: touch targets, nothing cut off in any language, page weights, quiet pages, no motion for who wants none. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { enter } from './lib/browser.mjs';
import { Demo, LANGUAGES } from './lib/demo.mjs';
import { cutOff, overlaps, spilled, waits } from './lib/layout.mjs';
import { context, demo, open, picture } from './lib/stage.mjs';

/** Least touch target of the kiosk. */
const TARGET_MM = 20;
/** And of the rating tablet. */
const TABLET_TARGET_PX = 56;
const KIOSK_BYTES_MAX = 100_000;
const PHONE_BYTES_MAX = 60_000;

before(async () => {
  // A hall with people in it: waits, ranges and numbers of several letters on every page.
  for (const service of ['resident-certificate', 'stay-extension', 'entry-exit-certificate', 'pick-up', 'enquiries']) {
    for (const language of LANGUAGES) await demo.issue(service, language);
  }
  for (const counter of ['1', '2', '3', '4', '5']) await demo.at(counter, 'call-next');
});

/**
 * @param {import('playwright-core').Page} page
 * @param {string[]} urls
 * @param {{scrolls?: boolean}} [how] whether the page may be longer than the window
 */
async function sweep(page, urls, how) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const url of urls) {
    await page.goto(url);
    // A window that was just resized may show the first page in its old size.
    await page.waitForFunction(
      (width) => innerWidth === width && matchMedia(`(width: ${width}px)`).matches,
      page.viewportSize()?.width,
    );
    // What hangs on the size by script follows with the next frame.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const cut = await cutOff(page, how);
    if (cut.length > 0) found[new URL(url).pathname + new URL(url).search] = cut;
  }
  assert.deepEqual(found, {});
}

/** @param {import('playwright-core').Page} page */
async function tooSmall(page) {
  return page.evaluate((leastMm) => {
    const pxPerMm = Number(getComputedStyle(document.documentElement).getPropertyValue('--px-per-mm'));
    if (!(pxPerMm > 1)) return [`--px-per-mm is ${pxPerMm}`];
    return [...document.querySelectorAll('button, a[href], input:not([type="hidden"]), summary, select')].flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      if (width === 0 && height === 0) return [];
      const [w, h] = [width / pxPerMm, height / pxPerMm];
      // The browser lays out in 64ths of a pixel.
      return w < leastMm - 1 / 64 / pxPerMm || h < leastMm - 1 / 64 / pxPerMm
        ? [`${one.className} "${one.textContent?.trim().slice(0, 30)}": ${w.toFixed(1)} x ${h.toFixed(1)} mm`]
        : [];
    });
  }, TARGET_MM);
}

const KIOSK_MODES = ['', '&theme=hc', '&text=big', '&reach=low', '&text=big&reach=low', '&class=priority'];

test('kiosk: nothing is cut off and every target is large, in ten languages and every mode', async (t) => {
  const page = await open(t, 1080, 1920);
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const lang of LANGUAGES) {
    for (const mode of KIOSK_MODES) {
      const query = `?lang=${lang}${mode}`;
      await page.goto(`${demo.kiosk}/${query}`);
      const wrong = [...(await tooSmall(page)), ...(await cutOff(page))];
      if (wrong.length > 0) found[query] = wrong;
    }
  }
  for (const query of ['', '?theme=hc&text=big', '?reach=low']) {
    await page.goto(`${demo.kiosk}/languages${query}`);
    const wrong = [...(await tooSmall(page)), ...(await cutOff(page))];
    if (wrong.length > 0) found[`languages${query}`] = wrong;
  }
  assert.deepEqual(found, {});
});

test('kiosk: the guide is not cut off and every target is large, in ten languages and every mode', async (t) => {
  const page = await open(t, 1080, 1920);
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const lang of LANGUAGES) {
    for (const mode of KIOSK_MODES) {
      for (const way of ['', '1', '12', '112', '6']) {
        const query = `?lang=${lang}${mode}&way=${way}`;
        await page.goto(`${demo.kiosk}/guide${query}`);
        const wrong = [...(await tooSmall(page)), ...(await cutOff(page)), ...(await overlaps(page))];
        if (mode.includes('reach=low')) {
          const high = await page.evaluate(() => [...document.querySelectorAll('main a, main button, footer a, footer button')]
            .filter((one) => one.getBoundingClientRect().top < innerHeight / 2).map((one) => `${one.textContent} is above the middle`));
          wrong.push(...high);
        }
        if (wrong.length > 0) found[query] = wrong;
      }
    }
  }
  assert.deepEqual(found, {});
});

/** Panels that kiosks are built with: 5:4, 16:10, 16:9, upright. */
const PANELS = [[1280, 1024], [1280, 800], [1366, 768], [1440, 900], [1920, 1080], [1080, 1920]];
/** The squarest, the lowest and the upright one, and an upright tablet, which is too small for full targets. */
const TIGHT_PANELS = [[1280, 1024], [1366, 768], [1080, 1920], [800, 1280]];
/** Short and long words, and the tallest script. */
const PANEL_LANGUAGES = ['zh-Hant-TW', 'vi', 'my'];

for (const [width, height] of PANELS) {
  test(`kiosk: everything has its place on ${width} x ${height}`, async (t) => {
    const page = await open(t, width, height);
    // What is shown is set below, and nothing from the station may change it back.
    await page.routeWebSocket(/\/live/, () => {});
    await page.goto(`${demo.kiosk}/`);
    await page.locator('button[name="service"][value="resident-certificate"]').click();
    await page.waitForURL(/\/ticket\//);
    const ticket = page.url().split('?')[0];
    /** @type {Record<string, string[]>} */
    const found = {};
    /** @param {string} what */
    const look = async (what) => {
      const wrong = [...(await tooSmall(page)), ...(await cutOff(page)), ...(await overlaps(page))];
      if (wrong.length > 0) found[what] = wrong;
    };
    for (const lang of PANEL_LANGUAGES) {
      for (const mode of KIOSK_MODES) {
        await page.goto(`${demo.kiosk}/?lang=${lang}${mode}`);
        await look(`home ${lang}${mode}`);
      }
      for (const mode of ['', '&theme=hc&text=big', '&reach=low']) {
        await page.goto(`${ticket}?lang=${lang}${mode}`);
        await look(`ticket ${lang}${mode}`);
        // The longest words a printer's trouble can have here: the page's own, twice.
        await page.locator('#paper').evaluate((paper) => {
          const words = [...paper.querySelectorAll('[lang]')].map((one) => one.outerHTML).join('');
          paper.outerHTML = `<div class="alert" id="paper" role="alert"><svg class="i"></svg><div>
            <p class="h">${words}</p><p class="hint">${words}${words}</p></div></div>`;
        });
        await look(`trouble ${lang}${mode}`);
      }
      await page.goto(`${demo.kiosk}/languages?lang=${lang}&text=big`);
      await look(`languages ${lang}`);
    }
    assert.deepEqual(found, {});
  });
}

for (const [width, height] of TIGHT_PANELS) {
  test(`kiosk: every card holds its own words on ${width} x ${height}, however long the waits are`, async (t) => {
    const page = await open(t, width, height);
    await page.routeWebSocket(/\/live/, () => {});
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const lang of LANGUAGES) {
      for (const mode of KIOSK_MODES) {
        await page.goto(`${demo.kiosk}/?lang=${lang}${mode}`);
        for (const kind of /** @type {const} */ (['as', 'range', 'none', 'closed'])) {
          await waits(page, kind);
          const wrong = await spilled(page);
          if (wrong.length > 0) found[`${lang}${mode} ${kind}`] = wrong;
        }
      }
    }
    assert.deepEqual(found, {});
  });
}

/** The most words, the tallest script, and what most visitors see. */
const LONG_LANGUAGES = ['zh-Hant-TW', 'en', 'fil', 'my'];

for (const services of [7, 9, 12]) {
  test(`kiosk: ${services} services have their place, none of them open yet`, async (t) => {
    const many = await Demo.withServices(services);
    t.after(() => many.stop());
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const [width, height] of [[1280, 800], [1366, 768], [1080, 1920]]) {
      const page = await open(t, width, height);
      await page.routeWebSocket(/\/live/, () => {});
      for (const lang of LONG_LANGUAGES) {
        for (const mode of KIOSK_MODES) {
          // From page to page as a visitor goes, until every service was there.
          const seen = new Set();
          let address = `${many.kiosk}/?lang=${lang}${mode}`;
          for (let part = 0; address; part += 1) {
            assert.ok(part < 5, 'the list ends');
            await page.goto(address);
            const wrong = [...(await tooSmall(page)), ...(await cutOff(page)), ...(await overlaps(page))];
            if (wrong.length > 0) found[`${width} x ${height} ${address}`] = wrong;
            for (const id of await page.locator('button[name="service"]').evaluateAll((all) => all.map((one) => one.getAttribute('value')))) seen.add(id);
            const next = await page.locator('.svcs a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
            address = next[0] ? many.kiosk + next[0] : '';
          }
          assert.equal(seen.size, services, `${width} x ${height} ${lang}${mode}`);
        }
      }
      await page.close();
    }
    assert.deepEqual(found, {});
  });
}

test('kiosk: the second page of services gives tickets and leads back', async (t) => {
  // Ends before the station does, and so does not miss it.
  const page = await open(t, 1080, 1920);
  const many = await Demo.withServices(9);
  t.after(() => many.stop());
  await page.goto(`${many.kiosk}/?lang=en&class=priority`);
  await page.getByRole('link', { name: 'Something else' }).click();
  await page.locator('button[name="service"][value="more-2"]').waitFor();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.locator('button[name="service"][value="resident-certificate"]').waitFor();
  assert.equal(await page.locator('button[name="class"]').getAttribute('aria-pressed'), 'true', 'what was chosen stays');
  await page.getByRole('link', { name: 'Something else' }).click();
  await page.locator('button[name="service"][value="more-2"]').click();
  await page.waitForURL(/\/ticket\//);
  assert.ok(!page.url().includes('part='), 'the next visitor begins on the first page');
});

test('kiosk: the low controls are in the lower half', async (t) => {
  const page = await open(t, 1080, 1920);
  await page.goto(`${demo.kiosk}/?reach=low`);
  const tops = await page
    .locator('button:visible')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top / innerHeight));
  assert.ok(tops.length > 5);
  assert.ok(Math.min(...tops) >= 0.5, String(Math.min(...tops)));
});

for (const [width, height] of [[1080, 1920], [800, 1280], [1280, 800], [1280, 1024], [1920, 1080]]) {
  test(`kiosk: the ticket’s page and the one behind it in ten languages on ${width} x ${height}`, async (t) => {
    const page = await open(t, width, height);
    // Somebody has to be ahead: a range takes the most room.
    for (const _ of Array(5)) await demo.issue('resident-certificate');
    await page.goto(`${demo.kiosk}/`);
    await page.locator('button[name="service"][value="resident-certificate"]').click();
    await page.waitForURL(/\/ticket\//);
    await page.locator('#paper .ar:not(.still)').waitFor();
    await page.locator('.two .v', { hasText: /\d{2}/ }).waitFor();
    await page.locator('.more').waitFor();
    const address = page.url().split('?')[0];
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const lang of LANGUAGES) {
      for (const mode of ['', '&text=big', '&reach=low']) {
        for (const behind of ['', '/more']) {
          await page.goto(`${address}${behind}?lang=${lang}${mode}`);
          const wrong = [...(await tooSmall(page)), ...(await cutOff(page)), ...(await overlaps(page))];
          if (wrong.length > 0) found[behind + lang + mode] = wrong;
        }
      }
    }
    assert.deepEqual(found, {});
  });
}

test('hall board and counter displays', async (t) => {
  const page = await open(t, 1920, 1080);
  await page.goto(`${demo.url}/hall`);
  await page.locator('.hero .n').waitFor();
  assert.deepEqual(await cutOff(page), []);
  // The words of every language on the amber row.
  const service = 'mainland-hk-macao';
  for (const lang of LANGUAGES) {
    const { number } = await demo.issue(service, lang);
    await demo.at('4', 'finish-and-next').catch(() => demo.at('4', 'call-next'));
    await demo.at('4', 'recall').catch(() => {});
    await page.goto(`${demo.url}/hall`);
    assert.deepEqual(await cutOff(page), [], `hall with ${number} in ${lang}`);
  }
  // Lying, standing, on a phone: in each the call stands above what is beside it, and nothing lies on anything else.
  for (const [width, height] of [[1920, 1080], [1080, 1920], [768, 1366], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await page.goto(`${demo.url}/hall`);
    const how = { scrolls: width === 390 };
    assert.deepEqual([...(await cutOff(page, how)), ...(await overlaps(page))], [], `hall on ${width} x ${height}`);
    const [hero, side] = await page.locator('.hero, .side').evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
    if (width < height) {
      assert.ok(hero.right - hero.left > 0.9 * width, `the call has the width of ${width} x ${height}`);
      assert.ok(side.top >= hero.bottom && side.right - side.left > 0.9 * width, `the waits are below it on ${width} x ${height}`);
    } else {
      assert.ok(side.left >= hero.right, 'the waits are beside it');
    }
    // What says that nothing is heard any more has its room as well.
    await page.locator('#chip').evaluate((chip) => chip.removeAttribute('hidden'));
    assert.deepEqual(await cutOff(page, how), [], `the warning on ${width} x ${height}`);
  }
  await page.setViewportSize({ width: 1280, height: 400 });
  await sweep(page, ['1', '4', '6'].map((counter) => `${demo.url}/counter-display/${counter}`));
});

test('hall board: the last number called keeps its letter where it is another than the row’s', async (t) => {
  const page = await open(t, 1920, 1080);
  const { id, number } = await demo.issue('resident-certificate');
  await demo.at('2', 'finish').catch(() => {});
  await demo.at('2', 'call', { ticket: id });
  await demo.at('2', 'start');
  await demo.at('2', 'transfer', { service: 'pick-up' });
  await demo.at('5', 'finish').catch(() => {});
  await demo.at('5', 'call', { ticket: id });
  await page.goto(`${demo.url}/hall`);
  await page.locator('.wt tr', { hasText: '領件' }).locator('td').first().getByText(number, { exact: true }).waitFor();
  for (const [width, height] of [[1920, 1080], [1080, 1920], [768, 1366], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await page.goto(`${demo.url}/hall`);
    for (const [longest, name] of [['W002', 'n4'], ['1000', 'n4'], ['W1000', 'n5']]) {
      await page.locator('.wt tbody td:nth-child(2)').evaluateAll((all, [text, name]) => {
        for (const one of all) one.innerHTML = `<span class="${name}">${text}</span>`;
      }, [longest, name]);
      await picture(page, `hall-${width}-${longest}`);
      const wrong = [...(await cutOff(page, { scrolls: width === 390 })), ...(await overlaps(page))];
      assert.deepEqual(wrong, [], `${longest} on ${width} x ${height}`);
    }
  }
});

test('console: wide, and as a dock of 380 px', async (t) => {
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/1');
  // The next visitor's row says the most: next, priority, and the longest language name.
  const { number } = await demo.issue('resident-certificate', 'id', { class: 'priority' });
  await page.locator('.ql li', { hasText: number }).waitFor();
  const tabs = ['waiting', 'held', 'no-show', 'station'];
  for (const counter of ['1', '6']) {
    await page.setViewportSize({ width: 1366, height: 768 });
    await sweep(page, tabs.map((tab) => `${demo.url}/console/${counter}?tab=${tab}`));
    await page.setViewportSize({ width: 380, height: 768 });
    await sweep(page, [`${demo.url}/console/${counter}?mode=dock`]);
  }
});

test('console: labels stay whole, and taking back lies on no action', async (t) => {
  const staff = await context(t, 1366, 768);
  const page = await enter(staff, `${demo.url}/`, '/console/2');
  await demo.issue('resident-certificate');
  await demo.at('2', 'open').catch(() => {});
  await demo.at('2', 'finish').catch(() => {});
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const state of ['called', 'serving', 'undo']) {
    if (state === 'called') await callSomebody('2');
    if (state === 'serving') await demo.at('2', 'start');
    for (const [width, height, query] of CONSOLES) {
      if (state === 'undo') {
        // Something can be taken back for a while after each finish.
        await demo.at('2', 'finish').catch(() => {});
        await callSomebody('2');
      }
      await page.setViewportSize({ width, height });
      for (const look of ['', '&lang=en', '&theme=hc', '&theme=hc&lang=en']) {
        await page.goto(`${demo.url}/console/2?${query}${look}`);
        await page.waitForFunction((wide) => innerWidth === wide, width);
        const wrong = [...(await brokenWords(page)), ...(await underToast(page)), ...(await cutOff(page, { scrolls: query === 'narrow' }))];
        if (wrong.length > 0) found[`${state} ${width} x ${height} ${query}${look}`] = wrong;
      }
    }
  }
  assert.deepEqual(found, {});
});

for (const [width, height] of [[1366, 768], [1280, 720]]) {
  test(`console ${width} x ${height}: the offer to take something back lies on nothing`, async (t) => {
    const staff = await context(t, width, height);
    const page = await enter(staff, `${demo.url}/`, '/console/2');
    await callSomebody('2');
    await demo.at('2', 'start').catch(() => {});
    await page.locator('.toast').waitFor();
    const gap = await page.evaluate(() => {
      const box = (/** @type {string} */ one) => /** @type {Element} */ (document.querySelector(one)).getBoundingClientRect();
      const toast = box('.toast');
      const used = [...document.querySelectorAll('#foot :is(button, summary, .hint), #middle *')];
      const covered = used.map((one) => one.getBoundingClientRect()).filter((one) => {
        const [width, height] = [one.width, one.height];
        const apart = one.right <= toast.left || one.left >= toast.right || one.bottom <= toast.top || one.top >= toast.bottom;
        return width > 0 && height > 0 && !apart;
      });
      return { covered: covered.length, below: innerHeight - toast.bottom };
    });
    assert.ok(gap.covered === 0 && gap.below >= 0, JSON.stringify(gap));
    assert.equal(await page.locator('#matters-add').isVisible(), true);
  });
}

/** Width, height and kind of the console's windows. @type {[number, number, string][]} */
const CONSOLES = [[1366, 768, ''], [1280, 800, ''], [380, 768, 'mode=dock'], [390, 844, ''], [800, 900, 'narrow']];

/** @param {string} counter */
async function callSomebody(counter) {
  await demo.issue('resident-certificate', 'vi', { class: 'priority' });
  await demo.at(counter, 'call-next').catch(() => {});
}

/** Labels of buttons that break although they are one word, or up to four Chinese characters. @param {import('playwright-core').Page} page */
function brokenWords(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, summary, a.bt, label.bt, .tabs a')].flatMap((one) => {
      const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      /** @type {string[]} */
      const broken = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? '';
        if (!/^(?:\p{Script=Han}{1,4}|[\p{Script=Latin}-]+)…?$/u.test(text) || !node.parentElement?.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const tops = new Set([...range.getClientRects()].filter((rect) => rect.width > 0).map((rect) => Math.round(rect.top)));
        if (tops.size > 1) broken.push(`"${text}" is on ${tops.size} lines`);
      }
      return broken;
    }));
}

/** Actions that the offer to take something back lies on. @param {import('playwright-core').Page} page */
function underToast(page) {
  return page.evaluate(() => {
    const toast = document.querySelector('.toast');
    const over = toast?.getBoundingClientRect();
    if (!toast || !over) return [];
    return [...document.querySelectorAll('#app :is(button, summary, a)')].flatMap((one) => {
      const { left, right, top, bottom, width } = one.getBoundingClientRect();
      if (width === 0 || toast.contains(one) || !one.checkVisibility()) return [];
      // What is scrolled out of its list is not under the offer.
      const list = one.closest('.ql')?.getBoundingClientRect();
      const ends = Math.min(bottom, list?.bottom ?? bottom);
      const covered = left < over.right && right > over.left && top < over.bottom && ends > over.top && ends > top;
      return covered ? [`the offer lies on "${one.textContent?.trim().slice(0, 30)}"`] : [];
    });
  });
}

test('visitor’s page on narrow screens, down to 320 px', async (t) => {
  const page = await open(t, 390, 844, { isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  const waiting = await demo.issue('enquiries', 'id');
  const called = await demo.issue('pick-up', 'my', { class: 'priority' });
  await demo.at('6', 'call', { ticket: called.id });
  for (const width of [390, 360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    const urls = [waiting, called].flatMap(({ id }) => LANGUAGES.map((lang) => `${demo.url}/t/${id}?lang=${lang}`));
    await sweep(page, [...urls, `${demo.url}/t/${waiting.id}?text=big&lang=fil`], { scrolls: true });
  }
});

/** Ten inches, seven inches. */
for (const [width, height] of [[1280, 800], [1024, 600]]) {
  test(`rating tablet in ten languages on ${width} x ${height}`, async (t) => {
    const page = await open(t, width, height);
    const counter = width === 1280 ? '3' : '5';
    await demo.at(counter, 'start');
    await demo.at(counter, 'finish');
    const address = `${demo.url}/rating/${counter}`;
    await page.goto(address);
    await page.locator('#score-5').waitFor();
    const id = await page.locator('input[name="ticket"]').getAttribute('value');
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const query of LANGUAGES.flatMap((lang) => [`?lang=${lang}`, `?lang=${lang}&why=${id}&score=1`])) {
      await page.goto(address + query);
      const wrong = [...(await cutOff(page)), ...(await overlaps(page)), ...(await underTablet(page))];
      if (wrong.length > 0) found[query] = wrong;
    }
    assert.deepEqual(found, {});
  });
}

/** What is smaller than a finger on a tablet. @param {import('playwright-core').Page} page */
function underTablet(page) {
  return page.evaluate((leastPx) =>
    [...document.querySelectorAll('button, a[href], summary, label.chip')].flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      const hidden = width === 0 || !one.checkVisibility();
      return hidden || (width >= leastPx && height >= leastPx) ? [] : [`"${one.textContent?.trim()}": ${width} x ${height} px`];
    }), TABLET_TARGET_PX);
}

test('closed kiosk on lying and standing panels', async (t) => {
  const closed = await Demo.withServices(6);
  t.after(() => closed.stop());
  await closed.post('/api/v1/day/close', {});
  for (const [width, height] of PANELS) {
    const page = await open(t, width, height);
    await sweep(page, PANEL_LANGUAGES.flatMap((lang) => [`${closed.kiosk}/?lang=${lang}`, `${closed.kiosk}/?lang=${lang}&theme=hc&text=big`]));
    const middle = await page.locator('main.k-notice').evaluate((notice) => {
      const boxes = [...notice.children].map((one) => one.getBoundingClientRect());
      const [left, right] = [Math.min(...boxes.map((b) => b.left)), Math.max(...boxes.map((b) => b.right))];
      return (left + right) / 2 / innerWidth;
    });
    if (width > height) assert.ok(Math.abs(middle - 0.5) < 0.02, `${width} x ${height}: ${middle}`);
    await page.close();
  }
});

test('chief, bench, front page and login', async (t) => {
  const staff = await context(t, 1440, 900);
  const page = await enter(staff, `${demo.url}/`, '/chief');
  const { day } = await demo.get('/api/v1/board');
  await sweep(page, ['', '?lang=en'].map((query) => `${demo.url}/chief${query}`), { scrolls: true });
  const rest = [`/chief/history?from=${day}&to=${day}`, `/chief/history?from=${day}&to=${day}&by=hour&lang=en`,
    '/chief/definitions?lang=en', '/chief/day', '/bench', '/bench?lang=en', '/', '/login', '/enrol', '/enrol?lang=en'];
  await sweep(page, rest.map((path) => demo.url + path), { scrolls: true });
  // What staff carry about is read on small screens as well.
  await page.setViewportSize({ width: 390, height: 844 });
  await sweep(page, ['/', '/login', '/chief', `/chief/history?from=${day}&to=${day}`].map((path) => demo.url + path), { scrolls: true });
});

/**
 * Bytes that a first visit transfers until the page is complete, as the browser counts them: every address once, for
 * what is fetched again is news.
 * @param {import('node:test').TestContext} t
 * @param {string} url
 */
async function weight(t, url) {
  const page = await open(t, 1080, 1920);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  /** @type {Map<string, string>} */
  const urls = new Map();
  /** @type {Map<string, number>} */
  const parts = new Map();
  cdp.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = urls.get(requestId);
    if (address) parts.set(address, (parts.get(address) ?? 0) + encodedDataLength);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  assert.ok(parts.size >= 8, [...parts.keys()].join('\n'));
  const bytes = [...parts.values()].reduce((sum, one) => sum + one);
  return { bytes, parts: [...parts].map((one) => one.join(' ')) };
}

test('the kiosk weighs at most 100 kB and the visitor’s page 60 kB', async (t) => {
  const kiosk = await weight(t, `${demo.kiosk}/?lang=my`);
  assert.ok(kiosk.bytes <= KIOSK_BYTES_MAX, `kiosk ${kiosk.bytes}\n${kiosk.parts.join('\n')}`);
  const { id } = await demo.issue('resident-certificate', 'my');
  const phone = await weight(t, `${demo.url}/t/${id}`);
  assert.ok(phone.bytes <= PHONE_BYTES_MAX, `phone ${phone.bytes}\n${phone.parts.join('\n')}`);
  t.diagnostic(`kiosk ${kiosk.bytes} bytes, visitor's page ${phone.bytes} bytes`);
});

test('nothing moves for who wants no motion', async (t) => {
  const staff = await context(t, 1366, 768, { reducedMotion: 'reduce' });
  const console_ = await enter(staff, `${demo.url}/`, '/console/1');
  const page = await staff.newPage();
  const { id } = await demo.issue('pick-up');
  await demo.at('5', 'finish-and-next').catch(() => {});
  for (const url of ['/', '/hall', '/counter-display/1', '/kiosk', '/bench', '/rating/1', `/t/${id}`]) {
    await page.goto(demo.url + url);
    assert.deepEqual(await moving(page), [], url);
  }
  assert.deepEqual(await moving(console_), []);
});

/** Animations that still run or repeat. @param {import('playwright-core').Page} page */
function moving(page) {
  return page.evaluate(() =>
    document.getAnimations().flatMap((one) => {
      const { duration, iterations } = one.effect?.getComputedTiming() ?? {};
      const moves = one.playState === 'running' && (iterations === Infinity || Number(duration) > 1);
      return moves ? [`${/** @type {any} */ (one).animationName ?? one.constructor.name} ${duration} ms`] : [];
    }),
  );
}
