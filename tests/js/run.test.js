// run.test.js - a run in every variant: values in and out, following it, pausing, stopping, aborting, disposing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VARIANTS, YIELDING, endless, engineFor, eventually, later, listening, sum, ticking, touched, valuesOf, wait } from './graphs.js';

const virtual = { clock: 'virtual' };

for (const variant of VARIANTS) {
  describe(variant, () => {
    test('a run ends with its report', async (t) => {
      const report = await (await (await engineFor(t, { variant })).load(sum)).start(virtual);
      assert.equal(report.status, 'done');
      assert.deepEqual(valuesOf(report), { total: 45 });
      assert.deepEqual(report.outputs, { sum: 45 });
      assert.deepEqual(report.events, [{ time: 0, id: 'summed', values: { total: 45 } }]);
      assert.deepEqual(report.log, [{ severity: 0, text: 'sum 45', time: 0 }]);
      assert.equal(report.fuel, 11); // 1 root, 10 turns
    });

    test('what is set before anything runs counts from the start', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      assert.equal((await graph.start({ ...virtual, set: { n: 4 } })).outputs.sum, 6);
      const run = graph.start(virtual);
      run.set('n', 5);
      run.set('#0', 100);
      assert.equal((await run).outputs.sum, 110);
    });

    test('values that are no number anybody can write survive both ways', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(listening);
      for (const value of [NaN, Infinity, -Infinity, -0, 5e-324, 0.1]) {
        const run = graph.start({ ...virtual, send: [['put', { x: value }]] });
        assert.ok(Object.is(valuesOf(await run).kept, value), String(value));
        assert.ok(Object.is(run.get('kept'), value), String(value));
      }
    });

    test('an event brings its values, or its own for those left out', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(listening);
      assert.equal(valuesOf(await graph.start({ ...virtual, send: ['put'] })).kept, 5);
      const run = graph.start();
      run.send('put', { x: 7 });
      run.send('put', { x: 8 });
      await eventually(() => run.status === 'idle');
      assert.equal(run.get('kept'), 8);
      run.stop();
      assert.equal((await run).status, 'stopped');
    });

    test('selects and hovers are heard, also before anything runs', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(touched);
      const texts = ({ log }) => log.map(({ text }) => text);
      const early = [{ select: 1 }, { select: 0, controller: 2, point: [1, 2, 3], origin: new Float32Array(3) }, { hover: 1 }, { hover: null }];
      assert.deepEqual(texts(await graph.start({ ...virtual, send: early })), ['selected /nodes/0', 'in /nodes/1', 'out /nodes/1']);
      const run = graph.start();
      run.select(0);
      run.hover(1, { controller: 63 });
      run.hover(null, { controller: 63 });
      await eventually(() => run.report().log.length === 3);
      assert.deepEqual(texts(run.report()), ['selected /nodes/0', 'in /nodes/1', 'out /nodes/1']);
      for (const [what, message] of [
        [() => run.select(3), 'There is no node 3: the glTF has 3.'],
        [() => run.select(-1), 'There is no node -1: the glTF has 3.'],
        [() => run.hover(0, { controller: 64 }), 'A controller is 0 to 63.'],
      ]) assert.throws(what, { message });
      run.stop();
      await run;
      assert.throws(() => run.select(0), { code: 'OVER' });
    });

    test('wrong names and values are errors that say so', async (t) => {
      const engine = await engineFor(t, { variant });
      const run = (await engine.load(sum)).start(virtual);
      assert.throws(() => run.set('nobody', 1), { code: 'SET', message: /nobody/ });
      assert.throws(() => run.set('n', 'text'), { code: 'SET' });
      assert.throws(() => run.set('n', 1.5), { code: 'SET' });
      assert.throws(() => run.get('nobody'), { code: 'GET', message: /nobody/ });
      assert.throws(() => run.send('nobody'), { code: 'SEND', message: /nobody/ });
      assert.throws(() => run.send('summed', { nothing: 1 }), { code: 'SEND' });
      assert.equal((await run).outputs.sum, 45);
      assert.throws(() => run.send('summed'), { code: 'OVER' });
      assert.equal(run.get('sum'), 45);
    });

    test('a wrong option is refused before anything starts', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      assert.throws(() => graph.start({ runner: 'jit' }), { code: 'OPTION', message: /vm, walk/ });
      assert.throws(() => graph.start({ clock: 'sundial' }), { code: 'OPTION' });
      assert.throws(() => graph.start({ until: -1 }), { code: 'OPTION' });
      assert.throws(() => graph.start({ fuel: NaN }), { code: 'OPTION' });
      assert.throws(() => graph.start({ set: { nobody: 1 } }), { code: 'SET' });
      assert.throws(() => graph.start({ send: ['nobody'] }), { code: 'SEND' });
    });

    test('both runners give the same', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      const [vm, walk] = await Promise.all(['vm', 'walk'].map((runner) => graph.start({ ...virtual, runner, trace: true })));
      assert.equal(vm.traceHash, walk.traceHash);
      assert.equal(vm.resultHash, walk.resultHash);
      assert.equal(vm.fuel, walk.fuel);
    });

    test('an iteration sees everything in order, then ends', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(sum)).start(virtual);
      const seen = [];
      for await (const entry of run) seen.push(entry);
      assert.deepEqual(seen, [
        { type: 'event', id: 'summed', values: { total: 45 }, time: 0 },
        { type: 'log', severity: 0, text: 'sum 45' },
      ]);
      assert.equal(run.status, 'done');
    });

    test('leaving an iteration stops the run', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(ticking)).start();
      for await (const entry of run) if (entry.type === 'log') break;
      assert.equal((await run).status, 'stopped');
    });

    test('two readers see the same', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(sum)).start(virtual);
      const read = async () => {
        const types = [];
        for await (const { type } of run) types.push(type);
        return types;
      };
      assert.deepEqual(await Promise.all([read(), read()]), [['event', 'log'], ['event', 'log']]);
    });

    test('listeners hear entries and states', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(later(0.02))).start({ until: 'quiet' });
      const heard = [];
      run.addEventListener('log', ({ detail }) => heard.push(detail.text));
      const off = run.on('status', (status) => heard.push(status));
      await run;
      off();
      assert.deepEqual(heard, ['start', 'idle', 'later', 'done']);
    });

    test('a listener may call the engine', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(sum)).start(virtual);
      let seen;
      run.on('event', () => (seen = run.get('sum')));
      await run;
      assert.equal(seen, 45);
    });

    test('a listener may close the engine', async (t) => {
      const engine = await engineFor(t, { variant });
      const run = (await engine.load(ticking)).start();
      run.on('log', () => engine.close());
      await assert.rejects(run.finished, { code: 'CLOSED' });
    });

    test('delays pass in virtual time at once', async (t) => {
      const before = performance.now();
      const report = await (await (await engineFor(t, { variant })).load(later(50))).start(virtual);
      assert.deepEqual(report.log.map(({ text, time }) => [text, time]), [['start', 0], ['later', 50]]);
      assert.equal(report.status, 'done');
      assert.ok(performance.now() - before < 10_000);
    });

    test('without an end a virtual run lasts while something is pending, 60 seconds at most', async (t) => {
      const engine = await engineFor(t, { variant });
      const forever = await (await engine.load(later(61))).start(virtual);
      assert.equal(forever.status, 'idle');
      assert.deepEqual(forever.log.map(({ text }) => text), ['start']);
      const once = await (await engine.load(ticking)).start(virtual);
      assert.deepEqual(once.log.map(({ text }) => text), ['0']);
    });

    test('virtual ticks fall on k x tick up to the end', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(ticking);
      const report = await graph.start({ ...virtual, tick: 250, until: 1 });
      assert.deepEqual(report.log.map(({ text }) => text), ['0', '0.25', '0.5', '0.75', '1']);
    });

    test('real time ends a run that ticks, and the first tick is at 0', async (t) => {
      const report = await (await (await engineFor(t, { variant })).load(ticking)).start({ until: 0.5 });
      const times = report.log.map(({ text }) => Number(text));
      assert.equal(report.status, 'idle');
      assert.equal(times[0], 0);
      assert.ok(times.length >= 2 && times.length <= 32, `${times.length} ticks in 0.5 s`);
    });

    test('real time stops what does not end by itself, in plain too', async (t) => {
      const report = await (await (await engineFor(t, { variant })).load(endless)).start({ until: 0.05 });
      assert.equal(report.status, 'stopped');
      assert.ok(valuesOf(report).count > 0);
    });

    test('fuel ends a run with a reason, at the same point always', async (t) => {
      const report = await (await (await engineFor(t, { variant })).load(endless)).start({ ...virtual, fuel: 1000 });
      assert.equal(report.status, 'limit');
      assert.equal(report.reason, 'fuel');
      assert.equal(report.fuel, 1000);
      assert.deepEqual(valuesOf(report), { count: 999 }); // 1 root
    });

    test('a paused run stands still, steps, and goes on', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(sum)).start({ ...virtual, paused: true });
      await wait(20);
      assert.equal(run.status, 'paused');
      assert.equal(run.get('sum'), 0);
      assert.equal(run.step(), 1); // the loop's in
      assert.equal(run.step(3), 3); // three turns: 0 + 1 + 2
      assert.equal(run.get('sum'), 3);
      assert.equal(run.status, 'paused');
      run.resume();
      assert.equal((await run).outputs.sum, 45);
    });

    test('a step over a delay lets its time pass', async (t) => {
      for (const clock of ['virtual', 'real']) {
        const run = (await (await engineFor(t, { variant })).load(later(5))).start({ clock, paused: true });
        assert.equal(run.step(2), 2); // say-start, wait
        assert.equal(run.step(1), 1); // say-later
        assert.deepEqual(run.report().log.map(({ text }) => text), ['start', 'later']);
        run.stop();
        await run;
      }
    });

    test('a pause does not count as time', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(ticking)).start();
      const before = performance.now();
      await eventually(() => run.report().log.length > 2);
      run.pause();
      await wait(500);
      run.resume();
      const paused = run.report().log.length;
      await eventually(() => run.report().log.length > paused);
      run.stop();
      const last = Number((await run).log.at(-1).text);
      const all = (performance.now() - before) / 1000;
      assert.ok(last < all - 0.4, `the last tick was at ${last} s of ${all}`);
    });

    test('an abort before the start starts nothing', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      const reason = new Error('mine');
      assert.throws(() => graph.start({ signal: AbortSignal.abort(reason) }), reason);
    });

    test('an abort of a waiting run rejects with its reason and frees it', async (t) => {
      const stopper = new AbortController();
      const run = (await (await engineFor(t, { variant })).load(ticking)).start({ signal: stopper.signal });
      const reason = new Error('mine');
      setTimeout(() => stopper.abort(reason), 20);
      await assert.rejects(run.finished, reason);
      await assert.rejects(async () => { for await (const entry of run) assert.fail(entry.type); }, reason);
      assert.equal(run.status, 'stopped');
    });

    test('an abort after the end changes nothing', async (t) => {
      const stopper = new AbortController();
      const run = (await (await engineFor(t, { variant })).load(sum)).start({ ...virtual, signal: stopper.signal });
      await run;
      stopper.abort();
      assert.equal((await run).status, 'done');
      assert.equal(run.get('sum'), 45);
    });

    test('a disposed run is gone', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(ticking)).start();
      run[Symbol.dispose]();
      run[Symbol.dispose]();
      await assert.rejects(run.finished, { code: 'DISPOSED' });
      assert.throws(() => run.get('x'), { code: 'DISPOSED' });
      assert.throws(() => run.pause(), { code: 'DISPOSED' });
      run.stop();
    });

    test('an asynchronous disposal stops first, so the report is there', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(ticking)).start();
      await run[Symbol.asyncDispose]();
      assert.equal((await run).status, 'stopped');
    });

    test('many runs share an engine and do not know of each other', async (t) => {
      const graph = await (await engineFor(t, { variant })).load(sum);
      const reports = await Promise.all(Array.from({ length: 50 }, (_, n) => graph.start({ ...virtual, set: { n } })));
      reports.slice(1).forEach((report, k) => assert.equal(report.outputs.sum, (k * (k + 1)) / 2));
    });

    test('disposed runs make room for others', async (t) => {
      const graph = await (await engineFor(t, { variant, limits: { instances: 1 } })).load(sum);
      for (let i = 0; i < 5; i += 1) {
        const run = graph.start(virtual);
        await run;
        run[Symbol.dispose]();
      }
    });

    test('more runs than the limit are refused', async (t) => {
      const graph = await (await engineFor(t, { variant, limits: { instances: 2 } })).load(ticking);
      graph.start();
      graph.start();
      assert.throws(() => graph.start(), { code: 'START' });
    });

    test('nobody has to wait for a run', async (t) => {
      const stopper = new AbortController();
      (await (await engineFor(t, { variant })).load(ticking)).start({ signal: stopper.signal });
      stopper.abort(new Error('unheard'));
      await wait(20); // an unhandled rejection would end this process
    });

    test('a flood without a reader is cut, and says by how much', async (t) => {
      const flood = structuredClone(sum);
      flood.nodes.find(({ id }) => id === 'loop').flows.loopBody = 'say:in';
      const engine = await engineFor(t, { variant, limits: { 'tick-events': 0, queue: 0 } });
      const run = (await engine.load(flood)).start({ ...virtual, set: { n: 60_000 }, paused: true });
      const seen = run[Symbol.asyncIterator]();
      const first = seen.next();
      run.resume();
      await run;
      assert.equal((await first).value.id, 'summed');
      assert.ok(run.dropped > 0 && run.dropped < 120_000, `${run.dropped} dropped`);
      await seen.return();
    });
  });
}

for (const variant of YIELDING) {
  describe(variant, () => {
    test('an endless run can be stopped, aborted and closed', async (t) => {
      const engine = await engineFor(t, { variant });
      const graph = await engine.load(endless);
      const stopped = graph.start();
      setTimeout(() => stopped.stop(), 20);
      assert.equal((await stopped).status, 'stopped');
      const reason = new Error('mine');
      const stopper = new AbortController();
      const aborted = graph.start({ signal: stopper.signal });
      setTimeout(() => stopper.abort(reason), 20);
      await assert.rejects(aborted.finished, reason);
      const closed = graph.start();
      setTimeout(() => engine.close(), 20);
      await assert.rejects(closed.finished, { code: 'CLOSED' });
    });

    test('timers go on while a graph runs', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(endless)).start();
      let count = 0;
      const timer = setInterval(() => (count += 1), 10);
      await eventually(() => count > 5);
      clearInterval(timer);
      assert.equal(run.status, 'running');
      run.stop();
      await run;
    });

    test('set waits for the end of what is under way, get does not', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(endless)).start();
      await eventually(() => run.get('count') > 0);
      run.set('count', -1);
      const seen = run.get('count');
      assert.ok(seen > 0);
      await eventually(() => run.get('count') > seen);
      run.stop();
      await run;
    });

    test('yields are the same number on both sides', async (t) => {
      const engine = await engineFor(t, { variant, cadence: 7 });
      const report = await (await engine.load(sum)).start({ ...virtual, set: { n: 10_000 } });
      assert.equal(report.yields, Math.floor(10_001 / 7));
      assert.equal(engine.yieldsSeen, report.yields);
      assert.equal(engine.stats.yields, report.yields);
      assert.equal(engine.stats.fuel, 10_001);
    });

    test('the clock alone makes yields too, about one to a budget', async (t) => {
      const engine = await engineFor(t, { variant, budget: 2 });
      const run = (await engine.load(endless)).start();
      const before = performance.now();
      await eventually(() => engine.stats.yields >= 20);
      run.stop();
      const { yields } = await run;
      const most = (performance.now() - before) / 2 + 2;
      assert.ok(yields <= most, `${yields} yields where at most ${most} fit`);
      assert.equal(engine.yieldsSeen, engine.stats.yields);
      assert.ok(engine.stats.longestSlice >= 2);
      assert.ok(engine.stats.rate > 0);
    });

    test('a pause holds an endless run where it is', async (t) => {
      const run = (await (await engineFor(t, { variant })).load(endless)).start();
      await eventually(() => run.get('count') > 0);
      run.pause();
      const count = run.get('count');
      await wait(30);
      assert.equal(run.get('count'), count);
      assert.equal(run.step(4), 4);
      assert.equal(run.get('count'), count + 4);
      run.resume();
      await eventually(() => run.get('count') > count + 4);
      run.stop();
      await run;
    });

    test('by hand nothing runs until it is told to', async (t) => {
      const engine = await engineFor(t, { variant, drive: 'manual' });
      const run = (await engine.load(endless)).start();
      await wait(20);
      assert.equal(run.get('count'), 0);
      assert.equal(engine.turn(2), true);
      const count = run.get('count');
      assert.ok(count > 0);
      await wait(20);
      assert.equal(run.get('count'), count);
      run.stop();
      assert.equal(engine.turn(2), false);
      assert.equal((await run).status, 'stopped');
    });

    test('a turn by hand is one frame: one tick, however much time is left', async (t) => {
      const engine = await engineFor(t, { variant, drive: 'manual' });
      const run = (await engine.load(ticking)).start();
      let ticks = 0;
      run.on('log', () => (ticks += 1));
      for (const turns of [1, 2, 3]) {
        engine.turn(10);
        await wait(2); // the next begins later, by any clock
        assert.equal(ticks, turns);
      }
    });
  });
}
