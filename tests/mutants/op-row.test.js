// op-row.test.js - proof that the op tests can fail: each wrong row in op.def is noticed by its op's test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../harness.js';
import { failing, mutant } from './mutant.js';

const TABLE = 'src/op/op.def';

/** Each mutant: the op whose test must notice, its row, the right expression and a tempting wrong one. */
const MUTANTS = [
  { op: 'math/round', row: 'round_f', right: 'f64_round(a)', wrong: 'floor(a + 0.5)' },
  { op: 'math/min', row: 'min_f', right: 'f64_min(a, b)', wrong: 'fmin(a, b)' },
  { op: 'math/pow', row: 'pow_f', right: 'f64_pow(a, b)', wrong: 'pow(a, b)' },
  { op: 'math/asr', row: 'asr_i', right: 'a >> (b & 31)', wrong: '(i32)((u32)a >> (b & 31))' },
];

for (const { op, row, right, wrong } of MUTANTS) {
  test(`${op} with ${wrong} fails its test`, async () => {
    const lines = readFileSync(join(ROOT, TABLE), 'utf8').split('\n');
    const line = lines.find((text) => text.startsWith(`PURE(${row},`) && text.endsWith(`${right})`));
    assert.ok(line, `op.def has a row ${row} that ends in ${right}`);
    const tool = await mutant({ name: row, file: TABLE, right: line, wrong: `${line.slice(0, -`${right})`.length)}${wrong})` });
    const tap = await failing(tool, 'tests/ops/ops.test.js', { OPS: op });
    for (const runner of ['vm', 'walk']) assert.match(tap, new RegExp(`native ${runner}`));
    assert.match(tap, new RegExp(`not ok \\d+ - ${op}`));
  });
}
