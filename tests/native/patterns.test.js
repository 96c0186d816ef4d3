// patterns.test.js - the patterns under the native tool: right by hand once, then the same in every runner at every
// cadence, watched (--trace) or not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertExpected, assertSame, inTurn, run, ways } from '../harness.js';
import { patterns } from '../patterns/patterns.js';

for (const { name, file, words, expected } of patterns()) {
  test(`${name} is the same in every runner at every cadence`, async () => {
    const all = ways();
    const runs = await inTurn(all, (way) => run(file, [...words, ...way]));
    const { reports: [oracle] } = await run(file, [...words, '--runner', 'walk', '--trace']);
    for (const [i, { status, reports: [report] }] of runs.entries()) {
      const how = `${name}: ${all[i].join(' ')}`;
      assert.equal(status, expected.status === 'limit' ? 1 : 0, how);
      assertExpected(report, expected, how);
      assertSame(report, oracle, how);
    }
  });
}
