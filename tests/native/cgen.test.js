// cgen.test.js - graphs compiled to C, by gcc and by clang, mean what they mean in the engine: the same values, events, log and
// fuel, without yields and with one after every 1 and every 7 fuel.
//
//     FIRST=1000 C_GRAPHS=2000 node --test tests/native/cgen.test.js   random graphs with other seeds
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, TOOL, assertExpected, inTurn, run, start } from '../harness.js';
import { buildHosts, compiledEssence } from '../c/build.js';
import { patterns } from '../patterns/patterns.js';
import { generate } from '../random/generate.js';
import { pureOverloads } from '../random/ops.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.C_GRAPHS ?? 200);
const BATCH = 50;
const CADENCES = [[], ['--cadence', '7'], ['--cadence', '1']];

/** Needs the glTF around it. */
const REFUSED = /^(pointer|animation)\/|^event\/(onSelect|onHover)/;
const EXAMPLES = join(ROOT, 'html/examples');

/** Ops of a graph file of either dialect: refused, or compiled. */
async function isCompiled(file) {
  const { status, stderr } = await start(TOOL, ['compile', file, '-o', join(BUILD, 'refused.c')]);
  if (status !== 0) assert.match(stderr, /^(E1901 .*needs the glTF around the graph.*\n)+$/, file);
  return status === 0;
}

/** Compares the i-th graph of each host with the engine's report, at each cadence. */
async function compare(hosts, i, file, words, limits = []) {
  const { reports: [report] } = await run(file, [...words, ...limits]);
  for (const { compiler, run: runCompiled } of hosts) {
    for (const cadence of CADENCES) {
      const seen = await runCompiled(i, [...words, ...cadence]);
      assert.deepEqual(compiledEssence(seen), compiledEssence(report), `${file}: ${compiler} ${words.join(' ')} ${cadence.join(' ')}`);
    }
  }
  return report;
}

test('patterns and examples mean the same in C', async () => {
  const all = [
    ...patterns(),
    ...readdirSync(EXAMPLES).filter((name) => name.endsWith('.graph.json') && name !== 'endless.graph.json')
      .map((name) => ({ name, file: join(EXAMPLES, name), words: ['--until', '2'], expected: {} })),
  ];
  const kept = await inTurn(all, ({ file }) => isCompiled(file));
  const compiled = all.filter((_, i) => kept[i]);
  assert.ok(compiled.length > 40 || process.env.PATTERNS, `${compiled.length} compiled`);
  const hosts = await buildHosts('c-patterns', compiled.map(({ file }) => file), [], '-O2');
  await inTurn(compiled, async ({ file, words, expected, name }, i) => {
    assertExpected(await compare(hosts, i, file, words), expected, name);
  });
});

// Graphs that loop for ever end by fuel or depth, at the same point everywhere.
const SETTINGS = [['--fuel', '3000'], ['--fuel', '60', '--seed', '5'], ['--fuel', '2000']];
const LIMITS = [[], [], ['--limit', 'call-depth=2']];

test('random graphs mean the same in C', async (t) => {
  const { stdout } = await start(TOOL, ['ops', '--json']);
  const pures = pureOverloads(JSON.parse(stdout));
  const folder = join(BUILD, 'c-graphs');
  mkdirSync(folder, { recursive: true });
  for (let first = FIRST, k = 0; first < FIRST + GRAPHS; first += BATCH, k++) {
    const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);
    const files = seeds.map((seed) => {
      const { graph } = generate(seed, pures, {});
      if (graph.nodes.some(({ op }) => REFUSED.test(op))) return null;
      const file = join(folder, `${seed}.graph.json`);
      writeFileSync(file, JSON.stringify(graph));
      return file;
    }).filter((file) => file);
    await t.test(`seeds ${seeds[0]} to ${seeds.at(-1)}: ${files.length} graphs`, async () => {
      const [words, limits] = [['--until', '1', '--tick', '50', ...SETTINGS[k % 3]], LIMITS[k % 3]];
      const hosts = await buildHosts(`c-random-${k}`, files, limits);
      await inTurn(files, (file, i) => compare(hosts, i, file, words, limits));
    });
  }
});

test('an op of the object model is refused, with its code, node and a fix', async () => {
  const file = join(ROOT, 'tests/patterns/animated.graph.json');
  const { status, stderr } = await start(TOOL, ['compile', file, '-o', join(BUILD, 'refused.c')]);
  assert.equal(status, 2);
  assert.match(stderr.split('\n')[0], /^E1901 \S*animated.graph.json .*node 0 "pointer\/get".*Run it with treadle run/);
});
