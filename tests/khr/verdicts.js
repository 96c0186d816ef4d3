// verdicts.js - the Khronos test graphs, and what each of them must find.
//
// They lie in the folder that KHR_SUITE names, ../shared/khr where it names none: graphs/NAME.json, and suite.json with
// the verdicts. A graph judges itself: each sub-test sets a bool variable, and an event tells whether all of them hold.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ROOT } from '../harness.js';

const folder = process.env.KHR_SUITE ?? join(ROOT, '../shared/khr');
const read = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

/** Why nothing can be tried here, or null. */
export const absent = existsSync(join(folder, 'suite.json')) ? null : `no suite.json in ${process.env.KHR_SUITE ?? '../shared/khr'}`;

/** The operations of the specification, in its order. @returns {{op: string, category: string}[]} */
export const specification = () => (absent ? [] : read('ops.json').ops);

// --- what there is to run ------------------------------------------------------------------------

/**
 * The test graphs, all of which must load and pass.
 * @returns {{name: string, ops: string[], file: string, seconds: number, subs: any[], isSound: boolean}[]}
 */
export function verdicts() {
  if (absent) return [];
  return read('suite.json').tests.map(({ name, file, sub, ops_tested: ops, expected_duration_s: seconds }) => ({
    name,
    ops,
    file: join(folder, file),
    seconds,
    subs: sub,
    isSound: sub.every(({ known_bad: bad }) => !bad),
  }));
}

/** Files that must be refused. @returns {{id: string, what: string, file: string}[]} */
export function invalid() {
  if (absent) return [];
  return read('suite.json').invalid.map(({ id, what, file }) => ({ id, what, file: join(folder, file) }));
}

// --- what they must find ------------------------------------------------------------------------

/** The event by which a graph says that all its sub-tests hold. */
const SUCCESS = 'test/onSuccess';

/** Whether lanes are the expected ones but for what single precision lost when the suite printed them. */
const isNear = (seen, expected) => seen?.length === expected.length && seen.every((lane, i) => Math.abs(lane - expected[i]) <= 1e-5 * Math.max(1, Math.abs(expected[i])));

/** The graphs' own checks of matrices let too much through: their values are looked at as well. Some are printed by rows. */
function isNearMatrix(seen, expected) {
  const side = Math.sqrt(expected.length);
  const byRows = expected.map((_, i) => expected[(i % side) * side + Math.floor(i / side)]);
  return isNear(seen, expected) || isNear(seen, byRows);
}

const MATRIX = /^float\dx\d$/;

/**
 * What a report says of each sub-test: whether it holds, and what its graph saw. One that suite.json knows to be wrong says why.
 * @returns {{name: string, knownBad: string | null, holds: boolean, seen: any}[]}
 */
export function findings({ subs }, report) {
  const value = (index) => report.variables?.find((variable) => variable.index === index)?.value;
  return subs.map(({ name, known_bad: bad, success_var: verdict, result_var: result, type, expected }) => {
    const seen = value(result);
    const says = verdict >= 0 ? value(verdict) === true : isDeepStrictEqual([seen].flat(), expected);
    return { name, knownBad: bad ?? null, holds: says && (!MATRIX.test(type) || isNearMatrix(seen, expected)), seen };
  });
}

/** Whether the graph as a whole ended, and said of itself what it must. */
export function isWhole({ isSound }, { status, events = [] }) {
  const said = events.map(({ id }) => id).filter((id) => /^test\/on(Success|Failed)$/.test(id));
  return ['done', 'idle'].includes(status) && (!isSound || isDeepStrictEqual(said, [SUCCESS]));
}

/** Fails unless a report holds the verdicts of a test graph. Sub-tests that suite.json knows to be wrong say nothing. */
export function judge(graph, report, how) {
  assert.ok(['done', 'idle'].includes(report.status), `${report.status} ${report.reason}: ${how}`);
  for (const { name, knownBad, holds, seen } of findings(graph, report))
    assert.ok(holds || knownBad, `${name}, seen ${JSON.stringify(seen)}: ${how}`);
  assert.ok(isWhole(graph, report), `it does not say ${SUCCESS} once: ${how}`);
}
