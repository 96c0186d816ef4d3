// results.js - what the compare page has measured, by runner and variant, and whether all of it is the same.
import { isBounded, summary } from './measure.js';

/** @typedef {import('./measure.js').Row} Row */
/** @typedef {ReturnType<typeof summary> & {rate: number, equal: boolean | undefined, hash: string}} Cell */

export class Results {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Map<string, string>} why a cell could not be measured */
  #failures = new Map();

  /** @param {Row} row */
  add(row) {
    this.#rows.push(row);
  }

  /**
   * @param {string} runner
   * @param {string} variant
   * @param {string} why
   */
  fail(runner, variant, why) {
    this.#failures.set(`${runner} ${variant}`, why);
  }

  get isEmpty() {
    return this.#rows.length === 0;
  }

  /**
   * @param {string} runner
   * @param {string} variant
   */
  rowsOf(runner, variant) {
    return this.#rows.filter((row) => row.runner === runner && row.variant === variant);
  }

  /**
   * @param {string} runner
   * @param {string} variant
   */
  failureOf(runner, variant) {
    return this.#failures.get(`${runner} ${variant}`);
  }

  /**
   * @param {string} runner
   * @param {string} variant
   * @returns {Cell | undefined}
   */
  cell(runner, variant) {
    const rows = this.rowsOf(runner, variant);
    if (rows.length === 0) return undefined;
    const one = summary(rows);
    const fuel = isBounded(runner) ? one.fuel : this.#wholeFuel();
    return { ...one, rate: (fuel / one.runTime) * 1000, equal: this.#isEqual(rows), hash: (rows[0].whole || rows[0].part).split(' ')[1].slice(0, 8) };
  }

  /** What the whole graph costs, told by any runner that counts and goes to its end. */
  #wholeFuel() {
    return this.#rows.find(({ runner, whole }) => whole && isBounded(runner))?.fuel ?? NaN;
  }

  /**
   * Whether these came to what the first of all came to, at the end and after a part; undefined while there is no other.
   * @param {Row[]} rows
   */
  #isEqual(rows) {
    if (new Set(this.#rows.map(({ runner, variant }) => `${runner} ${variant}`)).size < 2) return undefined;
    return ['whole', 'part'].every((key) => {
      const [first] = this.#values(key, this.#rows);
      return this.#values(key, rows).every((value) => value === first);
    });
  }

  /**
   * @param {string} key
   * @param {Row[]} rows
   */
  #values(key, rows) {
    return rows.map((row) => /** @type {any} */ (row)[key]).filter(Boolean);
  }

  /**
   * Whether every one of these cells was measured, to equal results.
   * @param {string[]} runners
   * @param {string[]} variants
   */
  allEqual(runners, variants) {
    return runners.every((runner) => variants.every((variant) => this.cell(runner, variant)?.equal && !this.failureOf(runner, variant)));
  }
}
