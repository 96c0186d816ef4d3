// random.test.js - random graphs mean the same to the walker and the VM, however often they give way.
//
//     node --test tests/random.test.js                           what CI runs
//     FIRST=1000 GRAPHS=50000 node --test tests/random.test.js   the seeds from 1000 on, for some minutes
//
// A graph that tells two runs apart is made smaller while it still does, and left in build/random/ as
// SEED.graph.json: `build/native/treadle run` and `dump` show why.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { divergences } from './random/compare.js';
import { generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';
import { shrink } from './random/shrink.js';

const TOOL = process.env.TREADLE ?? 'build/native/treadle';
const OUT = 'build/random';
const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 400);
const BATCH = 50;

const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));

/** Writes a graph; returns its file. */
function write(graph, name) {
  const file = `${OUT}/${name}.graph.json`;
  writeFileSync(file, JSON.stringify(graph, null, 1));
  return file;
}

const compare = async (file, ways) => (await divergences(TOOL, [file], ways))[0];

/** Makes the graph of a seed that fails smaller; says in words what is wrong with it. */
async function explain(seed, found) {
  const { graph, types } = generate(seed, pures);
  const keys = found.keys.join(' ');
  const fails = async (smaller) => (await compare(write(smaller, `${seed}.smaller`), found.ways))?.keys.join(' ') === keys;
  const file = write(await shrink(graph, types, fails), seed);
  const { seen } = await compare(file, found.ways);
  rmSync(`${OUT}/${seed}.smaller.graph.json`, { force: true });
  const ways = found.ways.map(({ runner, cadence }) => `${runner} at cadence ${cadence || 'none'}`).join(' and ');
  return [`${file}: ${ways} differ in ${keys}`, ...seen.map((result) => JSON.stringify(result))].join('\n');
}

for (let first = FIRST; first < FIRST + GRAPHS; first += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);
  test(`random graphs ${first} to ${seeds.at(-1)} mean the same in every runner at every cadence`, async () => {
    mkdirSync(OUT, { recursive: true });
    const files = seeds.map((seed) => write(generate(seed, pures).graph, seed));
    const found = await divergences(TOOL, files);
    files.forEach((file, i) => found[i] ?? rmSync(file));
    const problems = [];
    for (const [i, seed] of seeds.entries()) if (found[i]) problems.push(await explain(seed, found[i]));
    assert.equal(problems.join('\n\n'), '');
  });
}
