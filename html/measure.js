// measure.js - runs one graph in one variant by one runner and measures it; what the compare page fills its tables with.
import { open } from '../js/treadle.js';
import { Meter, median, quantile } from './meter.js';

/**
 * One measurement: the graph, as often as it goes into LENGTH.
 * @typedef {object} Row
 * @property {string} variant
 * @property {string} runner
 * @property {number} loadTime ms
 * @property {number} compileTime ms; NaN where nothing is compiled beforehand
 * @property {number} runTime ms, of one run
 * @property {number} fuel of one run; NaN where it is not counted
 * @property {Record<string, number>} runners how much fuel each runner had, by name
 * @property {number} yields of one run
 * @property {number} longestSlice ms
 * @property {number} yieldCost ms; NaN where nothing yields, or where it was not measured
 * @property {number[]} frames ms between frames
 * @property {number[] | null} longTasks ms; null where the browser does not tell
 * @property {number[]} clicks ms that they waited
 * @property {string} whole status and hash of a run to its end; '' where none was made
 * @property {string} part the same after PART fuel; '' where it cannot be ended there
 */

/** Milliseconds of calm before and after, so that neither a load nor an end is measured. */
const CALM = 100;

/** So long (ms) it runs at least, again and again: a few frames say nothing. */
const LENGTH = 400;

/** Fuel after which all are compared, and as far as the walker goes: it would take half a minute for the whole. */
export const PART = 200_000;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {object} what
 * @param {string} what.variant
 * @param {string} what.runner
 * @param {string} what.text of the graph
 * @param {string} what.name
 * @param {Record<string, any>} what.set
 * @param {number} what.budget
 * @param {AbortSignal} what.signal
 * @param {import('./meter.js').Clicker} what.clicker
 * @param {(time: number, interval: number) => void} what.onFrame
 * @returns {Promise<Row>}
 */
export async function measure({ variant, runner, text, name, set, budget, signal, clicker, onFrame }) {
  const wasm = await fetchModule(variant, signal);
  const begin = performance.now();
  const engine = await open({ variant, budget, wasm });
  try {
    const graph = await engine.load(text, { name });
    const loadTime = performance.now() - begin;
    const options = /** @type {import('../js/run.js').StartOptions} */ ({ runner, set, clock: 'virtual', until: 'quiet', signal });
    const prepared = performance.now();
    await graph.prepare(options);
    const compileTime = ['wasm', 'structured', 'scheduler'].includes(runner) ? performance.now() - prepared : NaN;
    if (!isBounded(runner)) await graph.start(options); // browsers optimise it after a call has returned, and this is one call
    const meter = new Meter(clicker, onFrame);
    await wait(CALM);
    signal.throwIfAborted();
    const reports = await runAgain(graph, runner === 'walk' ? { ...options, fuel: PART } : options, meter);
    const felt = await meter.end();
    const { yields, longestSlice } = engine.stats;
    const [{ status, resultHash, fuel }] = reports;
    const said = `${status} ${resultHash}`;
    const part = runner === 'walk' ? said : isBounded(runner) ? await partOf(graph, options) : '';
    const yieldCost = variant !== 'plain' && ['vm', 'wasm'].includes(runner) ? await costOfYield(engine, graph, options) : NaN;
    await wait(CALM);
    return {
      variant, runner, loadTime, compileTime, part, yieldCost, longestSlice,
      runTime: felt.time / reports.length,
      fuel: isBounded(runner) ? fuel : NaN,
      runners: sumOf(reports),
      yields: yields / reports.length,
      frames: felt.frames, longTasks: felt.longTasks, clicks: felt.clicks,
      whole: runner === 'walk' ? '' : said,
    };
  } finally {
    engine.close();
  }
}

/** Whether a runner counts fuel and can be ended by it: structured code has no way out. @param {string} runner */
export const isBounded = (runner) => runner !== 'structured';

/**
 * @param {import('../js/graph.js').Graph} graph
 * @param {import('../js/run.js').StartOptions} options
 * @param {Meter} meter
 */
async function runAgain(graph, options, meter) {
  const reports = [];
  const begin = meter.begin();
  do {
    reports.push(await graph.start(options));
  } while (performance.now() - begin < LENGTH);
  return reports;
}

/**
 * What a run has come to after PART fuel.
 * @param {import('../js/graph.js').Graph} graph
 * @param {import('../js/run.js').StartOptions} options
 */
async function partOf(graph, options) {
  const { status, resultHash } = await graph.start({ ...options, fuel: PART });
  return `${status} ${resultHash}`;
}

/**
 * The fuel that each runner had in these runs.
 * @param {import('../js/follow.js').Report[]} reports
 */
function sumOf(reports) {
  /** @type {Record<string, number>} */
  const sum = {};
  for (const { runners } of reports) for (const [name, fuel] of Object.entries(runners)) sum[name] = (sum[name] ?? 0) + fuel;
  return sum;
}

/** The work whose yields are measured: so much fuel, in so many pieces, and the best of so many tries. */
const FUEL = 300_000;
const PIECES = 1000;
const TRIES = 5;

/**
 * What one yield costs: the same work with a thousand yields, less the work with hardly any.
 * @param {import('../js/engine.js').Engine} engine
 * @param {import('../js/graph.js').Graph} graph
 * @param {import('../js/run.js').StartOptions} options
 */
async function costOfYield(engine, graph, options) {
  const best = { whole: Infinity, pieces: Infinity };
  let yields = 0;
  for (let i = 0; i < TRIES; i += 1) {
    for (const way of /** @type {const} */ (['whole', 'pieces'])) {
      engine.cadence = way === 'pieces' ? FUEL / PIECES : 0;
      const before = engine.stats.yields;
      const begin = performance.now();
      await graph.start({ ...options, fuel: FUEL });
      best[way] = Math.min(best[way], performance.now() - begin);
      if (way === 'pieces') yields = engine.stats.yields - before;
    }
  }
  return (best.pieces - best.whole) / yields;
}

/**
 * A variant's bytes. They are given to every engine anew, so that each compiles them: nothing is warm.
 * @param {string} variant
 * @param {AbortSignal} signal
 */
async function fetchModule(variant, signal) {
  const response = await fetch(`../build/${variant}/treadle.wasm`, { signal });
  if (!response.ok) throw new Error(`build/${variant}/treadle.wasm: ${response.status}. Build it: make ${variant}`);
  return response.arrayBuffer();
}

/**
 * The measurements of one cell as one: medians of what each has once, and all frames, clicks and tasks together.
 * @param {Row[]} rows
 */
export function summary(rows) {
  const middle = (/** @type {keyof Row} */ key) => median(rows.map((row) => Number(row[key])));
  const frames = rows.flatMap((row) => row.frames);
  const clicks = rows.flatMap((row) => row.clicks);
  return {
    loadTime: middle('loadTime'),
    compileTime: middle('compileTime'),
    runTime: middle('runTime'),
    fuel: rows[0].fuel,
    runners: rows[0].runners,
    yields: middle('yields'),
    yieldCost: middle('yieldCost'),
    longestSlice: Math.max(...rows.map((row) => row.longestSlice)),
    frameRate: 1000 / (frames.reduce((sum, interval) => sum + interval, 0) / frames.length),
    frame50: quantile(frames, 0.5),
    frame99: quantile(frames, 0.99),
    frameMax: Math.max(...frames),
    longTasks: rows[0].longTasks === null ? null : rows.reduce((sum, row) => sum + (row.longTasks?.length ?? 0), 0) / rows.length,
    click99: quantile(clicks, 0.99),
    clicks: clicks.length,
  };
}
