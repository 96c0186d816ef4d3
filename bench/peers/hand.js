// hand.js - C written by hand, compiled to WebAssembly by emcc -O3 without any yield: the ceiling of speed.

import { bytesOf } from '../graph.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */

export const group = 'side by side';

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'a C loop has no object model',
  pingpong: 'a C loop has no events to send',
  ticking: 'a C loop has no graphs to tick',
  load1k: 'a program has no graph to load',
  load10k: 'a program has no graph to load',
  load100k: 'a program has no graph to load',
};

const { instance } = await WebAssembly.instantiate(
  await bytesOf('../build/bench/hand.wasm').catch(() => {
    throw new Error('build it first: make build/bench/hand.wasm');
  }),
  {},
);
const c = /** @type {any} */ (instance.exports);

/**
 * @param {string} name  of the C function
 * @param {string[]} params  in the order of its arguments
 * @param {string[]} results  in the order of its array
 * @returns {Prepare}
 */
const program = (name, params, results) => async (size) => ({
  run() {
    c[name](...params.map((param) => size.params[param]));
    const view = new Float64Array(c.memory.buffer, c.results(), 3);
    return { iterations: size.iterations, result: Object.fromEntries(results.map((result, i) => [result, view[i]])) };
  },
  dispose() {},
});

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program('sum', ['n'], ['v']),
  collatz: program('collatz', ['n'], ['best', 'bestLength']),
  nested: program('nested', ['n'], ['v']),
  switch: program('switch', ['n'], ['a', 'hits', 'state']),
  mandelbrot: program('mandelbrot', ['width', 'height', 'step'], ['total']),
  particles: program('particles', ['n'], ['e']),
  skinning: program('skinning', ['n'], ['s']),
  slerp: program('slerp', ['n', 'step'], ['s']),
  nbody: program('nbody', ['n'], ['s']),
  sieve: program('sieve', ['rounds'], ['count', 'top']),
  recursion: program('recursion', ['depth'], ['leaves']),
  montecarlo: program('montecarlo', ['n'], ['hits']),
  values: program('values', ['n'], ['v']),
};
