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
