// embed.spec.js - the embedding page: three examples, each short, each running; and the troubleshooting page's check.
import { readFileSync } from 'node:fs';
import { expect, test } from './fixture.js';

for (const name of ['script', 'element', 'worker']) {
  test(`the ${name} example has fewer than 30 lines`, () => {
    const lines = readFileSync(new URL(`../../html/embed-${name}.js`, import.meta.url), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(30);
  });
}

test('script, elements and worker run, and what is shown is what runs', async ({ page }) => {
  await page.goto('/html/embed.html');
  const script = page.locator('#script-result');
  await expect(script).toContainText('done: {"start":35655,"length":324}', { timeout: 20_000 });
  await expect(script).toContainText('below 50000 the longest chain starts at 35655: 324 numbers');
  await expect(page.locator('#worker-result')).toHaveText(/done: \{"area":1\.5\d+\}/, { timeout: 20_000 });
  await expect(page.locator('#element-result')).toContainText('fizzbuzz.graph.json: done, {"plain":16}');
  await expect(page.locator('code[data-file="embed-script.js"]')).toContainText('await open()');
  await expect(page.locator('code[data-markup]')).toContainText('<treadle-graph src="examples/fizzbuzz.graph.json" variant="step">');
  await page.click('#element-remove');
  await expect(page.locator('treadle-graph')).toHaveCount(1);
});

test('the troubleshooting page finds all variants', async ({ page, variants }) => {
  await page.goto('/html/troubleshooting.html');
  await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
  for (const variant of variants) await expect(page.locator('#checks')).toContainText(`${variant} opens`);
});

test.describe('a policy that forbids WebAssembly', () => {
  test.use({ allowed: [/CSP|wasm-eval|WebAssembly/] });
  test('is told in a sentence, by the check and by the workbench', async ({ page }) => {
    await page.route('**/html/*.html', async (route) => {
      const response = await route.fetch();
      const policy = response.headers()['content-security-policy'].replace(" 'wasm-unsafe-eval'", '');
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    await page.goto('/html/troubleshooting.html');
    await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
    await expect(page.locator('#checks')).toContainText("add 'wasm-unsafe-eval' to script-src");
    await page.goto('/html/index.html');
    await expect(page.locator('#note')).toContainText("add 'wasm-unsafe-eval' to script-src");
  });
});
