// reduce.js - From measured times to the rows and the table of the bench: pure functions, tested with literals.

/**
 * @typedef {object} Row
 * @property {string} workload
 * @property {string} engine
 * @property {?string} variant
 * @property {?string} runner
 * @property {?string} shape
 * @property {number} iterations
 * @property {number} medianMs
 * @property {number} rate  iterations per second
 * @property {number} runs  how many processes the median is taken over
 */

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
 * @param {{workload: string, engine: string, variant?: ?string, runner?: ?string, shape?: ?string}} job
 * @param {number} iterations
 * @param {number[]} times  milliseconds, one per process
 * @returns {Row}
 */
export function reduce(job, iterations, times) {
  const { workload, engine, variant = null, runner = null, shape = null } = job;
  const medianMs = median(times);
  const rate = (iterations / medianMs) * 1000;
  return { workload, engine, variant, runner, shape, iterations, medianMs, rate, runs: times.length };
}

/**
 * How many times as fast a row is as the reference row of the same workload; null without one.
 * Treadle's reference is its plain variant in the vm.
 * @param {Row} row
 * @param {Row[]} rows
 * @param {string} engine
 * @returns {?number}
 */
export function ratio(row, rows, engine) {
  const reference = rows.find(
    (other) =>
      other.workload === row.workload &&
      other.engine === engine &&
      (engine !== 'treadle' || (other.variant === 'plain' && other.runner === 'vm')),
  );
  return reference ? row.rate / reference.rate : null;
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
  for (const [size, unit] of [[1e9, ' G'], [1e6, ' M'], [1e3, ' k']]) {
    if (value >= size) return (value / size).toPrecision(3) + unit;
  }
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

/**
 * One Markdown table, grouped by workload in the order of the rows.
 * @param {Row[]} rows
 */
export function table(rows) {
  const lines = [
    '| workload | engine | variant | runner | iterations | median ms | per second ' +
      '| x treadle | x behave-graph |',
    '|---|---|---|---|---:|---:|---:|---:|---:|',
  ];
  const times = (value) => (value === null ? '' : short(value));
  for (const workload of new Set(rows.map((row) => row.workload))) {
    for (const row of rows.filter((other) => other.workload === workload)) {
      const runner = [row.runner, row.shape].filter(Boolean).join(' ');
      const cells = [
        workload,
        row.engine,
        row.variant ?? '',
        runner,
        row.iterations,
        short(row.medianMs),
        short(row.rate),
        times(ratio(row, rows, 'treadle')),
        times(ratio(row, rows, 'behave-graph')),
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}
