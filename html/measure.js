// measure.js - runs one graph in one variant and measures it; what the compare page fills its table with.
import { open } from '../js/treadle.js';
import { Meter, median, quantile } from './meter.js';

/**
 * One run in one variant.
 * @typedef {object} Row
 * @property {string} variant
 * @property {number} loadTime ms
 * @property {number} runTime ms
 * @property {number} instructions
 * @property {number} yields
 * @property {number} longestSlice ms
 * @property {number} yieldCost ms; NaN where nothing yields
 * @property {number[]} frames ms between frames
 * @property {number[] | null} longTasks ms; null where the browser does not tell
 * @property {number[]} clicks ms that they waited
 * @property {string} status
 * @property {string} resultHash
 */

/** Milliseconds of calm before and after a run, so that neither its load nor its end is measured with it. */
const CALM = 120;

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {object} what
 * @param {string} what.variant
 * @param {string} what.text of the graph
 * @param {string} what.name
 * @param {Record<string, any>} what.set
 * @param {number} what.budget
 * @param {AbortSignal} what.signal
 * @param {import('./meter.js').Clicker} what.clicker
 * @param {(time: number, interval: number) => void} what.onFrame
 * @returns {Promise<Row>}
 */
export async function measure({ variant, text, name, set, budget, signal, clicker, onFrame }) {
  const wasm = await fetchModule(variant, signal);
  const begin = performance.now();
  const engine = await open({ variant, budget, wasm });
  try {
    const graph = await engine.load(text, { name });
    const loadTime = performance.now() - begin;
    const meter = new Meter(clicker, onFrame);
    await wait(CALM);
    signal.throwIfAborted();
    meter.begin();
    const report = await graph.start({ set, clock: 'virtual', until: 'quiet', signal });
    const felt = await meter.end();
    const { instructions, yields, longestSlice } = engine.stats;
    const yieldCost = variant === 'plain' ? NaN : await costOfYield(engine, graph, set, signal);
    await wait(CALM);
    return {
      variant, loadTime, runTime: felt.time, instructions, yields, longestSlice, yieldCost,
      frames: felt.frames, longTasks: felt.longTasks, clicks: felt.clicks,
      status: report.status, resultHash: report.resultHash,
    };
  } finally {
    engine.close();
  }
}

/** The work whose yields are measured: so much fuel, in so many pieces, and the best of so many tries. */
const FUEL = 300_000;
const PIECES = 1000;
const TRIES = 5;

/**
 * What one yield costs: the same work with a thousand yields, less the work with hardly any.
 * @param {import('../js/engine.js').Engine} engine
 * @param {import('../js/graph.js').Graph} graph
 * @param {Record<string, any>} set
 * @param {AbortSignal} signal
 */
async function costOfYield(engine, graph, set, signal) {
  const best = { whole: Infinity, pieces: Infinity };
  let yields = 0;
  for (let i = 0; i < TRIES; i += 1) {
    for (const way of /** @type {const} */ (['whole', 'pieces'])) {
      engine.cadence = way === 'pieces' ? FUEL / PIECES : 0;
      const before = engine.stats.yields;
      const begin = performance.now();
      await graph.start({ set, fuel: FUEL, clock: 'virtual', signal });
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
 * The runs of one variant as one: medians of what each run has once, and all frames, clicks and tasks together.
 * @param {Row[]} rows
 */
export function summary(rows) {
  const middle = (/** @type {keyof Row} */ key) => median(rows.map((row) => Number(row[key])));
  const frames = rows.flatMap((row) => row.frames);
  const clicks = rows.flatMap((row) => row.clicks);
  return {
    loadTime: middle('loadTime'),
    runTime: middle('runTime'),
    rate: median(rows.map(({ instructions, runTime }) => (instructions / runTime) * 1000)),
    yields: middle('yields'),
    yieldCost: middle('yieldCost'),
    longestSlice: Math.max(...rows.map((row) => row.longestSlice)),
    frame50: quantile(frames, 0.5),
    frame99: quantile(frames, 0.99),
    frameMax: Math.max(...frames),
    longTasks: rows[0].longTasks === null ? null : rows.reduce((sum, row) => sum + (row.longTasks?.length ?? 0), 0) / rows.length,
    click99: quantile(clicks, 0.99),
    clicks: clicks.length,
    runs: rows.length,
    status: rows[0].status,
    hashes: [...new Set(rows.map((row) => `${row.status} ${row.resultHash}`))],
  };
}
