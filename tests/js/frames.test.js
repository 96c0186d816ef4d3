// frames.test.js - keeping pace with frames, in a page that is made up: the grid of deadlines, who waits for a frame, hiding.
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** Lets all hops land. */
async function hops() {
  for (let i = 0; i < 6; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets timers fire until something holds. */
async function until(holds) {
  for (let tries = 0; tries < 1000 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

// A page whose frames come when the test says so, and whose clock stands still.
let now = 1000;
/** @type {((time: number) => void)[]} */
let asked = [];
const page = { hidden: false };
globalThis.document = page;
globalThis.requestAnimationFrame = (callback) => asked.push(callback);
globalThis.cancelAnimationFrame = () => (asked = []);
performance.now = () => now;
// Node's own would keep this process from ending.
globalThis.MessageChannel = class {
  port1 = { onmessage() {} };
  port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
};

const { Pace } = await import('../../js/drive.js');
const { runInFrames, stepInFrames } = await import('../../js/raf.js');

/** Shows a frame at a time. */
function frame(time) {
  now = time;
  const callbacks = asked;
  asked = [];
  for (const callback of callbacks) callback(time);
}

/** Frames until nobody asks for one. */
function rest() {
  for (let tries = 0; asked.length && tries < 10; tries += 1) frame(now + 1000 / 60);
  assert.equal(asked.length, 0, 'frames are asked for though nobody works');
}

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} should be ${b}`);
const SLOT = 1000 / 60 / 4;

test('slices end on a grid of four to a frame, from 1 ms after it', () => {
  const pace = new Pace(4);
  pace.deadline(now);
  frame(2000);
  near(pace.deadline(2002), 2001 + SLOT);
  near(pace.deadline(2001 + SLOT), 2001 + 2 * SLOT);
  near(pace.deadline(2010), 2001 + 3 * SLOT);
  rest();
});

test('a deadline is never less than a quarter of a slot away', () => {
  const pace = new Pace(4);
  pace.deadline(now);
  frame(3000);
  near(pace.deadline(3000.5), 3001 + SLOT);
  near(pace.deadline(3004.5), 3001 + 2 * SLOT);
  near(pace.deadline(3004), 3001 + SLOT);
  rest();
});

test('the budget says how many slots a frame has', () => {
  const pace = new Pace(8);
  pace.deadline(now);
  frame(4000);
  near(pace.deadline(4002), 4001 + 2 * SLOT);
  near(new Pace(16).deadline(4002), 4001 + 4 * SLOT);
  near(new Pace(50).deadline(4002), 4051);
  rest();
});

test('frames of another length are learned, one late frame is not', () => {
  const pace = new Pace(4);
  let time = 5000;
  const show = (length) => {
    pace.deadline(now);
    frame((time += length));
  };
  pace.deadline(now);
  frame(time);
  for (let i = 0; i < 12; i += 1) show(8);
  near(pace.length, 8);
  show(100);
  near(pace.length, 8);
  near(pace.deadline(time + 2), time + 5);
  for (let i = 0; i < 12; i += 1) show(1000 / 60);
  near(pace.length, 1000 / 60);
  rest();
});

test('a turn comes back by itself while no frame is due, and with the frame when one is', async () => {
  const pace = new Pace(4);
  let turns = 0;
  pace.deadline(now);
  frame(6000);
  now = 6010;
  pace.deadline(now);
  pace.next(() => (turns += 1));
  await hops();
  assert.equal(turns, 1);

  now = 6016.5;
  pace.deadline(now);
  pace.next(() => (turns += 1));
  await hops();
  assert.equal(turns, 1, 'a frame is due: it goes first');
  frame(6017);
  await hops();
  assert.equal(turns, 2);
  rest();
});

test('when frames have stopped the turn comes back all the same', async () => {
  const pace = new Pace(4);
  let turns = 0;
  pace.deadline(now);
  frame(7000);
  now = 7020;
  pace.deadline(now);
  pace.next(() => (turns += 1));
  await hops();
  assert.equal(turns, 0);
  await until(() => turns);
  assert.equal(turns, 1);
  rest();
});

test('a hidden page waits for no frame, and its slices keep to no grid', async () => {
  page.hidden = true;
  const pace = new Pace(4);
  let turns = 0;
  assert.equal(pace.deadline(8000), 8004);
  pace.next(() => (turns += 1));
  await hops();
  assert.equal(turns, 1);
  pace.tick(() => (turns += 1), 1);
  await until(() => turns === 2);
  assert.equal(turns, 2);
  page.hidden = false;
  rest();
});

test('ticks come with frames, and beats are their times', async () => {
  const pace = new Pace(4);
  let ticks = 0;
  pace.tick(() => (ticks += 1));
  await hops();
  assert.equal(ticks, 0);
  frame(9000);
  await hops();
  assert.equal(ticks, 1);
  pace.deadline(now);
  assert.equal(pace.beat(9003), 9000);
  rest();
});

test('an engine on another clock keeps to no frames', () => {
  assert.equal(new Pace(4, () => 5).deadline(5), 9);
  assert.equal(asked.length, 0);
});

test('runInFrames: one turn in every frame until it is stopped', () => {
  const turns = [];
  const stop = runInFrames({ turn: (ms) => turns.push(ms) > 0 }, 8);
  for (const time of [10_000, 10_016, 10_033]) frame(time);
  stop();
  rest();
  assert.deepEqual(turns, [8, 8, 8]);
});

test('stepInFrames: so many steps in every frame while the run is paused', () => {
  const steps = [];
  const run = { status: 'paused', step: (count) => (steps.push(count), (run.status = steps.length < 3 ? 'paused' : 'done'), count) };
  stepInFrames(run, 5);
  for (let i = 0; i < 6; i += 1) frame(11_000 + 16 * i);
  rest();
  assert.deepEqual(steps, [5, 5, 5]);
});
