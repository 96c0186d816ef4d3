// c-wasm.js - C compiled to WebAssembly by the same emcc: the floor of time, without any yield.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @typedef {import('../workloads.js').Prepare} Prepare */

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

export const missing = {
  particles: 'not written: the ceiling of scalar code is enough',
  skinning: 'not written: the ceiling of scalar code is enough',
  slerp: 'not written: the ceiling of scalar code is enough',
  pointers: 'a C loop has no object model',
  pingpong: 'a C loop has no events to send',
  ticking: 'a C loop has no graphs to tick',
  load1k: 'a program has no graph to load',
  load10k: 'a program has no graph to load',
  load100k: 'a program has no graph to load',
};

const source = fileURLToPath(new URL('./c.c', import.meta.url));
const folder = fileURLToPath(new URL('../../build/bench/', import.meta.url));

/** @type {?Promise<WebAssembly.Exports>} */
let compiled = null;

async function compile() {
  mkdirSync(folder, { recursive: true });
  const wasm = `${folder}c-${process.pid}.wasm`; // one a process: they are measured side by side
  const flags = ['-std=c11', '-O3', '-ffp-contract=off', '--no-entry', '-o', wasm];
  const emcc = spawnSync(process.env.EMCC ?? 'emcc', [source, ...flags], { encoding: 'utf8' });
  if (emcc.status !== 0) throw new Error(`emcc could not compile bench/peers/c.c: ${emcc.stderr ?? emcc.error}`);
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {});
  return instance.exports;
}

/**
 * @param {string} name  of the C function
 * @param {string[]} params  in the order of its arguments
 * @param {string[]} results  in the order of its array
 * @returns {Prepare}
 */
const program = (name, params, results) => async (size) => {
  const c = /** @type {any} */ (await (compiled ??= compile()));
  return {
    run() {
      c[name](...params.map((param) => size.params[param]));
      const view = new Float64Array(c.memory.buffer, c.results(), 3);
      return {
        iterations: size.iterations,
        result: Object.fromEntries(results.map((result, i) => [result, view[i]])),
      };
    },
    dispose() {},
  };
};

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program('sum', ['n'], ['v']),
  collatz: program('collatz', ['n'], ['best', 'bestLength']),
  nested: program('nested', ['n'], ['v']),
  switch: program('machine', ['n'], ['a', 'hits', 'state']),
  mandelbrot: program('mandelbrot', ['width', 'height', 'step'], ['total']),
};
