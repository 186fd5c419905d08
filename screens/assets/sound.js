// @ts-check
/**
 * Plays the chime, and says beforehand whether the browser will let it.
 *
 * @typedef {'ok' | 'refused' | 'fault'} SoundState `refused`: sound needs a touch or key first;
 *   `fault`: no sound device or no file.
 */

/** How long a browser may take to start sound before that counts as a refusal. */
const START_MS = 1_000;

/**
 * @param {string | URL} [url]
 */
export function createSound(url = new URL('chime.wav', import.meta.url)) {
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {Promise<AudioBuffer> | null} */
  let chime = null;

  /** @returns {Promise<SoundState>} */
  async function ready() {
    try {
      context ??= new AudioContext();
      if (context.state !== 'running') {
        // Where sound is refused this promise stays open until somebody touches the page.
        await Promise.race([context.resume(), new Promise((done) => setTimeout(done, START_MS))]);
      }
      chime ??= load(context);
      await chime;
      return context.state === 'running' ? 'ok' : 'refused';
    } catch (error) {
      chime = null;
      console.error('sound:', error);
      return 'fault';
    }
  }

  /** @param {AudioContext} context */
  async function load(context) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return context.decodeAudioData(await answer.arrayBuffer());
  }

  return {
    /** Whether the chime could be played now; makes no sound. */
    selfTest: ready,

    /**
     * Plays the chime once, from the start; ends when it has sounded.
     * @returns {Promise<SoundState>}
     */
    async play() {
      const state = await ready();
      if (state !== 'ok' || !context || !chime) return state;
      const source = context.createBufferSource();
      source.buffer = await chime;
      source.connect(context.destination);
      await new Promise((done) => {
        source.onended = done;
        source.start();
      });
      return 'ok';
    },
  };
}
