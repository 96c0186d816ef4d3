// litegraph.js - litegraph.js: dataflow graphs that the host steps; it has no loop node, so only what a step can say.

import { createRequire } from 'node:module';

/** @typedef {import('../workloads.js').Prepare} Prepare */

// It hangs its names on whatever `this` is at the top of the file: the exports of a CommonJS module.
const { LiteGraph, LGraph } = createRequire(import.meta.url)('litegraph.js');

LiteGraph.MAX_NUMBER_OF_NODES = Infinity; // 1000, and then it throws
LiteGraph.throw_errors = true;

/** @type {Record<string, string>} */
export const sizes = { '*': 'short', ticking: 'full' };

export const missing = {
  nbody: 'it has no loop node',
  sieve: 'it has no loop node, and no switch of flow',
  recursion: 'it has no calls; a step evaluates every node once',
  montecarlo: 'it has no branch of flow; a step evaluates every node',
  particles: 'it has no loop node',
  skinning: 'it has no loop node',
  slerp: 'it has no loop node',
  pointers: 'it has no object model',
  collatz: 'it has no loop node; a step evaluates every node, whichever way a condition goes',
  nested: 'it has no loop node; the host can step one counter, not three within each other',
  switch: 'it has no switch of flow; a step evaluates every node',
  mandelbrot: 'it has no loop node; a step evaluates every node, whichever way a condition goes',
};

/**
 * Builds a graph node by node. Reading and writing a variable are two nodes without an edge between
 * them, so nothing is a cycle and the order of a step is the one that was meant: all reads, then the
 * sums, then the writes. (With one node for both the order of a cycle is arbitrary.)
 */
function builder() {
  const nodes = [];
  const links = [];
  const outputs = {
    'basic/variable': ['value', ''],
    'basic/const': ['value', 'number'],
    'math/operation': ['=', 'number'],
    'math/compare': ['A==B', 'boolean'],
  };
  const inputs = {
    'basic/variable': [['in', '']],
    'basic/const': [],
    'math/operation': [['A', 'number,array,object'], ['B', 'number']],
    'math/compare': [['A', 'number'], ['B', 'number']],
  };
  /**
   * @param {string} type
   * @param {any} properties
   * @param {any[]} from  the nodes whose only output feeds the inputs in turn
   */
  const add = (type, properties, ...from) => {
    const [name, kind] = outputs[type];
    const node = {
      id: nodes.length + 1,
      type,
      properties,
      inputs: inputs[type].map(([input, of]) => ({ name: input, type: of, link: null })),
      outputs: [{ name, type: kind, links: [] }],
    };
    from.forEach((source, slot) => {
      if (!source) return;
      links.push([links.length + 1, source.id, 0, node.id, slot, kind]);
      node.inputs[slot].link = links.length;
      source.outputs[0].links.push(links.length);
    });
    nodes.push(node);
    return node;
  };
  return {
    add,
    get: (name) => add('basic/variable', { varname: name, container: 1 }),
    set: (name, value) => add('basic/variable', { varname: name, container: 1 }, value),
    /** Missing operands are constants, kept by the node itself. */
    math: (OP, a, b, constant = 0) => add('math/operation', { OP, A: 0, B: constant }, a, b),
    json: () => ({ version: 0.4, nodes, links, groups: [], config: {}, extra: {} }),
  };
}

/**
 * @param {any} json  taken apart by it, so each graph needs its own
 * @param {Record<string, number>} vars
 */
function open(json, vars) {
  const graph = new LGraph();
  if (graph.configure(json)) throw new Error('litegraph does not know a node');
  graph.vars = vars;
  return graph;
}

const step = (graph, times) => graph.runStep(times, true);

/** @type {Record<string, Prepare>} */
export const workloads = {
  async sum({ params, iterations }) {
    const { get, set, math, json } = builder();
    const i = get('i');
    set('v', math('+', get('v'), i));
    set('i', math('+', i, null, 1));
    const graph = open(json(), { v: 0, i: 0 });
    return {
      run() {
        step(graph, params.n);
        return { iterations, result: { v: graph.vars.v } };
      },
      dispose: () => graph.clear(),
    };
  },

  // A step is a turn of the loop and evaluates all ten thousand.
  async values({ params, iterations }) {
    const { get, set, math, json } = builder();
    const i = get('i');
    let sum = null;
    for (let k = 0; k < 99; k++) {
      let last = i;
      for (let g = 0; g < 25; g++) {
        const moved = math('+', math('*', last, null, 0.75), null, k);
        last = math('max', math('-', moved, null, g), null, 0);
      }
      sum = sum ? math('+', sum, last) : last;
    }
    set('v', math('+', get('v'), sum));
    set('i', math('+', i, null, 1));
    const graph = open(json(), { v: 0, i: 0 });
    return {
      run() {
        step(graph, params.n);
        return { iterations, result: { v: graph.vars.v } };
      },
      dispose: () => graph.clear(),
    };
  },

  // Two counters that count each other's changes. An event waits until its target's next turn, so a
  // step of the host is one ping and one pong; the host ends the game, not the graph.
  async pingpong({ params, iterations }) {
    const graph = new LGraph();
    const make = (type, properties) => {
      const node = LiteGraph.createNode(type);
      for (const [name, value] of Object.entries(properties)) node.setProperty(name, value);
      graph.add(node);
      return node;
    };
    const ping = make('events/counter', {});
    const pong = make('events/counter', {});
    ping.connect('change', pong, 'inc');
    pong.connect('change', ping, 'inc');
    const read = make('basic/variable', { varname: 'total', container: 1 });
    const sum = make('math/operation', { OP: '+' });
    const write = make('basic/variable', { varname: 'total', container: 1 });
    read.connect(0, sum, 0);
    ping.connect('num', sum, 1);
    sum.connect(0, write, 0);
    graph.vars = { total: 0 };
    return {
      run() {
        pong.trigger('change');
        step(graph, params.n);
        return { iterations, result: { pongs: pong.num, total: graph.vars.total } };
      },
      dispose: () => graph.clear(),
    };
  },

  async ticking({ params, iterations }) {
    const { get, set, math, add, json } = builder();
    const ticks = math('+', get('ticks'), null, 1);
    set('ticks', ticks);
    const third = add('math/compare', { A: 0, B: 0 }, math('%', ticks, null, 3));
    set('v', math('+', get('v'), math('*', ticks, third))); // true is 1 there
    const text = JSON.stringify(json());
    const graphs = Array.from({ length: params.graphs }, () => open(JSON.parse(text), { v: 0, ticks: 0 }));
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) for (const graph of graphs) step(graph, 1);
        return { iterations, result: { v: graphs.reduce((v, graph) => v + graph.vars.v, 0) } };
      },
      dispose: () => graphs.forEach((graph) => graph.clear()),
    };
  },

  load1k: load,
  load10k: load,
  load100k: load,
};

/**
 * As many nodes as the other engines' graph has: per unit a constant, a sum and a write of v. The
 * sums are one chain, since a step would read v before any write; a head adds nothing.
 * @type {Prepare}
 */
async function load({ params }) {
  const { set, math, add, json } = builder();
  let sum = null;
  for (let unit = 0, chain = 0; chain < params.nodes / 100; chain++) {
    sum = math('+', sum, null, 0);
    for (let last = unit + 33; unit < last; unit++) {
      sum = math('+', sum, add('basic/const', { value: unit }));
      set('v', sum);
    }
  }
  const text = JSON.stringify(json());
  let graph;
  return {
    run() {
      graph = open(JSON.parse(text), { v: 0 });
      return { iterations: params.nodes };
    },
    check() {
      step(graph, 1);
      return { v: graph.vars.v };
    },
    dispose: () => graph.clear(),
  };
}
