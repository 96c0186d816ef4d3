// engine.js - an engine in a variant: what can be loaded into it, what graphs may call, how it is doing.
import { Calls } from './calls.js';
import { TreadleError } from './error.js';
import { features } from './features.js';
import { dispose } from './follow.js';
import { Gate } from './gate.js';
import { Graph } from './graph.js';
import { importsOf } from './host.js';
import { Loop } from './loop.js';
import { Pointers } from './pointers.js';
import { bytesOf } from './source.js';
import { AUTO, USUAL, addressOf, instantiate, loadModule } from './wasm.js';

/**
 * @typedef {object} OpenOptions
 * @property {string} [variant] 'plain', 'step', 'asyncify', 'jspi'; 'auto': jspi where this place has it, else asyncify, else what
 *   is there. Left out: step, or what is there
 * @property {import('./wasm.js').ModuleSource} [wasm] the module, when it is not where it was built
 * @property {Record<string, number>} [limits] by name (limit.def); 0 is none
 * @property {boolean | string[]} [observe] properties of the glTF that a host wants to read, write and see change whatever the
 *   graph does: all that can be written, or those at or below these pointers: "/nodes", "/nodes/{}/translation"
 * @property {Record<string, import('./pointers.js').Service>} [pointers] by prefix: properties that the page serves itself, or whose
 *   changes it wants to know
 * @property {number} [budget] ms that a slice may take (4)
 * @property {number} [cadence] also ends a slice after so much fuel; 0: never
 * @property {'auto' | 'manual'} [drive] manual: nothing runs but in `turn` and `step`
 * @property {{now?: () => number}} [host] another clock than performance.now()
 * @property {number} [asyncifyStack] bytes, for tests of its overflow
 */

/**
 * What the engine says of itself (td_tables): nothing of it is typed again in JavaScript.
 * @typedef {object} Tables
 * @property {string} version
 * @property {string} variant
 * @property {import('./value.js').Type[]} types
 * @property {{name: string, default: number, unit: string, guards: string}[]} limits
 * @property {import('./follow.js').Status[]} statuses
 * @property {string[]} runners
 * @property {string[]} shapes of compiled code, in the order of their runners: wasm, structured, scheduler
 * @property {string[]} stats names of the read-outs
 * @property {{path: string, type: string, access: 'cell' | 'fixed' | 'index' | 'length' | 'computed'}[]} properties of the glTF object model
 * @property {any[]} ops
 */

/**
 * A file in the ratified form. Without `ok` there are no bytes: the diagnostics say why.
 * @typedef {object} Upgraded
 * @property {boolean} ok the new file loads
 * @property {Uint8Array | null} bytes the new file; the old one when there was nothing to change
 * @property {number} count how many changes
 * @property {{code: string, pointer: string, line: number, column: number, was: string, now: string}[]} changes places are those
 *   of the old file
 * @property {import('./error.js').Diagnostic[]} diagnostics places are those of the new file
 * @property {string} lines all this for people
 */

/**
 * Opens an engine.
 * @param {OpenOptions} [options]
 */
export async function open(options = {}) {
  const { variant, wasm: source } = options;
  if (source) return openVariant(source, options);
  if (variant && variant !== 'auto') return openVariant(addressOf(variant), options);
  /** @type {unknown} */
  let missing;
  for (const name of variant ? AUTO.filter((name) => name !== 'jspi' || features().jspi) : USUAL) {
    try {
      return await openVariant(addressOf(name), options);
    } catch (error) {
      if (!(error instanceof TreadleError && error.code === 'WASM_FETCH')) throw error;
      missing ??= error;
    }
  }
  throw missing;
}

/**
 * @param {import('./wasm.js').ModuleSource} source
 * @param {OpenOptions} options
 */
async function openVariant(source, options) {
  const { now = () => performance.now() } = options.host ?? {};
  /** @type {Engine} */
  let engine; // nothing but the clock is asked for before it is there
  const imports = importsOf({
    now,
    log: (instance, severity, at, length) => engine.loop.heard(instance, 'log', at, length, severity),
    event: (instance, at, length) => engine.loop.heard(instance, 'event', at, length),
    call: (...call) => engine.calls.call(...call),
    pointerGet: (...asked) => engine.pointers.get(...asked),
    pointerSet: (...asked) => engine.pointers.set(...asked),
    sleep: () => engine.loop.sleep(),
    leave: () => engine.loop.leave(),
  });
  const wasm = await instantiate(await loadModule(source), imports);
  engine = new Engine(wasm, options);
  return engine;
}

export class Engine {
  #gate;

  /**
   * @param {import('./wasm.js').Wasm} wasm
   * @param {OpenOptions} options
   */
  constructor(wasm, options) {
    const { variant = 'auto', limits = {}, cadence = 0, observe = false, pointers = {} } = options;
    /** Which variant this is. */
    this.variant = wasm.textUpToNul(wasm.exports.td_variant() >>> 0);
    if (variant !== 'auto' && variant !== this.variant) {
      throw new TreadleError('VARIANT', `The module given as \`wasm\` is the variant ${this.variant}, not ${variant}.`);
    }
    this.#gate = new Gate(wasm);
    /** @type {Tables} */
    this.tables = JSON.parse(this.#gate.textOf((exports, engine) => exports.td_tables(engine)));
    /** @internal */
    this.loop = new Loop(this.#gate, this.tables, options);
    /** @internal */
    this.calls = new Calls(this.#gate, this.loop, this.tables.types);
    /** @internal */
    this.pointers = new Pointers(this.#gate, this.loop, this.tables.types, pointers);
    if (this.pointers.areTold) this.loop.onSlice = (run) => this.pointers.tellChanges(run);
    /** Read-outs: `yields`, `instructions`, ... Each is read from the engine's memory, without a call, when it is looked at. */
    this.stats = readOuts(this.#gate, this.tables.stats);
    for (const [name, value] of Object.entries(limits)) this.#limit(name, value);
    for (const prefix of observe === true ? [''] : observe || []) this.pointers.tell('td_observe', prefix);
    this.cadence = cadence;
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #limit(name, value) {
    const known = this.#gate.callWith([name], (exports, engine, at) => exports.td_limit(engine, at, value));
    if (known) return;
    const names = this.tables.limits.map((limit) => limit.name);
    if (names.includes(name)) throw new TreadleError('LIMIT', `The limit ${name} is a whole number from 0 on, not ${value}.`);
    throw new TreadleError('LIMIT', `There is no limit "${name}". There are ${names.join(', ')}.`);
  }

  #cadence = 0;

  /** Fuel after which a slice ends, whatever the clock says; 0: the clock alone. */
  get cadence() {
    return this.#cadence;
  }

  set cadence(fuel) {
    this.#cadence = fuel;
    this.#gate.call((exports, engine) => exports.td_cadence(engine, fuel));
  }

  /** How often this engine gave up its turn, counted on this side; `stats.yields` is C's own count. */
  get yieldsSeen() {
    return this.loop.yieldsSeen;
  }

  /** Bytes of the engine's memory. */
  get memory() {
    return this.#gate.wasm.memory.buffer.byteLength;
  }

  /**
   * Defines an operation that graphs loaded from now on may call: a flow node with `in`, `out` and `err`.
   * @param {string} name "my/op"
   * @param {import('./calls.js').Signature} signature
   * @param {import('./calls.js').Operation} operation
   */
  define(name, signature, operation) {
    this.calls.define(name, signature, operation);
  }

  /**
   * Defines an operation that runs a compiled graph: a flow node with the module's graph inputs and outputs. Each of its nodes in
   * each run has a run of the module with a state of its own. Entered, it takes its inputs, gets a tick at the run's time, and
   * goes on when all that followed is done.
   * @param {string} name "my/op"
   * @param {import('./module.js').GraphModule} module
   * @param {import('./module.js').StartOptions} [options] for each of its runs
   */
  defineModule(name, module, options) {
    this.define(name, module.signature, module.operation(options));
  }

  /**
   * Loads a graph file. Throws a TreadleError with all its faults when it is refused.
   * @param {import('./source.js').Source} source its text or bytes, where it is (a URL), or the object itself
   * @param {{name?: string, graph?: number, upgrade?: boolean, signal?: AbortSignal}} [options] `name` for messages; `graph`:
   *   which one of the file; `upgrade`: a draft of KHR_interactivity is upgraded first
   */
  async load(source, { name, graph, upgrade, signal } = {}) {
    const file = await bytesOf(source, signal);
    signal?.throwIfAborted();
    return this.loadBytes(file.bytes, name ?? file.name, graph, upgrade);
  }

  /**
   * The same at once, for bytes that are here.
   * @param {Uint8Array} bytes
   * @param {string} [name]
   * @param {number} [graph]
   * @param {boolean} [upgrade]
   */
  loadBytes(bytes, name = 'graph', graph = -1, upgrade = false) {
    const { program, diagnostics } = this.#take(bytes, name, graph, upgrade);
    if (program === 0) throw refusal(name, diagnostics);
    return new Graph(this.#gate, this.loop, program, diagnostics);
  }

  /**
   * Makes code of a graph: see Graph.compile.
   * @param {Graph} graph
   * @param {import('./compile.js').CompileOptions} [options]
   */
  compile(graph, options) {
    return graph.compile(options);
  }

  /**
   * All that there is to say about a file. Nothing is kept.
   * @param {import('./source.js').Source} source
   * @param {{name?: string, graph?: number, upgrade?: boolean}} [options]
   * @returns {Promise<{ok: boolean, diagnostics: import('./error.js').Diagnostic[], lines: string}>} `lines`: the same for people
   */
  async check(source, { name, graph, upgrade } = {}) {
    const file = await bytesOf(source);
    const checked = this.checkBytes(file.bytes, name ?? file.name, graph, upgrade);
    checked.graph?.unload();
    return { ok: checked.graph !== null, diagnostics: checked.diagnostics, lines: checked.lines };
  }

  /**
   * Loads a file and says all about it, whether it is refused or not.
   * @param {Uint8Array} bytes
   * @param {string} [name]
   * @param {number} [graph]
   * @param {boolean} [upgrade]
   */
  checkBytes(bytes, name = 'graph', graph = -1, upgrade = false) {
    const { program, ...said } = this.#take(bytes, name, graph, upgrade);
    const lines = this.#gate.textOf((exports, engine) => exports.td_lines(engine));
    return { graph: program ? new Graph(this.#gate, this.loop, program, said.diagnostics) : null, lines, ...said };
  }

  /**
   * @param {Uint8Array} bytes
   * @param {string} name
   * @param {number} graph
   * @param {boolean} upgrade
   * @returns {{program: number, text: string, diagnostics: import('./error.js').Diagnostic[], errors: number, warnings: number}}
   */
  #take(bytes, name, graph, upgrade) {
    const load = upgrade ? 'td_load_upgraded' : 'td_load';
    const program = this.#gate.callWith([name, bytes], (exports, engine, nameAt, bytesAt) =>
      exports[load](engine, nameAt, bytesAt, bytes.length, graph),
    );
    const text = this.#gate.text();
    return { program, text, ...JSON.parse(text) };
  }

  /**
   * Turns a draft of KHR_interactivity into the ratified form. Nothing is loaded.
   * @param {import('./source.js').Source} source
   * @param {{name?: string}} [options]
   * @returns {Promise<Upgraded>}
   */
  async upgrade(source, { name } = {}) {
    const file = await bytesOf(source);
    return this.upgradeBytes(file.bytes, name ?? file.name);
  }

  /**
   * The same at once, for bytes that are here.
   * @param {Uint8Array} bytes
   * @param {string} [name]
   * @returns {Upgraded & {text: string}}
   */
  upgradeBytes(bytes, name = 'graph') {
    const changes = this.#gate.callWith([name, bytes], (exports, engine, nameAt, bytesAt) => exports.td_upgrade(engine, nameAt, bytesAt, bytes.length));
    const text = this.#gate.text();
    const lines = this.#gate.textOf((exports, engine) => exports.td_lines(engine));
    const written = this.#gate.call((exports, engine) => this.#gate.wasm.bytesAt(exports.td_bytes(engine) >>> 0, exports.td_bytes_length(engine)));
    return { ...JSON.parse(text), bytes: changes > 0 ? written : changes === 0 ? bytes : null, lines, text };
  }

  /**
   * Every operation of this build, as JSON text or as a table for people.
   * @param {'json' | 'markdown'} form
   */
  ops(form) {
    return this.#gate.textOf((exports, engine) => exports.td_ops(engine, Number(form === 'markdown')));
  }

  /**
   * One turn by hand: a tick for real clocks, then a slice of at most `ms`. For engines opened with {drive: 'manual'}.
   * @param {number} [ms]
   * @returns {boolean} whether there is work left now
   */
  turn(ms = 4) {
    return this.loop.turn(ms);
  }

  /** Ends all runs and gives the memory back. */
  close() {
    this.#gate.close();
  }

  [dispose]() {
    this.close();
  }
}

/**
 * @param {Gate} gate
 * @param {string[]} names in C's spelling
 * @returns {Readonly<Record<string, number>>}
 */
function readOuts(gate, names) {
  const stats = {};
  names.forEach((name, index) => {
    const camel = name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
    Object.defineProperty(stats, camel, { enumerable: true, get: () => gate.stat(index) });
  });
  return stats;
}

/**
 * @param {string} name
 * @param {import('./error.js').Diagnostic[]} diagnostics
 */
function refusal(name, diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const where = first?.line ? `${name}:${first.line}:${first.column}` : name;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new TreadleError(first?.code ?? 'LOAD', `${where}: ${first?.message ?? 'the file was refused'}${more}`, { diagnostics });
}
