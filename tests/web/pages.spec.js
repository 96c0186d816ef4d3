// pages.spec.js - all pages: they load clean, fit a phone, can be used by keyboard, follow light and dark.
import { expect, test } from './fixture.js';

const PAGES = {
  index: 'html[data-ready="true"]',
  compare: '#run:enabled',
  bench: '#run:enabled',
  gltf: 'html[data-ready="true"]',
  embed: '#script-result:has-text("done")',
  ops: 'html[data-ready="true"]',
  troubleshooting: 'html[data-ready="true"]',
};

const SHAPES = {
  light: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light' },
};

for (const [shape, use] of Object.entries(SHAPES)) {
  test.describe(shape, () => {
    test.use(use);
    for (const [name, ready] of Object.entries(PAGES)) {
      test(`${name} loads without a complaint and fits`, async ({ page, picture }) => {
        await page.goto(`/html/${name}.html`);
        await page.waitForSelector(ready, { state: 'attached' });
        const [wide, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        expect(wide, 'nothing is wider than the window').toBeLessThanOrEqual(has);
        await picture(`${name}-${shape}`);
      });
    }
  });
}

test('the keyboard reaches everything, and its place is seen', async ({ page }) => {
  await page.goto('/html/index.html');
  await page.waitForSelector('#run:enabled');
  const seen = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const { tag, id, outline } = await page.evaluate(() => {
      const at = document.activeElement;
      return { tag: at.tagName, id: at.id || at.className, outline: getComputedStyle(at.closest('.button') ?? at).outlineStyle };
    });
    if (tag === 'BODY' || seen.length > 50) break;
    seen.push(id);
    expect(outline, `focus on ${tag} ${id}`).not.toBe('none');
  }
  expect(seen).toEqual(expect.arrayContaining(['skip', 'example', 'file', 'variant', 'budget', 'run', 'source', 'clear', 'log-view']));
});

test('the wheel stands still for those who want no motion', async ({ page, browserName }) => {
  test.skip(browserName === 'firefox', 'Playwright cannot tell this Firefox what its user wants');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/html/index.html');
  const angle = () => page.locator('.wheel .turning').first().getAttribute('transform');
  const before = await angle();
  await page.waitForTimeout(200);
  expect(await angle()).toBe(before);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.waitForTimeout(200);
  expect(await angle()).not.toBe(before);
});

test('nothing moves when a graph starts, says something and ends', async ({ page }) => {
  await page.goto('/html/index.html?example=fizzbuzz');
  await page.waitForSelector('#run:enabled');
  const places = () =>
    page.evaluate(() => {
      const elements = [...document.querySelectorAll('.panel, .tools button, .figures dd')];
      return elements.map((element) => element.getBoundingClientRect().toJSON());
    });
  const before = await places();
  await page.click('#run');
  expect(await places()).toEqual(before);
  await page.waitForSelector('html[data-status="done"]', { state: 'attached' });
  expect(await places()).toEqual(before);
});
