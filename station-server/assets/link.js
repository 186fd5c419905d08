// @ts-check
/** Says on the page whether it is connected: `data-link` on the document, for its styles and its other modules. */

/** A connection that broke may be back at once, as after a reload of the server; longer than this is told. */
const REFUSED_MS = 2_000;

/**
 * Marks the page for `connect`: silence as it tells it, and a connection broken or refused without waiting for that.
 * @param {(lost: boolean) => void} [onLink] hears whether the page must be taken for out of date
 */
export function linkMarks(onLink = () => {}) {
  const root = document.documentElement;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let refused;

  /** @param {string} link */
  function mark(link) {
    if (root.dataset.link === link) return;
    root.dataset.link = link;
    onLink(link === 'stale' || link === 'lost');
  }

  return {
    /** @param {string} state */
    onState: (state) => mark(state),
    /** @param {boolean} open */
    onOpen: (open) => {
      if (!open) {
        refused ??= setTimeout(() => mark('lost'), REFUSED_MS);
        return;
      }
      clearTimeout(refused);
      refused = undefined;
    },
    /** Something came: the page is connected, whatever was thought before. */
    heard: () => mark('live'),
  };
}
