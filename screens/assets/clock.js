// @ts-check
/**
 * Keeps the clocks of a page running on the server's time; importing it is enough.
 *
 * `data-clock="hm"`: the time of day (24 hours) in the zone `data-zone`.
 * `data-clock="since"`: minutes and seconds since `data-ms`, such as a service under way.
 * `data-clock="until"`: whole seconds until `data-ms`, never below 0, such as an undo.
 * `data-now-ms` on any of them is the server's time when the page was made.
 */

/** Server's time minus this browser's, in milliseconds. */
let offsetMs = 0;
/** Whether times since something stand still. */
let halted = false;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** The server's time now, as milliseconds since 1970. */
export function nowMs() {
  return Date.now() + offsetMs;
}

/**
 * Corrects the clocks by a time that has just come from the server.
 * @param {number} serverMs
 */
export function sync(serverMs) {
  offsetMs = serverMs - Date.now();
  tick();
}

/**
 * Stops the times since something, on a page that does not know any more whether it still goes on.
 * @param {boolean} stand
 */
export function halt(stand) {
  halted = stand;
  tick();
}

/** @param {number} ms */
export function mmss(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}

/**
 * The time of day in a zone, as `09:05`.
 * @param {number} ms
 * @param {string | undefined} zone
 */
export function hhmm(ms, zone) {
  const key = zone ?? '';
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
    formats.set(key, format);
  }
  return format.format(ms);
}

/** @param {HTMLElement} element */
function show(element) {
  const now = nowMs();
  const at = Number(element.dataset.ms);
  const { clock, zone } = element.dataset;
  if (halted && clock === 'since') return;
  const text =
    clock === 'since' ? mmss(now - at)
    : clock === 'until' ? String(Math.max(0, Math.ceil((at - now) / 1000)))
    : hhmm(now, zone);
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  for (const element of document.querySelectorAll('[data-clock]')) {
    if (element instanceof HTMLElement) show(element);
  }
}

/** Shows the time and comes back at the next full second of the server. */
function run() {
  tick();
  setTimeout(run, 1000 - (nowMs() % 1000));
}

const made = document.querySelector('[data-now-ms]');
if (made instanceof HTMLElement) {
  const [navigation] = performance.getEntriesByType('navigation');
  const arrived = navigation instanceof PerformanceNavigationTiming ? navigation.responseStart : 0;
  offsetMs = Number(made.dataset.nowMs) - (performance.timeOrigin + arrived);
}
run();
