// @ts-check
/**
 * Plays the chime and other sounds, one after the other, and says beforehand whether the browser will let it.
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
  /** What sounds now and waits to. @type {Promise<unknown>} */
  let last = Promise.resolve();

  /** @returns {Promise<SoundState>} */
  async function ready() {
    try {
      context ??= new AudioContext();
      if (context.state !== 'running') {
        // Where sound is refused this promise stays open until somebody touches the page.
        await Promise.race([context.resume(), new Promise((done) => setTimeout(done, START_MS))]);
      }
      chime ??= load(context, url);
      await chime;
      return context.state === 'running' ? 'ok' : 'refused';
    } catch (error) {
      chime = null;
      console.error('sound:', error);
      return 'fault';
    }
  }

  /**
   * @param {AudioContext} context
   * @param {string | URL} from
   */
  async function load(context, from) {
    const answer = await fetch(from);
    if (!answer.ok) throw new Error(`${from} answered ${answer.status}`);
    return context.decodeAudioData(await answer.arrayBuffer());
  }

  /**
   * @param {string} [other] a sound to play instead of the chime, which sounds where it cannot be had
   * @param {number} [volume] percent
   * @returns {Promise<SoundState>}
   */
  async function play(other, volume = 100) {
    const state = await ready();
    if (state !== 'ok' || !context || !chime) return state;
    const source = context.createBufferSource();
    const gain = context.createGain();
    gain.gain.value = volume / 100;
    source.buffer = await (other ? load(context, other).catch(() => chime) : chime);
    source.connect(gain).connect(context.destination);
    await new Promise((done) => {
      source.onended = done;
      source.start();
    });
    return 'ok';
  }

  return {
    /** Whether the chime could be played now; makes no sound. */
    selfTest: ready,

    /**
     * Plays the chime once, or another sound, after what sounds already; ends when it has sounded.
     * @param {string} [other] where that sound is
     * @param {number} [volume] percent
     * @returns {Promise<SoundState>}
     */
    play(other, volume) {
      const sounded = last.then(() => play(other, volume));
      last = sounded.catch(() => {});
      return sounded;
    },
  };
}
