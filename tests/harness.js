// harness.js - what the suites share: runs of the native tool and of the engine in Node, the matrix of ways to run, and
// how reports compare.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { features, open } from '../js/treadle.js';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const BUILD = join(ROOT, 'build/test');
/** The native tool; the mutants put another one in its place. */
export const TOOL = process.env.TREADLE ?? join(ROOT, 'build/native/treadle');
mkdirSync(BUILD, { recursive: true });

export const RUNNERS = ['walk', 'vm'];

/** Those that need a WebAssembly host, and charge fuel as the others do; and the one that charges none. */
export const COMPILED = ['wasm', 'scheduler'];
export const UNPAID = 'structured';

/** Fuel after which a yield is forced; 0: by the clock alone. */
export const CADENCES = [1, 2, 3, 7, 64, 1000, 0];

/** Every way to run a graph that must show no difference, as words of the command line. */
export function ways(cadences = CADENCES, traces = [true, false], runners = RUNNERS) {
  const all = runners.flatMap((runner) => cadences.flatMap((cadence) => traces.map((trace) => ({ runner, cadence, trace }))));
  return all.map(({ runner, cadence, trace }) => [
    '--runner', runner,
    ...(cadence ? ['--cadence', String(cadence)] : []),
    ...(trace ? ['--trace'] : []),
  ]);
}

/** Runs a tool; its status and what it printed. */
export function start(tool, words) {
  return new Promise((done, fail) => {
    execFile(tool, words, { maxBuffer: 1 << 28, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') fail(new Error(`${tool} ${words.join(' ')}: ${error.message}\n${stderr}`));
      else done({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

/**
 * Runs graph files in virtual time by the native tool (or another build of it).
 * @param {string|string[]} files
 * @param {string[]} words more words of the command line
 * @returns {Promise<{status: number, reports: any[], stderr: string}>} a report for each file
 */
export async function run(files, words = [], tool = TOOL) {
  const all = ['run', ...[files].flat(), '--json', '--clock', 'virtual', ...words];
  const { status, stdout, stderr } = await start(tool, all);
  try {
    return { status, reports: parseReports(stdout), stderr };
  } catch (error) {
    throw new Error(`treadle ${all.join(' ')}\nended with ${status} and printed no report: ${error.message}\n${stdout}${stderr}`);
  }
}

/** A report for each file, by one process; when that crashes or hangs, by one for each file, and the status is "crashed". */
export async function runEach(files, words) {
  let why = '';
  try {
    const { reports } = await run(files, words);
    if (reports.length === files.length) return reports;
  } catch (error) {
    why = error.message;
  }
  if (files.length === 1) return [{ status: 'crashed', why }];
  const singles = [];
  for (const file of files) singles.push(...(await runEach([file], words)));
  return singles;
}

/** What `check --json` says of a file. */
export async function check(file, tool = TOOL) {
  const { status, stdout } = await start(tool, ['check', file, '--json']);
  return { status, ...JSON.parse(stdout) };
}

/** One object for one file, a line for each of several. */
function parseReports(text) {
  const reports = text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(reports.length > 0);
  return reports;
}

// --- the engine in Node --------------------------------------------------------------------------

/** Those that run in this Node: in 20 jspi does not (tests/web has it). */
export const VARIANTS = readdirSync(join(ROOT, 'variants'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && (entry.name !== 'jspi' || features().jspi))
  .map(({ name }) => name);

const OPTIONS = Object.fromEntries(['until', 'tick', 'fuel', 'seed', 'runner', 'cadence'].map((name) => [name, { type: 'string' }]));

/** "name=JSON" in two. */
function pair(text) {
  const at = text.indexOf('=');
  return at < 0 ? [text, {}] : [text.slice(0, at), JSON.parse(text.slice(at + 1))];
}

/** "NODE,CONTROLLER,X,Y,Z,X,Y,Z" as an input of Graph.start. */
function hit(word, text) {
  const [node, controller = 0, ...ray] = text.split(',').map(Number);
  return { [word]: node, controller, point: ray.slice(0, 3), origin: ray.slice(3) };
}

/** Words of the command line as what Graph.start takes, and the cadence. */
export function startOptions(words) {
  const several = { type: 'string', multiple: true };
  const options = { ...OPTIONS, send: several, select: several, hover: several, set: several, trace: { type: 'boolean' } };
  const args = words.map((word, i) => (words[i - 1] === '--hover' ? null : word === '--hover' ? `${word}=${words[i + 1]}` : word));
  const { values, tokens } = parseArgs({ args: args.filter((word) => word !== null), options, tokens: true });
  const { cadence = '0', runner, trace, send: _s, select: _c, hover: _h, set = [], ...numbers } = values;
  const inputs = tokens.filter(({ name }) => ['send', 'select', 'hover'].includes(name));
  const send = inputs.map(({ name, value }) => (name === 'send' ? pair(value) : hit(name, value)));
  const start = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)]));
  return { cadence: Number(cadence), start: { clock: 'virtual', runner, trace, send, set: Object.fromEntries(set.map(pair)), ...start } };
}

/** Opens a variant, without a limit that could get in the way of comparing. */
export const openVariant = (variant, options = {}) => open({ variant, ...options });

/**
 * Runs a file in an engine, as `run` does, once for each list of words; it is loaded, and compiled, once for all of them.
 * @param {import('../js/engine.js').Engine} engine
 * @param {string} file
 * @param {string[][]} lists
 * @returns {Promise<any[]>} the reports as the tool prints them
 */
export async function runEachIn(engine, file, lists) {
  const graph = engine.loadBytes(readFileSync(file), file);
  try {
    const reports = [];
    for (const words of lists) reports.push(await runLoaded(engine, graph, words));
    return reports;
  } finally {
    graph.unload();
  }
}

async function runLoaded(engine, graph, words) {
  const { cadence, start } = startOptions(words);
  engine.cadence = cadence;
  await graph.prepare(start);
  const run = graph.start(start);
  await run;
  const report = JSON.parse(run.reportText());
  assertForced(report, start.runner);
  return report;
}

/** The same for one list of words. */
export const runIn = async (engine, file, words = []) => (await runEachIn(engine, file, [words]))[0];

// --- modules ------------------------------------------------------------------------------------

/** Why there is no second opinion on modules, beside this Node's; false: there is one. */
export function noValidator() {
  try {
    execFileSync('wasm-validate', ['--version']);
    return false;
  } catch {
    return 'wasm-validate is not there (.ci/setup wabt)';
  }
}

/** What wasm-validate has to say against some files; '' when they are all valid. */
export function faultsOf(files) {
  const { status, stdout, stderr } = spawnSync('xargs', ['-n', '1', 'wasm-validate'], { input: files.join('\n'), encoding: 'utf8' });
  return status === 0 ? '' : `status ${status} ${stdout}${stderr}`;
}

// --- comparing -----------------------------------------------------------------------------------

/** Calls `work` for each item, a few at a time; the results in order. */
export async function inTurn(items, work, width = 2) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i], i);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** What must be the same however a graph is run: everything but how often it yielded, what it dispatched and who ran it. */
export function essence(report, { trace = true } = {}) {
  const { yields, instructions, runners, traceHash, ...rest } = report;
  return trace && traceHash !== undefined ? { ...rest, traceHash } : rest;
}

/** Fails unless two reports agree; `how` says which runs they are of. */
export function assertSame(seen, expected, how) {
  const trace = seen.traceHash !== undefined && expected.traceHash !== undefined;
  assert.deepEqual(essence(seen, { trace }), essence(expected, { trace }), how);
}

/** Fails when a run was not its runner's alone: all its fuel was charged there. Runs in which nothing happened are nobody's. */
export function assertForced({ runners, fuel }, runner = 'auto') {
  if (runner === 'auto') return;
  const nobodys = fuel === 0 && Object.keys(runners).length === 0;
  assert.deepEqual(runners, nobodys ? {} : { [runner]: fuel }, `the runner ${runner} left work to others`);
}

/** The same for runs of which one paid no fuel: what came of them. */
export function assertSameResult(seen, expected, how) {
  const { fuel: _seen, ...result } = essence(seen, { trace: false });
  const { fuel: _expected, ...wanted } = essence(expected, { trace: false });
  assert.deepEqual(result, wanted, how);
}

/** Variables of a report by their id or name. */
export function variables(report) {
  return Object.fromEntries(report.variables.map(({ id, name, index, value }) => [id ?? name ?? index, value]));
}

/** Fails unless a report says what a .expect.json says: each key of it is looked at, and no other. */
export function assertExpected(report, expected, how) {
  const says = {
    why: () => {},
    words: () => {},
    variables: (wanted) => {
      const seen = variables(report);
      for (const name of Object.keys(wanted)) assert.deepEqual(seen[name], wanted[name], `variable ${name}, ${how}`);
    },
    log: (wanted) => {
      const timed = wanted.some(Array.isArray);
      assert.deepEqual(report.log.map(({ text, time }) => (timed ? [text, time] : text)), wanted, `log, ${how}`);
    },
    events: (wanted) => assert.deepEqual(report.events, wanted, `events, ${how}`),
    outputs: (wanted) => assert.deepEqual(report.outputs, wanted, `outputs, ${how}`),
    status: (wanted) => assert.equal(report.status, wanted, `status, ${how}`),
    reason: (wanted) => assert.equal(report.reason, wanted, `reason, ${how}`),
    fuel: (wanted) => assert.equal(report.fuel, wanted, `fuel, ${how}`),
  };
  for (const [key, wanted] of Object.entries(expected)) says[key](wanted);
}
