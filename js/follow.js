// follow.js - how a run is followed, wherever it runs: as a promise, as an async iterable, as an EventTarget.
import { messageOf } from './error.js';

/**
 * Something a run tells the world.
 * @typedef {{type: 'event', id: string, values: Record<string, any>, time: number} | {type: 'log', severity: number, text: string}} Entry
 */

/**
 * How a run stands or ended: what `run --json` prints (README), with NaN and infinities as numbers.
 * @typedef {object} Report
 * @property {Status} status
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

/** A run's states (InstanceStatus, engine.h). @typedef {'running' | 'idle' | 'done' | 'limit' | 'stopped' | 'paused'} Status */

/** How many entries wait for their reader at most. A flood behind them is counted, not kept. */
export const WAITING = 10_000;

/** The symbol of `using`; browsers that do not know it get another, which does no harm. @type {typeof Symbol.dispose} */
export const dispose = Symbol.dispose ?? Symbol.for('dispose');

/** The symbol of `await using`. @type {typeof Symbol.asyncDispose} */
export const asyncDispose = Symbol.asyncDispose ?? Symbol.for('asyncDispose');

/**
 * To follow a run: `await run` for how it ends; `for await (const entry of run)` for all that it says on the way; or
 * listeners, for 'event' and 'log' (detail: the entry), 'status' (detail: the status) and 'failure' (detail: which host
 * operation failed, and why). `stop()` is what makes it a run.
 * @abstract
 */
export class Followed extends EventTarget {
  /** @type {Status} */
  #status = 'running';
  #over = false;
  #listened = false;
  /** @type {Set<Reader>} */
  #readers = new Set();
  /** @type {(report: Report) => void} */
  #resolve = () => {};
  /** @type {(reason: unknown) => void} */
  #reject = () => {};

  /** Entries that were left out, since those before them were not taken in time. */
  dropped = 0;

  /** What host operations threw. @type {{op: string, message: string}[]} */
  failures = [];

  constructor() {
    super();
    /** Resolves with the report when the run is over; rejects when it was aborted or disposed, or the engine failed. */
    this.finished = /** @type {Promise<Report>} */ (
      new Promise((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
      })
    );
    this.finished.catch(() => {}); // who does not wait for a run need not hear how it failed
  }

  /** @abstract */
  stop() {}

  /** How it stood when it was last looked at. */
  get status() {
    return this.#status;
  }

  /**
   * @template [A=Report], [B=never]
   * @param {((report: Report) => A | PromiseLike<A>) | null} [done]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [failed]
   */
  then(done, failed) {
    return this.finished.then(done, failed);
  }

  /**
   * @template [B=never]
   * @param {((reason: any) => B | PromiseLike<B>) | null} [failed]
   */
  catch(failed) {
    return this.finished.catch(failed);
  }

  /** @param {(() => void) | null} [settled] */
  finally(settled) {
    return this.finished.finally(settled);
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

  /**
   * A listener that gets what it wants to know at once.
   * @param {'event' | 'log' | 'status' | 'failure'} type
   * @param {(detail: any) => void} heard
   * @returns {() => void} takes it away
   */
  on(type, heard) {
    const listener = (/** @type {Event} */ event) => heard(/** @type {CustomEvent} */ (event).detail);
    this.addEventListener(type, listener);
    return () => this.removeEventListener(type, listener);
  }

  // --- for those who make it run ---------------------------------------------------------------

  /** @internal */
  get isOver() {
    return this.#over;
  }

  /** Whether anybody wants to hear what the run says. @internal */
  get watched() {
    return this.#listened || this.#readers.size > 0;
  }

  /**
   * @internal
   * @param {Entry} entry
   */
  say(entry) {
    for (const reader of this.#readers) if (!reader.put(entry)) this.dropped += 1;
    this.#tell(entry.type, entry);
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
   * @param {Status} status
   */
  turnsTo(status) {
    if (status === this.#status) return;
    this.#status = status;
    this.#tell('status', status);
  }

  /**
   * The run is over.
   * @internal
   * @param {Report} report
   */
  finish(report) {
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

  /** @param {Status} status */
  #close(status) {
    this.#over = true;
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
}

/** What one `for await` has not read yet. */
class Reader {
  /** @type {Entry[]} */
  #entries = [];
  #read = 0;
  #closed;
  #wake = () => {};

  /** @param {boolean} closed */
  constructor(closed) {
    this.#closed = closed;
  }

  /**
   * @param {Entry} entry
   * @returns {boolean} whether there was room
   */
  put(entry) {
    if (this.#entries.length - this.#read >= WAITING) return false;
    this.#entries.push(entry);
    this.#wake();
    return true;
  }

  /** Nothing more will come. */
  close() {
    this.#closed = true;
    this.#wake();
  }

  /**
   * The next entry; undefined when there will be none.
   * @returns {Promise<Entry | undefined>}
   */
  async next() {
    if (this.#read === this.#entries.length) {
      this.#entries = [];
      this.#read = 0;
      if (!this.#closed) await new Promise((resolve) => (this.#wake = () => resolve(null)));
    }
    return this.#entries[this.#read++];
  }
}
