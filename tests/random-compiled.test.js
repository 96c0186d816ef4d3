// random-compiled.test.js - random graphs mean the same compiled: in each shape, at every cadence, and whoever takes over at a yield.
//
//     FIRST=1000 GRAPHS=50000 node --test tests/random-compiled.test.js   other seeds
//
// What is compared with the machine's run: results, events and fuel; where every yield leaves the run (state, position, stack); with
// traced code the trace. A run whose runner is forced charges all its fuel in that runner, and one that changes runners
// charges it where it was told to.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, faultsOf, noValidator } from './harness.js';
import { compiledWays } from './random/compare.js';
import { examine, wordsOf } from './random/examine.js';
import { keepModules, switched } from './random/variant.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 5000);
const BATCH = 50;
/** Of so many batches one leaves its modules for wasm-validate. */
const KEPT = 10;

const MODULES = join(BUILD, 'modules');
rmSync(MODULES, { recursive: true, force: true });

for (let first = FIRST, i = 0; first < FIRST + GRAPHS; first += BATCH, i++) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, k) => first + k);
  const words = wordsOf(i);
  test(`compiled graphs ${first} to ${seeds.at(-1)}, ${words.slice(4).join(' ')}`, async () => {
    keepModules(i % KEPT === 0 ? MODULES : null);
    assert.equal((await examine(seeds, 'compiled', words, compiledWays(i))).join('\n\n'), '');
  });
}

test('machine and compiled code took turns in the runs that changed between them', () => {
  const { vm, wasm } = switched;
  assert.ok(vm > GRAPHS && wasm > GRAPHS && vm < 3 * wasm && wasm < 3 * vm, `fuel charged: vm ${vm}, wasm ${wasm}`);
});

test('wasm-validate finds no fault with the modules', { skip: noValidator() }, () => {
  const modules = readdirSync(MODULES).map((name) => join(MODULES, name));
  assert.ok(modules.length >= Math.min(GRAPHS, BATCH));
  assert.equal(faultsOf(modules), '');
});
