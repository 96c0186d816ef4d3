// compare.spec.js - the compare page from end to end: it runs every runner in every variant, fills its tables, and says what is true.
import { EXAMPLES, YIELDING, expect, test } from './fixture.js';

const RUNNERS = ['auto', 'vm', 'wasm', 'scheduler', 'structured', 'walk'];

const done = (page, seconds = 50) => page.waitForSelector('html[data-done="true"]', { state: 'attached', timeout: seconds * 1000 });

/** The table of figures as objects: a row's title to its cells by variant. */
const table = (page) =>
  page.evaluate(() => {
    const names = [...document.querySelectorAll('#table thead th')].slice(1).map((cell) => cell.textContent);
    const textOf = (cell) => [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(' ');
    return Object.fromEntries(
      [...document.querySelectorAll('#table tbody tr')].map((row) => [
        row.querySelector('th').firstChild.textContent,
        Object.fromEntries([...row.querySelectorAll('td')].map((cell, i) => [names[i], textOf(cell)])),
      ]),
    );
  });

/** The grid as objects: a runner to its cells by variant, each with what it shows. */
const grid = (page) =>
  page.evaluate(() => {
    const textOf = (cell, what) => cell.querySelector(what)?.textContent ?? '';
    const cellOf = (cell) => ({ rate: textOf(cell, 'b'), slice: textOf(cell, '.slice'), frames: textOf(cell, '.rate'), yields: textOf(cell, '.yields') });
    const found = {};
    for (const cell of document.querySelectorAll('#grid td')) (found[cell.dataset.runner] ??= {})[cell.dataset.variant] = cellOf(cell);
    return found;
  });

/** Milliseconds in a text such as "1.37 s". */
const ms = (text) => parseFloat(text) * (/\d s/.test(text) ? 1000 : 1);

/** A number written as 12.3M. */
const amount = (text) => parseFloat(text) * { K: 1e3, M: 1e6, B: 1e9 }[text.at(-1)];

for (const { id } of EXAMPLES.filter(({ compare }) => compare)) {
  test(`${id}: all variants run in the virtual machine, in turn, to equal results`, async ({ page, picture, variants }) => {
    await page.goto(`/html/compare.html?auto=1&example=${id}&runner=vm`);
    await expect(page.locator('#telling')).toContainText('plain blocks');
    await done(page);
    await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
    const rows = await table(page);
    for (const variant of variants) {
      expect(rows.Result[variant]).toMatch(/^equal \w{8}$/);
      expect(rows.Binary[variant]).toMatch(/^[\d.]+ kB [\d.]+ kB br$/);
      expect(ms(rows['Run time'][variant])).toBeGreaterThan(0);
      expect(rows['Done by'][variant]).toBe('vm');
    }
    expect(rows.Yields.plain).toBe('0');
    expect(rows['Mean cost of a yield'].plain).toBe('–');
    for (const variant of YIELDING.filter((name) => variants.includes(name))) {
      expect(rows['Mean cost of a yield'][variant]).toMatch(/^-?[\d.,]+ µs$/);
      expect(Number(rows.Yields[variant].replace(',', ''))).toBeGreaterThan(10);
    }
    expect(ms(rows['Longest slice'].plain)).toBeGreaterThan(ms(rows['Run time'].plain) * 0.9);
    expect(ms(rows['Longest slice'].step)).toBeLessThan(ms(rows['Longest slice'].plain) / 2);
    expect(ms(rows['Frame interval, longest'].step)).toBeLessThan(ms(rows['Frame interval, longest'].plain));
    await picture(`compare-${id}`);
  });
}

test('every runner in every variant: a grid of equal results, and the figures of the runner that is chosen', async ({ page, picture, variants }) => {
  test.slow();
  await page.goto('/html/compare.html?auto=1&example=sum');
  await done(page, 150);
  await expect(page.locator('#note')).toHaveText('');
  await expect(page.locator('#now')).toHaveText('done, all equal');
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
  const cells = await grid(page);
  expect(Object.keys(cells)).toEqual(RUNNERS);
  for (const runner of RUNNERS) expect(Object.keys(cells[runner])).toEqual(variants);
  for (const variant of variants) expect(cells.structured[variant].yields, 'structured code gives no turn').toBe('0');
  // Of several, since a busy machine makes any one of them slow: it is four times and thirty times as fast otherwise.
  const best = (runner) => Math.max(...variants.map((variant) => amount(cells[runner][variant].rate)));
  expect(best('wasm'), 'compiled code against the machine').toBeGreaterThan(best('vm'));
  expect(best('vm'), 'the machine against the walker').toBeGreaterThan(best('walk'));
  await expect(page.locator('#grid .tag')).toHaveText(['cannot be stopped']);
  for (const runner of ['wasm', 'structured', 'scheduler', 'walk']) {
    await page.click(`#grid .pick:text-is("${runner}")`);
    await expect(page.locator('#seen')).toHaveText(runner);
    await expect(page.locator('#plotted')).toHaveText(runner);
    await expect(page.locator(`#grid .pick:text-is("${runner}")`)).toHaveAttribute('aria-pressed', 'true');
    const rows = await table(page);
    for (const variant of variants) expect([rows['Done by'][variant], rows.Result[variant]]).toEqual([runner, expect.stringMatching(/^equal \w{8}$/)]);
  }
  await picture('compare-all');
});

test('the tables are copied as Markdown', async ({ page, context, variants }, info) => {
  if (info.project.name === 'chromium') await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/html/compare.html?auto=1&example=sum&runner=vm');
  await done(page);
  const lines = (await page.inputValue('#markdown')).split('\n');
  const heads = variants.join(' | ');
  const rule = `| --- |${' ---: |'.repeat(variants.length)}`;
  expect(lines.slice(2, 4)).toEqual([`| work a second, longest slice, frames, yields | ${heads} |`, rule]);
  expect(lines[4]).toMatch(/^\| vm( \| [\d.]+[MB], [\d.]+ m?s, [\d.]+ fps, \d+)+ \|$/);
  expect(lines.slice(5, 8)).toEqual(['', `| vm | ${heads} |`, rule]);
  expect(lines.slice(8)).toHaveLength(16);
  await page.click('#copy');
  await expect(page.locator('#note')).not.toHaveText('');
  if (info.project.name === 'chromium') expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(lines.join('\n'));
});

test('stopping it leaves a page that can begin again', async ({ page }) => {
  await page.goto('/html/compare.html?example=sum&runner=vm');
  await page.waitForSelector('#run:enabled');
  await page.click('#run');
  await expect(page.locator('#now')).toHaveText('vm in step', { timeout: 20_000 });
  await page.click('#stop');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'false');
  await page.click('#run');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
});

test.describe('a variant that is not there', () => {
  test.use({ allowed: [/404/] });
  test('is told, the others are measured, and the page is not content', async ({ page }) => {
    await page.route('**/build/step/treadle.wasm', (route) => route.fulfill({ status: 404 }));
    await page.goto('/html/compare.html?auto=1&example=sum&runner=vm');
    await done(page);
    await expect(page.locator('html')).toHaveAttribute('data-ok', 'false');
    await expect(page.locator('#note')).toContainText('vm in step: build/step/treadle.wasm: 404');
    const { vm } = await grid(page);
    expect([vm.step.rate, vm.plain.rate]).toEqual(['failed', expect.stringMatching(/^[\d.]+[MB]$/)]);
  });
});
