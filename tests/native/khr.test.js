// khr.test.js - the Khronos verdicts under the native tool: each runner, three cadences, three tick lengths. The graphs that
// must be refused: khr-invalid.test.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNNERS, assertSame, check, inTurn, run } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';

const CADENCES = [[], ['--cadence', '1'], ['--cadence', '7']];
const TICKS = ['1', '16', '1000'];

const all = verdicts();
const here = all.filter(({ needs }) => needs.ops.length === 0);
const later = all.filter(({ needs }) => needs.ops.length > 0);

test('the Khronos test graphs are here', { skip: absent ?? false }, (t) => {
  t.diagnostic(`${here.length} graphs run: ${here.map(({ name }) => name).join(' ')}`);
  for (const { name, needs: { ops: missing } } of later) {
    t.diagnostic(`not run: ${name}, for ${missing.slice(0, 3).join(' ')}${missing.length > 3 ? ' ...' : ''}`);
  }
  assert.ok(here.length >= 30);
});

for (const graph of here) {
  test(`${graph.name} holds`, async () => {
    for (const tick of TICKS) {
      const words = ['--until', String(graph.seconds + 2), '--tick', tick];
      const ways = RUNNERS.flatMap((runner) => CADENCES.map((cadence) => ['--runner', runner, ...cadence]));
      const runs = await inTurn(ways, (way) => run(graph.file, [...words, ...way, '--trace']));
      for (const [i, { reports: [report] }] of runs.entries()) {
        const how = `${graph.name} --tick ${tick} ${ways[i].join(' ')}`;
        judge(graph, report, how);
        assertSame(report, runs[0].reports[0], how);
      }
    }
  });
}

for (const { name, file, needs } of later) {
  test(`${name} is refused for what is not built, and for nothing else`, async () => {
    const { status, ok, diagnostics } = await check(file);
    assert.deepEqual([ok, status], [false, 2]);
    for (const { severity, message, node } of diagnostics)
      if (severity === 'error') assert.ok(needs.isTainted[node], `node ${node}: ${message}`);
  });
}
