// generate.js - The bench graphs that are too long to write: n bodies, a sieve, ten thousand values, pointers, graphs to load.

/** @param {string} id @param {string} op @param {Record<string, any>} [values] @param {Record<string, any>} [more] */
const node = (id, op, values, more) => ({ id, op, ...(values && { values }), ...more });
const from = (/** @type {string} */ socket) => ({ from: socket });
const get = (/** @type {string} */ variable) => node(variable, 'variable/get', undefined, { config: { variable } });
const float3 = (/** @type {number[]} */ value) => ({ type: 'float3', value });

/** @param {string} id @param {Record<string, any>} values  by variable @param {string} [next]  node */
const set = (id, values, next) =>
  node(id, 'variable/set', values, { config: { variables: Object.keys(values) }, ...(next && { flows: { out: next } }) });

/** @param {string} id @param {any} to @param {string} body @param {string} [completed] @param {any} [start] */
const loop = (id, to, body, completed, start = 0) =>
  node(id, 'flow/for', { startIndex: start, endIndex: to }, { flows: { loopBody: body, ...(completed && { completed }) } });

const start = (/** @type {string} */ out) => node('start', 'event/onStart', undefined, { flows: { out } });

/** A sun and four planets, on about circles; all numbers are exact in binary. README.md says how they move. */
export const BODIES = [
  { mass: 1, p: [0, 0, 0], v: [0, 0, 0] },
  { mass: 2 ** -6, p: [4, 0, 0.25], v: [0, 0.5, 0] },
  { mass: 2 ** -7, p: [0, 6, -0.5], v: [-0.40625, 0, 0] },
  { mass: 2 ** -8, p: [-8, 0, 0.5], v: [0, -0.34375, 0] },
  { mass: 2 ** -9, p: [0, -10, 0.25], v: [0.3125, 0, 0] },
];

/** Bodies that attract each other, in float3: each step sets all velocities, then all places. */
export function bodies() {
  const nodes = [start('loop'), loop('loop', from('in:n'), 'pull', 'measure')];
  /** @type {Record<string, any>} */
  const speeds = {};
  /** @type {Record<string, any>} */
  const places = {};
  BODIES.forEach((_, i) => {
    nodes.push(get(`p${i}`), get(`v${i}`));
    speeds[`v${i}`] = from(`v${i}`);
  });
  const lanes = (/** @type {string} */ id) => ({ a: from(id), b: from(id), c: from(id) });
  for (let i = 0; i < BODIES.length; i++) {
    for (let j = i + 1; j < BODIES.length; j++) {
      const [d, f, pair] = [`d${i}${j}`, `f${i}${j}`, `${i}${j}`];
      nodes.push(
        node(d, 'math/sub', { a: from(`p${j}`), b: from(`p${i}`) }),
        node(`r2-${pair}`, 'math/dot', { a: from(d), b: from(d) }),
        node(`r-${pair}`, 'math/sqrt', { a: from(`r2-${pair}`) }),
        node(`r3-${pair}`, 'math/mul', { a: from(`r2-${pair}`), b: from(`r-${pair}`) }),
        node(`w-${pair}`, 'math/div', { a: 0.015625, b: from(`r3-${pair}`) }),
        node(`w3-${pair}`, 'math/combine3', lanes(`w-${pair}`)),
        node(f, 'math/mul', { a: from(d), b: from(`w3-${pair}`) }),
      );
      for (const [body, other, op] of /** @type {const} */ ([[i, j, 'math/add'], [j, i, 'math/sub']])) {
        const { mass } = BODIES[other];
        const [part, sum] = [`f-${body}-${other}`, `v-${body}-${other}`];
        nodes.push(
          node(part, 'math/mul', { a: from(f), b: float3([mass, mass, mass]) }),
          node(sum, op, { a: speeds[`v${body}`], b: from(part) }),
        );
        speeds[`v${body}`] = from(sum);
      }
    }
  }
  /** @type {any} */
  let sum = null;
  BODIES.forEach((_, i) => {
    nodes.push(
      node(`way${i}`, 'math/mul', { a: from(`v${i}`), b: float3([0.015625, 0.015625, 0.015625]) }),
      node(`to${i}`, 'math/add', { a: from(`p${i}`), b: from(`way${i}`) }),
      node(`at${i}`, 'math/dot', { a: from(`p${i}`), b: float3([1, 16, 256]) }),
    );
    places[`p${i}`] = from(`to${i}`);
    if (sum) nodes.push(node(`s${i}`, 'math/add', { a: sum, b: from(`at${i}`) }));
    sum = from(sum ? `s${i}` : `at${i}`);
  });
  nodes.push(set('pull', speeds, 'move'), set('move', places), set('measure', { s: sum }));
  const variables = [
    ...BODIES.flatMap(({ p, v }, i) => [
      { id: `p${i}`, type: 'float3', value: p },
      { id: `v${i}`, type: 'float3', value: v },
    ]),
    { id: 's', type: 'float', value: 0 },
  ];
  return { treadle: 1, name: 'n bodies', variables, inputs: [{ id: 'n', type: 'int', value: 1000 }], nodes };
}

/** Words of 32 bits in which the sieve strikes numbers out. */
const WORDS = 32;

/** Primes below 1024 by striking out: the bits are 32 variables, a switch finds the one; a gate lets the first 11 strike. */
export function sieve() {
  const cases = Array.from({ length: WORDS }, (_, k) => k);
  const words = cases.map((k) => `w${k}`);
  const clear = Object.fromEntries(words.map((name) => [name, 0]));
  const nodes = [
    start('rounds'),
    loop('rounds', from('in:rounds'), 'all'),
    node('clear', 'variable/set', clear, { config: { variables: words }, flows: { out: 'gate:reset' } }),
    node('all', 'flow/sequence', undefined, { flows: { 0: 'clear', 1: 'numbers' } }),
    loop('numbers', 32 * WORDS, 'look', undefined, 2),
    ...words.map(get),
    get('count'),
    node('place', 'math/asr', { a: from('numbers:index'), b: 5 }),
    node('word', 'math/switch', { selection: from('place'), default: 0, ...Object.fromEntries(cases.map((k) => [k, from(`w${k}`)])) }, { config: { cases } }),
    node('shifted', 'math/asr', { a: from('word'), b: from('numbers:index') }),
    node('bit', 'math/and', { a: from('shifted'), b: 1 }),
    node('isPrime', 'math/eq', { a: from('bit'), b: 0 }),
    node('look', 'flow/branch', { condition: from('isPrime') }, { flows: { true: 'found' } }),
    node('more', 'math/add', { a: from('count'), b: 1 }),
    node('found', 'variable/set', { count: from('more'), top: from('numbers:index') }, { config: { variables: ['count', 'top'] }, flows: { out: 'gate:in' } }),
    node('gate', 'flow/doN', { n: 11 }, { flows: { out: 'multiples' } }),
    node('last', 'math/div', { a: 32 * WORDS - 1, b: from('numbers:index') }),
    node('end', 'math/add', { a: from('last'), b: 1 }),
    loop('multiples', from('end'), 'strike', undefined, from('numbers:index')),
    node('multiple', 'math/mul', { a: from('numbers:index'), b: from('multiples:index') }),
    node('where', 'math/asr', { a: from('multiple'), b: 5 }),
    node('mark', 'math/lsl', { a: 1, b: from('multiple') }),
    node('strike', 'flow/switch', { selection: from('where') }, { config: { cases }, flows: Object.fromEntries(cases.map((k) => [k, `set${k}`])) }),
    ...cases.flatMap((k) => [node(`or${k}`, 'math/or', { a: from(`w${k}`), b: from('mark') }), set(`set${k}`, { [`w${k}`]: from(`or${k}`) })]),
  ];
  const variables = [...words, 'count', 'top'].map((id) => ({ id, type: 'int', value: 0 }));
  return { treadle: 1, name: 'sieve', variables, inputs: [{ id: 'rounds', type: 'int', value: 10 }], nodes };
}

/** Chains of the value graph, and the groups of four nodes in each. */
const CHAINS = 99;
const GROUPS = 25;

/** Ten thousand values pulled by one node: 99 chains of a hundred, and their sum. Each value has one reader. */
export function values() {
  const nodes = [
    start('loop'),
    loop('loop', from('in:n'), 'store'),
    node('x', 'type/intToFloat', { a: from('loop:index') }),
    get('v'),
  ];
  let sum = '';
  for (let k = 0; k < CHAINS; k++) {
    let last = 'x';
    for (let g = 0; g < GROUPS; g++) {
      const [scaled, moved, lowered, held] = ['s', 'm', 'l', 'h'].map((part) => `${part}${k}-${g}`);
      nodes.push(
        node(scaled, 'math/mul', { a: from(last), b: 0.75 }),
        node(moved, 'math/add', { a: from(scaled), b: k }),
        node(lowered, 'math/sub', { a: from(moved), b: g }),
        node(held, 'math/max', { a: from(lowered), b: 0 }),
      );
      last = held;
    }
    if (sum) nodes.push(node(`sum${k}`, 'math/add', { a: from(sum), b: from(last) }));
    sum = sum ? `sum${k}` : last;
  }
  nodes.push(node('next', 'math/add', { a: from('v'), b: from(sum) }), set('store', { v: from('next') }));
  const variables = [{ id: 'v', type: 'float', value: 0 }];
  return { treadle: 1, name: 'values', variables, inputs: [{ id: 'n', type: 'int', value: 2 }], nodes };
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

/**
 * A glTF of eight nodes, and a loop that sets the translation of each: the shape that exporters write, by index.
 * @param {number} n turns
 */
export function pointerGraph(n) {
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
