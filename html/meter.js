// meter.js - measures what a page's user would feel: time between frames, long tasks, how long an input waits.

/** Long tasks are told of late: after this long (ms) all that concern us have come. */
const LATE = 60;

/**
 * The value below which a share of all lies.
 * @param {number[]} values
 * @param {number} share 0.5 is the median
 */
export function quantile(values, share) {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort(); // NaN last
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** @param {number[]} values */
export const median = (values) => quantile(values, 0.5);

const knowsLongTasks = globalThis.PerformanceObserver?.supportedEntryTypes?.includes('longtask') ?? false;

/** Workers may only be named through a policy where Trusted Types are asked for; ours lets this folder through. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('treadle-pages', {
  createScriptURL: (/** @type {string} */ name) => new URL(name, import.meta.url).href,
});

/** A worker of this folder. @param {string} name */
export const workerOf = (name) => new Worker(policy?.createScriptURL(name) ?? new URL(name, import.meta.url), { type: 'module' });

/**
 * A worker that posts as a hand would click: from outside, whatever this page is doing. What is measured is how long each
 * message waits for its handler. Real clicks go before messages in most browsers, so they wait no longer than these.
 */
export class Clicker {
  #worker = workerOf('clicker.js');
  /** @type {{sent: number, waited: number}[]} when (ms) and how long */
  clicks = [];

  constructor() {
    this.ready = new Promise((resolve) => this.#worker.addEventListener('message', resolve, { once: true }));
    this.#worker.addEventListener('message', ({ data }) => {
      const sent = data - performance.timeOrigin;
      this.clicks.push({ sent, waited: Math.max(0, performance.now() - sent) });
    });
  }

  close() {
    this.#worker.terminate();
  }
}

/** Counts from `begin` to `end`. Intervals that only touch this time belong to it: a blocked page has no others. */
export class Meter {
  /** @type {number[]} when (ms) the page's frames got their turn: a frame's own time does not tell that it was late */
  #frames = [];
  /** @type {PerformanceEntry[]} */
  #tasks = [];
  #begin = 0;
  #asked = 0;
  #clicker;
  #observer = knowsLongTasks ? new PerformanceObserver((list) => this.#tasks.push(...list.getEntries())) : null;

  /**
   * @param {Clicker} clicker
   * @param {(time: number, interval: number) => void} [onFrame] ms since the beginning
   */
  constructor(clicker, onFrame) {
    this.#clicker = clicker;
    this.#observer?.observe({ entryTypes: ['longtask'] });
    this.#asked = requestAnimationFrame(() => this.#frame(onFrame));
  }

  /** @param {((time: number, interval: number) => void) | undefined} onFrame */
  #frame(onFrame) {
    this.#asked = requestAnimationFrame(() => this.#frame(onFrame));
    const time = performance.now();
    const last = this.#frames.at(-1);
    this.#frames.push(time);
    if (last !== undefined && this.#begin && time > this.#begin) onFrame?.(time - this.#begin, time - last);
  }

  begin() {
    this.#begin = performance.now();
    return this.#begin;
  }

  async end() {
    const [from, to] = [this.#begin, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, LATE));
    cancelAnimationFrame(this.#asked);
    this.#tasks.push(...(this.#observer?.takeRecords() ?? []));
    this.#observer?.disconnect();
    const touches = (/** @type {number} */ start, /** @type {number} */ end) => end > from && start < to;
    const intervals = this.#frames.slice(1).map((time, i) => ({ start: this.#frames[i], end: time }));
    const tasks = this.#tasks.filter(({ startTime, duration }) => touches(startTime, startTime + duration));
    return {
      time: to - from,
      frames: intervals.filter(({ start, end }) => touches(start, end)).map(({ start, end }) => end - start),
      longTasks: knowsLongTasks ? tasks.map(({ duration }) => duration) : null,
      clicks: this.#clicker.clicks.filter(({ sent, waited }) => touches(sent, sent + waited)).map(({ waited }) => waited),
    };
  }
}
