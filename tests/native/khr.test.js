// khr.test.js - the Khronos verdicts under the native tool: each runner, three cadences, three tick lengths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSame, check, inTurn, run } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';

const CADENCES = [[], ['--cadence', '1'], ['--cadence', '7']];
const TICKS = ['1', '16', '1000'];

const all = verdicts();
const here = all.filter(({ missing }) => missing.length === 0);
const later = all.filter(({ missing }) => missing.length > 0);

test('the Khronos test graphs are here', { skip: absent ?? false }, (t) => {
  t.diagnostic(`${here.length} graphs run: ${here.map(({ name }) => name).join(' ')}`);
  for (const { name, missing } of later) t.diagnostic(`not run: ${name}, for ${missing.slice(0, 3).join(' ')}${missing.length > 3 ? ' ...' : ''}`);
  assert.ok(here.length >= 30);
});

/** Ticks of 1 ms are many: graphs that do everything at once do not see them. */
const until = (seconds) => String(seconds + 2);

for (const test_ of here) {
  test(`${test_.name} holds`, async () => {
    for (const tick of TICKS) {
      const words = ['--until', until(test_.seconds), '--tick', tick];
      const ways = ['walk', 'vm'].flatMap((runner) => CADENCES.map((cadence) => ['--runner', runner, ...cadence]));
      const runs = await inTurn(ways, (way) => run(test_.file, [...words, ...way, '--trace']));
      for (const [i, { reports: [report] }] of runs.entries()) {
        const how = `${test_.name} --tick ${tick} ${ways[i].join(' ')}`;
        judge(test_, report, how);
        assertSame(report, runs[0].reports[0], how);
      }
    }
  });
}

for (const { name, file, missing } of later) {
  test(`${name} is refused for what is not built, and for nothing else`, async () => {
    const { status, ok, diagnostics } = await check(file);
    assert.equal(ok, false);
    assert.equal(status, 2);
    for (const { severity, message, seen, node } of diagnostics) {
      if (severity !== 'error') continue;
      const text = `${message} ${seen ?? ''}`;
      assert.ok(missing.some((what) => text.includes(what)), `${name}, node ${node}: ${message}`);
    }
  });
}
