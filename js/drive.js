// drive.js - keeps pace with the page: when a slice of work should end, and how to come back for the next one.
//
// A page shows a frame every 16.7 ms or so. Slices end on a grid that is locked to these frames,
//
//     frame            1 ms    slice 1    slice 2    slice 3    slice 4   frame
//     ├─ page's own work ─┼──────────┼──────────┼──────────┼──────────┤├─ ...
//
// and between two slices the page gets its turn: timers, clicks, and when a frame is due, the frame first. Coming back
// through setTimeout would cost 4 ms each time (browsers clamp it), scheduler.yield lets timers starve, and a bare
// MessageChannel keeps Firefox from painting. Where there are no frames (workers, hidden pages, Node) there is no grid.

/** Slices for the reader's eyes and hands: four to a frame of 60 Hz. */
export const BUDGET = 4;

/** A frame this old (ms less than a whole one) makes us wait for the next. */
const DUE = 0.7;

/** The grid begins this long (ms) after the frame: its callbacks and its painting come first. */
const AFTER_FRAME = 1;

/** Frames have stopped when none came for so long (ms): the page is covered, or going away. */
const STOPPED = 100;

/** How often real-time graphs get a tick (ms) where there are no frames. */
const TICK = 1000 / 60;

const page = /** @type {Document | undefined} */ (globalThis.document);
const hasFrames = page !== undefined && typeof requestAnimationFrame === 'function';
const framesRun = () => hasFrames && !page.hidden;

/** The page's frames: when the last one began, how far apart they are, and who waits for the next. */
const frames = {
  last: -Infinity,
  length: TICK,
  /** @type {number[]} the last few lengths */
  lengths: [],
  asked: false,
  wanted: false,
  /** @type {Set<() => void>} */
  waiting: new Set(),
};

/** Keeps the frames coming for as long as somebody works. */
function follow() {
  frames.wanted = true;
  if (frames.asked) return;
  frames.asked = true;
  frames.lengths = [];
  if (performance.now() - frames.last > 2 * frames.length) frames.last = performance.now(); // as good a start as any
  requestAnimationFrame(frame);
}

/** @param {number} time when the frame began */
function frame(time) {
  const first = frames.lengths.length === 0;
  measure(first ? frames.length : time - frames.last);
  frames.last = time;
  frames.asked = frames.wanted;
  if (frames.wanted) requestAnimationFrame(frame);
  frames.wanted = false;
  const due = [...frames.waiting];
  frames.waiting.clear();
  for (const callback of due) callback();
}

/**
 * The frame length is the median of the last nine: one late frame says nothing.
 * @param {number} length
 */
function measure(length) {
  frames.lengths.push(length);
  if (frames.lengths.length > 9) frames.lengths.shift();
  const median = [...frames.lengths].sort((a, b) => a - b)[frames.lengths.length >> 1];
  frames.length = Math.min(Math.max(median, 2), STOPPED);
}

/**
 * Calls back in the next frame, or after a while when frames have stopped. Returns what calls it off.
 * @param {() => void} callback
 */
function atFrame(callback) {
  const end = () => {
    clearTimeout(guard);
    frames.waiting.delete(arrive);
  };
  const arrive = () => {
    end();
    callback();
  };
  const guard = setTimeout(arrive, STOPPED);
  frames.waiting.add(arrive);
  follow();
  return end;
}

/** Calls back in a task of its own, behind those that wait already. @type {(callback: () => void) => void} */
const hop = typeof setImmediate === 'function' && !hasFrames ? (callback) => void setImmediate(callback) : hopper();

/** Tasks by messages to ourselves: each lets the first of those who wait through. */
function hopper() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return (/** @type {() => void} */ callback) => {
    waiting.push(callback);
    port2.postMessage(0);
  };
}

/** One engine's way through the turns: it comes back soon, or with the next tick of real time. */
export class Pace {
  /** @type {(() => void) | null} what is to be called; null while nothing is pending */
  #resume = null;
  #soon = false;
  #callOff = () => {};

  #budget;
  #clock;

  /**
   * @param {number} [budget] ms a slice may take
   * @param {() => number} [clock] other than performance.now(), which frames go by: then no slice keeps to frames
   */
  constructor(budget = BUDGET, clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  /**
   * When a slice that begins now should end.
   * @param {number} now
   */
  deadline(now) {
    if (this.#clock || !framesRun()) return now + this.#budget;
    follow();
    const slices = Math.round(frames.length / this.#budget);
    const slot = slices > 0 ? frames.length / slices : this.#budget;
    const origin = frames.last + AFTER_FRAME;
    const end = origin + slot * Math.ceil((now - origin) / slot);
    return end - now < slot / 4 ? end + slot : end;
  }

  /** When (ms) the current frame began; where there are no frames, as if there were. @param {number} now */
  beat(now) {
    return !this.#clock && framesRun() && frames.asked ? frames.last : Math.floor(now / TICK) * TICK;
  }

  /** How long a frame is (ms). */
  get length() {
    return frames.length;
  }

  /**
   * Comes back as soon as the page had its turn; sooner than a tick that is pending.
   * @param {() => void} callback
   */
  next(callback) {
    if (this.#soon) return;
    if (this.#resume) this.cancel(); // a tick would come later
    this.#resume = callback;
    this.#soon = true;
    const due = frames.asked && framesRun() && performance.now() - frames.last > frames.length - DUE;
    if (due) this.#callOff = atFrame(this.#hop);
    else if (hasFrames) hop(this.#hop); // the second hop lets timers through that came due
    else hop(this.#land);
  }

  /**
   * Comes back for the next tick of real time: with the next frame where there are frames, else after `ms`.
   * @param {() => void} callback
   * @param {number} [ms]
   */
  tick(callback, ms = TICK) {
    if (this.#resume) return;
    this.#resume = callback;
    if (framesRun()) {
      this.#callOff = atFrame(this.#hop);
    } else {
      const timer = setTimeout(this.#land, ms);
      this.#callOff = () => clearTimeout(timer);
    }
  }

  /** Forgets what is pending. */
  cancel() {
    this.#callOff();
    this.#callOff = () => {};
    this.#resume = null;
    this.#soon = false;
  }

  #hop = () => hop(this.#land);

  #land = () => {
    const resume = this.#resume;
    this.#resume = null;
    this.#soon = false;
    resume?.();
  };
}
