// upgrade.test.js - drafts made of the Khronos test graphs load again when upgraded, with the same verdicts; GLB, places,
// and the words of the tool.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, TOOL, check, run, start } from '../harness.js';
import { absent, judge, verdicts } from '../khr/verdicts.js';
import { downgrade, random, toGlb } from '../khr/downgrade.js';

const folder = join(ROOT, 'build/test/upgrade');
mkdirSync(folder, { recursive: true });

/** A file of this test's own. */
function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What `upgrade --json` says, and the new file. */
async function upgrade(path, out = `${path}.out`) {
  const { status, stdout } = await start(TOOL, ['upgrade', path, '-o', out, '--json']);
  const said = JSON.parse(stdout);
  assert.equal(status, said.ok ? 0 : 2);
  return { ...said, bytes: said.ok ? readFileSync(out) : null, out };
}

const here = verdicts();

test('the Khronos test graphs are here', { skip: absent ?? false }, () => {
  assert.ok(here.length >= 30);
});

for (const graph of here) {
  test(`${graph.name}: a draft of it is refused, offered an upgrade, and holds when upgraded`, async () => {
    const ratified = JSON.parse(readFileSync(graph.file, 'utf8'));
    for (const seed of [1, 2]) {
      const { draft, kinds } = downgrade(ratified, random(seed));
      const path = file(`${graph.name.replaceAll(/\W/g, '_')}-${seed}.gltf`, JSON.stringify(draft));
      const refused = await check(path);
      assert.equal(refused.ok, false);
      const codes = refused.diagnostics.map(({ code }) => code);
      assert.equal(codes.at(-1), 'W1716', graph.name);
      for (const kind of kinds) assert.ok(codes.includes(kind), `${kind} of ${graph.name}`);
      const upgraded = await upgrade(path);
      assert.ok(upgraded.count >= kinds.length && upgraded.changes.length === upgraded.count);
      assert.deepEqual(upgraded.diagnostics.filter(({ severity }) => severity === 'error'), []);
      const again = await upgrade(upgraded.out);
      assert.deepEqual([again.count, again.bytes.equals(upgraded.bytes)], [0, true], 'twice is once');
      const words = ['--until', String(graph.seconds + 2), '--tick', '16'];
      const { reports: [report] } = await run(upgraded.out, words);
      judge(graph, report, `${graph.name} upgraded`);
      const { reports: [loaded] } = await run(path, [...words, '--upgrade']);
      assert.deepEqual(loaded.variables, report.variables);
      assert.deepEqual(loaded.events, report.events);
    }
  });
}

test('places of changes are those of the draft', { skip: absent ?? false }, async () => {
  const { draft } = downgrade(JSON.parse(readFileSync(here[0].file, 'utf8')), random(3));
  const text = JSON.stringify(draft, null, 1);
  const { changes } = await upgrade(file('places.gltf', text));
  const lines = text.split('\n');
  for (const { pointer, line, column } of changes) {
    const value = pointer.split('/').slice(1).reduce((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], draft);
    assert.notEqual(value, undefined, pointer);
    const first = JSON.stringify(value, null, 1).slice(0, 1);
    assert.equal(Buffer.from(lines[line - 1]).subarray(column - 1).toString().slice(0, 1), first, pointer);
  }
});

test('a GLB keeps all its bytes but those of the extension', { skip: absent ?? false }, async () => {
  for (const graph of here.slice(0, 6)) {
    const { draft } = downgrade(JSON.parse(readFileSync(graph.file, 'utf8')), random(4));
    const json = JSON.stringify(draft);
    const bin = Buffer.from(Uint8Array.from({ length: 1021 }, (_, i) => i * 7));
    const glb = toGlb(Buffer.from(json), [['BIN\0', bin], ['EXTR', Buffer.from('four')]]);
    const { bytes } = await upgrade(file(`${graph.name.replaceAll(/\W/g, '_')}.glb`, glb));
    assert.equal(bytes.readUInt32LE(8), bytes.length);
    const length = bytes.readUInt32LE(12);
    assert.equal(length % 4, 0);
    assert.equal(glb.length - glb.readUInt32LE(12), bytes.length - length);
    assert.ok(bytes.subarray(20 + length).equals(glb.subarray(20 + glb.readUInt32LE(12))), 'the other chunks');
    const before = json.indexOf('"KHR_interactivity":{') + '"KHR_interactivity":'.length;
    const after = json.slice(before + JSON.stringify(draft.extensions.KHR_interactivity).length);
    const now = bytes.subarray(20, 20 + length).toString();
    assert.equal(now.slice(0, before), json.slice(0, before));
    assert.ok(now.trimEnd().endsWith(after));
    assert.deepEqual({ ...JSON.parse(now), extensions: null }, { ...draft, extensions: null });
  }
});

test('what is ratified comes out as it is', { skip: absent ?? false }, async () => {
  for (const { file: path } of here) {
    const same = await upgrade(path, join(folder, 'same.gltf'));
    if (same.count > 0) assert.deepEqual([...new Set(same.changes.map(({ code }) => code))], ['W1714'], path);
    else assert.ok(same.bytes.equals(readFileSync(path)));
  }
});

// --- what upgraded graphs do ---------------------------------------------------------------------

const value = (report, name) => report.variables.find((variable) => variable.name === name).value;

/** What a draft finds when it is loaded by --upgrade. */
async function play(name, graph, words = []) {
  const { reports: [report] } = await run(file(name, JSON.stringify({ graphs: [graph] })), ['--upgrade', ...words]);
  assert.ok(['done', 'idle'].includes(report.status), JSON.stringify(report));
  return report;
}

test('isValid of math/matDecompose is what the drafts said of a matrix', async () => {
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1];
  const matrices = {
    identity: [identity, true],
    scaled: [identity.map((lane, i) => (i === 5 ? -3 : lane)), true],
    flat: [identity.map((lane, i) => (i === 10 ? 0 : lane)), false],
    undefined: [identity.map((lane, i) => (i === 0 ? 'NaN' : lane)), false],
    infinite: [identity.map((lane, i) => (i === 5 ? 'Infinity' : lane)), false],
    projective: [identity.map((lane, i) => (i === 3 ? 1 : lane)), false],
    homogeneous: [identity.map((lane, i) => (i === 15 ? 2 : lane)), false],
  };
  const names = Object.keys(matrices);
  const report = await play('valid.json', {
    types: [{ signature: 'bool' }, { signature: 'float4x4' }],
    variables: names.map((id) => ({ id, type: 0 })),
    declarations: [{ op: 'event/onStart' }, { op: 'variable/setMultiple' }, { op: 'math/matDecompose' }],
    nodes: [
      { declaration: 0, flows: { out: { node: 1 } } },
      {
        declaration: 1,
        configuration: { variables: { value: names.map((_, i) => i) } },
        values: Object.fromEntries(names.map((_, i) => [i, { node: 2 + i, socket: 'isValid' }])),
      },
      ...names.map((name) => ({ declaration: 2, values: { a: { value: matrices[name][0], type: 1 } } })),
    ],
  });
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, value(report, name)])), Object.fromEntries(names.map((name) => [name, matrices[name][1]])));
});

test('the first onStart of a graph finds its variables infinite', async () => {
  const report = await play('infinite.json', {
    types: [{ signature: 'float' }, { signature: 'float2' }],
    variables: [{ id: 'from', type: 1, value: ['-Infinity', 'NaN'] }, { id: 'seen', type: 1, value: [0, 0] }],
    declarations: [{ op: 'event/onStart' }, { op: 'variable/get' }, { op: 'variable/set' }],
    nodes: [
      { declaration: 0, flows: { out: { node: 2 } } },
      { declaration: 1, configuration: { variable: { value: [0] } } },
      { declaration: 2, configuration: { variable: { value: [1] } }, values: { value: { node: 1 } } },
    ],
  });
  assert.deepEqual(value(report, 'seen'), ['-Infinity', 'NaN']);
});

/** The delay is kept in a variable, and cancelled when it is one: then only the other one fires. */
test('a delay is cancelled by an index that went through a variable', async () => {
  const cancels = (begin) => ({
    types: [{ signature: 'int' }, { signature: 'float' }, { signature: 'bool' }],
    variables: [{ id: 'last', type: 0, value: [-1] }, { id: 'fired', type: 0, value: [0] }],
    declarations: [{ op: 'event/onStart' }, { op: 'flow/setDelay' }, { op: 'variable/set' }, { op: 'variable/get' }, { op: 'flow/cancelDelay' },
      { op: 'math/eq' }, { op: 'flow/branch' }, { op: 'flow/sequence' }],
    nodes: [
      { declaration: 0, flows: { out: { node: 1 } } },
      { declaration: 7, flows: begin ? { a: { node: 2 }, b: { node: 4 } } : { b: { node: 4 } } },
      { declaration: 1, values: { duration: { value: [0.5], type: 1 } }, flows: { out: { node: 3 }, done: { node: 8 } } },
      { declaration: 2, configuration: { variable: { value: [0] } }, values: { value: { node: 2, socket: 'lastDelayIndex' } } },
      { declaration: 6, values: { condition: { node: 5 } }, flows: { true: { node: 9 }, false: { node: 7 } } },
      { declaration: 5, values: { a: { node: 6 }, b: { value: [-1], type: 0 } } },
      { declaration: 3, configuration: { variable: { value: [0] } } },
      { declaration: 4, values: { delayIndex: { node: 6 } } },
      { declaration: 2, configuration: { variable: { value: [1] } }, values: { value: { value: [1], type: 0 } } },
      { declaration: 2, configuration: { variable: { value: [1] } }, values: { value: { value: [2], type: 0 } } },
    ],
  });
  assert.equal(value(await play('cancelled.json', cancels(true), ['--until', '2']), 'fired'), 0);
  assert.equal(value(await play('none.json', cancels(false), ['--until', '2']), 'fired'), 2);
});

test('a draft that cannot be upgraded says why, behind what is wrong with it', async () => {
  const graph = { declarations: [{ op: 'flow/sequence' }], nodes: [{ declaration: 0, values: {}, flows: { a: { node: 0 } } }] };
  const path = file('cycle.json', JSON.stringify({ graphs: [graph] }));
  const { status, stdout } = await start(TOOL, ['check', path, '--upgrade', '--json']);
  assert.equal(status, 2);
  assert.deepEqual(JSON.parse(stdout).diagnostics.map(({ code }) => code), ['E1401', 'E1407', 'E1732']);
  assert.deepEqual((await check(path)).diagnostics.map(({ code }) => code), ['E1401', 'E1407']);
});
