// engine.js - an engine in a variant: what can be loaded into it, what graphs may call, how it is doing.
import { Calls } from './calls.js';
import { TreadleError } from './error.js';
import { dispose } from './follow.js';
import { Graph } from './graph.js';
import { importsOf } from './host.js';
import { Loop } from './loop.js';
import { bytesOf } from './source.js';
import { AUTO, addressOf, instantiate, loadModule } from './wasm.js';

/**
 * @typedef {object} OpenOptions
 * @property {string} [variant] 'plain', 'step', 'asyncify', or 'auto': the first of these that is there, step before others
 * @property {import('./wasm.js').ModuleSource} [wasm] the module, when it is not where it was built
 * @property {Record<string, number>} [limits] by name (limit.def); 0 is none
 * @property {number} [budget] ms that a slice may take (4)
 * @property {number} [cadence] also ends a slice after so much fuel; 0: never
 * @property {'auto' | 'manual'} [drive] manual: nothing runs but in `turn` and `step`
 * @property {{now?: () => number}} [host] another clock than performance.now()
 * @property {number} [asyncifyStack] bytes, for tests of its overflow
 */

/** The tables that C gives of itself (td_tables). @typedef {{version: string, types: import('./value.js').Type[], stats: string[], [name: string]: any}} Tables */

/**
 * Opens an engine.
 * @param {OpenOptions} [options]
 */
export async function open(options = {}) {
  const { variant = 'auto', wasm: source } = options;
  if (variant !== 'auto' || source) return openVariant(source ?? addressOf(variant), options);
  /** @type {unknown} */
  let missing;
  for (const name of AUTO) {
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
  const module = await loadModule(source);
  /** @type {Engine} */
  let engine;
  const wasm = await instantiate(
    module,
    importsOf({
      now: () => engine?.loop.now() ?? performance.now(),
      log: (instance, severity, at, length) => engine?.loop.heard(instance, 'log', at, length, severity),
      event: (instance, at, length) => engine.loop.heard(instance, 'event', at, length),
      call: (...call) => engine.calls.call(...call),
      sleep: () => engine.loop.sleep(),
    }),
  );
  engine = new Engine(wasm, options);
  return engine;
}

export class Engine {
  /**
   * @param {import('./wasm.js').Wasm} wasm
   * @param {OpenOptions} options
   */
  constructor(wasm, { variant = 'auto', limits = {}, cadence = 0, host = {}, ...options }) {
    /** Which variant this is. */
    this.variant = wasm.textUpToNul(wasm.exports.td_variant() >>> 0);
    if (variant !== 'auto' && variant !== this.variant) {
      throw new TreadleError('VARIANT', `The module given as \`wasm\` is the variant ${this.variant}, not ${variant}.`);
    }
    /** @internal */
    this.loop = new Loop(wasm, { ...options, now: host.now });
    /** What the engine says of itself: version, ops, types, limits, errors, names of the read-outs. @type {Tables} */
    this.tables = JSON.parse(this.loop.textOf((exports, engine) => exports.td_tables(engine)));
    /** @internal */
    this.calls = new Calls(this.loop, this.tables.types);
    /** Read-outs: `yields`, `instructions`, ... Each is read from the engine's memory, without a call, when it is looked at. */
    this.stats = readOuts(this.loop, this.tables.stats);
    this.loop.nameStats(this.tables.stats);
    for (const [name, value] of Object.entries(limits)) this.#limit(name, value);
    this.cadence = cadence;
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  #limit(name, value) {
    const known = this.loop.callWith([name], (exports, engine, at) => exports.td_limit(engine, at, value));
    if (!known) throw new TreadleError('LIMIT', `There is no limit "${name}", or ${value} is no whole number from 0 on.`);
  }

  #cadence = 0;

  /** Fuel after which a slice ends, whatever the clock says; 0: the clock alone. */
  get cadence() {
    return this.#cadence;
  }

  set cadence(fuel) {
    this.#cadence = fuel;
    this.loop.call((exports, engine) => exports.td_cadence(engine, fuel));
  }

  /** How often this engine gave up its turn, counted on this side; `stats.yields` is C's own count. */
  get yieldsSeen() {
    return this.loop.yieldsSeen;
  }

  /** Bytes of the engine's memory. */
  get memory() {
    return this.loop.wasm.memory.buffer.byteLength;
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
   * Loads a graph file. Throws a TreadleError with all its faults when it is refused.
   * @param {import('./source.js').Source} source its text or bytes, where it is (a URL), or the object itself
   * @param {{name?: string, graph?: number, signal?: AbortSignal}} [options] `name` for messages; `graph`: which one of the file
   */
  async load(source, { name, graph = -1, signal } = {}) {
    const file = await bytesOf(source, signal);
    signal?.throwIfAborted();
    return this.loadBytes(file.bytes, name ?? file.name, graph);
  }

  /**
   * The same at once, for bytes that are here.
   * @param {Uint8Array} bytes
   * @param {string} [name]
   * @param {number} [graph]
   */
  loadBytes(bytes, name = 'graph', graph = -1) {
    const { program, diagnostics } = this.#take(bytes, name, graph);
    if (program === 0) throw refusal(name, diagnostics);
    return new Graph(this.loop, program, diagnostics);
  }

  /**
   * What there is to say about a file, without keeping it.
   * @param {import('./source.js').Source} source
   * @param {{name?: string, graph?: number}} [options]
   * @returns {Promise<{ok: boolean, diagnostics: import('./error.js').Diagnostic[], text: string, lines: string}>}
   */
  async check(source, { name, graph = -1 } = {}) {
    const file = await bytesOf(source);
    const { program, diagnostics, text } = this.#take(file.bytes, name ?? file.name, graph);
    const lines = this.loop.textOf((exports, engine) => exports.td_lines(engine));
    if (program) this.loop.call((exports, engine) => exports.td_unload(engine, program));
    return { ok: program !== 0, diagnostics, text, lines };
  }

  /**
   * @param {Uint8Array} bytes
   * @param {string} name
   * @param {number} graph
   */
  #take(bytes, name = 'graph', graph = -1) {
    const program = this.loop.callWith([name, bytes], (exports, engine, nameAt, bytesAt) =>
      exports.td_load(engine, nameAt, bytesAt, bytes.length, graph),
    );
    const text = this.loop.text();
    return { program, text, diagnostics: /** @type {import('./error.js').Diagnostic[]} */ (JSON.parse(text).diagnostics) };
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
    this.loop.close();
  }

  [dispose]() {
    this.close();
  }
}

/**
 * @param {Loop} loop
 * @param {string[]} names in C's spelling
 * @returns {Readonly<Record<string, number>>}
 */
function readOuts(loop, names) {
  const stats = {};
  names.forEach((name, index) => {
    const camel = name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
    Object.defineProperty(stats, camel, { enumerable: true, get: () => loop.stat(index) });
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
