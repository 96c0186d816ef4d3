// khr.test.js - the Khronos verdicts under the native tool: each runner, three cadences, three tick lengths. The graphs that
// must be refused: khr-invalid.test.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNNERS, assertSame, inTurn, run } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';

const CADENCES = [[], ['--cadence', '1'], ['--cadence', '7']];
const TICKS = ['1', '16', '1000'];

const graphs = verdicts();

test('the Khronos test graphs are here', { skip: absent ?? false }, (t) => {
  t.diagnostic(`${graphs.length} graphs`);
  assert.ok(graphs.length >= 30);
});

for (const graph of graphs) {
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
