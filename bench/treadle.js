// treadle.js - Treadle itself, in each variant and runner: the bench graphs as they are.

import { access } from 'node:fs/promises';
import { loadGraph, readGraph } from './graph.js';

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

/**
 * @param {any} graph
 * @param {string[]} names
 */
const read = (graph, names) => Object.fromEntries(names.map((name) => [name, graph.get(name)]));

/**
 * @param {string} name  of the bench graph
 * @returns {Prepare}
 */
const script = (name) => async (size, { variant, runner }) => {
  const engine = await open({ variant });
  const graph = await engine.load(await readGraph(name, size.params), { runner });
  return {
    async run() {
      await graph.start();
      return { iterations: size.iterations, result: read(graph, Object.keys(size.result)) };
    },
    dispose: () => engine.close(),
  };
};

/** @type {Prepare} From the text to a graph that can be started; every check of the loader included. */
const load = async ({ params, result }, { variant, runner }) => {
  const engine = await open({ variant });
  const text = JSON.stringify(loadGraph(params.nodes));
  let graph;
  return {
    async run() {
      graph = await engine.load(text, { runner });
      return { iterations: params.nodes };
    },
    async check() {
      await graph.start();
      return read(graph, Object.keys(result));
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
  pingpong: script('pingpong'),
  async ticking({ params, iterations }, { variant, runner }) {
    const engine = await open({ variant, clock: 'virtual' });
    const source = await readGraph('ticking');
    const graphs = [];
    for (let i = 0; i < params.graphs; i++) {
      const graph = await engine.load(source, { runner });
      graph.start();
      graphs.push(graph);
    }
    return {
      async run() {
        for (let t = 0; t < params.ticks; t++) await engine.tick(t / 60);
        return { iterations, result: { v: graphs.reduce((v, graph) => v + graph.get('v'), 0) } };
      },
      dispose: () => engine.close(),
    };
  },
  load1k: load,
  load10k: load,
  load100k: load,
};
