// strip.js - the last frames as a strip: a bar for each, the graph's part in it below, and figures of them all.
import { quantile } from './meter.js';

/** Frames that are shown and counted. */
const FRAMES = 240;

/** The height of the strip, in ms. */
const SCALE = 50;

/** What frames are measured by, in ms. */
const MARKS = [1000 / 60, 1000 / 30];

/** How often (ms) it is painted. */
const REFRESH = 100;

export class FrameStrip {
  #canvas;
  /** @type {{interval: number, work: number, changes: number}[]} */
  #frames = [];
  #painted = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * @param {number} interval ms since the frame before
   * @param {number} work ms that the graph took of it
   * @param {number} changes it made
   */
  add(interval, work, changes) {
    this.#frames.push({ interval, work, changes });
    if (this.#frames.length > FRAMES) this.#frames.shift();
  }

  clear() {
    this.#frames = [];
  }

  /** Figures of the frames that are shown; null when there is none. */
  get figures() {
    if (this.#frames.length === 0) return null;
    const sum = (/** @type {'interval' | 'work' | 'changes'} */ key) => this.#frames.reduce((all, frame) => all + frame[key], 0);
    const intervals = this.#frames.map(({ interval }) => interval);
    const count = this.#frames.length;
    return {
      rate: (1000 * count) / sum('interval'),
      p50: quantile(intervals, 0.5),
      p99: quantile(intervals, 0.99),
      share: sum('work') / sum('interval'),
      changes: sum('changes') / count,
    };
  }

  /** Paints when it is time to. @param {number} now @returns {boolean} whether it did */
  show(now) {
    if (now - this.#painted < REFRESH) return false;
    this.#painted = now;
    const pen = this.#ready();
    if (pen) this.#paint(pen, this.#canvas.clientWidth, this.#canvas.clientHeight);
    return true;
  }

  /** The canvas, as large as it is on the page. */
  #ready() {
    const { clientWidth, clientHeight } = this.#canvas;
    const pen = this.#canvas.getContext('2d');
    this.#canvas.width = clientWidth * devicePixelRatio;
    this.#canvas.height = clientHeight * devicePixelRatio;
    pen?.scale(devicePixelRatio, devicePixelRatio);
    return pen;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} width @param {number} height */
  #paint(pen, width, height) {
    const style = getComputedStyle(this.#canvas);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`);
    const up = (/** @type {number} */ ms) => (Math.min(ms, SCALE) / SCALE) * (height - 2);
    const step = width / FRAMES;
    const left = width - this.#frames.length * step;
    this.#frames.forEach(({ interval, work }, i) => {
      pen.fillStyle = colour(interval > 1.5 * MARKS[1] ? 'bad' : 'line');
      pen.fillRect(left + i * step, height - up(interval), Math.max(step - 0.5, 0.5), up(interval));
      pen.fillStyle = colour('accent');
      pen.fillRect(left + i * step, height - up(work), Math.max(step - 0.5, 0.5), up(work));
    });
    pen.fillStyle = pen.strokeStyle = colour('muted');
    pen.font = `10px ${style.fontFamily}`;
    pen.setLineDash([3, 3]);
    for (const mark of MARKS) {
      const y = Math.round(height - up(mark)) - 0.5;
      pen.globalAlpha = 0.5;
      pen.beginPath();
      pen.moveTo(0, y);
      pen.lineTo(width, y);
      pen.stroke();
      pen.globalAlpha = 1;
      pen.fillText(`${mark.toFixed(1)} ms`, 2, y - 2);
    }
  }
}
