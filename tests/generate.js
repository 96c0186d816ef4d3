// generate.js - random graphs from a seed: every op in every position, shared chains, backward edges, state read from
// anywhere. They mean nothing; all runners must agree on what.

/** Numbers in [0, 1) that a seed fixes (Marsaglia's xorshift, 2003). */
function random(seed) {
  let x = (seed * 2654435761 + 1013904223) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x / 4294967296;
  };
}

const INT_OPS = ['add', 'sub', 'mul', 'div', 'rem', 'min', 'max', 'and', 'or', 'xor', 'lsl', 'asr'];
const INT_UNARY = ['abs', 'sign', 'neg', 'not', 'clz', 'ctz', 'popcnt'];
const FLOAT_OPS = ['add', 'sub', 'mul', 'div', 'min', 'max'];
const FLOAT_UNARY = ['abs', 'sign', 'neg', 'trunc', 'floor', 'ceil', 'round', 'fract', 'saturate', 'sqrt'];
const COMPARE = ['eq', 'lt', 'le', 'gt', 'ge'];
const INTS = [0, 1, 2, 3, 5, 7, -1, -2, 10, 31, 32, 100, 2147483647, -2147483648];
const FLOATS = [0, 1, 2, 0.5, -0.5, -1, 0.1, 1e-9, 1e10, 3.75];
const VECTORS = [[0, 0, 0], [1, 2, 3], [-1, 0.5, 100]];

/** The graph of a seed: `size` flow nodes and about three times as many value nodes. */
export function generate(seed, size = 12) {
  const next = random(seed);
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const chance = (p) => next() < p;

  const variables = [
    ...['i0', 'i1', 'i2'].map((id) => ({ id, type: 'int', value: pick(INTS) })),
    ...['f0', 'f1'].map((id) => ({ id, type: 'float', value: pick(FLOATS) })),
    { id: 'b0', type: 'bool', value: chance(0.5) },
    { id: 'v0', type: 'float3', value: pick(VECTORS) },
    { id: 'r0', type: 'ref' },
  ];
  const events = [
    { id: 'e0', values: { n: { type: 'int', value: pick(INTS) }, x: { type: 'float' } } },
    { id: 'e1' },
  ];
  const typeOf = Object.fromEntries(variables.map(({ id, type }) => [id, type]));

  /** Value outputs that can be read, by type. */
  const known = { bool: [], int: [], float: [], float3: [], ref: [] };
  const nodes = [];
  const literal = { bool: () => chance(0.5), int: () => pick(INTS), float: () => pick(FLOATS), float3: () => pick(VECTORS), ref: () => null };
  const value = (type) => {
    if (known[type].length && (type === 'ref' || chance(0.75))) return { from: pick(known[type]) };
    return { type, value: literal[type]() };
  };

  // Flow nodes first, in name only: their outputs are state, which any value may read.
  const kinds = ['sequence', 'sequence', 'branch', 'switch', 'while', 'for', 'for', 'doN', 'multiGate', 'waitAll', 'throttle', 'setDelay',
    'cancelDelay', 'set', 'set', 'set', 'set', 'send', 'log', 'log', 'interpolate', 'stop'];
  const flows = Array.from({ length: size }, (_, k) => ({ id: `n${k}`, kind: k < 2 ? 'sequence' : pick(kinds) }));
  const state = { for: ['int', 'index'], doN: ['int', 'currentCount'], multiGate: ['int', 'lastIndex'], waitAll: ['int', 'remainingInputs'],
    throttle: ['float', 'lastRemainingTime'], setDelay: ['ref', 'lastDelay'] };
  for (const { id, kind } of flows) if (state[kind]) known[state[kind][0]].push(`${id}:${state[kind][1]}`);
  const roots = ['onStart', ...(chance(0.4) ? ['onStart'] : []), ...(chance(0.6) ? ['onTick'] : []), ...(chance(0.8) ? ['receive0'] : []),
    ...(chance(0.5) ? ['receive0'] : []), ...(chance(0.5) ? ['receive1'] : [])].map((kind, k) => ({ id: `root${k}`, kind }));
  for (const { id, kind } of roots) {
    known.ref.push(`${id}:event`);
    if (kind === 'onTick') known.float.push(`${id}:timeSinceStart`, `${id}:timeSinceLastTick`);
    if (kind === 'receive0') {
      known.int.push(`${id}:n`);
      known.float.push(`${id}:x`);
    }
  }

  const values = [];
  const give = (type, op, inputs, rest = {}, output = 'value') => {
    const id = `x${values.length}`;
    values.push({ id, op, ...(inputs && { values: inputs }), ...rest });
    known[type].push(`${id}:${output}`);
  };
  for (const { id, type } of variables) give(type, 'variable/get', null, { config: { variable: id } });
  if (chance(0.3)) give('float', 'math/random', null);
  const two = (type) => ({ a: value(type), b: value(type) });
  const makers = [
    () => give('int', `math/${pick(INT_OPS)}`, two('int')),
    () => give('int', `math/${pick(INT_OPS)}`, two('int')),
    () => give('int', `math/${pick(INT_UNARY)}`, { a: value('int') }),
    () => give('float', `math/${pick(FLOAT_OPS)}`, two('float')),
    () => give('float', `math/${pick(FLOAT_UNARY)}`, { a: value('float') }),
    () => give('float3', `math/${pick(FLOAT_OPS)}`, two('float3')),
    () => give('bool', `math/${pick(COMPARE)}`, two('int')),
    () => give('bool', `math/${pick(COMPARE)}`, two('float')),
    () => give('bool', 'math/eq', two('float3')),
    () => give('bool', `math/${pick(['and', 'or', 'xor'])}`, two('bool')),
    () => give('bool', 'math/not', { a: value('bool') }),
    () => give('bool', 'ref/eq', two('ref')),
    () => {
      const type = pick(['int', 'float', 'float3', 'bool']);
      give(type, 'math/select', { condition: value('bool'), ...two(type) });
    },
    () => {
      const type = pick(['int', 'float', 'float3']);
      give(type, 'math/switch', { selection: value('int'), 1: value(type), 0: value(type), default: value(type) }, { config: { cases: [1, 0] } });
    },
    () => give('int', 'type/floatToInt', { a: value('float') }),
    () => give('int', 'type/boolToInt', { a: value('bool') }),
    () => give('float', 'type/intToFloat', { a: value('int') }),
    () => give('bool', 'type/intToBool', { a: value('int') }),
    () => give('bool', 'type/floatToBool', { a: value('float') }),
  ];
  for (let k = 0; k < size * 3; k++) pick(makers)();

  // Edges: mostly forward; some to a chain that others lead to, some backward.
  const inputs = { doN: ['in', 'in', 'reset'], multiGate: ['in', 'in', 'in', 'reset'], throttle: ['in', 'in', 'reset'], setDelay: ['in', 'in', 'cancel'],
    waitAll: ['0', '1', '2', 'reset'] };
  const target = (k) => {
    if (chance(0.12)) return null;
    const to = chance(0.12) ? below(size) : k + 1 + below(Math.min(4, size));
    if (to >= size) return null;
    return `${flows[to].id}:${pick(inputs[flows[to].kind] ?? ['in'])}`;
  };
  const edges = (k, names) => {
    const led = names.map((name) => [name, target(k)]).filter(([, to]) => to);
    return led.length ? { flows: Object.fromEntries(led) } : {};
  };
  const config = (c) => ({ config: c });
  const small = () => (chance(0.7) ? { type: 'int', value: below(5) } : { from: pick(known.int) });
  const seconds = () => (chance(0.85) ? { type: 'float', value: pick([0, 0.05, 0.1, 0.15, 0.3]) } : { from: pick(known.float) });
  const unit = () => ({ type: 'float2', value: [pick([0, 0.25, 1]), pick([0, 1, -1, 2])] });
  const flowMakers = {
    sequence: (k) => ({ op: 'flow/sequence', ...edges(k, ['a', 'b', 'c', 'd'].slice(0, 1 + below(4))) }),
    branch: (k) => ({ op: 'flow/branch', values: { condition: value('bool') }, ...edges(k, ['true', 'false']) }),
    switch: (k) => ({ op: 'flow/switch', ...config({ cases: [2, 0, 1] }), values: { selection: chance(0.5) ? small() : value('int') }, ...edges(k, ['0', '1', '2', 'default']) }),
    while: (k) => ({ op: 'flow/while', values: { condition: value('bool') }, ...edges(k, ['loopBody', 'completed']) }),
    for: (k) => ({ op: 'flow/for', ...config({ initialIndex: pick(INTS) }), values: { startIndex: small(), endIndex: small() }, ...edges(k, ['loopBody', 'completed']) }),
    doN: (k) => ({ op: 'flow/doN', values: { n: small() }, ...edges(k, ['out']) }),
    multiGate: (k) => ({ op: 'flow/multiGate', ...config({ isRandom: chance(0.4), isLoop: chance(0.6) }), ...edges(k, ['p', 'q', 'r']) }),
    waitAll: (k) => ({ op: 'flow/waitAll', ...config({ inputFlows: 3 }), ...edges(k, ['out', 'completed']) }),
    throttle: (k) => ({ op: 'flow/throttle', values: { duration: seconds() }, ...edges(k, ['out', 'err']) }),
    setDelay: (k) => ({ op: 'flow/setDelay', values: { duration: seconds() }, ...edges(k, ['out', 'err', 'done']) }),
    cancelDelay: (k) => ({ op: 'flow/cancelDelay', values: { delay: { from: pick(known.ref) } }, ...edges(k, ['out']) }),
    set: (k) => {
      const count = chance(0.6) ? 1 : 2 + below(2);
      const chosen = [...new Set(Array.from({ length: count }, () => pick(variables).id))];
      return { op: 'variable/set', ...config({ variables: chosen }), values: Object.fromEntries(chosen.map((id) => [id, value(typeOf[id])])), ...edges(k, ['out']) };
    },
    interpolate: (k) => {
      const variable = pick(['f0', 'f1', 'v0']);
      return { op: 'variable/interpolate', ...config({ variable, useSlerp: false }), values: { value: value(typeOf[variable]), duration: seconds(), p1: unit(), p2: unit() }, ...edges(k, ['out', 'err', 'done']) };
    },
    send: (k) => (chance(0.6)
      ? { op: 'event/send', ...config({ event: 'e0' }), values: { n: value('int'), x: value('float') }, ...edges(k, ['out']) }
      : { op: 'event/send', ...config({ event: 'e1' }), ...edges(k, ['out']) }),
    log: (k) => ({ op: 'debug/log', ...config({ severity: 0, message: `${k} {i} {f} {b} {v}` }), values: { i: value('int'), f: value('float'), b: value('bool'), v: value('float3') }, ...edges(k, ['out']) }),
    stop: (k) => ({ op: 'event/stopPropagation', values: { stopImmediate: value('bool'), event: { from: pick(known.ref) } }, ...edges(k, ['out']) }),
  };
  const rootOps = { onStart: { op: 'event/onStart' }, onTick: { op: 'event/onTick' }, receive0: { op: 'event/receive', ...config({ event: 'e0' }) }, receive1: { op: 'event/receive', ...config({ event: 'e1' }) } };
  nodes.push(...values);
  for (const { id, kind } of roots) nodes.push({ id, ...rootOps[kind], flows: { out: `n${below(Math.min(4, size))}:${'in'}` } });
  for (const [k, { id, kind }] of flows.entries()) nodes.push({ id, ...flowMakers[kind](k) });
  for (const node of nodes) if (/^root/.test(node.id)) node.flows.out = fixInput(node.flows.out, flows, inputs, pick);

  const outputs = ['int', 'float', 'bool', 'float3'].map((type) => ({ id: `out_${type}`, type, from: pick(known[type]) }));
  return { treadle: 1, name: `seed ${seed}`, variables, events, outputs, nodes };
}

/** waitAll has no input "in". */
function fixInput(edge, flows, inputs, pick) {
  const [id] = edge.split(':');
  const { kind } = flows.find((flow) => flow.id === id);
  return `${id}:${pick(inputs[kind] ?? ['in'])}`;
}
