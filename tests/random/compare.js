// compare.js - runs graphs under every runner and cadence, with and without a trace, and says which runs differ.
import { isDeepStrictEqual } from 'node:util';
import { essence, runEach, ways } from '../harness.js';

/** The keys in which two reports differ; one of a file that did not run at all differs from any. */
function difference(a, b) {
  if (['rejected', 'crashed'].includes(b.status)) return ['status'];
  const trace = a.traceHash !== undefined && b.traceHash !== undefined;
  const [x, y] = [essence(a, { trace }), essence(b, { trace })];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].filter((key) => !isDeepStrictEqual(x[key], y[key]));
}

/**
 * For each file the first run that differs from the walker's first, or null.
 * @param {string[]} files
 * @param {string[]} words  more words of the command line, for every run
 * @param {string[][]} [only]  the ways to run, where not all are wanted
 * @returns {Promise<({ways: string[][], keys: string[], seen: object[]} | null)[]>}
 */
export async function divergences(files, words, only = ways([0, 1, 2, 3, 7, 64, 1000])) {
  const found = files.map(() => null);
  let first = null;
  for (const way of only) {
    const seen = await runEach(files, [...words, ...way]);
    first ??= seen;
    seen.forEach((report, i) => {
      const keys = found[i] ? [] : difference(first[i], report);
      if (keys.length) found[i] = { ways: [only[0], way], keys, seen: [first[i], report] };
    });
  }
  return found;
}
