// load.test.js - loading graphs: from all forms of a file, and what a refusal tells.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TreadleError } from '../../js/treadle.js';
import { engineFor, sum } from './graphs.js';

const text = JSON.stringify(sum);

test('a graph comes as text, bytes, buffer, view, blob, file, response, object or address', async (t) => {
  const engine = await engineFor(t);
  const bytes = new TextEncoder().encode(text);
  const file = join(tmpdir(), `treadle-${process.pid}.graph.json`);
  writeFileSync(file, text);
  const padded = new Uint8Array([0, 0, ...bytes, 0]);
  const sources = [text, bytes, bytes.buffer, padded.subarray(2, -1), new Blob([text]), new File([text], 'sum.json'), new Response(text), sum, pathToFileURL(file)];
  for (const source of sources) assert.equal((await engine.load(source)).name, 'sum');
});

test('what a graph is made of can be read', async (t) => {
  const { info } = await (await engineFor(t)).load(sum);
  assert.equal(info.dialect, 'native');
  assert.equal(info.nodes, 7);
  assert.deepEqual(info.inputs, [{ id: 'n', type: 'int' }]);
  assert.deepEqual(info.outputs, [{ id: 'sum', type: 'int' }]);
  assert.deepEqual(info.variables, [{ id: 'total', index: 0, type: 'int' }]);
  assert.deepEqual(info.events, [{ id: 'summed', values: [{ id: 'total', type: 'int' }] }]);
});

test('a refusal has a code, a sentence with the place, and every diagnostic', async (t) => {
  const engine = await engineFor(t);
  const wrong = '{"treadle": 1, "nodes": [\n  {"id": "a", "op": "math/ad"},\n  {"id": "b", "op": "math/nope"}]}';
  await assert.rejects(engine.load(wrong, { name: 'wrong.json' }), (error) => {
    assert.ok(error instanceof TreadleError);
    assert.match(error.code, /^E\d+$/);
    assert.match(error.message, /^wrong\.json:2:\d+: /);
    assert.equal(error.diagnostics.filter(({ severity }) => severity === 'error').length, 2);
    assert.deepEqual(error.diagnostics.map(({ line }) => line), [2, 3]);
    assert.equal(error.diagnostics[0].code, error.code);
    assert.equal(error.diagnostics[0].pointer, '/nodes/0/op');
    return true;
  });
});

test('a name that came with the file is the name in its messages', async (t) => {
  const engine = await engineFor(t);
  await assert.rejects(engine.load(new File(['{'], 'half.json')), { message: /^half\.json:1:/ });
});

test('check tells the same without keeping anything, and throws nothing', async (t) => {
  const engine = await engineFor(t);
  assert.deepEqual(await engine.check(sum), { ok: true, diagnostics: [], lines: '' });
  const { ok, diagnostics, lines } = await engine.check('{', { name: 'half.json' });
  assert.equal(ok, false);
  assert.equal(diagnostics.length, 1);
  assert.match(lines, /half\.json:1:/);
});

test('a file that is not there is an error with its address', async (t) => {
  const engine = await engineFor(t);
  await assert.rejects(engine.load(new URL('nowhere.json', import.meta.url)), { code: 'FETCH', message: /nowhere\.json/ });
  await assert.rejects(engine.load(new Response('', { status: 404 })), { code: 'FETCH', message: /404/ });
});

test('what is no graph at all is refused by name', async (t) => {
  const engine = await engineFor(t);
  await assert.rejects(engine.load('graphs/door.graph.json'), { code: 'SOURCE', message: /looks like an address.*new URL/ });
  for (const source of [null, 5, undefined]) await assert.rejects(engine.load(source), { code: 'SOURCE' });
});

test('a failed load leaves what runs running', async (t) => {
  const engine = await engineFor(t);
  const graph = await engine.load(sum);
  const run = graph.start({ clock: 'virtual' });
  await assert.rejects(engine.load('{'));
  assert.equal((await run).outputs.sum, 45);
  assert.equal((await graph.start({ clock: 'virtual' })).outputs.sum, 45);
});

test('an abort while a file is fetched rejects with its reason', async (t) => {
  const engine = await engineFor(t);
  const reason = new Error('enough');
  await assert.rejects(engine.load(new URL(import.meta.url), { signal: AbortSignal.abort(reason) }), reason);
});

test('dump shows the program', async (t) => {
  assert.match((await (await engineFor(t)).load(sum)).dump(), /add_i/);
});

test('dumpWasm shows every byte of the module, in each shape', async (t) => {
  const graph = await (await engineFor(t)).load(sum);
  for (const shape of /** @type {const} */ (['preemptible', 'structured', 'scheduler'])) {
    const dumped = graph.dumpWasm(shape);
    const { module } = await graph.compile({ shape, keep: true });
    const bytes = dumped.match(/^ *[0-9a-f]+ ((?: [0-9a-f]{2})+)/gm)?.flatMap((line) => line.trim().split(/ +/).slice(1)) ?? [];
    assert.deepEqual(bytes.map((hex) => parseInt(hex, 16)), [...(module ?? [])]);
    assert.match(dumped, /; unit 0$/m);
    assert.match(dumped, /at \d+, add_i/);
  }
  assert.throws(() => graph.dumpWasm(/** @type {any} */ ('round')), { code: 'OPTION' });
});

test('an unloaded graph cannot be started, and its runs have ended', async (t) => {
  const graph = await (await engineFor(t)).load(sum);
  const run = graph.start();
  graph.unload();
  await assert.rejects(run.finished, { code: 'DISPOSED' });
  assert.throws(() => graph.start(), { code: 'START' });
});

test('megabytes make the memory grow, and everything stays readable', async (t) => {
  const engine = await engineFor(t);
  const small = await engine.load(sum);
  const before = engine.memory;
  const run = small.start({ clock: 'virtual', paused: true });
  const nodes = Array.from({ length: 30_000 }, (_, k) => ({ id: `n${k}`, op: 'math/add', values: { a: 1, b: 2 } }));
  const large = await engine.load({ ...sum, name: 'large', nodes: [...sum.nodes, ...nodes] });
  assert.ok(engine.memory > before);
  assert.equal(large.info.nodes, 30_007);
  run.resume();
  assert.equal((await run).outputs.sum, 45);
  assert.ok(engine.stats.fuel > 0);
});

test('a graph is written in the other dialect, and what cannot be said is told', async (t) => {
  const engine = await engineFor(t);
  const graph = await engine.load(text);
  const { text: khr, diagnostics } = graph.convert('khr');
  assert.deepEqual(diagnostics.map(({ code }) => code), ['W1809', 'W1810']); // its input becomes a variable, its output goes
  const { graphs: [written] } = JSON.parse(khr);
  assert.deepEqual(written.variables.map(({ name }) => name), ['total', 'n']);
  assert.equal((await engine.load(khr)).convert('khr').text, khr);
  assert.equal(JSON.parse(graph.convert('gltf').text).asset.version, '2.0');

  const looping = { treadle: 1, nodes: [{ id: 'a', op: 'debug/log', flows: { out: 'a' } }] };
  const bytes = new TextEncoder().encode(JSON.stringify(looping, null, 1));
  const refused = engine.loadBytes(bytes);
  assert.throws(() => refused.convert('khr'), { code: 'E1801', name: 'TreadleError' });
  assert.equal(refused.tryConvert('khr').diagnostics[0].line, undefined);
  assert.equal(refused.tryConvert('khr', bytes).diagnostics[0].line, 8);
  assert.equal(refused.tryConvert('native').text, (await engine.load(refused.convert('native').text)).convert('native').text);
  assert.throws(() => refused.convert('latin'), { code: 'OPTION' });
});

/** It reads from behind, and has an empty object; 2.5 is added to 1. */
const draft = JSON.stringify({
  graphs: [{
    types: [{ signature: 'float' }],
    variables: [{ name: 'v', type: 0 }],
    declarations: [{ op: 'event/onStart' }, { op: 'variable/setMultiple' }, { op: 'math/add' }],
    nodes: [
      { declaration: 0, flows: { out: { node: 1 } } },
      { declaration: 1, configuration: { variables: { value: [0] } }, values: { 0: { node: 2 } } },
      { declaration: 2, values: { a: { value: [1], type: 0 }, b: { value: ['2.5'], type: 0 } }, flows: {} },
    ],
  }],
});

for (const worker of [false, true]) {
  test(`a draft is refused with an offer, and loads when it may be upgraded${worker ? ', in a worker too' : ''}`, async (t) => {
    const engine = await engineFor(t, { worker });
    await assert.rejects(engine.load(draft), ({ code, diagnostics }) => {
      assert.equal(code, 'E1201');
      assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'warning').map((d) => d.code), ['W1701', 'W1704', 'W1708', 'W1710', 'W1716']);
      return true;
    });
    const graph = await engine.load(draft, { upgrade: true });
    assert.deepEqual(graph.diagnostics.map(({ code }) => code), ['W1717']);
    const { variables } = await graph.start({ clock: 'virtual' });
    assert.equal(variables[0].value, 3.5);
    assert.equal((await engine.check(draft)).ok, false);
    assert.equal((await engine.check(draft, { upgrade: true })).ok, true);
  });

  test(`a draft becomes a ratified file${worker ? ', in a worker too' : ''}`, async (t) => {
    const engine = await engineFor(t, { worker });
    const upgraded = await engine.upgrade(draft, { name: 'old.json' });
    assert.deepEqual([upgraded.ok, upgraded.count, upgraded.changes.length], [true, 4, 4]);
    assert.deepEqual(upgraded.changes[0], { code: 'W1704', pointer: '/graphs/0/declarations/1/op', line: 1, column: 126, was: 'variable/setMultiple', now: 'variable/set' });
    assert.match(upgraded.lines, /^W1704 old\.json:1:126 /);
    const { graphs: [{ nodes }] } = JSON.parse(new TextDecoder().decode(upgraded.bytes));
    assert.deepEqual(nodes.map(({ declaration }) => declaration), [0, 2, 1]);
    const again = await engine.upgrade(upgraded.bytes);
    assert.deepEqual([again.ok, again.count, again.bytes], [true, 0, upgraded.bytes]);
    const refused = await engine.upgrade('{"graphs":[{"nodes":3}]}');
    assert.deepEqual([refused.ok, refused.bytes], [false, null]);
    assert.equal(refused.diagnostics[0].code, 'E1731');
  });
}
