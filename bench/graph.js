// graph.js - Reads or makes the bench graphs and resolves types and edges: a peer's translation is a table of names.

import { bodies, sieve, values } from './generate.js';

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

/** Graphs too long to write: their inputs are what they are made with. @type {Record<string, () => any>} */
const made = { nbody: bodies, sieve, values };

/**
 * A file of this folder or of build/, here or in a page.
 * @param {string} path  relative to bench/
 */
export async function bytesOf(path) {
  const url = new URL(path, import.meta.url);
  if (url.protocol === 'file:') return (await import('node:fs/promises')).readFile(url);
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * A bench graph, parsed or made, with its inputs set.
 * @param {string} name
 * @param {Record<string, number>} [params]
 */
export async function readGraph(name, params = {}) {
  const json = made[name]?.() ?? JSON.parse(new TextDecoder().decode(await bytesOf(`graphs/${name}.graph.json`)));
  for (const input of json.inputs ?? []) input.value = params[input.id] ?? input.value;
  return json;
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
  'math/switch': { selection: 'int' },
};

const OUTPUT_TYPES = {
  'flow/for': 'int',
  'flow/doN': 'int',
  'event/onTick': 'float',
  'type/intToFloat': 'float',
  'math/random': 'float',
  'math/combine3': 'float3',
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

  const split = (text, only = 'value') => {
    const [node, socket = only] = text.split(':');
    return { node, socket };
  };

  const outputType = ({ node: id, socket }) => {
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
      if (value.from) return outputType(split(value.from));
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
    return { type: outputType(edge), ...edge };
  };

  const nodes = json.nodes.map((node) => ({
    id: node.id,
    op: node.op,
    config: node.config ?? {},
    inputs: mapValues(node.values, (value, socket) => input(node, socket, value)),
    flows: mapValues(node.flows, (text) => split(text, 'in')),
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
