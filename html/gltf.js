// gltf.js - the glTF page: a model in, three.js shows it, its graph drives it, everything it says and holds in view.
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { activeCamera, attach } from '../js/three.js';
import { TreadleError, open, troubles } from '../js/treadle.js';
import { showProblems, textOf } from './diagnostics.js';
import { EventsView } from './events.js';
import { LogView } from './log.js';
import { MODELS } from './models.js';
import { at, duration, everyFrame, make, messageOf, number, offerVariants, takeDrops } from './page.js';
import { PartsView } from './parts.js';
import { PortsView } from './ports.js';
import { Stage } from './stage.js';
import { FrameStrip } from './strip.js';

/** Seconds after which plain is ended: an endless graph would hold this page for ever. */
const PLAIN_SECONDS = 60;

/** The warning that a file is a draft, and can be upgraded. */
const DRAFT = 'W1716';

/** How often (ms) values are written anew. */
const REFRESH = 100;

/** What is on show: a file, three's reading of it, and its graph's run. */
const world = {
  name: '',
  /** @type {Uint8Array | null} */
  bytes: null,
  /** @type {import('../js/engine.js').Engine | null} */
  engine: null,
  /** @type {import('../js/three.js').Attached | null} */
  shown: null,
};

const log = new LogView(at('log'), at('log-view'), at('lines'));
const ports = new PortsView({ inputs: make('tbody'), variables: at('variables'), outputs: make('tbody') }, () => {});
const events = new EventsView(at('events'), (id, values) => world.shown?.run.send(id, values));
const parts = new PartsView(at('parts'), at('animations'), () => world.shown);
const strip = new FrameStrip(at('strip'));
const stage = openStage();

function openStage() {
  try {
    return new Stage(at('canvas'));
  } catch (error) {
    at('no-view').hidden = false;
    at('no-view').textContent = `This browser gives this page no WebGL, so there is nothing to see (${messageOf(error)}). The graph of a model runs all the same.`;
    return null;
  }
}

// --- a model -------------------------------------------------------------------------------------

let turn = 0;

/**
 * Shows a file from its beginning.
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function show(name, bytes) {
  const mine = (turn += 1);
  close();
  Object.assign(world, { name, bytes });
  stateIs('loading');
  say('quiet', '');
  const [gltf, engine] = await Promise.all([read(bytes), openEngine()]);
  if (mine !== turn) return engine?.close(); // another file has come
  world.engine = engine;
  at('empty').hidden = true;
  if (gltf) lensOf(stage?.show(gltf) ?? []);
  const graph = engine && load(engine);
  if (!graph || !gltf) {
    nothingRuns();
    return stateIs('refused');
  }
  ports.open(graph);
  try {
    const start = { until: engine.variant === 'plain' ? PLAIN_SECONDS : undefined };
    follow(await attach(gltf, { graph, ...looking(), start }), gltf);
  } catch (error) {
    if (mine === turn) say('bad', messageOf(error)); // else it was closed meanwhile
  }
}

/** What three.js makes of a file; null, with a word about it, when it makes nothing. @param {Uint8Array} bytes */
async function read(bytes) {
  try {
    return await new GLTFLoader().parseAsync(/** @type {ArrayBuffer} */ (Uint8Array.from(bytes).buffer), '');
  } catch (error) {
    say('bad', `three.js cannot show it: ${messageOf(error)}`);
    return null;
  }
}

async function openEngine() {
  const pointers = activeCamera(() => stage?.camera);
  const budget = Number(at('budget').value) || 4;
  try {
    return await open({ variant: at('variant').value, budget, drive: 'manual', pointers });
  } catch (error) {
    say('bad', messageOf(error));
    return null;
  }
}

/** The graph of the file; null when it was refused. @param {import('../js/engine.js').Engine} engine */
function load(engine) {
  try {
    const graph = engine.loadBytes(/** @type {Uint8Array} */ (world.bytes), world.name);
    problems(graph.diagnostics, '');
    return graph;
  } catch (error) {
    const diagnostics = error instanceof TreadleError ? error.diagnostics : [];
    problems(diagnostics, diagnostics.length ? `${diagnostics.length} found: its graph cannot run` : messageOf(error));
    return null;
  }
}

/** Where the pointer is looked for, when there is something to look at. */
function looking() {
  return stage ? { canvas: at('canvas'), camera: () => /** @type {Stage} */ (stage).camera } : {};
}

/**
 * @param {import('../js/error.js').Diagnostic[]} diagnostics
 * @param {string} refusal why it cannot run; empty when it can
 */
function problems(diagnostics, refusal) {
  at('problems-panel').hidden = diagnostics.length === 0 && !refusal;
  at('verdict').className = `small end ${refusal ? 'bad' : 'warn'}`;
  at('verdict').textContent = refusal || `${diagnostics.length} to look at`;
  at('offer').hidden = !diagnostics.some(({ code }) => code === DRAFT);
  showProblems(at('problems'), diagnostics, world.bytes ? textOf(world.bytes) : '');
}

/** Turns a draft into what the standard became, and shows that. */
async function upgrade() {
  const { engine, bytes, name } = world;
  if (!engine || !bytes) return;
  const upgraded = engine.upgradeBytes(bytes, name);
  if (!upgraded.bytes) return problems(upgraded.diagnostics, 'it cannot be upgraded');
  await show(name, upgraded.bytes);
  offerFile(upgraded.bytes, name);
}

/** The upgraded file, to keep. @param {Uint8Array} bytes @param {string} name */
function offerFile(bytes, name) {
  const link = at('save');
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)]));
  link.download = name.replace(/(\.\w+)?$/, '.upgraded$1');
  at('upgraded').hidden = false;
}

/** Empties the panels of a graph. */
function nothingRuns() {
  events.open(null);
  parts.open(null);
  ports.open(null);
}

/**
 * @param {import('../js/three.js').Attached} shown
 * @param {any} gltf
 */
function follow(shown, gltf) {
  world.shown = shown;
  strip.clear();
  const { run } = shown;
  const began = performance.now();
  const write = (/** @type {'log' | 'event'} */ kind, /** @type {string} */ text) => log.write(kind, (performance.now() - began) / 1000, text);
  run.on('log', ({ text }) => write('log', text));
  run.on('event', ({ id, values }) => {
    write('event', `${id} ${JSON.stringify(values)}`);
    events.count(id);
  });
  run.on('failure', ({ op, message }) => write('log', `${op}: ${message}`));
  run.on('status', (status) => stateIs(status));
  run.finished.then(
    ({ status, reason }) => run === world.shown?.run && reason && say(status === 'limit' ? 'bad' : 'quiet', `${status}: ${reason}`),
    (error) => run === world.shown?.run && say('bad', messageOf(error)),
  );
  events.open(gltf.parser.json);
  parts.open(gltf.parser.json);
  if (world.engine?.variant === 'plain') say('warn', `plain does not keep to a budget: what takes long stops this page. It is ended after ${PLAIN_SECONDS} s.`);
  stateIs(run.status);
}

/** Takes away what is on show. */
function close() {
  const { shown, engine } = world;
  Object.assign(world, { shown: null, engine: null });
  shown?.detach();
  engine?.close();
  stage?.clear();
  log.clear();
  ports.forget();
  problems([], '');
  at('upgraded').hidden = true;
  lensOf([]);
}

/** The model's cameras, to choose from. @param {any[]} cameras */
function lensOf(cameras) {
  at('lens').hidden = cameras.length === 0;
  const names = cameras.map(({ name }, i) => make('option', { value: i }, name || `camera ${i}`));
  at('camera').replaceChildren(...names, make('option', { value: '' }, 'go round it'));
  at('camera').onchange = () => stage?.lookThrough(cameras[at('camera').value] ?? null);
}

// --- what is said ---------------------------------------------------------------------------------

/** @param {string} how @param {string} text */
function say(how, text) {
  at('note').className = `note small ${how}`;
  at('note').textContent = text;
}

/** @param {string} state a run's status, or: empty, loading, refused */
function stateIs(state) {
  document.documentElement.dataset.status = state;
  at('status').textContent = state === 'empty' ? '–' : state;
  const over = world.shown?.run.isOver ?? true;
  at('restart').disabled = world.bytes === null;
  at('pause').disabled = over;
  at('pause').textContent = state === 'paused' ? 'Resume' : 'Pause';
}

function showFigures() {
  const figures = strip.figures;
  at('frames').textContent = number(figures?.rate);
  at('p50').textContent = duration(figures?.p50);
  at('p99').textContent = duration(figures?.p99);
  at('share').textContent = world.shown && figures ? `${number(100 * figures.share, 1)} %` : '–';
  at('changes').textContent = world.shown && figures ? number(figures.changes) : '–';
}

// --- frames: the graph's part first, then the picture ----------------------------------------------

let last = performance.now();
let refreshed = 0;

everyFrame(() => {
  const began = performance.now();
  const changes = work();
  const worked = performance.now() - began;
  stage?.render();
  if (world.bytes) strip.add(began - last, world.shown ? worked : 0, changes);
  last = began;
  if (strip.show(began)) showFigures();
  log.show();
  if (began - refreshed < REFRESH) return;
  refreshed = began;
  ports.show(world.shown?.run ?? null);
  parts.show();
});

/** A slice of the graph, and what it has changed. */
function work() {
  const { engine, shown } = world;
  if (!engine || !shown) return 0;
  try {
    engine.turn(Number(at('budget').value) || 4);
    return shown.update();
  } catch (error) {
    say('bad', messageOf(error));
    world.shown = null;
    stateIs('stopped');
    return 0;
  }
}

// --- hands ----------------------------------------------------------------------------------------

/** @param {string} id of a model that the page brings along */
function showModel(id) {
  const model = MODELS.find((one) => one.id === id);
  if (!model) return;
  at('pick-model').value = id;
  history.replaceState(null, '', `?model=${id}`);
  show(`${id}.glb`, model.build()).then(() => at('note').textContent || say('quiet', model.about));
}

/** @param {File | undefined} file */
async function showFile(file) {
  if (!file) return;
  at('pick-model').value = '';
  show(file.name, new Uint8Array(await file.arrayBuffer()));
}

at('pick-model').replaceChildren(make('option', { value: '' }, 'a file of yours'), ...MODELS.map(({ id, title }) => make('option', { value: id }, title)));
at('pick-model').addEventListener('change', () => showModel(at('pick-model').value));
at('cards').replaceChildren(
  ...MODELS.map(({ id, title, about }) => make('button', { type: 'button', onclick: () => showModel(id) }, make('b', {}, title), make('span', { className: 'small quiet' }, about))),
);
at('file').addEventListener('change', () => {
  showFile(at('file').files[0]);
  at('file').value = '';
});
const restart = () => world.bytes && show(world.name, world.bytes);
at('restart').addEventListener('click', restart);
at('variant').addEventListener('change', restart);
at('upgrade').addEventListener('click', upgrade);
at('pause').addEventListener('click', () => {
  const run = world.shown?.run;
  if (run) run.status === 'paused' ? run.resume() : run.pause();
  stateIs(run?.status ?? 'empty');
});
at('clear').addEventListener('click', () => log.clear());

takeDrops(showFile);

// --- opening time -----------------------------------------------------------------------------------

stateIs('empty');
offerVariants(at('variant'));
nothingRuns();
showModel(new URLSearchParams(location.search).get('model') ?? '');
for (const { fatal, message } of troubles()) if (fatal) say('bad', message);
document.documentElement.dataset.ready = 'true';
