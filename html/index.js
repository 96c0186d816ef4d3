// index.js - the workbench: a graph in, its run under the hand, everything it says and holds in view.
import { TreadleError, open, troubles } from '../js/treadle.js';
import { showProblems, textOf } from './diagnostics.js';
import { LogView } from './log.js';
import { at, duration, everyFrame, exampleText, examples, make, messageOf, number, offerVariants, shares, short, takeDrops, wheel } from './page.js';
import { PortsView, valueOf } from './ports.js';

/** Seconds that plain may block this page. */
const PLAIN_SECONDS = 3;

/** Characters that can be edited. */
const EDITABLE = 1 << 20;

/** How often (ms) the figures are written anew: people cannot read faster. */
const REFRESH = 100;

/** How often (ms) it is asked who does the work. */
const ASK = 500;

/** What is on the bench: a file, then the graph in it, then a run of the graph. */
const bench = {
  name: '',
  /** @type {string | Uint8Array} */
  source: '',
  text: '',
  /** @type {import('../js/graph.js').GraphInfo | null} */
  info: null,
  /** @type {import('../js/engine.js').Engine | null} */
  engine: null,
  /** @type {import('../js/run.js').Run | null} */
  run: null,
  began: 0,
  lasted: 0,
  /** When it was paused; 0: it is not. Pauses are not counted. */
  pausedAt: 0,
};

const log = new LogView(at('log'), at('log-view'), at('lines'));
const ports = new PortsView({ inputs: at('inputs'), variables: at('variables'), outputs: at('outputs') }, setInput);

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
  const warnings = graph.diagnostics.length;
  verdict(warnings ? 'warn' : 'good', warnings ? `${warnings} to look at` : 'none: ready to run');
  at('about').textContent = `${graph.info.dialect ?? ''} · ${number(graph.info.nodes)} nodes`;
  showGraph(graph, graph.diagnostics);
}

/** @param {unknown} error */
function refuse(error) {
  const { diagnostics, code } = error instanceof TreadleError ? error : { diagnostics: [], code: '' };
  if (code === 'TRAP') reader = null; // the next check gets another
  verdict('bad', diagnostics.length ? `${diagnostics.length} found: it cannot run` : messageOf(error));
  at('about').textContent = '';
  showGraph(null, diagnostics);
}

/**
 * @param {import('../js/graph.js').Graph | null} graph
 * @param {import('../js/error.js').Diagnostic[]} diagnostics
 */
function showGraph(graph, diagnostics) {
  bench.info = graph?.info ?? null;
  showProblems(at('problems'), diagnostics, bench.text, pick);
  ports.open(graph);
  if (bench.run) ports.show(bench.run);
  const events = (graph?.info.events ?? []).filter(({ id }) => id).map(({ id }) => make('option', {}, id));
  at('event').replaceChildren(...(events.length ? events : [make('option', { value: '' }, 'no events')]));
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
  tidy();
  ports.forget();
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
    const until = variant === 'plain' ? PLAIN_SECONDS : undefined;
    const options = { runner: at('runner').value, set: ports.inputValues, paused, until };
    await graph.prepare(options);
    bench.began = performance.now();
    follow(graph.start(options));
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
  const write = (/** @type {'log' | 'event'} */ kind, /** @type {string} */ text) => log.write(kind, lasted() / 1000, text);
  run.on('log', ({ text }) => write('log', text));
  run.on('event', ({ id, values }) => write('event', `${id} ${JSON.stringify(values)}`));
  run.on('failure', ({ op, message }) => write('log', `${op}: ${message}`));
  run.on('status', (status) => {
    keepTime(status === 'paused');
    ports.show(bench.run);
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
const lasted = () => bench.lasted || (bench.pausedAt || performance.now()) - bench.began;

/**
 * @param {string} how
 * @param {string} text
 */
function end(how, text) {
  keepTime(false);
  bench.lasted = performance.now() - bench.began;
  if (text || how === 'bad') say(how, text);
  ports.show(bench.run);
  showFigures();
  showRunners();
  showControls();
}

/** Clears the bench of the run before. */
function tidy() {
  const engine = bench.engine;
  Object.assign(bench, { run: null, engine: null, lasted: 0, pausedAt: 0 });
  engine?.close();
  log.clear();
  ports.show(bench.run);
}

/**
 * @param {string} how
 * @param {string} text
 */
function say(how, text) {
  at('note').className = `note small ${how}`;
  at('note').textContent = text;
}

/**
 * A running graph takes a new input at once.
 * @param {string} name
 * @param {string} text
 */
function setInput(name, text) {
  if (isOver() || text.trim() === '') return;
  try {
    bench.run?.set(name, valueOf(name, text));
    say('quiet', '');
  } catch (error) {
    say('bad', messageOf(error));
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
  at('work').textContent = ran ? short(stats?.fuel) : '–';
  at('rate').textContent = ran ? short(rateOf(stats?.fuel ?? 0)) : '–';
  at('yields').textContent = ran ? number(stats?.yields) : '–';
  at('slice').textContent = ran ? duration(stats?.longestSlice) : '–';
}

/** When (ms of the run) the rate was last worked out, how much had been done, and what it was. */
const pace = { at: 0, fuel: 0, rate: NaN };

/** Fuel a second, over the last half second or so. @param {number} fuel done so far */
function rateOf(fuel) {
  const now = lasted();
  if (now < pace.at) Object.assign(pace, { at: 0, fuel: 0, rate: NaN }); // another run
  if (now - pace.at >= ASK) Object.assign(pace, { at: now, fuel, rate: ((fuel - pace.fuel) / (now - pace.at)) * 1000 });
  return Number.isNaN(pace.rate) || isOver() ? (fuel / now) * 1000 : pace.rate;
}

let asked = 0;

/**
 * Who has done how much. The report that says so says much else: while the graph runs it is asked for now and then.
 * @param {number} [now] left out: at once
 */
function showRunners(now = Infinity) {
  if (now - asked < ASK) return;
  asked = now < Infinity ? now : 0;
  let fuel = {};
  try {
    fuel = bench.run?.report().runners ?? {};
  } catch {
    // an engine that has failed says nothing any more
  }
  const [most, each] = shares(fuel);
  at('runners').textContent = each.split(', ')[0] || most;
  at('runners').title = `Which runner had how much of the fuel: ${each || most}`;
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
at('clear').addEventListener('click', () => log.clear());
at('step').addEventListener('click', async () => {
  if (isOver()) await start(true);
  bench.run?.step();
  ports.show(bench.run);
  showFigures();
  showRunners();
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

takeDrops(putFile);

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
  log.show();
  showFrames();
  if (time - refreshed < REFRESH || isOver()) return;
  refreshed = time;
  ports.show(bench.run);
  showFigures();
  showRunners(time);
});

offerVariants(at('variant'));
list = await examples();
at('example').replaceChildren(make('option', { value: '' }, 'a file of yours'), ...list.map(({ id, title }) => make('option', { value: id }, title)));
const wanted = new URLSearchParams(location.search).get('example');
at('example').value = list.some(({ id }) => id === wanted) ? wanted : list[0].id;
await putExample(at('example').value);
for (const { fatal, message } of troubles()) {
  if (fatal) say('bad', message);
}
document.documentElement.dataset.ready = 'true';
