// figures.js - the compare page's table of one runner: a row for each figure, a column for each variant.
import { duration, make, number, shares, short } from './page.js';

/** @typedef {import('./results.js').Cell} Cell */
/** @typedef {{raw: number, brotli: number}} Size */

/**
 * A column: what was measured, the variant's size, how long plain took by the same runner.
 * @typedef {Cell & {size?: Size, plainTime?: number}} Column
 */

/**
 * A row: what it is, how it was measured, its value, and what stands beside it in small letters.
 * @typedef {{title: string, how: string, value: (column: Column) => string, beside?: (column: Column) => string}} Figure
 */

/** @param {number | undefined} count */
const bytes = (count) => (count === undefined ? '–' : `${number(count / 1000, 1)} kB`);

/** @type {Figure[]} */
const FIGURES = [
  {
    title: 'Binary',
    how: 'treadle.wasm as it is, and as brotli sends it',
    value: ({ size }) => bytes(size?.raw),
    beside: ({ size }) => `${bytes(size?.brotli)} br`,
  },
  {
    title: 'Load time',
    how: 'compiling and starting the module, reading the graph; without the download',
    value: ({ loadTime }) => duration(loadTime),
  },
  {
    title: 'Compile time',
    how: 'of the graph: its code written, and compiled by the browser; auto does that beside the run',
    value: ({ compileTime }) => duration(compileTime),
  },
  {
    title: 'Run time',
    how: 'from start to report, the page’s own work included',
    value: ({ runTime }) => duration(runTime),
  },
  {
    title: 'Work a second',
    how: 'fuel over the run time: turns of loops, calls, joins; the same work in every runner',
    value: ({ rate }) => short(rate),
  },
  {
    title: 'Done by',
    how: 'who had how much of the fuel',
    value: ({ runners }) => shares(runners)[0],
    beside: ({ runners }) => shares(runners)[1],
  },
  {
    title: 'Slowdown against plain',
    how: 'ratio of the run times, same runner',
    value: ({ runTime, plainTime }) => (plainTime ? `${number(runTime / plainTime, 2)}×` : '–'),
  },
  {
    title: 'Yields',
    how: 'how often the page got its turn, in one run',
    value: ({ yields }) => number(yields),
  },
  {
    title: 'Mean cost of a yield',
    how: 'a thousand forced yields against none, same work: leaving, the page’s turn, coming back',
    value: ({ yieldCost }) => (Number.isNaN(yieldCost) ? '–' : `${number(yieldCost * 1000, 1)} µs`),
  },
  {
    title: 'Longest slice',
    how: 'of all runs; the page can do nothing meanwhile',
    value: ({ longestSlice }) => duration(longestSlice),
  },
  {
    title: 'Frame interval, median',
    how: 'between the callbacks of two animation frames during the run',
    value: ({ frame50 }) => duration(frame50),
  },
  {
    title: 'Frame interval, p99',
    how: 'one of a hundred is longer',
    value: ({ frame99 }) => duration(frame99),
  },
  {
    title: 'Frame interval, longest',
    how: 'of all runs',
    value: ({ frameMax }) => duration(frameMax),
  },
  {
    title: 'Long tasks',
    how: 'above 50 ms, for each run; Chromium tells, others do not',
    value: ({ longTasks }) => (longTasks === null ? 'not told' : number(longTasks, Number.isInteger(longTasks) ? 0 : 1)),
  },
  {
    title: 'Click to handler, p99',
    how: 'a worker clicks by message, about 50 times a second; how long until the page’s handler runs',
    value: ({ click99 }) => duration(click99),
    beside: ({ clicks }) => `of ${number(clicks)}`,
  },
  {
    title: 'Result',
    how: 'status and hash of variables, outputs, events and log',
    value: ({ equal }) => (equal === undefined ? '–' : equal ? 'equal' : 'NOT EQUAL'),
    beside: ({ hash }) => hash,
  },
];

/**
 * The columns of one runner, by variant.
 * @param {import('./results.js').Results} results
 * @param {string} runner
 * @param {string[]} variants
 * @param {Record<string, Size>} sizes
 * @returns {Map<string, Column>}
 */
function columns(results, runner, variants, sizes) {
  const plainTime = results.cell(runner, 'plain')?.runTime;
  /** @type {[string, Column][]} */
  const found = variants.flatMap((variant) => {
    const cell = results.cell(runner, variant);
    return cell ? [[variant, { ...cell, plainTime, size: sizes[variant] }]] : [];
  });
  return new Map(found);
}

/**
 * Fills the table. All rows are there from the beginning, so that nothing moves when figures come.
 * @param {HTMLElement} table
 * @param {Parameters<typeof columns>} what
 */
export function showFigures(table, ...what) {
  const [, , variants] = what;
  const found = columns(...what);
  const corner = make('th', { scope: 'col' }, make('span', { className: 'hush' }, 'Figure'));
  const head = make('tr', {}, corner, ...variants.map((name) => make('th', { scope: 'col', className: name }, name)));
  const body = FIGURES.map((figure) =>
    make('tr', {}, make('th', { scope: 'row' }, figure.title, make('small', {}, figure.how)), ...variants.map((name) => cellOf(found.get(name), figure))),
  );
  const widths = make('colgroup', {}, make('col'), ...variants.map(() => make('col')));
  table.replaceChildren(widths, make('thead', {}, head), make('tbody', {}, ...body));
}

/**
 * @param {Column | undefined} column
 * @param {Figure} figure
 */
function cellOf(column, { value, beside }) {
  if (!column) return make('td', { className: 'quiet' }, '–');
  const text = value(column);
  const className = text === 'NOT EQUAL' ? 'bad' : text === 'equal' ? 'good' : '';
  return make('td', { className }, text, ...(beside ? [' ', make('small', {}, beside(column))] : []));
}

/**
 * The same as Markdown.
 * @param {Parameters<typeof columns>} what
 */
export function figuresAsMarkdown(...what) {
  const [, runner, variants] = what;
  const found = columns(...what);
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const text = (/** @type {Column | undefined} */ column, /** @type {Figure} */ { value, beside }) =>
    column ? [value(column), beside?.(column)].filter(Boolean).join(', ') : '–';
  return [
    line([runner, ...variants]),
    line(['---', ...variants.map(() => '---:')]),
    ...FIGURES.map((figure) => line([figure.title, ...variants.map((name) => text(found.get(name), figure))])),
  ];
}
