// compare.js - runs graphs in several ways, natively and in the variants, and says which runs differ.
//
// A way is words of the command line; with "--variant NAME" it is a run in that variant, in this process.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { essence, openVariant, runEach, startOptions, ways } from '../harness.js';

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

// --- runs in a variant ---------------------------------------------------------------------------

/** Engines by variant and limits, opened once. */
const engines = new Map();

function engineOf(variant, limits) {
  const key = `${variant} ${limits.join(' ')}`;
  if (!engines.has(key)) engines.set(key, openVariant(variant, { limits: Object.fromEntries(limits.map((word) => word.split('=')).map(([name, n]) => [name, Number(n)])) }));
  return engines.get(key);
}

/** Words in two: those of these options, with what follows, and the others. */
function split(words, names) {
  const taken = words.flatMap((word, i) => (names.includes(word) ? [i, i + 1] : []));
  return [words.filter((_, i) => taken.includes(i)), words.filter((_, i) => !taken.includes(i))];
}

async function runHere(engine, file, { cadence, start }) {
  engine.cadence = cadence;
  try {
    const graph = engine.loadBytes(readFileSync(file), file);
    const run = graph.start(start);
    await run;
    const report = JSON.parse(run.reportText());
    graph.unload();
    return report;
  } catch (error) {
    return { status: error.diagnostics?.length ? 'rejected' : 'crashed', diagnostics: error.diagnostics, why: error.message };
  }
}

async function runIn(files, words) {
  const [own, rest] = split(words, ['--variant', '--limit']);
  const limits = own.filter((_, i) => own[i - 1] === '--limit');
  const engine = await engineOf(own[own.indexOf('--variant') + 1], limits);
  const reports = [];
  for (const file of files) reports.push(await runHere(engine, file, startOptions(rest)));
  return reports;
}

const isVariant = (way) => way.includes('--variant');

// --- comparing -----------------------------------------------------------------------------------

/** The keys in which two reports differ; one of a file that did not run at all differs from any, for its reason. */
function difference(a, b) {
  if (['rejected', 'crashed'].includes(b.status)) return [b.status, ...(b.diagnostics ?? []).map(({ code }) => code)];
  const trace = a.traceHash !== undefined && b.traceHash !== undefined;
  const [x, y] = [essence(a, { trace }), essence(b, { trace })];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((key) => !isDeepStrictEqual(x[key], y[key]));
}

/**
 * For each file the first run that differs from the first way's, or null.
 * @param {string[]} files
 * @param {string[]} words  more words of the command line, for every run
 * @param {string[][]} [only]  the ways to run, where not all native ones are wanted
 * @param {boolean[]} [apart]  files whose values depend on the C library: variants are compared with variants only
 * @returns {Promise<({ways: string[][], keys: string[], seen: object[]} | null)[]>}
 */
export async function divergences(files, words, only = NATIVE_WAYS, apart = []) {
  const found = files.map(() => null);
  const done = [];
  for (const way of only) {
    const reports = await (isVariant(way) ? runIn : runEach)(files, [...words, ...way]);
    done.push({ way, reports });
    reports.forEach((report, i) => {
      const first = done.find((other) => !apart[i] || isVariant(other.way) === isVariant(way));
      const keys = found[i] ? [] : difference(first.reports[i], report);
      if (keys.length) found[i] = { ways: [first.way, way], keys, seen: [first.reports[i], report] };
    });
  }
  return found;
}
