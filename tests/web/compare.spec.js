// compare.spec.js - the compare page from end to end: it runs every variant, fills its table, and says what is true.
import { EXAMPLES, VARIANTS, expect, test } from './fixture.js';

const done = (page) => page.waitForSelector('html[data-done="true"]', { state: 'attached', timeout: 50_000 });

/** The table as objects: a row's title to its cells by variant. */
const table = (page) =>
  page.evaluate(() => {
    const names = [...document.querySelectorAll('#table thead th')].slice(1).map((cell) => cell.textContent);
    return Object.fromEntries(
      [...document.querySelectorAll('#table tbody tr')].map((row) => [
        row.querySelector('th').firstChild.textContent,
        Object.fromEntries([...row.querySelectorAll('td')].map((cell, i) => [names[i], cell.textContent])),
      ]),
    );
  });

/** Milliseconds in a text such as "1.37 s". */
const ms = (text) => parseFloat(text) * (/\d s/.test(text) ? 1000 : 1);

for (const { id } of EXAMPLES.filter(({ compare }) => compare)) {
  test(`${id}: all variants run, in turn, to equal results`, async ({ page, picture }) => {
    await page.goto(`/html/compare.html?auto=1&rounds=1&example=${id}`);
    await expect(page.locator('#telling')).toContainText('plain blocks');
    await done(page);
    await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
    const rows = await table(page);
    for (const variant of VARIANTS) {
      expect(rows.Result[variant]).toMatch(/^equal \w{8}$/);
      expect(rows.Binary[variant]).toMatch(/^[\d.]+ kB [\d.]+ kB br$/);
      expect(ms(rows['Run time'][variant])).toBeGreaterThan(0);
    }
    expect(rows.Yields.plain).toBe('0');
    const cost = expect.stringMatching(/^-?[\d.,]+ µs$/);
    expect(rows['Mean cost of a yield']).toEqual({ plain: '–', step: cost, asyncify: cost });
    expect(Number(rows.Yields.step.replace(',', ''))).toBeGreaterThan(10);
    expect(Number(rows.Yields.asyncify.replace(',', ''))).toBeGreaterThan(10);
    expect(ms(rows['Longest slice'].plain)).toBeGreaterThan(ms(rows['Run time'].plain) * 0.9);
    expect(ms(rows['Longest slice'].step)).toBeLessThan(ms(rows['Longest slice'].plain) / 2);
    expect(ms(rows['Frame interval, longest'].step)).toBeLessThan(ms(rows['Frame interval, longest'].plain));
    await picture(`compare-${id}`);
  });
}

test('the table is copied as Markdown', async ({ page, context }, info) => {
  if (info.project.name === 'chromium') await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/html/compare.html?auto=1&rounds=1&example=sum');
  await done(page);
  const lines = (await page.inputValue('#markdown')).split('\n');
  expect(lines.slice(2, 4)).toEqual(['|  | plain | step | asyncify |', '| --- | ---: | ---: | ---: |']);
  expect(lines.slice(4)).toHaveLength(14);
  await page.click('#copy');
  await expect(page.locator('#note')).not.toHaveText('');
  if (info.project.name === 'chromium') expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(lines.join('\n'));
});

test('stopping it leaves a page that can begin again', async ({ page }) => {
  await page.goto('/html/compare.html?rounds=1&example=sum');
  await page.waitForSelector('#run:enabled');
  await page.click('#run');
  await expect(page.locator('#now')).toHaveText('step', { timeout: 20_000 });
  await page.click('#stop');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'false');
  await page.click('#run');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
});

test.describe('a variant that is not there', () => {
  test.use({ allowed: [/404/] });
  test('is told, and the page is not content', async ({ page }) => {
    await page.route('**/build/step/treadle.wasm', (route) => route.fulfill({ status: 404 }));
    await page.goto('/html/compare.html?auto=1&rounds=1&example=sum');
    await done(page);
    await expect(page.locator('html')).toHaveAttribute('data-ok', 'false');
    await expect(page.locator('#note')).toContainText('build/step/treadle.wasm: 404');
  });
});
