// waiting.test.js - host operations that answer when they like: awaited in nested loops, by several activations at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMPILED, RUNNERS, VARIANTS, assertForced, openVariant } from '../harness.js';

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
      for (const runner of [...RUNNERS, ...COMPILED]) {
        await graph.prepare({ runner });
        for (const cadence of [0, 1, 2, 7]) {
          engine.cadence = cadence;
          const report = await graph.start({ clock: 'virtual', runner });
          assertForced(report, runner);
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

/** Each event asks three times in a loop, so several activations of the same nodes wait at once. */
const OVERLAPPING = {
  treadle: 1,
  events: [{ id: 'go', values: { n: { type: 'int' } } }],
  nodes: [
    { id: 'start', op: 'event/onStart', flows: { out: 'each:in' } },
    { id: 'each', op: 'flow/for', values: { startIndex: 1, endIndex: 4 }, flows: { loopBody: 'send:in' } },
    { id: 'send', op: 'event/send', config: { event: 'go' }, values: { n: { from: 'each:index' } } },
    { id: 'go', op: 'event/receive', config: { event: 'go' }, flows: { out: 'loop:in' } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'both:in', completed: 'end:in' } },
    { id: 'both', op: 'flow/sequence', flows: { a: 'ask:in', b: 'ask:in' } },
    { id: 'n10', op: 'math/mul', values: { a: { from: 'go:n' }, b: 10 } },
    { id: 'ni', op: 'math/add', values: { a: { from: 'n10:value' }, b: { from: 'loop:index' } } },
    { id: 'ask', op: 'my/slow', values: { n: { from: 'ni:value' } }, flows: { out: 'say:in' } },
    { id: 'say', op: 'debug/log', config: { severity: 0, message: '{n} {i} {r}' }, values: { n: { from: 'go:n' }, i: { from: 'loop:index' }, r: { from: 'ask:twice' } } },
    { id: 'end', op: 'debug/log', config: { severity: 0, message: '{n} ends at {i}' }, values: { n: { from: 'go:n' }, i: { from: 'loop:index' } } },
  ],
};

for (const variant of VARIANTS) {
  test(`activations that wait at once do not disturb each other, in ${variant}`, async () => {
    for (const runner of RUNNERS) {
      for (const cadence of [0, 1, 3]) {
        const engine = await openVariant(variant, { cadence });
        const waiting = [];
        engine.define('my/slow', { inputs: { n: 'int' }, outputs: { twice: 'int' } }, ({ n }) => new Promise((done) => waiting.push(() => done({ twice: 2 * n }))));
        const graph = await engine.load(OVERLAPPING);
        const run = graph.start({ clock: 'virtual', runner });
        let most = 0;
        // The youngest question is answered first: the activations end in another order than they began.
        const answers = setInterval(() => {
          most = Math.max(most, waiting.length);
          waiting.pop()?.();
        }, 1);
        const report = await run;
        clearInterval(answers);
        const how = `${variant}, ${runner}, cadence ${cadence}`;
        assert.equal(most, 3, how);
        for (const n of [1, 2, 3]) {
          const own = report.log.map(({ text }) => text).filter((text) => text.startsWith(`${n} `));
          const rounds = [0, 1, 2].flatMap((i) => Array(2).fill(`${n} ${i} ${2 * (10 * n + i)}`));
          assert.deepEqual(own, [...rounds, `${n} ends at 3`], how);
        }
        // The root, which is node 0, a multiple of 256; its turns; for each event a root, 3 turns, 6 entries of a shared input.
        assert.equal(report.fuel, 1 + 1 + 3 + 3 * (1 + 3 + 3 * 2), how);
        engine.close();
      }
    }
  });
}
