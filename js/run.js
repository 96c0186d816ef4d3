// run.js - a running graph: values in and out, pause and step, and three ways to follow it.
import { RealClock, VirtualClock } from './clock.js';
import { TreadleError, messageOf } from './error.js';
import { Reader, WAITING } from './reader.js';
import { revive, reviveAll, toJson } from './value.js';

/** The symbols of `using`; browsers that do not know it get others, which do no harm. */
export const dispose = /** @type {{dispose?: symbol}} */ (Symbol).dispose ?? Symbol.for('dispose');
export const asyncDispose = /** @type {{asyncDispose?: symbol}} */ (Symbol).asyncDispose ?? Symbol.for('asyncDispose');

/** The runners, in the order of Runner (instance.h). */
const RUNNERS = ['vm', 'walk'];

/**
 * How a run is to go.
 * @typedef {object} StartOptions
 * @property {'vm' | 'walk'} [runner]
 * @property {number} [seed] of math/random
 * @property {number} [fuel] how much work it may do; without, the engine's limit
 * @property {boolean} [trace] keeps a record of every activation
 * @property {'real' | 'virtual'} [clock] real: a tick with every frame; virtual: as fast as it goes
 * @property {import('./clock.js').Until} [until] seconds; left out: without end (real), 'quiet' (virtual)
 * @property {number} [tick] ms between two ticks: at least (real), exactly (virtual; 16)
 * @property {Record<string, unknown>} [set] inputs and variables, before anything runs
 * @property {(string | [string, Record<string, unknown>?])[]} [send] events, after all onStart
 * @property {boolean} [paused] begins paused
 * @property {AbortSignal} [signal] ends the run
 */

/**
 * Something a run tells the world.
 * @typedef {{type: 'event', id: string, values: Record<string, any>, time: number} | {type: 'log', severity: number, text: string}} Entry
 */

/**
 * How a run stands or ended: what `run --json` prints (README), with NaN and infinities as numbers.
 * @typedef {object} Report
 * @property {import('./loop.js').Status} status
 * @property {string} [reason]
 * @property {{id?: string, name?: string, index: number, type: string, value: any}[]} variables
 * @property {{time: number, id: string, values: Record<string, any>}[]} events
 * @property {any[]} log
 * @property {Record<string, any>} outputs
 * @property {number} yields
 * @property {number | null} instructions
 * @property {number} fuel
 * @property {string} resultHash
 * @property {string} [traceHash]
 */

/**
 * A running graph. To follow it: `await run` for how it ends; `for await (const entry of run)` for all that it says on the
 * way; or listeners, for 'event' and 'log' (detail: the entry), 'status' (detail: the status) and 'failure' (detail: which
 * host operation failed, and why).
 */
export class Run extends EventTarget {
  #loop;
  /** @type {import('./loop.js').Status} */
  #status = 'running';
  #report = '';
  #over = false;
  #freed = false;
  #listened = false;
  /** @type {{kind: 'event' | 'log', text: string, severity: number}[]} not delivered yet */
  #notes = [];
  /** @type {Set<Reader>} */
  #readers = new Set();
  /** @type {(report: Report) => void} */
  #resolve = () => {};
  /** @type {(reason: unknown) => void} */
  #reject = () => {};
  #unabort = () => {};

  /**
   * @param {import('./loop.js').Loop} loop
   * @param {number} program
   * @param {import('./graph.js').Graph} graph
   * @param {StartOptions} options
   */
  constructor(loop, program, graph, options) {
    super();
    this.#loop = loop;
    this.graph = graph;
    /** Resolves with the report when the run is over; rejects when it was aborted or disposed, or the engine failed. */
    this.finished = /** @type {Promise<Report>} */ (
      new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      })
    );
    this.finished.catch(() => {}); // who does not wait for a run need not hear how it failed
    this.clock = clockOf(options);
    this.instance = begin(loop, program, options);
    this.#prepare(options);
  }

  /** @param {StartOptions} options */
  #prepare({ set = {}, send = [], paused = false, signal }) {
    try {
      for (const [name, value] of Object.entries(set)) this.set(name, value);
      for (const event of send) this.send(...(typeof event === 'string' ? /** @type {[string]} */ ([event]) : event));
    } catch (error) {
      this.#loop.end(this.instance);
      throw error;
    }
    this.#loop.add(this);
    if (paused) this.pause();
    if (!signal) return;
    const abort = () => this.#loop.drop(this, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#unabort = () => signal.removeEventListener('abort', abort);
  }

  // --- in and out -----------------------------------------------------------------------------

  /**
   * Sets a graph input, else a variable by its name or as "#N". While an activation is under way it waits for its end.
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    this.#use();
    const taken = this.#loop.callWith([name, toJson(value)], (exports, engine, ...at) => exports.td_set(engine, this.instance, ...at));
    if (!taken) throw new TreadleError('SET', this.#loop.text());
    this.#loop.wake();
  }

  /**
   * The value of a graph output, else of an input, else of a variable ("#N" too).
   * @param {string} name
   * @returns {any}
   */
  get(name) {
    this.#use();
    const found = this.#loop.callWith([name], (exports, engine, at) => exports.td_get(engine, this.instance, at));
    const text = this.#loop.text();
    if (!found) throw new TreadleError('GET', text);
    return revive(JSON.parse(text));
  }

  /**
   * Sends a custom event. Values that are left out are the event's own.
   * @param {string} event
   * @param {Record<string, unknown>} [values]
   */
  send(event, values = {}) {
    this.#live('send an event to');
    const taken = this.#loop.callWith([event, toJson(values)], (exports, engine, ...at) => exports.td_send(engine, this.instance, ...at));
    if (!taken) throw new TreadleError('SEND', this.#loop.text());
    this.#loop.wake();
  }

  /** How the run stands, or how it ended. */
  report() {
    return reportOf(this.reportText());
  }

  /** The report as the JSON text that the engine wrote. */
  reportText() {
    if (this.#report) return this.#report;
    this.#use();
    return this.#loop.report(this);
  }

  // --- control --------------------------------------------------------------------------------

  get status() {
    return this.#over ? this.#status : this.#loop.statusOf(this, this.#status);
  }

  pause() {
    this.#live('pause');
    this.#loop.pause(this, true);
  }

  resume() {
    this.#live('resume');
    this.#loop.pause(this, false);
  }

  /**
   * Goes on until `count` flow inputs were activated, then pauses.
   * @param {number} [count]
   * @returns {number} how many were
   */
  step(count = 1) {
    this.pause();
    return this.#loop.step(this, count);
  }

  /** Ends the run where it is; its report says "stopped". */
  stop() {
    if (!this.#over) this.#loop.stop(this);
  }

  /** Frees the run. If it was not over, its promise is rejected. */
  [dispose]() {
    if (this.#freed) return;
    this.#freed = true;
    this.#loop.drop(this, new TreadleError('DISPOSED', 'The run was disposed before it was over.'));
  }

  async [asyncDispose]() {
    this.stop();
    await this.finished.catch(() => {});
    this[dispose]();
  }

  // --- following it ---------------------------------------------------------------------------

  /**
   * @template [A=Report], [B=never]
   * @param {((report: Report) => A | PromiseLike<A>) | null} [done]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [failed]
   */
  then(done, failed) {
    return this.finished.then(done, failed);
  }

  /**
   * All that the run says from now on, in order. Leaving the loop stops the run.
   * @returns {AsyncGenerator<Entry, void>}
   */
  async *[Symbol.asyncIterator]() {
    const reader = new Reader(this.#over);
    this.#readers.add(reader);
    try {
      for (let entry = await reader.next(); entry; entry = await reader.next()) yield entry;
      await this.finished; // throws when the run was rejected
    } finally {
      this.#readers.delete(reader);
      this.stop();
    }
  }

  /** @type {EventTarget['addEventListener']} */
  addEventListener(type, listener, options) {
    this.#listened = true;
    super.addEventListener(type, listener, options);
  }

  /** Entries that were left out because nobody took those before them in time: floods only. */
  dropped = 0;

  /** What host operations threw. @type {{op: string, message: string}[]} */
  failures = [];

  // --- for loop.js and calls.js only ----------------------------------------------------------

  /** Host operations that have not answered. @internal */
  pending = 0;

  /** Whether anybody wants to hear what the run says. @internal */
  get watched() {
    return this.#listened || this.#readers.size > 0;
  }

  /**
   * C said something; it is delivered when C is back.
   * @internal
   * @param {'event' | 'log'} kind
   * @param {string} text
   * @param {number} severity
   */
  note(kind, text, severity) {
    if (this.#notes.length < WAITING) this.#notes.push({ kind, text, severity });
    else this.dropped += 1;
  }

  /** @internal */
  deliver() {
    for (const { kind, text, severity } of this.#notes.splice(0)) {
      const entry = kind === 'log' ? { type: kind, severity, text } : entryOf(text);
      for (const reader of this.#readers) if (!reader.put(entry)) this.dropped += 1;
      this.#tell(kind, entry);
    }
  }

  /**
   * A host operation has failed.
   * @internal
   * @param {string} op
   * @param {unknown} error
   */
  failed(op, error) {
    const failure = { op, message: messageOf(error) };
    if (this.failures.length < WAITING) this.failures.push(failure);
    queueMicrotask(() => this.#tell('failure', { ...failure, error }));
  }

  /**
   * @internal
   * @param {import('./loop.js').Status} status
   */
  turnsTo(status) {
    if (status === this.#status) return;
    this.#status = status;
    this.#tell('status', status);
  }

  /**
   * The run is over.
   * @internal
   * @param {string} text the report
   */
  finish(text) {
    const report = reportOf(text);
    this.#report = text;
    this.#close(report.status);
    this.#resolve(report);
  }

  /**
   * The run has come to nothing.
   * @internal
   * @param {unknown} reason
   */
  fail(reason) {
    this.#close('stopped');
    this.#reject(reason);
  }

  /** @param {import('./loop.js').Status} status */
  #close(status) {
    this.#over = true;
    this.#unabort();
    this.turnsTo(status);
    for (const reader of this.#readers) reader.close();
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    if (this.#listened) this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #use() {
    if (this.#freed) throw new TreadleError('DISPOSED', 'The run was disposed.');
  }

  /** @param {string} what */
  #live(what) {
    this.#use();
    if (this.#over) throw new TreadleError('OVER', `The run is over (${this.#status}): it is too late to ${what} it.`);
  }
}

/**
 * @param {import('./loop.js').Loop} loop
 * @param {number} program
 * @param {StartOptions} options
 * @returns {number} the instance
 */
function begin(loop, program, { runner = 'vm', seed, fuel, trace = false }) {
  const way = RUNNERS.indexOf(runner);
  if (way < 0) throw new TreadleError('OPTION', `There is no runner "${runner}" (there are ${RUNNERS.join(', ')}).`);
  const [seeded, fuelled] = [number('seed', seed, 0), number('fuel', fuel, 0)];
  const instance = loop.call((exports, engine) => exports.td_start(engine, program, way, seeded, fuelled, Number(trace)));
  if (instance === 0) throw new TreadleError('START', loop.text());
  return instance;
}

/** @param {StartOptions} options */
function clockOf({ clock = 'real', until, tick }) {
  const real = clock === 'real';
  if (!real && clock !== 'virtual') throw new TreadleError('OPTION', `There is no clock "${clock}" (there are real, virtual).`);
  const end = until === 'quiet' || (until === undefined && !real) ? 'quiet' : number('until', until, Infinity);
  return real ? new RealClock(number('tick', tick, 0), end) : new VirtualClock(number('tick', tick, 16), end);
}

/**
 * @param {string} name
 * @param {number | undefined} value
 * @param {number} otherwise
 */
function number(name, value, otherwise) {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value >= 0)) throw new TreadleError('OPTION', `${name} should be a number from 0 on, is ${value}.`);
  return value;
}

/**
 * @param {string} text
 * @returns {Report}
 */
function reportOf(text) {
  const report = JSON.parse(text);
  for (const variable of report.variables ?? []) variable.value = revive(variable.value);
  for (const event of report.events ?? []) event.values = reviveAll(event.values ?? {});
  report.outputs = reviveAll(report.outputs ?? {});
  return report;
}

/**
 * @param {string} text
 * @returns {Entry}
 */
function entryOf(text) {
  const { id, values = {}, time } = JSON.parse(text);
  return { type: 'event', id, values: reviveAll(values), time };
}
