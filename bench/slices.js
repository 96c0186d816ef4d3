// slices.js - Whether compiled code keeps to its slices of 4 ms in a page, and whether the page feels that code is made.

import { chromium } from '@playwright/test';
import { serve } from '../js/serve.js';
import { median } from './reduce.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const QUIET = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/**
 * The worst p99 of several graphs, and the median over tries of the longest stop while code is made.
 * @param {{quick: boolean}} how
 */
export async function measure({ quick }) {
  const { url, close } = await serve({ port: 0, also: ['bench'] });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  try {
    const page = await browser.newPage();
    await page.goto(`${url}bench/slices.html?seconds=${quick ? 1 : 15}`);
    await page.waitForSelector('html[data-done]', { timeout: 120_000, state: 'attached' });
    const { error, slices, stops } = JSON.parse((await page.textContent('#out')) ?? '{}');
    if (error) throw new Error(error);
    return {
      slices,
      stops,
      sliceP99: Math.max(...slices.map((one) => one.p99)),
      longestStop: median(stops.map((one) => one.longest)),
    };
  } finally {
    await browser.close();
    await close();
  }
}
