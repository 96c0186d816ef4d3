// graph.js - Reads the bench graphs and resolves types and edges: a peer's translation is a table of names.

import { readFile } from 'node:fs/promises';

/**
 * A value socket: either a literal or an edge; the type is always known.
 * @typedef {{type: string, literal?: any, node?: string, socket?: string}} Input
 */

/**
 * @typedef {object} Node
 * @property {string} id
 * @property {string} op
 * @property {any} config
 * @property {Record<string, Input>} inputs
 * @property {Record<string, {node: string, socket: string}>} flows
 */

/**
 * @typedef {object} Graph
 * @property {{id: string, type: string, value: any}[]} variables
 * @property {{id: string, values: Record<string, {type: string, value: any}>}[]} events
 * @property {Node[]} nodes
 */

/**
 * The text of a bench graph, parsed, with its inputs set.
 * @param {string} name
 * @param {Record<string, number>} [params]
 */
export async function readGraph(name, params = {}) {
  const file = new URL(`graphs/${name}.graph.json`, import.meta.url);
  const json = JSON.parse(await readFile(file, 'utf8'));
  for (const input of json.inputs ?? []) input.value = params[input.id] ?? input.value;
  return json;
}

/**
 * A graph to load: n / 100 chains that begin at an onStart each, with 33 units of three nodes
 * (variable/get, math/add, variable/set) that add the unit's number to v. Chains are short because
 * engines that call themselves once per node cannot run long ones.
 * @param {number} n  number of nodes, a multiple of 100
 */
export function loadGraph(n) {
  const nodes = [];
  for (let unit = 0, chain = 0; chain < n / 100; chain++) {
    nodes.push({ id: `start${chain}`, op: 'event/onStart', flows: { out: `set${unit}:in` } });
    for (let last = unit + 33; unit < last; unit++) {
      nodes.push(
        { id: `get${unit}`, op: 'variable/get', config: { variable: 'v' } },
        { id: `add${unit}`, op: 'math/add', values: { a: { from: `get${unit}:value` }, b: unit } },
        {
          id: `set${unit}`,
          op: 'variable/set',
          config: { variables: ['v'] },
          values: { v: { from: `add${unit}:value` } },
          ...(unit + 1 < last && { flows: { out: `set${unit + 1}:in` } }),
        },
      );
    }
  }
  const variables = [{ id: 'v', type: 'float', value: 0 }];
  return { treadle: 1, name: `load of ${n} nodes`, variables, nodes };
}

/** Ops whose value inputs have types that no sibling can tell. */
const INPUT_TYPES = {
  'flow/for': { startIndex: 'int', endIndex: 'int' },
  'flow/while': { condition: 'bool' },
  'flow/branch': { condition: 'bool' },
  'flow/switch': { selection: 'int' },
  'flow/doN': { n: 'int' },
  'math/select': { condition: 'bool' },
  'math/transform': { b: 'float4x4' },
  'math/quatSlerp': { c: 'float' },
};

const OUTPUT_TYPES = {
  'flow/for': 'int',
  'flow/doN': 'int',
  'event/onTick': 'float',
  'type/intToFloat': 'float',
  'math/dot': 'float',
  'math/eq': 'bool',
  'math/lt': 'bool',
  'math/le': 'bool',
  'math/gt': 'bool',
  'math/ge': 'bool',
};

/**
 * Resolves a parsed native graph: every socket typed, every edge split, graph inputs as literals.
 * Only the ops that the bench uses are known here.
 * @param {any} json
 * @returns {Graph}
 */
export function resolve(json) {
  const byId = new Map(json.nodes.map((node) => [node.id, node]));
  const variable = new Map((json.variables ?? []).map((v) => [v.id, v.type]));
  const given = new Map((json.inputs ?? []).map((input) => [input.id, input]));
  const events = (json.events ?? []).map((e) => ({ id: e.id, values: e.values ?? {} }));
  const event = new Map(events.map((e) => [e.id, e.values]));
  const known = new Map();

  const split = (text) => {
    const [node, socket] = text.split(':');
    return { node, socket };
  };

  const outputType = (id, socket) => {
    if (id === 'in') return given.get(socket).type;
    const { op, config } = byId.get(id);
    if (op === 'variable/get') return variable.get(config.variable);
    if (op === 'event/receive') return event.get(config.event)[socket].type;
    if (OUTPUT_TYPES[op]) return OUTPUT_TYPES[op];
    if (!known.has(id)) known.set(id, siblingType(byId.get(id)));
    return known.get(id);
  };

  // The type that a node's untyped inputs share: that of a linked one, else that of the spelling.
  const siblingType = (node) => {
    const open = Object.entries(node.values ?? {}).filter(([s]) => !INPUT_TYPES[node.op]?.[s]);
    for (const [, value] of open) {
      if (value.from) return outputType(...Object.values(split(value.from)));
      if (value.type) return value.type;
    }
    return open.every(([, value]) => Number.isInteger(value)) ? 'int' : 'float';
  };

  const inputType = (node, socket) => {
    if (node.op === 'variable/set') return variable.get(socket);
    if (node.op === 'event/send') return event.get(node.config.event)[socket].type;
    return INPUT_TYPES[node.op]?.[socket] ?? siblingType(node);
  };

  const input = (node, socket, value) => {
    const type = inputType(node, socket);
    if (!value.from) return { type, literal: value.value ?? value };
    const edge = split(value.from);
    if (edge.node === 'in') return { type, literal: given.get(edge.socket).value };
    return { type: outputType(edge.node, edge.socket), ...edge };
  };

  const nodes = json.nodes.map((node) => ({
    id: node.id,
    op: node.op,
    config: node.config ?? {},
    inputs: mapValues(node.values, (value, socket) => input(node, socket, value)),
    flows: mapValues(node.flows, (text) => split(text)),
  }));
  return { variables: json.variables ?? [], events, nodes };
}

/**
 * @template A, B
 * @param {Record<string, A> | undefined} object
 * @param {(value: A, key: string) => B} fn
 * @returns {Record<string, B>}
 */
export function mapValues(object, fn) {
  return Object.fromEntries(Object.entries(object ?? {}).map(([k, v]) => [k, fn(v, k)]));
}
