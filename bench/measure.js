// measure.js - One measurement in a process of its own: prepares a workload, runs it, checks and reports.

import { engine as load } from './engines.js';
import { sizeFor } from './workloads.js';

const TRIES = 3; // in one process, so that the compiler's warm-up is nobody's handicap
const ENOUGH_MS = 1000; // a slow engine need not do all of them

/**
 * The best time of a few runs; every run is checked.
 * @param {import('./workloads.js').Way & {workload: string, engine: string, quick: boolean}} job
 */
export async function measure(job) {
  const engine = await load(job.engine);
  const size = sizeFor(engine, job);
  let best = Infinity;
  for (let tries = 0, spent = 0; tries < TRIES && spent < ENOUGH_MS; tries++) {
    const prepared = await engine.workloads[job.workload](size, job);
    try {
      const begin = performance.now();
      const { iterations, result } = await prepared.run();
      const ms = performance.now() - begin;
      const got = prepared.check ? await prepared.check() : result;
      if (iterations !== size.iterations || !agrees(got, size)) {
        const seen = JSON.stringify({ iterations, ...got });
        const wanted = JSON.stringify({ iterations: size.iterations, ...size.result });
        throw new Error(`wrong result: ${seen}, expected ${wanted}`);
      }
      best = Math.min(best, ms);
      spent += ms;
    } finally {
      prepared.dispose();
    }
  }
  return { iterations: size.iterations, ms: best };
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

if (process.send) {
  process.once('message', async (job) => {
    let answer;
    try {
      answer = await measure(/** @type {any} */ (job));
    } catch (error) {
      answer = { error: error?.message ?? String(error) };
    }
    process.send(answer, () => process.exit());
  });
}
