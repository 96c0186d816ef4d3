// generate.js - random valid graphs in the native dialect; the same seed gives the same graph. Those made for an asset
// (asset.js makes KHR_interactivity of them) lead forwards only, and reach for the glTF around them.
//
// A graph is made from the outside in: variables, events and inputs; then flow nodes, so that their outputs can be
// read; then pure nodes over everything there is to read, newer ones more often, which makes them deep and shared;
// then what each flow node reads and where its flows lead. Most edges lead to later nodes. The others make loops: most
// of them pass a flow/doN, the rest is what fuel is for. Some graphs are mostly loops (loops.js). What looks odd in the
// weights was found by breaking the lowering on purpose and looking for the graph that notices.
import { web } from './loops.js';

/** Numbers from a seed (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A float in [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let x = this.state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from low to high, both included. */
  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  shuffle(list) {
    for (let i = list.length - 1; i > 0; i--) {
      const k = this.between(0, i);
      [list[i], list[k]] = [list[k], list[i]];
    }
  }

  /** One of the keys of {key: weight}. */
  weighted(weights) {
    let left = this.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    for (const [key, weight] of Object.entries(weights)) if ((left -= weight) < 0) return key;
    return Object.keys(weights).at(-1);
  }
}

const LANES = { bool: 1, int: 1, float: 1, float2: 2, float3: 3, float4: 4, float2x2: 4, float3x3: 9, float4x4: 16, ref: 1 };
const FLOATS = Object.keys(LANES).filter((type) => type.startsWith('float'));
const GATHERED = new Set(['int', 'float', 'float2', 'float3', 'float4']);
const INTS = [0, 1, -1, 2, 3, 5, 7, 31, 32, 100, -8, 2147483647, -2147483648];
const NUMBERS = [0, 1, -1, 0.5, -2.25, 3.75, 0.1, 1e308, -1e-308, 5e-324, 1e15, 2147483648.5];

/** A value of a type as JSON: a literal that says its type. */
export function literal(type, value) {
  return { type, value };
}

/** The plainest value of a type: what a shrunk graph reads instead of a node. */
export function plainest(type) {
  if (type === 'ref') return literal(type, null);
  const lane = type === 'bool' ? false : 0;
  return literal(type, LANES[type] === 1 ? lane : Array(LANES[type]).fill(lane));
}

/** What each flow op needs: flow inputs and outputs, value inputs, value outputs; `make` fills in the rest. */
const FLOW_OPS = {
  'flow/sequence': { weight: 6, make: (m, node) => (node.outs = m.keys(1, 4)) },
  'flow/branch': { weight: 4, outs: ['true', 'false'], make: (m, node) => m.branchCondition(node) },
  'flow/switch': { weight: 3, make: (m, node) => m.switchCases(node) },
  'flow/while': { weight: 2, outs: ['loopBody', 'completed'], make: (m, node) => m.whileCondition(node) },
  'flow/for': { weight: 4, outs: ['loopBody', 'completed'], gives: { index: 'int' }, make: (m, node) => m.forBounds(node) },
  'flow/doN': { weight: 3, ins: ['in', 'reset'], outs: ['out'], gives: { currentCount: 'int' }, make: (m, node) => m.doNCount(node) },
  'flow/multiGate': { weight: 3, ins: ['in', 'reset'], gives: { lastIndex: 'int' }, make: (m, node) => m.gate(node) },
  'flow/waitAll': { weight: 3, outs: ['out', 'completed'], gives: { remainingInputs: 'int' }, make: (m, node) => m.waitAll(node) },
  'flow/throttle': { weight: 2, ins: ['in', 'reset'], outs: ['out', 'err'], gives: { lastRemainingTime: 'float' }, make: (m, node) => m.duration(node) },
  'flow/setDelay': { weight: 2, ins: ['in', 'cancel'], outs: ['out', 'err', 'done'], gives: { lastDelay: 'ref' }, make: (m, node) => m.duration(node) },
  'flow/cancelDelay': { weight: 1, outs: ['out'], values: { delay: 'ref' } },
  'variable/set': { weight: 10, outs: ['out'], make: (m, node) => m.setVariables(node) },
  'variable/interpolate': { weight: 2, outs: ['out', 'err', 'done'], make: (m, node) => m.interpolate(node) },
  'pointer/set': { weight: 1, outs: ['out', 'err'], make: (m, node) => m.pointer(node) },
  'pointer/interpolate': { weight: 0, outs: ['out', 'err', 'done'], make: (m, node) => m.glide(node) },
  'animation/start': { weight: 0, outs: ['out', 'err', 'done'], make: (m, node) => m.animation(node, ['startTime', 'endTime', 'speed']) },
  'animation/stop': { weight: 0, outs: ['out', 'err'], make: (m, node) => m.animation(node, []) },
  'animation/stopAt': { weight: 0, outs: ['out', 'err', 'done'], make: (m, node) => m.animation(node, ['stopTime']) },
  'event/send': { weight: 3, outs: ['out'], make: (m, node) => m.send(node) },
  'event/stopPropagation': { weight: 1, outs: ['out'], values: { stopImmediate: 'bool', event: 'ref' } },
  'debug/log': { weight: 2, outs: ['out'], make: (m, node) => m.log(node) },
};

/** What is heavier in an asset. */
const ASSET_WEIGHTS = { 'pointer/set': 6, 'pointer/interpolate': 4, 'animation/start': 4, 'animation/stop': 1, 'animation/stopAt': 2 };

/** What the host does to an asset: extension events, by what they give. */
const ASSET_ROOTS = ['event/onSelect', 'event/onHoverIn', 'event/onHoverOut'];

/** The host operation of graphs that ask: what it answers, and when, is the test's affair. */
export const ASK = { op: 'test/ask', signature: { inputs: { n: 'int' }, outputs: { n: 'int', x: 'float2' } } };

const ASK_ROW = { weight: 6, outs: ['out', 'err'], values: ASK.signature.inputs, gives: ASK.signature.outputs };

/** A graph in the making. */
class Maker {
  constructor(seed, pures, { asks, asset, loops }) {
    this.random = new Random(seed);
    this.pures = pures;
    this.asset = asset;
    this.loops = loops;
    this.flowOps = { ...FLOW_OPS, ...(asks && { [ASK.op]: ASK_ROW }) };
    for (const [op, weight] of Object.entries(asset ? ASSET_WEIGHTS : {}))
      if (asset.ops.some((row) => row.op === op)) this.flowOps[op] = { ...this.flowOps[op], weight };
    this.ranks = new Map(); // by "node:socket", in an asset: the place of the last flow node that it depends on
    this.ahead = Infinity; // what may be read now has a lower rank
    this.graph = { treadle: 1, name: `random ${seed}`, variables: [], events: [], inputs: [], outputs: [], nodes: [] };
    this.types = new Map(); // by "node:socket": the type of every value output
    this.readable = Object.fromEntries(Object.keys(LANES).map((type) => [type, []])); // outputs by type, oldest first
    this.flowNodes = [];
    this.flowIns = new Map(); // by node id
    this.counters = new Set(); // variables that guards of loops count in
  }

  /* ---- values ---- */

  number() {
    const r = this.random;
    return r.chance(0.4) ? r.pick(NUMBERS) : r.between(-40, 40) / 8;
  }

  lane(type) {
    const r = this.random;
    if (type === 'bool') return r.chance(0.5);
    if (type === 'int') return r.chance(0.4) ? r.pick(INTS) : r.between(-3, 9);
    return this.number();
  }

  /** A literal; a plain one has only 0 and 1 in its lanes, so that some are equal. */
  literal(type, plain = this.random.chance(0.3)) {
    if (type === 'ref') return literal(type, this.asset && this.random.chance(0.8) ? this.object() : null);
    const lanes = Array.from({ length: LANES[type] }, () => (plain && type !== 'bool' ? this.random.between(0, 1) : this.lane(type)));
    return literal(type, lanes.length === 1 ? lanes[0] : lanes);
  }

  /** The pointer to an element of the glTF, seldom to one that is not there. */
  object(array = this.random.pick(Object.keys(this.asset.counts))) {
    return `${array}/${this.random.between(0, this.asset.counts[array] - (this.random.chance(0.9) ? 1 : 0))}`;
  }

  /** Something of a type to read: an output, rather a new one, or a literal. */
  value(type, literals = 0.25) {
    const r = this.random;
    const outputs = this.asset ? this.readable[type].filter((socket) => this.ranks.get(socket) < this.ahead) : this.readable[type];
    if (outputs.length === 0 || r.chance(literals)) return this.literal(type);
    const near = r.chance(0.5) ? Math.max(0, outputs.length - 6) : 0;
    return { from: outputs[r.between(near, outputs.length - 1)] };
  }

  gives(id, outputs, rank = this.rankOf(id)) {
    for (const [socket, type] of Object.entries(outputs)) {
      this.types.set(`${id}:${socket}`, type);
      this.ranks.set(`${id}:${socket}`, rank);
      this.readable[type].push(`${id}:${socket}`);
    }
  }

  /** The place of a flow node; of others that of the last one they depend on. */
  rankOf(id) {
    const place = this.flowNodes.findIndex(({ node }) => node.id === id);
    if (place >= 0) return place;
    const { values = {} } = this.graph.nodes.find((node) => node.id === id) ?? {};
    return Math.max(-1, ...Object.values(values).map(({ from }) => this.ranks.get(from) ?? -1));
  }

  node(op, parts = {}) {
    const node = { id: `n${this.graph.nodes.length}`, op, ...parts };
    this.graph.nodes.push(node);
    return node;
  }

  /* ---- the graph's own ---- */

  declare() {
    const r = this.random;
    const types = ['float', 'int', 'float2', 'int', 'bool', ...Array.from({ length: r.between(0, 6) }, () => r.pick(Object.keys(LANES)))];
    this.graph.variables = types.map((type, i) => ({ id: `v${i}`, ...this.literal(type) }));
    this.graph.inputs = this.asset ? [] : Array.from({ length: r.between(0, 2) }, (_, i) => ({ id: `x${i}`, ...this.literal(r.pick(['int', 'float', 'float3'])) }));
    this.graph.events = Array.from({ length: r.between(1, 3) }, (_, i) => ({ id: `e${i}`, values: this.eventValues() }));
    for (const { id, type } of this.graph.inputs) this.gives('in', { [id]: type });
  }

  eventValues() {
    const r = this.random;
    const names = ['a', 'b', 'c'].slice(0, r.between(0, 3));
    return Object.fromEntries(names.map((name) => [name, this.literal(r.pick(['bool', 'int', 'float', 'float2', 'float4x4', 'ref']))]));
  }

  roots() {
    const r = this.random;
    const root = (op, outputs, config) => {
      const node = this.node(op, config ? { config } : {});
      this.flowNodes.push({ node, outs: ['out'], ins: [] });
      this.gives(node.id, outputs);
    };
    for (let i = r.between(1, 2); i > 0; i--) root('event/onStart', { event: 'ref' });
    for (let i = r.between(0, 2); i > 0; i--) root('event/onTick', { timeSinceStart: 'float', timeSinceLastTick: 'float', event: 'ref' });
    for (let i = r.between(0, 3); i > 0; i--) {
      const { id, values } = r.pick(this.graph.events);
      const outputs = Object.fromEntries(Object.entries(values).map(([name, { type }]) => [name, type]));
      root('event/receive', { ...outputs, event: 'ref' }, { event: id });
    }
    for (const { op, valueOut } of this.asset?.ops.filter((row) => ASSET_ROOTS.includes(row.op)) ?? [])
      if (r.chance(0.3)) root(op, Object.fromEntries(valueOut.map(({ name, type }) => [name, type])), { nodeIndex: r.between(0, this.asset.counts['/nodes'] - 1) });
  }

  /* ---- flow nodes ---- */

  anyOp() {
    return this.random.weighted(Object.fromEntries(Object.entries(this.flowOps).map(([name, { weight }]) => [name, weight])));
  }

  flowNode(op = this.anyOp()) {
    const shape = this.flowOps[op];
    const node = this.node(op);
    const flow = { node, op, ins: shape.ins ?? ['in'], outs: shape.outs ?? [] };
    if (op === 'flow/waitAll') this.waitAllInputs(flow);
    this.flowNodes.push(flow);
    if (shape.gives) this.gives(node.id, shape.gives);
    this.flowIns.set(node.id, flow.ins);
    return flow;
  }

  keys(least, most) {
    const names = ['0', '1', '10', '2', '9', 'B', 'a', 'b', '\u{1F600}', '\uFFFD'];
    const count = this.random.between(least, most);
    return Array.from({ length: count }, () => names.splice(this.random.between(0, names.length - 1), 1)[0]);
  }

  values(flow, types) {
    flow.node.values = Object.fromEntries(Object.entries(types).map(([socket, type]) => [socket, this.value(type)]));
  }

  cases() {
    return [...new Set(Array.from({ length: this.random.between(1, 4) }, () => this.random.between(-1, 4)))];
  }

  /** Often a comparison that nobody else reads, of two things that may be equal. */
  branchCondition(flow) {
    const r = this.random;
    if (r.chance(0.5)) return this.values(flow, { condition: 'bool' });
    const type = r.pick(['int', 'float']);
    const a = this.value(type);
    const op = r.pick(['math/lt', 'math/le', 'math/gt', 'math/ge', 'math/eq']);
    const node = this.node(op, { values: { a, b: r.chance(0.3) ? a : this.value(type, 0.5) } });
    this.types.set(`${node.id}:value`, 'bool');
    this.ranks.set(`${node.id}:value`, this.rankOf(node.id));
    flow.node.values = { condition: { from: `${node.id}:value` } };
  }

  switchCases(flow) {
    const cases = this.cases();
    flow.node.config = { cases };
    flow.node.values = { selection: this.smallInt() };
    flow.outs = [...cases.map(String), 'default'];
  }

  /** An int that is mostly small. */
  smallInt() {
    const r = this.random;
    if (r.chance(0.4)) return literal('int', r.between(-1, 6));
    if (r.chance(0.2)) return this.value('int');
    const node = this.node('math/rem', { values: { a: this.value('int', 0), b: literal('int', r.between(2, 7)) } });
    this.gives(node.id, { value: 'int' });
    return { from: `${node.id}:value` };
  }

  /** Mostly: while a variable of its own is below a bound, and its body begins by counting that up. */
  whileCondition(flow) {
    const r = this.random;
    if (r.chance(this.loops ? 0.05 : 0.3)) return this.values(flow, { condition: 'bool' });
    const id = `v${this.graph.variables.length}`;
    this.graph.variables.push({ id, type: 'int', value: r.between(-2, 2) });
    if (this.loops) this.counters.add(id);
    const get = this.node('variable/get', { config: { variable: id } });
    this.gives(get.id, { value: 'int' });
    const less = this.node('math/lt', { values: { a: { from: `${get.id}:value` }, b: literal('int', r.between(1, 6)) } });
    this.gives(less.id, { value: 'bool' });
    const add = this.node('math/add', { values: { a: { from: `${get.id}:value` }, b: literal('int', 1) } });
    this.gives(add.id, { value: 'int' });
    const count = { node: this.node('variable/set', { config: { variables: [id] }, values: { [id]: { from: `${add.id}:value` } } }), ins: ['in'], outs: ['out'] };
    this.flowNodes.push(count);
    if (flow.fixed?.loopBody) count.fixed = { out: flow.fixed.loopBody };
    flow.fixed = { ...flow.fixed, loopBody: `${count.node.id}:in` };
    flow.node.values = { condition: { from: `${less.id}:value` } };
  }

  forBounds(flow) {
    flow.node.config = { initialIndex: this.random.between(-5, 5) };
    flow.node.values = { startIndex: this.random.chance(0.6) ? literal('int', 0) : this.smallInt(), endIndex: this.smallInt() };
  }

  doNCount(flow) {
    flow.node.values = { n: this.random.chance(0.7) ? literal('int', this.random.between(0, 5)) : this.smallInt() };
  }

  gate(flow) {
    const r = this.random;
    flow.outs = this.keys(1, 5);
    flow.node.config = { isRandom: r.chance(0.4), isLoop: r.chance(0.5) };
  }

  waitAllInputs(flow) {
    const inputFlows = this.random.between(1, 4);
    flow.node.config = { inputFlows };
    flow.ins = [...Array(inputFlows).keys()].map(String).concat('reset');
  }

  waitAll() {}

  duration(flow) {
    const r = this.random;
    const seconds = r.chance(0.8) ? literal('float', r.pick([0, 0.01, 0.05, 0.1, 0.25, 2, -1])) : this.value('float');
    flow.node.values = { duration: seconds };
  }

  /** A variable; rather one of the first few, so that several nodes have the same. */
  variable(allowed = () => true) {
    const variables = this.graph.variables.filter((variable) => allowed(variable) && !this.counters.has(variable.id));
    return this.random.pick(this.random.chance(0.5) ? variables.slice(0, 3) : variables);
  }

  setVariables(flow) {
    const chosen = new Map(Array.from({ length: this.random.weighted({ 1: 5, 2: 2, 3: 1 }) | 0 }, () => this.variable()).map((v) => [v.id, v.type]));
    flow.node.config = { variables: [...chosen.keys()] };
    this.values(flow, Object.fromEntries(chosen));
    for (const [id, type] of chosen) if (LANES[type] > 1 && this.random.chance(0.15)) flow.node.values[id] = this.swizzle(id, type);
    for (const [id, type] of chosen) if (this.loops && GATHERED.has(type) && this.random.chance(0.4)) flow.node.values[id] = this.gathered(id, type);
  }

  /** A variable and something more: what loops do. */
  gathered(id, type) {
    const get = this.node('variable/get', { config: { variable: id } });
    this.gives(get.id, { value: type });
    const op = this.random.pick(['math/add', 'math/add', 'math/sub', 'math/mul', 'math/min']);
    const node = this.node(op, { values: { a: { from: `${get.id}:value` }, b: this.value(type) } });
    this.gives(node.id, { value: type });
    return { from: `${node.id}:value` };
  }

  /** A variable's own lanes in another order. */
  swizzle(id, type) {
    const r = this.random;
    const get = this.node('variable/get', { config: { variable: id } });
    this.gives(get.id, { value: type });
    const apart = this.pures.find(({ op, inputs }) => op === `math/extract${type.slice('float'.length)}` && inputs.a === type);
    const together = this.pures.find(({ op, outputs }) => op === `math/combine${type.slice('float'.length)}` && outputs.value === type);
    const lanes = this.node(apart.op, { values: { a: { from: `${get.id}:value` } } });
    this.gives(lanes.id, apart.outputs);
    const lane = () => (r.chance(0.8) ? { from: `${lanes.id}:${r.pick(Object.keys(apart.outputs))}` } : this.value('float'));
    const whole = this.node(together.op, { values: Object.fromEntries(Object.keys(together.inputs).map((socket) => [socket, lane()])) });
    this.gives(whole.id, together.outputs);
    return { from: `${whole.id}:value` };
  }

  interpolate(flow) {
    const r = this.random;
    const { id, type } = this.variable((v) => FLOATS.includes(v.type));
    flow.node.config = { variable: id, useSlerp: type === 'float4' && r.chance(0.5) };
    flow.node.values = this.curve(type);
  }

  /** The inputs of an interpolation. */
  curve(type) {
    const r = this.random;
    const curve = () => literal('float2', [r.pick([0, 0.25, 0.5, 1]), r.pick([0, 0.1, 1, 1.5])]);
    return {
      value: this.value(type),
      duration: literal('float', r.pick([0, 0.05, 0.2, 1, -1])),
      p1: r.chance(0.9) ? curve() : this.value('float2'),
      p2: curve(),
    };
  }

  /**
   * A pointer template and its parameters: what configuration and values a node of it has. Most name something; their
   * indices are written in the template, or are ints or references that come from anywhere.
   * @param {(property: {path: string, type: string, access: string}) => boolean} [allowed]
   */
  template(allowed = () => true) {
    const r = this.random;
    if (!this.asset) return { config: { pointer: '/nodes/[i]/translation', type: 'float3' }, values: { i: this.smallInt() } };
    const some = this.asset.properties.filter(allowed);
    const near = some.filter(({ path }) => !path.startsWith('/materials')); // most rows are of materials
    const { path, type } = r.pick(near.length && r.chance(0.7) ? near : some);
    const names = ['i', 'k'];
    const values = {};
    const index = (array) => {
      const way = /\/(delays|events)$/.test(array) ? 2 : r.between(0, 2);
      if (way === 0) return String(r.between(0, (this.asset.counts[array] ?? 2) - (r.chance(0.9) ? 1 : 0)));
      const name = names.shift();
      if (way === 1) values[name] = r.chance(0.5) ? literal('int', r.between(0, (this.asset.counts[array] ?? 2) - 1)) : this.smallInt();
      else values[name] = r.chance(0.6) && array in this.asset.counts ? literal('ref', this.object(array)) : this.value('ref', 0.3);
      return way === 1 ? `[${name}]` : `{${name}}`;
    };
    const pointer = path.replaceAll('*', 'KHR_interactivity').split('/#').reduce((before, after, i) => (i ? `${before}/${index(before)}${after}` : after), '');
    return { config: { pointer, type: r.chance(0.95) ? type : r.pick(Object.keys(LANES)) }, values };
  }

  pointer(flow) {
    const writable = this.random.chance(0.9) ? ({ access }) => access === 'cell' : undefined;
    const { config, values } = this.template(writable);
    flow.node.config = config;
    flow.node.values = { ...values, value: this.value(config.type) };
  }

  glide(flow) {
    const { config, values } = this.template(({ access, type }) => access === 'cell' && FLOATS.includes(type));
    if (!FLOATS.includes(config.type)) config.type = 'float';
    flow.node.config = config;
    flow.node.values = { ...values, ...this.curve(config.type) };
  }

  animation(flow, times) {
    const r = this.random;
    const time = () => (r.chance(0.8) ? literal('float', r.pick([0, 0.125, 0.5, 1, 1.5, -0.25, 3])) : this.value('float'));
    flow.node.values = {
      animation: r.chance(0.9) ? literal('ref', this.object('/animations')) : this.value('ref'),
      ...Object.fromEntries(times.map((name) => [name, name === 'speed' && r.chance(0.8) ? literal('float', r.pick([1, 2, 0.5, -1])) : time()])),
    };
  }

  send(flow) {
    const { id, values } = this.random.pick(this.graph.events);
    flow.node.config = { event: id };
    this.values(flow, Object.fromEntries(Object.entries(values).map(([name, { type }]) => [name, type])));
  }

  log(flow) {
    const r = this.random;
    const names = ['a', 'b', 'c'].slice(0, r.between(0, 3));
    flow.node.config = { severity: r.between(0, 2), message: ['log', ...names.map((name) => `${name} = {${name}}`)].join(' ') };
    this.values(flow, Object.fromEntries(names.map((name) => [name, r.pick(Object.keys(LANES))])));
  }

  /* ---- pure nodes ---- */

  sources() {
    const r = this.random;
    for (const { id, type } of this.graph.variables)
      if (r.chance(0.8)) this.gives(this.node('variable/get', { config: { variable: id } }).id, { value: type });
    for (let i = r.between(0, 3); i > 0; i--) this.gives(this.node('math/random').id, { value: 'float' });
    for (let i = this.asset ? r.between(0, 6) : Number(r.chance(0.2)); i > 0; i--) this.pointerGet();
  }

  pointerGet() {
    const { config, values } = this.template();
    const node = this.node('pointer/get', { config, ...(Object.keys(values).length && { values }) });
    this.gives(node.id, { value: config.type, isValid: 'bool' });
  }

  pureNode() {
    if (this.random.chance(0.06)) return this.mathSwitch();
    if (this.asset && this.random.chance(0.08)) return this.pointerGet();
    const { op, config, inputs, outputs } = this.random.pick(this.pures);
    const folds = this.random.chance(0.1);
    const plain = this.random.chance(0.5);
    const fill = (type) => (folds ? this.literal(type, plain) : this.value(type, 0.15));
    const values = Object.fromEntries(Object.entries(inputs).map(([socket, type]) => [socket, fill(type)]));
    if (inputs.a === inputs.b && values.a && this.random.chance(0.1)) values.b = values.a;
    this.gives(this.node(op, { ...(config && { config }), ...(Object.keys(values).length && { values }) }).id, outputs);
  }

  mathSwitch() {
    const type = this.random.pick(Object.keys(LANES));
    const cases = this.cases();
    const values = { selection: this.smallInt() };
    for (const socket of [...cases.map(String), 'default']) values[socket] = this.value(type);
    this.gives(this.node('math/switch', { config: { cases }, values }).id, { value: type });
  }

  /* ---- edges ---- */

  /** A flow input for an output of the flow node at `place`, or one of a doN that leads back. */
  target(place) {
    const r = this.random;
    const count = this.flowNodes.length;
    const ahead = this.flowNodes.slice(place + 1).filter((flow) => flow.ins.length && !flow.own);
    if (ahead.length && r.chance(0.85)) return this.inputOf(r.chance(0.5) ? ahead[0] : r.pick(ahead));
    if (this.asset || (this.loops && r.chance(0.9))) return null;
    const back = r.pick(this.flowNodes.slice(0, count).filter((flow) => flow.ins.length && !flow.own));
    if (!back || r.chance(0.35)) return null;
    return r.chance(0.12) ? this.inputOf(back) : this.guarded(this.inputOf(back));
  }

  inputOf(flow) {
    const first = flow.op !== 'flow/waitAll' && this.random.chance(0.85);
    return `${flow.node.id}:${first ? flow.ins[0] : this.random.pick(flow.ins)}`;
  }

  guarded(target) {
    const node = this.node('flow/doN', { values: { n: literal('int', this.random.between(1, 4)) }, flows: { out: target } });
    this.gives(node.id, { currentCount: 'int' });
    return `${node.id}:in`;
  }

  connect() {
    this.flowNodes.forEach((flow, place) => {
      const targets = flow.outs.map((socket) => [socket, flow.fixed?.[socket] ?? this.target(place)]);
      const flows = Object.fromEntries(targets.filter(([, target]) => target));
      if (Object.keys(flows).length) flow.node.flows = { ...flows, ...flow.node.flows };
    });
  }

  outputs() {
    const r = this.random;
    const all = [...this.types];
    this.graph.outputs = Array.from({ length: r.between(1, 6) }, (_, i) => {
      const [from, type] = r.chance(0.5) ? r.pick(all.slice(-10)) : r.pick(all);
      return { id: `y${i}`, type, from };
    });
  }

  make() {
    const r = this.random;
    this.declare();
    this.roots();
    const enter = this.loops ? web(this) : null;
    const size = Math.floor((this.loops ? 0 : 3) + (this.loops ? 10 : 30) * r.next() ** 2);
    for (let i = 0; i < size; i++) this.flowNode();
    this.sources();
    for (let i = Math.floor(60 * r.next() ** 2); i > 0; i--) this.pureNode();
    for (const [place, flow] of [...this.flowNodes].entries()) {
      const shape = this.flowOps[flow.op] ?? {};
      this.ahead = place;
      if (flow.own) continue;
      if (shape.values) this.values(flow, shape.values);
      shape.make?.(this, flow);
    }
    this.ahead = Infinity;
    if (enter) for (const { ins, node } of this.flowNodes) if (ins.length === 0 && r.chance(node.op === 'event/receive' ? 0.1 : 0.8)) node.flows = { out: enter() };
    this.connect();
    if (this.asset) return { graph: this.graph, types: this.types };
    this.outputs();
    if (r.chance(0.3)) r.shuffle(this.graph.nodes);
    return { graph: this.graph, types: this.types };
  }
}

/**
 * A random graph.
 * @param {number} seed
 * @param {import('../../html/overloads.js').Overload[]} pures  every overload of every pure op
 * @param {{asks?: boolean, loops?: boolean, asset?: {ops: object[], properties: object[], counts: Object<string, number>}}} [options]
 *   asks: with nodes of the host operation ASK; loops: with a web of loops; asset: for a glTF with so many elements, with
 *   what the engine's tables say of ops and properties
 * @returns {{graph: object, types: Map<string, string>}} the graph, and the type of every value output "node:socket"
 */
export function generate(seed, pures, options = {}) {
  return new Maker(seed, pures, options).make();
}
