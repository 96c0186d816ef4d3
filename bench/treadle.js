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

/**
 * A glTF of eight nodes, and a loop that sets the translation of each: the shape that exporters write, by index.
 * @param {number} n turns
 */
function pointerGraph(n) {
  const [FLOAT, INT, FLOAT3] = [0, 1, 2];
  const declarations = ['event/onStart', 'flow/for', 'type/intToFloat', 'math/combine3', 'pointer/set', 'pointer/get', 'math/extract3', 'variable/set'];
  const float = (value) => ({ type: FLOAT, value: [value] });
  const pointer = (k) => ({ pointer: { value: [`/nodes/${k}/translation`] }, type: { value: [FLOAT3] } });
  const places = Array.from({ length: 8 }, (_, k) => ({
    declaration: 3,
    values: { a: float(k + 1), b: { node: 2 }, c: float(0) },
  }));
  const sets = places.map((_, k) => ({
    declaration: 4,
    configuration: pointer(k),
    values: { value: { node: 3 + k } },
    ...(k < 7 && { flows: { out: { node: 12 + k } } }),
  }));
  const nodes = [
    { declaration: 0, flows: { out: { node: 1 } } },
    {
      declaration: 1,
      values: { startIndex: { type: INT, value: [0] }, endIndex: { type: INT, value: [n] } },
      flows: { loopBody: { node: 11 }, completed: { node: 21 } },
    },
    { declaration: 2, values: { a: { node: 1, socket: 'index' } } },
    ...places,
    ...sets,
    { declaration: 5, configuration: pointer(7) },
    { declaration: 6, values: { a: { node: 19 } } },
    { declaration: 7, configuration: { variables: { value: [0] } }, values: { 0: { node: 20, socket: '0' } } },
  ];
  const types = ['float', 'int', 'float3'].map((signature) => ({ signature }));
  const graph = { types, variables: [{ type: FLOAT, name: 'x' }], declarations: declarations.map((op) => ({ op })), nodes };
  return { asset: { version: '2.0' }, nodes: Array.from(places, () => ({})), extensions: { KHR_interactivity: { graphs: [graph] } } };
}

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
