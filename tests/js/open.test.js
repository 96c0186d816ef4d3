// open.test.js - opening engines: variants, limits, and what is said when a module is not there or not ours.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { features, open, troubles } from '../../js/treadle.js';
import { HAS_JSPI, VARIANTS, engineFor, sum } from './graphs.js';

const addressOf = (variant) => new URL(`../../build/${variant}/treadle.wasm`, import.meta.url);

for (const variant of VARIANTS) {
  test(`a forced variant is that variant: ${variant}`, async (t) => {
    const engine = await engineFor(t, { variant });
    assert.equal(engine.variant, variant);
    assert.equal(engine.tables.variant, variant);
  });
}

test('without a wish it is step', async (t) => {
  assert.equal((await engineFor(t)).variant, 'step');
});

test('auto is jspi where Node has it, else asyncify', async (t) => {
  assert.equal((await engineFor(t, { variant: 'auto' })).variant, HAS_JSPI ? 'jspi' : 'asyncify');
});

test('jspi where it cannot be is an error that names what can', { skip: HAS_JSPI && 'this Node has it' }, async () => {
  const said = { name: 'TreadleError', code: 'NO_JSPI', message: /cannot suspend WebAssembly.*"asyncify"/ };
  await assert.rejects(open({ variant: 'jspi' }), said);
  await assert.rejects(open({ wasm: addressOf('jspi') }), said);
});

test('a variant that is not there is an error, never another variant', async () => {
  await assert.rejects(open({ variant: 'turbo' }), { name: 'TreadleError', code: 'WASM_FETCH', message: /turbo\/treadle\.wasm cannot be read/ });
});

test('a module of another variant than the forced one is refused', async () => {
  await assert.rejects(open({ variant: 'asyncify', wasm: addressOf('plain') }), { code: 'VARIANT', message: /plain, not asyncify/ });
});

test('the module may come as address, bytes, module or response', async (t) => {
  const bytes = readFileSync(addressOf('plain'));
  const response = new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
  for (const wasm of [addressOf('plain'), addressOf('plain').href, relative(process.cwd(), fileURLToPath(addressOf('plain'))), bytes, await WebAssembly.compile(bytes), response]) {
    assert.equal((await engineFor(t, { wasm })).variant, 'plain');
  }
});

test('a response of another type is compiled all the same', async (t) => {
  const wasm = new Response(readFileSync(addressOf('plain')), { headers: { 'content-type': 'application/octet-stream' } });
  assert.equal((await engineFor(t, { wasm })).variant, 'plain');
});

test('a page where the module should be is named, not a compile error of nobody', async () => {
  const page = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  await assert.rejects(open({ wasm: page() }), { code: 'WASM_BYTES', message: /no WebAssembly module/ });
  await assert.rejects(open({ wasm: new Response('', { status: 404, statusText: 'Not Found' }) }), { code: 'WASM_FETCH', message: /404/ });
});

/** A module with one import, env.unheard_of. */
const ASKING = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 18, 1, 3, 101, 110, 118, 10, 117, 110, 104, 101, 97, 114, 100, 95, 111, 102, 0, 0,
]);

test('a missing import is named', async () => {
  await assert.rejects(open({ wasm: ASKING }), { code: 'WASM_IMPORT', message: /env\.unheard_of/ });
});

test("a module that is not Treadle's is refused by name", async () => {
  await assert.rejects(open({ wasm: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) }), { code: 'WASM_EXPORT', message: /td_open/ });
});

test('limits are set by name, and a wrong name is an error', async (t) => {
  const engine = await engineFor(t, { limits: { nodes: 3 } });
  await assert.rejects(engine.load(sum), ({ diagnostics }) => diagnostics.some(({ limit }) => limit === 3));
  await assert.rejects(open({ limits: { knots: 3 } }), { code: 'LIMIT', message: /knots/ });
  await assert.rejects(open({ limits: { nodes: -1 } }), { code: 'LIMIT' });
});

test('the tables come from the engine', async (t) => {
  const { tables } = await engineFor(t);
  assert.deepEqual(tables.statuses, ['running', 'idle', 'done', 'limit', 'stopped', 'paused']);
  assert.deepEqual(tables.types.find(({ name }) => name === 'float4x4'), { name: 'float4x4', lanes: 16, letter: 'F' });
  assert.ok(tables.ops.some(({ op }) => op === 'math/add'));
});

test('after close every call says so', async () => {
  const engine = await open();
  const graph = await engine.load(sum);
  engine.close();
  engine.close();
  assert.throws(() => graph.start(), { code: 'CLOSED' });
  await assert.rejects(engine.load(sum), { code: 'CLOSED' });
});

test('close rejects what runs', async () => {
  const engine = await open({ variant: 'step' });
  const run = (await engine.load(sum)).start();
  engine.close();
  await assert.rejects(run.finished, { code: 'CLOSED' });
});

test('an engine is closed at the end of its block', async () => {
  const engine = await open();
  engine[Symbol.dispose]();
  await assert.rejects(engine.load(sum), { code: 'CLOSED' });
});

test('nothing stands in the way in Node', () => {
  assert.equal(features().mayCompile, true);
  assert.deepEqual(troubles(), []);
});
