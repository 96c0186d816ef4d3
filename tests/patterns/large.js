// large.js - patterns that are too long to write by hand: deep chains, wide fan-out, the bomb.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../harness.js';

const range = (n) => Array.from({ length: n }, (_, i) => i);
const from = (edge) => ({ from: edge });
const get = (variable) => ({ id: variable, op: 'variable/get', config: { variable } });
const set = (id, variable, value, out) => ({ id, op: 'variable/set', config: { variables: [variable] }, values: { [variable]: value }, ...(out && { flows: { out } }) });
const add = (id, a, b) => ({ id, op: 'math/add', values: { a, b } });
const onStart = (out) => ({ id: 'start', op: 'event/onStart', flows: { out } });
const int = (id, value = 0) => ({ id, type: 'int', value });
const log = (id, message, values) => ({ id, op: 'debug/log', config: { severity: 0, message }, values });

/** x + 1 + 1 ..., `depth` times, read twice in each of three turns. */
function valueChain(depth) {
  const links = range(depth).map((k) => add(`n${k}`, from(k ? `n${k - 1}:value` : 'x:value'), 1));
  const last = from(`n${depth - 1}:value`);
  return {
    variables: [int('x', 1), int('sum')],
    nodes: [
      get('x'), get('sum'), ...links, add('both', last, last), add('total', from('sum:value'), from('both:value')),
      onStart('loop:in'),
      { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'keep:in' } },
      set('keep', 'sum', from('total:value'), 'next:in'), set('next', 'x', last),
    ],
  };
}

/** and(n, n), `depth` times: read naively that is 2^depth reads of the variable. */
function andChain(depth) {
  const links = range(depth).map((k) => {
    const before = from(k ? `n${k - 1}:value` : 'x:value');
    return { id: `n${k}`, op: 'math/and', values: { a: before, b: before } };
  });
  return {
    variables: [{ id: 'x', type: 'bool', value: true }, { id: 'all', type: 'bool', value: false }],
    nodes: [get('x'), ...links, onStart('keep:in'), set('keep', 'all', from(`n${depth - 1}:value`))],
  };
}

/** 40 sequences in a row, both outputs of each to the next: 2^40 ends without a loop. */
function bomb(depth) {
  const rows = range(depth).map((k) => {
    const next = k + 1 < depth ? `s${k + 1}:in` : 'count:in';
    return { id: `s${k}`, op: 'flow/sequence', flows: { a: next, b: next } };
  });
  return {
    variables: [int('ends')],
    nodes: [get('ends'), onStart('s0:in'), ...rows, add('more', from('ends:value'), 1), set('count', 'ends', from('more:value'))],
  };
}

/** Sequences that complete a waitAll by two ways each: from the second round on every way completes. No input has two edges. */
function waitBomb(depth) {
  const rows = range(depth).flatMap((k) => [
    { id: `s${k}`, op: 'flow/sequence', flows: { a: `w${k}:0`, b: `w${k}:1` } },
    { id: `w${k}`, op: 'flow/waitAll', config: { inputFlows: 2 }, flows: { completed: k + 1 < depth ? `s${k + 1}:in` : 'count:in' } },
  ]);
  const twice = { id: 'twice', op: 'flow/sequence', flows: { a: 's0:in', b: 's0:in' } };
  return {
    variables: [int('ends')],
    nodes: [get('ends'), onStart('twice:in'), twice, ...rows, add('more', from('ends:value'), 1), set('count', 'ends', from('more:value'))],
  };
}

/** A chain of `length` writes: x = 0, 1, 2 ... */
function flowChain(length) {
  const links = range(length).map((k) => set(`n${k}`, 'x', k, k + 1 < length ? `n${k + 1}:in` : 'end:in'));
  return { variables: [int('x', -1)], nodes: [get('x'), onStart('n0:in'), ...links, log('end', 'end {x}', { x: from('x:value') })] };
}

/** A sequence with `width` outputs; ids sort as text: "10" comes before "9". */
function wideSequence(width) {
  const flows = Object.fromEntries(range(width).map((k) => [String(k), `n${k}:in`]));
  const ends = range(width).map((k) => log(`n${k}`, String(k)));
  return { nodes: [{ id: 'none', op: 'math/add', values: { a: 0, b: 0 } }, onStart('all:in'), { id: 'all', op: 'flow/sequence', flows }, ...ends] };
}

/** Loops in loops, `depth` deep, two turns each. */
function deepLoops(depth) {
  const loops = range(depth).map((k) => ({
    id: `loop${k}`, op: 'flow/for', values: { startIndex: 0, endIndex: 2 }, flows: { loopBody: k + 1 < depth ? `loop${k + 1}:in` : 'set:in' },
  }));
  return {
    variables: [int('count')],
    nodes: [get('count'), onStart('loop0:in'), ...loops, add('more', from('count:value'), 1), set('set', 'count', from('more:value'))],
  };
}

const CASES = [
  ['value-chain-200', () => valueChain(200), {
    why: 'x grows by 200 in each turn, sum by twice the new x: 2*(201 + 401 + 601); 1 root + 3 turns',
    status: 'done', variables: { x: 601, sum: 2406 }, fuel: 4,
  }],
  ['value-chain-600', () => valueChain(600), {
    why: 'as above; floor(602/256) more for each set of sum, floor(600/256) for each set of x; 1 root + 3 turns + 3*(2 + 2)',
    status: 'done', variables: { x: 1801, sum: 7206 }, fuel: 16,
  }],
  ['and-chain-213', () => andChain(213), { why: 'each node is evaluated once', status: 'done', variables: { all: true }, fuel: 1 }],
  ['bomb-40', () => bomb(40), {
    why: `n ends cost 1 root + n + the sum of ceil(n / 2^k) for k = 1..39: a sequence has two incoming edges, and the
          k-th from the end is entered once for each 2^k ends. For 483 that is 1 + 483 + 516`,
    words: ['--fuel', '1000'], status: 'limit', reason: 'fuel', variables: { ends: 483 }, fuel: 1000,
  }],
  ['wait-bomb-40', () => waitBomb(40), {
    why: `the first round costs 1 root + 40 sequences + 1 end; the second 1 for s0, then n ends cost n + the sum of
          ceil(n / 2^k) for k = 1..39: 462 + 494 make 999, and one sequence more is entered`,
    words: ['--fuel', '1000'], status: 'limit', reason: 'fuel', variables: { ends: 463 }, fuel: 1000,
  }],
  ['flow-chain-600', () => flowChain(600), {
    why: 'of the flow nodes 2..602 two have an index that is a multiple of 256: 1 root + 2',
    status: 'done', variables: { x: 599 }, log: ['end 599'], fuel: 3,
  }],
  ['wide-sequence-200', () => wideSequence(200), {
    why: 'outputs in the order of their ids as text', status: 'done', log: range(200).map(String).sort(), fuel: 1,
  }],
  ['deep-loops-8', () => deepLoops(8), { why: '1 root + 2 + 4 + ... + 256 turns', status: 'done', variables: { count: 256 }, fuel: 511 }],
];

/** The large patterns, written under build/. */
export function large() {
  const folder = join(BUILD, 'patterns');
  mkdirSync(folder, { recursive: true });
  return CASES.map(([name, make, expected]) => {
    const file = join(folder, `${name}.graph.json`);
    writeFileSync(file, JSON.stringify({ treadle: 1, name, ...make() }));
    return { name, file, expected };
  });
}
