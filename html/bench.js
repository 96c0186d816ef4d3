// bench.js - the bench in the user's own browser: workloads in every runner, beside plain JavaScript and C by hand.
//
// Each job runs in a worker of its own, as each has a process of its own in `make bench`; stopping ends the worker. With
// ?auto=1 it begins by itself. When it is through, <html> has data-done="true", and data-ok="true" when nothing failed.
import { aimTable, aims } from '../bench/aims.js';
import { engine as load } from '../bench/engines.js';
import { MACHINE, ratio, reduce, short, table } from '../bench/reduce.js';
import { workloads } from '../bench/workloads.js';
import { workerOf } from './meter.js';
import { at, browserName, make, messageOf, number } from './page.js';

/** The ways that are measured here, in the order of the bars; the walker is never fast and has small sizes. */
const WAYS = [
  { label: 'walk', engine: 'treadle', variant: 'plain', runner: 'walk' },
  { label: 'vm', engine: 'treadle', variant: 'plain', runner: 'vm' },
  { label: 'scheduler', engine: 'treadle', variant: 'plain', runner: 'scheduler' },
  { label: 'wasm', engine: 'treadle', variant: 'plain', runner: 'wasm' },
  { label: 'structured', engine: 'treadle', variant: 'plain', runner: 'structured' },
  { label: 'hand-c', engine: 'hand-c', variant: null, runner: null },
  { label: 'js', engine: 'js', variant: null, runner: null },
];

/** What they are called here, and what they are. */
const TITLES = {
  walk: ['walker', 'follows the graph itself'],
  vm: ['machine', 'bytecode'],
  scheduler: ['scheduler', 'compiled, a queue and a switch'],
  wasm: ['compiled', 'and gives the page its turn'],
  structured: ['structured', 'compiled, without any yield'],
  'hand-c': ['C by hand', 'emcc -O3'],
  js: ['JavaScript', 'by hand'],
};

/** @typedef {typeof WAYS[number]} Way */
/** @typedef {import('../bench/reduce.js').Row} Row */

/** @type {Record<string, import('../bench/workloads.js').Engine>} */
const engines = {};
/** Engines that are not there, and why. @type {string[]} */
const absent = [];
for (const name of new Set(WAYS.map((way) => way.engine))) {
  try {
    engines[name] = await load(name);
  } catch (error) {
    absent.push(`${name}: ${messageOf(error)}`);
  }
}

/** Those that say something about runners: loading is the same in all. */
const names = Object.keys(workloads).filter((name) => !name.startsWith('load'));

/** @param {string} workload */
const waysOf = (workload) => WAYS.filter(({ engine }) => engines[engine]?.workloads[workload]);

/** Milliseconds of each round, or what went wrong; by workload and way. @type {Map<string, {times: number[], iterations: number, error: string}>} */
let found = new Map();
const keyOf = (/** @type {string} */ workload, /** @type {Way} */ { label }) => `${workload} ${label}`;

/** @param {string} workload @returns {Row[]} */
const rowsOf = (workload) =>
  waysOf(workload).flatMap((way) => {
    const one = found.get(keyOf(workload, way));
    return one?.times.length && !one.error ? [reduce({ workload, ...way }, one.iterations, one.times)] : [];
  });
const allRows = () => names.flatMap(rowsOf);

// --- what is shown -------------------------------------------------------------------------------

/** @param {string} workload */
function card(workload) {
  const unit = make('span', { className: 'small quiet end' }, `${workloads[workload].unit} a second`);
  const title = make('h2', { id: `title-${workload}` }, workload);
  return make(
    'section',
    { className: 'panel card', id: `card-${workload}`, 'aria-labelledby': title.id },
    make('header', {}, title, unit),
    make('dl', { className: 'bars' }),
  );
}

/** The bars of a workload, on a scale of powers of ten, and how many times as fast as the machine. @param {string} workload */
function showBars(workload) {
  const rows = rowsOf(workload);
  const rates = rows.map((row) => Math.log10(row.rate));
  const low = Math.floor(Math.min(...rates) - 0.2);
  const high = Math.ceil(Math.max(...rates));
  const list = waysOf(workload).map((way) => {
    const row = rows.find(({ engine, runner }) => engine === way.engine && runner === way.runner);
    const name = make('dt', { className: `key ${way.label}` }, TITLES[way.label][0]);
    const error = found.get(keyOf(workload, way))?.error;
    if (error) return make('div', {}, name, make('dd', { className: 'bad' }, error));
    const bar = make('span', { className: `bar-of ${way.label}` });
    const track = make('dd', { className: 'track' }, ...(row ? [bar] : []));
    if (row) {
      bar.style.width = `${(100 * (Math.log10(row.rate) - low)) / (high - low)}%`;
      track.style.setProperty('--decade', `${100 / (high - low)}%`);
    }
    const times = row ? ratio(row, rows, MACHINE) : null;
    return make(
      'div',
      {},
      name,
      track,
      make('dd', { className: 'rate' }, row ? short(row.rate) : '–'),
      make('dd', { className: 'times' }, times === null ? '' : `${short(times)} ×`),
    );
  });
  at(`card-${workload}`).querySelector('dl').replaceChildren(...list);
}

function showChosen() {
  for (const name of names) at(`card-${name}`).hidden = !isChosen(name);
}

/** Aims that can be looked at here, with the others left out. */
const reached = () => aims(allRows()).filter(({ what }) => /structured|C by hand|our own VM/.test(what));

function showAims() {
  const head = ['', 'wanted', 'measured', ''].map((text, i) => make('th', { scope: 'col', className: i === 1 || i === 2 ? 'number' : '' }, text));
  const rows = reached().map(({ what, wanted, measured, met }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, what),
      make('td', { className: 'number' }, wanted),
      make('td', { className: 'number' }, measured === null ? '–' : number(measured, 2)),
      make('td', { className: met === null ? 'quiet' : met ? 'good' : 'warn' }, met === null ? '' : met ? 'met' : 'not met'),
    ),
  );
  at('aims').replaceChildren(make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows));
}

function showMarkdown() {
  const rows = allRows();
  at('markdown').value = rows.length ? [machine(), '', table(rows), '', aimTable(reached())].join('\n') : '';
}

/** @param {string} workload */
function show(workload) {
  showBars(workload);
  showAims();
  showMarkdown();
}

function machine() {
  const platform = /** @type {any} */ (navigator).userAgentData?.platform ?? navigator.platform;
  return `${browserName()} on ${platform}, ${navigator.hardwareConcurrency} cores, ${at('rounds').value} rounds, size ${at('size').value}`;
}

/**
 * @param {string} how
 * @param {string} text
 */
function say(how, text) {
  at('note').className = `note small ${how}`;
  at('note').textContent = text;
}

// --- running -------------------------------------------------------------------------------------

/** @type {AbortController | null} */
let stopper = null;

/**
 * One job in a worker of its own.
 * @param {object} job
 * @param {AbortSignal} signal
 * @returns {Promise<{iterations?: number, ms?: number, error?: string}[]>}
 */
function ask(job, signal) {
  return new Promise((resolve, reject) => {
    const worker = workerOf('bench-worker.js');
    const end = () => worker.terminate();
    const stop = () => (end(), reject(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    const over = (/** @type {() => void} */ then) => {
      signal.removeEventListener('abort', stop);
      end();
      then();
    };
    worker.onmessage = ({ data }) => over(() => (data.error ? reject(new Error(data.error)) : resolve(data.answers)));
    worker.onerror = ({ message }) => over(() => reject(new Error(message || 'the worker could not be started')));
    worker.postMessage(job);
  });
}

/**
 * @param {string} workload
 * @param {string} size
 * @param {AbortSignal} signal
 */
async function measure(workload, size, signal) {
  const ways = waysOf(workload).filter((way) => !found.get(keyOf(workload, way))?.error);
  const sizeOf = (/** @type {Way} */ { runner }) => (runner === 'walk' && size === 'full' ? 'short' : size);
  const members = ways.map((way) => ({ engine: way.engine, variant: way.variant, runner: way.runner, size: sizeOf(way) }));
  const answers = await ask({ workload, members, quick: false }, signal);
  ways.forEach((way, i) => {
    const one = found.get(keyOf(workload, way)) ?? { times: [], iterations: 0, error: '' };
    const { error = '', ms = NaN, iterations = 0 } = answers[i];
    found.set(keyOf(workload, way), error ? { ...one, error } : { times: [...one.times, ms], iterations, error });
  });
}

const isChosen = (/** @type {string} */ workload) => ['', workload].includes(at('workload').value);

/** @param {AbortSignal} signal */
async function measureAll(signal) {
  const chosen = names.filter(isChosen);
  const [rounds, size] = [Number(at('rounds').value), at('size').value];
  at('progress').max = rounds * chosen.length;
  for (let round = 1; round <= rounds; round += 1) {
    for (const workload of chosen) {
      at('now').textContent = `${workload}, round ${round} of ${rounds}`;
      await measure(workload, size, signal);
      at('progress').value += 1;
      show(workload);
    }
  }
}

async function run() {
  stopper = new AbortController();
  found = new Map();
  at('progress').value = 0;
  delete document.documentElement.dataset.done;
  say('quiet', '');
  enable(false);
  names.forEach(show);
  let ok = false;
  try {
    await measureAll(stopper.signal);
    ok = found.size > 0 && [...found.values()].every(({ error }) => !error);
    at('now').textContent = ok ? 'done' : 'done; some did not run';
  } catch (error) {
    at('now').textContent = 'stopped';
    if (!stopper.signal.aborted) say('bad', messageOf(error));
  }
  enable(true);
  document.documentElement.dataset.ok = String(ok);
  document.documentElement.dataset.done = 'true';
}

/** @param {boolean} idle */
function enable(idle) {
  at('run').disabled = !idle;
  at('stop').disabled = idle;
  for (const id of ['workload', 'size', 'rounds']) at(id).disabled = !idle;
  at('copy').disabled = !idle || found.size === 0;
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

at('run').addEventListener('click', run);
at('stop').addEventListener('click', () => stopper?.abort(new Error('stopped')));
at('copy').addEventListener('click', copy);

// --- opening time --------------------------------------------------------------------------------

at('workload').append(...names.map((name) => make('option', { value: name }, name)));
at('legend').replaceChildren(
  ...WAYS.filter(({ engine }) => engines[engine]).map(({ label }) => make('span', {}, make('b', { className: `key ${label}` }, TITLES[label][0]), ` ${TITLES[label][1]}`)),
  make('span', {}, 'A line is ten times as fast as the one before it; × is against the machine.'),
);
at('cards').replaceChildren(...names.map(card));
const options = new URLSearchParams(location.search);
for (const id of ['workload', 'size', 'rounds']) {
  const asked = options.get(id);
  if ([...at(id).options].some(({ value }) => value === asked)) at(id).value = asked;
}
at('workload').addEventListener('change', showChosen);
showChosen();
at('about').textContent = [machine().split(', ').slice(0, 2).join(', '), ...absent].join('; ');
names.forEach(show);
enable(true);
if (options.get('auto') === '1') run();
