// babylon.js - Babylon.js FlowGraph on its NullEngine: the bench graphs as its own blocks, one for one.

import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import * as fg from '@babylonjs/core/FlowGraph/index.js';
import { Matrix, Quaternion, Vector3, Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { Scene } from '@babylonjs/core/scene.js';
import { loadGraph } from '../generate.js';
import { readGraph, resolve } from '../graph.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */
/** @typedef {import('../graph.js').Graph} Graph */

/** @type {Record<string, string>} */
export const sizes = { '*': 'short', mandelbrot: 'quick', nbody: 'quick', ticking: 'full' };

/** @type {Record<string, string>} */
export const missing = { pointers: 'it has no object model without a scene of meshes behind it' };

// At its caps (1000 iterations, 30 events of a kind per frame) it warns, fires `completed` and goes
// on with a wrong result; without a cap there is nothing to warn of.
fg.FlowGraphForLoopBlock.MaxLoopIterations = Infinity;
fg.FlowGraphWhileLoopBlock.MaxLoopCount = Infinity;
fg.FlowGraphCoordinator.MaxEventTypeExecutionPerFrame = Infinity;
fg.FlowGraphCoordinator.MaxEventsPerType = Infinity;
Logger.LogLevels = Logger.NoneLogLevel;

/** Rich type of event values. */
const TYPES = { int: fg.RichTypeFlowGraphInteger, float: fg.RichTypeNumber, bool: fg.RichTypeBoolean };

/** @type {Record<string, (value: any) => any>} */
const LITERALS = {
  int: (value) => new fg.FlowGraphInteger(value),
  float3: (value) => Vector3.FromArray(value),
  float4: (value) => Vector4.FromArray(value),
  float4x4: (value) => Matrix.FromArray(value),
  quaternion: (value) => Quaternion.FromArray(value),
};

/** @param {{type: string, literal?: any}} input */
const literal = ({ type, literal: value }) => LITERALS[type]?.(value) ?? value;

const eventData = (values) =>
  Object.fromEntries(Object.entries(values).map(([id, { type }]) => [id, { type: TYPES[type] }]));

/** Where four lanes are a quaternion, they have a type of their own there. */
function quaternions(graph) {
  for (const { inputs } of graph.nodes) {
    for (const input of Object.values(inputs)) if (input.type === 'float4') input.type = 'quaternion';
  }
  return graph;
}

/** Its names of numbered sockets. @param {string} prefix @param {number} count */
const numbered = (prefix, count) => Object.fromEntries(Array.from({ length: count }, (_, k) => [k, `${prefix}_${k}`]));

/** What makes the block of a configuration, the events and the node, and its names of sockets where they differ. */
const BLOCKS = {
  'event/onStart': { make: () => new fg.FlowGraphSceneReadyEventBlock() },
  'event/onTick': { make: () => new fg.FlowGraphSceneTickEventBlock() },
  'event/send': {
    make: ({ event }, events) =>
      new fg.FlowGraphSendCustomEventBlock({ eventId: event, eventData: eventData(events.get(event)) }),
  },
  'event/receive': {
    make: ({ event }, events) =>
      new fg.FlowGraphReceiveCustomEventBlock({ eventId: event, eventData: eventData(events.get(event)) }),
  },
  'flow/for': { make: () => new fg.FlowGraphForLoopBlock(), loopBody: 'executionFlow' },
  'flow/while': { make: () => new fg.FlowGraphWhileLoopBlock(), loopBody: 'executionFlow' },
  'flow/branch': { make: () => new fg.FlowGraphBranchBlock(), true: 'onTrue', false: 'onFalse' },
  'flow/switch': {
    make: ({ cases }) => new fg.FlowGraphSwitchBlock({ cases }),
    ...{ selection: 'case', ...numbered('out', 32) },
  },
  'flow/doN': { make: () => new fg.FlowGraphDoNBlock(), n: 'maxExecutions' },
  'flow/sequence': {
    make: (_, __, { flows }) => new fg.FlowGraphSequenceBlock({ outputSignalCount: Object.keys(flows).length }),
    ...numbered('out', 3),
  },
  'variable/get': { make: ({ variable }) => new fg.FlowGraphGetVariableBlock({ variable }) },
  'variable/set': {
    make: ({ variables }) =>
      new fg.FlowGraphSetVariableBlock({ variables, evaluateInputsBeforeWrite: variables.length > 1 }),
  },
  'math/add': { make: () => new fg.FlowGraphAddBlock() },
  'math/sub': { make: () => new fg.FlowGraphSubtractBlock() },
  'math/mul': { make: () => new fg.FlowGraphMultiplyBlock() },
  'math/rem': { make: () => new fg.FlowGraphModuloBlock() },
  'math/floor': { make: () => new fg.FlowGraphFloorBlock() },
  'math/and': {
    make: (_, __, { inputs }) => new fg.FlowGraphBitwiseAndBlock({ valueType: inputs.a.type === 'bool' ? 'boolean' : 'FlowGraphInteger' }),
  },
  'math/eq': { make: () => new fg.FlowGraphEqualityBlock() },
  'math/lt': { make: () => new fg.FlowGraphLessThanBlock() },
  'math/le': { make: () => new fg.FlowGraphLessThanOrEqualBlock() },
  'math/gt': { make: () => new fg.FlowGraphGreaterThanBlock() },
  'math/select': {
    make: () => new fg.FlowGraphConditionalDataBlock(),
    ...{ a: 'onTrue', b: 'onFalse', value: 'output' },
  },
  'math/div': { make: () => new fg.FlowGraphDivideBlock() },
  'math/max': { make: () => new fg.FlowGraphMaxBlock() },
  'math/sqrt': { make: () => new fg.FlowGraphSquareRootBlock() },
  'math/random': { make: () => new fg.FlowGraphRandomBlock() },
  'math/or': { make: () => new fg.FlowGraphBitwiseOrBlock() },
  'math/asr': { make: () => new fg.FlowGraphBitwiseRightShiftBlock() },
  'math/lsl': { make: () => new fg.FlowGraphBitwiseLeftShiftBlock() },
  'math/switch': { make: ({ cases }) => new fg.FlowGraphDataSwitchBlock({ cases }), ...{ selection: 'case', ...numbered('in', 32) } },
  'math/combine3': { make: () => new fg.FlowGraphCombineVector3Block(), a: 'input_0', b: 'input_1', c: 'input_2' },
  'math/dot': { make: () => new fg.FlowGraphDotBlock() },
  'math/matMul': { make: () => new fg.FlowGraphMatrixMultiplicationBlock() },
  'math/transform': { make: () => new fg.FlowGraphTransformBlock() },
  'math/quatSlerp': { make: () => new fg.FlowGraphMathSlerpBlock() },
  'type/intToFloat': { make: () => new fg.FlowGraphIntToFloat() },
};

/**
 * Builds the blocks of a bench graph and one context for them.
 *
 * A value read twice within one activation is cached there, and a while reads its condition again
 * within the activation that its body ended with: it would see values from before that activation's
 * writes. So what feeds a while's condition is built a second time, for the condition alone.
 * @param {any} coordinator
 * @param {Graph} source
 */
function build(coordinator, source) {
  const graph = coordinator.createGraph();
  const context = graph.createContext();
  const byId = new Map(source.nodes.map((node) => [node.id, node]));
  const events = new Map(source.events.map(({ id, values }) => [id, values]));
  const blocks = new Map();

  /** The block of a node; value blocks come once for everyone and once per while. */
  const block = (id, reader) => {
    const node = byId.get(id);
    const { op, config } = node;
    if (!BLOCKS[op]) throw new Error(`babylon has no ${op}`);
    const key = /^(math|type|variable\/get)/.test(op) ? `${id} ${reader}` : id;
    if (!blocks.has(key)) {
      const made = BLOCKS[op].make(config, events, node);
      blocks.set(key, made);
      if (op.startsWith('event/') && op !== 'event/send') graph.addEventBlock(made);
      else graph.addBlock(made);
      connectValues(id, made, op === 'flow/while' ? id : reader);
    }
    return blocks.get(key);
  };

  const connectValues = (id, made, reader) => {
    const { op, inputs } = byId.get(id);
    for (const [name, input] of Object.entries(inputs)) {
      const socket = made.getDataInput(BLOCKS[op][name] ?? name);
      if (input.node === undefined) {
        socket.setValue(literal(input), context);
      } else {
        const names = BLOCKS[byId.get(input.node).op];
        const output = block(input.node, reader).getDataOutput(names[input.socket] ?? input.socket);
        socket.connectTo(output);
      }
    }
  };

  for (const { id, op, flows } of source.nodes) {
    if (/^(math|type|variable\/get)/.test(op)) continue;
    for (const [name, to] of Object.entries(flows)) {
      const output = block(id, '').getSignalOutput(BLOCKS[op][name] ?? name);
      output.connectTo(block(to.node, '').getSignalInput(to.socket));
    }
  }
  for (const variable of source.variables) {
    context.setVariable(variable.id, literal({ ...variable, literal: variable.value }));
  }
  return { graph, context };
}

/** A scene without anything in it, and the coordinator of its graphs. */
function open() {
  const engine = new NullEngine();
  const scene = new Scene(engine);
  const coordinator = new fg.FlowGraphCoordinator({ scene });
  return {
    coordinator,
    scene,
    /** What a rendered frame means to graphs, without rendering one. */
    frame: () => scene.onBeforeRenderObservable.notifyObservers(scene),
    dispose: () => engine.dispose(),
  };
}

/**
 * @param {any} context
 * @param {string[]} names
 */
const read = (context, names) =>
  Object.fromEntries(
    names.map((name) => {
      const value = context.getVariable(name);
      return [name, value.value ?? value];
    }),
  );

/**
 * @param {string} name  of the bench graph
 * @param {(graph: Graph) => Graph} [suit]
 * @returns {Prepare}
 */
const script = (name, suit = (graph) => graph) => async (size) => {
  const { coordinator, dispose } = open();
  const { graph, context } = build(coordinator, suit(resolve(await readGraph(name, size.params))));
  return {
    run() {
      graph.start(true);
      return { iterations: size.iterations, result: read(context, Object.keys(size.result)) };
    },
    dispose,
  };
};

/** @type {Prepare} From the text of its own serialization to a graph that can be started. */
const load = async ({ params, result }) => {
  const { coordinator, dispose } = open();
  const serialized = {};
  build(coordinator, resolve(loadGraph(params.nodes))).graph.serialize(serialized);
  const text = JSON.stringify(serialized);
  let graph;
  return {
    async run() {
      graph = await fg.ParseFlowGraphAsync(JSON.parse(text), { coordinator });
      return { iterations: params.nodes };
    },
    check() {
      const context = graph.getContext(0);
      graph.start(true);
      return read(context, Object.keys(result));
    },
    dispose,
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
  slerp: script('slerp', (graph) => quaternions(graph)),
  nbody: script('nbody'),
  sieve: script('sieve'),
  recursion: script('recursion'),
  montecarlo: script('montecarlo'),
  values: script('values'),
  // Sent at once, events call each other until the stack is full; so they wait for the next frame,
  // and there is a frame for each.
  async pingpong(size) {
    const { coordinator, frame, dispose } = open();
    coordinator.dispatchEventsSynchronously = false;
    const source = resolve(await readGraph('pingpong', size.params));
    const { graph, context } = build(coordinator, source);
    return {
      run() {
        graph.start(true);
        for (let i = 0; i < size.iterations; i++) frame();
        return { iterations: size.iterations, result: read(context, Object.keys(size.result)) };
      },
      dispose,
    };
  },
  async ticking({ params, iterations }) {
    const { coordinator, frame, dispose } = open();
    const source = resolve(await readGraph('ticking'));
    const contexts = Array.from({ length: params.graphs }, () => {
      const { graph, context } = build(coordinator, source);
      graph.start(true);
      return context;
    });
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) frame();
        const v = contexts.reduce((sum, context) => sum + context.getVariable('v'), 0);
        return { iterations, result: { v } };
      },
      dispose,
    };
  },
  load1k: load,
  load10k: load,
  load100k: load,
};
