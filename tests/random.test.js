// random.test.js - random graphs mean the same to the walker and the VM, however often they give way.
//
//     node --test tests/random.test.js                           what CI runs
//     FIRST=1000 GRAPHS=50000 node --test tests/random.test.js   the seeds from 1000 on; `make soak` does more with each
//
// A graph that tells two runs apart is made smaller while it still does, and left in build/random/: `build/native/treadle
// run` and `dump` show why. In the variants: random-variants.test.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewWays } from './random/compare.js';
import { allOps, examine, make, wordsOf } from './random/examine.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 5000);
const BATCH = 50;
const CADENCES = [2, 3, 7, 64, 1000];

const batches = Array.from({ length: Math.ceil(GRAPHS / BATCH) }, (_, i) => {
  const first = FIRST + i * BATCH;
  return Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, k) => first + k);
});

test('random graphs mean the same in every runner at every cadence', { concurrency: 2 }, async (t) => {
  const subtests = batches.map((seeds, i) => {
    const words = wordsOf(i);
    return t.test(`seeds ${seeds[0]} to ${seeds.at(-1)}, ${words.slice(4).join(' ')}`, async () => {
      assert.equal((await examine(seeds, 'native', words, fewWays(CADENCES[i % CADENCES.length]))).join('\n\n'), '');
    });
  });
  await Promise.all(subtests);
});

test('random graphs have every operation and every type', () => {
  const had = { ops: new Set(), types: new Set() };
  for (let seed = 1; seed <= 600; seed++) {
    const { graph, types } = make(seed);
    for (const { op } of graph.nodes) had.ops.add(op);
    for (const type of types.values()) had.types.add(type);
  }
  assert.deepEqual(allOps().filter((op) => !had.ops.has(op)), []);
  assert.equal(had.types.size, 10);
});
