// jspi.spec.js - C that sleeps on a stack which the browser puts aside: what holds for Asyncify in Node must hold for it here.
// Each test names jspi, so that it is skipped in a browser that has none (fixture.js).
import { readFileSync } from 'node:fs';
import { calling, endless, later, sum, TWICE } from '../js/graphs.js';
import { expect, test } from './fixture.js';

const pattern = (name) => JSON.parse(readFileSync(new URL(`../patterns/${name}`, import.meta.url), 'utf8'));

test('jspi is what auto takes, and step what is taken without a wish', async ({ blank: page }) => {
  const names = await page.evaluate(async () => {
    const { open } = await import('/js/treadle.js');
    return [(await open({ variant: 'auto' })).variant, (await open()).variant];
  });
  expect(names).toEqual(['jspi', 'step']);
});

test.describe('a build that is not there', () => {
  test.use({ allowed: [/404/] });
  test('jspi that is not deployed: auto takes asyncify', async ({ blank: page }) => {
    await page.route('**/build/jspi/treadle.wasm', (route) => route.fulfill({ status: 404 }));
    expect(await page.evaluate(async () => (await (await import('/js/treadle.js')).open({ variant: 'auto' })).variant)).toBe('asyncify');
  });
});

test('a browser without JSPI: jspi is refused in a sentence, auto takes asyncify by itself', async ({ blank: page }) => {
  const said = await page.evaluate(async () => {
    delete WebAssembly.Suspending;
    const { open } = await import('/js/treadle.js');
    const refused = await open({ variant: 'jspi' }).catch(({ code, message }) => `${code} ${message}`);
    return [refused, (await open({ variant: 'auto' })).variant];
  });
  expect(said[0]).toMatch(/^NO_JSPI .*cannot suspend WebAssembly.*"asyncify"/);
  expect(said[1]).toBe('asyncify');
});

test('jspi: a hundred thousand sleeps, counted on both sides, leave the memory as it was', async ({ blank: page }) => {
  const seen = await page.evaluate(async (graph) => {
    const { open } = await import('/js/treadle.js');
    const engine = await open({ variant: 'jspi', cadence: 1 });
    const loaded = await engine.load(graph);
    await loaded.start({ clock: 'virtual', set: { n: 100 } });
    const before = engine.memory;
    const { yields, outputs } = await loaded.start({ clock: 'virtual', set: { n: 100_000 } });
    return { yields, sum: outputs.sum, seen: engine.yieldsSeen, counted: engine.stats.yields, grown: engine.memory - before };
  }, sum);
  // The start is charged in the first slice, each turn in one of its own: 100 + 100,000 slices end with work left. An int wraps.
  expect(seen).toEqual({ yields: 100_000, sum: 4_999_950_000 | 0, seen: 100_100, counted: 100_100, grown: 0 });
});

test('jspi: runs that begin while another sleeps join it; all may be called; two engines sleep at once', async ({ blank: page }) => {
  const seen = await page.evaluate(
    async ([sum, endless, later]) => {
      const { open } = await import('/js/treadle.js');
      const virtual = { clock: 'virtual' };
      const [engine, other] = [await open({ variant: 'jspi', cadence: 1 }), await open({ variant: 'jspi', cadence: 3 })];
      const graph = await engine.load(sum);
      const first = graph.start({ ...virtual, set: { n: 20_000 } });
      const beside = (await other.load(sum)).start({ ...virtual, set: { n: 20_000 } });
      while (!engine.yieldsSeen || !other.yieldsSeen) await new Promise((resolve) => setTimeout(resolve));
      const states = [first.status, beside.status];
      const second = (await graph.start(virtual)).outputs.sum;
      states.push(first.status);
      for (let i = 0; i < 10; i += 1) {
        await new Promise((resolve) => setTimeout(resolve));
        (await engine.load(later)).dump();
        first.report();
        const stepped = (await engine.load(endless)).start({ paused: true });
        stepped.step(5);
        stepped[Symbol.dispose]();
      }
      return { states, sums: [second, (await first).outputs.sum, (await beside).outputs.sum] };
    },
    [sum, endless, later(1)],
  );
  expect(seen).toEqual({ states: ['running', 'running', 'running'], sums: [45, 199_990_000, 199_990_000] });
});

test('jspi: while it sleeps a run is stopped, a graph is unloaded, an engine is closed', async ({ blank: page }) => {
  const seen = await page.evaluate(
    async ([endless, sum]) => {
      const { open } = await import('/js/treadle.js');
      const engine = await open({ variant: 'jspi', cadence: 1 });
      const asleep = async () => {
        const before = engine.yieldsSeen;
        while (engine.yieldsSeen === before) await new Promise((resolve) => setTimeout(resolve));
      };
      const stopped = (await engine.load(endless)).start();
      await asleep();
      stopped.stop();
      const graph = await engine.load(endless);
      const unloaded = graph.start();
      await asleep();
      graph.unload();
      const after = (await (await engine.load(sum)).start({ clock: 'virtual' })).outputs.sum;
      const closed = (await engine.load(endless)).start();
      await asleep();
      engine.close();
      const codeOf = (run) => run.finished.then(({ status }) => status, ({ code }) => code);
      const ends = [await codeOf(stopped), await codeOf(unloaded), await codeOf(closed)];
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { ends, after };
    },
    [endless, sum],
  );
  expect(seen).toEqual({ ends: ['stopped', 'DISPOSED', 'CLOSED'], after: 45 });
});

test('jspi: host operations that answer, fail, answer late, or leave work for later', async ({ blank: page }) => {
  const seen = await page.evaluate(
    async ([calling, signature]) => {
      const { open } = await import('/js/treadle.js');
      const results = {};
      let later = 0;
      const operations = {
        answers: ({ a }, { run }) => (queueMicrotask(() => (later += run.get('errors') + 1)), { value: 2 * a }),
        throws: () => {
          throw new Error('no');
        },
        rejects: () => Promise.reject(new Error('no')),
        late: async ({ a }) => (await new Promise((resolve) => setTimeout(resolve, 1)), { value: 2 * a }),
      };
      for (const [name, operation] of Object.entries(operations)) {
        const engine = await open({ variant: 'jspi', cadence: 1 });
        engine.define('my/twice', signature, operation);
        const { variables } = await (await engine.load(calling)).start({ clock: 'virtual' });
        results[name] = variables.map(({ value }) => value);
        engine.close();
      }
      return { ...results, later };
    },
    [calling, TWICE],
  );
  expect(seen).toEqual({ answers: [18, 0], throws: [0, 9], rejects: [0, 9], late: [18, 0], later: 9 });
});

test('jspi: a trap after a sleep ends the engine with a name', async ({ blank: page }) => {
  const seen = await page.evaluate(async (endless) => {
    const { open } = await import('/js/treadle.js');
    let broken = false;
    const now = () => {
      if (broken) throw new Error('the clock fell down');
      return performance.now();
    };
    const engine = await open({ variant: 'jspi', cadence: 1, host: { now } });
    const graph = await engine.load(endless);
    const run = graph.start();
    while (engine.yieldsSeen < 3) await new Promise((resolve) => setTimeout(resolve));
    broken = true;
    const { code, message } = await run.finished.catch((error) => error);
    let later = '';
    try {
      graph.start();
    } catch (error) {
      later = error.code;
    }
    return [code, message, later];
  }, endless);
  expect(seen).toEqual(['TRAP', expect.stringContaining('the clock fell down'), 'TRAP']);
});

test('jspi: patterns at every cadence, in both runners, as in step', async ({ blank: page }) => {
  const names = ['nested', 'goto', 'event-recursion', 'reentry', 'shared-chain', 'thousand-delays', 'too-deep', 'wait-all', 'throttle', 'interpolate'];
  const graphs = names.map((name) => pattern(`${name}.graph.json`));
  const different = await page.evaluate(async (graphs) => {
    const { open } = await import('/js/treadle.js');
    const different = [];
    const [step, jspi] = [await open({ variant: 'step' }), await open({ variant: 'jspi' })];
    const essence = async (engine, graph, runner) => {
      const { status, resultHash, traceHash, fuel } = await (await engine.load(graph)).start({ clock: 'virtual', until: 20, trace: true, runner, fuel: 100_000 });
      return `${status} ${resultHash} ${traceHash} ${fuel}`;
    };
    for (const graph of graphs) {
      const expected = await essence(step, graph, 'vm');
      for (const runner of ['vm', 'walk']) {
        for (const cadence of [1, 3, 64, 0]) {
          jspi.cadence = cadence;
          const seen = await essence(jspi, graph, runner);
          if (seen !== expected) different.push(`${graph.name} ${runner} ${cadence}: ${seen}, not ${expected}`);
        }
      }
    }
    return different;
  }, graphs);
  expect(different).toEqual([]);
});

test('jspi: compiled code gives way as the machine does, and takes over from it between two sleeps', async ({ blank: page }) => {
  const seen = await page.evaluate(async (sum) => {
    const { open } = await import('/js/treadle.js');
    const essence = ({ resultHash, fuel, yields }) => `${resultHash} ${fuel} ${yields}`;
    const machine = await open({ variant: 'jspi', cadence: 7 });
    const set = { n: 20_000 };
    const expected = essence(await (await machine.load(sum)).start({ clock: 'virtual', runner: 'vm', set }));
    const found = {};
    for (const runner of ['wasm', 'scheduler', 'auto']) {
      const engine = await open({ variant: 'jspi', cadence: 7 });
      const graph = await engine.load(sum);
      await graph.prepare({ runner });
      const run = graph.start({ clock: 'virtual', runner, set });
      while (engine.yieldsSeen < 20) await new Promise((resolve) => setTimeout(resolve));
      if (runner === 'auto') await graph.compile();
      const report = await run;
      found[runner] = [essence(report) === expected, Object.keys(report.runners)];
      engine.close();
    }
    return found;
  }, sum);
  expect(seen).toEqual({ wasm: [true, ['wasm']], scheduler: [true, ['scheduler']], auto: [true, ['vm', 'wasm']] });
});

test('jspi under a worker', async ({ blank: page }) => {
  const seen = await page.evaluate(async (sum) => {
    const { open } = await import('/js/treadle.js');
    const engine = await open({ variant: 'jspi', worker: true, cadence: 10 });
    const { yields, outputs } = await (await engine.load(sum)).start({ clock: 'virtual', set: { n: 1000 } });
    engine.close();
    return [engine.variant, yields, outputs.sum];
  }, sum);
  expect(seen).toEqual(['jspi', 100, 499_500]);
});
