// variants.test.js - the patterns in every variant, and in those that are also built with assertions: right by hand, and
// the same in each runner at each cadence as under the native walker.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CADENCES, COMPILED, ROOT, RUNNERS, UNPAID, VARIANTS, assertExpected, assertForced, assertSame, assertSameResult, openVariant, run, runEachIn, runIn, ways } from '../harness.js';
import { patterns } from './patterns.js';

const WAYS = ways(CADENCES, [true, false], [...RUNNERS, ...COMPILED]);

const pattern = (name) => join(ROOT, `tests/patterns/${name}.graph.json`);

/** Modules to try: each variant, and its build with assertions where it has one. */
const asserting = VARIANTS.map((variant) => ({ variant, wasm: join(ROOT, `build/${variant}-assert/treadle.wasm`) })).filter(({ wasm }) => existsSync(wasm));
const modules = [
  ...VARIANTS.map((variant) => ({ title: variant, variant, options: {} })),
  ...asserting.map(({ variant, wasm }) => ({ title: `${variant} with assertions`, variant, options: { wasm: pathToFileURL(wasm) } })),
];

for (const { title, variant, options } of modules) {
  describe(title, () => {
    /** @type {import('../../js/engine.js').Engine} */
    let engine;
    before(async () => (engine = await openVariant(variant, options)));
    after(() => engine.close());

    for (const { name, file, words, expected } of patterns()) {
      test(`${name} is the same in every runner at every cadence`, async () => {
        const { reports: [oracle] } = await run(file, [...words, '--runner', 'walk', '--trace']);
        const reports = await runEachIn(engine, file, WAYS.map((way) => [...words, ...way]));
        for (const [i, report] of reports.entries()) {
          const how = `${name} in ${title}: ${WAYS[i].join(' ')}`;
          assertExpected(report, expected, how);
          assertSame(report, oracle, how);
        }
        if (oracle.status !== 'limit' || oracle.reason !== 'fuel') assertSameResult(await runIn(engine, file, [...words, '--runner', UNPAID]), oracle, `${name} in ${title}: ${UNPAID}`);
      });
    }

    test('two graphs interleave and do not touch each other', async () => {
      const files = ['nested', 'loop-reentry'].map(pattern);
      const alone = [];
      for (const file of files) alone.push(await runIn(engine, file, ['--trace']));
      for (const runner of [...RUNNERS, ...COMPILED]) {
        for (const cadence of [1, 3, 0]) {
          engine.cadence = cadence;
          const graphs = files.map((file) => engine.loadBytes(readFileSync(file), file));
          const options = { clock: 'virtual', runner, trace: true };
          for (const graph of graphs) await graph.prepare(options);
          const started = [0, 1, 0].map((i) => graphs[i].start(options));
          await Promise.all(started);
          for (const [i, one] of started.entries()) {
            const report = JSON.parse(one.reportText());
            assertForced(report, runner);
            assertSame(report, alone[i % 2], `${title} ${runner} --cadence ${cadence}`);
          }
          graphs.forEach((graph) => graph.unload());
        }
      }
      engine.cadence = 0;
    });
  });
}
