// aims.js - What Treadle wants to reach, and whether a run of the bench did: pure functions, tested with literals.

import { COMPILED, MACHINE, median, ratios, short } from './reduce.js';

/** @typedef {import('./reduce.js').Row} Row */
/** @typedef {import('./reduce.js').Which} Which */

/**
 * What is measured beside the workloads: see slices.js and emission.js.
 * @typedef {object} Beside
 * @property {number} [sliceP99]  ms, of slices of 4 ms in compiled code, in a page
 * @property {number} [longestStop]  ms that the page stood still while code was made
 * @property {number} [nodesPerSecond]  emission
 * @property {number} [bytesPerNode]  code size
 */

/**
 * @typedef {object} Aim
 * @property {string} what
 * @property {string} wanted
 * @property {?number} measured  null: not measured in this run
 * @property {?boolean} met  null: not measured, or nothing was aimed at
 */

const SHAPES = {
  structured: { ...COMPILED, runner: 'structured' },
  scheduler: { ...COMPILED, runner: 'scheduler' },
};
const HAND = { engine: 'hand-c' };
const TURBOWARP = { engine: 'turbowarp' };

/** @param {number[]} values */
const middle = (values) => (values.length ? median(values) : null);

/**
 * @param {Row[]} rows
 * @param {Beside} [beside]
 * @returns {Aim[]}
 */
export function aims(rows, beside = {}) {
  /** How many times as fast, over all workloads that both can run, or on one. */
  const faster = (/** @type {Which} */ one, /** @type {Which} */ other, /** @type {string} */ workload = '') =>
    middle(ratios(rows, one, other).filter((pair) => !workload || pair.workload === workload).map((pair) => pair.ratio));
  const least = (/** @type {string} */ what, /** @type {number} */ want, /** @type {?number | undefined} */ measured = null, unit = '') =>
    aim(what, `at least ${short(want)}${unit}`, measured, measured === null ? null : measured >= want);
  const most = (/** @type {string} */ what, /** @type {number} */ want, /** @type {?number | undefined} */ measured = null, unit = '') =>
    aim(what, `at most ${want}${unit}`, measured, measured === null ? null : measured <= want);
  const told = (/** @type {string} */ what, /** @type {?number | undefined} */ measured = null) => aim(what, 'told', measured, null);

  return [
    most('time of preemptible to structured', 1.03, faster(SHAPES.structured, COMPILED)),
    most('time of preemptible to C by hand, in Wasm', 1.1, faster(HAND, COMPILED)),
    told('time of scheduler to structured', faster(SHAPES.structured, SHAPES.scheduler)),
    least('times behave-graph, v = v + i', 500, faster(COMPILED, { engine: 'behave-graph' }, 'sum')),
    least('times Babylon, v = v + i', 2000, faster(COMPILED, { engine: 'babylon' }, 'sum')),
    least('times behave-graph', 150, faster(COMPILED, { engine: 'behave-graph' })),
    least('times Babylon', 800, faster(COMPILED, { engine: 'babylon' })),
    least('times TurboWarp, its timer on', 4, faster(COMPILED, { ...TURBOWARP, variant: 'timer' })),
    least('times TurboWarp, its timer off', 2, faster(COMPILED, { ...TURBOWARP, variant: 'no timer' })),
    least('times our own VM', 5, faster(COMPILED, MACHINE)),
    most('slices of 4 ms in compiled code, p99', 4.5, beside.sliceP99, ' ms'),
    least('nodes emitted a second', 1e6, beside.nodesPerSecond),
    most('the page stands still while code is made, longest', 8, beside.longestStop, ' ms'),
    told('bytes of code per node', beside.bytesPerNode),
  ];
}

/** @returns {Aim} */
function aim(/** @type {string} */ what, /** @type {string} */ wanted, /** @type {?number} */ measured, /** @type {?boolean} */ met) {
  return { what, wanted, measured, met };
}

/** @param {Aim[]} list */
export function aimTable(list) {
  const verdict = ({ measured, met }) => (measured === null ? 'not measured' : met === null ? '' : met ? 'met' : 'NOT MET');
  return [
    '| aim (medians of ratios) | wanted | measured | |',
    '|---|---:|---:|---|',
    ...list.map((one) => `| ${one.what} | ${one.wanted} | ${one.measured === null ? '' : short(one.measured)} | ${verdict(one)} |`),
  ].join('\n');
}
