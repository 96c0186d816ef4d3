// worker.spec.js - an engine in a worker: the same answers as one in the page, and a page with nothing to do.
import { EXAMPLES, VARIANTS, example, expect, test } from './fixture.js';

/** In the page: how a graph ends here and there. */
async function both([text, variant, set]) {
  const { open } = await import('/js/treadle.js');
  const outcome = async (worker) => {
    const engine = await open({ variant, worker });
    const graph = await engine.load(text, { name: 'same' });
    const said = [];
    const run = graph.start({ set, clock: 'virtual', until: 12, trace: true });
    for await (const entry of run) said.push(entry);
    const { status, outputs, resultHash, traceHash, fuel, log } = await run;
    engine.close();
    return { info: graph.info, said, status, outputs, resultHash, traceHash, fuel, log };
  };
  return [await outcome(false), await outcome(true)];
}

for (const { id } of EXAMPLES.filter(({ id: name }) => name !== 'endless')) {
  for (const variant of VARIANTS) {
    test(`${variant}: ${id} is the same in a worker`, async ({ blank: page }) => {
      const set = { collatz: { n: 500 }, sum: { n: 1000 }, mandelbrot: { side: 24 }, pingpong: { n: 200 } }[id] ?? {};
      const [here, there] = await page.evaluate(both, [example(id), variant, set]);
      expect(here.resultHash).toMatch(/^\w+$/);
      expect(there).toEqual(here);
    });
  }
}

test('a refused file has the same diagnostics', async ({ blank: page }) => {
  const [here, there] = await page.evaluate(async (text) => {
    const { TreadleError, open } = await import('/js/treadle.js');
    const refusal = async (worker) => {
      const engine = await open({ variant: 'step', worker });
      const error = await Promise.resolve(engine.load(text, { name: 'bad' })).catch((thrown) => thrown);
      engine.close();
      return { own: error instanceof TreadleError, code: error.code, message: error.message, diagnostics: error.diagnostics };
    };
    return [await refusal(false), await refusal(true)];
  }, example('fizzbuzz').replace('flow/for', 'flow/fro'));
  expect(here).toMatchObject({ own: true, code: 'E1201' });
  expect(there).toEqual(here);
});

test('even plain in a worker leaves the page its frames', async ({ blank: page }) => {
  const { frames, status } = await page.evaluate(async (text) => {
    const { open } = await import('/js/treadle.js');
    const engine = await open({ variant: 'plain', worker: true });
    const graph = await engine.load(text);
    let frames = 0;
    let going = true;
    requestAnimationFrame(function frame() {
      frames += 1;
      if (going) requestAnimationFrame(frame);
    });
    const { status } = await graph.start({ until: 1 });
    going = false;
    engine.close();
    return { frames, status };
  }, example('endless'));
  expect(status).toBe('stopped');
  expect(frames).toBeGreaterThan(30);
});

test('set, get, send, pause, step and stop reach a worker', async ({ blank: page }) => {
  const seen = await page.evaluate(async (text) => {
    const { open } = await import('/js/treadle.js');
    const engine = await open({ variant: 'step', worker: true });
    const graph = await engine.load(text);
    const run = graph.start();
    await run.pause();
    const before = await run.get('turns');
    const stepped = await run.step(2);
    const after = await run.get('turns');
    await run.set('turns', 5);
    await run.resume();
    run.stop();
    const { status } = await run;
    engine.close();
    return { stepped, grown: after - before, status };
  }, example('endless'));
  expect(seen).toEqual({ stepped: 2, grown: 1, status: 'stopped' });
});
