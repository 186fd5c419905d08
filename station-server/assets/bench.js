// @ts-check
/** The device bench: forms are sent without leaving the page, digit keys fill the keypad's field. */
import { keepFresh } from './fresh.js';

keepFresh({ url: '/ws/v1/display', role: 'display', hello: { device: 'bench' }, topic: 'bench' });

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post' || !form.hasAttribute('data-stay')) return;
  event.preventDefault();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, event.submitter)) body.append(name, String(value));
  // The devices answer on their own line; the page hears of it as of any other change.
  fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(console.error);
  const digits = form.querySelector('input[name="digits"]');
  if (digits instanceof HTMLInputElement) digits.value = '';
});

document.addEventListener('click', (event) => {
  const key = event.target instanceof Element ? event.target.closest('[data-digit]') : null;
  const field = key?.closest('form')?.querySelector('input[name="digits"]');
  if (!(key instanceof HTMLElement) || !(field instanceof HTMLInputElement)) return;
  const digit = key.dataset.digit ?? '';
  field.value = digit === '' ? '' : (field.value + digit).slice(0, field.maxLength);
});

for (const key of document.querySelectorAll('[data-digit]')) key.removeAttribute('hidden');
