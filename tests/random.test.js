// random.test.js - random graphs mean the same to the walker and the VM, however often they give way.
//
//     node --test tests/random.test.js                           what CI runs
//     FIRST=1000 GRAPHS=50000 node --test tests/random.test.js   the seeds from 1000 on, for an hour
//
// A graph that tells two runs apart is made smaller while it still does, and left in build/random/ as
// SEED.graph.json: `build/native/treadle run` and `dump` show why.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { TOOL, inTurn } from './harness.js';
import { divergences } from './random/compare.js';
import { generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';
import { shrink } from './random/shrink.js';

const OUT = join(dirname(TOOL), '../random');
const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 240);
const BATCH = 20;
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);

// Graphs that loop for ever end by fuel or depth, at the same point everywhere: with much of both, with little fuel,
// with little depth.
const LENGTH = ['--until', '1', '--tick', '50'];
const SETTINGS = [['--fuel', '3000'], ['--fuel', '60', '--seed', '5'], ['--fuel', '2000', '--limit', 'call-depth=2']];

const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));
mkdirSync(OUT, { recursive: true });

/** Writes a graph; returns its file. */
function write(graph, name) {
  const file = join(OUT, `${name}.graph.json`);
  writeFileSync(file, JSON.stringify(graph, null, 1));
  return file;
}

/** Makes the graph of a seed that fails smaller; says in words what is wrong with it. */
async function explain(seed, words, { ways, keys }) {
  const { graph, types } = generate(seed, pures);
  const small = `${seed}.smaller`;
  const fails = async (smaller) => {
    const [found] = await divergences([write(smaller, small)], words, ways);
    return found?.keys.join(' ') === keys.join(' ');
  };
  const file = write(await shrink(graph, types, fails, PATIENCE_MS), seed);
  const [found] = await divergences([file], words, ways);
  rmSync(join(OUT, `${small}.graph.json`), { force: true });
  const runs = ways.map((way, i) => `${way.join(' ')}: ${JSON.stringify(found?.seen[i])}`);
  return [`${file} ${words.join(' ')}: runs differ in ${keys.join(' ')}`, ...runs].join('\n');
}

/** Compares the runs of a batch; what is wrong in words, one for each seed that fails. */
async function examine(seeds, words) {
  const files = seeds.map((seed) => write(generate(seed, pures).graph, seed));
  const found = await divergences(files, words);
  files.forEach((file, i) => found[i] ?? rmSync(file));
  const failed = seeds.map((seed, i) => ({ seed, found: found[i] })).filter((each) => each.found);
  return inTurn(failed, (each) => explain(each.seed, words, each.found));
}

const batches = Array.from({ length: Math.ceil(GRAPHS / BATCH) }, (_, i) => {
  const first = FIRST + i * BATCH;
  return Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, k) => first + k);
});

test('random graphs mean the same in every runner at every cadence', { concurrency: 2 }, async (t) => {
  const subtests = batches.map((seeds, i) => {
    const words = [...LENGTH, ...SETTINGS[i % SETTINGS.length]];
    return t.test(`seeds ${seeds[0]} to ${seeds.at(-1)}, ${words.slice(LENGTH.length).join(' ')}`, async () => {
      assert.equal((await examine(seeds, words)).join('\n\n'), '');
    });
  });
  await Promise.all(subtests);
});
