// @ts-check
/** Finds what does not fit: text beyond the window, beyond a box that clips it, or boxes with more than they can show. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** On a busy machine a page is drawn in its last shape later than its scripts know. */
const DRAWN_WITHIN_MS = 2_000;

/**
 * What is found of a page and stays: a window that was just resized may show a page in its old shape for a moment.
 * @template {unknown[]} More
 * @param {(page: import('playwright-core').Page, ...more: More) => Promise<string[]>} look
 */
const lasting = (look) => async (/** @type {import('playwright-core').Page} */ page, /** @type {More} */ ...more) => {
  const endMs = Date.now() + DRAWN_WITHIN_MS;
  let found = await look(page, ...more);
  while (found.length > 0 && Date.now() < endMs) {
    await pause(50);
    found = await look(page, ...more);
  }
  return found;
};

export const cutOff = lasting(cutOffNow);
export const overlaps = lasting(overlapsNow);
export const spilled = lasting(spilledNow);

/**
 * @param {import('playwright-core').Page} page
 * @param {{scrolls?: boolean}} [how] whether the page may be longer than the window; it may never be wider
 * @returns {Promise<string[]>}
 */
async function cutOffNow(page, { scrolls = false } = {}) {
  await page.evaluate(() => document.fonts.ready);
  return page.evaluate((scrolls) => {
    /** @type {string[]} */
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth} wide in ${root.clientWidth}`);
    /** @param {Element} one */
    const name = (one) => one.tagName.toLowerCase() + (one.id ? `#${one.id}` : '') + [...one.classList].map((c) => `.${c}`).join('');
    if (!scrolls && root.scrollHeight > root.clientHeight) {
      const beyond = [...document.querySelectorAll('body *')].filter((one) => {
        if (one.getBoundingClientRect().bottom <= root.clientHeight + 1) return false;
        for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
          if (getComputedStyle(at).overflowY !== 'visible' && getComputedStyle(one).position !== 'absolute') return false;
        }
        return true;
      });
      found.push(`page: ${root.scrollHeight} high in ${root.clientHeight}: ${beyond.slice(-3).map(name)}`);
    }
    /** @param {Element} one whether it is for assistive technology only: a clipped box of one pixel, by whatever name */
    const unseen = (one) => {
      for (let at = /** @type {Element | null} */ (one); at; at = at.parentElement) {
        const { width, height } = at.getBoundingClientRect();
        if (width <= 1 && height <= 1 && getComputedStyle(at).overflow === 'hidden') return true;
      }
      return one.closest('template, noscript, svg') !== null;
    };
    /** @param {Element} tile @param {Element} one whether a part of the tile with `one` in it can be scrolled */
    const scrollsWithin = (tile, one) => {
      for (let at = /** @type {Element | null} */ (one); at && at !== tile; at = at.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(at).overflowY)) return true;
      }
      return false;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.textContent?.trim();
      if (!text || !parent || unseen(parent) || !parent.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter((one) => one.width > 0 && one.height > 0);
      for (const rect of rects) {
        // Line boxes are taller than letters: only a third of the height tells that letters are cut.
        const slack = rect.height / 3;
        const box = { right: root.clientWidth, bottom: scrolls ? Infinity : root.clientHeight };
        let by = 'window';
        // A box that can be scrolled shows all of itself: whatever is around it does not cut what is in it.
        let [cutsX, cutsY] = [true, true];
        for (let at = /** @type {Element | null} */ (parent); at && at !== root; at = at.parentElement) {
          const { position, overflowX, overflowY } = getComputedStyle(at);
          const edge = at.getBoundingClientRect();
          cutsX &&= !['auto', 'scroll'].includes(overflowX);
          cutsY &&= !['auto', 'scroll'].includes(overflowY);
          if (cutsX && ['hidden', 'clip'].includes(overflowX) && edge.right < box.right) [box.right, by] = [edge.right, name(at)];
          if (cutsY && ['hidden', 'clip'].includes(overflowY) && edge.bottom < box.bottom) [box.bottom, by] = [edge.bottom, name(at)];
          if (position === 'fixed') break;
        }
        if (!cutsX) box.right = Infinity;
        if (!cutsY) box.bottom = Infinity;
        if (rect.right > box.right + 1.5 || rect.bottom > box.bottom + slack || rect.left < -1.5) {
          found.push(`"${text.slice(0, 40)}" in ${name(parent)} is cut by ${by}`);
          break;
        }
      }
      // Shortened with an ellipsis is cut as well.
      const style = getComputedStyle(parent);
      if (style.textOverflow === 'ellipsis' && parent.scrollWidth > parent.clientWidth + 1) {
        found.push(`"${text.slice(0, 40)}" in ${name(parent)} is shortened`);
      }
      // Words that leave their own button or tile.
      const tile = parent.closest('button, .more, .svc, .pc, .card, .cardd, .kpi, .paper, td, th');
      if (tile && getComputedStyle(tile).display !== 'inline' && !scrollsWithin(tile, parent)) {
        const edge = tile.getBoundingClientRect();
        const out = rects.find((one) => one.right > edge.right + 1.5 || one.left < edge.left - 1.5 || one.bottom > edge.bottom + one.height / 3 || one.top < edge.top - one.height / 3);
        if (out) found.push(`"${text.slice(0, 40)}" leaves ${name(tile)}`);
      }
    }
    return [...new Set(found)];
  }, scrolls);
}

/**
 * Finds what lies on something else: words, buttons and QR codes that share room without one being inside the other.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
async function overlapsNow(page) {
  await page.evaluate(() => document.fonts.ready);
  return page.evaluate(() => {
    /** @type {{name: string, of: Element, left: number, right: number, top: number, bottom: number}[]} */
    const things = [];
    const shown = (/** @type {Element} */ one) => one.checkVisibility({ visibilityProperty: true });
    for (const one of document.querySelectorAll('button, .more, svg.qr')) {
      if (!shown(one)) continue;
      const { left, right, top, bottom } = one.getBoundingClientRect();
      things.push({ name: `[${one.textContent?.trim().slice(0, 20)}]`, of: one, left, right, top, bottom });
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.textContent?.trim();
      if (!text || !parent || !shown(parent) || parent.closest('svg, noscript, template, .sr')) continue;
      if (parent.getBoundingClientRect().width <= 1) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const { left, right, top, bottom } of range.getClientRects()) {
        // Line boxes are taller than letters.
        const slack = (bottom - top) / 4;
        things.push({ name: `"${text.slice(0, 20)}"`, of: parent, left, right, top: top + slack, bottom: bottom - slack });
      }
    }
    /** @type {string[]} */
    const found = [];
    things.forEach((a, index) => {
      for (const b of things.slice(index + 1)) {
        if (a.of.contains(b.of) || b.of.contains(a.of)) continue;
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 2) found.push(`${a.name} and ${b.name} overlap`);
      }
    });
    return [...new Set(found)];
  });
}

/** The station's words by language and key. @type {Map<string, string>} */
const words = new Map();

/** One text of the product without placeables. @param {string} lang @param {string} key */
function text(lang, key) {
  if (!words.has(`${lang} ${key}`)) {
    const file = readFileSync(new URL(`../../../screens/texts/${lang}.ftl`, import.meta.url), 'utf8');
    for (const [, name, value] of file.matchAll(/^([a-z][a-z0-9-]*) = (.+)$/gm)) words.set(`${lang} ${name}`, value);
  }
  const found = words.get(`${lang} ${key}`);
  if (!found) throw new Error(`no text ${key} in ${lang}`);
  return found;
}

/**
 * Puts the same kind of wait on every service: what is on the page already, the longest usual range, that there is
 * almost none, or that no counter is open.
 * @param {import('playwright-core').Page} page
 * @param {'as' | 'range' | 'none' | 'closed'} kind
 */
export async function waits(page, kind) {
  if (kind === 'as') return;
  const lang = (await page.getAttribute('html', 'lang')) ?? '';
  const isChinese = lang === 'zh-Hant-TW';
  const say = {
    people: isChinese ? '等候 <b>28</b> 人' : `<svg class="i"></svg><b>28</b> <span class="lb">${text(lang, 'label-people')}</span>`,
    range: isChinese ? '<svg class="i"></svg>約 25–40 分' : `<svg class="i"></svg>25–40 ${text(lang, 'label-minutes')}`,
    none: text(lang, 'wait-none'),
    closed: text(lang, 'no-counter-open'),
  };
  await page.evaluate(({ kind, say }) => {
    for (const one of document.querySelectorAll('.svc')) {
      const [wait, note] = [one.querySelector('.w:not(.go)'), one.querySelector('.b')];
      if (!wait) continue;
      wait.classList.toggle('ok', kind === 'none');
      const people = `<span>${say.people}</span>`;
      wait.innerHTML = { none: say.none, range: `${people}<span class="e">${say.range}</span>`, closed: people }[kind];
      if (kind !== 'closed' || !note) continue;
      note.classList.add('note');
      note.textContent = say.closed;
    }
    dispatchEvent(new Event('resize'));
  }, { kind, say });
}

/**
 * Finds service cards that do not hold what is in them: words, signs or boxes beyond the card's own edges, a box with
 * more in it than it shows, names in too narrow a column.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
async function spilledNow(page) {
  await page.evaluate(() => document.fonts.ready);
  return page.evaluate(() => {
    /** @type {string[]} */
    const found = [];
    for (const card of document.querySelectorAll('.svc')) {
      const edge = card.getBoundingClientRect();
      const what = `"${card.querySelector('.a')?.textContent?.slice(0, 24)}"`;
      const box = card.parentElement?.getBoundingClientRect();
      if (box && (edge.bottom > box.bottom + 1 || edge.top < box.top - 1)) {
        found.push(`card ${what} leaves the list by ${Math.ceil(Math.max(edge.bottom - box.bottom, box.top - edge.top))}`);
      }
      if (card.scrollHeight > card.clientHeight + 1) found.push(`card ${what}: ${card.scrollHeight} high in ${card.clientHeight}`);
      if (card.scrollWidth > card.clientWidth + 1) found.push(`card ${what}: ${card.scrollWidth} wide in ${card.clientWidth}`);
      for (const one of card.querySelectorAll('*')) {
        const rect = one.getBoundingClientRect();
        // A run of words is as high as its font, whatever its lines are: the lines' own box is what counts.
        if (rect.width === 0 || rect.height === 0 || getComputedStyle(one).display === 'inline' || one.closest('svg') !== (one.tagName === 'svg' ? one : null)) continue;
        const out = Math.max(edge.top - rect.top, rect.bottom - edge.bottom, edge.left - rect.left, rect.right - edge.right);
        if (out > 1) found.push(`${one.className || one.tagName} of card ${what} leaves it by ${Math.ceil(out)}`);
      }
      const name = card.querySelector('.a')?.getBoundingClientRect();
      if (name && name.width > 0 && name.width < edge.width * 0.45) {
        found.push(`card ${what}: ${Math.round((100 * name.width) / edge.width)} % left for the name`);
      }
    }
    return found;
  });
}
