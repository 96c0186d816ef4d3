// bench.test.js - The bench's own arithmetic, with literals: medians, rates, ratios, the table. Nothing is timed here.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { aimTable, aims } from '../bench/aims.js';
import { loadGraph } from '../bench/generate.js';
import { readGraph, resolve } from '../bench/graph.js';
import { interleave, median, ratio, ratios, reduce, short, table } from '../bench/reduce.js';
import { time } from '../bench/measure.js';
import { workloads as plain } from '../bench/peers/js.js';
import { project } from '../bench/peers/scratch.js';
import { sizeFor, workloads } from '../bench/workloads.js';

test('the median is the middle value, whatever the order', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10]), 10);
});

test('the median of an even number is the mean of the two middle values', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test('the median leaves its argument alone', () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test('there is no median of nothing', () => {
  assert.throws(() => median([]), RangeError);
});

test('a row has the times of its rounds, their median and the rate per second', () => {
  const job = { workload: 'sum', engine: 'js' };
  assert.deepEqual(reduce(job, 1000, [4, 2, 100]), {
    workload: 'sum',
    engine: 'js',
    variant: null,
    runner: null,
    iterations: 1000,
    times: [4, 2, 100],
    medianMs: 4,
    rate: 250_000,
  });
});

const row = (engine, times, variant = null, runner = null, workload = 'sum', iterations = 1000) =>
  reduce({ workload, engine, variant, runner }, iterations, times);

test('a ratio is the median of the ratios of the rounds, to the same workload of the reference', () => {
  const rows = [row('behave-graph', [7], null, null, 'nested'), row('behave-graph', [10, 40, 30]), row('js', [1, 2, 10])];
  assert.equal(ratio(rows[2], rows, { engine: 'behave-graph' }), 10); // of 10, 20, 3
});

test('rates are compared, so sizes may differ', () => {
  const rows = [row('slow', [50], null, null, 'sum', 100), row('fast', [10], null, null, 'sum', 4000)];
  assert.equal(ratio(rows[1], rows, { engine: 'slow' }), 200); // 400 a ms to 2
});

test('a reference may be one way of an engine', () => {
  const rows = [row('treadle', [3], 'step', 'vm'), row('treadle', [1], 'plain', 'wasm'), row('treadle', [8], 'plain', 'vm'), row('js', [2])];
  assert.equal(ratio(rows[3], rows, { engine: 'treadle', variant: 'plain', runner: 'vm' }), 4);
  assert.equal(ratio(rows[3], rows, { engine: 'treadle', variant: 'plain', runner: 'wasm' }), 0.5);
});

test('without a reference there is no ratio', () => {
  const rows = [row('js', [40])];
  assert.equal(ratio(rows[0], rows, { engine: 'treadle' }), null);
});

test('two engines are compared on the workloads that both have', () => {
  const rows = [row('a', [1]), row('b', [2]), row('a', [1], null, null, 'nested'), row('b', [5], null, null, 'collatz')];
  assert.deepEqual(ratios(rows, { engine: 'a' }, { engine: 'b' }), [{ workload: 'sum', ratio: 2 }]);
});

test('aims: what is met, what is not, what was not measured', () => {
  const wasm = (workload, time) => row('treadle', [time], 'plain', 'wasm', workload);
  const rows = [
    ...[wasm('sum', 1.02), wasm('nested', 2), wasm('collatz', 1)],
    ...['sum', 'nested', 'collatz'].map((workload) => row('treadle', [1], 'plain', 'structured', workload)),
    ...['sum', 'nested', 'collatz'].map((workload) => row('treadle', [4], 'plain', 'vm', workload)),
    row('behave-graph', [612]),
  ];
  const of = (text) => aims(rows, { sliceP99: 4.6 }).find(({ what }) => what.startsWith(text));
  assert.deepEqual(of('time of preemptible to structured'), { ...of('time of preemptible to structured'), wanted: 'at most 1.03', measured: 1.02, met: true });
  assert.deepEqual([of('times our own VM').measured, of('times our own VM').met], [4 / 1.02, false]); // of 3.9, 2, 4
  assert.deepEqual([of('times behave-graph, v').measured, of('times behave-graph, v').met], [600, true]);
  assert.deepEqual([of('slices').measured, of('slices').met], [4.6, false]);
  assert.deepEqual([of('times Babylon').measured, of('times Babylon').met], [null, null]);
  assert.match(aimTable(aims(rows)), /\| times our own VM \| at least 5\.00 \| 3\.92 \| NOT MET \|/);
});

test('rounds are interleaved', () => {
  assert.deepEqual(interleave(['a', 'b', 'c'], 2), ['a', 'b', 'c', 'a', 'b', 'c']);
});

test('numbers are shortened to three digits and a prefix', () => {
  assert.equal(short(1_234_567), '1.23 M');
  assert.equal(short(2_500), '2.50 k');
  assert.equal(short(1.5e9), '1.50 G');
  assert.equal(short(999_999_999), '1.00 G');
  assert.equal(short(123.4), '123');
  assert.equal(short(0.01234), '0.0123');
});

test('the table groups by workload and leaves unknown ratios empty', () => {
  const rows = [
    reduce({ workload: 'sum', engine: 'treadle', variant: 'plain', runner: 'vm' }, 1000, [1]),
    reduce({ workload: 'nested', engine: 'js' }, 2000, [4]),
    reduce({ workload: 'sum', engine: 'js' }, 1000, [0.5]),
  ];
  assert.deepEqual(table(rows).split('\n').slice(2), [
    '| sum | treadle | plain | vm | 1000 | 1.00 | 1.00 M | 1.00 |  |',
    '| sum | js |  |  | 1000 | 0.500 | 2.00 M | 2.00 |  |',
    '| nested | js |  |  | 2000 | 4.00 | 500 k |  |  |',
  ]);
});

test('a size is that of the quick run, the way, the workload, the engine', () => {
  const engine = { sizes: { '*': 'short', collatz: 'quick' } };
  const n = (job) => sizeFor(engine, { quick: false, ...job }).params.n;
  assert.equal(n({ workload: 'sum', quick: true }), 10_000);
  assert.equal(n({ workload: 'sum', size: 'full' }), 10_000_000);
  assert.equal(n({ workload: 'collatz' }), 300);
  assert.equal(n({ workload: 'sum' }), 1_000_000);
  assert.equal(sizeFor(engine, { workload: 'load1k', quick: true }).params.nodes, 1_000);
});

test('every bench graph resolves: no edge goes nowhere, every type is known', async () => {
  const files = await readdir(new URL('../bench/graphs/', import.meta.url));
  assert.equal(files.length, 15);
  for (const name of [...files.map((file) => file.replace('.graph.json', '')), 'nbody', 'sieve', 'values']) {
    const graph = resolve(await readGraph(name));
    const ids = new Set(graph.nodes.map((node) => node.id));
    assert.equal(ids.size, graph.nodes.length, name);
    for (const node of graph.nodes) {
      for (const { type, node: from } of Object.values(node.inputs)) {
        assert.ok(['bool', 'int', 'float', 'float3', 'float4', 'float4x4'].includes(type), `${name} ${node.id} ${type}`);
        assert.ok(from === undefined || ids.has(from), `${name} ${node.id} ${from}`);
      }
      for (const to of Object.values(node.flows)) assert.ok(ids.has(to.node), `${name} ${node.id}`);
    }
  }
});

test('the value graph has ten thousand values', async () => {
  const { nodes } = await readGraph('values');
  assert.equal(nodes.filter(({ op }) => op.startsWith('math/') || op.startsWith('type/')).length, 10_000);
});

test('plain JavaScript reaches the expected results, which are from elsewhere', async () => {
  for (const [name, prepare] of Object.entries(plain)) {
    const size = sizeFor({ sizes: {} }, { workload: name, quick: true });
    assert.ok((await time(await prepare(size, { variant: null, runner: null }), size)) >= 0, name);
  }
});

test('a wrong result fails the run', async () => {
  const size = { params: {}, iterations: 1, result: { v: 2 } };
  const prepared = { run: () => ({ iterations: 1, result: { v: 3 } }), dispose() {} };
  await assert.rejects(time(prepared, size), /wrong result/);
  await assert.rejects(time({ ...prepared, run: () => ({ iterations: 2, result: { v: 2 } }) }, size), /wrong result/);
});

test('a Scratch project: blocks hang together, values are where they are read', () => {
  const { targets } = project({ blocks: { main: { body: [['repeat', 3, [['change', 'v', ['+', 'v', 1]]]]] } } });
  const { blocks, variables } = targets[0];
  assert.deepEqual(Object.keys(variables), ['v']);
  const of = (opcode) => Object.entries(blocks).find(([, block]) => block.opcode === opcode);
  const [[repeat, loop], [change, body], [add, sum]] = ['control_repeat', 'data_changevariableby', 'operator_add'].map(of);
  assert.deepEqual(loop.inputs, { TIMES: [1, [4, '3']], SUBSTACK: [2, change] });
  assert.deepEqual([body.parent, body.inputs.VALUE.slice(0, 2), sum.parent], [repeat, [3, add], change]);
  assert.deepEqual(sum.inputs, { NUM1: [3, [12, 'v', 'v'], [4, '']], NUM2: [1, [4, '1']] });
});

test('literals take the type of their siblings', async () => {
  const { nodes } = resolve(await readGraph('collatz', { n: 7 }));
  const node = (id) => nodes.find((one) => one.id === id).inputs;
  assert.deepEqual(node('triple').b, { type: 'float', literal: 3 });
  assert.deepEqual(node('longer').b, { type: 'int', literal: 1 });
  assert.deepEqual(node('loop').endIndex, { type: 'int', literal: 7 });
  assert.deepEqual(node('next').condition, { type: 'bool', node: 'even', socket: 'value' });
});

test('a graph to load has as many nodes as it says', () => {
  for (const name of ['load1k', 'load10k', 'load100k']) {
    const { params } = workloads[name].sizes.full;
    assert.equal(loadGraph(params.nodes).nodes.length, params.nodes);
  }
});
