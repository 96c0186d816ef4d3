// module.test.js - the bare modules: what they import and export, and a page's own loop over the step variant.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const variants = readdirSync(new URL('variants/', root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** @param {string} variant */
const compile = (variant) => new WebAssembly.Module(readFileSync(new URL(`build/${variant}/treadle.wasm`, root)));

const HOST = ['env.host_now', 'env.host_log', 'env.host_event', 'env.host_call', 'env.host_pointer_get', 'env.host_pointer_set', 'env.emscripten_notify_memory_growth'];
const SLEEP = { asyncify: ['env.emscripten_sleep'], jspi: ['env.jspi_sleep', 'env.jspi_leave'] };

for (const variant of variants) {
  test(`${variant} imports what a host supplies and nothing else`, () => {
    const allowed = [...HOST, ...(SLEEP[variant] ?? [])];
    const imports = WebAssembly.Module.imports(compile(variant)).map(({ module, name }) => `${module}.${name}`);
    assert.deepEqual(imports.filter((name) => !allowed.includes(name)), []);
  });

  test(`${variant} exports its memory, drive and the interface of treadle.h`, () => {
    const header = readFileSync(new URL('src/api/treadle.h', root), 'utf8');
    const declared = [...header.matchAll(/^TD_EXPORT [^(]*?\b(td_[a-z_]+|drive)\(/gm)].map(([, name]) => name);
    const exports = new Set(WebAssembly.Module.exports(compile(variant)).map(({ name }) => name));
    assert.ok(declared.length > 20);
    assert.deepEqual(['memory', '__indirect_function_table', 'td_alloc', 'td_free', ...declared].filter((name) => !exports.has(name)), []);
    const steps = ['step', 'run_batch', 'run_for'].filter((name) => exports.has(name));
    assert.equal(steps.length, variant === 'step' ? 3 : 0);
  });
}

test('a page without the shell drives the step module by step, run_batch and run_for', () => {
  assert.ok(existsSync(new URL('build/step/treadle.wasm', root)));
  let now = 0;
  const env = {
    host_now: () => (now += 0.01),
    host_log() {},
    host_event() {},
    host_call: () => 2,
    host_pointer_get: () => 0,
    host_pointer_set: () => 0,
    emscripten_notify_memory_growth() {},
  };
  const c = /** @type {any} */ (new WebAssembly.Instance(compile('step'), { env }).exports);
  c._initialize?.();
  const engine = c.td_open();
  const put = (/** @type {Uint8Array} */ bytes) => {
    const at = c.td_alloc(bytes.length + 1);
    new Uint8Array(c.memory.buffer).set(bytes, at);
    new Uint8Array(c.memory.buffer)[at + bytes.length] = 0;
    return at;
  };
  const text = (/** @type {string} */ string) => put(new TextEncoder().encode(string));
  const graph = readFileSync(new URL('tests/patterns/counted.graph.json', root));
  const program = c.td_load(engine, text('counted'), put(graph), graph.length, -1);
  const instance = c.td_start(engine, program, 0, 0, 0, 0);
  assert.equal(c.step(engine, instance), 1);
  assert.equal(c.run_batch(engine, instance, 3), 3);
  assert.equal(c.td_status(engine, instance), 0);
  while (c.run_for(engine, 1) === 1);
  assert.notEqual(c.td_status(engine, instance), 0);
  assert.equal(c.run_batch(engine, instance, 5), 0);
});
