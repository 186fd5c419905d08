// @ts-check
/**
 * Keeps the list of devices fresh for whoever stands at one of them with a screwdriver, and copies lines for the station
 * file.
 */
import { refresh } from './swap.js';

const EVERY_MS = 2_000;

/** One question after the other, however long an answer takes. */
async function keepAsking() {
  if (!document.hidden) await refresh();
  setTimeout(keepAsking, EVERY_MS);
}

setTimeout(keepAsking, EVERY_MS);

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button[data-copy]') : null;
  const text = button instanceof HTMLButtonElement && document.getElementById(button.dataset.copy ?? '');
  if (!text) return;
  getSelection()?.selectAllChildren(text);
  // Pages without TLS have no other way to the clipboard. Where it is closed too, the lines are selected at least.
  if (document.execCommand('copy')) button.textContent = button.dataset.done ?? '';
});
