// reduce.js - From measured times to the rows and the table of the bench: pure functions, tested with literals.

/**
 * @typedef {object} Row
 * @property {string} workload
 * @property {string} engine
 * @property {?string} variant
 * @property {?string} runner
 * @property {number} iterations
 * @property {number[]} times  milliseconds, one for each round
 * @property {number} medianMs
 * @property {number} rate  iterations per second
 */

/** What names an engine and a way to run it. @typedef {{engine: string, variant?: ?string, runner?: ?string}} Which */

/**
 * The middle value; the mean of the two middle ones when their number is even.
 * @param {number[]} values
 */
export function median(values) {
  if (values.length === 0) throw new RangeError('median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * @param {Which & {workload: string}} job
 * @param {number} iterations
 * @param {number[]} times  milliseconds, one for each round
 * @returns {Row}
 */
export function reduce(job, iterations, times) {
  const { workload, engine, variant = null, runner = null } = job;
  const medianMs = median(times);
  return { workload, engine, variant, runner, iterations, times, medianMs, rate: (iterations / medianMs) * 1000 };
}

/** @param {Row} row @param {Which} which */
const is = (row, which) => Object.entries(which).every(([key, value]) => row[/** @type {keyof Row} */ (key)] === value);

/**
 * How many times as fast a row is as the reference of the same workload: the median of the ratios of each round, since what
 * slows the machine down for a while slows both. Null without a reference.
 * @param {Row} row
 * @param {Row[]} rows
 * @param {Which} reference
 * @returns {?number}
 */
export function ratio(row, rows, reference) {
  const other = rows.find((one) => one.workload === row.workload && is(one, reference));
  if (!other) return null;
  const speed = (/** @type {Row} */ { iterations, times }, /** @type {number} */ round) => iterations / times[round];
  const rounds = Math.min(row.times.length, other.times.length);
  return median(Array.from({ length: rounds }, (_, round) => speed(row, round) / speed(other, round)));
}

/**
 * The ratio of one engine to another on every workload that both have.
 * @param {Row[]} rows
 * @param {Which} one
 * @param {Which} other
 * @returns {{workload: string, ratio: number}[]}
 */
export function ratios(rows, one, other) {
  return rows
    .filter((row) => is(row, one))
    .map((row) => ({ workload: row.workload, ratio: ratio(row, rows, other) }))
    .filter((pair) => pair.ratio !== null)
    .map((pair) => ({ ...pair, ratio: /** @type {number} */ (pair.ratio) }));
}

/**
 * Every engine and workload in turn, then all again: a slow minute of the machine meets all of them.
 * @template T
 * @param {T[]} jobs
 * @param {number} rounds
 * @returns {T[]}
 */
export function interleave(jobs, rounds) {
  return Array.from({ length: rounds }, () => jobs).flat();
}

/**
 * A number of at least three digits, with a unit prefix.
 * @param {number} value
 */
export function short(value) {
  const rounded = Number(value.toPrecision(3)); // 999.9 is a thousand
  for (const [size, unit] of /** @type {[number, string][]} */ ([[1e9, ' G'], [1e6, ' M'], [1e3, ' k']])) {
    if (rounded >= size) return (rounded / size).toPrecision(3) + unit;
  }
  return rounded >= 100 ? String(rounded) : rounded.toPrecision(3);
}

/** Treadle as it is when nothing is said, and its machine, which begins at once. */
export const COMPILED = { engine: 'treadle', variant: 'plain', runner: 'wasm' };
export const MACHINE = { engine: 'treadle', variant: 'plain', runner: 'vm' };

/**
 * One Markdown table, grouped by workload in the order of the rows.
 * @param {Row[]} rows
 */
export function table(rows) {
  const lines = [
    '| workload | engine | variant | runner | iterations | median ms | per second | x vm | x wasm |',
    '|---|---|---|---|---:|---:|---:|---:|---:|',
  ];
  const times = (/** @type {?number} */ value) => (value === null ? '' : short(value));
  for (const workload of new Set(rows.map((row) => row.workload))) {
    for (const row of rows.filter((other) => other.workload === workload)) {
      const cells = [
        workload,
        row.engine,
        row.variant ?? '',
        row.runner ?? '',
        row.iterations,
        short(row.medianMs),
        short(row.rate),
        times(ratio(row, rows, MACHINE)),
        times(ratio(row, rows, COMPILED)),
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

/** @param {{name: string, slices: number, p50: number, p99: number, max: number}[]} list  ms, of slices in a page */
export function sliceTable(list) {
  const cells = (/** @type {number[]} */ ...ms) => ms.map((one) => one.toFixed(2)).join(' | ');
  return [
    '| slices of 4 ms, compiled | number | p50 ms | p99 ms | longest ms |',
    '|---|---:|---:|---:|---:|',
    ...list.map(({ name, slices, p50, p99, max }) => `| ${name} | ${slices} | ${cells(p50, p99, max)} |`),
  ].join('\n');
}
