// hidden.spec.js - a tab in the background: there are no frames, and the graph goes on all the same.
import { YIELDING, example, expect, test } from './fixture.js';
import { Tabs } from './tabs.js';

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

/** In the page: how the run stands. */
const state = () => {
  const { engine, run, frames } = globalThis.watched;
  return { hidden: document.hidden, frames, turns: run.get('turns'), yields: engine.stats.yields, status: run.status };
};
const look = (page) => page.evaluate(state);

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const variant of YIELDING) {
  test(`${variant}: a graph goes on in a tab that is really hidden, and in front again`, async ({ baseURL, browserName }, info) => {
    test.skip(browserName !== 'chromium', 'the tabs are Chromium\'s');
    const tabs = new Tabs();
    try {
      const tab = await tabs.open(`${baseURL}tests/web/blank.html`);
      await tabs.evaluate(tab, begin, [example('endless'), variant]);
      await wait(300);
      await tabs.open(`${baseURL}html/icon.svg`);
      await wait(300);
      const gone = await tabs.evaluate(tab, state);
      await wait(1500);
      const away = await tabs.evaluate(tab, state);
      await tabs.front(tab);
      await wait(600);
      const back = await tabs.evaluate(tab, state);
      await info.attach('seen', { body: JSON.stringify({ gone, away, back }, null, 1), contentType: 'application/json' });

      expect([gone.hidden, away.hidden, back.hidden]).toEqual([true, true, false]);
      expect(away.frames, 'a hidden tab has no frames').toBe(gone.frames);
      expect(away.turns, 'it goes on').toBeGreaterThan(gone.turns);
      expect(away.yields - gone.yields, 'and the tab keeps its turns').toBeGreaterThan(20);
      expect(back.frames).toBeGreaterThan(away.frames);
      expect(back.turns).toBeGreaterThan(away.turns);
      expect(back.status).toBe('running');
      const stop = async () => {
        globalThis.watched.run.stop();
        return (await globalThis.watched.run).status;
      };
      expect(await tabs.evaluate(tab, stop)).toBe('stopped');
    } finally {
      await tabs.close();
    }
  });

  test(`${variant}: a page that says it is hidden has no frames to wait for`, async ({ blank: page }) => {
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
