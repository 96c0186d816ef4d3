// random.test.js - proof that random graphs notice a broken rule of the lowering or the VM, where no test was written for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failing, mutant } from './mutant.js';

const MUTANTS = [
  {
    name: 'throttle-passes-later', file: 'src/run/effect.c',
    right: '!isnan(remaining->f) && elapsed < duration', wrong: '!isnan(remaining->f) && elapsed <= duration',
  },
  {
    name: 'gate-loops-when-random', file: 'src/run/effect.c',
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
  {
    name: 'lanes-gathered-over-each-other', file: 'src/code/pull.c',
    right: 'in_place && can_gather(in, n, target) ? target', wrong: 'in_place ? target',
  },
  {
    name: 'two-outputs-in-the-place-of-one', file: 'src/code/pull.c',
    right: 'bool single = g->value_out[node + 1] - g->value_out[node] == 1;', wrong: 'bool single = true;',
  },
  {
    name: 'any-reference-is-an-index', file: 'src/code/point.c', graphs: 900,
    right: 'return REF_KIND(s.bits) == REF_OBJECT && REF_PAYLOAD(s.bits) >> 32 == counts_in;', wrong: 'return REF_KIND(s.bits) == REF_OBJECT;',
  },
  {
    name: 'negative-index-is-an-index', file: 'src/code/point.c',
    right: 'if (g->in_type[in] == TYPE_INT) return s.i >= 0;', wrong: 'if (g->in_type[in] == TYPE_INT) return (*out &= 3), true;',
  },
];

for (const { graphs = 300, ...change } of MUTANTS) {
  test(`${change.name} is noticed`, async () => {
    const tool = await mutant(change);
    const tap = await failing(tool, 'tests/random.test.js', { FIRST: '1', GRAPHS: String(graphs), PATIENCE_MS: '0' });
    assert.match(tap, /runs differ in/);
  });
}
