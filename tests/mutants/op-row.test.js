// op-row.test.js - the op tests can fail: a copy of the sources with one wrong row in op.def does not pass them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = `${ROOT}build/mutant`;
const run = promisify(execFile);

/** Each mutant: the op whose test must notice, its row, the right expression and a tempting wrong one. */
const MUTANTS = [
  { op: 'math/round', row: 'round_f', right: 'f64_round(a)', wrong: 'floor(a + 0.5)' },
  { op: 'math/min', row: 'min_f', right: 'f64_min(a, b)', wrong: 'fmin(a, b)' },
  { op: 'math/pow', row: 'pow_f', right: 'f64_pow(a, b)', wrong: 'pow(a, b)' },
  { op: 'math/asr', row: 'asr_i', right: 'a >> (b & 31)', wrong: '(i32)((u32)a >> (b & 31))' },
];

/** Compiles src/ with one row changed; the path of the tool. */
async function mutant({ row, right, wrong }) {
  const folder = `${OUT}/${row}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(`${ROOT}src`, `${folder}/src`, { recursive: true });
  const table = `${folder}/src/op/op.def`;
  const lines = readFileSync(table, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.startsWith(`PURE(${row},`) && line.endsWith(`${right})`));
  assert.ok(at >= 0, `op.def has a row ${row} that ends in ${right}`);
  lines[at] = `${lines[at].slice(0, -`${right})`.length)}${wrong})`;
  writeFileSync(table, lines.join('\n'));
  const sources = readdirSync(`${folder}/src`, { recursive: true }).filter((name) => name.endsWith('.c') && !name.endsWith('door.c'));
  await run(process.env.CC ?? 'cc', [
    ...['-std=c11', '-ffp-contract=off', '-O0', '-w', '-isystem', `${ROOT}build/deps/cJSON`, `-I${ROOT}variants/plain`],
    ...sources.map((name) => `${folder}/src/${name}`),
    ...[`${ROOT}build/deps/cJSON/cJSON.c`, '-DCJSON_NESTING_LIMIT=512', '-lm', '-o', `${folder}/treadle`],
  ]);
  return `${folder}/treadle`;
}

for (const change of MUTANTS) {
  test(`${change.op} with ${change.wrong} fails its test`, async () => {
    const env = { ...process.env, TREADLE: await mutant(change), OPS: change.op };
    delete env.NODE_TEST_CONTEXT;
    const args = ['--test', '--test-reporter=tap', `${ROOT}tests/ops/ops.test.js`];
    const { code, stdout } = await run(process.execPath, args, { env }).catch((error) => error);
    assert.equal(code, 1, stdout);
    const noticed = stdout.match(new RegExp(`not ok \\d+ - ${change.op}$`, 'gm')) ?? [];
    assert.equal(noticed.length, 2, `both runners read the row\n${stdout}`);
  });
}
