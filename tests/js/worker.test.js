// worker.test.js - an engine in a worker is used as one that is here, and gives the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../../js/treadle.js';
import { connect } from '../../js/remote.js';
import { serve } from '../../js/worker.js';
import { TWICE, VARIANTS, calling, endless, engineFor, eventually, later, listening, sum, ticking, touched, valuesOf, wait } from './graphs.js';

const virtual = { clock: 'virtual' };
const inWorker = (t, options = {}) => engineFor(t, { worker: true, ...options });

for (const variant of VARIANTS) {
  test(`the same graphs give the same reports: ${variant}`, async (t) => {
    const [here, there] = [await engineFor(t, { variant }), await inWorker(t, { variant })];
    assert.equal(there.variant, variant);
    assert.deepEqual(there.tables, here.tables);
    for (const graph of [sum, later(3), ticking, listening]) {
      const [a, b] = await Promise.all([here, there].map((engine) => engine.load(graph)));
      assert.deepEqual(b.info, a.info);
      assert.equal(await b.dump(), a.dump());
      assert.deepEqual(await b.convert('native'), a.convert('native'));
      const options = { ...virtual, until: 0.5, trace: true };
      const { yields, ...first } = await a.start(options);
      const { yields: others, ...second } = await b.start(options);
      assert.deepEqual(second, first);
    }
  });

  test(`operations of the page are awaited: ${variant}`, async (t) => {
    const engine = await inWorker(t, { variant });
    await engine.define('my/twice', TWICE, ({ a }) => (a === 2 ? wait(5).then(() => 4) : 2 * a));
    assert.deepEqual(valuesOf(await (await engine.load(calling)).start(virtual)), { sum: 18, errors: 0 });
  });
}

test('operations of the page may fail', async (t) => {
  const engine = await inWorker(t);
  await engine.define('my/twice', TWICE, () => { throw new Error('out of order'); });
  const run = (await engine.load(calling)).start(virtual);
  assert.deepEqual(valuesOf(await run), { sum: 0, errors: 9 });
  assert.deepEqual(run.failures[0], { op: 'my/twice', message: 'out of order' });
});

test('an operation of the page that never answers fails in time', async (t) => {
  const engine = await inWorker(t);
  await engine.define('my/twice', { ...TWICE, timeout: 5 }, () => new Promise(() => {}));
  assert.deepEqual(valuesOf(await (await engine.load(calling)).start(virtual)), { sum: 0, errors: 9 });
});

test('a run can be used before the worker has heard of it', async (t) => {
  const run = (await (await inWorker(t)).load(listening)).start();
  await run.send('put', { x: 3 });
  await eventually(async () => (await run.get('kept')) === 3);
  await run.set('kept', -0);
  assert.ok(Object.is(await run.get('kept'), -0));
  run.stop();
  assert.equal((await run).status, 'stopped');
});

test('selects and hovers reach the worker', async (t) => {
  const run = (await (await inWorker(t)).load(touched)).start({ send: [{ hover: 1 }] });
  await run.select(0, { point: [1, 2, 3] });
  await run.hover(null);
  await assert.rejects(run.select(3), { message: 'There is no node 3: the glTF has 3.' });
  await eventually(async () => (await run.report()).log.length === 3);
  run.stop();
  assert.deepEqual((await run).log.map(({ text }) => text), ['in /nodes/1', 'selected /nodes/0', 'out /nodes/1']);
});

test('an iteration sees everything in order', async (t) => {
  const run = (await (await inWorker(t)).load(sum)).start(virtual);
  const seen = [];
  for await (const { type } of run) seen.push(type);
  assert.deepEqual(seen, ['event', 'log']);
});

test('a flood of events comes through in order, a batch at a time', async (t) => {
  const flood = structuredClone(sum);
  flood.nodes.find(({ id }) => id === 'loop').flows.loopBody = 'tell:in';
  const engine = await inWorker(t, { cadence: 100 });
  const run = (await engine.load(flood)).start({ ...virtual, set: { n: 3000 } });
  let count = 0;
  for await (const { type } of run) count += Number(type === 'log');
  assert.equal(count + run.dropped, 3001);
});

test('errors come over whole', async (t) => {
  const engine = await inWorker(t);
  await assert.rejects(engine.load('{', { name: 'half.json' }), ({ name, code, message, diagnostics }) => {
    assert.equal(name, 'TreadleError');
    assert.match(code, /^E\d+$/);
    assert.match(message, /^half\.json:1:/);
    assert.equal(diagnostics.length, 1);
    return true;
  });
  assert.equal((await engine.check('{')).ok, false);
  const graph = await engine.load(sum);
  const run = graph.start(virtual);
  await assert.rejects(run.set('nobody', 1), { code: 'SET' });
  await assert.rejects(run.get('nobody'), { code: 'GET' });
  await run;
  await assert.rejects(run.send('summed'), { code: 'OVER' });
  await assert.rejects(graph.start({ runner: 'jit' }).finished, { code: 'OPTION' });
  await assert.rejects(open({ worker: true, variant: 'turbo' }), { code: 'WASM_FETCH' });
});

test('pause, step and resume', async (t) => {
  const run = (await (await inWorker(t)).load(sum)).start({ ...virtual, paused: true });
  assert.equal(await run.step(), 1);
  assert.equal(run.status, 'paused');
  assert.equal(await run.step(3), 3);
  assert.equal(await run.get('sum'), 3);
  await run.resume();
  assert.equal((await run).outputs.sum, 45);
});

test('an endless run, in plain too, leaves the page alone; its worker can be ended', async () => {
  const engine = await open({ worker: true, variant: 'plain' });
  const run = (await engine.load(endless)).start();
  await wait(50);
  engine.close();
  await assert.rejects(run.finished, { code: 'CLOSED' });
  await assert.rejects(engine.load(sum), { code: 'CLOSED' });
});

test('abort, dispose, stop', async (t) => {
  const engine = await inWorker(t, { variant: 'step' });
  const graph = await engine.load(endless);
  const reason = new Error('mine');
  const stopper = new AbortController();
  const aborted = graph.start({ signal: stopper.signal });
  setTimeout(() => stopper.abort(reason), 20);
  await assert.rejects(aborted.finished, reason);
  assert.throws(() => graph.start({ signal: stopper.signal }), reason);
  const disposed = graph.start();
  disposed[Symbol.dispose]();
  await assert.rejects(disposed.finished, { code: 'DISPOSED' });
  const stopped = graph.start();
  setTimeout(() => stopped.stop(), 20);
  assert.equal((await stopped).status, 'stopped');
  await graph.unload();
  await assert.rejects(graph.start().finished, { code: 'DISPOSED' });
});

test('read-outs come over when a run ends', async (t) => {
  const engine = await inWorker(t, { variant: 'asyncify', cadence: 10 });
  const report = await (await engine.load(sum)).start({ ...virtual, set: { n: 99 } });
  assert.equal(report.yields, 9); // 100 fuel: after 10, 20 ... 90
  assert.equal(engine.stats.yields, 9);
  assert.equal(engine.yieldsSeen, 9);
});

test('a port will do instead of a worker', async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  const engine = await connect(port1, { variant: 'step' });
  assert.equal((await (await engine.load(sum)).start(virtual)).outputs.sum, 45);
  engine.close();
});

test('a worker that dies rejects what waits for it', async () => {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(new URL('../../js/worker.js', import.meta.url));
  const engine = await open({ worker });
  const run = (await engine.load(ticking)).start();
  worker.emit('error', new Error('out of memory'));
  await assert.rejects(run.finished, { code: 'WORKER', message: /out of memory/ });
  await worker.terminate();
});
