// compile.test.js - compiled code: installed, taken up in the middle of runs, forced, refused, unloaded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { assertForced, assertSame, assertSameResult } from '../harness.js';
import { YIELDING, engineFor, sum, valuesOf } from './graphs.js';

const virtual = { clock: 'virtual' };
const pattern = (name) => JSON.parse(readFileSync(new URL(`../patterns/${name}.graph.json`, import.meta.url), 'utf8'));

/** Long enough for code to be made while it runs: 200,000 units of fuel make it worth while. */
const LONG = 20_000_000;

const reportOf = async (graph, options) => {
  const run = graph.start({ ...virtual, ...options });
  await run;
  return JSON.parse(run.reportText());
};

/** A host op at the end of a chain that both outputs of a sequence lead to: within a call, in two activations at once. */
const ASKING = {
  treadle: 1,
  variables: [{ id: 'sum', type: 'int', value: 0 }],
  events: [{ id: 'go', values: { by: { type: 'int' } } }],
  nodes: [
    { id: 'go', op: 'event/receive', config: { event: 'go' }, flows: { out: 'both' } },
    { id: 'both', op: 'flow/sequence', flows: { 0: 'loop', 1: 'loop' } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'ask' } },
    { id: 'ask', op: 'my/ask', values: { a: { from: 'loop:index' }, by: { from: 'go:by' } }, flows: { out: 'add' } },
    { id: 'sum', op: 'variable/get', config: { variable: 'sum' } },
    { id: 'more', op: 'math/add', values: { a: { from: 'sum' }, b: { from: 'ask:value' } } },
    { id: 'add', op: 'variable/set', config: { variables: ['sum'] }, values: { sum: { from: 'more' } } },
  ],
};

/** So many value nodes in a chain. */
function chain(count) {
  const nodes = Array.from({ length: count }, (_, i) => ({ id: `n${i}`, op: i % 2 ? 'math/add' : 'math/xor', values: { a: { from: i ? `n${i - 1}` : 'in:x' }, b: i } }));
  nodes.push({ id: 'start', op: 'event/onStart', flows: { out: 'set' } });
  nodes.push({ id: 'set', op: 'variable/set', config: { variables: ['v'] }, values: { v: { from: `n${count - 1}` } } });
  return { treadle: 1, inputs: [{ id: 'x', type: 'int', value: 7 }], variables: [{ id: 'v', type: 'int', value: 0 }], nodes };
}

/** Counts the places by which tables grow while `work` runs. */
async function growth(work) {
  const { grow } = WebAssembly.Table.prototype;
  let places = 0;
  WebAssembly.Table.prototype.grow = function (count, ...rest) {
    places += count;
    return grow.call(this, count, ...rest);
  };
  try {
    await work();
  } finally {
    WebAssembly.Table.prototype.grow = grow;
  }
  return places;
}

for (const variant of YIELDING) {
  describe(variant, () => {
    test('code is made when asked for, and says how it stands', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      assert.equal(graph.compiled.state, 'none');
      const coming = graph.compile({ keep: true });
      assert.equal(graph.compiled.state, 'coming');
      assert.equal(await graph.compile(), await coming, 'it is made once');
      const { state, bytes, units, module } = graph.compiled;
      assert.equal(state, 'ready');
      assert.ok(units >= 1 && bytes > 50);
      assert.equal(module.length, bytes);
      assert.ok(WebAssembly.validate(module));
      assert.equal(graph.codeOf({ traced: true }).state, 'none');
      assert.deepEqual((await reportOf(graph, { runner: 'wasm' })).runners, { wasm: 11 });
    });

    test('a runner that needs code waits for nobody, and is refused without', async (t) => {
      const engine = await engineFor(t, { variant });
      const graph = await engine.load(sum);
      for (const runner of ['wasm', 'structured', 'scheduler']) {
        assert.throws(() => graph.start({ runner }), { code: 'START', message: /needs code/ });
        await graph.prepare({ runner });
        const report = await reportOf(graph, { runner });
        assertForced(report, runner);
        assert.deepEqual(report.outputs, { sum: 45 });
        assert.throws(() => graph.start({ runner, trace: true }), { code: 'START', message: /needs code that writes a trace/ });
      }
      await engine.compile(graph, { shape: 'structured', traced: true });
      assert.equal(graph.codeOf({ shape: 'structured', traced: true }).state, 'ready');
      await assert.rejects(graph.compile({ shape: 'round' }), { code: 'OPTION', message: /preemptible, structured, scheduler/ });
    });

    for (const trace of [false, true]) {
      test(`a long run begins in the machine and ends in code${trace ? ', traced' : ''}`, async (t) => {
        const engine = await engineFor(t, { variant, cadence: trace ? 5000 : 50_000 });
        const graph = await engine.load(sum);
        const n = trace ? LONG / 50 : LONG;
        const report = await reportOf(graph, { set: { n }, trace });
        assert.deepEqual(report.outputs, { sum: Number(BigInt.asIntN(32, (BigInt(n) * BigInt(n - 1)) / 2n)) });
        assert.equal(report.fuel, 1 + n); // the root, and each turn
        assert.ok(report.runners.vm >= 200_000 && report.runners.wasm > 0, JSON.stringify(report.runners));
        assert.equal(report.runners.vm + report.runners.wasm, report.fuel);
        assert.equal(graph.codeOf({ traced: trace }).state, 'ready');
        assert.equal(graph.codeOf({ traced: !trace }).state, 'none');
      });
    }

    test('code is taken up at every yield', async (t) => {
      for (const name of ['nested', 'shared-chain', 'reentry', 'goto', 'delay-in-loop']) {
        const engine = await engineFor(t, { variant, drive: 'manual', cadence: 3 });
        const file = pattern(name);
        const oracle = await plain(engine, file, true);
        let switched = 0;
        for (let turns = 0; turns < 40; turns += 1) {
          const graph = await engine.load(file);
          const run = graph.start({ ...virtual, trace: true });
          for (let i = 0; i < turns; i += 1) engine.turn();
          await graph.compile({ traced: true });
          while (!run.isOver) engine.turn();
          const report = JSON.parse(run.reportText());
          assertSame(report, oracle, `${name} after ${turns} turns`);
          if (report.runners.vm && report.runners.wasm) switched += 1;
          graph.unload();
        }
        assert.ok(switched > 0 || oracle.yields < 3, `${name}: ${switched} runs were both's`);
      }
    });

    test('steps are the machine’s, and the forced runner goes on behind them', async (t) => {
      const engine = await engineFor(t, { variant, drive: 'manual', cadence: 3 });
      const file = pattern('nested');
      const oracle = await plain(engine, file, false);
      const graph = await engine.load(file);
      await graph.compile();
      for (let turns = 0; turns < 10; turns += 1) {
        const run = graph.start({ ...virtual, runner: 'wasm' });
        for (let i = 0; i < turns; i += 1) engine.turn();
        assert.equal(run.step(2), 2);
        run.resume();
        while (!run.isOver) engine.turn();
        const report = JSON.parse(run.reportText());
        assertSame(report, oracle, `stepped after ${turns} turns`);
        assert.ok(report.runners.vm > 0 && report.runners.wasm > 0, JSON.stringify(report.runners));
      }
    });

    test('activations that wait for a host within a call keep their stacks', async (t) => {
      const engine = await engineFor(t, { variant });
      /** @type {(() => void)[]} */
      const answers = [];
      engine.define('my/ask', { inputs: { a: 'int', by: 'int' }, outputs: { value: 'int' } }, ({ a, by }) => new Promise((done) => answers.push(() => done({ value: a + by }))));
      const graph = await engine.load(ASKING);
      for (const runner of ['vm', 'wasm', 'scheduler', 'structured']) {
        await graph.prepare({ runner });
        const run = graph.start({ ...virtual, runner, until: 1, send: [['go', { by: 10 }], ['go', { by: 100 }]] });
        for (let left = 12; left > 0; left -= 1) {
          while (answers.length === 0) await new Promise((done) => setTimeout(done));
          answers.splice(left % answers.length, 1)[0]();
        }
        const report = await run;
        assertForced(report, runner);
        assert.equal(report.variables[0].value, 2 * (3 + 3 * 10) + 2 * (3 + 3 * 100), runner); // 0 + 1 + 2, and three times `by`
      }
    });

    test('unloading gives places back', async (t) => {
      const engine = await engineFor(t, { variant });
      const once = async () => {
        const graph = await engine.load(pattern('nested'));
        await Promise.all([graph.compile(), graph.compile({ traced: true }), graph.compile({ shape: 'scheduler' })]);
        assert.equal((await reportOf(graph, { runner: 'wasm' })).status, 'done');
        graph.unload();
      };
      assert.ok((await growth(once)) >= 3);
      for (let i = 0; i < 5; i += 1) assert.equal(await growth(once), 0);
    });

    test('a graph that is unloaded while its code is made has none', async (t) => {
      const engine = await engineFor(t, { variant });
      const graph = await engine.load(chain(10_000));
      const refused = assert.rejects(graph.compile(), { code: 'COMPILE' });
      graph.unload();
      await refused;
      const other = await engine.load(sum);
      await other.compile();
      assert.deepEqual((await reportOf(other, { runner: 'wasm' })).outputs, { sum: 45 });
    });

    test('where code is refused the machine goes on', async (t) => {
      const engine = await engineFor(t, { variant, cadence: 50_000 });
      const graph = await engine.load(sum);
      const { compile } = WebAssembly;
      t.after(() => (WebAssembly.compile = compile));
      WebAssembly.compile = async () => {
        throw new Error('not today');
      };
      const report = await reportOf(graph, { set: { n: LONG / 10 } });
      assert.deepEqual(report.runners, { vm: report.fuel });
      assert.deepEqual({ state: graph.compiled.state, why: graph.compiled.why }, { state: 'refused', why: 'not today' });
      await assert.rejects(graph.compile(), { code: 'COMPILE', message: /not today/ });
      await assert.rejects(graph.prepare({ runner: 'wasm' }), { code: 'COMPILE' });
    });

    test('emission gives the page its turn', async (t) => {
      const engine = await engineFor(t, { variant });
      const graph = await engine.load(chain(30_000));
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 0);
      t.after(() => clearInterval(timer));
      await graph.compile();
      assert.ok(turns > 2, `${turns} turns`);
      assertSameResult(await reportOf(graph, { runner: 'wasm' }), await reportOf(graph, { runner: 'vm' }), 'as in the machine');
    });
  });
}

/** What the machine says, by hand. */
async function plain(engine, file, trace) {
  const graph = await engine.load(file);
  const run = graph.start({ ...virtual, runner: 'vm', trace });
  while (!run.isOver) engine.turn();
  graph.unload();
  return JSON.parse(run.reportText());
}

test('a worker makes what a run needs before it starts', async (t) => {
  const engine = await engineFor(t, { worker: true });
  const graph = await engine.load(sum);
  const run = graph.start({ ...virtual, runner: 'wasm', paused: true });
  run.set('n', 100);
  run.resume();
  const report = await run;
  assert.deepEqual(report.outputs, { sum: 4950 });
  assertForced(report, 'wasm');
  assert.equal((await graph.compile({ shape: 'structured' })).state, 'ready');
  await assert.rejects(graph.compile({ shape: 'round' }), { code: 'OPTION' });
  assert.deepEqual(valuesOf(await graph.start({ ...virtual, runner: 'structured' })), { total: 45 });
});
