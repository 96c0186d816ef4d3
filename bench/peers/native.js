// native.js - Treadle's graphs as C, compiled for this machine by gcc -O3; preemptible like the compiled code in pages.

import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readGraph } from '../graph.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */

export const group = 'side by side';

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'it has no glTF around it',
  load1k: 'it was loaded when it was compiled',
  load10k: 'it was loaded when it was compiled',
  load100k: 'it was loaded when it was compiled',
};

const run = promisify(execFile);
const file = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const tool = file('../../build/native/treadle');

await access(tool).catch(() => {
  throw new Error('build it first: make native');
});

/** @type {Promise<string> | null} where it is compiled */
let folder = null;

export async function close() {
  if (folder) await rm(await folder, { recursive: true, force: true });
}

/**
 * The program of a graph; one in a process.
 * @param {any} json
 */
async function compile(json) {
  const at = join(await (folder ??= mkdtemp(join(tmpdir(), 'treadle-'))), 'workload');
  await writeFile(`${at}.json`, JSON.stringify({ ...json, name: 'workload' }));
  await run(tool, ['compile', `${at}.json`, '--limit', 'tick-events=0', '-o', `${at}.c`]);
  const flags = ['-O3', '-ffp-contract=off', '-D_POSIX_C_SOURCE=200809L', '-include', `${at}.h`];
  await run(process.env.CC ?? 'gcc', [...flags, file('../native.c'), `${at}.c`, '-lm', '-o', at]);
  return at;
}

/**
 * @param {string} name  of the bench graph
 * @returns {Prepare}
 */
const program = (name) => {
  /** @type {?Promise<string>} */
  let ready = null;
  return async ({ params, iterations, result }) => {
    const path = await (ready ??= readGraph(name, params).then(compile));
    return {
      async run() {
        const { stdout } = await run(path, [params.graphs ?? 1, params.ticks ?? 0].map(String));
        const told = JSON.parse(stdout);
        return { iterations, ms: told.ms, result: Object.fromEntries(Object.keys(result).map((name) => [name, told[name]])) };
      },
      dispose() {},
    };
  };
};

const NAMES = [
  ...['sum', 'collatz', 'nested', 'switch', 'mandelbrot', 'particles', 'skinning', 'slerp'],
  ...['nbody', 'sieve', 'recursion', 'montecarlo', 'values', 'pingpong', 'ticking'],
];

/** @type {Record<string, Prepare>} */
export const workloads = Object.fromEntries(NAMES.map((name) => [name, program(name)]));
