// busy.js - a graph beside a page that is used: how much it gets of the machine, and what the page feels of it.
//
//     node bench/busy.js [--rounds N] [--seconds N]
//
// Throughput is against uninterrupted calls of the same module in the same page. Medians over interleaved rounds.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium, firefox } from '@playwright/test';
import { serve } from '../js/serve.js';
import { median } from './reduce.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '4' } },
});
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FIREFOX = '/usr/bin/firefox-esr';
const QUIET = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Ways of running it: 4 slices a frame for a quick hand, 2 for throughput. */
const WAYS = [
  { variant: 'step', budget: 4 },
  { variant: 'asyncify', budget: 4 },
  { variant: 'jspi', budget: 4 },
  { variant: 'step', budget: 8 },
  { variant: 'asyncify', budget: 8 },
  { variant: 'jspi', budget: 8 },
];

/** @type {{name: string, launch: () => Promise<import('@playwright/test').Browser>}[]} */
const browsers = [
  { name: 'chromium', launch: () => chromium.launch({ executablePath: CHROMIUM, args: QUIET }) },
  ...(existsSync(FIREFOX)
    ? [{ name: 'firefox', launch: () => firefox.launch({ executablePath: FIREFOX, channel: 'moz-firefox' }) }]
    : []),
];
if (browsers.length < 2) console.log(`firefox: ${FIREFOX} is not there, left out`);

const { url, close } = await serve({ port: 0, also: ['bench'] });
/** @type {Map<string, any[]>} */
const runs = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { name, launch } of browsers) {
    const browser = await launch();
    for (const way of WAYS) {
      const page = await browser.newPage();
      if (way.variant === 'jspi' && !(await page.evaluate(() => 'Suspending' in WebAssembly))) continue;
      await page.goto(`${url}bench/busy.html?variant=${way.variant}&budget=${way.budget}&seconds=${values.seconds}`);
      await page.waitForSelector('html[data-ready]', { timeout: 60_000 });
      const done = page.waitForSelector('html[data-done]', { timeout: 60_000 }).then(() => true);
      while (!(await Promise.race([done, new Promise((go) => setTimeout(go, 100, false))]))) {
        await page.mouse.click(40, 60).catch(() => {});
      }
      const result = JSON.parse((await page.textContent('#out')) ?? '{}');
      const key = `${name} ${way.variant} ${way.budget}`;
      runs.set(key, [...(runs.get(key) ?? []), { browser: name, ...result }]);
      await page.close();
    }
    await browser.close();
  }
}
await close();

/** @param {any[]} list @param {string} key @param {number} [digits] */
const of = (list, key, digits = 1) => median(list.map((one) => one[key])).toFixed(digits);
console.log('| browser | variant | budget ms | throughput % | frames/s | frame p50 | frame p99 | click p50 | click max | clicks | timer p95 | yields/s |');
console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const list of runs.values()) {
  const [{ browser, variant, budget }] = list;
  const share = (100 * median(list.map((one) => one.throughput))).toFixed(1);
  const cells = ['fps', 'frameP50', 'frameP99', 'clickP50', 'clickMax', 'clicks', 'timerP95', 'yieldsPerSecond'].map((key) => of(list, key));
  console.log(`| ${browser} | ${variant} | ${budget} | ${share} | ${cells.join(' | ')} |`);
}
