// run.js - The bench: every engine on every workload, side by side in interleaved rounds, then what was aimed at.

import { fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { aims, aimTable } from './aims.js';
import { engine as load, names } from './engines.js';
import { interleave, reduce, sliceTable, table } from './reduce.js';
import { workloads } from './workloads.js';

const USAGE = `node bench/run.js [--rounds N] [--quick] [NAME...]
  NAME      an engine or a workload (all of a kind when none of it is named), or slices, or emission
  --rounds  processes per engine and workload (default 3, quick 1)
  --quick   small sizes: does everything run and give the right result?`;
const TIMEOUT_MS = 180_000;

/** What is measured beside the workloads, each in a file that exports `measure({quick})`. */
const BESIDE = ['slices', 'emission'];

/** @typedef {import('./measure.js').Member} Member */
/** @typedef {{workload: string, members: Member[], quick: boolean}} Job */

/** @param {string} message */
function usage(message) {
  console.error(`${message}\n${USAGE}`);
  process.exit(3);
}

function options() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return usage(error.message);
  }
  const { values, positionals: some } = parsed;
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const known = [...names, ...Object.keys(workloads), ...BESIDE];
  const unknown = some.find((name) => !known.includes(name));
  if (unknown) usage(`no engine, workload or part is called ${unknown}`);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) usage('--rounds wants a whole number from 1');
  const beside = some.length ? BESIDE.filter((name) => some.includes(name)) : BESIDE;
  const onlyBeside = some.length > 0 && beside.length === some.length;
  const chosen = (/** @type {string[]} */ all) => {
    const named = all.filter((name) => some.includes(name));
    return onlyBeside ? [] : named.length ? named : all;
  };
  return { engines: chosen(names), workloads: chosen(Object.keys(workloads)), beside, rounds, quick: values.quick };
}

/**
 * What to measure: a process for each workload and group of engines. An engine that cannot be loaded is named and left out;
 * so is a workload that it does not have.
 * @param {string[]} engines
 * @param {string[]} wanted
 * @param {boolean} quick
 * @returns {Promise<Job[]>}
 */
async function plan(engines, wanted, quick) {
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
    /** @type {Map<string, Member[]>} */
    const groups = new Map();
    for (const [name, engine] of loaded) {
      if (!engine.workloads[workload]) {
        console.error(`${name}: no ${workload}: ${engine.missing[workload] ?? 'not written'}`);
        continue;
      }
      for (const way of engine.ways ?? [{ variant: null, runner: null }]) {
        if (way.without?.includes(workload)) continue;
        const group = engine.group ?? [name, way.variant, way.runner].join(' ');
        groups.set(group, [...(groups.get(group) ?? []), { engine: name, ...way }]);
      }
    }
    for (const members of groups.values()) jobs.push({ workload, members, quick });
  }
  return jobs;
}

/**
 * Runs one job in a fresh process, whose own output is dropped: peers greet on stdout.
 * @param {Job} job
 * @returns {Promise<{iterations?: number, ms?: number, error?: string}[]>}  for each member
 */
function measure(job) {
  return new Promise((done) => {
    const child = fork(new URL('child.js', import.meta.url), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' }, // behave-graph has a slower build for development
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    let answer;
    const failed = (/** @type {string} */ error) => job.members.map(() => ({ error }));
    child.on('message', (message) => (answer = message));
    child.on('error', (error) => (answer ??= failed(error.message)));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      done(answer ?? failed(`ended without an answer (${signal ?? `exit ${code}`})`));
    });
    child.send(job);
  });
}

/**
 * All rounds of all jobs.
 * @param {Job[]} jobs
 * @param {number} rounds
 */
async function rowsOf(jobs, rounds) {
  const members = jobs.flatMap(({ workload, members: all }) => all.map((member) => ({ workload, member })));
  const times = new Map(members.map(({ member }) => [member, /** @type {number[]} */ ([])]));
  const iterations = new Map();
  const failed = new Set();
  for (const job of interleave(jobs, rounds)) {
    const well = job.members.filter((member) => !failed.has(member));
    if (well.length === 0) continue;
    const answers = await measure({ ...job, members: well });
    well.forEach((member, i) => {
      const { error, ms = NaN, iterations: count } = answers[i];
      if (error) {
        failed.add(member);
        console.error(`${[member.engine, member.variant, member.runner, job.workload].filter(Boolean).join(' ')}: ${error.split('\n').slice(0, 3).join(' ')}`);
        return;
      }
      times.get(member)?.push(ms);
      iterations.set(member, count);
    });
  }
  const rows = members
    .filter(({ member }) => !failed.has(member))
    .map(({ workload, member }) => reduce({ workload, ...member }, iterations.get(member), times.get(member) ?? []));
  return { rows, failed: failed.size };
}

async function main() {
  const settings = options();
  const begin = Date.now();
  const jobs = await plan(settings.engines, settings.workloads, settings.quick);
  let { rows, failed } = await rowsOf(jobs, settings.rounds);
  /** @type {Record<string, any>} */
  const beside = {};
  for (const name of settings.beside) {
    try {
      Object.assign(beside, await (await import(`./${name}.js`)).measure({ quick: settings.quick }));
    } catch (error) {
      failed += 1;
      console.error(`${name}: ${error.message.split('\n')[0]}`);
    }
  }
  if (rows.length > 0) console.log(`${table(rows)}\n`);
  if (beside.slices) console.log(`${sliceTable(beside.slices)}\n`);
  const reached = aims(rows, beside);
  console.log(`${aimTable(reached)}\n`);
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version };
  const minutes = (Date.now() - begin) / 60_000;
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; ${settings.rounds} rounds, ${minutes.toFixed(1)} minutes`);
  const build = new URL('../build/', import.meta.url);
  await mkdir(build, { recursive: true });
  const { rounds, quick } = settings;
  await writeFile(new URL('bench.json', build), `${JSON.stringify({ machine, rounds, quick, rows, beside, aims: reached }, null, 1)}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main();
