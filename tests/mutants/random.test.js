// random.test.js - proof that random graphs notice a broken rule of the lowering or the VM, where no test was written for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failing, mutant } from './mutant.js';

const MUTANTS = [
  {
    name: 'throttle-passes-later', file: 'src/run/vm.c',
    right: '!isnan(remaining->f) && elapsed < duration', wrong: '!isnan(remaining->f) && elapsed <= duration',
  },
  {
    name: 'gate-loops-when-random', file: 'src/run/vm.c',
    right: 'if (chosen < 0 && p[1])', wrong: 'if (chosen < 0 && p[0])',
  },
  {
    name: 'turns-in-one-epoch', file: 'src/code/node.c',
    right: '    if (g->uses_random) emit(&l->e, CODE_epoch, 0, 0, 0, 0, 0);\n    emit(&l->e, CODE_next_turn', wrong: '    emit(&l->e, CODE_next_turn',
  },
  {
    name: 'inner-loop-keeps-the-index', file: 'src/code/node.c',
    right: 'emit(&l->e, CODE_pop, 0, index, 0, 0, 0)', wrong: 'emit(&l->e, CODE_pop, 0, emit_temps(&l->e, 1), 0, 0, 0)',
  },
];

for (const change of MUTANTS) {
  test(`${change.name} is noticed`, async () => {
    const tool = await mutant(change);
    const tap = await failing(tool, 'tests/random.test.js', { FIRST: '1', GRAPHS: '60', PATIENCE_MS: '0' });
    assert.match(tap, /runs differ in/);
  });
}
