// lowering.test.js - proof that a broken rule of the lowering fails a pattern: the walker does not share the fault, and
// the expected values are not ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failing, mutant } from './mutant.js';

/** Each mutant: what is broken, and the pattern that must notice. */
const MUTANTS = [
  {
    name: 'branch-swapped', file: 'src/code/node.c', notices: 'early-exit',
    right: 'fork(l, node, 0, 1, otherwise, in);\n}\n\n/* A switch', wrong: 'fork(l, node, 1, 0, otherwise, in);\n}\n\n/* A switch',
  },
  {
    name: 'for-checks-after-the-body', file: 'src/code/node.c', notices: 'backwards-range',
    right: '    emit_jump(&l->e, end.exit);\n    emit_bind(&l->e, end.body);', wrong: '    emit_bind(&l->e, end.body);',
  },
  {
    name: 'backward-edge-for-nothing', file: 'src/code/lower.c', notices: 'goto',
    right: '(i32)cost + 1', wrong: '(i32)cost',
  },
  {
    name: 'fused-compare-off-by-one', file: 'src/code/pull.c', notices: 'goto',
    right: 'case PURE_lt_i: return CODE_unless_lt_i;', wrong: 'case PURE_lt_i: return CODE_unless_le_i;',
  },
];

for (const { notices, ...change } of MUTANTS) {
  test(`${change.name} fails ${notices}`, async () => {
    const tool = await mutant(change);
    const tap = await failing(tool, 'tests/native/patterns.test.js', { PATTERNS: notices });
    assert.match(tap, new RegExp(`not ok \\d+ - ${notices} `));
  });
}
