// convert.test.js - graphs that are written in the other dialect, and back, do what they did.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, RUNNERS, TOOL, assertSame, inTurn, run } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';
import { patterns } from '../patterns/patterns.js';

const FOLDER = join(BUILD, 'convert');
mkdirSync(FOLDER, { recursive: true });

/** Converts a file; its text, or the codes of what cannot be said. */
function convert(file, ...words) {
  return new Promise((done) => {
    execFile(TOOL, ['convert', file, '--json', ...words], { maxBuffer: 1 << 28 }, (error, text, said) => {
      const { diagnostics } = JSON.parse(said);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      done({ status: error?.code ?? 0, text, diagnostics, errors: [...new Set(errors.map(({ code }) => code))] });
    });
  });
}

/** The same, into a file. */
async function convertTo(to, file, name) {
  const { status, text, errors, diagnostics } = await convert(file, '--to', to);
  assert.deepEqual([status, errors], [0, []], `${file} --to ${to}`);
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return { path, text, isRenamed: diagnostics.some(({ code }) => code === 'W1811') };
}

// --- native files: to KHR_interactivity, and back ------------------------------------------------

/** What KHR_interactivity cannot say, by the code that says so: flows that lead back, values that come from later. */
const UNSAID = {
  'backwards-range': ['E1802'],
  'example-clock': ['E1801'],
  'example-endless': ['E1801'],
  goto: ['E1801'],
  'loop-reentry': ['E1801'],
  reentry: ['E1801'],
  'too-deep': ['E1801'],
};

/** Most examples run long by themselves: their graph inputs, set by the same names in either dialect, make them short. */
const SMALL = { collatz: ['n=100'], mandelbrot: ['side=8', 'depth=20'], pingpong: ['n=100'], sum: ['n=100'] };

const examples = readdirSync(join(ROOT, 'html/examples'))
  .filter((file) => file.endsWith('.graph.json'))
  .map((file) => {
    const name = file.slice(0, -'.graph.json'.length);
    const words = (SMALL[name] ?? []).flatMap((word) => ['--set', word]);
    return { name: `example-${name}`, file: join(ROOT, 'html/examples', file), words };
  });
const natives = [...patterns(), ...examples];

/** What must not change: all but the graph's outputs, where nodes stand, and how often it yielded. */
function meaning({ status, reason, variables, events, log }) {
  const values = Object.fromEntries(variables.map(({ id, name, value }) => [id ?? name, value]));
  return { status, reason, values, events, log: log.map(({ text, time, severity }) => ({ text, time, severity })) };
}

for (const { name, file, words } of natives.filter((graph) => !(graph.name in UNSAID))) {
  test(`${name} does the same in KHR_interactivity, and back in a native file`, async () => {
    const khr = await convertTo('khr', file, `${name}.khr.json`);
    const back = await convertTo('native', khr.path, `${name}.graph.json`);
    const again = await convertTo('khr', back.path, `${name}.again.json`);
    assert.equal(again.text, khr.text, 'what was written once is written the same again');
    const { inputs = [] } = JSON.parse(readFileSync(file, 'utf8'));
    for (const runner of RUNNERS) {
      const [here, ...there] = await inTurn([file, khr.path, back.path], (path) => run(path, [...words, '--runner', runner]));
      for (const other of there) {
        const seen = meaning(other.reports[0]);
        for (const { id } of inputs) delete seen.values[id]; // became a variable
        assert.deepEqual(seen, meaning(here.reports[0]), runner);
      }
    }
  });
}

for (const { name, file } of natives.filter((graph) => graph.name in UNSAID)) {
  test(`${name} cannot be said in KHR_interactivity`, async () => {
    const { status, text, errors, diagnostics } = await convert(file);
    assert.deepEqual([status, text, errors], [2, '', UNSAID[name]]);
    for (const { pointer, line, node, fix } of diagnostics.filter(({ severity }) => severity === 'error'))
      assert.ok(pointer.startsWith(`/nodes/${node}/`) && line > 0 && fix, pointer);
  });
}

// --- the Khronos test graphs: to native files, and back ------------------------------------------

const here = verdicts().filter(({ needs }) => needs.ops.length === 0);

test('the Khronos test graphs are here', { skip: absent ?? false }, () => assert.ok(here.length >= 30));

/** A converted graph without the names of its variables: a native file cannot say those with a colon, or very long ones. */
function unnamed({ text }) {
  const { graphs: [graph] } = JSON.parse(text);
  for (const variable of graph.variables ?? []) delete variable.name;
  return graph;
}

for (const graph of here) {
  test(`${graph.name} holds after a native file in between`, async () => {
    const name = graph.name.replaceAll('/', '-');
    const same = await convertTo('khr', graph.file, `${name}.same.json`);
    const native = await convertTo('native', graph.file, `${name}.graph.json`);
    const back = await convertTo('khr', native.path, `${name}.back.json`);
    assert.deepEqual(unnamed(back), unnamed(same));
    const around = JSON.parse(readFileSync(graph.file, 'utf8'));
    around.extensions.KHR_interactivity = JSON.parse(back.text);
    const file = join(FOLDER, `${name}.gltf`);
    writeFileSync(file, JSON.stringify(around));
    const words = ['--until', String(graph.seconds + 2), '--tick', '100', '--trace'];
    const [before, after] = await inTurn([graph.file, file], (path) => run(path, words));
    judge(graph, after.reports[0], graph.name);
    if (native.isRenamed) return;
    assert.equal(back.text, same.text);
    assertSame(after.reports[0], before.reports[0], graph.name);
  });
}
