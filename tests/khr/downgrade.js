// downgrade.js - makes drafts out of ratified graphs: the differences of 2024 and 2025, as exporters wrote them.
//
// There are no original drafts beside the repository. What this makes says the same as the graph it was made of, in the
// words of the drafts: so the verdicts of that graph hold for it too, once it is upgraded.

/** A generator of numbers from 0 to below 1. */
export function random(seed) {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OLD_OPS = {
  'math/Inf': 'math/inf', 'math/NaN': 'math/nan', 'math/Pi': 'math/pi', 'math/E': 'math/e',
  'math/isNaN': 'math/isnan', 'math/isInf': 'math/isinf', 'math/matMul': 'math/matmul',
};

const EVENTS = ['event/onStart', 'event/onTick', 'event/receive'];

/** Node indices in another order, in which events keep theirs among each other. */
function shuffled(ops, next) {
  const order = ops.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const events = order.filter((i) => EVENTS.includes(ops[i])).sort((a, b) => a - b);
  return order.map((i) => (EVENTS.includes(ops[i]) ? events.shift() : i));
}

/**
 * A draft of a glTF with a ratified graph, and the codes of the differences it surely has.
 * @param {any} ratified
 * @param {() => number} next
 * @returns {{draft: any, kinds: string[]}}
 */
export function downgrade(ratified, next) {
  const draft = structuredClone(ratified);
  const { graphs, graph: chosen = 0 } = draft.extensions.KHR_interactivity;
  const graph = graphs[chosen];
  const kinds = new Set();
  const ops = graph.nodes.map(({ declaration }) => graph.declarations[declaration].op);
  const type = (index) => graph.types[index].signature;
  graph.nodes.forEach((node, i) => oldNode(node, ops[i], { graph, ops, type, kinds, next }));
  oldOrder(graph, ops, next, kinds);
  oldLists(graph, kinds);
  return { draft, kinds: [...kinds] };
}

/** One node, its edges still by ratified indices. */
function oldNode(node, op, context) {
  const { graph, kinds } = context;
  for (const [name, input] of Object.entries(node.values ?? {})) node.values[name] = oldInput(input, context);
  for (const flow of Object.values(node.flows ?? {})) {
    if (flow.socket !== undefined) continue;
    flow.socket = null;
    kinds.add('W1702');
  }
  if (op === 'variable/set') oldSet(node, graph, kinds);
  if (op === 'math/rotate3D') {
    node.values.b = node.values.rotation;
    delete node.values.rotation;
    kinds.add('W1706');
  }
  const pointer = node.configuration?.pointer?.value;
  if (pointer && /\[[^[]/.test(pointer[0])) {
    pointer[0] = pointer[0].replaceAll(/\[([^[\]]+)\]/g, '{$1}');
    kinds.add('W1709');
  }
  for (const part of ['values', 'flows', 'configuration']) {
    if (node[part]) continue;
    node[part] = {};
    kinds.add('W1701');
  }
}

/** Numbers as text, infinities and NaN in place. */
function oldInput(input, { graph, ops, type, kinds, next }) {
  const source = input.node === undefined ? null : ops[input.node];
  const float = graph.types.findIndex(({ signature }) => signature === 'float');
  const negated = source === 'math/neg' && ops[graph.nodes[input.node].values.a.node] === 'math/Inf';
  if (source === 'math/Inf' || negated) {
    kinds.add('W1711');
    return { type: float, value: [negated ? '-Infinity' : 'Infinity'] };
  }
  if (input.node !== undefined || !type(input.type).startsWith('float')) return input;
  if (input.value === undefined) {
    kinds.add('W1711');
    return { ...input, value: Array(lanes(type(input.type))).fill('NaN') };
  }
  if (next() > 0.1) return input;
  kinds.add('W1710');
  return { ...input, value: input.value.map((lane) => (Object.is(lane, -0) ? '-0' : String(lane))) };
}

function lanes(signature) {
  const [, size = '1', by] = /^float(\d?)(?:x(\d))?$/.exec(signature) ?? [];
  return Number(size || 1) * Number(by ?? 1);
}

/** One variable in the way of before 2025-10, several as variable/setMultiple. */
function oldSet(node, graph, kinds) {
  const { value: variables } = node.configuration.variables;
  if (variables.length === 1) {
    node.configuration = { variable: { value: variables } };
    node.values = { value: node.values[String(variables[0])] };
    kinds.add('W1715');
    return;
  }
  let multiple = graph.declarations.findIndex(({ op }) => op === 'variable/setMultiple');
  if (multiple < 0) multiple = graph.declarations.push({ op: 'variable/setMultiple' }) - 1;
  node.declaration = multiple;
  kinds.add('W1704');
}

function oldOrder(graph, ops, next, kinds) {
  const order = shuffled(ops, next);
  const index = [];
  order.forEach((was, now) => (index[was] = now));
  for (const node of graph.nodes) {
    for (const input of Object.values(node.values)) if (input.node !== undefined) input.node = index[input.node];
    for (const flow of Object.values(node.flows)) flow.node = index[flow.node];
  }
  graph.nodes = order.map((was) => graph.nodes[was]);
  const isBackward = ({ values, flows }, i) =>
    Object.values(values).some(({ node }) => node >= i) || Object.values(flows).some(({ node }) => node <= i);
  if (graph.nodes.some(isBackward)) kinds.add('W1708');
}

function oldLists(graph, kinds) {
  for (const variable of graph.variables ?? []) {
    if (variable.name === undefined) continue;
    variable.id = variable.name;
    delete variable.name;
    kinds.add('W1714');
  }
  for (const event of graph.events ?? []) event.values ??= {};
  for (const list of ['variables', 'events']) graph[list] ??= [];
  for (const declaration of graph.declarations) {
    if (!(declaration.op in OLD_OPS)) continue;
    declaration.op = OLD_OPS[declaration.op];
    kinds.add('W1704');
  }
}

/**
 * A GLB.
 * @param {Buffer} json
 * @param {[string, Buffer][]} chunks the others: type of four letters, content
 */
export function toGlb(json, chunks) {
  const parts = [['JSON', json, ' '], ...chunks.map(([type, content]) => [type, content, '\0'])].map(([type, content, fill]) => {
    const padded = Buffer.concat([content, Buffer.alloc(-content.length & 3, fill)]);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(padded.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, padded]);
  });
  const head = Buffer.alloc(12);
  head.write('glTF', 'latin1');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + parts.reduce((sum, { length }) => sum + length, 0), 8);
  return Buffer.concat([head, ...parts]);
}
