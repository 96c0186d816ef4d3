// op-row.test.js - proof that the op tests can fail: each wrong row in op.def, and each wrong line of lane code, is noticed
// by its op's test.
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

/** The same in the code of the vector ops. */
const LANES = [
  { op: 'math/cross', file: 'src/op/vec.h', right: 'a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};', wrong: 'a.x * b.z - a.z * b.x, a.x * b.y - a.y * b.x};' },
  { op: 'math/quatSlerp', file: 'src/op/vec.c', right: '        q = (F4){-q.x, -q.y, -q.z, -q.w};\n', wrong: '' },
  { op: 'math/combine3x3', file: 'src/op/vec.def', right: 'float c, float d, float e, float f, float g, float h, float i", "float3x3', wrong: 'float d, float c, float e, float f, float g, float h, float i", "float3x3' },
];

/** Fails unless the test of an op fails with this tool, in both runners. */
async function assertNoticed(tool, op) {
  const tap = await failing(tool, 'tests/ops/ops.test.js', { OPS: op });
  for (const runner of ['vm', 'walk']) assert.match(tap, new RegExp(`native ${runner}`));
  assert.match(tap, new RegExp(`not ok \\d+ - ${op}`));
}

for (const { op, ...change } of LANES) {
  test(`${op} with a wrong line of lane code fails its test`, async () => assertNoticed(await mutant({ name: op.replace('/', '-'), ...change }), op));
}

for (const { op, row, right, wrong } of MUTANTS) {
  test(`${op} with ${wrong} fails its test`, async () => {
    const lines = readFileSync(join(ROOT, TABLE), 'utf8').split('\n');
    const line = lines.find((text) => text.startsWith(`PURE(${row},`) && text.endsWith(`${right})`));
    assert.ok(line, `op.def has a row ${row} that ends in ${right}`);
    const tool = await mutant({ name: row, file: TABLE, right: line, wrong: `${line.slice(0, -`${right})`.length)}${wrong})` });
    await assertNoticed(tool, op);
  });
}
