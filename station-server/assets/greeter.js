// @ts-check
import { keepFresh } from './fresh.js';

keepFresh({ url: '/ws/v1/display', role: 'display', topic: 'board' });

const form = /** @type {HTMLFormElement} */ (document.getElementById('issue'));
const person = /** @type {HTMLInputElement | null} */ (document.getElementById('person'));

/** The number of a document is required where a chosen service always asks for it, unless its limits are overruled. */
function ask() {
  if (!person) return;
  const first = form.querySelector('input[name="service"]:checked');
  const also = first?.hasAttribute('data-together') ? form.querySelectorAll('input[name="then"]:checked') : [];
  const asks = [first, ...also].some((one) => one?.getAttribute('data-person') === 'always');
  const overrule = form.querySelector('input[name="overrule"]:checked');
  person.required = asks && !overrule;
}

form.addEventListener('change', ask);
ask();

/** Of several services with sessions only the chosen one shows its own. */
function showSessions() {
  const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector('input[name="service"]:checked'));
  for (const one of form.querySelectorAll('.gr-sessions')) {
    if (one instanceof HTMLElement) one.hidden = one.dataset.of !== chosen?.value;
  }
}

form.addEventListener('change', showSessions);
showSessions();

const number = /** @type {HTMLInputElement} */ (document.getElementById('number'));
const reroute = /** @type {HTMLFieldSetElement | null} */ (document.getElementById('reroute'));
const noReroute = document.getElementById('no-reroute');

/** Whoever has a seat in a session is put to no line: the letters of the number say so. */
function mayReroute() {
  if (!reroute || !noReroute) return;
  const series = number.value.trim().toUpperCase().replace(/\d.*$/, '');
  const isOfSession = series !== '' && (reroute.dataset.notFor ?? '').split(' ').includes(series);
  reroute.disabled = isOfSession;
  noReroute.textContent = isOfSession ? noReroute.dataset.words ?? '' : '';
}

number.addEventListener('input', mayReroute);
mayReroute();
