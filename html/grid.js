// grid.js - the compare page's picture of all: a row for each runner, a column for each variant, and in each cell how fast
// the graph went and what the page felt of it.
import { isBounded } from './measure.js';
import { draw, duration, make, number, short } from './page.js';

/** @typedef {import('./results.js').Cell} Cell */
/** @typedef {import('./results.js').Results} Results */

/** What each runner is. @type {Record<string, string>} */
export const RUNNERS = {
  auto: 'What you get: begins in the vm at once, goes on in wasm as soon as that is made.',
  vm: 'A virtual machine reads the graph’s instructions.',
  wasm: 'The graph compiled to WebAssembly that can be left in any turn of any loop.',
  scheduler: 'Compiled block by block, a queue says which is next: the classic way to stay interruptible.',
  structured: 'Compiled without any way out: as fast as it gets, after a first run. Only for graphs that end.',
  walk: 'Follows the graph node by node: slow and obvious, the measure of the others. It does a part of the work.',
};

/** What each variant is. @type {Record<string, string>} */
const VARIANTS = {
  plain: 'one call: blocks',
  step: 'returns, comes again',
  asyncify: 'sleeps, rewritten',
  jspi: 'sleeps, by the browser',
};

/** A page that does nothing for so long (ms) is felt to hang: what browsers call a long task. */
const LONG = 50;

/** @param {Cell} cell */
const frames = ({ frameRate }) => number(frameRate, frameRate < 9.5 ? 1 : 0);

/** The grid of cells, and which runner is looked at. */
export class Grid {
  #table;
  #runners;
  #variants;
  #pick;

  /**
   * @param {HTMLElement} table
   * @param {string[]} runners
   * @param {string[]} variants
   * @param {(runner: string) => void} pick called when a runner is to be looked at
   */
  constructor(table, runners, variants, pick) {
    this.#table = table;
    this.#runners = runners;
    this.#variants = variants;
    this.#pick = pick;
  }

  /**
   * @param {Results} results
   * @param {{seen: string, running: string}} at which runner is looked at; which cell ("vm step") is being measured
   */
  show(results, { seen, running }) {
    const cells = this.#runners.flatMap((runner) => this.#variants.map((variant) => results.cell(runner, variant)));
    const best = Math.max(...cells.map((cell) => cell?.rate || 0));
    const heads = this.#variants.map((name) => make('th', { scope: 'col', className: name }, name, make('small', {}, VARIANTS[name] ?? '')));
    const head = make('tr', {}, make('th', { scope: 'col' }, make('span', { className: 'hush' }, 'Runner')), ...heads);
    const rows = this.#runners.map((runner) => {
      const pick = make('button', { type: 'button', className: 'pick', 'aria-pressed': String(runner === seen), onclick: () => this.#pick(runner) }, runner);
      const tag = isBounded(runner) ? [] : [' ', make('span', { className: 'tag' }, 'cannot be stopped')];
      const title = make('th', { scope: 'row' }, pick, ...tag, make('small', {}, RUNNERS[runner] ?? ''));
      const cells = this.#variants.map((variant) => cellOf(results, runner, variant, best, running === `${runner} ${variant}`));
      return make('tr', { className: runner === seen ? 'seen' : '' }, title, ...cells);
    });
    const focused = this.#table.contains(document.activeElement) ? document.activeElement?.textContent : null;
    this.#table.replaceChildren(make('thead', {}, head), make('tbody', {}, ...rows));
    if (focused) [...this.#table.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
  }
}

/**
 * @param {Results} results
 * @param {string} runner
 * @param {string} variant
 * @param {number} best the highest rate there is
 * @param {boolean} running
 */
function cellOf(results, runner, variant, best, running) {
  const properties = { className: `${variant} ${running ? 'running' : ''}`, 'data-variant': variant, 'data-runner': runner };
  const failure = results.failureOf(runner, variant);
  if (failure) return make('td', { ...properties, title: failure }, make('b', { className: 'bad' }, 'failed'), make('small', {}, failure));
  const cell = results.cell(runner, variant);
  if (!cell) return make('td', properties, make('b', { className: 'quiet' }, running ? '…' : '–'));
  const bar = draw('svg', { class: 'bar-of', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    draw('rect', { width: 100, height: 4, class: 'all' }), draw('rect', { width: (100 * cell.rate) / best, height: 4 }));
  const facts = [
    make('span', { className: `slice ${cell.longestSlice > LONG ? 'bad' : ''}` }, duration(cell.longestSlice)),
    make('span', { className: 'rate' }, `${frames(cell)} fps`),
    make('span', { className: 'yields' }, number(cell.yields)),
  ];
  const unequal = cell.equal === false ? [make('b', { className: 'bad' }, 'NOT EQUAL')] : [];
  return make('td', properties, make('b', {}, short(cell.rate)), bar, make('small', {}, ...facts), ...unequal);
}

/**
 * The grid as lines of Markdown.
 * @param {Results} results
 * @param {string[]} runners
 * @param {string[]} variants
 */
export function gridAsMarkdown(results, runners, variants) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const text = (/** @type {Cell | undefined} */ cell) =>
    cell ? [short(cell.rate), duration(cell.longestSlice), `${frames(cell)} fps`, number(cell.yields)].join(', ') : '–';
  return [
    line(['work a second, longest slice, frames, yields', ...variants]),
    line(['---', ...variants.map(() => '---:')]),
    ...runners.map((runner) =>
      line([runner, ...variants.map((variant) => (results.failureOf(runner, variant) ? 'failed' : text(results.cell(runner, variant))))]),
    ),
  ];
}
