// ops.test.js - every pure op gives what its case file says: in the native tool and in every variant, in each runner.
//
//     node --test tests/ops/ops.test.js       OPS=math/round,math/add: only these
//     TREADLE=path: that native tool alone (the mutants use this)
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VARIANTS } from '../harness.js';
import { faultOf, graphOf, kept, readCases, rejectedGraph } from './graph.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOOL = process.env.TREADLE ?? `${ROOT}build/native/treadle`;
const OUT = `${ROOT}build/test/ops`;
const FILES_PER_GRAPH = 25;

const only = process.env.OPS?.split(',');
const files = readCases().filter(({ op }) => !only || only.includes(op));

/** Each way to run a graph: a name and a command. */
function engines() {
  const native = ['vm', 'walk'].map((runner) => ({ name: `native ${runner}`, command: [TOOL, 'run'], args: ['--runner', runner] }));
  if (process.env.TREADLE) return native;
  const variants = VARIANTS.filter((name) => existsSync(`${ROOT}build/${name}/treadle.wasm`));
  const wasm = variants.flatMap((variant) =>
    ['vm', 'walk', 'wasm'].map((runner) => ({
      name: `${variant} ${runner}`,
      command: [process.execPath, `${ROOT}js/cli.js`, 'run'],
      args: ['--variant', variant, '--runner', runner],
    })),
  );
  return [...native, ...wasm];
}

/** Runs a command and reads the JSON it prints. */
function ask([program, ...first], ...args) {
  return new Promise((done, fail) => {
    execFile(program, [...first, ...args, '--json'], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout));
      } catch {
        fail(new Error(`${program} ${[...first, ...args].join(' ')}: ${error?.message ?? 'no JSON'}\n${stderr}`));
      }
    });
  });
}

/** What an engine leaves in each variable, over all graphs. */
async function results({ name, command, args }, graphs) {
  const seen = new Map();
  for (const [i, { text }] of graphs.entries()) {
    const file = `${OUT}/${name.replace(' ', '-')}-${i}.graph.json`;
    writeFileSync(file, text);
    const ran = await ask(command, file, ...args, '--clock', 'virtual', '--until', '0');
    assert.ok(['done', 'idle'].includes(ran.status), `${file}: ${JSON.stringify(ran).slice(0, 2000)}`);
    for (const [id, value] of kept(ran)) seen.set(id, value);
  }
  return seen;
}

mkdirSync(OUT, { recursive: true });
const graphs = [];
for (let i = 0; i < files.length; i += FILES_PER_GRAPH) graphs.push(graphOf(files.slice(i, i + FILES_PER_GRAPH)));

for (const engine of engines()) {
  describe(engine.name, () => {
    let seen;
    before(async () => (seen = await results(engine, graphs)));
    for (const { op } of files) {
      test(op, () => {
        const checks = graphs.flatMap(({ checks: all }) => all.filter((check) => check.op === op));
        assert.ok(checks.length > 0);
        const wrong = [];
        for (const check of checks) {
          const fault = faultOf(check, seen);
          if (fault) wrong.push(`${Object.values(check.variables)[0]}: ${JSON.stringify(check.tried)}: ${fault}`);
        }
        assert.deepEqual(wrong, []);
      });
    }
  });
}

describe('rejected at load', () => {
  for (const file of files) {
    const { op, cases } = file;
    const rejected = cases.filter((tried) => tried.rejected);
    if (rejected.length === 0) continue;
    test(op, async () => {
      for (const [i, tried] of rejected.entries()) {
        const path = `${OUT}/rejected-${op.replace('/', '-')}-${i}.graph.json`;
        writeFileSync(path, rejectedGraph(file, tried));
        const { ok, diagnostics } = await ask([TOOL, 'check'], path);
        assert.equal(ok, false, `${path}: ${tried.why}`);
        for (const { severity, pointer } of diagnostics)
          if (severity === 'error') assert.match(pointer, /^\/nodes\/0(\/|$)/, `${path}: the fault is in the node`);
      }
    });
  }
});
