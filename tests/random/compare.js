// compare.js - runs graphs in several ways, natively and in the variants, and says which runs differ.
//
// A way is words of the command line; with "--variant NAME" it is a run in that variant, in this process.
import { isDeepStrictEqual } from 'node:util';
import { VARIANTS, essence, runEach, ways } from '../harness.js';
import { isUnbounded, optionOf, runInVariant } from './variant.js';

/** All cadences, watched and not, natively. */
export const NATIVE_WAYS = ways([0, 1, 2, 3, 7, 64, 1000]);

/** Fewer, for many graphs: each runner, watched and not, at 1 and at one more cadence. */
export const fewWays = (cadence) => [
  ...ways([0, 1]).filter((way) => !(way.includes('walk') && !way.includes('--trace'))),
  ...ways([cadence]).filter((way) => way.includes('vm')),
];

/** A way in a variant. */
export const inVariant = (variant, runner, cadence, trace) => [
  '--variant', variant, '--runner', runner, ...(cadence ? ['--cadence', String(cadence)] : []), ...(trace ? ['--trace'] : []),
];

/** Cadences but 1, at which much is run anyway, and 0. */
const LONGER = [2, 3, 7, 64, 1000];

/** So many batches have all of them. */
export const COMPILED = 25;

/**
 * Ways for the k-th batch: compiled code beside the machine and the walker. Over the batches every shape, cadence and variant, and runs
 * that change their runner at every yield and at some.
 */
export function compiledWays(k) {
  const cadence = LONGER[k % LONGER.length];
  const on = (runner, n, trace = false) => inVariant('step', runner, n, trace);
  const others = VARIANTS.filter((name) => name !== 'step');
  const other = others[k % others.length] ?? 'step';
  const rare = [
    [on('structured', 0)],
    [on('scheduler', cadence), on('scheduler', 0)],
    [on('wasm', cadence, true), on('structured', 0, true)],
    [inVariant(other, 'wasm', cadence, false), inVariant(other, 'wasm', 0, true)],
    [on('scheduler', 1), on('scheduler', cadence, true)],
  ];
  return [
    on('walk', 0, true),
    ...[1, cadence].flatMap((n) => [on('vm', n), on('wasm', n)]),
    on('wasm', 0),
    [...on('vm', 1), '--switch', '0'],
    [...on('vm', k % 2 ? 1 : cadence), '--switch', String(k + 1)],
    ...(k % 2 ? [] : [[...on('vm', cadence, true), '--switch', '0']]),
    ...rare[Math.floor(k / LONGER.length) % rare.length],
  ];
}

const isVariant = (way) => way.includes('--variant');

/** Reports of one way for each file; those in variants were made before. */
const reportsOf = (files, words, way, made) => made.get(way) ?? runEach(files, [...words, ...way]);

/** Runs of all ways in variants: graph by graph, so that each is loaded and compiled once. */
async function runInVariants(files, words, ways) {
  const made = new Map(ways.map((way) => [way, []]));
  for (const file of files) {
    const reports = await runInVariant(file, words, ways);
    ways.forEach((way, i) => made.get(way).push(reports[i]));
  }
  return made;
}

// --- comparing -----------------------------------------------------------------------------------

/** The keys in which two reports differ; one of a file that did not run at all differs from any, for its reason. */
function difference(a, b, way) {
  if (b.status === 'skipped') return [];
  if (['rejected', 'crashed', 'refused'].includes(b.status)) return [b.status, ...(b.diagnostics ?? []).map(({ code }) => code)];
  const trace = a.traceHash !== undefined && b.traceHash !== undefined;
  const [{ yieldsHash: _a, ...x }, { yieldsHash: _b, ...y }] = [essence(a, { trace }), essence(b, { trace })];
  if (isUnbounded(way)) y.fuel = x.fuel;
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((key) => !isDeepStrictEqual(x[key], y[key]));
}

/** An earlier run of graph i that was left at the same places as this one: all that it left there must be the same. */
function sameYields(done, i, way, report) {
  const isPeer = (other) => other.reports[i].yieldsHash && ['--variant', '--cadence'].every((name) => optionOf(other.way, name) === optionOf(way, name));
  return report.yieldsHash ? done.find(isPeer) : undefined;
}

/**
 * For each file the first run that differs from the first way's, or, in where yields left it, from one left as often; or null.
 * @param {string[]} files
 * @param {string[]} words  more words of the command line, for every run
 * @param {string[][]} [only]  the ways to run, where not all native ones are wanted
 * @param {boolean[]} [apart]  files whose values depend on the C library: variants are compared with variants only
 * @returns {Promise<({ways: string[][], keys: string[], seen: object[]} | null)[]>}
 */
export async function divergences(files, words, only = NATIVE_WAYS, apart = []) {
  const found = files.map(() => null);
  const done = [];
  const made = await runInVariants(files, words, only.filter(isVariant));
  for (const way of only) {
    const reports = await reportsOf(files, words, way, made);
    const tell = (i, other, keys) => (found[i] ??= keys.length ? { ways: [other.way, way], keys, seen: [other.reports[i], reports[i]] } : null);
    const self = { way, reports };
    reports.forEach((report, i) => {
      const first = done.find((other) => !apart[i] || isVariant(other.way) === isVariant(way)) ?? self;
      tell(i, first, difference(first.reports[i], report, way));
      const peer = sameYields(done, i, way, report);
      if (peer && peer.reports[i].yieldsHash !== report.yieldsHash) tell(i, peer, ['yieldsHash']);
    });
    done.push(self);
  }
  return found;
}
