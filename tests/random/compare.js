// compare.js - runs graphs under every runner and cadence by the native tool, and says which runs differ.
import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';

const RUNNERS = ['walk', 'vm'];
const CADENCES = [0, 1, 2, 3, 7, 64, 1000];

export const WAYS = CADENCES.flatMap((cadence) => RUNNERS.map((runner) => ({ runner, cadence })));

// Ticks at 0, 50 ... 1000 ms. Graphs that loop for ever end by fuel, all at the same point.
const LENGTH = ['--until', '1', '--tick', '50', '--fuel', '3000', '--trace', '--json'];

const call = promisify(execFile);

/** A result without what may differ: how often a run gave way, and how a runner counts its own work. */
function comparable(line) {
  try {
    const { yields, instructions, ...rest } = JSON.parse(line);
    return rest;
  } catch {
    return { status: 'crashed', line };
  }
}

/** What a run of each file left, by one process; when that crashes, by one for each file. */
async function run(tool, files, { runner, cadence }) {
  const args = ['run', ...files, '--runner', runner, ...(cadence ? ['--cadence', String(cadence)] : []), ...LENGTH];
  const { stdout, stderr } = await call(tool, args, { maxBuffer: 1 << 30, timeout: 300_000 }).catch((error) => error);
  const results = stdout.trimEnd().split('\n').map(comparable);
  if (results.length === files.length) return results;
  if (files.length === 1) return [{ status: 'crashed', stderr }];
  const singles = [];
  for (const file of files) singles.push(...(await run(tool, [file], { runner, cadence })));
  return singles;
}

/** The keys in which two results differ; a file that does not run at all differs from itself. */
function difference(a, b) {
  if (['rejected', 'crashed'].includes(b.status)) return ['status'];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]));
}

/**
 * For each file the first of its runs that differs from the first run of all, or null.
 * @returns {Promise<({ways: object[], keys: string[], seen: object[]} | null)[]>}
 */
export async function divergences(tool, files, ways = WAYS) {
  const found = files.map(() => null);
  const first = await run(tool, files, ways[0]);
  for (const way of ways) {
    const results = way === ways[0] ? first : await run(tool, files, way);
    results.forEach((result, i) => {
      const keys = found[i] ? [] : difference(first[i], result);
      if (keys.length) found[i] = { ways: [ways[0], way], keys, seen: [first[i], result] };
    });
  }
  return found;
}
