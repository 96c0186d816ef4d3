// compiled.test.js - proof that a wrong line in what makes or runs compiled code is noticed by random graphs.
//
// Each mutant is a copy of the project with one variant, step, built anew where the line matters.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failing, mutantVariant } from './mutant.js';

const MUTANTS = [
  {
    name: 'returns-without-a-flush', file: 'src/run/wgen_ins.c',
    right: 'void write_return(Writer *u) {\n    flush(u);\n', wrong: 'void write_return(Writer *u) {\n',
  },
  {
    name: 'leaves-without-a-flush', file: 'src/run/wgen_unit.c',
    right: '    flush(u);\n    wasm_label(&u->body, "the run is where', wrong: '    wasm_label(&u->body, "the run is where',
  },
  {
    name: 'trusts-its-locals-behind-a-call', file: 'src/run/wgen_ins.c',
    right: '    reload_behind(u, c->blocks[b->callee].unit);\n}', wrong: '    if (u->failed) reload_behind(u, c->blocks[b->callee].unit);\n}',
  },
  {
    name: 'comes-in-at-the-head', file: 'src/run/compiled.c',
    right: '(i32)c->way_at[in->pc]', wrong: '0',
  },
  {
    name: 'charges-after-the-work', file: 'src/run/wgen_ins.c',
    right: '    write_charge(u, pc, i->d);\n    count_on(u, i);', wrong: '    count_on(u, i);\n    write_charge(u, pc, i->d);',
  },
];

/** Ways without structured code, which a mutant may never leave. */
const K = '5';

for (const change of MUTANTS) {
  test(`${change.name} is noticed`, async () => {
    const folder = await mutantVariant(change, 'step');
    const tap = await failing(undefined, join(folder, 'tests/random-compiled.test.js'), { FIRST: '1', GRAPHS: '50', K, PATIENCE_MS: '0' });
    assert.match(tap, /runs differ in/);
    rmSync(folder, { recursive: true });
  });
}
