// variants.test.js - the Khronos verdicts in every variant and runner. Natively, at more cadences and tick lengths and with
// the graphs that must be refused: tests/native/khr.test.js.
import { after, before, describe, test } from 'node:test';
import { COMPILED, RUNNERS, UNPAID, VARIANTS, assertSame, assertSameResult, openVariant, run, runEachIn, runIn, ways } from '../harness.js';
import { absent, judge, verdicts } from './verdicts.js';

const graphs = verdicts();

/** Compiled code is left and entered again at each charge: once a charge, now and then, never. */
const WAYS = [...ways([0, 7], [true], RUNNERS), ...ways([0, 1, 7, 64], [true, false], COMPILED)];

for (const variant of VARIANTS) {
  describe(variant, { skip: absent ?? false }, () => {
    /** @type {import('../../js/engine.js').Engine} */
    let engine;
    before(async () => (engine = await openVariant(variant)));
    after(() => engine.close());

    for (const graph of graphs) {
      test(`${graph.name} holds`, async () => {
        const words = ['--until', String(graph.seconds + 2)];
        const { reports: [oracle] } = await run(graph.file, [...words, '--runner', 'walk', '--trace']);
        const reports = await runEachIn(engine, graph.file, WAYS.map((way) => [...words, ...way]));
        for (const [i, report] of reports.entries()) {
          const how = `${graph.name} in ${variant} ${WAYS[i].join(' ')}`;
          judge(graph, report, how);
          assertSame(report, oracle, how);
        }
        const unpaid = await runIn(engine, graph.file, [...words, '--runner', UNPAID]);
        judge(graph, unpaid, UNPAID);
        assertSameResult(unpaid, oracle, UNPAID);
      });
    }
  });
}
