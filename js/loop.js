// loop.js - one engine's run loop: a slice, what others wait for, the page's turn, and again.
//
//     ┌→ slice: drive() ─→ deliver events ─→ look at every run: ticks, ends ─┬─ work left: come back soon (drive.js)
//     │                                                                      ├─ real clocks: come back with a tick
//     └──── virtual clocks ticked, and the slice has time left ──────────────┴─ neither: until somebody wakes it
import { Sleeper } from './asyncify.js';
import { Compiler } from './compile.js';
import { Pace } from './drive.js';
import { FAILED } from './host.js';
import { Suspender } from './jspi.js';

/** @typedef {import('./follow.js').Status} Status */
/** @typedef {import('./run.js').Run} Run */

/** Ticks that a single step may give while it waits for a delay. */
const STEP_TICKS = 10_000;

export class Loop {
  /** @type {Map<number, Run>} those that are not over, by instance */
  #runs = new Map();
  /** @type {Set<Run>} those with something to deliver */
  #talkers = new Set();
  #slices = 0;
  #gate;
  #pace;
  #manual;
  #now;
  #sleeper;
  #suspender;
  /** Read-outs that the host writes: when a slice should end, and when it must, even in plain. */
  #deadline;
  #stop;
  /** When (ms) the turn by hand began that is under way; NaN: none is. */
  #byHand = NaN;
  /** @type {Status[]} */
  #statuses;

  /** Called after every slice for each run that is not over. @type {((run: Run) => void) | null} */
  onSlice = null;

  /** Instances of runs that are over and that nobody can reach any more are freed. */
  #forgotten = new FinalizationRegistry((/** @type {number} */ instance) => {
    if (!this.#gate.broken) this.end(instance);
  });

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {import('./engine.js').Tables} tables
   * @param {{budget?: number, drive?: 'auto' | 'manual', host?: {now?: () => number}, asyncifyStack?: number}} options
   */
  constructor(gate, { stats, statuses, runners, shapes }, { budget, drive = 'auto', host = {}, asyncifyStack }) {
    this.#gate = gate;
    this.#pace = new Pace(budget, host.now);
    this.#manual = drive === 'manual';
    this.#now = host.now ?? (() => performance.now());
    this.#sleeper = 'asyncify_start_unwind' in gate.wasm.exports ? new Sleeper(gate.wasm, asyncifyStack) : null;
    this.#suspender = gate.wasm.suspends ? new Suspender(gate) : null;
    this.#deadline = stats.indexOf('deadline');
    this.#stop = stats.indexOf('stop');
    this.#statuses = statuses;
    /** The runners there are, by number. */
    this.runners = runners;
    this.shapes = shapes;
    this.compiler = new Compiler(gate, shapes);
    gate.onBreak = (why) => this.#break(why);
  }

  // --- what C asks for (host.js) --------------------------------------------------------------

  sleep() {
    return this.#suspender ? this.#suspender.sleep() : this.#sleeper?.sleep();
  }

  leave() {
    this.#suspender?.leave();
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
    run.note(kind, this.#gate.wasm.textAt(at, length), severity);
    this.#talkers.add(run);
  }

  /** How often this engine gave up its turn, as seen from here; C counts too (`stats.yields`). */
  get yieldsSeen() {
    return this.#sleeper ? this.#sleeper.sleeps : this.#slices + (this.#suspender?.sleeps ?? 0);
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
   * The host's answer to a call that waits.
   * @param {Run} run
   * @param {number} call
   * @param {number} answer
   * @param {string} json
   */
  complete(run, call, answer, json) {
    if (this.#gate.broken) return;
    const give = (/** @type {number} */ what, /** @type {string} */ values) =>
      this.#gate.callWith([values], (exports, engine, at) => exports.td_complete(engine, run.instance, call, what, at));
    if (!give(answer, json) && answer !== FAILED) {
      run.failed('a host operation', new Error(this.#gate.text()));
      give(FAILED, '{}');
    }
    this.wake();
  }

  /** Asked at every turn, so it takes the short way in. @param {Run} run */
  #status(run) {
    return this.#statuses[this.#gate.wasm.exports.td_status(this.#gate.engine, run.instance)];
  }

  /**
   * @param {Run} run
   * @param {Status} known what it was last; all that can be said while C is at work
   */
  statusOf(run, known) {
    return this.#gate.inside || this.#gate.broken ? known : this.#status(run);
  }

  /**
   * @param {Run} run
   * @param {boolean} paused
   */
  pause(run, paused) {
    this.#gate.callFromAnywhere((exports, engine) => exports.td_pause(engine, run.instance, Number(paused)));
    run.clock[paused ? 'pause' : 'resume'](this.#now());
    this.#plan();
    this.wake();
  }

  /**
   * The run ends as soon as the engine looks.
   * @param {Run} run
   */
  stop(run) {
    this.#gate.callFromAnywhere((exports, engine) => exports.td_stop(engine, run.instance));
    this.wake();
  }

  /**
   * Ends a run that is not wanted any more and frees it.
   * @param {Run} run
   * @param {unknown} reason what its promise is rejected with, when it was not over
   */
  drop(run, reason) {
    if (this.#gate.broken) return;
    this.end(run.instance);
    this.#forgotten.unregister(run);
    if (this.#runs.delete(run.instance)) run.fail(reason);
    this.#plan();
  }

  /** @param {number} instance */
  end(instance) {
    this.#gate.callFromAnywhere((exports, engine) => exports.td_end(engine, instance));
  }

  /**
   * Runs one run alone until `count` flow inputs were activated, or for as long as a frame lasts, and pauses it. Where it
   * waits for time, its clock ticks.
   * @param {Run} run
   * @param {number} count
   */
  step(run, count) {
    this.#gate.call((exports, engine) => exports.td_pause(engine, run.instance, 1));
    run.clock.pause(this.#now());
    this.#plan();
    let done = 0;
    for (let ticks = 0; ticks < STEP_TICKS; ticks += 1) {
      this.#gate.setStat(this.#deadline, this.#now() + this.#pace.length);
      done += this.#gate.call((exports, engine) => exports.td_step(engine, run.instance, count - done));
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
    return this.#gate.call((exports, engine) => {
      exports.td_pause(engine, run.instance, 0);
      const waits = this.#statuses[exports.td_status(engine, run.instance)] === 'idle';
      if (waits) run.clock.skip(this.#pace.length);
      const time = waits && run.clock.next(() => false, () => this.#beat());
      if (typeof time === 'number') exports.td_tick(engine, run.instance, time);
      exports.td_pause(engine, run.instance, 1);
      return typeof time === 'number';
    });
  }

  // --- turns ----------------------------------------------------------------------------------

  /** There is something new to do. */
  wake() {
    if (!this.#manual && !this.#gate.broken) this.#pace.next(this.#turn);
  }

  /** In jspi alone it takes longer than its call: C goes on in a task of the browser's own. */
  #turn = async () => {
    if (this.#gate.broken) return;
    try {
      const deadline = this.#pace.deadline(this.#now());
      const again = this.#suspender ? await this.#workAwaiting(this.#suspender, deadline) : this.#work(deadline);
      if (this.#gate.broken) return;
      if (again) this.#pace.next(this.#turn);
      else if (this.#needsTicks()) this.#pace.tick(this.#turn);
    } catch (error) {
      if (!this.#gate.broken) this.#gate.fail(error); // nobody else would hear of it
    }
  };

  /**
   * One turn by hand, of at most `ms`.
   * @param {number} ms
   * @returns {boolean} whether there is work left
   */
  turn(ms) {
    this.#byHand = this.#now();
    try {
      return this.#work(this.#byHand + ms);
    } finally {
      this.#byHand = NaN;
    }
  }

  /** @param {number} deadline */
  #work(deadline) {
    let more = false;
    let ticked = false;
    do {
      this.#gate.setStat(this.#deadline, deadline);
      more = this.#gate.call(this.#slice) !== 0;
      if (more) this.#slices += 1;
      this.compiler.look();
      this.#deliver();
      ticked = this.#look();
    } while (!more && ticked && this.#now() < deadline);
    return more || ticked;
  }

  /**
   * The same where C sleeps until a promise is kept. What ticks of virtual clocks bring in the rest of the turn needs no
   * sleep: each would cost 1.5 us more through a promise.
   * @param {Suspender} suspender
   * @param {number} deadline
   */
  async #workAwaiting(suspender, deadline) {
    this.#gate.setStat(this.#deadline, deadline);
    const more = await suspender.enter();
    if (this.#gate.broken) return false; // closed since C left
    this.compiler.look();
    this.#deliver();
    const ticked = this.#look();
    const goesOn = !more && ticked && this.#now() < deadline;
    return goesOn ? this.#work(deadline) : more || ticked;
  }

  /** Where nothing is to be waited for, jspi takes a slice past drive(), which may be asleep meanwhile. */
  #slice = () => (this.#sleeper ? this.#sleeper.enter(this.#drive) : this.#suspender ? this.#bare() : this.#drive());
  #drive = () => this.#gate.wasm.exports.drive(this.#gate.engine);
  #bare = () => this.#gate.wasm.exports.td_slice(this.#gate.engine);

  /** Tells listeners what happened; they may call the engine. */
  #deliver() {
    for (const run of this.onSlice ? this.#runs.values() : []) if (!this.#gate.broken) this.onSlice?.(run);
    if (this.#talkers.size === 0) return;
    const talkers = [...this.#talkers];
    this.#talkers.clear();
    for (const run of talkers) run.deliver();
  }

  /**
   * Looks at every run: it may be over, or want a tick.
   * @returns {boolean} whether one has work now that had none
   */
  #look() {
    let found = false;
    for (const run of this.#runs.values()) {
      if (this.#gate.broken) return false; // a listener closed the engine
      found = this.#lookAt(run) || found;
    }
    return found;
  }

  /** @param {Run} run */
  #lookAt(run) {
    const status = this.#status(run);
    const waits = run.waits.size > 0;
    const late = run.clock.endsAt < Infinity && this.#now() >= run.clock.endsAt;
    if (status === 'limit' || status === 'stopped' || (status === 'done' && !waits)) return this.#finish(run);
    if (status === 'idle' && late) return this.#finish(run);
    run.turnsTo(status);
    if (run.isOver || this.#gate.broken) return false; // a listener ended it
    if (late) this.stop(run);
    return late || (status === 'idle' && !(waits && run.clock.standsStill) && this.#tick(run, waits));
  }

  /**
   * @param {Run} run one that has nothing to do
   * @param {boolean} waits whether a host operation has not answered
   * @returns {boolean} whether it got a tick
   */
  #tick(run, waits) {
    const time = run.clock.next(() => this.#isQuiet(run), () => this.#beat());
    if (time === 'over') return !waits && this.#finish(run);
    if (time === 'later') return false;
    this.#gate.call((exports, engine) => exports.td_tick(engine, run.instance, time));
    return true;
  }

  /** When (ms) the frame began that real clocks tick with. By hand every turn is a frame. */
  #beat() {
    if (!Number.isNaN(this.#byHand)) return this.#byHand;
    const now = this.#now();
    return this.#manual ? now : this.#pace.beat(now);
  }

  /** Whether time alone would bring nothing to an end: no delay, no interpolation, no animation that ends. @param {Run} run */
  #isQuiet(run) {
    return this.#gate.call((exports, engine) => exports.td_next_due(engine, run.instance)) === Infinity;
  }

  #needsTicks() {
    for (const run of this.#runs.values()) if (!run.clock.standsStill && run.status !== 'paused') return true;
    return false;
  }

  /** Tells C when the first of the real clocks ends its run. */
  #plan() {
    const end = Math.min(...[...this.#runs.values()].map((run) => run.clock.endsAt));
    this.#gate.setStat(this.#stop, Number.isFinite(end) ? end : 0);
  }

  /** @param {Run} run */
  #finish(run) {
    const report = this.#gate.textOf((exports, engine) => exports.td_report(engine, run.instance));
    this.#runs.delete(run.instance);
    this.#forgotten.register(run, run.instance, run);
    this.#plan();
    run.finishWith(report);
    return false;
  }

  /** @param {import('./error.js').TreadleError} why */
  #break(why) {
    this.#pace.cancel();
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    for (const run of runs) run.fail(why);
  }
}
