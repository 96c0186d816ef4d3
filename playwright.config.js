// playwright.config.js - how the pages are tested: Debian's Chromium gates, Debian's Firefox joins where it is installed.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './js/start.js';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** A port nobody listens on. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// This file is read by the runner and again by its workers; they must agree on the port.
const first = process.env.TREADLE_PORT === undefined;
process.env.TREADLE_PORT ??= String(await freePort());
const url = `http://127.0.0.1:${process.env.TREADLE_PORT}/`;

const firefox = {
  name: 'firefox',
  use: { browserName: 'firefox', channel: 'moz-firefox', launchOptions: { executablePath: FIREFOX } },
};
if (first && !existsSync(FIREFOX)) console.log('Firefox is skipped: there is no firefox-esr on this machine.');

export default defineConfig({
  testDir: 'tests/web',
  outputDir: 'build/test/web',
  workers: 1,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'build/test/web.json' }]],
  use: { baseURL: url, trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', use: { browserName: 'chromium', launchOptions: CHROMIUM } },
    ...(existsSync(FIREFOX) ? [firefox] : []),
  ],
  webServer: {
    command: `node js/serve.js --port ${process.env.TREADLE_PORT} --also tests/web`,
    url: `${url}js/serve.js`,
    reuseExistingServer: false,
  },
});
