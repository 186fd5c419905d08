// @ts-check
import { keepFresh } from './fresh.js';

keepFresh({ url: '/ws/v1/display', role: 'display', topic: 'board' });

// One key for the next step: call, start, end.
addEventListener('keydown', (event) => {
  if (event.key !== 'F2' || event.repeat) return;
  const next = /** @type {HTMLButtonElement | null} */ (document.querySelector('[data-next]'));
  if (!next) return;
  event.preventDefault();
  next.click();
});
