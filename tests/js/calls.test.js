// calls.test.js - host operations in every variant: at once, with a promise, throwing, silent, calling back, at any depth.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TWICE, VARIANTS, calling, endless, engineFor, eventually, later, valuesOf, wait } from './graphs.js';

const virtual = { clock: 'virtual' };

/** Runs `calling` with this behind my/twice. */
async function runWith(t, variant, operation, { signature = TWICE, start = virtual, ...options } = {}) {
  const engine = await engineFor(t, { variant, ...options });
  engine.define('my/twice', signature, operation);
  const run = (await engine.load(calling)).start(start);
  return { run, engine, report: await run };
}

const after = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

for (const variant of VARIANTS) {
  describe(variant, () => {
    test('an answer at once, by name or as the one output', async (t) => {
      for (const operation of [({ a }) => 2 * a, ({ a }) => ({ value: 2 * a })]) {
        assert.deepEqual(valuesOf((await runWith(t, variant, operation)).report), { sum: 18, errors: 0 });
      }
    });

    test('a promise is awaited inside the loops, under every cadence and runner', async (t) => {
      for (const runner of ['vm', 'walk']) {
        for (const cadence of [0, 1, 3]) {
          const { report, run } = await runWith(t, variant, ({ a }) => after(1, 2 * a), { cadence, start: { ...virtual, runner } });
          assert.deepEqual(valuesOf(report), { sum: 18, errors: 0 });
          assert.equal(report.status, 'done');
          assert.equal(report.fuel, 13); // 1 root, 3 turns, 9 turns
          assert.deepEqual(run.failures, []);
        }
      }
    });

    test('what answers at once and what answers later may be mixed', async (t) => {
      let calls = 0;
      const { report } = await runWith(t, variant, ({ a }) => ((calls += 1) % 2 ? 2 * a : after(0, 2 * a)));
      assert.deepEqual(valuesOf(report), { sum: 18, errors: 0 });
    });

    test('an operation that throws or rejects takes the err flow, and its message is kept', async (t) => {
      const fail = () => { throw new Error('out of order'); };
      for (const operation of [fail, async () => fail(), () => after(1).then(fail)]) {
        const { report, run } = await runWith(t, variant, operation);
        assert.deepEqual(valuesOf(report), { sum: 0, errors: 9 });
        assert.equal(run.failures.length, 9);
        assert.deepEqual(run.failures[0], { op: 'my/twice', message: 'out of order' });
      }
    });

    test('a failure is an event', async (t) => {
      const engine = await engineFor(t, { variant });
      engine.define('my/twice', TWICE, () => { throw new RangeError('too far'); });
      const run = (await engine.load(calling)).start(virtual);
      const heard = [];
      run.on('failure', ({ op, error }) => heard.push([op, error.name]));
      await run;
      await wait(0);
      assert.deepEqual(heard[0], ['my/twice', 'RangeError']);
      assert.equal(heard.length, 9);
    });

    test('an answer of a wrong type takes the err flow and is told', async (t) => {
      for (const [wrong, message] of [['text', /is string text/], [undefined, /is missing/], [{}, /output value .* missing/], [[1], /an array/]]) {
        for (const operation of [() => wrong, async () => wrong]) {
          const { report, run } = await runWith(t, variant, operation);
          assert.deepEqual(valuesOf(report), { sum: 0, errors: 9 });
          assert.match(run.failures[0].message, message);
        }
      }
    });

    test('an operation that never answers fails when its time is up', async (t) => {
      const { report, run } = await runWith(t, variant, () => new Promise(() => {}), { signature: { ...TWICE, timeout: 5 } });
      assert.deepEqual(valuesOf(report), { sum: 0, errors: 9 });
      assert.match(run.failures[0].message, /no answer within 5 ms/);
    });

    test('an answer that comes too late is not taken', async (t) => {
      const { report } = await runWith(t, variant, ({ a }) => after(40, 2 * a), { signature: { ...TWICE, timeout: 5 } });
      assert.deepEqual(valuesOf(report), { sum: 0, errors: 9 });
      await wait(60);
    });

    test('a run that waits for an answer can be stopped, and the operation hears of it', async (t) => {
      const engine = await engineFor(t, { variant });
      let signal;
      engine.define('my/twice', TWICE, (_, context) => ((signal = context.signal), new Promise(() => {})));
      const run = (await engine.load(calling)).start(virtual);
      await eventually(() => run.status === 'idle');
      assert.equal(signal.aborted, false);
      run.stop();
      assert.equal((await run).status, 'stopped');
      assert.equal(signal.aborted, true);
    });

    test('virtual time stands still while an operation is awaited', async (t) => {
      const engine = await engineFor(t, { variant });
      engine.define('my/twice', TWICE, ({ a }) => after(20, 2 * a));
      const graph = structuredClone(calling);
      graph.nodes.push(...later(0.5).nodes.map((node) => JSON.parse(JSON.stringify(node).replaceAll('start', 'begin').replace('event/onBegin', 'event/onStart'))));
      graph.nodes.at(-1).flows = { out: 'late:in' };
      graph.nodes.push({ id: 'late', op: 'debug/log', config: { severity: 0, message: '{s}' }, values: { s: { from: 'get-sum:value' } } });
      const { log } = await (await engine.load(graph)).start(virtual);
      assert.deepEqual(log.map(({ text, time }) => [text, time]), [['begin', 0], ['later', 0.512], ['18', 0.512]]);
    });

    test('an operation that calls its engine is refused by name, and nothing breaks', async (t) => {
      const engine = await engineFor(t, { variant });
      let run;
      const codes = new Set();
      const attempt = (/** @type {() => unknown} */ use) => {
        try {
          use();
        } catch ({ code }) {
          codes.add(code);
        }
      };
      engine.define('my/twice', TWICE, ({ a }) => {
        attempt(() => run.set('sum', 0));
        attempt(() => run.get('sum'));
        attempt(() => run.step());
        attempt(() => engine.loadBytes(new Uint8Array()));
        attempt(() => engine.close());
        assert.equal(run.status, 'running');
        return 2 * a;
      });
      run = (await engine.load(calling)).start(virtual);
      assert.deepEqual(valuesOf(await run), { sum: 18, errors: 0 });
      assert.deepEqual([...codes], ['BUSY']);
    });

    test('an operation may stop, pause, abort or dispose its own run', async (t) => {
      const { report } = await runWith(t, variant, ({ a }, { run }) => (run.stop(), 2 * a));
      assert.equal(report.status, 'stopped');

      const engine = await engineFor(t, { variant });
      let act = () => {};
      engine.define('my/twice', TWICE, ({ a }, { run }) => (act(run), 2 * a));
      const graph = await engine.load(calling);

      act = (run) => run.pause();
      const paused = graph.start(virtual);
      await eventually(() => paused.status === 'paused');
      act = () => {};
      paused.resume();
      assert.deepEqual(valuesOf(await paused), { sum: 18, errors: 0 });

      act = (run) => run[Symbol.dispose]();
      await assert.rejects(graph.start(virtual).finished, { code: 'DISPOSED' });

      const stopper = new AbortController();
      act = () => stopper.abort(new Error('mine'));
      await assert.rejects(graph.start({ ...virtual, signal: stopper.signal }).finished, { message: 'mine' });

      act = () => {};
      assert.deepEqual(valuesOf(await graph.start(virtual)), { sum: 18, errors: 0 });
    });

    test('two runs await at once', async (t) => {
      const engine = await engineFor(t, { variant });
      engine.define('my/twice', TWICE, ({ a }) => after(3 * a, 2 * a));
      const graph = await engine.load(calling);
      for (const report of await Promise.all([graph.start(virtual), graph.start(virtual), graph.start(virtual)])) {
        assert.deepEqual(valuesOf(report), { sum: 18, errors: 0 });
      }
    });

    test('all kinds of values pass both ways', async (t) => {
      const engine = await engineFor(t, { variant });
      const heard = [];
      const types = { b: 'bool', i: 'int', f: 'float' };
      engine.define('my/echo', { inputs: types, outputs: types }, (inputs) => (heard.push(inputs), inputs));
      engine.define('my/echo-later', { inputs: types, outputs: types }, async (inputs) => inputs);
      const graph = {
        treadle: 1,
        nodes: [
          { id: 'nan', op: 'math/NaN' },
          { id: 'start', op: 'event/onStart', flows: { out: 'one:in' } },
          { id: 'one', op: 'my/echo', values: { b: true, i: -2147483648, f: { from: 'nan:value' } }, flows: { out: 'two:in' } },
          { id: 'two', op: 'my/echo-later', values: { b: { from: 'one:b' }, i: { from: 'one:i' }, f: { from: 'one:f' } }, flows: { out: 'three:in' } },
          { id: 'three', op: 'my/echo', values: { b: { from: 'two:b' }, i: { from: 'two:i' }, f: { from: 'two:f' } } },
        ],
      };
      const run = (await engine.load(graph)).start(virtual);
      await run;
      assert.deepEqual(run.failures, []);
      assert.deepEqual(heard, [{ b: true, i: -2147483648, f: NaN }, { b: true, i: -2147483648, f: NaN }]);
    });
  });
}

test('a definition that cannot be is refused', async (t) => {
  const engine = await engineFor(t);
  assert.throws(() => engine.define('my/op', { inputs: { a: 'string' } }, () => {}), { code: 'DEFINE', message: /bool, int, float/ });
  assert.throws(() => engine.define('my/op', {}, undefined), { code: 'DEFINE' });
  assert.throws(() => engine.define('math/add', {}, () => {}), { code: 'DEFINE', message: /math\/add/ });
});

test('a graph that calls what nobody defined is told so at its load', async (t) => {
  const engine = await engineFor(t);
  await assert.rejects(engine.load(calling), ({ diagnostics }) => diagnostics.some(({ message }) => message.includes('my/twice')));
});

test('an endless graph and one that awaits share an engine', async (t) => {
  const engine = await engineFor(t, { variant: 'step' });
  engine.define('my/twice', TWICE, ({ a }) => after(1, 2 * a));
  const busy = (await engine.load(endless)).start();
  const report = await (await engine.load(calling)).start(virtual);
  assert.deepEqual(valuesOf(report), { sum: 18, errors: 0 });
  busy.stop();
  await busy;
});
