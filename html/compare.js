// compare.js - the same graph in every variant, in turn: a wheel to see it by, a plot of the frames, one table.
//
// With ?auto=1 it begins by itself. When it is through, <html> has data-done="true", and data-ok="true" when every
// variant ran and all results are equal.
import { Clicker } from './meter.js';
import { measure, summary } from './measure.js';
import { VARIANTS, at, browserName, duration, everyFrame, exampleText, examples, make, messageOf, number, short, sizes, wheel } from './page.js';
import { FramePlot } from './plot.js';

/** How long (ms) the page tells that plain will block it, before it does. */
const WARNING = 1500;

/** @typedef {ReturnType<typeof summary> & {size?: {raw: number, brotli: number}, plainTime?: number, equal?: boolean}} Column */

/**
 * A row: what it is, how it was measured, its value, and what stands beside it in small letters.
 * @typedef {{title: string, how: string, value: (column: Column) => string, beside?: (column: Column) => string}} Figure
 */

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
    title: 'Run time',
    how: 'from start to report, the page’s own work included',
    value: ({ runTime }) => duration(runTime),
  },
  {
    title: 'Instructions a second',
    how: 'dispatched by the VM, over the run time',
    value: ({ rate }) => short(rate),
  },
  {
    title: 'Slowdown against plain',
    how: 'ratio of the run times',
    value: ({ runTime, plainTime }) => (plainTime ? `${number(runTime / plainTime, 2)}×` : '–'),
  },
  {
    title: 'Yields',
    how: 'how often the page got its turn',
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
    beside: ({ hashes }) => hashes[0]?.split(' ')[1]?.slice(0, 8) ?? '',
  },
];

/** @param {number | undefined} count */
const bytes = (count) => (count === undefined ? '–' : `${number(count / 1000, 1)} kB`);

/** @type {Map<string, import('./measure.js').Row[]>} */
let rows = new Map();
/** @type {Record<string, {raw: number, brotli: number}>} */
const size = await sizes();
const built = Object.keys(size).filter((name) => name !== 'js');
const names = [...VARIANTS.filter((name) => built.includes(name)), ...built.filter((name) => !VARIANTS.includes(name))];
const variants = names.length ? names : VARIANTS;

// --- the table -----------------------------------------------------------------------------------

/** @returns {Map<string, Column>} */
function columns() {
  const found = new Map();
  for (const [name, runs] of rows) if (runs.length) found.set(name, { ...summary(runs), size: size[name] });
  const [reference] = [...found.values()].flatMap(({ hashes }) => hashes);
  for (const column of found.values()) {
    column.plainTime = found.get('plain')?.runTime;
    if (found.size > 1) column.equal = column.hashes.length === 1 && column.hashes[0] === reference;
  }
  return found;
}

/** All rows are there from the beginning, so that nothing moves when figures come. */
function showTable() {
  const found = columns();
  const corner = make('th', { scope: 'col' }, make('span', { className: 'hush' }, 'Figure'));
  const head = make('tr', {}, corner, ...variants.map((name) => make('th', { scope: 'col', className: name }, name)));
  const body = FIGURES.map((figure) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, figure.title, make('small', {}, figure.how)),
      ...variants.map((name) => cell(found.get(name), figure)),
    ),
  );
  const widths = make('colgroup', {}, make('col'), ...variants.map(() => make('col')));
  at('table').replaceChildren(widths, make('thead', {}, head), make('tbody', {}, ...body));
  at('markdown').value = markdown(found);
}

/**
 * @param {Column | undefined} column
 * @param {Figure} figure
 */
function cell(column, { value, beside }) {
  if (!column) return make('td', { className: 'quiet' }, '–');
  const text = value(column);
  const className = text === 'NOT EQUAL' ? 'bad' : text === 'equal' ? 'good' : '';
  return make('td', { className }, text, ...(beside ? [' ', make('small', {}, beside(column))] : []));
}

/** @param {Map<string, Column>} found */
function markdown(found) {
  const [graph, budget, rounds] = ['example', 'budget', 'rounds'].map((id) => at(id).value);
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const text = (/** @type {Column | undefined} */ column, /** @type {Figure} */ { value, beside }) =>
    column ? [value(column), beside?.(column)].filter(Boolean).join(', ') : '–';
  return [
    `Graph ${graph}, budget ${budget} ms, ${rounds} rounds, ${navigator.hardwareConcurrency} cores, ${browserName()}`,
    '',
    line(['', ...variants]),
    line(['---', ...variants.map(() => '---:')]),
    ...FIGURES.map((figure) => line([figure.title, ...variants.map((name) => text(found.get(name), figure))])),
  ].join('\n');
}

// --- running -------------------------------------------------------------------------------------

const plot = new FramePlot(at('plot'), variants);
/** @type {AbortController | null} */
let stopper = null;

/**
 * @param {string} name
 * @param {string} round
 */
async function announce(name, round) {
  const blocks = name === 'plain';
  at('now').textContent = `${name}${round}`;
  at('now').className = `now key ${name}`;
  at('telling').className = `telling ${blocks ? 'blocks' : ''}`;
  at('telling').textContent = blocks
    ? 'plain blocks: the wheel stands still until the graph is done.'
    : 'The wheel goes on: the page gets its turn between slices.';
  plot.begin(name);
  await new Promise((resolve) => setTimeout(resolve, blocks ? WARNING : 200));
}

async function compare() {
  const example = list.find(({ id }) => id === at('example').value) ?? list[0];
  const rounds = Number(at('rounds').value);
  const text = await exampleText(example.id);
  const clicker = new Clicker();
  await clicker.ready;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const variant of variants) {
        await announce(variant, rounds > 1 ? `, ${round} of ${rounds}` : '');
        clicker.clicks = [];
        const row = await measure({
          variant,
          text,
          clicker,
          name: example.id,
          set: example.compare ?? {},
          budget: Number(at('budget').value) || 4,
          signal: /** @type {AbortController} */ (stopper).signal,
          onFrame: (time, interval) => plot.add(variant, time, interval),
        });
        rows.get(variant)?.push(row);
        plot.paint();
        showTable();
      }
    }
  } finally {
    clicker.close();
  }
}

async function run() {
  stopper = new AbortController();
  rows = new Map(variants.map((name) => [name, []]));
  delete document.documentElement.dataset.done;
  say('quiet', '');
  enable(false);
  for (const name of variants) plot.begin(name);
  showTable();
  try {
    await compare();
    conclude();
  } catch (error) {
    at('now').className = 'now';
    at('now').textContent = 'stopped';
    if (!stopper.signal.aborted) say('bad', messageOf(error));
    document.documentElement.dataset.ok = 'false';
  }
  at('telling').className = 'telling';
  at('telling').replaceChildren("The wheel is turned by the page's own frames. ", count, ' so far.');
  enable(true);
  document.documentElement.dataset.done = 'true';
}

function conclude() {
  const found = [...columns().values()];
  const equal = found.length === variants.length && found.every((column) => column.equal);
  at('now').className = `now ${equal ? 'good' : 'bad'}`;
  at('now').textContent = equal ? 'done, all equal' : 'NOT EQUAL';
  document.documentElement.dataset.ok = String(equal);
}

/** @param {boolean} idle */
function enable(idle) {
  at('run').disabled = !idle;
  at('stop').disabled = idle;
  for (const id of ['example', 'budget', 'rounds']) at(id).disabled = !idle;
  at('copy').disabled = !idle || [...rows.values()].every((runs) => runs.length === 0);
}

/**
 * @param {string} how
 * @param {string} text
 */
function say(how, text) {
  at('note').className = `note small ${how}`;
  at('note').textContent = text;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(at('markdown').value);
    say('good', 'Copied.');
  } catch {
    at('markdown').closest('details').open = true;
    at('markdown').select();
    say('warn', 'The browser does not let us: the text is selected below, copy it by hand.');
  }
}

const showAbout = () => (at('about').textContent = list.find(({ id }) => id === at('example').value)?.about ?? '');
at('example').addEventListener('change', showAbout);
at('run').addEventListener('click', run);
at('stop').addEventListener('click', () => stopper?.abort(new Error('stopped')));
at('copy').addEventListener('click', copy);

// --- opening time --------------------------------------------------------------------------------

wheel(at('wheel'));
const count = at('count');
let framesSeen = 0;
everyFrame(() => {
  framesSeen += 1;
  if (count.isConnected && framesSeen % 15 === 0) count.textContent = number(framesSeen);
});

const list = (await examples()).filter(({ compare }) => compare);
at('example').replaceChildren(...list.map(({ id, title }) => make('option', { value: id }, title)));
const options = new URLSearchParams(location.search);
if (list.some(({ id }) => id === options.get('example'))) at('example').value = options.get('example');
if (options.has('rounds')) at('rounds').value = options.get('rounds');
showAbout();
showTable();
enable(true);
if (options.get('auto') === '1') run();
