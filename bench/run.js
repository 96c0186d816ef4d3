// run.js - The bench: every engine on every workload, each time in a fresh process, in interleaved rounds.

import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { engine as load, names } from './engines.js';
import { interleave, reduce, table } from './reduce.js';
import { workloads } from './workloads.js';

const USAGE = `node bench/run.js [--only NAME[,NAME]...] [--rounds N] [--quick]
  --only    engines and workloads to measure; all of a kind when none of it is named
  --rounds  processes per engine and workload (default 5, quick 1)
  --quick   small sizes: does everything run and give the right result?`;
const TIMEOUT_MS = 300_000;

/** @typedef {import('./workloads.js').Way & {workload: string, engine: string, quick: boolean}} Job */

/** @param {string} message */
function usage(message) {
  console.error(`${message}\n${USAGE}`);
  process.exit(3);
}

function options() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return usage(error.message);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const only = (values.only ?? []).flatMap((text) => text.split(','));
  const unknown = only.find((name) => !names.includes(name) && !workloads[name]);
  if (unknown) usage(`--only: no engine or workload is called ${unknown}`);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) usage('--rounds wants a whole number from 1');
  const chosen = (all) => {
    const some = all.filter((name) => only.includes(name));
    return some.length ? some : all;
  };
  return {
    engines: chosen(names),
    workloads: chosen(Object.keys(workloads)),
    rounds,
    quick: values.quick,
  };
}

/**
 * What to measure. An engine that cannot be loaded is named and left out; so is a missing workload.
 * @returns {Promise<Job[]>}
 */
async function plan({ engines, workloads: wanted, quick }) {
  const loaded = new Map();
  for (const name of engines) {
    try {
      loaded.set(name, await load(name));
    } catch (error) {
      console.error(`${name}: not measured: ${error.message.split('\n')[0]}`);
    }
  }
  const jobs = [];
  for (const workload of wanted) {
    for (const [name, engine] of loaded) {
      if (!engine.workloads[workload]) {
        console.error(`${name}: no ${workload}: ${engine.missing[workload] ?? 'not written'}`);
        continue;
      }
      for (const way of engine.ways ?? [{ variant: null, runner: null }]) {
        jobs.push({ workload, engine: name, ...way, quick });
      }
    }
  }
  return jobs;
}

/**
 * Runs one job in a fresh process, whose own output is dropped: peers greet on stdout.
 * @param {Job} job
 * @returns {Promise<{iterations?: number, ms?: number, error?: string}>}
 */
function measure(job) {
  return new Promise((done) => {
    const child = fork(new URL('measure.js', import.meta.url), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' }, // behave-graph has a slower build for development
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    let answer;
    child.on('message', (message) => (answer = message));
    child.on('error', (error) => (answer ??= { error: error.message }));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      done(answer ?? { error: `ended without an answer (${signal ?? `exit ${code}`})` });
    });
    child.send(job);
  });
}

async function main() {
  const settings = options();
  const jobs = await plan(settings);
  const times = new Map(jobs.map((job) => [job, []]));
  const iterations = new Map();
  const failed = new Set();
  for (const job of interleave(jobs, settings.rounds)) {
    if (failed.has(job)) continue;
    const answer = await measure(job);
    if (answer.error) {
      failed.add(job);
      const way = [job.variant, job.runner].filter(Boolean).join(' ');
      console.error(`${job.engine} ${way} ${job.workload}: ${answer.error}`);
      continue;
    }
    times.get(job).push(answer.ms);
    iterations.set(job, answer.iterations);
  }
  const rows = jobs
    .filter((job) => !failed.has(job))
    .map((job) => reduce(job, iterations.get(job), times.get(job)));
  if (rows.length > 0) {
    const build = new URL('../build/', import.meta.url);
    await mkdir(build, { recursive: true });
    await writeFile(new URL('bench.json', build), `${JSON.stringify(rows, null, 1)}\n`);
    console.log(table(rows));
  }
  process.exitCode = failed.size > 0 || rows.length === 0 ? 1 : 0;
}

await main();
