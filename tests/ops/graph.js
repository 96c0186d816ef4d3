// graph.js - makes one native graph that tries the cases of several ops, each case twice.
//
// Once its values are literals, which a compiler may fold; once they come from variables that were set just before,
// so the running graph has to compute. The results stay in variables.
//
// A file: `op`; `source` of its numbers; `inputs`, the names when they are not a, b, c; `outputs`, the type of each ("T": that of
// the first input); `cases`. A case: `type` of all inputs or `types` of each; `in`; `out`, a value or an object of outputs, or
// `either` of several; `ulp` or `near`, how far a number may be off; `config` of the node; `rejected` when it must not load; `why`.
import { readFileSync, readdirSync } from 'node:fs';

const HERE = new URL('.', import.meta.url);

const COMPARISONS = ['math/eq', 'math/lt', 'math/le', 'math/gt', 'math/ge', 'math/isNaN', 'math/isInf', 'ref/eq'];
const CONVERSIONS = {
  'type/boolToInt': 'int',
  'type/boolToFloat': 'float',
  'type/intToBool': 'bool',
  'type/intToFloat': 'float',
  'type/floatToBool': 'bool',
  'type/floatToInt': 'int',
};

/** Numbers that JSON cannot carry, as a quotient of numbers that it can. */
const SPECIAL = { NaN: [0, 0], Infinity: [1, 0], '-Infinity': [-1, 0], '-0': [-0, 1] };

/** All case files. */
export function readCases() {
  const files = readdirSync(HERE).filter((name) => name.endsWith('.json')).sort();
  return files.map((name) => JSON.parse(readFileSync(new URL(name, HERE), 'utf8')));
}

/** The names of an op's inputs: those its file says, else a, b, c. */
function inputsOf({ op, inputs }, count) {
  const names = inputs ?? (op === 'math/select' ? ['condition', 'a', 'b'] : [...'abc']);
  return names.slice(0, count);
}

/** The types of a case's inputs. */
function typesOf(op, { type, types, in: values }) {
  return types ?? values.map((_, i) => (op === 'math/select' && i === 0 ? 'bool' : type));
}

/** The type of an output: what the file says ("T": as the first input), else that of the case. */
function outputType({ op, outputs }, { type, types }, socket) {
  const T = type ?? types[0];
  if (outputs) return outputs[socket] === 'T' ? T : outputs[socket];
  if (socket === 'isValid') return 'bool';
  return COMPARISONS.includes(op) ? 'bool' : (CONVERSIONS[op] ?? T);
}

/** What a case may give, each as an object of its outputs: `out` alone, or any of `either`. */
function resultsOf({ out, either = [out] }) {
  return either.map((one) => (one !== null && typeof one === 'object' && !Array.isArray(one) ? one : { value: one }));
}

/** An object of these keys and values. */
const named = (keys, values) => Object.fromEntries(keys.map((key, k) => [key, values[k]]));

/** JSON that keeps the sign of -0. */
function json(value) {
  if (Array.isArray(value)) return `[${value.map(json)}]`;
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? '-0.0' : JSON.stringify(value);
  return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${json(item)}`)}}`;
}

/** The text of a graph file. */
const fileOf = (graph) => json({ treadle: 1, ...graph });

class Builder {
  constructor() {
    this.nodes = [];
    this.variables = [];
    this.last = { node: this.node('start', 'event/onStart'), flow: 'out' };
    for (const ref of ['A', 'B', 'C']) this.then(this.node(ref, 'flow/setDelay', { duration: { type: 'float', value: 1e9 } }));
    this.variable('gone', 'ref');
    this.set('keep gone', { gone: { from: 'C:lastDelay' } });
    this.then(this.node('cancel gone', 'flow/cancelDelay', { delay: { from: 'get gone' } }));
    this.variable('null', 'ref');
  }

  node(id, op, values, config) {
    const node = { id, op, ...(values && { values }), ...(config && { config }), flows: {} };
    this.nodes.push(node);
    return node;
  }

  /** Appends a node to the flow. */
  then(node, flow = 'out') {
    this.last.node.flows[this.last.flow] = `${node.id}:in`;
    this.last = { node, flow };
  }

  /** The variable of this name, and the socket that reads it. */
  variable(id, type) {
    if (!this.variables.some((variable) => variable.id === id)) {
      this.variables.push({ id, type });
      this.node(`get ${id}`, 'variable/get', null, { variable: id });
    }
    return { from: `get ${id}` };
  }

  set(id, values) {
    this.then(this.node(id, 'variable/set', values, { variables: Object.keys(values) }));
  }

  /** Sets new variables from `{name: {from, type}}`. */
  keep(id, results) {
    const rows = Object.entries(results);
    this.variables.push(...rows.map(([name, { type }]) => ({ id: name, type })));
    this.set(id, Object.fromEntries(rows.map(([name, { from }]) => [name, { from }])));
  }

  /** The references of ref cases: null, two pending delays, and one that was cancelled. */
  static refs = { null: 'get null', A: 'A:lastDelay', B: 'B:lastDelay', gone: 'get gone' };

  /** A value as a literal, or as a division of literals where JSON has none. */
  value(id, type, value) {
    if (type === 'ref') return { from: Builder.refs[value] };
    const lanes = [value].flat();
    if (!lanes.some((lane) => lane in SPECIAL)) return { type, value };
    const part = (i) => {
      const numbers = lanes.map((lane) => SPECIAL[lane]?.[i] ?? (i ? 1 : lane));
      return { type, value: Array.isArray(value) ? numbers : numbers[0] };
    };
    this.node(id, 'math/div', { a: part(0), b: part(1) });
    return { from: id };
  }

  /** Tries one case both ways; says what its variables must hold. */
  attempt(id, file, tried) {
    const { op } = file;
    const types = typesOf(op, tried);
    const names = inputsOf(file, types.length);
    const literals = types.map((type, k) => this.value(`${id} ${names[k]}`, type, tried.in[k]));
    const reads = types.map((type, k) => this.variable(`${names[k]} ${type}`, type));
    if (types.length) this.set(`${id} in`, named(names.map((name, k) => `${name} ${types[k]}`), literals));
    const nodes = [`${id} folded`, `${id} live`];
    this.node(nodes[0], op, named(names, literals), tried.config);
    this.node(nodes[1], op, named(names, reads), tried.config);
    const results = resultsOf(tried);
    const sockets = Object.keys(results[0]);
    const rows = sockets.flatMap((socket) =>
      nodes.map((node) => [`${node} ${socket}`, { from: `${node}:${socket}`, type: outputType(file, tried, socket) }]),
    );
    this.keep(`${id} out`, Object.fromEntries(rows));
    return nodes.map((node) => ({ op, tried, results, variables: named(sockets, sockets.map((socket) => `${node} ${socket}`)) }));
  }
}

/**
 * One graph for all cases of these files that are not rejected, and what to check in its variables.
 * @returns {{text: string, checks: {op: string, at: number, tried: object, results: object[], variables: Record<string, string>}[]}}
 *   `at`: the index of the case; `variables`: which of them holds which output; together they hold one of `results`
 */
export function graphOf(files) {
  const built = new Builder();
  const checks = files.flatMap((file) =>
    file.cases.flatMap((tried, at) => (tried.rejected ? [] : built.attempt(`${file.op} ${at}`, file, tried).map((check) => ({ ...check, at })))),
  );
  built.keep('refs', { A: { from: 'A:lastDelay', type: 'ref' }, B: { from: 'B:lastDelay', type: 'ref' } });
  return { text: fileOf({ variables: built.variables, nodes: built.nodes }), checks };
}

/** What a report of such a graph holds in each variable, with references by their names. @returns {Map<string, any>} */
export function kept({ variables }) {
  const names = new Map(variables.filter(({ id }) => id === 'A' || id === 'B').map(({ id, value }) => [value, id]));
  return new Map(variables.map(({ id, type, value }) => [id, type === 'ref' ? (names.get(value) ?? value) : value]));
}

/** A graph of one node that must not load; the node is /nodes/0. */
export function rejectedGraph(file, tried) {
  const { op } = file;
  const types = typesOf(op, tried);
  const names = inputsOf(file, types.length);
  const values = named(names, types.map((type, k) => ({ type, value: tried.in[k] })));
  return fileOf({ nodes: [{ id: 'tried', op: tried.op ?? op, values }] });
}

const order = (value) => {
  const bits = new BigInt64Array(Float64Array.of(value).buffer)[0];
  return bits < 0n ? -(2n ** 63n) - bits : bits;
};

/** Whether a lane is the expected one, or a number at most `ulp` representable numbers, or `near`, away. */
function agrees(seen, expected, { ulp = 0, near = 0 } = {}) {
  if (Array.isArray(expected))
    return Array.isArray(seen) && seen.length === expected.length && expected.every((lane, i) => agrees(seen[i], lane, { ulp, near }));
  const exact = expected === '-0' ? -0 : expected;
  if (typeof exact !== 'number' || typeof seen !== 'number' || (ulp === 0 && near === 0)) return Object.is(seen, exact);
  if (Math.abs(seen - exact) <= near) return true;
  const distance = order(seen) - order(exact);
  return (distance < 0n ? -distance : distance) <= BigInt(ulp);
}

/** What is wrong with a case, when variables hold these values; null when nothing is. */
export function faultOf({ tried, results, variables }, seen) {
  const sockets = Object.entries(variables);
  const isIt = (result) => sockets.every(([socket, variable]) => agrees(seen.get(variable), result[socket], tried));
  if (results.some(isIt)) return null;
  return `it gives ${sockets.map(([socket, variable]) => `${socket} ${JSON.stringify(seen.get(variable))}`).join(', ')}`;
}
