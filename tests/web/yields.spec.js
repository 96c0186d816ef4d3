// yields.spec.js - how often a graph yields for a known amount of work: by a clock of our own to the slice, by the real one within bounds.
import { YIELDING, example, expect, test } from './fixture.js';

/**
 * In the page: runs the sum to n; `perMs` fuel make a millisecond of our own clock, 0 leaves the real one. By our own clock the machine
 * runs it alone: a runner that is many times as fast would have to be to that clock, too.
 */
async function run([text, variant, n, perMs, budget]) {
  const { open } = await import('/js/treadle.js');
  const host = perMs ? { now: () => (engine ? engine.stats.fuel / perMs : 0) } : {};
  let engine = null;
  engine = await open({ variant, host, budget });
  const graph = await engine.load(text);
  const from = performance.now();
  const report = await graph.start({ set: { n }, clock: 'virtual', runner: perMs ? 'vm' : 'auto' });
  const { yields, slices, fuel, longestSlice } = engine.stats;
  const took = performance.now() - from;
  const result = { took, yields, slices, fuel, longestSlice, seen: engine.yieldsSeen, sum: report.outputs.sum, status: report.status };
  engine.close();
  return result;
}

for (const variant of YIELDING) {
  for (const budget of [1, 4, 16]) {
    test(`${variant}: 400 ms of work by a clock of fuel are 400 / ${budget} slices`, async ({ blank: page }) => {
      const n = 4_000_000;
      const perMs = 10_000;
      const { yields, seen, fuel, sum, status, longestSlice } = await page.evaluate(run, [example('sum'), variant, n, perMs, budget]);
      expect([status, sum]).toEqual(['done', (n * (n - 1)) / 2]);
      expect(fuel, 'a charge for each turn, one for the start').toBeGreaterThanOrEqual(n);
      const expected = n / perMs / budget;
      expect(yields).toBeGreaterThanOrEqual(Math.floor(expected * 0.9));
      expect(yields).toBeLessThanOrEqual(Math.ceil(expected));
      expect(seen, 'counted on both sides').toBe(yields);
      expect(longestSlice).toBeLessThan(budget + 0.3);
    });
  }

  test(`${variant}: by the real clock a slice takes about its budget`, async ({ blank: page }) => {
    const { yields, seen, took, status } = await page.evaluate(run, [example('sum'), variant, 200_000_000, 0, 4]);
    expect(status).toBe('done');
    expect(seen).toBe(yields);
    expect(yields, `${took} ms`).toBeLessThanOrEqual(took / 2);
    expect(yields, `${took} ms`).toBeGreaterThanOrEqual(took / 17);
  });
}

test('plain never yields', async ({ blank: page }) => {
  const { yields, seen, status } = await page.evaluate(run, [example('sum'), 'plain', 4_000_000, 10_000, 4]);
  expect([status, yields, seen]).toEqual(['done', 0, 0]);
});
