// random.test.js - random graphs mean the same to the walker and the VM, however often they give way.
//
//     node --test tests/random.test.js                          what CI runs
//     GRAPHS=20000 FIRST=1000 node --test tests/random.test.js  the seeds 1000 to 20999, an hour or so
//
// A graph that tells two runs apart is made smaller while it still does and left in build/random/ as SEED.graph.json;
// build/native/treadle runs it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { divergence } from './random/compare.js';
import { generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';
import { shrink } from './random/shrink.js';

const TOOL = process.env.TREADLE ?? 'build/native/treadle';
const OUT = 'build/random';
const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 240);
const BATCH = 20;

const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));
mkdirSync(OUT, { recursive: true });

/** Writes a graph and compares its runs. */
async function compare(graph, name, ways) {
  const file = `${OUT}/${name}.graph.json`;
  writeFileSync(file, JSON.stringify(graph, null, 1));
  return divergence(TOOL, file, ways);
}

/** What is wrong with one seed, in words; null when nothing is. Leaves the file only when something is. */
async function examine(seed) {
  const { graph, types } = generate(seed, pures);
  const found = await compare(graph, seed);
  if (!found) {
    rmSync(`${OUT}/${seed}.graph.json`);
    return null;
  }
  const keys = found.keys.join(' ');
  const fails = async (smaller) => (await compare(smaller, `${seed}.smaller`, found.ways))?.keys.join(' ') === keys;
  const smallest = await shrink(graph, types, fails);
  const { seen } = await compare(smallest, seed, found.ways);
  rmSync(`${OUT}/${seed}.smaller.graph.json`, { force: true });
  const ways = found.ways.map(({ runner, cadence }) => `${runner} at cadence ${cadence || 'none'}`).join(' and ');
  return `${OUT}/${seed}.graph.json: ${ways} differ in ${keys}\n${seen.map((result) => JSON.stringify(result)).join('\n')}`;
}

/** The seeds of a batch, several at a time. */
async function examineAll(seeds) {
  const problems = [];
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) problems.push(await examine(seed));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return problems.filter(Boolean);
}

for (let first = FIRST; first < FIRST + GRAPHS; first += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);
  test(`random graphs ${first} to ${seeds.at(-1)} mean the same in every runner at every cadence`, async () => {
    assert.deepEqual(await examineAll(seeds), []);
  });
}
