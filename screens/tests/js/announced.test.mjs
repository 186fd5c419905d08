// Run: node --test screens/tests/js/
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createMemory } from '../../assets/announced.js';

/** One window's storage. */
function windowStorage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

const call = (id, history = 'h1') => ({ history, call: id });

test('a call is announced once, over any number of page loads', () => {
  const storage = windowStorage();
  assert.equal(createMemory('hall', storage).take(call(7)), true);
  for (let load = 0; load < 3; load += 1) {
    const memory = createMemory('hall', storage);
    assert.equal(memory.take(call(7)), false);
    assert.equal(memory.take(call(5)), false, 'older still');
  }
});

test('a recall is another call and is always announced', () => {
  const storage = windowStorage();
  createMemory('hall', storage).take(call(7));
  const memory = createMemory('hall', storage);
  assert.equal(memory.take(call(8)), true);
  assert.equal(memory.take(call(9)), true);
});

test('another history begins anew', () => {
  const storage = windowStorage();
  createMemory('hall', storage).take(call(700));
  const memory = createMemory('hall', storage);
  assert.equal(memory.take(call(3, 'h2')), true);
  assert.equal(memory.take(call(3, 'h2')), false);
});

test('another view, and another window, announce by themselves', () => {
  const storage = windowStorage();
  createMemory('hall', storage).take(call(7));
  assert.equal(createMemory('counter/1', storage).take(call(7)), true);
  assert.equal(createMemory('hall', windowStorage()).take(call(7)), true);
});

test('storage that refuses, or holds something else, loses no call', () => {
  const broken = {
    getItem: () => { throw new Error('no'); },
    setItem: () => { throw new Error('no'); },
  };
  const memory = createMemory('hall', broken);
  assert.equal(memory.take(call(7)), true);
  assert.equal(memory.take(call(7)), false);
  for (const text of ['{', '7', '{"call":"7"}', '[]']) {
    const odd = { getItem: () => text, setItem: () => {} };
    assert.equal(createMemory('hall', odd).take(call(1)), true, text);
  }
});
