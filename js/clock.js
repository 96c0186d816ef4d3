// clock.js - a run's time: ticks in real seconds, or in virtual ones as fast as they can be worked off.
//
// A run ends by its clock after `until` seconds. 'quiet' means: after the first tick, as soon as no delay, no
// interpolation and no animation that ends is pending; after 60 seconds at most.

/** @typedef {number | 'quiet'} Until */

/** Seconds that 'quiet' may take. */
const QUIET = 60;

/** Ticks at k x tick, one after the other. */
export class VirtualClock {
  #k = 0;
  #tick;
  #until;

  /**
   * @param {number} tick ms
   * @param {Until} until
   */
  constructor(tick, until) {
    this.#tick = tick;
    this.#until = until;
  }

  /** Time stands still while the run works or waits. */
  standsStill = true;

  /** Nothing here depends on real time. */
  endsAt = Infinity;

  begin() {}
  pause() {}
  resume() {}

  /**
   * The time (s) of the tick that a run with nothing to do gets; 'over' when it gets no more.
   * @param {() => boolean} isQuiet
   * @returns {number | 'later' | 'over'}
   */
  next(isQuiet) {
    if (this.#until === 'quiet' && this.#k > 0 && isQuiet()) return 'over';
    const time = (this.#k * this.#tick) / 1000;
    if (time > (this.#until === 'quiet' ? QUIET : this.#until)) return 'over';
    this.#k += 1;
    return time;
  }

  /** A tick out of turn, for single steps. */
  skip() {}
}

/** One tick to a frame (or to `tick` ms, where that is longer), at the time of the frame. The first tick is at 0. */
export class RealClock {
  #tick;
  #until;
  #began = NaN;
  #first = NaN;
  #last = -Infinity;
  #paused = NaN;
  standsStill = false;

  /**
   * @param {number} tick ms; 0: every frame
   * @param {Until} until
   */
  constructor(tick, until) {
    this.#tick = tick;
    this.#until = until;
  }

  /** When the run is stopped, whatever it does. */
  get endsAt() {
    if (!Number.isNaN(this.#paused)) return Infinity;
    return this.#began + 1000 * (this.#until === 'quiet' ? QUIET : this.#until);
  }

  /** @param {number} now ms */
  begin(now) {
    this.#began = now;
  }

  /** @param {number} now ms */
  pause(now) {
    if (Number.isNaN(this.#paused)) this.#paused = now;
  }

  /** Time that passed in the pause has not passed for the run. @param {number} now ms */
  resume(now) {
    if (Number.isNaN(this.#paused)) return;
    const shift = now - this.#paused;
    this.#began += shift;
    this.#first += shift;
    this.#last += shift;
    this.#paused = NaN;
  }

  /**
   * @param {() => boolean} isQuiet
   * @param {() => number} beatNow ms: when the frame began
   * @returns {number | 'later' | 'over'}
   */
  next(isQuiet, beatNow) {
    if (this.#until === 'quiet' && !Number.isNaN(this.#first) && isQuiet()) return 'over';
    const beat = beatNow();
    if (beat <= this.#last || beat - this.#last < this.#tick - 1) return 'later';
    if (Number.isNaN(this.#first)) this.#first = beat;
    this.#last = beat;
    return (beat - this.#first) / 1000;
  }

  /** A tick out of turn, for single steps: as if a frame's time had passed in the pause. @param {number} ms */
  skip(ms) {
    this.#first -= ms;
    this.#began -= ms;
    this.#last = -Infinity;
  }
}
