// verdicts.js - the Khronos test graphs: which of them this build must run, and what each of them must find.
//
// They lie in ../shared/khr, beside the repository: graphs/NAME.json and suite.json with the verdicts. A graph
// judges itself: each sub-test sets a bool variable, and an event tells whether all of them hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../harness.js';

const folder = sharedFolder() && join(sharedFolder(), 'khr');
const read = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

/** Why nothing can be tried here, or null. */
export const absent = folder ? null : 'no ../shared/khr beside the repository';

// --- which graphs this build must run -----------------------------------------------------------

/** Kinds of ops that this build has all of. Animation comes later. */
const WHOLE = ['math/constant', 'math/arithmetic', 'math/comparison', 'math/special', 'math/trigonometry', 'math/hyperbolic',
  'math/exponential', 'math/vector', 'math/matrix', 'math/quaternion', 'math/swizzle', 'math/color', 'math/logic', 'math/bitwise',
  'ref', 'type', 'flow/sync', 'flow/delay', 'variable', 'event', 'debug'];

/** The graph that a file runs. */
function defaultGraph({ extensions: { KHR_interactivity: { graphs, graph = 0 } } }) {
  return graphs[graph];
}

/** What a graph needs and this build does not have: ops, which refuse it. */
function needsOf({ nodes, declarations }, categories) {
  const declared = nodes.map(({ declaration }) => declarations[declaration]);
  const isUnbuilt = declared.map(({ op }) => !/^pointer\/[gs]et$/.test(op) && !WHOLE.includes(categories[op]));
  // What reads an op that is not there cannot have the right types: it may be complained about as well.
  const isTainted = nodes.map(({ values = {} }, i) => isUnbuilt[i] || Object.values(values).some(({ node }) => isUnbuilt[node]));
  return {
    ops: [...new Set(declared.filter((_, i) => isUnbuilt[i]).map(({ op }) => op))],
    isTainted,
  };
}

/**
 * The test graphs. One that lacks no op must pass; the others must be refused.
 * @returns {{name: string, file: string, needs: {ops: string[], isTainted: boolean[]}, seconds: number, subs: any[], isSound: boolean}[]}
 */
export function verdicts() {
  if (absent) return [];
  const categories = Object.fromEntries(read('ops.json').ops.map(({ op, category }) => [op, category]));
  return read('suite.json').tests.map(({ name, file, sub, expected_duration_s: seconds }) => ({
    name,
    file: join(folder, file),
    needs: needsOf(defaultGraph(read(file)), categories),
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

/** Fails unless a report holds the verdicts of a test graph. Sub-tests that suite.json knows to be wrong say nothing. */
export function judge({ subs, isSound }, report, how) {
  assert.ok(['done', 'idle'].includes(report.status), `${report.status} ${report.reason}: ${how}`);
  const value = (index) => report.variables.find((variable) => variable.index === index).value;
  for (const { name, known_bad: bad, success_var: verdict, result_var: result, expected } of subs) {
    if (bad) continue;
    if (verdict >= 0) assert.equal(value(verdict), true, `${name}: ${how}`);
    else assert.deepEqual([value(result)].flat(), expected, `${name}: ${how}`);
  }
  const said = report.events.map(({ id }) => id);
  if (isSound) assert.deepEqual(said.filter((id) => /^test\/on(Success|Failed)$/.test(id)), ['test/onSuccess'], how);
}
