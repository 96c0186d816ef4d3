// asyncify.test.js - sleeping in C: a second run meanwhile, calls meanwhile, the stack that is too small, traps.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TreadleError, open } from '../../js/treadle.js';
import { endless, engineFor, eventually, later, sum, wait } from './graphs.js';

const virtual = { clock: 'virtual' };
const builds = {
  asyncify: { variant: 'asyncify' },
  'asyncify with assertions': { variant: 'asyncify', wasm: new URL('../../build/asyncify-assert/treadle.wasm', import.meta.url) },
};

for (const [name, options] of Object.entries(builds)) {
  describe(name, () => {
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

    test('a stack that is too small is an error with a name, not "unreachable"', async (t) => {
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
