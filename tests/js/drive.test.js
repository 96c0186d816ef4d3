// drive.test.js - the way through the turns in Node: what is pending, what overtakes what, and when slices end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUDGET, Pace } from '../../js/drive.js';
import { eventually, wait } from './graphs.js';

test('where there are no frames a slice takes its budget', () => {
  assert.equal(new Pace().deadline(100), 100 + BUDGET);
  assert.equal(new Pace(7.5).deadline(100), 107.5);
});

test('next comes after what waits already, once', async () => {
  const pace = new Pace();
  const order = [];
  setImmediate(() => order.push('before'));
  pace.next(() => order.push('next'));
  pace.next(() => order.push('again'));
  await eventually(() => order.length === 2);
  await wait(10);
  assert.deepEqual(order, ['before', 'next']);
});

test('timers that are due are served between two turns', async () => {
  const pace = new Pace();
  let turns = 0;
  let fired = 0;
  const timer = setInterval(() => (fired += 1), 1);
  await new Promise((resolve) => {
    pace.next(function turn() {
      turns += 1;
      if (fired >= 5) resolve();
      else pace.next(turn);
    });
  });
  clearInterval(timer);
  assert.ok(turns > 5);
});

test('next overtakes a tick that is pending', async () => {
  const pace = new Pace();
  const order = [];
  pace.tick(() => order.push('tick'), 20);
  pace.next(() => order.push('next'));
  await wait(60);
  assert.deepEqual(order, ['next']);
});

test('a tick does not put off what comes soon', async () => {
  const pace = new Pace();
  const order = [];
  pace.next(() => order.push('next'));
  pace.tick(() => order.push('tick'), 5);
  await wait(40);
  assert.deepEqual(order, ['next']);
});

test('cancel forgets both', async () => {
  const pace = new Pace();
  pace.next(() => assert.fail('next'));
  pace.cancel();
  pace.tick(() => assert.fail('tick'), 1);
  pace.cancel();
  await wait(20);
});

test('beats stand still within a frame and go forward', () => {
  const pace = new Pace();
  assert.equal(pace.beat(0), 0);
  assert.equal(pace.beat(16), 0);
  assert.ok(Math.abs(pace.beat(17) - 1000 / 60) < 1e-9);
});

test('thousands of paces do not get in each other\'s way', async () => {
  const paces = Array.from({ length: 1000 }, () => new Pace());
  const seen = [];
  paces.forEach((pace, k) => pace.next(() => seen.push(k)));
  await eventually(() => seen.length === 1000);
  assert.deepEqual(seen, paces.map((_, k) => k));
});
