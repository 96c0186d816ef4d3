// busy-page.js - a page with an animation, timers and clicks, beside which a graph runs; run by bench/busy.js.

import { open } from '../js/treadle.js';

const asked = new URLSearchParams(location.search);
const variant = asked.get('variant') ?? 'step';
const budget = Number(asked.get('budget') ?? 4);
const seconds = Number(asked.get('seconds') ?? 4);

const mover = /** @type {HTMLElement} */ (document.getElementById('mover'));
const target = /** @type {HTMLElement} */ (document.getElementById('target'));
const out = /** @type {HTMLElement} */ (document.getElementById('out'));

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] : NaN;
}

/** v = v + i for as long as it is let: the shortest loop, where every yield shows. */
const endless = {
  treadle: 1,
  variables: [{ id: 'v', type: 'float', value: 0 }],
  nodes: [
    { id: 'start', op: 'event/onStart', flows: { out: 'again' } },
    { id: 'again', op: 'flow/while', values: { condition: { from: 'on' } }, flows: { loopBody: 'loop' } },
    { id: 'on', op: 'math/eq', values: { a: 1, b: 1 } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 1000000 }, flows: { loopBody: 'set' } },
    { id: 'get', op: 'variable/get', config: { variable: 'v' } },
    { id: 'index', op: 'type/intToFloat', values: { a: { from: 'loop:index' } } },
    { id: 'add', op: 'math/add', values: { a: { from: 'get' }, b: { from: 'index' } } },
    { id: 'set', op: 'variable/set', config: { variables: ['v'] }, values: { v: { from: 'add' } } },
  ],
};

/** Instructions a millisecond of calls that nobody interrupts: what the machine gives when the page gets nothing. */
async function blocking() {
  const engine = await open({ variant: 'step', drive: 'manual' });
  const graph = await engine.load(endless);
  graph.start();
  let best = 0;
  for (let turn = 0; turn < 8; turn++) {
    const [before, begin] = [engine.stats.instructions, performance.now()];
    engine.turn(150);
    const rate = (engine.stats.instructions - before) / (performance.now() - begin);
    if (turn >= 3) best = Math.max(best, rate);
  }
  engine.close();
  return best;
}

/** An animation, timers of 20 ms, and clicks that come from outside. */
function watch() {
  const seen = { frames: /** @type {number[]} */ ([]), clicks: /** @type {number[]} */ ([]), late: /** @type {number[]} */ ([]) };
  let on = true;
  let last = 0;
  requestAnimationFrame(function frame() {
    if (!on) return;
    const now = performance.now();
    if (last) seen.frames.push(now - last);
    last = now;
    mover.style.transform = `translateX(${(now / 10) % 200}px)`;
    requestAnimationFrame(frame);
  });
  target.onclick = ({ timeStamp }) => seen.clicks.push(performance.now() - timeStamp);
  let due = performance.now() + 20;
  setTimeout(function timer() {
    if (!on) return;
    seen.late.push(performance.now() - due);
    due = performance.now() + 20;
    setTimeout(timer, 20);
  }, 20);
  return { seen, end: () => (on = false) };
}

const ceiling = await blocking();
const engine = await open({ variant, budget });
const graph = await engine.load(endless);
const run = graph.start();
await new Promise((resolve) => setTimeout(resolve, 1000)); // the compiler's best code, the frame clock's length
document.documentElement.dataset.ready = 'true'; // clicks may come
const { seen, end } = watch();
const [before, begin, yields] = [engine.stats.instructions, performance.now(), engine.stats.yields];
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
end();
const ms = performance.now() - begin;
const result = {
  variant,
  budget,
  throughput: (engine.stats.instructions - before) / ms / ceiling,
  fps: (seen.frames.length / ms) * 1000,
  frameP50: quantile(seen.frames, 0.5),
  frameP99: quantile(seen.frames, 0.99),
  clicks: seen.clicks.length,
  clickMax: quantile(seen.clicks, 1),
  clickP50: quantile(seen.clicks, 0.5),
  timerP95: quantile(seen.late, 0.95),
  yieldsPerSecond: ((engine.stats.yields - yields) / ms) * 1000,
};
run.stop();
engine.close();
out.textContent = JSON.stringify(result);
document.documentElement.dataset.done = 'true';
