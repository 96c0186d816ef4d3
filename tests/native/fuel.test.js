// fuel.test.js - a run that is stopped by fuel stops at the same point everywhere, for every amount of fuel.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, assertSame, inTurn, run } from '../harness.js';
import { patterns } from '../patterns/patterns.js';

/** Enough to see every op and every charge; the larger ones are looked at where they change pace. */
const ALL_OF = ['shared-chain', 'loop-reentry', 'reentry', 'gates', 'do-n', 'wait-all', 'early-exit', 'cancel', 'delay-in-loop', 'throttle', 'swap'];

for (const { name, file, words } of patterns().filter((pattern) => ALL_OF.includes(pattern.name))) {
  test(`${name} stops at the same point for every amount of fuel`, async () => {
    const { reports: [whole] } = await run(file, [...words, '--runner', 'walk', '--trace']);
    const amounts = Array.from({ length: whole.fuel + 1 }, (_, i) => i + 1);
    await inTurn(amounts, async (fuel) => {
      const limited = [...words, '--fuel', String(fuel), '--trace'];
      const { reports: [oracle] } = await run(file, [...limited, '--runner', 'walk']);
      const { reports: [seen] } = await run(file, [...limited, '--runner', 'vm']);
      const { reports: [sliced] } = await run(file, [...limited, '--runner', 'vm', '--cadence', '1']);
      assertSame(seen, oracle, `${name} --fuel ${fuel}`);
      assertSame(sliced, oracle, `${name} --fuel ${fuel} --cadence 1`);
      assert.ok(oracle.fuel <= fuel, `${name} --fuel ${fuel} took ${oracle.fuel}`);
      if (fuel >= whole.fuel) assertSame(seen, whole, `${name} with all its fuel`);
      else assert.deepEqual([oracle.status, oracle.reason], ['limit', 'fuel'], `${name} --fuel ${fuel}`);
    });
  });
}

test('a truncated loop never completes', async () => {
  const file = join(ROOT, 'tests/patterns/counted.graph.json');
  for (const runner of ['walk', 'vm']) {
    const { reports: [report] } = await run(file, ['--runner', runner, '--fuel', '10']);
    assert.deepEqual([report.status, report.reason, report.fuel], ['limit', 'fuel', 10]);
    assert.deepEqual(report.variables.map(({ value }) => value), [0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8, -1]);
    assert.deepEqual(report.outputs, { index: 8 }, 'the tenth turn has not begun');
  }
});
