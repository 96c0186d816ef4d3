// peers.test.js - what other engines get wrong: stepping that loses turns, dispose that lets the queue run on, a second
// engine or a second run on the same graph, a stop that leaves half an activation behind.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, RUNNERS, VARIANTS, assertSame, openVariant, runIn, variables } from '../harness.js';

const pattern = (name) => join(ROOT, `tests/patterns/${name}.graph.json`);
const load = (engine, name) => engine.loadBytes(readFileSync(pattern(name)), `${name}.graph.json`);
const later = (ms = 0) => new Promise((done) => setTimeout(done, ms));

for (const variant of VARIANTS) {
  test(`stepping through a loop loses no turn, in ${variant}`, async () => {
    const engine = await openVariant(variant);
    for (const name of ['counted', 'nested', 'shared-chain', 'loop-reentry']) {
      const whole = await runIn(engine, pattern(name), ['--trace']);
      for (const runner of RUNNERS) {
        const graph = load(engine, name);
        const run = graph.start({ clock: 'virtual', runner, trace: true, paused: true });
        let steps = 0;
        for (let stepped = 1; stepped > 0; steps += stepped) stepped = run.step(steps % 3 === 0 ? 1 : 2);
        assert.ok(steps > 10, `${name}: ${steps} steps`);
        run.resume();
        await run;
        assertSame(JSON.parse(run.reportText()), whole, `${name} in ${variant}, ${runner}`);
        graph.unload();
      }
    }
    engine.close();
  });

  test(`pausing in a loop and going on changes nothing, in ${variant}`, async () => {
    const engine = await openVariant(variant, { cadence: 1 });
    const whole = await runIn(engine, pattern('nested'), []);
    engine.cadence = 5;
    const run = load(engine, 'nested').start({ clock: 'virtual' });
    for (let i = 0; i < 5 && run.status === 'running'; i++) {
      await later();
      if (run.status !== 'running') break;
      run.pause();
      const before = run.get('count');
      await later(5);
      assert.equal(run.get('count'), before, 'a paused run stands still');
      run.resume();
    }
    await run;
    assertSame(JSON.parse(run.reportText()), whole, variant);
    engine.close();
  });

  test(`a disposed run says no more, and the engine goes on, in ${variant}`, async () => {
    const engine = await openVariant(variant);
    const graph = load(engine, 'delay-in-loop');
    const heard = [];
    const run = graph.start({ clock: 'real' });
    run.addEventListener('log', ({ detail }) => heard.push(detail.text));
    await later(100);
    assert.equal(heard.at(-1), 'completed 5');
    run[Symbol.dispose ?? Symbol.for('dispose')]();
    await assert.rejects(run.finished, { code: 'DISPOSED' });
    await later(600); // its delays were due after 500 ms
    assert.equal(heard.at(-1), 'completed 5');
    const report = await graph.start({ clock: 'virtual', until: 1 });
    assert.equal(report.log.length, 11);
    engine.close();
  });

  test(`a graph runs twice at once and in a second engine, in ${variant}`, async () => {
    const [engine, second] = [await openVariant(variant, { cadence: 2 }), await openVariant(variant, { cadence: 3 })];
    const graph = load(engine, 'nested');
    const runs = [graph.start({ clock: 'virtual' }), graph.start({ clock: 'virtual', runner: 'walk' }), load(second, 'nested').start({ clock: 'virtual' })];
    const reports = await Promise.all(runs);
    for (const report of reports) {
      assert.deepEqual(variables(report), { count: 120, sum: 20700 });
      assert.equal(report.resultHash, reports[0].resultHash);
    }
    engine.close();
    assert.deepEqual(variables(await load(second, 'nested').start({ clock: 'virtual' })), { count: 120, sum: 20700 });
    second.close();
  });
}

/** Ten turns add `step` to `sum`; "look" logs both; ticks are logged. */
const INTERRUPTED = {
  treadle: 1,
  variables: [{ id: 'sum', type: 'int', value: 0 }],
  inputs: [{ id: 'step', type: 'int', value: 1 }],
  events: [{ id: 'look', values: { n: { type: 'int' } } }],
  nodes: [
    { id: 'sum', op: 'variable/get', config: { variable: 'sum' } },
    { id: 'start', op: 'event/onStart', flows: { out: 'loop:in' } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 10 }, flows: { loopBody: 'add:in', completed: 'end:in' } },
    { id: 'more', op: 'math/add', values: { a: { from: 'sum:value' }, b: { from: 'in:step' } } },
    { id: 'add', op: 'variable/set', config: { variables: ['sum'] }, values: { sum: { from: 'more:value' } } },
    { id: 'end', op: 'debug/log', config: { severity: 0, message: 'completed {i}' }, values: { i: { from: 'loop:index' } } },
    { id: 'look', op: 'event/receive', config: { event: 'look' }, flows: { out: 'say:in' } },
    { id: 'say', op: 'debug/log', config: { severity: 0, message: '{n}: sum {sum}, step {step}' }, values: { n: { from: 'look:n' }, sum: { from: 'sum:value' }, step: { from: 'in:step' } } },
    { id: 'tick', op: 'event/onTick', flows: { out: 'time:in' } },
    { id: 'time', op: 'debug/log', config: { severity: 0, message: 'tick {t}' }, values: { t: { from: 'tick:timeSinceStart' } } },
  ],
};

/** What the same graph leaves when its fuel ends. */
async function limitedTo(fuel, runner) {
  const engine = await openVariant('plain');
  const report = await runIn(engine, pattern('shared-chain'), ['--runner', runner, '--fuel', String(fuel)]);
  engine.close();
  return report;
}

/** plain gives up no turn. */
for (const variant of VARIANTS.filter((name) => name !== 'plain')) {
  test(`a run can be stopped at every yield point, in ${variant}`, async () => {
    const engine = await openVariant(variant, { cadence: 1, drive: 'manual' });
    const graph = load(engine, 'shared-chain');
    const { fuel: all } = await limitedTo(1000, 'walk');
    for (const runner of RUNNERS) {
      for (let turns = 1; turns < all; turns++) {
        const run = graph.start({ clock: 'virtual', runner });
        for (let i = 0; i < turns; i++) assert.ok(engine.turn(1000), `${runner}: over after ${i} turns`);
        run.stop();
        engine.turn();
        const report = await run;
        const limited = await limitedTo(turns, runner);
        const how = `${runner}, stopped after ${turns} turns`;
        assert.deepEqual([report.status, report.fuel], ['stopped', turns], how);
        assert.deepEqual(variables(report), variables(limited), how);
        assert.deepEqual(report.log, limited.log, how);
      }
    }
    engine.close();
  });

  test(`what comes from outside waits for the end of the activation, in ${variant}`, async () => {
    const engine = await openVariant(variant, { cadence: 1, drive: 'manual' });
    const graph = await engine.load(INTERRUPTED);
    for (const runner of RUNNERS) {
      for (let turns = 1; turns <= 10; turns++) {
        const run = graph.start({ clock: 'virtual', until: 1, tick: 500, runner });
        for (let i = 0; i < turns; i++) engine.turn(1000);
        run.send('look', { n: 1 });
        run.set('step', 100);
        run.send('look', { n: 2 });
        assert.equal(run.get('sum'), turns - 1, 'observers may look');
        while (engine.turn(1000));
        const report = await run;
        const said = ['completed 10', '1: sum 10, step 1', '2: sum 10, step 100', 'tick 0', 'tick 0.5', 'tick 1'];
        assert.deepEqual(report.log.map(({ text }) => text), said, `${runner}, after ${turns} turns`);
      }
    }
    engine.close();
  });

  test(`a million yields in one run leave memory as it was, in ${variant}`, async () => {
    const engine = await openVariant(variant, { cadence: 1 });
    const graph = load(engine, 'endless');
    const small = await graph.start({ clock: 'virtual', fuel: 1000 });
    assert.deepEqual(variables(small), { count: 999, completed: false });
    const memory = engine.memory;
    const before = engine.yieldsSeen;
    const report = await graph.start({ clock: 'virtual', fuel: 1_000_001 });
    assert.equal(variables(report).count, 1_000_000);
    assert.ok(engine.yieldsSeen - before >= 1_000_000 - 2, `${engine.yieldsSeen - before} yields`);
    assert.equal(engine.stats.yields, engine.yieldsSeen);
    assert.equal(engine.memory, memory);
    engine.close();
  });

  test(`an endless loop is stopped from outside, in ${variant}`, async () => {
    const engine = await openVariant(variant);
    const run = load(engine, 'endless').start({ clock: 'virtual' });
    await later(30);
    run.stop();
    const report = await run;
    assert.equal(report.status, 'stopped');
    assert.ok(variables(report).count > 100);
    assert.equal(variables(report).completed, false);
    engine.close();
  });
}
