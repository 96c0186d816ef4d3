// tool.test.js - the Khronos verdicts by the tool in Node: all graphs in compiled code, which charges all their fuel itself.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { ROOT, VARIANTS, assertForced, start } from '../harness.js';
import { absent, judge, verdicts } from './verdicts.js';

const TOOL = join(ROOT, 'js/cli.js');
const graphs = verdicts();

/** The report of each graph; those that take as long in one process. */
async function reportsOf(variant) {
  const reports = new Map();
  for (const seconds of new Set(graphs.map((graph) => graph.seconds))) {
    const some = graphs.filter((graph) => graph.seconds === seconds);
    const words = ['--runner', 'wasm', '--variant', variant, '--until', String(seconds + 2), '--json'];
    const { status, stdout, stderr } = await start(process.execPath, [TOOL, 'run', ...some.map(({ file }) => file), ...words]);
    assert.equal(status, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, some.length);
    some.forEach((graph, i) => reports.set(graph, JSON.parse(lines[i])));
  }
  return reports;
}

for (const variant of VARIANTS) {
  describe(`node js/cli.js run --runner wasm --variant ${variant}`, { skip: absent ?? false }, () => {
    /** @type {Map<object, any>} */
    let reports;
    before(async () => (reports = await reportsOf(variant)));

    for (const graph of graphs) {
      test(`${graph.name} holds`, () => {
        const report = reports.get(graph);
        judge(graph, report, `${graph.name} in ${variant}`);
        assertForced(report, 'wasm');
        assert.ok(report.fuel > 0);
      });
    }
  });
}
