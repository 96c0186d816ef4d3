// behave-graph.js - behave-graph: the bench graphs in its own JSON, with its own nodes of the core and scene profiles only.

import * as core from '@behave-graph/core';
import { loadGraph } from '../generate.js';
import { mapValues, readGraph, resolve } from '../graph.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */
/** @typedef {import('../graph.js').Graph} Graph */
/** @typedef {import('../graph.js').Node} Node */

/** @type {Record<string, string>} */
export const sizes = { '*': 'short', ticking: 'full' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'its scene is whatever the host makes of it: nothing of its own would be measured',
  sieve: 'its integers have no bits, and it has no lists',
  recursion: 'it refuses a flow edge that goes back, and has nothing to call',
};

const TYPES = { bool: 'boolean', int: 'integer', float: 'float', float3: 'vec3', float4: 'quat', float4x4: 'mat4' };

/** Math ops, without the type that ends the name: add/float, add/integer. */
const MATH = {
  'math/add': 'add',
  'math/sub': 'subtract',
  'math/mul': 'multiply',
  'math/rem': 'modulus',
  'math/div': 'divide',
  'math/max': 'max',
  'math/sqrt': 'sqrt',
  'math/floor': 'floor',
  'math/and': 'and',
  'math/eq': 'equal',
  'math/lt': 'lessThan',
  'math/le': 'lessThanOrEqual',
  'math/gt': 'greaterThan',
  'type/intToFloat': 'toFloat',
  'math/dot': 'dot',
  'math/matMul': 'multiply',
  'math/quatSlerp': 'slerp',
};

/** Its name of a value socket, where it differs. */
const VALUE_SOCKETS = { 'math/quatSlerp': { c: 't' }, 'math/transform': { a: 'b', b: 'a' } };

const FLOW = {
  'event/onStart': 'lifecycle/onStart',
  'event/onTick': 'lifecycle/onTick',
  'event/send': 'customEvent/trigger',
  'event/receive': 'customEvent/onTriggered',
  'flow/for': 'flow/forLoop',
  'flow/branch': 'flow/branch',
  'flow/switch': 'flow/switch/integer',
  'flow/doN': 'flow/doN',
  'variable/get': 'variable/get',
};

/** @param {Record<string, string>} [names] @param {Record<string, any>} object */
const rename = (names = {}, object) => Object.fromEntries(Object.entries(object).map(([k, v]) => [names[k] ?? k, v]));

/** Its name of a flow socket, where it differs: most are just called flow. */
const flowSocket = (name) => (name === 'in' || name === 'out' ? 'flow' : name);

/** Integers are BigInt, and travel as strings. */
const constant = ({ type, literal }) => (type === 'int' ? String(literal) : literal);

/** @param {import('../graph.js').Input} input */
const parameter = (input) =>
  input.node === undefined ? { value: constant(input) } : { link: { nodeId: input.node, socket: input.socket } };

/**
 * The name of its math node. Vectors are scaled by a number there, and its matrices move points of three lanes.
 * @param {Node} node
 */
function mathNode({ op, inputs }) {
  const { type } = Object.values(inputs)[0] ?? {};
  if (op === 'math/random') return 'math/random/float';
  if (op === 'math/transform') return 'math/transformPoint3/mat4';
  if (op === 'math/mul' && type === 'float3') return 'math/scale/vec3';
  return MATH[op] && `math/${MATH[op]}/${TYPES[type]}`;
}

/** The same points with three lanes in the place of four, and a scale in the place of three equal lanes. */
function suit(graph) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  /** What stands in all three lanes. */
  const scalarOf = ({ node, literal }) => (node === undefined ? { type: 'float', literal: literal[0] } : byId.get(node).inputs.a);
  const moves = graph.nodes.some(({ op }) => op === 'math/transform');
  for (const { op, inputs } of graph.nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      const scale = op === 'math/mul' && input.type === 'float3' && name === 'b';
      if (scale) inputs.b = scalarOf(input);
      else if (moves && input.type === 'float4') Object.assign(input, { type: 'float3', literal: input.literal?.slice(0, 3) });
    }
  }
  graph.nodes = graph.nodes.filter(({ op }) => op !== 'math/combine3');
  return graph;
}

/**
 * Its JSON of a bench graph. variable/set has one variable there, so a set of several becomes a
 * chain of sets; the graphs it is used for do not read in one what an earlier one of it has written.
 * @param {Graph} graph
 */
function translate(graph) {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const isMath = (id) => mathNode(byId.get(id)) !== undefined;
  const link = ({ node, socket }) => ({ nodeId: node, socket: flowSocket(socket) });
  const inputs = (node) =>
    rename(
      VALUE_SOCKETS[node.op],
      mapValues(node.inputs, (input) =>
        parameter(input.node !== undefined && isMath(input.node) ? { ...input, socket: 'result' } : input),
      ),
    );

  /** @param {Node} node */
  const sets = (node) => {
    const names = node.config.variables;
    return names.map((name, i) => ({
      id: i === 0 ? node.id : `${node.id}.${name}`,
      type: 'variable/set',
      configuration: { variableId: name },
      parameters: { value: inputs(node)[name] },
      flows:
        i + 1 < names.length
          ? { flow: { nodeId: `${node.id}.${names[i + 1]}`, socket: 'flow' } }
          : node.flows.out && { flow: link(node.flows.out) },
    }));
  };

  const nodes = graph.nodes.flatMap((node) => {
    if (node.op === 'variable/set') return sets(node);
    const { id, op, config } = node;
    const math = mathNode(node);
    if (!math && !FLOW[op]) throw new Error(`behave-graph has no ${op}`);
    const flows = Object.entries(node.flows).map(([name, to]) => [flowSocket(name), link(to)]);
    return {
      id,
      type: math ?? FLOW[op],
      configuration: {
        ...(config.variable && { variableId: config.variable }),
        ...(config.event && { customEventId: config.event }),
        ...(config.cases && { cases: config.cases }),
      },
      parameters: inputs(node),
      flows: Object.fromEntries(flows),
    };
  });

  return {
    nodes,
    variables: graph.variables.map(({ id, type, value }) => ({
      id,
      name: id,
      valueTypeName: TYPES[type],
      initialValue: type === 'int' ? String(value) : value,
    })),
    customEvents: graph.events.map(({ id, values }) => ({
      id,
      name: id,
      parameters: Object.entries(values).map(([name, { type, value }]) => ({
        name,
        valueTypeName: TYPES[type],
        defaultValue: type === 'int' ? String(value) : value,
      })),
    })),
  };
}

/**
 * A registry of the core nodes, and the emitter that starts and ticks what is made from it.
 * @param {boolean} [vectors] and of the scene profile's
 */
function register(vectors = false) {
  const lifecycle = new core.ManualLifecycleEventEmitter();
  const registry = new core.Registry();
  core.registerCoreProfile(registry, new core.DefaultLogger(), lifecycle);
  if (vectors) core.registerSceneProfile(registry);
  return { registry, lifecycle };
}

/** Its limits (100 s, 100 million steps) lifted. */
const runAll = (engine) => engine.executeAllSync(Infinity, Infinity);

/**
 * @param {any} graph  of behave-graph
 * @param {string[]} names
 */
const read = (graph, names) =>
  Object.fromEntries(names.map((name) => [name, Number(graph.variables[name].get())]));

/**
 * @param {string} name  of the bench graph
 * @param {boolean} [vectors]
 * @returns {Prepare}
 */
const script = (name, vectors) => async (size) => {
  const { registry, lifecycle } = register(vectors);
  const graph = core.readGraphFromJSON(translate(suit(resolve(await readGraph(name, size.params)))), registry);
  const errors = core.validateGraph(graph);
  if (errors.length) throw new Error(errors[0]);
  const engine = new core.Engine(graph);
  return {
    run() {
      lifecycle.startEvent.emit();
      runAll(engine);
      return { iterations: size.iterations, result: read(graph, Object.keys(size.result)) };
    },
    dispose: () => engine.dispose(),
  };
};

/** @type {Prepare} From its text to an engine that can be started; its optional validation left out. */
const load = async ({ params, result }) => {
  const { registry, lifecycle } = register();
  const text = JSON.stringify(translate(resolve(loadGraph(params.nodes))));
  let graph;
  let engine;
  return {
    run() {
      graph = core.readGraphFromJSON(JSON.parse(text), registry);
      engine = new core.Engine(graph);
      return { iterations: params.nodes };
    },
    check() {
      lifecycle.startEvent.emit();
      runAll(engine);
      return read(graph, Object.keys(result));
    },
    dispose: () => engine.dispose(),
  };
};

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: script('sum'),
  collatz: script('collatz-events'), // it has no while, and refuses a flow that goes back
  nested: script('nested'),
  switch: script('switch'),
  mandelbrot: script('mandelbrot-events'),
  particles: script('particles', true),
  skinning: script('skinning', true),
  slerp: script('slerp', true),
  nbody: script('nbody', true),
  montecarlo: script('montecarlo-variables'), // a value is worked out again for each reader: x x would be of two numbers
  values: script('values'),
  pingpong: script('pingpong'),
  async ticking({ params, iterations }) {
    const { registry, lifecycle } = register();
    const json = translate(resolve(await readGraph('ticking')));
    const engines = Array.from(
      { length: params.graphs },
      () => new core.Engine(core.readGraphFromJSON(json, registry)),
    );
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) {
          lifecycle.tickEvent.emit();
          for (const engine of engines) runAll(engine);
        }
        const v = engines.reduce((sum, { graph }) => sum + graph.variables.v.get(), 0);
        return { iterations, result: { v } };
      },
      dispose: () => engines.forEach((engine) => engine.dispose()),
    };
  },
  load1k: load,
  load10k: load,
  load100k: load,
};
