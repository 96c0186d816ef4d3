// khr-rules.test.js - each rule of the specification: the file that holds it loads and runs, the one that breaks it is
// refused for that reason, at that place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNNERS, check, run } from '../harness.js';
import { assertAccepted, assertRan, assertRefused, rules, strays } from '../khr/rules.js';
import { absent, invalid } from '../khr/verdicts.js';

const all = rules();

test('every file belongs to a rule, every rule has its own name', () => {
  assert.deepEqual(strays(), []);
  assert.equal(new Set(all.map(({ rule }) => rule)).size, all.length);
});

test('every case of the suite is one of a rule', { skip: absent ?? false }, () => {
  const known = new Set(all.flatMap(({ cases = [] }) => cases));
  assert.deepEqual(invalid().map(({ id }) => id).filter((id) => !known.has(id)), []);
});

for (const row of all) {
  test(`${row.rule}: ${row.says}`, async () => {
    assertAccepted(row, await check(row.accept));
    for (const runner of RUNNERS) {
      const { reports: [report] } = await run(row.accept, ['--until', '1', '--runner', runner]);
      assertRan(row, report, runner);
    }
    const refused = await check(row.reject);
    assertRefused(row, refused);
    assert.equal(refused.status, 2);
    const [{ line, column }] = refused.diagnostics.filter(({ severity }) => severity === 'error');
    assert.ok(line >= 1 && column >= 1);
    assert.equal((await run(row.reject, [])).status, 2);
  });
}
