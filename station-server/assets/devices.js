// @ts-check
/** Keeps the list of devices fresh for whoever stands at one of them with a screwdriver. */
import { refresh } from './swap.js';

const EVERY_MS = 2_000;

/** One question after the other, however long an answer takes. */
async function keepAsking() {
  if (!document.hidden) await refresh();
  setTimeout(keepAsking, EVERY_MS);
}

setTimeout(keepAsking, EVERY_MS);
