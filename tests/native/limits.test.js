// limits.test.js - the limits of a run at one less, exactly, and one more than what a graph needs.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, RUNNERS, TOOL, run, start as startTool, variables } from '../harness.js';
import { scene } from '../patterns/scene.js';

const FOLDER = join(BUILD, 'limits');
mkdirSync(FOLDER, { recursive: true });

const pattern = (name) => join(ROOT, `tests/patterns/${name}.graph.json`);

function write(name, graph) {
  const file = join(FOLDER, `${name}.graph.json`);
  writeFileSync(file, JSON.stringify({ treadle: 1, name, ...graph }));
  return file;
}

/** What both runners say of a run with a limit. */
async function both(file, limit, words = []) {
  const reports = [];
  for (const runner of RUNNERS) reports.push((await run(file, [...words, '--limit', limit, '--runner', runner])).reports[0]);
  const [walk, vm] = reports.map(({ instructions, runners, ...rest }) => rest);
  assert.deepEqual(vm, walk, `${file} --limit ${limit}`);
  return walk;
}

const texts = ({ log }) => log.map(({ text }) => text);
const start = (out) => ({ id: 'start', op: 'event/onStart', flows: { out } });
const log = (id, message) => ({ id, op: 'debug/log', config: { severity: 0, message } });
const loop = (end, body) => ({ id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: end }, flows: { loopBody: body, completed: 'end:in' } });

test('delays: one more than the limit takes err, and the others still come', async () => {
  for (const [limit, failed] of [[999, 1], [1000, 0], [1001, 0], [0, 0]]) { // 0 is no limit
    const report = await both(pattern('thousand-delays'), `delays=${limit}`, ['--until', '2']);
    assert.deepEqual(variables(report), { done: 1000 - failed, failed });
    assert.equal(report.status, 'done');
  }
});

test('call-depth: 100 re-entries are not 99', async () => {
  for (const [limit, status, after] of [[99, 'limit', 0], [100, 'done', 101], [101, 'done', 101]]) {
    const report = await both(pattern('reentry'), `call-depth=${limit}`);
    assert.deepEqual([report.status, report.reason], [status, status === 'limit' ? 'call-depth' : '']);
    assert.equal(variables(report).after, after);
  }
});

test('call-depth: a stack that cannot be counted is refused, not one of a few entries', async () => {
  for (const limit of [2 ** 31, 2 ** 32, 2 ** 53]) {
    for (const runner of RUNNERS) {
      const { status, stderr } = await startTool(TOOL, ['run', pattern('reentry'), '--runner', runner, '--limit', `call-depth=${limit}`]);
      assert.notEqual(status, 0);
      assert.match(stderr, /no memory for one more/, `${runner} --limit call-depth=${limit}`);
    }
  }
});

test('fuel: what needs 11 does not end with 10', async () => {
  for (const [fuel, status, last] of [[10, 'limit', -1], [11, 'done', 10], [12, 'done', 10]]) {
    const report = await both(pattern('counted'), `fuel=${fuel}`);
    assert.deepEqual([report.status, variables(report).last, report.fuel], [status, last, Math.min(fuel, 11)]);
  }
});

const burst = write('burst', {
  events: [{ id: 'e', values: { n: { type: 'int' } } }],
  nodes: [
    start('loop:in'), loop(10, 'send:in'), log('end', 'all sent'),
    { id: 'send', op: 'event/send', config: { event: 'e' }, values: { n: { from: 'loop:index' } } },
    { id: 'hear', op: 'event/receive', config: { event: 'e' }, flows: { out: 'say:in' } },
    { ...log('say', '{n}'), values: { n: { from: 'hear:n' } } },
  ],
});

test('queue: ten events in a row do not fit into nine places', async () => {
  for (const limit of [9, 10, 11]) {
    const report = await both(burst, `queue=${limit}`, ['--until', '0']);
    const fits = limit >= 10;
    assert.deepEqual([report.status, report.reason], fits ? ['idle', ''] : ['limit', 'queue']);
    assert.deepEqual(texts(report), fits ? ['all sent', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] : []);
  }
});

test('tick-events: what is over waits for the next tick, with one warning', async () => {
  const report = await both(burst, 'tick-events=4', ['--until', '1', '--tick', '250']);
  const heard = report.log.filter(({ text }) => /^\d$/.test(text)).map(({ text, time }) => [Number(text), time]);
  assert.deepEqual(heard.map(([n]) => n), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(report.log.filter(({ severity }) => severity === 1).length, 1);
  for (const time of new Set(heard.map(([, at]) => at))) assert.ok(heard.filter(([, at]) => at === time).length <= 8, 'the start and the first tick');
  assert.deepEqual(heard.slice(8), [[8, 0.25], [9, 0.25]], 'four at the start, four in the tick at 0, two in the next');
});

test('interpolations: the third does not start where two may', async () => {
  const to = (k) => ({
    id: `go${k}`, op: 'variable/interpolate', config: { variable: `v${k}`, useSlerp: false },
    values: { value: { type: 'float', value: 1 }, duration: { type: 'float', value: 0.5 }, p1: { type: 'float2', value: [0, 0] }, p2: { type: 'float2', value: [1, 1] } },
    flows: { out: k < 2 ? `go${k + 1}:in` : 'out:in', err: 'err:in', done: 'done:in' },
  });
  const file = write('interpolations', {
    variables: [0, 1, 2].map((k) => ({ id: `v${k}`, type: 'float', value: 0 })),
    nodes: [start('go0:in'), to(0), to(1), to(2), log('out', 'out'), log('err', 'err'), log('done', 'done')],
  });
  for (const [limit, said] of [[2, ['err', 'done', 'done']], [3, ['out', 'done', 'done', 'done']], [4, ['out', 'done', 'done', 'done']]]) {
    assert.deepEqual(texts(await both(file, `interpolations=${limit}`, ['--until', '1'])), said);
  }
});

test('animations: the third does not start where two may, one that plays starts again, and the graph can read how many', async () => {
  const channel = (node) => ({ channels: [{ node, path: 'translation', times: [0, 1], values: [[0, 0, 0], [1, 1, 1]] }] });
  const begin = (id, k, end) => ({ id, op: 'animation/start', values: { animation: `/animations/${k}`, startTime: 0, endTime: end, speed: 1 }, flows: { out: `out${id}`, err: `err${id}`, done: `done${id}` } });
  const starts = [begin('a', 0, 1), begin('b', 1, 1), begin('again', 0, 0.5), begin('c', 2, 1)];
  const file = join(FOLDER, 'animations.glb');
  writeFileSync(file, scene({
    nodes: [{}, {}, {}],
    animations: [0, 1, 2].map(channel),
    graph: {
      nodes: [
        { id: 'max', op: 'pointer/get', config: { pointer: '/extensions/KHR_interactivity/limits/maxActiveAnimations', type: 'int' } },
        { id: 'start', op: 'event/onStart', flows: { out: 'all' } },
        { id: 'all', op: 'flow/sequence', flows: { a: 'a', b: 'b', c: 'again', d: 'c', e: 'told' } },
        ...starts, { ...log('told', 'at most {max}'), values: { max: { from: 'max' } } },
        ...starts.flatMap(({ id }) => ['out', 'err', 'done'].map((word) => log(`${word}${id}`, `${word} ${id}`))),
      ],
    },
  }));
  const begun = ['out a', 'out b', 'out again'];
  for (const [limit, said] of [
    [2, [...begun, 'err c', 'at most 2', 'done again', 'done b']],
    [3, [...begun, 'out c', 'at most 3', 'done again', 'done b', 'done c']],
    [0, [...begun, 'out c', 'at most 2147483647', 'done again', 'done b', 'done c']],
  ]) assert.deepEqual(texts(await both(file, `animations=${limit}`)), said);
});

test('log: lines beyond the limit are counted, not kept', async () => {
  for (const limit of [10, 11, 12]) {
    const report = await both(burst, `log=${limit}`, ['--until', '0']);
    assert.equal(report.log.length, Math.min(limit, 11));
    assert.equal(report.logDropped ?? 0, Math.max(0, 11 - limit));
  }
});

test('memory: a run that may not have it is refused or ends with that reason, never without one', async () => {
  const reasons = new Set();
  for (let kilobytes = 1; kilobytes < 400; kilobytes += 23) {
    for (const runner of RUNNERS) {
      const { status, reports, stderr } = await run(pattern('thousand-delays'), ['--until', '2', '--limit', `memory=${kilobytes * 1024}`, '--runner', runner])
        .catch((error) => ({ status: 1, reports: [{ status: 'refused' }], stderr: error.message }));
      const [{ status: ended, reason }] = reports;
      reasons.add(ended);
      if (ended === 'refused') assert.match(stderr, /memory/);
      else if (ended === 'limit') assert.equal(reason, 'memory');
      else assert.ok(['done', 'rejected'].includes(ended), `${ended} ${status}`);
    }
  }
  assert.ok(reasons.has('done'), [...reasons].join(' '));
});
