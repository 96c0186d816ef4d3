// ops.spec.js - the page of operations: every line opens, every trial runs, the finder finds.
import { expect, test } from './fixture.js';

test.beforeEach(async ({ page }) => {
  await page.goto('/html/ops.html');
  await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
});

const shown = (page) => page.locator('.op:visible > summary > code').allTextContents();

test('every operation opens, and all that can be tried in place runs', async ({ page }) => {
  await page.evaluate(() => document.querySelectorAll('.op').forEach((line) => (line.open = true)));
  const lines = await page.locator('.op').count();
  expect(lines).toBeGreaterThan(90);
  await expect(page.locator('.op .inside')).toHaveCount(lines);
  await page.evaluate(() => document.querySelectorAll('.try form').forEach((form) => form.requestSubmit()));
  const trials = await page.locator('.try').count();
  await expect(page.locator('.try output:not(.quiet)')).toHaveCount(trials);
  expect(await page.locator('.try output.bad').allTextContents()).toEqual([]);
  const [small] = (await page.locator('.try output').allTextContents()).filter((text) => text.length === 0);
  expect(small, 'each says something').toBe(undefined);
});

test('a pure operation takes the values that are given, odd ones too', async ({ page }) => {
  const line = page.locator('[id="math/min"]');
  await line.locator('summary').click();
  await line.locator('input[name=a]').fill('0');
  await line.locator('input[name=b]').fill('-0');
  await line.getByRole('button', { name: 'Run' }).click();
  await expect(line.locator('output')).toHaveText('value = -0');
  await line.locator('input[name=b]').fill('NaN');
  await line.getByRole('button', { name: 'Run' }).click();
  await expect(line.locator('output')).toHaveText('value = NaN');
  await line.locator('select').selectOption('int');
  await line.locator('input[name=b]').fill('1.5');
  await line.getByRole('button', { name: 'Run' }).click();
  await expect(line.locator('output')).toHaveClass('bad');
});

test('a loop can be run in place', async ({ page }) => {
  const line = page.locator('[id="flow/for"]');
  await line.locator('summary').click();
  await line.getByRole('button', { name: 'Run' }).click();
  await expect(line.locator('output')).toHaveText('0.0 s  turn 0\n0.0 s  turn 1\n0.0 s  turn 2\n0.0 s  index is 3 now');
});

test('the finder narrows by words and by domain', async ({ page }) => {
  await page.fill('#find', 'round');
  expect(await shown(page)).toContain('math/round');
  expect(await shown(page)).not.toContain('math/sin');
  await page.fill('#find', '');
  await page.getByRole('button', { name: 'flow', exact: true }).click();
  const names = await shown(page);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(name).toMatch(/^flow\//);
  await page.fill('#find', 'no such thing');
  await expect(page.locator('#count')).toHaveText(/^0 of /);
});

test('an address names an operation', async ({ page }) => {
  await page.goto('/html/ops.html#flow/branch');
  await page.waitForSelector('[id="flow/branch"][open]');
});
