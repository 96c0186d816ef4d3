// loop.js - one engine's run loop: a slice, what others wait for, the page's turn, and again.
//
//     ┌→ slice: drive() ─→ deliver events ─→ look at every run: ticks, ends ─┬─ work left: come back soon (drive.js)
//     │                                                                      ├─ real clocks: come back with a tick
//     └──── virtual clocks ticked, and the slice has time left ──────────────┴─ neither: until somebody wakes it
import { Sleeper } from './asyncify.js';
import { Pace } from './drive.js';
import { TreadleError, messageOf } from './error.js';
import { STATUSES } from './follow.js';
import { FAILED } from './host.js';

/** @typedef {import('./follow.js').Status} Status */
/** @typedef {import('./run.js').Run} Run */

/** Ticks a single step may give while it waits for a delay. */
const STEP_TICKS = 10_000;

export class Loop {
  /** A call into the engine is on the stack: nobody may call it again from there. */
  #inside = false;
  /** @type {TreadleError | null} why the engine cannot be used any more */
  #broken = null;
  /** @type {Map<number, Run>} those that are not over, by instance */
  #runs = new Map();
  /** @type {Map<number, AbortController>} by instance, for operations that want to know when their run ends */
  #ends = new Map();
  /** @type {Set<Run>} those with something to deliver */
  #talkers = new Set();
  /** @type {(() => void)[]} what waits until the call into the engine is back */
  #later = [];
  #slices = 0;
  /** Where in memory (as f64) the host says when a slice should end, and when it must, even in plain. */
  #deadline = 0;
  #stop = 0;
  #stats;
  #manual;
  #now;
  #pace;
  #sleeper;

  /** Instances of runs that are over and that nobody can reach any more are freed. */
  #forgotten = new FinalizationRegistry((/** @type {number} */ instance) => this.end(instance));

  /**
   * @param {import('./wasm.js').Wasm} wasm
   * @param {{budget?: number, drive?: 'auto' | 'manual', now?: () => number, asyncifyStack?: number}} options
   */
  constructor(wasm, { budget, drive = 'auto', now, asyncifyStack }) {
    this.wasm = wasm;
    this.#pace = new Pace(budget);
    this.#manual = drive === 'manual';
    this.#now = now ?? (() => performance.now());
    this.#deadlineFrom = now ? (/** @type {number} */ time) => time + this.#pace.budget : (/** @type {number} */ time) => this.#pace.deadline(time);
    this.engine = wasm.exports.td_open();
    if (this.engine === 0) throw new TreadleError('MEMORY', "The module's memory has no room for an engine.");
    this.#stats = wasm.exports.td_stats(this.engine) >>> 3;
    this.#sleeper = 'asyncify_start_unwind' in wasm.exports ? new Sleeper(wasm, asyncifyStack) : null;
  }

  #deadlineFrom;

  // --- calls into the engine ------------------------------------------------------------------

  /**
   * Every call into the engine passes here: it is refused from within another, and a trap ends the engine with a name.
   * @template T
   * @param {(exports: import('./wasm.js').Calls, engine: number) => T} use
   * @returns {T}
   */
  call(use) {
    if (this.#broken) throw this.#broken;
    if (this.#inside) {
      throw new TreadleError('BUSY', 'A host operation called the engine that was calling it: give values back instead, or wait until it has returned.');
    }
    this.#inside = true;
    try {
      return use(this.wasm.exports, this.engine);
    } catch (error) {
      throw this.#fault(error);
    } finally {
      this.#inside = false;
    }
  }

  /**
   * The same with texts or bytes that C may read during the call.
   * @template T
   * @param {(string | Uint8Array)[]} parts
   * @param {(exports: import('./wasm.js').Calls, engine: number, ...at: number[]) => T} use
   * @returns {T}
   */
  callWith(parts, use) {
    return this.call((exports, engine) => this.wasm.with(parts, (...at) => use(exports, engine, ...at)));
  }

  /** What the last call left to read. */
  text() {
    return this.call((exports, engine) => this.wasm.textAt(exports.td_text(engine) >>> 0, exports.td_text_length(engine)));
  }

  /**
   * The text of a call that writes one.
   * @param {(exports: import('./wasm.js').Calls, engine: number) => unknown} write
   */
  textOf(write) {
    this.call(write);
    return this.text();
  }

  /**
   * The number of read-out `index`, straight from memory.
   * @param {number} index
   */
  stat(index) {
    return this.#broken ? NaN : this.wasm.floats[this.#stats + index];
  }

  /** @param {string[]} names of the read-outs, in their order */
  nameStats(names) {
    this.#deadline = this.#stats + names.indexOf('deadline');
    this.#stop = this.#stats + names.indexOf('stop');
  }

  /**
   * What is behind an exception that came out of C. After a trap memory may be anything, so nothing is called any more.
   * @param {unknown} error
   */
  #fault(error) {
    const overflow = error instanceof TreadleError && error.code === 'ASYNCIFY_STACK';
    const trap = error instanceof WebAssembly.RuntimeError || isDeep(error);
    if (overflow) this.#break(error);
    else if (trap) this.#break(new TreadleError('TRAP', `The engine has failed (${messageOf(error)}) and cannot be used any more: open another.`, { cause: error }));
    return this.#broken ?? error;
  }

  /** @param {TreadleError} why */
  #break(why) {
    this.#broken = why;
    this.#pace.cancel();
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    for (const run of runs) this.#part(run, () => run.fail(why));
  }

  /** Ends everything; later calls are refused. */
  close() {
    if (this.#broken) return;
    this.call((exports, engine) => exports.td_close(engine));
    this.#break(new TreadleError('CLOSED', 'The engine was closed.'));
  }

  // --- what C asks for (host.js) --------------------------------------------------------------

  /** Milliseconds. */
  now() {
    return this.#now();
  }

  sleep() {
    this.#sleeper?.sleep();
  }

  /**
   * @param {number} instance
   * @param {'event' | 'log'} kind
   * @param {number} at
   * @param {number} length
   * @param {number} [severity]
   */
  heard(instance, kind, at, length, severity = 0) {
    const run = this.#runs.get(instance);
    if (!run?.watched) return;
    run.note(kind, this.wasm.textAt(at >>> 0, length), severity);
    this.#talkers.add(run);
  }

  // --- runs -----------------------------------------------------------------------------------

  /** @param {Run} run */
  add(run) {
    this.#runs.set(run.instance, run);
    run.clock.begin(this.#now());
    this.#plan();
    this.wake();
  }

  /** @param {number} instance */
  runOf(instance) {
    return this.#runs.get(instance);
  }

  /**
   * A signal that aborts when the run of an instance ends.
   * @param {number} instance
   */
  signalOf(instance) {
    let end = this.#ends.get(instance);
    if (!end) this.#ends.set(instance, (end = new AbortController()));
    return end.signal;
  }

  /**
   * The host's answer to a call that waits.
   * @param {number} instance
   * @param {number} call
   * @param {number} answer
   * @param {string} json
   */
  complete(instance, call, answer, json) {
    const run = this.#runs.get(instance);
    if (!run || this.#broken) return;
    run.pending -= 1;
    const taken = this.callWith([json], (exports, engine, at) => exports.td_complete(engine, instance, call, answer, at));
    if (!taken && answer !== FAILED) {
      run.failed('a host operation', new Error(this.text()));
      this.callWith(['{}'], (exports, engine, at) => exports.td_complete(engine, instance, call, FAILED, at));
    }
    this.wake();
  }

  /** @param {Run} run */
  #status(run) {
    return STATUSES[this.call((exports, engine) => exports.td_status(engine, run.instance))];
  }

  /**
   * @param {Run} run
   * @param {Status} known what it was last; all that can be said while C is at work
   */
  statusOf(run, known) {
    return this.#inside || this.#broken ? known : this.#status(run);
  }

  /** @param {Run} run */
  report(run) {
    return this.textOf((exports, engine) => exports.td_report(engine, run.instance));
  }

  /**
   * @param {Run} run
   * @param {boolean} paused
   */
  pause(run, paused) {
    this.call((exports, engine) => exports.td_pause(engine, run.instance, Number(paused)));
    run.clock[paused ? 'pause' : 'resume'](this.#now());
    this.#plan();
    this.wake();
  }

  /**
   * The run ends as soon as the engine looks; a host operation may ask for it, too.
   * @param {Run} run
   */
  stop(run) {
    const stop = (/** @type {import('./wasm.js').Calls} */ exports, /** @type {number} */ engine) => exports.td_stop(engine, run.instance);
    if (this.#inside) stop(this.wasm.exports, this.engine);
    else this.call(stop);
    this.wake();
  }

  /**
   * Ends a run that is not wanted any more and frees it.
   * @param {Run} run
   * @param {unknown} reason what its promise is rejected with
   */
  drop(run, reason) {
    if (this.#inside) {
      this.stop(run);
      this.#later.push(() => this.drop(run, reason));
      return;
    }
    if (this.#runs.delete(run.instance)) this.#part(run, () => run.fail(reason));
    this.#forgotten.unregister(run);
    this.end(run.instance);
  }

  /** @param {number} instance */
  end(instance) {
    if (!this.#broken) this.call((exports, engine) => exports.td_end(engine, instance));
  }

  /**
   * Runs one run alone until `count` flow inputs were activated, or for as long as a frame lasts. Where it waits for time,
   * its clock ticks.
   * @param {Run} run
   * @param {number} count
   */
  step(run, count) {
    let done = 0;
    for (let ticks = 0; ticks < STEP_TICKS; ticks += 1) {
      this.wasm.floats[this.#deadline] = this.#now() + this.#pace.length;
      done += this.call((exports, engine) => exports.td_step(engine, run.instance, count - done));
      if (done >= count || (ticks > 0 && this.#isQuiet(run)) || !this.#tickPaused(run)) break;
    }
    this.#deliver();
    this.wake();
    return done;
  }

  /**
   * @param {Run} run
   * @returns {boolean} whether it waited for time, and got a tick
   */
  #tickPaused(run) {
    return this.call((exports, engine) => {
      exports.td_pause(engine, run.instance, 0);
      const waits = STATUSES[exports.td_status(engine, run.instance)] === 'idle';
      if (waits) run.clock.skip(this.#pace.length);
      const time = waits && run.clock.next(() => false, this.#pace.beat(this.#now()));
      if (typeof time === 'number') exports.td_tick(engine, run.instance, time);
      exports.td_pause(engine, run.instance, 1);
      return typeof time === 'number';
    });
  }

  // --- turns ----------------------------------------------------------------------------------

  /** There is something new to do. */
  wake() {
    if (!this.#manual && !this.#broken) this.#pace.next(this.#turn);
  }

  #turn = () => {
    if (this.#broken) return;
    try {
      const again = this.#work(this.#deadlineFrom(this.#now()));
      if (again) this.#pace.next(this.#turn);
      else if (this.#needsTicks()) this.#pace.tick(this.#turn);
    } catch (error) {
      if (error !== this.#broken) throw error; // who waits for a run has been told
    }
  };

  /**
   * One turn by hand, of at most `ms`.
   * @param {number} ms
   * @returns {boolean} whether there is work left
   */
  turn(ms) {
    return this.#work(this.#now() + ms);
  }

  /** @param {number} deadline */
  #work(deadline) {
    let more = false;
    let ticked = false;
    do {
      this.wasm.floats[this.#deadline] = deadline;
      more = this.call(this.#slice) !== 0;
      if (more) this.#slices += 1;
      this.#deliver();
      ticked = !this.#broken && this.#look();
    } while (!more && ticked && this.#now() < deadline);
    return more || ticked;
  }

  #slice = () => (this.#sleeper ? this.#sleeper.enter(this.#drive) : this.#drive());
  #drive = () => this.wasm.exports.drive(this.engine);

  /** How often this engine gave up its turn, as seen from here; C counts too (`stats.yields`). */
  get yieldsSeen() {
    return this.#sleeper ? this.#sleeper.sleeps : this.#slices;
  }

  /** Tells listeners what happened; they may call the engine. */
  #deliver() {
    for (const later of this.#later.splice(0)) later();
    if (this.#talkers.size === 0) return;
    const talkers = [...this.#talkers];
    this.#talkers.clear();
    for (const run of talkers) run.deliver();
  }

  /**
   * Looks at every run that may be over, or may want a tick.
   * @returns {boolean} whether one got a tick, and so has work
   */
  #look() {
    const now = this.#now();
    const beat = this.#manual ? now : this.#pace.beat(now);
    let ticked = false;
    for (const run of [...this.#runs.values()]) {
      if (this.#broken) return false;
      ticked = this.#lookAt(run, now, beat) || ticked;
    }
    return ticked;
  }

  /**
   * @param {Run} run
   * @param {number} now
   * @param {number} beat
   * @returns {boolean} whether it has work now
   */
  #lookAt(run, now, beat) {
    const status = this.#status(run);
    const waits = run.pending > 0;
    const over = status === 'limit' || status === 'stopped' || (status === 'done' && !waits);
    const late = now >= run.clock.endsAt;
    if (over || (late && status === 'idle')) return this.#finish(run);
    run.turnsTo(status);
    if (late) this.stop(run);
    if (late || status !== 'idle') return late;
    if (waits && run.clock.standsStill) return false;
    const time = run.clock.next(() => this.#isQuiet(run), beat);
    if (time === 'over') return !waits && this.#finish(run);
    if (time === 'later') return false;
    this.call((exports, engine) => exports.td_tick(engine, run.instance, time));
    return true;
  }

  /** Whether time alone would bring nothing to an end: no delay, no interpolation. @param {Run} run */
  #isQuiet(run) {
    return this.call((exports, engine) => exports.td_pending(engine, run.instance)) === 0;
  }

  #needsTicks() {
    for (const run of this.#runs.values()) if (!run.clock.standsStill && run.status !== 'paused') return true;
    return false;
  }

  /** Tells C when the first of the real clocks ends its run. */
  #plan() {
    const end = Math.min(...[...this.#runs.values()].map((run) => run.clock.endsAt));
    this.wasm.floats[this.#stop] = Number.isFinite(end) ? end : 0;
  }

  /** @param {Run} run */
  #finish(run) {
    const report = this.report(run);
    this.#runs.delete(run.instance);
    this.#forgotten.register(run, run.instance, run);
    this.#part(run, () => run.finishWith(report));
    this.#plan();
    return false;
  }

  /**
   * The last that a run hears: what is left to deliver, then how it ended.
   * @param {Run} run
   * @param {() => void} tell
   */
  #part(run, tell) {
    this.#talkers.delete(run);
    this.#ends.get(run.instance)?.abort();
    this.#ends.delete(run.instance);
    run.deliver();
    tell();
  }
}

/**
 * Whether an exception says that the stack of the page was too small: a RangeError, an InternalError in Firefox.
 * @param {unknown} error
 */
function isDeep(error) {
  return error instanceof Error && /call stack|recursion/.test(error.message);
}
