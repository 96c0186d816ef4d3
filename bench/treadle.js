// treadle.js - Treadle itself, in each variant and runner: the bench graphs as they are.

import { access } from 'node:fs/promises';
import { loadGraph, pointerGraph } from './generate.js';
import { readGraph } from './graph.js';

/** @typedef {import('./workloads.js').Prepare} Prepare */

await access(new URL('../build/plain/treadle.wasm', import.meta.url)).catch(() => {
  throw new Error('build the variants first: make variants');
});
const { open } = await import('../js/treadle.js');

/** The walker is the oracle and never fast, so it gets the sizes of the slow. */
export const ways = [
  { variant: 'plain', runner: 'vm' },
  { variant: 'step', runner: 'vm' },
  { variant: 'asyncify', runner: 'vm' },
  { variant: 'plain', runner: 'walk', size: 'short' },
];

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

/** @type {Record<string, string>} */
export const missing = {};

/** Everything happens in the first tick, however many events that takes. */
const limits = { 'tick-events': 0 };

/**
 * @param {{get(name: string): any}} run
 * @param {string[]} names
 */
const read = (run, names) => Object.fromEntries(names.map((name) => [name, run.get(name)]));

/**
 * @param {(params: Record<string, number>) => any} source  of the graph
 * @returns {Prepare}
 */
const program = (source) => async (size, { variant, runner }) => {
  const engine = await open({ variant, limits });
  const graph = await engine.load(await source(size.params));
  return {
    async run() {
      const run = graph.start({ runner, clock: 'virtual', until: 0 });
      await run;
      return { iterations: size.iterations, result: read(run, Object.keys(size.result)) };
    },
    dispose: () => engine.close(),
  };
};

/** @param {string} name  of the bench graph */
const script = (name) => program((params) => readGraph(name, params));

/** @type {Prepare} From the text to a graph that can be started; every check of the loader included. */
const load = async ({ params, result }, { variant, runner }) => {
  const engine = await open({ variant });
  const text = JSON.stringify(loadGraph(params.nodes));
  /** @type {any} */
  let graph;
  return {
    async run() {
      graph = await engine.load(text);
      return { iterations: params.nodes };
    },
    async check() {
      const run = graph.start({ runner, clock: 'virtual', until: 0 });
      await run;
      return read(run, Object.keys(result));
    },
    dispose: () => engine.close(),
  };
};

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: script('sum'),
  collatz: script('collatz'),
  nested: script('nested'),
  switch: script('switch'),
  mandelbrot: script('mandelbrot'),
  particles: script('particles'),
  skinning: script('skinning'),
  slerp: script('slerp'),
  nbody: script('nbody'),
  sieve: script('sieve'),
  recursion: script('recursion'),
  montecarlo: script('montecarlo'),
  values: script('values'),
  pointers: program(({ n }) => pointerGraph(n)),
  pingpong: script('pingpong'),
  async ticking({ params, iterations }, { variant, runner }) {
    const engine = await open({ variant });
    const graph = await engine.load(await readGraph('ticking'));
    const until = (params.ticks - 1) / 64; // exact in binary, so that the last tick is in
    return {
      async run() {
        const start = () => graph.start({ runner, clock: 'virtual', tick: 1000 / 64, until });
        const runs = Array.from({ length: params.graphs }, start);
        await Promise.all(runs);
        return { iterations, result: { v: runs.reduce((v, run) => v + run.get('v'), 0) } };
      },
      dispose: () => engine.close(),
    };
  },
  load1k: load,
  load10k: load,
  load100k: load,
};
