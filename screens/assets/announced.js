// @ts-check
/**
 * Which calls this window has announced, so that loading the page again, or a display agent that was started again,
 * sounds nothing twice.
 *
 * Call ids grow, and only within one history of the station: after a restore they begin anew. The memory belongs to the
 * window, not to the browser: two boards beside each other both have to sound.
 *
 * @typedef {{history: string | null, call: number}} Call
 */

/**
 * @param {string} device which view of the window's display this is
 * @param {Pick<Storage, 'getItem' | 'setItem'>} [storage]
 */
export function createMemory(device, storage = sessionStorage) {
  const key = `announced/${device}`;
  /** @type {Call | null} */
  let last = recall();

  /** @returns {Call | null} */
  function recall() {
    try {
      const kept = JSON.parse(storage.getItem(key) ?? 'null');
      return typeof kept?.call === 'number' ? kept : null;
    } catch {
      // A browser that keeps nothing, or something that is not ours.
      return null;
    }
  }

  return {
    /**
     * Whether a call is to be announced now; it is not asked for a second time.
     * @param {Call} call
     */
    take({ history, call }) {
      if (last !== null && last.history === history && call <= last.call) return false;
      last = { history, call };
      try {
        storage.setItem(key, JSON.stringify(last));
      } catch {
        // Then it is known until the page is loaded again.
      }
      return true;
    },
  };
}
