// slices-page.js - how long slices of compiled code are in a page, and how long code-making holds it up; run by bench/slices.js.

import { open } from '../js/treadle.js';
import { readGraph } from './graph.js';

const seconds = Number(new URLSearchParams(location.search).get('seconds') ?? 3);
const BUDGET = 4;
const WARM_MS = 500;

/** Graphs that do not end while we look: the shortest loop, uneven ones, and ten thousand nodes a turn. */
const ENDLESS = [
  { name: 'nested', params: { n: 100_000 } },
  { name: 'collatz', params: { n: 2_000_000_000 } },
  { name: 'mandelbrot', params: { width: 1_000_000, height: 1_000_000, step: 2 ** -19 } },
  { name: 'nbody', params: { n: 2_000_000_000 } },
  { name: 'values', params: { n: 2_000_000_000 } },
];

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] : NaN;
}

/** Calls back in a task of its own, behind those that wait already. */
const { port1, port2 } = new MessageChannel();
/** @type {(() => void) | null} */
let waiting = null;
port1.onmessage = () => waiting?.();
const hop = () =>
  new Promise((done) => {
    waiting = () => done(undefined);
    port2.postMessage(0);
  });

const mover = /** @type {HTMLElement} */ (document.getElementById('mover'));
requestAnimationFrame(function frame(time) {
  mover.style.transform = `translateX(${(time / 10) % 200}px)`;
  requestAnimationFrame(frame);
});

/** Lengths of slices of 4 ms of one endless graph, each in a task of its own. */
async function slices({ name, params }) {
  const engine = await open({ variant: 'step', drive: 'manual' });
  const graph = await engine.load(await readGraph(name, params));
  await graph.compile();
  const run = graph.start({ runner: 'wasm' });
  const lengths = [];
  const begin = performance.now();
  for (let now = begin; now - begin < WARM_MS + (seconds * 1000) / ENDLESS.length; now = performance.now()) {
    const before = performance.now();
    const more = engine.turn(BUDGET);
    if (!more) throw new Error(`${name} came to an end`);
    if (now - begin > WARM_MS) lengths.push(performance.now() - before);
    await hop();
  }
  run.stop();
  engine.close();
  return { name, slices: lengths.length, p50: quantile(lengths, 0.5), p99: quantile(lengths, 0.99), max: quantile(lengths, 1) };
}

/** The longest time between two tasks while the code of ten thousand nodes is made, and how long that took in all. */
async function stops() {
  const engine = await open({ variant: 'step' });
  const graph = await engine.load(await readGraph('values', { n: 1 }));
  await new Promise((resolve) => setTimeout(resolve, 300)); // what loading left behind
  let [longest, last, done] = [0, performance.now(), false];
  const begin = last;
  const made = graph.compile().finally(() => (done = true));
  while (!done) {
    await hop();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  const { bytes, units } = await made;
  const ms = performance.now() - begin;
  engine.close();
  return { longest, ms, bytes, units };
}

const out = /** @type {HTMLElement} */ (document.getElementById('out'));
try {
  const all = [];
  for (const one of ENDLESS) all.push(await slices(one));
  const tries = [];
  for (let i = 0; i < 3; i++) tries.push(await stops());
  out.textContent = JSON.stringify({ slices: all, stops: tries });
} catch (error) {
  out.textContent = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
}
document.documentElement.dataset.done = 'true';
