// hidden.spec.js - a tab in the background: there are no frames, and the graph goes on all the same.
import { YIELDING, example, expect, test } from './fixture.js';

/** In the page: starts the endless graph, and leaves it under a name. */
async function begin([text, variant]) {
  const { open } = await import('/js/treadle.js');
  const engine = await open({ variant });
  const graph = await engine.load(text);
  globalThis.watched = { engine, run: graph.start(), frames: 0 };
  requestAnimationFrame(function frame() {
    globalThis.watched.frames += 1;
    requestAnimationFrame(frame);
  });
}

const look = (page) =>
  page.evaluate(() => {
    const { engine, run, frames } = globalThis.watched;
    return { at: performance.now(), hidden: document.hidden, frames, turns: run.get('turns'), yields: engine.stats.yields, slice: engine.stats.longestSlice, status: run.status };
  });

for (const variant of YIELDING) {
  test(`${variant}: a graph goes on in a hidden tab, and in front again`, async ({ blank: page, context }, info) => {
    await page.evaluate(begin, [example('endless'), variant]);
    await page.waitForTimeout(300);
    const other = await context.newPage();
    await other.bringToFront();
    await page.waitForTimeout(200);
    const gone = await look(page);
    await page.waitForTimeout(1500);
    const away = await look(page);
    await page.bringToFront();
    await page.waitForTimeout(500);
    const back = await look(page);
    await other.close();
    await info.attach('seen', { body: JSON.stringify({ gone, away, back }, null, 1), contentType: 'application/json' });

    expect(away.turns, 'it goes on').toBeGreaterThan(gone.turns);
    expect(away.yields - gone.yields, 'the tab keeps its turns').toBeGreaterThan(5);
    expect(back.turns).toBeGreaterThan(away.turns);
    expect(back.yields).toBeGreaterThan(away.yields);
    expect(back.status).toBe('running');
    expect(await page.evaluate(async () => {
      globalThis.watched.run.stop();
      return (await globalThis.watched.run).status;
    })).toBe('stopped');
  });

  test(`${variant}: a page that says it is hidden has no frames to wait for`, async ({ blank: page }) => {
    // Headless browsers may never hide a tab, so here the page is told so, and its frames stop, as in a real one.
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { get: () => true });
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      globalThis.requestAnimationFrame = () => 0;
    });
    await page.evaluate(begin, [example('endless'), variant]);
    await page.waitForTimeout(500);
    const first = await look(page);
    await page.waitForTimeout(500);
    const second = await look(page);
    expect(first.frames).toBe(0);
    expect(second.turns).toBeGreaterThan(first.turns);
    expect(second.yields - first.yields).toBeGreaterThan(20);
    await page.evaluate(() => globalThis.watched.run.stop());
  });

  test(`${variant}: frames that stop without a word hold nothing up`, async ({ blank: page }) => {
    await page.evaluate(begin, [example('endless'), variant]);
    await page.waitForTimeout(300);
    await page.evaluate(() => (globalThis.requestAnimationFrame = () => 0));
    await page.waitForTimeout(300);
    const first = await look(page);
    await page.waitForTimeout(600);
    const second = await look(page);
    expect(second.turns).toBeGreaterThan(first.turns);
    expect(second.yields).toBeGreaterThan(first.yields);
    await page.evaluate(() => globalThis.watched.run.stop());
  });
}
