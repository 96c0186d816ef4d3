// alone.test.js - graphs compiled to stand alone: valid modules, that give the engine's results at every cadence.
//
//     FIRST=1000 GRAPHS=500 node --test tests/alone.test.js   other seeds
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runModule, shared } from './alone.js';
import { BUILD, ROOT, faultsOf, noValidator, openVariant, runIn, start as startTool, startOptions, TOOL } from './harness.js';
import { patterns } from './patterns/patterns.js';
import { make, wordsOf } from './random/examine.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 600);
const BATCH = 50;
const CADENCES = [1, 2, 3, 7, 64, 1000, 0];
const NEEDS_GLTF = 'E1901';

const runtime = readFileSync(join(ROOT, 'build/alone/runtime.wasm'));
const FOLDER = join(BUILD, 'alone');
mkdirSync(FOLDER, { recursive: true });

/** All modules of this process, looked at together. */
const written = [];

function keep(name, bytes) {
  const file = join(FOLDER, `${name}.wasm`);
  writeFileSync(file, bytes);
  written.push(file);
  assert.ok(WebAssembly.validate(bytes), `${name} is not valid`);
  return new WebAssembly.Module(bytes);
}

/** Its module, or null where the graph needs the glTF around it. */
function compile(engine, bytes, name, shape) {
  const graph = engine.loadBytes(bytes, name);
  try {
    return keep(`${name}-${shape}`, graph.toModuleWith(runtime, shape).bytes);
  } catch (error) {
    if (error.code === NEEDS_GLTF) return null;
    throw error;
  } finally {
    graph.unload();
  }
}

/** What a module without yields can be compared in. */
const results = ({ fuel, ...rest }) => rest;

describe('modules of their own', () => {
  /** @type {import('../js/engine.js').Engine} */
  let engine;
  before(async () => (engine = await openVariant('plain')));
  after(() => engine.close());

  for (const { name, file, words } of patterns()) {
    test(`${name} gives the same as in the engine`, async (t) => {
      const bytes = readFileSync(file);
      const module = compile(engine, bytes, name.replace(/\W+/g, '-'), 'preemptible');
      if (!module) return t.skip('it needs the glTF around it');
      const options = startOptions(words);
      const expected = shared(await runIn(engine, file, [...words, '--runner', 'vm']));
      for (const cadence of [1, 7, 0]) assert.deepEqual(runModule(module, { ...options, cadence }), expected, `cadence ${cadence}`);
      if (expected.status === 'limit') return;
      const structured = compile(engine, bytes, name.replace(/\W+/g, '-'), 'structured');
      assert.deepEqual(results(runModule(structured, options)), results(expected), 'structured');
    });
  }
});

describe('random graphs as modules of their own', () => {
  /** By what the engines' limits are. @type {Map<string, Promise<import('../js/engine.js').Engine>>} */
  const engines = new Map();
  const engineWith = (limits) => {
    const key = JSON.stringify(limits);
    if (!engines.has(key)) engines.set(key, openVariant('plain', { limits }));
    return engines.get(key);
  };
  after(async () => {
    for (const engine of engines.values()) (await engine).close();
  });

  async function compare(seed) {
    const words = wordsOf(seed);
    const at = words.indexOf('--limit');
    const limit = at < 0 ? [] : words.splice(at, 2).slice(1).map((word) => word.split('='));
    const engine = await engineWith(Object.fromEntries(limit.map(([name, value]) => [name, Number(value)])));
    const { graph } = make(seed);
    if (graph.asset) return null;
    const file = join(FOLDER, `${seed}.graph.json`);
    writeFileSync(file, JSON.stringify(graph));
    const module = compile(engine, readFileSync(file), `random-${seed}`, 'preemptible');
    if (!module) return null;
    const expected = shared(await runIn(engine, file, [...words, '--runner', 'vm']));
    for (const cadence of [CADENCES[seed % CADENCES.length], 0]) {
      assert.deepEqual(runModule(module, { ...startOptions(words), cadence }), expected, `${file} ${words.join(' ')}, cadence ${cadence}`);
    }
    rmSync(file);
    return expected;
  }

  for (let first = FIRST; first < FIRST + GRAPHS; first += BATCH) {
    const past = Math.min(first + BATCH, FIRST + GRAPHS);
    test(`seeds ${first} to ${past - 1}`, async () => {
      let compared = 0;
      for (let seed = first; seed < past; seed++) compared += (await compare(seed)) ? 1 : 0;
      assert.ok(compared >= (past - first) / 4, `only ${compared} of them can be compiled`);
    });
  }
});

describe('the tool', () => {
  const hello = join(ROOT, 'html/examples/hello.graph.json');

  test('compile writes a module, and says what it is made of', async () => {
    const out = join(FOLDER, 'hello.wasm');
    const { status, stdout } = await startTool(TOOL, ['compile', hello, '-o', out, '--list']);
    assert.equal(status, 0);
    assert.match(stdout, /^module: \d+ bytes; 1 units, \d+ functions of the runtime/m);
    const { log } = runModule(keep('hello-tool', readFileSync(out)), startOptions([]));
    assert.deepEqual(log, [{ severity: 0, text: '0 + 1 + ... + 9 = 45', time: 0 }]);
  });

  test('in Node it writes the same bytes', async () => {
    const out = join(FOLDER, 'hello-node.wasm');
    const { status, stderr } = await startTool(process.execPath, [join(ROOT, 'js/cli.js'), 'compile', hello, '-o', out, '--variant', 'plain']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(readFileSync(out), readFileSync(join(FOLDER, 'hello.wasm')));
  });

  test('a small graph is a small module', () => {
    assert.ok(readFileSync(join(FOLDER, 'hello.wasm')).length < 9000); // the run loop, the queue, and its descriptors twice
  });

  test('compile says where a runtime module is missing, and what is no such module', async () => {
    const { status, stderr } = await startTool(TOOL, ['compile', hello, '-o', join(FOLDER, 'x.wasm'), '--runtime', join(FOLDER, 'nowhere')]);
    assert.equal(status, 3);
    assert.match(stderr, /nowhere: No such file/);
    const other = await startTool(TOOL, ['compile', hello, '-o', join(FOLDER, 'x.wasm'), '--runtime', hello]);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /the runtime module cannot be used: it is no WebAssembly module/);
  });

  test('compile refuses what needs the glTF around it, at its place', async () => {
    const graph = join(FOLDER, 'pointing.graph.json');
    const node = { id: 'name', op: 'pointer/get', config: { pointer: '/nodes/0/translation', type: 'float3' } };
    writeFileSync(graph, JSON.stringify({ treadle: 1, outputs: [{ id: 'at', type: 'float3', from: 'name:value' }], nodes: [node] }));
    const { status, stderr } = await startTool(TOOL, ['compile', graph, '-o', join(FOLDER, 'x.wasm')]);
    assert.equal(status, 2);
    assert.match(stderr, /E1901.*"pointer\/get" needs the glTF/);
  });
});

test('wasm-validate finds no fault with any of these modules', { skip: noValidator() }, () => {
  assert.ok(written.length > 100);
  assert.equal(faultsOf(written), '');
});
