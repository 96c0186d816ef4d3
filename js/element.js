// element.js - <treadle-graph>: a graph in a page, by a tag.
//
//     <script type="module" src="js/element.js"></script>
//     <treadle-graph src="door.graph.json" variant="step" budget="4"></treadle-graph>
//
// It loads its file and runs it for as long as it is in the page. Attributes: src, variant, budget (ms a slice may take),
// paused (loads, and waits for play()). A graph may also stand inside, in a <script type="application/json">, or be given
// by the property `source`. Events: event, log, status and finish bubble; load (prevent it, and nothing starts) and error do
// not, as with images. Style: the parts toolbar, status and log; the states :state(running) and so on.
import { open } from './engine.js';
import { TreadleError, messageOf } from './error.js';
import { toJson } from './value.js';

const STYLE = `
  :host { display: block; font: 0.875rem/1.4 system-ui, sans-serif; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 0.5rem; padding: 0.5rem; }
  :host([hidden]) { display: none; }
  [part=toolbar] { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
  button { font: inherit; min-width: 4.5em; min-height: 2em; }
  [part=status] { margin-inline-start: auto; }
  [part=log] { margin: 0.5rem 0 0; padding: 0; max-height: 12em; min-height: 1.4em; overflow: auto; list-style: none; white-space: pre-wrap; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
`;

/** Lines that the log keeps. */
const LINES = 200;

/** The attributes that properties stand for. */
const ATTRIBUTES = ['src', 'variant', 'budget', 'paused'];

/** @typedef {import('./run.js').Run} Run */

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class TreadleGraph extends Base {
  static observedAttributes = ['src', 'variant', 'budget'];

  #internals = this.attachInternals?.();
  #view = view(this.attachShadow({ mode: 'open' }));
  /** @type {AbortController | null} ends what goes on now: loading or running */
  #life = null;
  /** @type {import('./source.js').Source | null} */
  #source = null;
  #state = 'empty';
  #pending = false;

  /** The engine, the graph and the run, when they are there. */
  engine = /** @type {import('./engine.js').Engine | null} */ (null);
  graph = /** @type {import('./graph.js').Graph | null} */ (null);
  run = /** @type {Run | null} */ (null);

  constructor() {
    super();
    const { play, step, stop } = this.#view;
    play.addEventListener('click', () => (this.#state === 'running' || this.#state === 'idle' ? this.pause() : this.play()));
    step.addEventListener('click', () => this.step());
    stop.addEventListener('click', () => this.stop());
    this.#show('empty');
  }

  // --- life -----------------------------------------------------------------------------------

  connectedCallback() {
    for (const name of [...ATTRIBUTES, 'source']) this.#upgrade(name);
    this.reload();
  }

  disconnectedCallback() {
    this.#end();
  }

  attributeChangedCallback(/** @type {string} */ _name, /** @type {string | null} */ before, /** @type {string | null} */ after) {
    if (this.isConnected && before !== after) this.reload();
  }

  /** A property that was set before the element was defined hides the real one: it is set again. @param {string} name */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const self = /** @type {any} */ (this);
    const value = self[name];
    delete self[name];
    self[name] = value;
  }

  /** Loads anew what the attributes name. Several changes at once are one. */
  reload() {
    if (this.#pending) return;
    this.#pending = true;
    queueMicrotask(() => {
      this.#pending = false;
      if (this.isConnected) this.#begin();
    });
  }

  async #begin() {
    this.#end();
    const source = this.#what();
    if (source === null) return this.#show('empty');
    const life = new AbortController();
    this.#life = life;
    this.#show('loading');
    try {
      const engine = await open({ variant: this.variant, budget: this.budget });
      if (life.signal.aborted) return engine.close();
      this.engine = engine;
      this.graph = await engine.load(source, { signal: life.signal });
      if (!this.#tell('load', this.graph)) return this.#show('stopped'); // a listener prevented the start
      await this.#follow(this.graph.start({ signal: life.signal, paused: this.paused }));
    } catch (error) {
      if (!life.signal.aborted) this.#fail(error);
    }
    return undefined;
  }

  #end() {
    this.#life?.abort();
    this.#life = null;
    this.engine?.close();
    this.engine = this.graph = this.run = null;
  }

  /** What is to be run. @returns {import('./source.js').Source | null} */
  #what() {
    if (this.#source !== null) return this.#source;
    if (this.src) return new URL(this.src, this.baseURI);
    return this.querySelector('script[type="application/json"]')?.textContent ?? null;
  }

  /** @param {Run} run */
  async #follow(run) {
    this.run = run;
    run.on('log', (detail) => this.#say('log', detail, detail.text));
    run.on('event', (detail) => this.#say('event', detail, `${detail.id} ${toJson(detail.values)}`));
    run.on('failure', (detail) => this.#line(`${detail.op}: ${detail.message}`));
    run.on('status', (detail) => this.#show(detail));
    this.#show(run.status);
    const report = await run;
    this.#show(report.status, report.reason);
    this.#tell('finish', report);
  }

  // --- control --------------------------------------------------------------------------------

  /** Starts, goes on, or starts again. */
  play() {
    this.paused = false;
    if (this.#state === 'paused') this.run?.resume();
    else if (this.#state !== 'running' && this.#state !== 'idle') this.reload();
  }

  pause() {
    if (this.#state === 'running' || this.#state === 'idle') this.run?.pause();
  }

  /** @param {number} [count] flow inputs to activate */
  step(count = 1) {
    this.run?.step(count);
  }

  stop() {
    this.run?.stop();
  }

  // --- attributes as properties ---------------------------------------------------------------

  get src() {
    return this.getAttribute('src') ?? '';
  }

  set src(value) {
    this.setAttribute('src', value);
  }

  get variant() {
    return this.getAttribute('variant') ?? 'step';
  }

  set variant(value) {
    this.setAttribute('variant', value);
  }

  /** ms that a slice may take */
  get budget() {
    return Number(this.getAttribute('budget')) || undefined;
  }

  set budget(value) {
    this.toggleAttribute('budget', value !== undefined);
    if (value !== undefined) this.setAttribute('budget', String(value));
  }

  get paused() {
    return this.hasAttribute('paused');
  }

  set paused(value) {
    this.toggleAttribute('paused', Boolean(value));
  }

  /** The graph itself instead of its address: text, bytes, a File, an object. */
  get source() {
    return this.#source;
  }

  set source(value) {
    this.#source = value;
    if (this.isConnected) this.reload();
  }

  // --- what is seen ---------------------------------------------------------------------------

  /**
   * @param {string} state
   * @param {string} [reason]
   */
  #show(state, reason) {
    this.#state = state;
    const { play, step, stop, status } = this.#view;
    const runs = state === 'running' || state === 'idle';
    play.textContent = runs ? 'Pause' : state === 'paused' ? 'Resume' : 'Run';
    play.disabled = state === 'empty' || state === 'loading';
    step.disabled = stop.disabled = !runs && state !== 'paused';
    status.textContent = reason ? `${state}: ${reason}` : state;
    this.#mark(state);
    if (this.#life && state !== 'loading') this.#tell('status', state);
  }

  /** @param {string} state for CSS */
  #mark(state) {
    const states = this.#internals?.states;
    states?.clear();
    try {
      states?.add(state);
    } catch {
      // the first browsers that had states wanted other names: they do without
    }
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   * @param {string} text
   */
  #say(type, detail, text) {
    this.#line(text);
    this.#tell(type, detail);
  }

  /** @param {string} text */
  #line(text) {
    const { log } = this.#view;
    const below = log.scrollHeight - log.scrollTop - log.clientHeight < 8; // follow, unless the reader scrolled up
    const line = document.createElement('li');
    line.textContent = text;
    log.append(line);
    while (log.childElementCount > LINES) log.firstElementChild?.remove();
    if (below) log.scrollTop = log.scrollHeight;
  }

  /** @param {unknown} error */
  #fail(error) {
    const diagnostics = error instanceof TreadleError ? error.diagnostics : [];
    this.#show('error', messageOf(error));
    for (const { code, line, column, message } of diagnostics) this.#line(`${code} ${line ?? '-'}:${column ?? '-'} ${message}`);
    this.#tell('error', error);
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   * @returns {boolean} whether nobody prevented what follows
   */
  #tell(type, detail) {
    const own = type === 'load' || type === 'error';
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: !own, composed: !own, cancelable: type === 'load' }));
  }
}

/**
 * The toolbar and the log. Built by hand: no text is ever read as HTML.
 * @param {ShadowRoot} root
 */
function view(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const toolbar = document.createElement('div');
  toolbar.setAttribute('part', 'toolbar');
  const [play, step, stop] = ['Run', 'Step', 'Stop'].map((text) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    return button;
  });
  const status = document.createElement('output');
  status.setAttribute('part', 'status');
  const log = document.createElement('ul');
  log.setAttribute('part', 'log');
  log.setAttribute('aria-label', 'What the graph says');
  log.tabIndex = 0; // a keyboard must be able to scroll it
  toolbar.append(play, step, stop, status);
  root.append(toolbar, log);
  return { play, step, stop, status, log };
}

if (globalThis.customElements && !customElements.get('treadle-graph')) customElements.define('treadle-graph', TreadleGraph);
