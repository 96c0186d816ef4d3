// khr.test.js - the Khronos verdicts under the native tool: each runner, three cadences, three tick lengths. The graphs that
// must be refused: khr-invalid.test.js. `make conformance` is these and more as a table.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { RUNNERS, assertSame, inTurn, runEach } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';

const CADENCES = [[], ['--cadence', '1'], ['--cadence', '7']];
const TICKS = ['1', '16', '1000'];
const WAYS = TICKS.flatMap((tick) => RUNNERS.flatMap((runner) => CADENCES.map((cadence) => ({ tick, words: ['--tick', tick, '--runner', runner, ...cadence] }))));

const graphs = verdicts();

/** The report of each graph, run in one way: those that take as long in one process. */
async function reportsOf({ words }) {
  const reports = new Map();
  for (const seconds of new Set(graphs.map((graph) => graph.seconds))) {
    const some = graphs.filter((graph) => graph.seconds === seconds);
    const ran = await runEach(some.map(({ file }) => file), ['--until', String(seconds + 2), ...words, '--trace']);
    some.forEach((graph, i) => reports.set(graph, ran[i]));
  }
  return reports;
}

describe('the Khronos test graphs', { skip: absent ?? false }, () => {
  /** Of each way, by graph. @type {Map<object, any>[]} */
  let runs;
  before(async () => (runs = await inTurn(WAYS, reportsOf)));

  test('are here', () => assert.ok(graphs.length >= 80));

  for (const graph of graphs) {
    test(`${graph.name} holds`, () => {
      for (const [i, { tick, words }] of WAYS.entries()) {
        const how = `${graph.name} ${words.join(' ')}`;
        const first = WAYS.findIndex((way) => way.tick === tick);
        judge(graph, runs[i].get(graph), how);
        assertSame(runs[i].get(graph), runs[first].get(graph), how);
      }
    });
  }
});
