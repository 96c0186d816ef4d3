// variants.test.js - the patterns in every variant, and in those that are also built with assertions: right by hand, and
// the same in each runner at each cadence as under the native walker.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT, RUNNERS, VARIANTS, assertExpected, assertSame, openVariant, run, runIn, ways } from '../harness.js';
import { patterns } from './patterns.js';

const pattern = (name) => join(ROOT, `tests/patterns/${name}.graph.json`);

/** Modules to try: each variant, and its build with assertions where it has one. */
const asserting = VARIANTS.map((variant) => ({ variant, wasm: join(ROOT, `build/${variant}-assert/treadle.wasm`) })).filter(({ wasm }) => existsSync(wasm));
const modules = [
  ...VARIANTS.map((variant) => ({ title: variant, variant, options: {} })),
  ...asserting.map(({ variant, wasm }) => ({ title: `${variant} with assertions`, variant, options: { wasm: pathToFileURL(wasm) } })),
];

for (const { title, variant, options } of modules) {
  describe(title, () => {
    /** @type {import('../../js/engine.js').Engine} */
    let engine;
    before(async () => (engine = await openVariant(variant, options)));
    after(() => engine.close());

    for (const { name, file, words, expected } of patterns()) {
      test(`${name} is the same in every runner at every cadence`, async () => {
        const { reports: [oracle] } = await run(file, [...words, '--runner', 'walk', '--trace']);
        for (const way of ways()) {
          const how = `${name} in ${title}: ${way.join(' ')}`;
          const report = await runIn(engine, file, [...words, ...way]);
          assertExpected(report, expected, how);
          assertSame(report, oracle, how);
        }
      });
    }

    test('two graphs interleave and do not touch each other', async () => {
      const files = ['nested', 'loop-reentry'].map(pattern);
      const alone = [];
      for (const file of files) alone.push(await runIn(engine, file, ['--trace']));
      for (const runner of RUNNERS) {
        for (const cadence of [1, 3, 0]) {
          engine.cadence = cadence;
          const graphs = files.map((file) => engine.loadBytes(readFileSync(file), file));
          const started = [0, 1, 0].map((i) => graphs[i].start({ clock: 'virtual', runner, trace: true }));
          await Promise.all(started);
          for (const [i, one] of started.entries()) assertSame(JSON.parse(one.reportText()), alone[i % 2], `${title} ${runner} --cadence ${cadence}`);
          graphs.forEach((graph) => graph.unload());
        }
      }
      engine.cadence = 0;
    });
  });
}

/** for i < 3, for j < 2: v = my/slow(10 i + j), and a log line after it. */
const WAITING = {
  treadle: 1,
  variables: [{ id: 'sum', type: 'int', value: 0 }],
  nodes: [
    { id: 'sum', op: 'variable/get', config: { variable: 'sum' } },
    { id: 'start', op: 'event/onStart', flows: { out: 'i:in' } },
    { id: 'i', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'j:in', completed: 'end:in' } },
    { id: 'j', op: 'flow/for', values: { startIndex: 0, endIndex: 2 }, flows: { loopBody: 'ask:in', completed: 'row:in' } },
    { id: 'i10', op: 'math/mul', values: { a: { from: 'i:index' }, b: 10 } },
    { id: 'ij', op: 'math/add', values: { a: { from: 'i10:value' }, b: { from: 'j:index' } } },
    { id: 'ask', op: 'my/slow', values: { n: { from: 'ij:value' } }, flows: { out: 'add:in', err: 'err:in' } },
    { id: 'more', op: 'math/add', values: { a: { from: 'sum:value' }, b: { from: 'ask:twice' } } },
    { id: 'add', op: 'variable/set', config: { variables: ['sum'] }, values: { sum: { from: 'more:value' } }, flows: { out: 'say:in' } },
    { id: 'say', op: 'debug/log', config: { severity: 0, message: '{i} {j}: {n}' }, values: { i: { from: 'i:index' }, j: { from: 'j:index' }, n: { from: 'ask:twice' } } },
    { id: 'err', op: 'debug/log', config: { severity: 2, message: 'err {i} {j}' }, values: { i: { from: 'i:index' }, j: { from: 'j:index' } } },
    { id: 'row', op: 'debug/log', config: { severity: 0, message: 'row {i} {j}' }, values: { i: { from: 'i:index' }, j: { from: 'j:index' } } },
    { id: 'end', op: 'debug/log', config: { severity: 0, message: 'end {i}' }, values: { i: { from: 'i:index' } } },
  ],
};

/** How the host answers: at once, in a microtask, after a while; and a mixture in which one call fails. */
const ANSWERS = {
  'at once': (n) => ({ twice: 2 * n }),
  'in a microtask': async (n) => ({ twice: 2 * n }),
  'after a while': (n) => new Promise((done) => setTimeout(done, n % 3, { twice: 2 * n })),
  'as it likes': (n) => {
    if (n === 11) throw new Error('not this one');
    return n % 2 ? { twice: 2 * n } : Promise.resolve({ twice: 2 * n });
  },
};

const GOOD = ['0 0: 0', '0 1: 2', 'row 0 2', '1 0: 20', '1 1: 22', 'row 1 2', '2 0: 40', '2 1: 42', 'row 2 2', 'end 3'];

for (const variant of VARIANTS) {
  test(`a host op that answers whenever it likes is awaited in a nested loop, in ${variant}`, async () => {
    for (const [when, answer] of Object.entries(ANSWERS)) {
      const engine = await openVariant(variant);
      engine.define('my/slow', { inputs: { n: 'int' }, outputs: { twice: 'int' } }, ({ n }) => answer(n));
      const graph = await engine.load(WAITING);
      const good = when !== 'as it likes';
      for (const runner of RUNNERS) {
        for (const cadence of [0, 1, 2, 7]) {
          engine.cadence = cadence;
          const report = await graph.start({ clock: 'virtual', runner });
          const how = `${variant}, ${when}, ${runner}, cadence ${cadence}`;
          const log = good ? GOOD : GOOD.map((line) => (line === '1 1: 22' ? 'err 1 1' : line));
          assert.deepEqual(report.log.map(({ text }) => text), log, how);
          assert.equal(report.variables[0].value, good ? 126 : 104, how);
          assert.equal(report.fuel, 1 + 3 + 6, how);
          assert.equal(report.status, 'done', how);
        }
      }
      engine.close();
    }
  });
}
