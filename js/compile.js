// compile.js - graphs become WebAssembly while they run: emitted in slices, compiled off the page's thread, put into the engine's table.
import { Pace } from './drive.js';
import { TreadleError, messageOf } from './error.js';

/** @typedef {'preemptible' | 'structured' | 'scheduler'} Shape */

/**
 * What kind of code: its shape, and whether it writes the trace (a run with a trace needs code that does).
 * @typedef {object} CompileOptions
 * @property {Shape} [shape] 'preemptible': as fast as it gets, and gives the page its turn; 'structured': the same without turns, to
 *   compare; 'scheduler': block by block, to compare
 * @property {boolean} [traced]
 * @property {boolean} [keep] the module's bytes stay in `module`
 */

/**
 * How it stands with a graph's code.
 * @typedef {object} Code
 * @property {'none' | 'coming' | 'ready' | 'refused'} state
 * @property {string} why it was refused; else ''
 * @property {number} bytes of the module
 * @property {number} units functions in it
 * @property {number} emitted ms that its emission took, without pauses
 * @property {number} compiled ms until it was compiled and installed
 * @property {Uint8Array} [module]
 */

/** Instructions that are looked at in one go: a ms or two. */
const AT_ONCE = 2000;

/** @type {Readonly<Code>} */
const NONE = Object.freeze({ state: 'none', why: '', bytes: 0, units: 0, emitted: 0, compiled: 0 });

/** @typedef {{shape: number, traced: boolean, code: Code, done: Promise<Code>, range: [number, number] | null}} Job */

/** All code of one engine. */
export class Compiler {
  #gate;
  #shapes;
  #places;
  /** @type {Map<number, Job[]>} by program */
  #jobs = new Map();

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {string[]} shapes their names, by number
   */
  constructor(gate, shapes) {
    this.#gate = gate;
    this.#shapes = shapes;
    this.#places = new Places(gate.wasm.table);
  }

  /**
   * @param {number} program
   * @param {CompileOptions} [options]
   * @returns {Readonly<Code>}
   */
  codeOf(program, { shape, traced } = {}) {
    return this.#find(program, this.#number(shape), Boolean(traced))?.code ?? NONE;
  }

  /**
   * Makes code and installs it. What is there, or on its way, is not made again.
   * @param {number} program
   * @param {CompileOptions} [options]
   * @returns {Promise<Readonly<Code>>} `ready` or `refused`
   */
  compile(program, { shape, traced = false, keep = false } = {}) {
    const number = this.#number(shape);
    const known = this.#find(program, number, traced);
    if (known) return known.done;
    /** @type {Job} */
    const job = { shape: number, traced, code: { ...NONE, state: 'coming' }, done: Promise.resolve(NONE), range: null };
    this.#jobs.set(program, [...(this.#jobs.get(program) ?? []), job]);
    job.done = this.#make(program, job, keep);
    return job.done;
  }

  /**
   * Each byte of what a program becomes, with what it is, as text.
   * @param {number} program
   * @param {string} [shape]
   */
  dump(program, shape) {
    const number = this.#number(shape);
    const made = this.#gate.call((exports, engine) => exports.td_dump_wasm(engine, program, number));
    const text = this.#gate.text();
    if (!made) throw new TreadleError('COMPILE', `The graph cannot be compiled: ${text}`);
    return text;
  }

  /** Runs that have worked for long get code, in the background. Called between slices. */
  look() {
    for (const traced of [false, true]) {
      const program = this.#gate.wasm.exports.td_hot(this.#gate.engine, Number(traced));
      if (program) this.compile(program, { traced });
    }
  }

  /** The program is gone: others get its places, but those that a module is about to fill. @param {number} program */
  forget(program) {
    for (const job of this.#jobs.get(program) ?? []) if (job.code.state !== 'coming') this.#leave(job);
    this.#jobs.delete(program);
  }

  /** @param {string} [shape] */
  #number(shape = this.#shapes[0]) {
    const number = this.#shapes.indexOf(shape);
    if (number < 0) throw new TreadleError('OPTION', `There is no shape "${shape}" (there are ${this.#shapes.join(', ')}).`);
    return number;
  }

  /**
   * @param {number} program
   * @param {number} shape
   * @param {boolean} traced
   */
  #find(program, shape, traced) {
    return this.#jobs.get(program)?.find((job) => job.shape === shape && job.traced === traced);
  }

  /** @param {Job} job */
  #leave(job) {
    if (job.range) this.#places.give(...job.range);
    job.range = null;
  }

  /**
   * @param {number} program
   * @param {Job} job
   * @param {boolean} keep
   */
  async #make(program, job, keep) {
    const { code } = job;
    try {
      const bytes = await this.#emit(program, job);
      code.bytes = bytes.length;
      if (keep) code.module = bytes;
      const began = performance.now();
      await this.#install(program, job, await WebAssembly.compile(bytes));
      code.compiled = performance.now() - began;
      code.state = 'ready';
    } catch (error) {
      this.#leave(job);
      code.state = 'refused';
      code.why = messageOf(error);
    }
    return code;
  }

  /**
   * @param {number} program
   * @param {Job} job
   */
  async #emit(program, { shape, traced, code }) {
    const which = /** @type {const} */ ([program, shape, Number(traced)]);
    const pace = new Pace();
    for (;;) {
      const began = performance.now();
      const more = this.#gate.call((exports, engine) => exports.td_emit(engine, ...which, AT_ONCE));
      if (more < 0) throw new TreadleError('COMPILE', this.#gate.text());
      const bytes = more ? null : this.#gate.call((exports, engine) =>
        this.#gate.wasm.bytesAt(exports.td_module(engine, ...which) >>> 0, exports.td_module_length(engine, ...which)),
      );
      code.emitted += performance.now() - began;
      if (bytes) return bytes;
      await new Promise((resolve) => pace.next(() => resolve(undefined)));
    }
  }

  /**
   * @param {number} program
   * @param {Job} job
   * @param {WebAssembly.Module} module
   */
  async #install(program, job, module) {
    const { memory, table } = this.#gate.wasm;
    const which = /** @type {const} */ ([program, job.shape, Number(job.traced)]);
    const units = this.#gate.call((exports, engine) => exports.td_units(engine, ...which));
    if (units < 0) throw new TreadleError('COMPILE', 'The graph was unloaded.');
    const base = this.#places.take(units);
    job.range = [base, units];
    job.code.units = units;
    const names = WebAssembly.Module.imports(module).filter((wanted) => wanted.module === 'f').map(({ name }) => name);
    const functions = Object.fromEntries(names.map((name) => [name, table.get(Number(name))]));
    await WebAssembly.instantiate(module, { e: { m: memory, t: table, b: base }, f: functions });
    const installed = this.#gate.call((exports, engine) => exports.td_install(engine, ...which, base));
    if (!installed) throw new TreadleError('COMPILE', this.#gate.text());
  }
}

/** Places in a table of functions: taken in a row, given back, taken again. */
class Places {
  #table;
  /** @type {[number, number][]} free rows: first place, how many; by place, no two side by side */
  #free = [];

  /** @param {WebAssembly.Table} table */
  constructor(table) {
    this.#table = table;
  }

  /** @param {number} count */
  take(count) {
    const at = this.#free.findIndex(([, room]) => room >= count);
    if (at < 0) return this.#table.grow(count);
    const [first, room] = this.#free[at];
    this.#free.splice(at, 1, ...(room > count ? [/** @type {[number, number]} */ ([first + count, room - count])] : []));
    return first;
  }

  /**
   * @param {number} first
   * @param {number} count
   */
  give(first, count) {
    if (count === 0) return; // of a graph that nothing ever starts
    for (let place = first; place < first + count; place += 1) this.#table.set(place, null);
    const rows = [...this.#free, /** @type {[number, number]} */ ([first, count])].sort(([a], [b]) => a - b);
    this.#free = [];
    for (const [at, room] of rows) {
      const last = this.#free.at(-1);
      if (last && last[0] + last[1] === at) last[1] += room;
      else this.#free.push([at, room]);
    }
  }
}
