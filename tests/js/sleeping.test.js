// sleeping.test.js - sleeping in C, by Asyncify and by JSPI: a second run meanwhile, calls meanwhile, host operations, two engines,
// the stack that is too small. Where this Node has no JSPI, tests/web/jspi.spec.js has it alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TreadleError, open } from '../../js/treadle.js';
import { HAS_JSPI, TWICE, calling, endless, engineFor, eventually, later, sum, valuesOf, wait } from './graphs.js';

const virtual = { clock: 'virtual' };
const builds = {
  asyncify: { variant: 'asyncify' },
  'asyncify with assertions': { variant: 'asyncify', wasm: new URL('../../build/asyncify-assert/treadle.wasm', import.meta.url) },
  jspi: { variant: 'jspi' },
};

for (const [name, options] of Object.entries(builds)) {
  describe(name, { skip: name === 'jspi' && !HAS_JSPI && 'this Node has no JSPI' }, () => {
    test('a run that is started while another sleeps joins it, and both end', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const graph = await engine.load(sum);
      const first = graph.start({ ...virtual, set: { n: 50_000 } });
      await eventually(() => engine.yieldsSeen > 0);
      assert.equal(first.status, 'running');
      const second = graph.start(virtual);
      assert.equal((await second).outputs.sum, 45);
      assert.equal(first.status, 'running');
      assert.equal((await first).outputs.sum, 1_249_975_000);
    });

    test('everything may be called while it sleeps', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const run = (await engine.load(sum)).start({ ...virtual, set: { n: 3000 } });
      for (let i = 0; i < 20; i += 1) {
        await wait(0);
        (await engine.load(later(1))).dump();
        run.get('sum');
        run.report();
        const other = (await engine.load(endless)).start({ paused: true });
        other.step(5);
        other[Symbol.dispose]();
      }
      assert.equal((await run).outputs.sum, 4_498_500);
    });

    test('a sleeping engine can be closed', async () => {
      const engine = await open(options);
      const run = (await engine.load(endless)).start();
      await eventually(() => engine.yieldsSeen > 0);
      engine.close();
      await assert.rejects(run.finished, { code: 'CLOSED' });
      await wait(20);
    });

    test('a graph can be unloaded while it sleeps, and the engine goes on', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const graph = await engine.load(endless);
      const run = graph.start();
      await eventually(() => engine.yieldsSeen > 0);
      graph.unload();
      await assert.rejects(run.finished, { code: 'DISPOSED' });
      assert.equal((await (await engine.load(sum)).start(virtual)).outputs.sum, 45);
    });

    test('a run is stopped while it sleeps', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const run = (await engine.load(endless)).start();
      await eventually(() => engine.yieldsSeen > 0);
      run.stop();
      assert.equal((await run).status, 'stopped');
    });

    test('two engines sleep at once, each with its own work', async (t) => {
      const engines = [await engineFor(t, { ...options, cadence: 1 }), await engineFor(t, { ...options, cadence: 3 })];
      const runs = [];
      for (const engine of engines) runs.push((await engine.load(sum)).start({ ...virtual, set: { n: 20_000 } }));
      await eventually(() => engines.every((engine) => engine.yieldsSeen > 0));
      assert.deepEqual(runs.map(({ status }) => status), ['running', 'running']);
      for (const run of runs) assert.equal((await run).outputs.sum, 199_990_000);
    });

    test('a host operation that throws or rejects takes err, at every place where C sleeps', async (t) => {
      for (const operation of [() => { throw new Error('no'); }, async () => Promise.reject(new Error('no'))]) {
        const engine = await engineFor(t, { ...options, cadence: 1 });
        engine.define('my/twice', TWICE, operation);
        const report = await (await engine.load(calling)).start(virtual);
        assert.deepEqual(valuesOf(report), { sum: 0, errors: 9 });
      }
    });

    test('what a host operation leaves for later may call the engine as soon as C has left', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const said = [];
      engine.define('my/twice', TWICE, ({ a }, { run }) => {
        queueMicrotask(() => said.push(run.get('sum')));
        return { value: 2 * a };
      });
      const report = await (await engine.load(calling)).start(virtual);
      assert.deepEqual(valuesOf(report), { sum: 18, errors: 0 });
      assert.equal(said.length, 9);
    });

    test('a stack that is too small is an error with a name, not "unreachable"', { skip: name === 'jspi' }, async () => {
      const engine = await open({ ...options, asyncifyStack: 4, cadence: 1 });
      const run = (await engine.load(sum)).start(virtual);
      await assert.rejects(run.finished, (error) => {
        assert.ok(error instanceof TreadleError);
        assert.equal(error.code, 'ASYNCIFY_STACK');
        assert.match(error.message, /needed \d+ bytes .* there are 4/);
        return true;
      });
      assert.throws(() => engine.turn(), { code: 'ASYNCIFY_STACK' });
      assert.throws(() => run.report(), { code: 'ASYNCIFY_STACK' });
    });

    test('ten thousand sleeps leave the memory as it was', async (t) => {
      const engine = await engineFor(t, { ...options, cadence: 1 });
      const graph = await engine.load(sum);
      await graph.start({ ...virtual, set: { n: 100 } });
      const before = engine.memory;
      const report = await graph.start({ ...virtual, set: { n: 10_000 } });
      assert.equal(report.yields, 10_000);
      assert.equal(engine.memory, before);
      assert.equal(engine.yieldsSeen, engine.stats.yields);
    });

    test('results do not depend on where it slept', async (t) => {
      const engine = await engineFor(t, options);
      const graph = await engine.load(sum);
      const hashes = new Set();
      for (const cadence of [0, 1, 2, 3, 7, 64, 1000]) {
        engine.cadence = cadence;
        const { resultHash, traceHash, fuel } = await graph.start({ ...virtual, trace: true });
        hashes.add(`${resultHash} ${traceHash} ${fuel}`);
      }
      assert.equal(hashes.size, 1);
    });
  });
}
