// treadle.js - Treadle itself, in each variant and runner: the bench graphs as they are.

import { open } from '../js/treadle.js';
import { loadGraph, pointerGraph } from './generate.js';
import { readGraph } from './graph.js';

/** @typedef {import('./workloads.js').Prepare} Prepare */

const LOADS = ['load1k', 'load10k', 'load100k'];

/**
 * Loading is the same for all runners. The walker is the oracle and never fast, so it gets the sizes of the slow; wasm is
 * compiled code that yields, structured the same without, scheduler a queue and a switch.
 */
export const ways = [
  { variant: 'plain', runner: 'vm' },
  { variant: 'step', runner: 'vm' },
  { variant: 'asyncify', runner: 'vm' },
  { variant: 'plain', runner: 'walk', size: 'short', without: LOADS },
  { variant: 'plain', runner: 'wasm', without: LOADS },
  { variant: 'step', runner: 'wasm', without: LOADS },
  { variant: 'plain', runner: 'structured', without: LOADS },
  { variant: 'plain', runner: 'scheduler', without: LOADS },
];

export const group = 'side by side';

/** The shapes of compiled code, by runner. */
const SHAPES = { wasm: 'preemptible', structured: 'structured', scheduler: 'scheduler' };

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
 * @param {any} json
 * @param {import('./workloads.js').Way} way
 */
async function loaded(json, { variant, runner }) {
  const engine = await open({ variant: variant ?? 'plain', limits });
  const graph = await engine.load(json);
  const shape = SHAPES[runner];
  if (shape) await graph.compile({ shape });
  return graph;
}

/**
 * A graph is loaded and compiled once for each way: browsers make their best code of a module that runs a second time.
 * @param {(params: Record<string, number>) => any} source  of the graph
 * @returns {Prepare}
 */
const program = (source) => {
  /** @type {Map<string, Promise<any>>} */
  const ready = new Map();
  return async (size, way) => {
    const key = JSON.stringify([size.params, way.variant, way.runner]);
    if (!ready.has(key)) ready.set(key, Promise.resolve(source(size.params)).then((json) => loaded(json, way)));
    const graph = await ready.get(key);
    return {
      async run() {
        const run = graph.start({ runner: way.runner, clock: 'virtual', until: 0 });
        await run;
        return { iterations: size.iterations, result: read(run, Object.keys(size.result)) };
      },
      dispose() {},
    };
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
  async ticking({ params, iterations }, way) {
    const graph = await loaded(await readGraph('ticking'), way);
    const until = (params.ticks - 1) / 64; // exact in binary, so that the last tick is in
    return {
      async run() {
        const start = () => graph.start({ runner: way.runner, clock: 'virtual', tick: 1000 / 64, until });
        const runs = Array.from({ length: params.graphs }, start);
        await Promise.all(runs);
        return { iterations, result: { v: runs.reduce((v, run) => v + run.get('v'), 0) } };
      },
      dispose: () => graph.unload(),
    };
  },
  load1k: load,
  load10k: load,
  load100k: load,
};
