// random-kept.test.js - the small graphs of random/kept, each of which once told two runs apart, mean the same in every way.
//
// Most of them are what random graphs found in the mutants of that name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNNERS, VARIANTS } from './harness.js';
import { COMPILED, NATIVE_WAYS, compiledWays, inVariant } from './random/compare.js';
import { WORDS, examineKept, kept, wordsOf } from './random/examine.js';

const WAYS = [
  ...NATIVE_WAYS,
  ...VARIANTS.flatMap((variant) => RUNNERS.flatMap((runner) => [inVariant(variant, runner, 0, false), inVariant(variant, runner, 1, true), inVariant(variant, runner, 7, true)])),
];
const COMPILED_WAYS = Array.from({ length: COMPILED }, (_, k) => compiledWays(k));

for (const name of kept()) {
  test(`${name} means the same in every way`, async () => {
    for (let k = 0; k < WORDS; k++) {
      assert.equal(await examineKept(name, wordsOf(k), WAYS), null);
      for (const ways of COMPILED_WAYS) assert.equal(await examineKept(name, wordsOf(k), ways), null);
    }
  });
}
