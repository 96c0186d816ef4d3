// trap.test.js - an engine that fails: it is named, it stays ended, and others go on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../js/treadle.js';
import { VARIANTS, engineFor, sum, ticking } from './graphs.js';

/** A module whose function "trap" is nothing but `unreachable`. */
const TRAPPING = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11]);

/** An engine whose drive() traps. */
async function openTrapping(options) {
  const { instantiate } = WebAssembly;
  const { trap } = (await instantiate(TRAPPING)).instance.exports;
  WebAssembly.instantiate = async (...args) => ({ exports: { ...(await instantiate(...args)).exports, drive: trap } });
  try {
    return await open(options);
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

for (const variant of VARIANTS) {
  test(`a trap ends the engine with a name, and later calls say so: ${variant}`, async (t) => {
    const engine = await openTrapping({ variant });
    const healthy = await engineFor(t, { variant });
    const graph = await engine.load(sum);
    const [first, second] = [graph.start(), graph.start()];
    for (const run of [first, second]) {
      await assert.rejects(run.finished, ({ code, message, cause }) => {
        assert.equal(code, 'TRAP');
        assert.match(message, /unreachable.*open another/);
        assert.ok(cause instanceof WebAssembly.RuntimeError);
        return true;
      });
    }
    assert.throws(() => graph.start(), { code: 'TRAP' });
    assert.throws(() => first.report(), { code: 'TRAP' });
    await assert.rejects(engine.load(sum), { code: 'TRAP' });
    assert.ok(Number.isNaN(engine.stats.fuel));
    engine.close();
    assert.equal((await (await healthy.load(sum)).start({ clock: 'virtual' })).outputs.sum, 45);
  });

  test(`a clock that throws ends its engine, and nobody waits for ever: ${variant}`, async () => {
    let reads = 0;
    const now = () => {
      if ((reads += 1) > 50) throw new Error('the clock fell down');
      return performance.now();
    };
    const engine = await open({ variant, host: { now } });
    const run = (await engine.load(ticking)).start();
    await assert.rejects(run.finished, { code: 'TRAP', message: /the clock fell down/ });
  });
}
