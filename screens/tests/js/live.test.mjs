// Run: node --test screens/tests/js/
import { afterEach, beforeEach, mock, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect, LOST_MS, STALE_MS } from '../../assets/live.js';

/** The server's end of a connection. */
class FakeSocket {
  static OPEN = 1;
  static all = [];
  constructor(url) {
    this.url = String(url);
    this.readyState = 0;
    this.sent = [];
    FakeSocket.all.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.drop(); }
  accept() { this.readyState = 1; this.onopen(); }
  drop() { this.readyState = 3; this.onclose?.(); }
  say(message) { this.onmessage({ data: JSON.stringify({ v: 1, ...message }) }); }
}

const newest = () => FakeSocket.all.at(-1);
const event = (seq, prev, topic = 'calls', kind = 'call') => ({ topic, kind, seq, prev, data: seq });
const state = (seq, prev) => event(seq, prev, 'board', 'state');
/** Lets time pass in small steps, so that timers set by timers run at their time. */
const pass = (ms) => { for (let step = 0; step < ms; step += 100) mock.timers.tick(100); };
let reloads, messages, states, link;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  mock.method(Math, 'random', () => 1);
  FakeSocket.all = [];
  reloads = 0;
  messages = [];
  states = [];
  globalThis.WebSocket = FakeSocket;
  globalThis.location = { href: 'http://127.0.0.1:8080/hall', reload: () => { reloads += 1; } };
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  globalThis.addEventListener = window.addEventListener.bind(window);
  globalThis.removeEventListener = window.removeEventListener.bind(window);
  link = connect({
    url: '/ws/v1/display', role: 'display', hello: { device: 'hall' },
    onMessage: (message) => messages.push(message.data),
    onState: (state) => states.push(state),
  });
});

afterEach(() => {
  link.close();
  mock.timers.reset();
  mock.restoreAll();
});

test('it says hello first', () => {
  assert.equal(newest().url, 'ws://127.0.0.1:8080/ws/v1/display');
  newest().accept();
  assert.deepEqual(newest().sent, [
    { kind: 'hello', protocol: 1, role: 'display', device: 'hall', epoch: null, resume: null },
  ]);
});

test('after a break it resumes from the last message', () => {
  newest().accept();
  newest().say({ kind: 'welcome', topic: '', prev: 0, seq: 0, data: { epoch: 'e' } });
  newest().say(event(7, 0));
  newest().drop();
  mock.timers.tick(300);
  assert.equal(FakeSocket.all.length, 2);
  newest().accept();
  assert.deepEqual(newest().sent[0].resume, 7);
  assert.equal(newest().sent[0].epoch, 'e');
});

test('a hole is not shown but asked for, once', () => {
  newest().accept();
  newest().say(event(1, 0));
  newest().say(state(3, 0));
  newest().say(event(3, 2));
  newest().say(event(4, 3));
  assert.deepEqual(messages, [1, 3]);
  assert.equal(newest().sent.length, 2);
  assert.deepEqual(newest().sent[1].resume, 1);
  newest().say(event(2, 0));
  newest().say(event(3, 2));
  newest().say(event(3, 2));
  assert.deepEqual(messages, [1, 3, 2, 3]);
  assert.equal(newest().sent.length, 2);
});

test('a whole state is taken whatever came before', () => {
  newest().accept();
  newest().say(state(5, 0));
  newest().say(state(9, 7));
  newest().say(state(8, 7));
  newest().say(state(9, 0));
  assert.deepEqual(messages, [5, 9, 9]);
  assert.equal(newest().sent.length, 1);
});

test('silence makes it stale, then lost, and a frame live again', () => {
  newest().accept();
  newest().say(event(1, 0));
  mock.timers.tick(STALE_MS - 1);
  assert.deepEqual(states, ['live']);
  mock.timers.tick(1);
  assert.deepEqual(states, ['live', 'stale']);
  pass(LOST_MS - STALE_MS);
  assert.deepEqual(states, ['live', 'stale', 'lost']);
  assert.ok(FakeSocket.all.length > 1, 'a silent connection is replaced');
  pass(5_000);
  newest().accept();
  newest().say(event(2, 1));
  assert.deepEqual(states, ['live', 'stale', 'lost', 'live']);
});

test('a server never reached is stale and lost too', () => {
  newest().drop();
  pass(LOST_MS);
  assert.deepEqual(states, ['stale', 'lost']);
});

test('a connection that is open but silent is replaced again and again', () => {
  for (let round = 1; round < 5; round += 1) {
    assert.equal(FakeSocket.all.length, round);
    newest().accept();
    for (let ms = 0; ms < 2 * STALE_MS && FakeSocket.all.length === round; ms += 100) pass(100);
  }
});

test('tries again later and later, up to five seconds', () => {
  const waits = [];
  for (let round = 0; round < 7; round += 1) {
    const before = FakeSocket.all.length;
    newest().drop();
    let waited = 0;
    while (FakeSocket.all.length === before) { mock.timers.tick(100); waited += 100; }
    waits.push(waited);
  }
  assert.deepEqual(waits, [300, 600, 1200, 2400, 4800, 5000, 5000]);
});

test('a ping is answered and a broken frame is survived', () => {
  mock.method(console, 'error', () => {});
  newest().accept();
  newest().onmessage({ data: '{' });
  newest().say({ kind: 'ping' });
  assert.deepEqual(newest().sent[1], { kind: 'pong' });
  assert.deepEqual(messages, []);
});

test('another epoch reloads the page', () => {
  newest().accept();
  const welcome = (epoch) => ({ kind: 'welcome', topic: '', prev: 0, seq: 0, data: { epoch } });
  newest().say(welcome('a'));
  newest().say(welcome('a'));
  assert.equal(reloads, 0);
  newest().say(welcome('b'));
  assert.equal(reloads, 1);
});

test('what a page sends carries its fields beside the kind', () => {
  assert.equal(link.send('health', { devices: [] }), false);
  newest().accept();
  assert.equal(link.send('health', { devices: [] }), true);
  assert.deepEqual(newest().sent[1], { kind: 'health', devices: [] });
});

test('a closed link stays closed', () => {
  newest().accept();
  link.close();
  pass(LOST_MS * 2);
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(link.send('x'), false);
});
