// random-variants.test.js - random graphs mean the same in a variant, in each runner, as to the native walker.
//
//     FIRST=1000 GRAPHS=500 node --test tests/random-variants.test.js   other seeds
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VARIANTS } from './harness.js';
import { inVariant } from './random/compare.js';
import { WORDS, examine, wordsOf } from './random/examine.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 1500);
const BATCH = 50;
const CADENCES = [1, 7, 64];

for (let first = FIRST, i = 0; first < FIRST + GRAPHS; first += BATCH, i++) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, k) => first + k);
  const variant = VARIANTS[i % VARIANTS.length];
  const words = wordsOf(i + Math.floor(i / WORDS)); // each variant meets each of them
  test(`seeds ${first} to ${seeds.at(-1)} in ${variant}, ${words.slice(4).join(' ')}`, async () => {
    const ways = [['--runner', 'walk', '--trace'], inVariant(variant, 'walk', 0, true), inVariant(variant, 'vm', 0, false), inVariant(variant, 'vm', CADENCES[i % CADENCES.length], true)];
    assert.equal((await examine(seeds, 'variants', words, ways)).join('\n\n'), '');
  });
}
