// flock.js - a thousand objects moved by one graph in every frame: the frame times of html/gltf.html in Chromium.
//
//     node bench/flock.js [--seconds N] [--variant step|asyncify] [--size WIDTHxHEIGHT] [--picture FILE.png]
//
// Where there is no GPU the browser draws in software, and the size of the window decides; the graph's own part of the time
// is told beside it.

import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { serve } from '../js/serve.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    variant: { type: 'string', default: 'step' },
    size: { type: 'string', default: '480x360' },
    picture: { type: 'string' },
  },
});
const [width, height] = values.size.split('x').map(Number);
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SOFTWARE = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Times between frames, in the page, for so long. @param {number} ms */
const frames = (ms) =>
  new Promise((done) => {
    /** @type {number[]} */
    const times = [];
    const end = performance.now() + ms;
    let last = 0;
    const next = (/** @type {number} */ now) => {
      if (last) times.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(next);
      else done(times);
    };
    requestAnimationFrame(next);
  });

/** @param {number[]} times @param {number} part */
const at = (times, part) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(part * times.length))];

const { url, close } = await serve({ port: 0 });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: SOFTWARE });
const page = await browser.newPage({ viewport: { width, height } });
await page.goto(`${url}html/gltf.html?model=flock`);
await page.selectOption('#variant', values.variant);
await page.waitForFunction(() => Number(document.querySelector('#changes')?.textContent?.replace(/\D/g, '')) >= 1000, undefined, { timeout: 60_000 });
for (let calm = 0, tries = 0; calm < 3 && tries < 30; tries++) { // shaders and first frames take their time
  calm = Math.max(.../** @type {number[]} */ (await page.evaluate(frames, 1000))) < 50 ? calm + 1 : 0;
}

console.log(`${values.variant}, ${values.size}, drawn in software`);
console.log('| frames/s | p50 ms | p99 ms | over 25 ms | graph | changes a frame |');
console.log('|---:|---:|---:|---:|---:|---:|');
const times = /** @type {number[]} */ (await page.evaluate(frames, 1000 * Number(values.seconds)));
const figures = [(1000 * times.length) / times.reduce((sum, time) => sum + time, 0), at(times, 0.5), at(times, 0.99)];
const late = `${times.filter((time) => time > 25).length} of ${times.length}`;
const said = await Promise.all(['#share', '#changes'].map((id) => page.textContent(id)));
console.log(`| ${[...figures.map((figure) => figure.toFixed(1)), late, ...said].join(' | ')} |`);
if (values.picture) await page.locator('.strip').screenshot({ path: values.picture });
await browser.close();
await close();
