// emission.js - How fast code is made, and how much: nodes a second and bytes per node, in Node.

import { open } from '../js/treadle.js';
import { loadGraph } from './generate.js';
import { readGraph } from './graph.js';
import { median } from './reduce.js';

/** Graphs of the bench, for the size of their code. */
const GRAPHS = ['sum', 'collatz', 'nested', 'switch', 'mandelbrot', 'particles', 'skinning', 'slerp', 'nbody', 'sieve', 'recursion', 'montecarlo', 'pingpong', 'ticking'];

/** Large ones, for the time: ten thousand values pulled by one node, and many short chains. */
const LARGE = [() => readGraph('values'), () => loadGraph(10_000), () => loadGraph(100_000)];

const TRIES = 5;

/**
 * @param {any} json
 * @returns {Promise<{nodes: number, bytes: number, ms: number}>} `ms`: of the emission alone
 */
async function emit(json) {
  const engine = await open({ variant: 'plain' });
  try {
    const graph = await engine.load(json);
    const { bytes, emitted } = await graph.compile({ shape: 'preemptible' });
    return { nodes: json.nodes.length, bytes, ms: emitted };
  } finally {
    engine.close();
  }
}

/** @param {{quick: boolean}} how */
export async function measure({ quick }) {
  const sizes = [];
  for (const name of GRAPHS) {
    const { nodes, bytes } = await emit(await readGraph(name));
    sizes.push(bytes / nodes);
  }
  const rates = [];
  for (const source of quick ? LARGE.slice(0, 2) : LARGE) {
    const json = await source();
    let best = Infinity;
    for (let tries = 0; tries < TRIES; tries++) best = Math.min(best, (await emit(json)).ms);
    rates.push((json.nodes.length / best) * 1000);
  }
  return { nodesPerSecond: Math.min(...rates), bytesPerNode: median(sizes) };
}
