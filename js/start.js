// start.js - serves the pages and opens the compare page: in the desktop's browser, or without a window to print its table.
//
//     node js/start.js [--port N] [--headless [--seconds N]]
//
// With --headless the page runs in Chromium, its table is printed as Markdown, and the status is 0 when the
// page found every result right. CHROMIUM names another browser than /usr/bin/chromium.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from './serve.js';

/** How Playwright starts the system's Chromium: silent, and as root without the sandbox, which root cannot have. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-sync',
    '--no-first-run',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
};

/**
 * Runs the compare page without a window and prints its table.
 * @param {string} url of the server
 * @param {number} seconds how long the page may take
 * @returns {Promise<boolean>} whether the page is content
 */
async function runHeadless(url, seconds) {
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch(CHROMIUM);
  try {
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`page: ${message.text()}`);
    });
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    const answer = await page.goto(`${url}html/compare.html?auto=1`);
    if (!answer?.ok()) throw new Error(`the compare page answered ${answer?.status()}`);
    await page.waitForSelector('html[data-done="true"]', { state: 'attached', timeout: seconds * 1000 });
    console.log(await page.locator('#markdown').evaluate((element) => /** @type {any} */ (element).value ?? element.textContent));
    return (await page.locator('html').getAttribute('data-ok')) === 'true';
  } finally {
    await browser.close();
  }
}

/**
 * Opens an address on the desktop, where there is one.
 * @param {string} url
 */
function openOnDesktop(url) {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn('xdg-open', [url], { stdio: 'ignore', detached: true })
    .on('error', () => {}) // no xdg-open: the address has been printed
    .unref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, headless: { type: 'boolean' }, seconds: { type: 'string', default: '300' } },
  });
  const server = await serve({ port: values.port ? Number(values.port) : values.headless ? 0 : undefined });
  if (values.headless) {
    try {
      const fine = await runHeadless(server.url, Number(values.seconds));
      if (!fine) console.error('The compare page found a result that is not right.');
      process.exitCode = fine ? 0 : 1;
    } catch (error) {
      console.error(`The compare page did not finish: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    } finally {
      await server.close();
    }
  } else {
    console.log(`Treadle's pages are at ${server.url}`);
    console.log(`Compare the variants: ${server.url}html/compare.html`);
    openOnDesktop(`${server.url}html/compare.html`);
  }
}
