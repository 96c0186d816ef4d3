// fixture.js - what every test of the pages stands on: a page on which any console error or CSP violation is a failure.
import { test as base } from '@playwright/test';
import { readFileSync } from 'node:fs';

export { expect } from '@playwright/test';

/** Where a page tells of what its policy forbade. */
function tellViolations() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
    console.error(`CSP: ${violatedDirective} ${blockedURI} (${sourceFile}:${lineNumber})`),
  );
}

const hasJspi = () => 'Suspending' in WebAssembly;

export const test = base.extend({
  /** Complaints a test expects; all others make it fail. */
  allowed: [[], { option: true }],

  complaints: async ({}, use) => use([]),

  page: async ({ page, complaints, allowed }, use, info) => {
    if (/\bjspi\b/.test(info.title)) base.skip(!(await page.evaluate(hasJspi)), 'this browser has no JSPI');
    await page.addInitScript(tellViolations);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(page);
    const unexpected = complaints.filter((text) => !allowed.some((rule) => rule.test(text)));
    base.expect(unexpected, 'console errors and CSP violations').toEqual([]);
  },

  /** The variants that this browser can run. */
  variants: async ({ page }, use) => use((await page.evaluate(hasJspi)) ? VARIANTS : VARIANTS.filter((name) => name !== 'jspi')),

  /** A page with nothing on it, under the same policy as all others. */
  blank: async ({ page }, use) => {
    await page.goto('/tests/web/blank.html');
    await use(page);
  },

  /** A picture of the whole page. Firefox's pictures need a style that the policy forbids: it makes none. */
  picture: async ({ page, browserName }, use, info) => {
    await use(async (name) => {
      if (browserName === 'chromium') await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
    });
  },

  /** A file on its way to the page, as if dropped there. */
  drop: async ({ page }, use) => {
    await use(async (name, text) => {
      const transfer = await page.evaluateHandle(
        ([file, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], file, { type: 'application/json' }));
          return data;
        },
        [name, text],
      );
      await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
      await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    });
  },
});

/** The text of an example. */
export const example = (id) => readFileSync(new URL(`../../html/examples/${id}.graph.json`, import.meta.url), 'utf8');

/** The list of examples. */
export const EXAMPLES = JSON.parse(readFileSync(new URL('../../html/examples/list.json', import.meta.url), 'utf8'));

export const YIELDING = ['step', 'asyncify', 'jspi'];
export const VARIANTS = ['plain', ...YIELDING];
