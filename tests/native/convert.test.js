// convert.test.js - graphs that are written in the other dialect, and back, do what they did.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, RUNNERS, TOOL, assertSame, inTurn, run } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';
import { patterns } from '../patterns/patterns.js';
import { generate, plainest } from '../random/generate.js';
import { pureOverloads } from '../random/ops.js';

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
const isScene = ({ file }) => !readFileSync(file).includes('"treadle"');
const natives = [...patterns().filter((pattern) => !isScene(pattern)), ...examples];

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

// --- random graphs -------------------------------------------------------------------------------
//
//     FIRST=1000 GRAPHS=5000 node --test tests/native/convert.test.js   the seeds from 1000 on

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 60);
const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));

/** The graph without what the diagnostics say cannot be said: flows that lead back, values that come from later. */
function without(graph, types, diagnostics) {
  for (const { severity, code, pointer } of diagnostics.filter((each) => each.severity === 'error')) {
    assert.match(`${severity} ${code}`, /^error E180[12]$/, pointer);
    const [, , index, part, name] = pointer.split('/');
    const node = graph.nodes[index];
    if (part === 'flows') delete node.flows[name];
    else node.values[name] = plainest(types.get(node.values[name].from));
  }
}

/** Draws nothing: nodes that move would draw other numbers. */
function drawNothing(node) {
  if (node.op === 'math/random') node.op = 'math/Pi';
  if (node.config?.isRandom) node.config.isRandom = false;
}

/** A random graph that KHR_interactivity can say, in both forms and back again. */
async function sayable(seed) {
  const { graph, types } = generate(seed, pures);
  graph.nodes.forEach(drawNothing);
  const file = join(FOLDER, `random-${seed}.graph.json`);
  for (let round = 0; round < 10; round++) {
    writeFileSync(file, JSON.stringify(graph));
    const { status, diagnostics } = await convert(file, '--to', 'khr');
    if (status === 0) break;
    without(graph, types, diagnostics);
  }
  const khr = await convertTo('khr', file, `random-${seed}.khr.json`);
  const back = await convertTo('native', khr.path, `random-${seed}.back.json`);
  return { seed, graph, files: [file, khr.path, back.path] };
}

test(`${GRAPHS} random graphs from ${FIRST} on do the same either way`, async (t) => {
  const graphs = await inTurn(Array.from({ length: GRAPHS }, (_, i) => FIRST + i), sayable);
  let compared = 0;
  await inTurn(graphs, async ({ seed, graph, files }) => {
    const { reports } = await run(files, ['--until', '1', '--tick', '50', '--fuel', '20000']);
    if (reports[0].status === 'limit') return; // at another place, since fuel is charged by index
    const [first, ...others] = reports.map(meaning);
    for (const other of others) for (const { id } of graph.inputs) delete other.values[id];
    for (const [i, other] of others.entries()) assert.deepEqual(other, first, `${files[i + 1]} of seed ${seed}`);
    compared += 1;
  });
  t.diagnostic(`${compared} compared; the others end by a limit`);
  assert.ok(compared > GRAPHS / 4);
});

// --- graphs in a glTF: written anew, and by way of a native file, put back into it ----------------

/** The glTF with other graphs in it: text for a .gltf, bytes for a .glb. */
function withGraphs(bytes, extension) {
  const put = (text) => {
    const gltf = JSON.parse(text);
    gltf.extensions.KHR_interactivity = extension;
    return JSON.stringify(gltf);
  };
  if (bytes.toString('latin1', 0, 4) !== 'glTF') return put(bytes.toString());
  const end = 20 + bytes.readUInt32LE(12);
  const text = put(bytes.toString('utf8', 20, end));
  const json = Buffer.from(text.padEnd(text.length + (-Buffer.byteLength(text) & 3)));
  const rest = bytes.subarray(end);
  const head = Buffer.from(bytes.subarray(0, 20));
  head.writeUInt32LE(20 + json.length + rest.length, 8);
  head.writeUInt32LE(json.length, 12);
  return Buffer.concat([head, json, rest]);
}

/** Writes the file `like` another, with the graphs of a converted text in it. */
function putInto(like, text, name) {
  const file = join(FOLDER, name);
  writeFileSync(file, withGraphs(readFileSync(like), JSON.parse(text)));
  return file;
}

/** A converted graph without the names of its variables: a native file cannot say those with a colon, or very long ones. */
function unnamed({ text }) {
  const { graphs: [graph] } = JSON.parse(text);
  for (const variable of graph.variables ?? []) delete variable.name;
  return graph;
}

/** What a native file cannot say of them: what a reference names, and what an unknown extension does. */
const NOT_NATIVE = ['E1804', 'E1805'];

for (const { name, file, words } of patterns().filter(isScene)) {
  test(`${name} does the same when it is written anew`, async () => {
    const same = await convert(file, '--to', 'khr');
    const native = await convert(file, '--to', 'native');
    for (const code of [...same.errors, ...native.errors]) assert.ok(NOT_NATIVE.includes(code), code);
    assert.equal(same.errors.includes('E1805'), false);
    if (same.status !== 0) return;
    const copy = putInto(file, same.text, `copy-${basename(file)}`);
    const [before, after] = await inTurn([file, copy], (path) => run(path, [...words, '--trace']));
    assertSame(after.reports[0], before.reports[0], name);
    if (native.status !== 0) return;
    const path = join(FOLDER, `${name}.graph.json`);
    writeFileSync(path, native.text);
    assert.deepEqual(unnamed(await convertTo('khr', path, `${name}.back.json`)), unnamed(same));
  });
}

// --- the Khronos test graphs: to native files, and back ------------------------------------------

const here = verdicts();

test('the Khronos test graphs are here', { skip: absent ?? false }, () => assert.ok(here.length >= 30));

for (const graph of here) {
  test(`${graph.name} holds after a native file in between`, async () => {
    const name = graph.name.replaceAll('/', '-');
    const same = await convertTo('khr', graph.file, `${name}.same.json`);
    const native = await convertTo('native', graph.file, `${name}.graph.json`);
    const back = await convertTo('khr', native.path, `${name}.back.json`);
    assert.deepEqual(unnamed(back), unnamed(same));
    const file = putInto(graph.file, back.text, `${name}.gltf`);
    const words = ['--until', String(graph.seconds + 2), '--tick', '100', '--trace'];
    const [before, after] = await inTurn([graph.file, file], (path) => run(path, words));
    judge(graph, after.reports[0], graph.name);
    if (native.isRenamed) return;
    assert.equal(back.text, same.text);
    assertSame(after.reports[0], before.reports[0], graph.name);
  });
}
