// bench.spec.js - the page of the bench: it measures, checks, draws and tells, can be stopped, and lives meanwhile.
import { expect, test } from './fixture.js';

const done = (page) => page.waitForSelector('html[data-done="true"]', { state: 'attached', timeout: 50_000 });

test('a workload is measured in every runner, and what comes out is right', async ({ page, picture }) => {
  await page.goto('/html/bench.html?auto=1&size=quick&rounds=3&workload=collatz');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
  const card = page.locator('#card-collatz');
  for (const name of ['walker', 'machine', 'scheduler', 'compiled', 'structured', 'JavaScript']) {
    const line = card.locator('.bars > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
    await expect(line.locator('.rate')).toHaveText(/^[\d.]+ [kMG]$/);
    await expect(line.locator('.times')).toHaveText(/^[\d.]+ ×$/);
  }
  const measured = page.locator('#aims tbody tr', { hasText: 'our own VM' }).locator('td').nth(1);
  await expect(measured).toHaveText(/^[\d.,]+$/);
  await expect(page.locator('.card:visible')).toHaveCount(1);
  await picture('bench-measured');
});

test('the tables are copied as Markdown, with the browser they are of', async ({ page, context }, info) => {
  if (info.project.name === 'chromium') await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/html/bench.html?auto=1&size=quick&rounds=1&workload=sum');
  await done(page);
  const text = await page.inputValue('#markdown');
  expect(text).toMatch(/^\S+ \d+ on .*, \d+ cores, 1 rounds, size quick\n/);
  expect(text).toContain('| sum | treadle | plain | vm | 10000 |');
  await page.click('#copy');
  await expect(page.locator('#note')).not.toHaveText('');
  if (info.project.name === 'chromium') expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
});

test('the page lives while it measures, and stops at once', async ({ page }) => {
  await page.goto('/html/bench.html?size=full&rounds=5&workload=collatz');
  await page.click('#run');
  const frames = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let count = 0;
        const begin = performance.now();
        const next = () => (performance.now() - begin < 500 ? (count++, requestAnimationFrame(next)) : resolve(count));
        requestAnimationFrame(next);
      }),
  );
  expect(frames).toBeGreaterThan(8);
  await page.click('#stop');
  await done(page);
  await expect(page.locator('#now')).toHaveText('stopped');
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'false');
  await expect(page.locator('#run')).toBeEnabled();
});

test('without C by hand the rest is measured, and it is said', async ({ page }) => {
  await page.route('**/hand.wasm', (route) => route.fulfill({ status: 204 }));
  await page.goto('/html/bench.html?auto=1&size=quick&rounds=1&workload=sum');
  await done(page);
  await expect(page.locator('html')).toHaveAttribute('data-ok', 'true');
  await expect(page.locator('#about')).toContainText('make build/bench/hand.wasm');
  await expect(page.locator('#card-sum dt')).toHaveText(['walker', 'machine', 'scheduler', 'compiled', 'structured', 'JavaScript']);
});
