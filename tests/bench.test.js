// bench.test.js - The bench's own arithmetic, with literals: medians, rates, ratios, the table. Nothing is timed here.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { loadGraph } from '../bench/generate.js';
import { readGraph, resolve } from '../bench/graph.js';
import { interleave, median, ratio, reduce, short, table } from '../bench/reduce.js';
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

test('a row has the median and the rate per second', () => {
  const job = { workload: 'sum', engine: 'js' };
  assert.deepEqual(reduce(job, 1000, [4, 2, 100]), {
    workload: 'sum',
    engine: 'js',
    variant: null,
    runner: null,
    shape: null,
    iterations: 1000,
    medianMs: 4,
    rate: 250_000,
    runs: 3,
  });
});

const row = (engine, rate, variant = null, runner = null, workload = 'sum') => ({
  ...reduce({ workload, engine, variant, runner }, 1000, [1]),
  rate,
});

test('a ratio is to the same workload of the reference engine', () => {
  const rows = [row('behave-graph', 5, null, null, 'nested'), row('behave-graph', 2), row('js', 50)];
  assert.equal(ratio(rows[2], rows, 'behave-graph'), 25);
});

test('the reference of treadle is its plain variant in the vm', () => {
  const rows = [
    row('treadle', 3, 'step', 'vm'),
    row('treadle', 1, 'plain', 'walk'),
    row('treadle', 8, 'plain', 'vm'),
    row('js', 40),
  ];
  assert.equal(ratio(rows[3], rows, 'treadle'), 5);
});

test('without a reference there is no ratio', () => {
  const rows = [row('js', 40)];
  assert.equal(ratio(rows[0], rows, 'treadle'), null);
});

test('rounds are interleaved', () => {
  assert.deepEqual(interleave(['a', 'b', 'c'], 2), ['a', 'b', 'c', 'a', 'b', 'c']);
});

test('numbers are shortened to three digits and a prefix', () => {
  assert.equal(short(1_234_567), '1.23 M');
  assert.equal(short(2_500), '2.50 k');
  assert.equal(short(1.5e9), '1.50 G');
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
  assert.equal(files.length, 12);
  for (const file of files) {
    const graph = resolve(await readGraph(file.replace('.graph.json', '')));
    const ids = new Set(graph.nodes.map((node) => node.id));
    assert.equal(ids.size, graph.nodes.length, file);
    for (const node of graph.nodes) {
      for (const { type, node: from } of Object.values(node.inputs)) {
        assert.ok(['bool', 'int', 'float', 'float3', 'float4', 'float4x4'].includes(type), `${file} ${node.id} ${type}`);
        assert.ok(from === undefined || ids.has(from), `${file} ${node.id} ${from}`);
      }
      for (const to of Object.values(node.flows)) assert.ok(ids.has(to.node), `${file} ${node.id}`);
    }
  }
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
