// measure.js - One process of the bench: prepares a workload for the engines of one group, runs them in turn, checks, reports.

import { engine as load } from './engines.js';
import { sizeFor } from './workloads.js';

const TRIES = 5; // in one process, so that the compiler's warm-up is nobody's handicap
const ENOUGH_MS = 400; // after this, and the least of tries, an engine need not do all of them
const LEAST = 3; // browsers make their best code during the first run, and take it up in the next
const SLOW_MS = 1000; // nothing is awaited of an engine that has had so long

/** @typedef {import('./workloads.js').Way & {engine: string}} Member */

/**
 * The best time of a few runs of each; every run is checked. Members take turns, so that they meet the same minute of the
 * machine; one that fails leaves the others alone.
 * @param {{workload: string, members: Member[], quick: boolean}} job
 * @returns {Promise<{iterations?: number, ms?: number, error?: string}[]>}
 */
export async function measure({ workload, members, quick }) {
  const all = await Promise.all(
    members.map(async (way) => {
      const engine = await load(way.engine);
      return { way, prepare: engine.workloads[workload], size: sizeFor(engine, { ...way, workload, quick }), best: Infinity, spent: 0, error: '' };
    }),
  );
  for (let tries = 0; tries < TRIES; tries++) {
    for (const one of all) {
      if (one.error || one.spent >= (tries < LEAST ? SLOW_MS : ENOUGH_MS)) continue;
      try {
        const ms = await time(await one.prepare(one.size, one.way), one.size);
        one.best = Math.min(one.best, ms);
        one.spent += ms;
      } catch (error) {
        one.error = error?.message ?? String(error);
      }
    }
  }
  return all.map(({ size, best, error }) => (error ? { error } : { iterations: size.iterations, ms: best }));
}

/**
 * One run. An engine behind a process boundary takes the time itself.
 * @param {import('./workloads.js').Prepared} prepared
 * @param {import('./workloads.js').Size} size
 */
export async function time(prepared, size) {
  try {
    const begin = performance.now();
    const { iterations, result, ms = performance.now() - begin } = await prepared.run();
    const got = prepared.check ? await prepared.check() : result;
    if (iterations !== size.iterations || !agrees(got ?? {}, size)) {
      const seen = JSON.stringify({ iterations, ...got });
      const wanted = JSON.stringify({ iterations: size.iterations, ...size.result });
      throw new Error(`wrong result: ${seen}, expected ${wanted}`);
    }
    return ms;
  } finally {
    await prepared.dispose();
  }
}

/**
 * @param {Record<string, number>} got
 * @param {import('./workloads.js').Size} size
 */
function agrees(got, { result, within = 0 }) {
  const names = Object.keys(result);
  const near = (name) => got[name] === result[name] || Math.abs(got[name] - result[name]) <= within * Math.abs(result[name]);
  return names.length === Object.keys(got).length && names.every(near);
}
