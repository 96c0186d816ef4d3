// compare.js - the same graph by every runner in every variant, in turn: a wheel to see it by, a plot of the frames, a grid
// of all, and a table of figures for the runner that is looked at.
//
// With ?auto=1 it begins by itself; ?runner=vm keeps to one runner. When it is through, <html> has data-done="true", and
// data-ok="true" when everything ran and all results are equal.
import { figuresAsMarkdown, showFigures } from './figures.js';
import { Grid, RUNNERS, gridAsMarkdown } from './grid.js';
import { measure } from './measure.js';
import { Clicker } from './meter.js';
import { VARIANTS, at, browserName, everyFrame, exampleText, examples, make, messageOf, number, sizes, variantsHere, wheel } from './page.js';
import { FramePlot } from './plot.js';
import { Results } from './results.js';

/** How long (ms) the page tells that it will be blocked, before it is: the first time, and later. */
const WARNING = { first: 1500, later: 300 };

/** @type {Record<string, {raw: number, brotli: number}>} */
const size = await sizes();
const built = Object.keys(size).filter((name) => name !== 'js');
const here = variantsHere().filter((name) => built.length === 0 || built.includes(name));
const variants = [...here, ...built.filter((name) => !VARIANTS.includes(name))];
const runners = Object.keys(RUNNERS);

const state = {
  results: new Results(),
  /** Those that are measured. */
  runners,
  /** The runner whose figures are shown; it follows what is measured until somebody chooses. */
  seen: runners[0],
  chosen: false,
  /** The cell that is being measured. */
  running: '',
  warned: false,
};

const plot = new FramePlot(at('plot'), variants);
const grid = new Grid(at('grid'), runners, variants, (runner) => {
  state.chosen = true;
  look(runner);
});

// --- what is seen --------------------------------------------------------------------------------

function show() {
  grid.show(state.results, state);
  at('seen').textContent = state.seen;
  showFigures(at('table'), state.results, state.seen, variants, size);
  at('markdown').value = markdown();
}

/** Turns to a runner: its figures, and its frames unless the plot is at work. @param {string} runner */
function look(runner) {
  state.seen = runner;
  show();
  if (!state.running) replay(runner);
}

/** Draws the frames that were measured with a runner. @param {string} runner */
function replay(runner) {
  at('plotted').textContent = runner;
  for (const variant of variants) {
    plot.begin(variant);
    let time = 0;
    for (const interval of state.results.rowsOf(runner, variant).at(-1)?.frames ?? []) plot.add(variant, (time += interval), interval);
  }
  plot.paint();
}

function markdown() {
  const [graph, budget, rounds] = ['example', 'budget', 'rounds'].map((id) => at(id).value);
  return [
    `Graph ${graph}, budget ${budget} ms, rounds ${rounds}, ${navigator.hardwareConcurrency} cores, ${browserName()}`,
    '',
    ...gridAsMarkdown(state.results, state.runners, variants),
    '',
    ...figuresAsMarkdown(state.results, state.seen, variants, size),
  ].join('\n');
}

// --- running -------------------------------------------------------------------------------------

/** @type {AbortController | null} */
let stopper = null;

/** Why nothing will move, or that it will. @param {string} runner @param {string} variant */
function telling(runner, variant) {
  if (variant === 'plain') return 'plain blocks: the wheel stands still until the graph is done.';
  if (runner === 'structured') return 'structured cannot be stopped: the wheel stands still, however short that is.';
  return 'The wheel goes on: the page gets its turn between slices.';
}

/**
 * @param {string} runner
 * @param {string} variant
 * @param {string} round
 */
async function announce(runner, variant, round) {
  const blocks = variant === 'plain' || runner === 'structured';
  state.running = `${runner} ${variant}`;
  if (!state.chosen) state.seen = runner;
  at('now').textContent = `${runner} in ${variant}${round}`;
  at('now').className = `now key ${variant}`;
  at('telling').className = `telling ${blocks ? 'blocks' : ''}`;
  at('telling').textContent = telling(runner, variant);
  if (variant === variants[0]) for (const name of variants) plot.begin(name);
  at('plotted').textContent = runner;
  plot.begin(variant);
  show();
  await new Promise((resolve) => setTimeout(resolve, blocks ? (state.warned ? WARNING.later : WARNING.first) : 60));
  state.warned ||= blocks;
}

async function compare() {
  const example = list.find(({ id }) => id === at('example').value) ?? list[0];
  const rounds = Number(at('rounds').value);
  const text = await exampleText(example.id);
  const clicker = new Clicker();
  await clicker.ready;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const runner of state.runners) {
        for (const variant of variants) {
          await announce(runner, variant, rounds > 1 ? `, ${round} of ${rounds}` : '');
          await measureCell(runner, variant, example, text, clicker);
        }
      }
    }
  } finally {
    clicker.close();
    state.running = '';
  }
}

/**
 * A cell that cannot be measured says why; the others have their turn.
 * @param {string} runner
 * @param {string} variant
 * @param {import('./page.js').Example} example
 * @param {string} text
 * @param {Clicker} clicker
 */
async function measureCell(runner, variant, example, text, clicker) {
  const { signal } = /** @type {AbortController} */ (stopper);
  clicker.clicks = [];
  try {
    const row = await measure({
      variant,
      runner,
      text,
      clicker,
      signal,
      name: example.id,
      set: example.compare ?? {},
      budget: Number(at('budget').value) || 4,
      onFrame: (time, interval) => plot.add(variant, time, interval),
    });
    state.results.add(row);
  } catch (error) {
    if (signal.aborted) throw error;
    state.results.fail(runner, variant, messageOf(error));
    say('bad', `${runner} in ${variant}: ${messageOf(error)}`);
  }
  plot.paint();
  show();
}

async function run() {
  stopper = new AbortController();
  const wanted = at('runners').value;
  Object.assign(state, { results: new Results(), runners: wanted ? [wanted] : runners, seen: wanted || runners[0], chosen: false });
  delete document.documentElement.dataset.done;
  say('quiet', '');
  enable(false);
  show();
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
  look(state.chosen ? state.seen : state.runners[0]);
  document.documentElement.dataset.done = 'true';
}

function conclude() {
  const equal = state.results.allEqual(state.runners, variants);
  at('now').className = `now ${equal ? 'good' : 'bad'}`;
  at('now').textContent = equal ? 'done, all equal' : 'NOT EQUAL';
  document.documentElement.dataset.ok = String(equal);
}

/** @param {boolean} idle */
function enable(idle) {
  at('run').disabled = !idle;
  at('stop').disabled = idle;
  for (const id of ['example', 'runners', 'budget', 'rounds']) at(id).disabled = !idle;
  at('copy').disabled = !idle || state.results.isEmpty;
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
at('runners').append(...runners.map((name) => make('option', { value: name }, `${name} only`)));
at('legend').append(...variants.map((name) => make('span', { className: `key ${name}` }, name)));
const options = new URLSearchParams(location.search);
for (const [name, id] of [['example', 'example'], ['runner', 'runners'], ['rounds', 'rounds']]) {
  const wanted = options.get(name);
  if ([...at(id).options].some(({ value }) => value === wanted)) at(id).value = wanted;
}
showAbout();
show();
enable(true);
if (options.get('auto') === '1') run();
