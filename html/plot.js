// plot.js - the live plot: time between frames, a line per variant, on a scale that has room for both 16 ms and 3 s.
// @ts-ignore it comes without types beside this file
import uPlot from '../node_modules/uplot/dist/uPlot.esm.js';

/** How often (ms) it is painted anew: the plot itself must not cost the frames it shows. */
const REFRESH = 120;

/** Points kept of one line. */
const POINTS = 4000;

/** The marks of the scale. @type {[number, string][]} */
const TICKS = [
  [4, '4 ms'],
  [8, '8 ms'],
  [16.7, '16.7 ms'],
  [33, '33 ms'],
  [100, '100 ms'],
  [300, '300 ms'],
  [1000, '1 s'],
  [3000, '3 s'],
  [10_000, '10 s'],
];

const LINE = { width: 1.5, points: { show: false }, spanGaps: true };

/** @param {string} name of a colour in style.css */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export class FramePlot {
  #place;
  #names;
  /** @type {Map<string, [number, number][]>} */
  #lines = new Map();
  #painted = 0;
  #plot;

  /**
   * @param {HTMLElement} place
   * @param {string[]} names
   */
  constructor(place, names) {
    this.#place = place;
    this.#names = names;
    this.#plot = this.#draw();
    new ResizeObserver(() => this.#plot.setSize(this.#size())).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#plot.destroy();
      this.#plot = this.#draw();
      this.paint();
    });
  }

  #size() {
    return { width: Math.max(this.#place.clientWidth - 8, 100), height: Math.max(this.#place.clientHeight - 8, 100) };
  }

  #draw() {
    const lines = { stroke: colour('line'), width: 1 };
    const axis = { stroke: colour('muted'), grid: lines, ticks: lines, font: '11px system-ui, sans-serif' };
    const options = {
      ...this.#size(),
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: false, range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ max) => [0, Math.max(max || 0, 1)] },
        y: { distr: 3, range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ max) => [4, Math.max(1000, (max || 0) * 1.3)] },
      },
      axes: [
        { ...axis, size: 26, values: (/** @type {any} */ _, /** @type {number[]} */ seconds) => seconds.map((s) => `${+s.toFixed(2)} s`) },
        {
          ...axis,
          size: 62,
          splits: () => TICKS.map(([ms]) => ms),
          filter: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits,
          values: () => TICKS.map(([, text]) => text),
        },
      ],
      series: [{}, ...this.#names.map((name) => ({ label: name, stroke: colour(name) || colour('accent'), ...LINE }))],
    };
    return new uPlot(/** @type {any} */ (options), this.#data(), this.#place);
  }

  /** All lines on one axis of time, as uPlot wants them. */
  #data() {
    const tables = this.#names.map((name) => {
      const points = this.#lines.get(name) ?? [];
      return /** @type {any} */ ([points.map(([x]) => x), points.map(([, y]) => y)]);
    });
    const filled = tables.filter(([x]) => x.length > 0);
    if (filled.length === 0) return /** @type {any} */ ([[], ...this.#names.map(() => [])]);
    return /** @type {any} */ (uPlot.join(tables));
  }

  /** Begins a line anew. @param {string} name */
  begin(name) {
    this.#lines.set(name, []);
    this.paint();
  }

  /**
   * @param {string} name
   * @param {number} time ms since the line began
   * @param {number} interval ms between two frames
   */
  add(name, time, interval) {
    const points = this.#lines.get(name);
    if (!points || points.length >= POINTS) return;
    // A blocked page is drawn as what it was: nothing, and then one long frame.
    if (interval > 100) points.push([Math.max(0, time - interval) / 1000, interval]);
    points.push([time / 1000, interval]);
    const now = performance.now();
    if (now - this.#painted >= REFRESH) this.paint();
  }

  paint() {
    this.#painted = performance.now();
    this.#plot.setData(this.#data());
  }
}
