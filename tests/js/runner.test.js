// runner.test.js - a run that changes its runner where a slice ends goes on from there, and says who charged what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openVariant } from '../harness.js';

/** v = v + i for i from 0 to 99. Fuel: 1 for the root, 1 as it is node 0 of the file, 1 for each turn. */
const SUM = {
  treadle: 1,
  variables: [{ id: 'v', type: 'int', value: 0 }],
  nodes: [
    { id: 'start', op: 'event/onStart', flows: { out: 'loop:in' } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 100 }, flows: { loopBody: 'set:in' } },
    { id: 'get', op: 'variable/get', config: { variable: 'v' } },
    { id: 'add', op: 'math/add', values: { a: { from: 'get' }, b: { from: 'loop:index' } } },
    { id: 'set', op: 'variable/set', config: { variables: ['v'] }, values: { v: { from: 'add' } } },
  ],
};

/** Begins a run of SUM by hand, ten fuel a slice. */
async function begin(options = {}, compile = {}) {
  const engine = await openVariant('step', { drive: 'manual', cadence: 10 });
  const graph = await engine.load(SUM);
  if (compile) await graph.compile(compile);
  const run = graph.start({ clock: 'virtual', runner: 'vm', ...options });
  return { engine, graph, run };
}

async function end(engine, run) {
  while (engine.turn(100));
  await run;
  const report = JSON.parse(run.reportText());
  engine.close();
  return report;
}

test('a run goes from the machine to compiled code and back in the middle of a loop', async () => {
  const { engine, run } = await begin();
  engine.turn(100);
  run.runner = 'wasm';
  engine.turn(100);
  engine.turn(100);
  run.runner = 'vm';
  const report = await end(engine, run);
  assert.equal(report.variables[0].value, 4950); // 99 * 100 / 2
  assert.deepEqual(report.runners, { vm: 82, wasm: 20 });
  assert.equal(report.fuel, 102);
});

test('code of another shape takes over where it can: structured code not before the activation is over', async () => {
  const { engine, run } = await begin({}, { shape: 'structured' });
  engine.turn(100);
  run.runner = 'structured';
  const report = await end(engine, run);
  assert.equal(report.variables[0].value, 4950);
  assert.deepEqual(report.runners, { vm: 102 });
});

test('a runner whose code is not there, no runner at all, and the walker are refused by name', async () => {
  const { engine, run } = await begin({}, null);
  assert.throws(() => (run.runner = 'wasm'), { code: 'RUNNER', message: /The runner wasm needs code/ });
  assert.throws(() => (run.runner = 'fast'), { code: 'OPTION', message: /There is no runner "fast"/ });
  assert.throws(() => (run.runner = 'walk'), { code: 'RUNNER', message: /walker/ });
  const { runners, variables } = await end(engine, run);
  assert.deepEqual([runners, variables[0].value], [{ vm: 102 }, 4950]);
});

test('where yields leave a run is hashed the same in the machine and in compiled code, and differs with the cadence', async () => {
  const hashes = [];
  for (const [runner, cadence] of [['vm', 10], ['wasm', 10], ['vm', 11]]) {
    const { engine, run } = await begin({ runner });
    engine.cadence = cadence;
    run.watchYields();
    hashes.push((await end(engine, run)).yieldsHash);
  }
  assert.match(hashes[0], /^[0-9a-f]{16}$/);
  assert.equal(hashes[1], hashes[0]);
  assert.notEqual(hashes[2], hashes[0]);
});
