// @ts-check
/** Starts and stops the real demo, the way a newcomer would, on free ports and in a data directory of its own. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM =
  process.env.STATION_SERVER ?? fileURLToPath(new URL('../../../target/debug/station-server', import.meta.url));

/**
 * A time zone in which it was about noon when the tests began: a station there has one business day for as long as they
 * last, and the same after a restart.
 */
export const ZONE_AT_NOON = (() => {
  const east = 12 - new Date().getUTCHours();
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
})();

const STATION_FILE = fileURLToPath(new URL('../../../station-config/demo.toml', import.meta.url));

/** How long one answer, the program's start and its end may take before something is wrong. */
const ANSWER_MS = 30_000;
const START_MS = 60_000;
const END_MS = 20_000;

export const LANGUAGES = ['zh-Hant-TW', 'en', 'vi', 'id', 'th', 'fil', 'my', 'km', 'ja', 'ko'];

/**
 * Waits until `look` gives something true, and gives that.
 * @template T
 * @param {string} what for the message when it never comes
 * @param {() => Promise<T | null | undefined | false>} look
 * @returns {Promise<T>}
 */
export async function until(what, look, forMs = 20_000) {
  const endMs = Date.now() + forMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > endMs) throw new Error(`not within ${forMs / 1000} s: ${what}`);
    await pause(50);
  }
}

/**
 * A port with two free ones behind it, for the station and its agents. Below those that the system lends to outgoing
 * connections: one of these could take an agent's port between the look and the start.
 */
async function threePorts() {
  for (;;) {
    const first = 20_000 + 3 * Math.floor(Math.random() * 3_000);
    const free = await Promise.all([0, 1, 2].map((offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

/** A demo station in its own process. */
export class Demo {
  /** @type {import('node:child_process').ChildProcess | null} */
  #process = null;
  #log = '';
  #data = '';
  /** The station file, where it is not the demo's. */
  #config = '';
  /** @type {string[]} */
  #more;
  /** Address of the station, of the kiosk's pages and of the display's pages, without a final slash. */
  url = '';
  kiosk = '';
  display = '';

  /** @param {string[]} more further arguments */
  constructor(more = []) {
    this.#more = more;
  }

  /** @param {string[]} more */
  static async start(...more) {
    const demo = new Demo(more);
    demo.#data = await mkdtemp(join(tmpdir(), 'station-e2e-'));
    await demo.run();
    return demo;
  }

  /**
   * A station as `serve` runs it: the demo's, with so many services and no devices. The first six are the demo's own,
   * the others have its longest names again.
   * @param {number} services 6 to 16
   */
  static async withServices(services) {
    return Demo.#serve((toml) => stationFile(toml, services));
  }

  /**
   * A station as `serve` runs it: the demo's without devices, with something else in its file.
   * @param {(toml: string) => string} edit
   */
  static async withFile(edit) {
    return Demo.#serve((toml) => edit(stationFile(toml, 6)));
  }

  /** @param {(toml: string) => string} file from the demo's file */
  static async #serve(file) {
    const demo = new Demo();
    demo.#data = await mkdtemp(join(tmpdir(), 'station-e2e-'));
    demo.#config = join(demo.#data, 'given.toml');
    await writeFile(demo.#config, file(await readFile(STATION_FILE, 'utf8')));
    await demo.run();
    return demo;
  }

  /** Starts the program, after a kill again at the same address, and waits until every device is well. */
  async run() {
    const listen = this.url ? new URL(this.url).host : `127.0.0.1:${await threePorts()}`;
    const args = this.#config
      ? ['serve', '--config', this.#config, '--with', 'kiosk']
      : ['demo', '--listen', listen, '--timezone', ZONE_AT_NOON, ...this.#more];
    const child = spawn(PROGRAM, [...args, '--data', this.#data], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    this.#process = child;
    child.stderr.on('data', (bytes) => (this.#log = (this.#log + bytes).slice(-20_000)));
    const gone = new Promise((_, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`the demo ended (${code ?? signal}):\n${this.#log}`)));
    });
    gone.catch(() => {});
    const address = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const found = /^http:\/\/\S+/.exec(line);
        if (found) return found[0].replace(/\/$/, '');
      }
      throw new Error('the demo printed no address');
    })();
    const late = pause(START_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no address after ${START_MS / 1000} s:\n${this.#log}`);
    });
    late.catch(() => {});
    this.url = /** @type {string} */ (await Promise.race([address, gone, late]));
    await Promise.race([this.#config ? this.#kioskReady() : this.#devicesReady(), gone]);
  }

  async #kioskReady() {
    this.kiosk = await until('the kiosk is connected', async () => {
      const { devices } = await this.get('/api/v1/devices');
      return devices.find((/** @type {any} */ d) => d.connected)?.page_url.replace(/\/$/, '');
    });
  }

  async #devicesReady() {
    const agents = await until('both agents and all their devices are well', async () => {
      const { devices } = await this.get('/api/v1/devices');
      const kiosk = devices.find((/** @type {any} */ d) => d.role === 'kiosk');
      const display = devices.find((/** @type {any} */ d) => d.role === 'display');
      const well = [kiosk, display].every(
        (agent) => agent?.connected && agent.devices.length > 0 && agent.devices.every((/** @type {any} */ d) => d.ok),
      );
      return well && { kiosk, display };
    }).catch((error) => {
      throw new Error(`${error.message}\n${this.#log}`);
    });
    this.kiosk = agents.kiosk.page_url.replace(/\/$/, '');
    this.display = agents.display.page_url.replace(/\/$/, '');
  }

  /** As a pulled plug would. The kernel ends the agents with it. */
  async kill() {
    await this.#end('SIGKILL');
  }

  async stop() {
    await this.#end('SIGTERM');
    await rm(this.#data, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', () => done(true)));
    child.kill(signal);
    if (await Promise.race([ended, pause(END_MS, false, { ref: false })])) return;
    child.kill('SIGKILL');
    throw new Error(`the demo went on for ${END_MS / 1000} s after ${signal}:\n${this.#log}`);
  }

  /** @param {string} path */
  async get(path, token = 'demo-chief') {
    const answer = await fetch(this.url + path, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /**
   * @param {string} path
   * @param {Record<string, unknown>} body
   * @returns {Promise<any>}
   */
  async post(path, body, token = 'demo-admin') {
    const answer = await fetch(this.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** @param {string} service @returns {Promise<{id: string, number: string}>} */
  issue(service, language = 'zh-Hant-TW', more = {}) {
    return this.post('/api/v1/tickets', { service, language, ...more }, 'demo-kiosk');
  }

  /** @param {string} counter @param {string} action @param {Record<string, unknown>} [body] */
  at(counter, action, body = {}) {
    return this.post(`/api/v1/counters/${counter}/${action}`, body, 'demo-counter');
  }

  /** @param {string} id @returns {Promise<any>} */
  ticket(id) {
    return this.get(`/api/v1/tickets/${id}`, 'demo-counter');
  }
}

/**
 * The demo's station file without its simulated devices, on free ports, with the demo's tokens and more services.
 * @param {string} toml
 * @param {number} services
 */
function stationFile(toml, services) {
  const own = [...toml.matchAll(/^\[\[service\]\]\nid = "([^"]+)"[^]*?(?=^\[\[(?:service|counter)\]\])/gm)];
  const longest = own.filter(([, id]) => ['resident-certificate', 'entry-exit-certificate', 'mainland-hk-macao'].includes(id));
  const letters = [...'BDEGIJMNOP'];
  const more = Array.from({ length: services - own.length }, (_, index) => {
    const [text, id] = longest[index % longest.length];
    return text.replace(`id = "${id}"`, `id = "more-${index}"`).replace(/letter = "."/, `letter = "${letters[index]}"`);
  });
  const ids = [...own.map(([, id]) => id), ...more.map((_, index) => `more-${index}`)];
  const tokens = ['chief', 'administrator'].map((role) => {
    const token = role === 'chief' ? 'demo-chief' : 'demo-admin';
    return `[[access.token]]\nname = "${token}"\nrole = "${role}"\ntoken_sha256 = "${createHash('sha256').update(token).digest('hex')}"\n`;
  });
  return [
    toml
      .replace(/^\[\[display\]\][^]*/m, '')
      .replace(/^printer = .*\n/m, '')
      .replace(/^listen = "127\.0\.0\.1:8081"/m, 'listen = "127.0.0.1:0"')
      .replace('timezone = "Asia/Taipei"', `timezone = "${ZONE_AT_NOON}"`)
      .replace('[rules]', 'listen = "127.0.0.1:0"\n\n[rules]')
      .replace(/(id = "6"\nskills = ).*/, `$1${JSON.stringify(ids)}`),
    ...more,
    ...tokens,
  ].join('\n');
}
