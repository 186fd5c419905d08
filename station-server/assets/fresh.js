// @ts-check
/** Keeps a page that only shows fresh: each message of its topic asks for the page again, at most once a second. */
import { connect } from '/assets/live.js';
import { linkMarks } from './link.js';
import { refresh } from './swap.js';

const EVERY_MS = 1000;

/** @param {{url: string, role: string, hello?: Record<string, unknown>, topic: string, onLink?: (lost: boolean) => void}} options */
export function keepFresh({ url, role, hello, topic, onLink }) {
  const marks = linkMarks(onLink);
  let lastMs = 0;
  let waits = false;

  /** Many messages at once become one question. */
  function ask() {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      lastMs = Date.now();
      refresh();
    }, Math.max(0, lastMs + EVERY_MS - Date.now()));
  }

  return connect({
    url,
    role,
    hello,
    onMessage(message) {
      marks.heard();
      if (message.topic === topic) ask();
    },
    onState: marks.onState,
    onOpen: marks.onOpen,
  });
}
