// compare.js - runs one graph under every runner and cadence by the native tool, and says where two runs differ.
import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';

export const RUNNERS = ['walk', 'vm'];
export const CADENCES = [0, 1, 2, 3, 7, 64, 1000];

// Ticks at 0, 50 ... 1000 ms. Graphs that loop for ever end by fuel, all at the same point.
const LENGTH = ['--until', '1', '--tick', '50', '--fuel', '3000', '--trace', '--json'];

const call = promisify(execFile);

/** What a run left, without what may differ: how often it gave way, and how a runner counts its own work. */
export async function run(tool, file, { runner, cadence }) {
  const args = ['run', file, '--runner', runner, ...(cadence ? ['--cadence', String(cadence)] : []), ...LENGTH];
  const { stdout, stderr } = await call(tool, args, { maxBuffer: 1 << 28, timeout: 60_000 }).catch((error) => error);
  try {
    const { yields, instructions, ...rest } = JSON.parse(stdout);
    return rest;
  } catch {
    return { status: 'crashed', stdout, stderr };
  }
}

export const WAYS = CADENCES.flatMap((cadence) => RUNNERS.map((runner) => ({ runner, cadence })));

/** The keys in which two results differ. */
export function difference(a, b) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isDeepStrictEqual(a[key], b[key]));
}

/** The first two ways that differ, and in what; null when all are the same. A file that does not run is not the same. */
export async function divergence(tool, file, ways = WAYS) {
  const first = await run(tool, file, ways[0]);
  if (['rejected', 'crashed'].includes(first.status)) return { ways: [ways[0]], keys: ['status'], seen: [first] };
  for (const way of ways.slice(1)) {
    const other = await run(tool, file, way);
    const keys = difference(first, other);
    if (keys.length) return { ways: [ways[0], way], keys, seen: [first, other] };
  }
  return null;
}
