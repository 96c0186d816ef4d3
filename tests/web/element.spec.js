// element.spec.js - <treadle-graph>: it runs while it is in the page, under a strict policy, from markup and from script.
import { YIELDING, expect, test } from './fixture.js';

/** In the page: an element with these attributes, and what it tells. */
async function place([attributes, known]) {
  const element = document.createElement('treadle-graph');
  const told = (globalThis.told = []);
  for (const type of ['load', 'log', 'event', 'status', 'finish', 'error']) {
    document.addEventListener(type, ({ detail, target }) => target === element && told.push([type, detail]), true);
  }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (!known) document.body.append(element);
  await import('/js/element.js');
  if (known) document.body.append(element);
  globalThis.element = element;
}

const told = (page, type) => page.evaluate((wanted) => globalThis.told.filter(([name]) => name === wanted).length, type);
const fizzbuzz = '/html/examples/fizzbuzz.graph.json';
const endless = '/html/examples/endless.graph.json';

for (const known of [true, false]) {
  test(`an element ${known ? 'made after' : 'in the page before'} its definition runs its graph`, async ({ blank: page }) => {
    await page.evaluate(place, [{ src: fizzbuzz, variant: 'step' }, known]);
    await expect.poll(() => told(page, 'finish')).toBe(1);
    expect(await told(page, 'log')).toBe(30);
    const { status, outputs } = await page.evaluate(() => globalThis.told.find(([type]) => type === 'finish')[1]);
    expect([status, outputs.plain]).toEqual(['done', 16]);
  });
}

for (const variant of YIELDING) {
  test(`${variant}: leaving the page stops the run, coming back starts another`, async ({ blank: page }) => {
    await page.evaluate(place, [{ src: endless, variant, budget: '2' }, true]);
    await expect.poll(() => page.evaluate(() => globalThis.element.run?.status)).toBe('running');
    const after = await page.evaluate(async () => {
      const { element } = globalThis;
      const { run, engine } = element;
      element.remove();
      const ended = await run.finished.then(() => 'resolved', () => 'rejected');
      let closed = false;
      try {
        engine.cadence = 0;
      } catch {
        closed = true;
      }
      return { ended, closed, run: element.run, engine: element.engine };
    });
    expect(after).toEqual({ ended: 'rejected', closed: true, run: null, engine: null });
    await page.evaluate(() => document.body.append(globalThis.element));
    await expect.poll(() => page.evaluate(() => globalThis.element.run?.status)).toBe('running');
    await page.evaluate(() => globalThis.element.remove());
  });
}

test('two elements run at once and end alone', async ({ blank: page }) => {
  await page.evaluate(place, [{ src: endless, variant: 'step' }, true]);
  await page.evaluate(async (src) => {
    const second = document.createElement('treadle-graph');
    second.setAttribute('src', src);
    const finished = new Promise((resolve) => second.addEventListener('finish', resolve, { once: true }));
    document.body.append(second);
    await finished;
  }, fizzbuzz);
  expect(await page.evaluate(() => globalThis.element.run.status)).toBe('running');
  await page.evaluate(() => globalThis.element.remove());
});

test('properties set before the definition are kept', async ({ blank: page }) => {
  const state = await page.evaluate(async (src) => {
    const element = document.createElement('treadle-graph');
    Object.assign(element, { src, variant: 'asyncify', budget: 2, paused: true });
    document.body.append(element);
    await import('/js/element.js');
    await new Promise((resolve) => element.addEventListener('load', resolve, { once: true }));
    const found = { src: element.getAttribute('src'), variant: element.engine.variant, budget: element.budget, paused: element.paused };
    element.remove();
    return found;
  }, fizzbuzz);
  expect(state).toEqual({ src: fizzbuzz, variant: 'asyncify', budget: 2, paused: true });
});

test('its buttons pause, step and stop, by keyboard too', async ({ blank: page }) => {
  await page.evaluate(place, [{ src: endless, variant: 'step' }, true]);
  const button = (name) => page.locator('treadle-graph').getByRole('button', { name });
  await button('Pause').click();
  await expect.poll(() => page.evaluate(() => globalThis.element.run.status)).toBe('paused');
  await button('Step').focus();
  await page.keyboard.press('Enter');
  await button('Resume').click();
  await expect.poll(() => page.evaluate(() => globalThis.element.run.status)).toBe('running');
  await button('Stop').click();
  await expect.poll(() => told(page, 'finish')).toBe(1);
});

test.describe('errors', () => {
  test.use({ allowed: [/404/] });
  test('a graph that is not there is told by an error event', async ({ blank: page }) => {
    await page.evaluate(place, [{ src: '/html/examples/none.graph.json' }, true]);
    await expect.poll(() => told(page, 'error')).toBe(1);
    const code = await page.evaluate(() => globalThis.told.find(([type]) => type === 'error')[1].code);
    expect(code).toBe('FETCH');
  });
});
