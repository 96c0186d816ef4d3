// index.js - the workbench: a graph in, its run under the hand, everything it says and holds in view.
import { TreadleError, open, troubles } from '../js/treadle.js';
import { showProblems, textOf } from './diagnostics.js';
import { at, duration, everyFrame, exampleText, examples, make, messageOf, number, short, wheel } from './page.js';

/** Seconds that plain may block this page. */
const PLAIN_SECONDS = 3;

/** Lines of log in view, rows of variables in view, characters that can be edited. */
const LINES = 1000;
const ROWS = 200;
const EDITABLE = 1 << 20;

/** How often (ms) the figures are written anew: people cannot read faster. */
const REFRESH = 100;

/** What is on the bench: a file, then the graph in it, then a run of the graph. */
const bench = {
  name: '',
  /** @type {string | Uint8Array} */
  source: '',
  text: '',
  /** @type {import('../js/graph.js').GraphInfo | null} */
  info: null,
  /** @type {Map<string, string>} */
  initial: new Map(),
  /** @type {import('../js/engine.js').Engine | null} */
  engine: null,
  /** @type {import('../js/run.js').Run | null} */
  run: null,
  began: 0,
  lasted: 0,
  /** When it was paused; 0: it is not. Pauses are not counted. */
  pausedAt: 0,
};

// --- the file ------------------------------------------------------------------------------------

/** @type {Promise<import('../js/engine.js').Engine> | null} one engine that only reads, so that checking disturbs no run */
let reader = null;

let turn = 0;

/** Reads what is on the bench, and shows what is wrong with it or what it has. */
async function check() {
  const mine = (turn += 1);
  reader ??= open({ variant: 'step' });
  try {
    const engine = await reader;
    const graph = await engine.load(bench.source, { name: bench.name });
    if (mine === turn) accept(graph);
    graph.unload();
  } catch (error) {
    if (mine === turn) refuse(error);
  }
  if (mine === turn) showControls();
}

/** @param {import('../js/graph.js').Graph} graph */
function accept(graph) {
  bench.info = graph.info;
  bench.initial = initialValues(graph);
  showProblems(at('problems'), graph.diagnostics, bench.text, pick);
  const warnings = graph.diagnostics.length;
  verdict(warnings ? 'warn' : 'good', warnings ? `${warnings} to look at` : 'none: ready to run');
  at('about').textContent = `${graph.info.dialect ?? ''} · ${number(graph.info.nodes)} nodes`;
  showPorts();
}

/**
 * What inputs, variables and outputs hold before anything runs: those of a run that is never let go.
 * @param {import('../js/graph.js').Graph} graph
 * @returns {Map<string, string>}
 */
function initialValues(graph) {
  const run = graph.start({ paused: true });
  const ports = [...(graph.info.inputs ?? []), ...(graph.info.variables ?? []), ...(graph.info.outputs ?? [])];
  const names = ports.slice(0, 3 * ROWS).map(({ id }) => id);
  return new Map(names.map((name) => [name, valueIn(run, name)]));
}

/** @param {unknown} error */
function refuse(error) {
  bench.info = null;
  const diagnostics = error instanceof TreadleError ? error.diagnostics : [];
  showProblems(at('problems'), diagnostics, bench.text, pick);
  verdict('bad', diagnostics.length ? `${diagnostics.length} found: it cannot run` : messageOf(error));
  at('about').textContent = '';
  showPorts();
}

/**
 * @param {'good' | 'warn' | 'bad'} how
 * @param {string} text
 */
function verdict(how, text) {
  at('verdict').className = `small end ${how}`;
  at('verdict').textContent = text;
}

/** Shows a place in the source. @param {number} offset @param {number} length */
function pick(offset, length) {
  const source = at('source');
  source.focus();
  source.setSelectionRange(offset, offset + length);
  const lines = source.value.slice(0, offset).split('\n').length;
  source.scrollTop = (lines - 4) * parseFloat(getComputedStyle(source).lineHeight);
}

/**
 * Puts a file on the bench.
 * @param {string} name
 * @param {string | Uint8Array} source
 */
function put(name, source) {
  const text = typeof source === 'string' ? source : textOf(source);
  Object.assign(bench, { name, source, text });
  const whole = text.length <= EDITABLE && (typeof source === 'string' || text.startsWith('{'));
  at('source').value = whole ? text : `${text.slice(0, 4096)}\n…`;
  at('source').readOnly = typeof source !== 'string' || !whole;
  at('source').scrollTop = 0;
  at('source-title').textContent = name;
  return check();
}

/** @param {File} file */
async function putFile(file) {
  at('example').value = '';
  say('quiet', '');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isText = !/\.glb$/i.test(file.name) && isUtf8(bytes);
  await put(file.name, isText ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : bytes);
}

/** @param {Uint8Array} bytes */
function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

// --- the run -------------------------------------------------------------------------------------

const isOver = () => !bench.run || ['done', 'limit', 'stopped'].includes(bench.run.status);

/**
 * Starts what is on the bench.
 * @param {boolean} paused
 */
async function start(paused) {
  tidy();
  const variant = at('variant').value;
  const budget = Number(at('budget').value) || 4;
  busy(true);
  try {
    bench.engine = await open({ variant, budget });
    const graph = await bench.engine.load(bench.source, { name: bench.name });
    if (variant === 'plain' && !paused) await sayThatItBlocks();
    bench.began = performance.now();
    const until = variant === 'plain' ? PLAIN_SECONDS : undefined;
    follow(graph.start({ set: inputValues(), paused, until }));
  } catch (error) {
    say('bad', messageOf(error));
  }
  busy(false);
}

/** Long enough to be read: afterwards nothing is painted until the graph is done. */
function sayThatItBlocks() {
  say('warn', `plain blocks: the wheel and the page stand still until the graph is done, at most ${PLAIN_SECONDS} s.`);
  return new Promise((resolve) => setTimeout(resolve, 700));
}

/** @param {import('../js/run.js').Run} run */
function follow(run) {
  bench.run = run;
  run.on('log', ({ text }) => write('log', text));
  run.on('event', ({ id, values }) => write('event', `${id} ${JSON.stringify(values)}`));
  run.on('failure', ({ op, message }) => write('log', `${op}: ${message}`));
  run.on('status', (status) => {
    keepTime(status === 'paused');
    showValues();
    showFigures();
    showControls();
  });
  run.finished.then(
    ({ status, reason }) => run === bench.run && end(status === 'limit' ? 'bad' : 'quiet', reason ? `${status}: ${reason}` : ''),
    (error) => run === bench.run && end('bad', messageOf(error)),
  );
  if (bench.engine?.variant !== 'plain') say('quiet', '');
  showControls();
}

/** @param {boolean} paused */
function keepTime(paused) {
  const now = performance.now();
  if (!paused && bench.pausedAt) bench.began += now - bench.pausedAt;
  bench.pausedAt = paused ? bench.pausedAt || now : 0;
}

/** Milliseconds that the run has taken. */
const lasted = () => (isOver() ? bench.lasted : (bench.pausedAt || performance.now()) - bench.began);

/**
 * @param {string} how
 * @param {string} text
 */
function end(how, text) {
  keepTime(false);
  bench.lasted = performance.now() - bench.began;
  if (text || how === 'bad') say(how, text);
  showValues();
  showFigures();
  showControls();
}

/** Clears the bench of the run before. */
function tidy() {
  const engine = bench.engine;
  Object.assign(bench, { run: null, engine: null, lasted: 0, pausedAt: 0 });
  engine?.close();
  clearLog();
  showValues();
}

/** What the inputs are set to, where they were changed. */
function inputValues() {
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const field of at('inputs').querySelectorAll('input')) {
    if (field.value.trim() === '') continue;
    try {
      values[field.name] = valueOf(field.value);
    } catch {
      throw new Error(`Input ${field.name}: ${field.value} is not a value as JSON has it.`);
    }
  }
  return values;
}

/** @param {string} text */
const valueOf = (text) => (/^[+-]?(NaN|Infinity)$/.test(text.trim()) ? Number(text) : JSON.parse(text));

// --- what it says --------------------------------------------------------------------------------

/** @type {HTMLElement[]} lines that are not on the page yet: they go there once a frame */
let fresh = [];
let written = 0;

/**
 * @param {'log' | 'event'} kind
 * @param {string} text
 */
function write(kind, text) {
  written += 1;
  const time = (lasted() / 1000).toFixed(3);
  fresh.push(make('li', { className: kind }, make('time', {}, time), make('span', {}, text)));
  if (fresh.length > LINES) fresh.shift();
}

function clearLog() {
  fresh = [];
  written = 0;
  at('log').replaceChildren();
  at('lines').textContent = '';
}

function showLog() {
  if (fresh.length === 0) return;
  const [list, view] = [at('log'), at('log-view')];
  const follows = view.scrollHeight - view.scrollTop - view.clientHeight < 30;
  list.append(...fresh);
  fresh = [];
  while (list.childElementCount > LINES) list.firstChild.remove();
  at('lines').textContent = written > LINES ? `${number(written)} lines, the last ${number(LINES)} here` : `${number(written)} ${written === 1 ? 'line' : 'lines'}`;
  if (follows) view.scrollTop = view.scrollHeight;
}

/**
 * @param {string} how
 * @param {string} text
 */
function say(how, text) {
  at('note').className = `note small ${how}`;
  at('note').textContent = text;
}

// --- what it holds -------------------------------------------------------------------------------

/** @type {[string, HTMLElement][]} names, and where their values are shown */
let cells = [];

/** Rows for what the graph has; their values come later, without moving anything. */
function showPorts() {
  cells = [];
  const { inputs = [], variables = [], outputs = [], events = [] } = bench.info ?? {};
  rows('inputs', 'Inputs', inputs, inputField);
  rows('variables', 'Variables', variables, valueCell);
  rows('outputs', 'Outputs', outputs, valueCell);
  if (!inputs.length && !variables.length && !outputs.length) {
    at('variables').replaceChildren(make('tr', {}, make('td', { className: 'quiet small', colSpan: 3 }, bench.info ? 'This graph has none.' : 'Shown when the graph is right.')));
  }
  const options = events.filter(({ id }) => id).map(({ id }) => make('option', {}, id));
  at('event').replaceChildren(...(options.length ? options : [make('option', { value: '' }, 'no events')]));
}

/**
 * @param {string} id
 * @param {string} title
 * @param {{id: string, type: string}[]} ports
 * @param {(port: any, index: number) => HTMLElement} cell
 */
function rows(id, title, ports, cell) {
  const head = make('tr', {}, make('th', { scope: 'rowgroup', colSpan: 3 }, ports.length > ROWS ? `${title} (the first ${ROWS} of ${number(ports.length)})` : title));
  const body = ports.slice(0, ROWS).map((port, index) => make('tr', {}, make('th', { scope: 'row' }, port.id ?? `#${index}`), make('td', { className: 'small' }, port.type), cell(port, index)));
  at(id).replaceChildren(...(ports.length ? [head, ...body] : []));
}

/** @param {{id: string, type: string}} port */
function inputField({ id, type }) {
  const field = make('input', { name: id, placeholder: bench.initial.get(id) ?? '', autocomplete: 'off', 'aria-label': `${id}, ${type}` });
  field.addEventListener('change', () => setInput(field));
  return make('td', {}, field);
}

/** A running graph takes a new input at once. @param {any} field */
function setInput(field) {
  if (isOver() || field.value.trim() === '') return;
  try {
    bench.run?.set(field.name, valueOf(field.value));
    say('quiet', '');
  } catch (error) {
    say('bad', messageOf(error));
  }
}

/**
 * @param {{id: string}} port
 * @param {number} index
 */
function valueCell({ id }, index) {
  const name = id ?? `#${index}`;
  const cell = make('td', { className: 'code' }, bench.run ? '–' : (bench.initial.get(name) ?? '–'));
  cells.push([name, cell]);
  return cell;
}

function showValues() {
  for (const [name, cell] of cells) {
    const text = bench.run ? valueIn(bench.run, name) : (bench.initial.get(name) ?? '–');
    if (cell.textContent !== text) cell.textContent = text;
  }
}

/**
 * @param {import('../js/run.js').Run} run
 * @param {string} name
 */
function valueIn(run, name) {
  try {
    const value = run.get(name);
    return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
  } catch {
    return '–';
  }
}

// --- how it is doing -----------------------------------------------------------------------------

const frames = { count: 0, since: performance.now() };

function showFrames() {
  const now = performance.now();
  if (now - frames.since < 500) return;
  at('frames').textContent = number((frames.count * 1000) / (now - frames.since));
  Object.assign(frames, { count: 0, since: now });
}

function showFigures() {
  const stats = bench.engine?.stats;
  const ran = Boolean(bench.run && stats);
  at('status').textContent = bench.run?.status ?? '–';
  at('time').textContent = ran ? `${number(lasted() / 1000, 2)} s` : '–';
  at('instructions').textContent = ran ? short(stats?.instructions) : '–';
  at('rate').textContent = ran ? short((stats?.rate || NaN) * 1000) : '–';
  at('yields').textContent = ran ? number(stats?.yields) : '–';
  at('slice').textContent = ran ? duration(stats?.longestSlice) : '–';
}

let opening = false;

/** @param {boolean} yes */
function busy(yes) {
  opening = yes;
  showControls();
}

function showControls() {
  const ready = bench.info !== null && !opening;
  const over = isOver();
  const paused = bench.run?.status === 'paused';
  at('run').disabled = !ready && over;
  at('run').textContent = over ? 'Run' : 'Restart';
  at('pause').disabled = over;
  at('pause').textContent = paused ? 'Resume' : 'Pause';
  at('step').disabled = !ready && over;
  at('stop').disabled = over;
  const sends = !over && at('event').value !== '';
  for (const id of ['event', 'event-values', 'event-send']) at(id).disabled = !sends;
  document.documentElement.dataset.status = bench.run?.status ?? 'none';
}

// --- hands ---------------------------------------------------------------------------------------

at('run').addEventListener('click', () => start(false));
at('pause').addEventListener('click', () => (bench.run?.status === 'paused' ? bench.run.resume() : bench.run?.pause()));
at('stop').addEventListener('click', () => bench.run?.stop());
at('clear').addEventListener('click', clearLog);
at('step').addEventListener('click', async () => {
  if (isOver()) await start(true);
  bench.run?.step();
  showValues();
  showFigures();
  showControls();
});
at('event').addEventListener('change', showControls);
at('send').addEventListener('submit', (/** @type {SubmitEvent} */ submit) => {
  submit.preventDefault();
  try {
    const values = at('event-values').value.trim();
    bench.run?.send(at('event').value, values ? JSON.parse(values) : {});
    say('quiet', '');
  } catch (error) {
    say('bad', messageOf(error));
  }
});
at('example').addEventListener('change', () => at('example').value && putExample(at('example').value));
at('file').addEventListener('change', () => {
  const [file] = at('file').files;
  if (file) putFile(file);
  at('file').value = '';
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;
at('source').addEventListener('input', () => {
  clearTimeout(typing);
  Object.assign(bench, { source: at('source').value, text: at('source').value });
  typing = setTimeout(check, 250);
});
at('source').addEventListener('keydown', (/** @type {KeyboardEvent} */ key) => {
  if (key.key === 'Enter' && (key.ctrlKey || key.metaKey) && !at('run').disabled) start(false);
});

/** Whether a drag carries files. @param {DragEvent} drag */
const hasFiles = (drag) => drag.dataTransfer?.types.includes('Files') ?? false;
document.addEventListener('dragover', (drag) => {
  if (!hasFiles(drag)) return;
  drag.preventDefault();
  document.body.classList.add('dropping');
});
document.addEventListener('dragleave', (drag) => {
  if (drag.relatedTarget === null) document.body.classList.remove('dropping');
});
document.addEventListener('drop', (drag) => {
  document.body.classList.remove('dropping');
  const file = drag.dataTransfer?.files[0];
  if (!file) return;
  drag.preventDefault();
  putFile(file);
});

/** @param {string} id */
async function putExample(id) {
  try {
    await put(`${id}.graph.json`, await exampleText(id));
    say('quiet', list.find((example) => example.id === id)?.about ?? '');
    history.replaceState(null, '', `?example=${id}`);
  } catch (error) {
    say('bad', messageOf(error));
  }
}

// --- opening time --------------------------------------------------------------------------------

/** @type {import('./page.js').Example[]} */
let list = [];
wheel(at('wheel'));
let refreshed = 0;
everyFrame((time) => {
  frames.count += 1;
  showLog();
  showFrames();
  if (time - refreshed < REFRESH || isOver()) return;
  refreshed = time;
  showValues();
  showFigures();
});

list = await examples();
at('example').replaceChildren(make('option', { value: '' }, 'a file of yours'), ...list.map(({ id, title }) => make('option', { value: id }, title)));
const wanted = new URLSearchParams(location.search).get('example');
at('example').value = list.some(({ id }) => id === wanted) ? wanted : list[0].id;
await putExample(at('example').value);
for (const { fatal, message } of troubles()) {
  if (fatal) say('bad', message);
}
document.documentElement.dataset.ready = 'true';
