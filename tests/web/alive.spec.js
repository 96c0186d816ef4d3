// alive.spec.js - while a graph runs for three seconds, the page stays alive: frames, clicks, no long task; plain is the proof that this is seen.
import { availableParallelism, loadavg } from 'node:os';
import { YIELDING, example, expect, test } from './fixture.js';

/** Milliseconds that each run gets. */
const LENGTH = 3000;

/**
 * In the page: runs the endless graph and watches frames, long tasks, and for each click how many slices it waited.
 * The engine looks at the clock after each slice: there the slices are counted.
 */
async function watch([text, variant, length]) {
  const { open } = await import('/js/treadle.js');
  const engine = await open({ variant });
  const graph = await engine.load(text);
  const seen = { frames: [], tasks: [], clicks: [], yields: 0, turns: 0, slice: 0 };
  const observer = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration }))));
  observer.observe({ type: 'longtask' });

  const slices = [];
  const clock = performance.now.bind(performance);
  performance.now = () => {
    const at = clock();
    if (engine.stats.slices !== slices.at(-1)?.count) slices.push({ count: engine.stats.slices, at });
    return at;
  };
  const handle = ({ type, timeStamp }) => {
    const before = slices.findLast(({ at }) => at <= timeStamp)?.count ?? 0;
    seen.clicks.push({ type, slices: engine.stats.slices - before, at: timeStamp, ms: performance.now() - timeStamp });
  };
  const button = document.getElementById('button');
  for (const type of ['pointermove', 'click']) button.addEventListener(type, handle);
  const clickAt = (after) =>
    new Promise((resolve) => {
      button.addEventListener('click', function listen({ timeStamp }) {
        if (timeStamp < after) return;
        button.removeEventListener('click', listen);
        resolve();
      });
    });
  let going = true;
  requestAnimationFrame(function frame() {
    seen.frames.push(performance.now());
    if (going) requestAnimationFrame(frame);
  });
  button.textContent = 'Running';
  await clickAt(0); // clicks have begun: the next one meets the run
  const from = performance.now();
  const run = graph.start({ until: length / 1000 });
  const report = await run;
  const to = performance.now();
  going = false;
  await clickAt(to); // all before it have been handled
  await new Promise((resolve) => setTimeout(resolve, 100)); // long tasks are told late
  return {
    ...seen,
    tasks: seen.tasks.filter(({ startTime, duration }) => startTime + duration > from && startTime < to).map(({ duration }) => duration),
    frames: seen.frames.filter((at) => at >= from && at <= to).length,
    from,
    length: to - from,
    status: report.status,
    yields: engine.stats.yields,
    slice: engine.stats.longestSlice,
    turns: report.outputs.turns,
  };
}

/** Clicks by the browser's own input while a function of the page runs. */
async function clickWhile(page, running) {
  let going = true;
  running.finally(() => (going = false)).catch(() => {});
  await page.waitForSelector('#button:has-text("Running")');
  const box = await page.locator('#button').boundingBox();
  for (let i = 0; going; i += 1) {
    await page.mouse.click(box.x + 5 + (i % 2), box.y + 5);
    await new Promise((resolve) => setTimeout(resolve, 90));
  }
  return running;
}

/**
 * What must hold of a run that leaves the page alive. A busy machine takes the processor away in the middle of a slice,
 * and then no slice is short: there the same is asked of most, not of all. A page that blocks fails that, too.
 */
function expectAlive(seen, project, isBusy) {
  const limit = isBusy ? { tasks: LENGTH / 2, slices: 0.8 } : { tasks: 0, slices: 1 };
  expect(seen.status).toBe('stopped');
  expect(seen.turns, 'it did work').toBeGreaterThan(100_000);
  expect(seen.yields).toBeGreaterThan(LENGTH / 50);
  expect(seen.frames, '60 a second, on a machine that has nothing else to do').toBeGreaterThan((LENGTH / 1000) * (isBusy ? 10 : 30));
  if (project === 'chromium') expect(sum(seen.tasks), `ms in long tasks: ${seen.tasks}`).toBeLessThanOrEqual(limit.tasks);
  const waited = seen.clicks.map(({ slices }) => slices).sort((a, b) => a - b);
  expect(waited.length).toBeGreaterThan(10);
  expect(waited[Math.ceil(waited.length * limit.slices) - 1], `slices that clicks waited: ${waited}`).toBeLessThanOrEqual(3);
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Others want at least as much of the processors as we do. */
const isBusy = () => loadavg()[0] > 2 * availableParallelism();

for (const variant of YIELDING) {
  test(`${variant}: frames go on, clicks are handled within three slices, no task is long`, async ({ blank: page }, info) => {
    await expect(async () => {
      await page.reload();
      const seen = await clickWhile(page, page.evaluate(watch, [example('endless'), variant, LENGTH]));
      await info.attach('seen', { body: JSON.stringify({ ...seen, load: loadavg() }, null, 1), contentType: 'application/json' });
      expectAlive(seen, info.project.name, isBusy());
    }).toPass({ timeout: 4 * LENGTH, intervals: [0] });
  });
}

test('plain: no frame, no click, one long task', async ({ blank: page }, info) => {
  const seen = await clickWhile(page, page.evaluate(watch, [example('endless'), 'plain', LENGTH]));
  await info.attach('seen', { body: JSON.stringify(seen, null, 1), contentType: 'application/json' });
  expect(seen.status).toBe('stopped');
  expect(seen.frames).toBeLessThanOrEqual(3);
  if (info.project.name === 'chromium') expect(Math.max(...seen.tasks)).toBeGreaterThan(LENGTH * 0.9);
  const handled = seen.clicks.filter(({ at, ms }) => at + ms > seen.from + 100 && at + ms < seen.from + LENGTH * 0.9);
  expect(handled, 'clicks that were handled meanwhile').toEqual([]);
  // Firefox is clicked from within the page, so its clicks do not come before they are handled.
  if (info.project.name === 'chromium') expect(Math.max(...seen.clicks.map(({ ms }) => ms)), 'a click waited for the end').toBeGreaterThan(LENGTH / 2);
});

test('all variants do the same work', async ({ blank: page, variants }) => {
  const hashes = await page.evaluate(
    async ([text, variants]) => {
      const { open } = await import('/js/treadle.js');
      const found = [];
      for (const variant of variants) {
        const engine = await open({ variant });
        const graph = await engine.load(text);
        const { status, resultHash } = await graph.start({ set: { n: 20_000 } });
        found.push(`${status} ${resultHash}`);
        engine.close();
      }
      return found;
    },
    [example('collatz'), variants],
  );
  expect(hashes[0]).toMatch(/^done \w+$/);
  expect(new Set(hashes).size, String(hashes)).toBe(1);
});
