// variant.js - runs of a graph in a variant: as words of the command line say, and changing its runner as it goes.
//
// "--runner wasm", "structured" or "scheduler" is compiled code and nothing else: a run that falls back has a key more in its
// report. With "--switch K" a run begins in the machine and changes between that and compiled code: K = 0 at every yield, else at
// some, which K chooses. Where a cadence leaves a run, it is hashed what was left (td_watch_yields).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openVariant, startOptions } from '../harness.js';
import { Random } from './generate.js';

const OWN = ['--variant', '--limit', '--switch'];

/** The word behind an option, the last one. */
export const optionOf = (words, name) => words[words.lastIndexOf(name) + 1 || words.length];

/** A variant that returns at each yield can be driven by hand, and at once. */
const byHand = (variant) => variant === 'step' || variant === 'plain';

/** Structured code pays no fuel: it is run only where the first way came to an end by itself. */
export const isUnbounded = (way) => optionOf(way, '--runner') === 'structured';

/** Fuel that runs charged which changed their runner, by runner: for tests that both took part. */
export const switched = { vm: 0, wasm: 0 };

/** Where modules are left for other tools to look at; null: nowhere. */
let folder = null;
export function keepModules(path) {
  folder = path;
  if (path) mkdirSync(path, { recursive: true });
}

// --- engines -------------------------------------------------------------------------------------

/** By variant and limits, opened once. */
const engines = new Map();

/** @returns {Promise<[string, import('../../js/engine.js').Engine]>} */
async function engineOf(variant, words) {
  const limits = words.filter((_, i) => words[i - 1] === '--limit');
  const key = `${variant} ${limits.join(' ')}`;
  const options = { limits: Object.fromEntries(limits.map((word) => word.split('=')).map(([name, n]) => [name, Number(n)])) };
  if (byHand(variant)) options.drive = 'manual';
  if (!engines.has(key)) engines.set(key, openVariant(variant, options));
  return [key, await engines.get(key)];
}

// --- one run -------------------------------------------------------------------------------------

/** At a yield: the other runner, or the same again. */
function changer(way) {
  const k = optionOf(way, '--switch');
  if (k === undefined) return () => {};
  const random = new Random(Number(k));
  let now = 'vm';
  return (run) => {
    if (k !== '0' && random.chance(0.6)) return;
    now = now === 'vm' ? 'wasm' : 'vm';
    return (run.runner = now);
  };
}

/** Runs to the end; what was charged under each runner that `change` chose. */
async function finish(engine, variant, run, runner, change) {
  const fuel = { [runner]: 0 };
  while (byHand(variant) && !run.isOver) {
    const before = engine.stats.fuel;
    const more = engine.turn(1000);
    fuel[runner] = (fuel[runner] ?? 0) + engine.stats.fuel - before;
    if (run.isOver) break;
    if (!more) throw new Error('the run waits for ever');
    runner = change(run) ?? runner;
  }
  await run;
  return fuel;
}

/** What is wrong with who charged the fuel; undefined: nothing. */
function fellBack(runner, way, report, asked) {
  const charged = Object.fromEntries(Object.entries(report.runners).filter(([, fuel]) => fuel > 0));
  const expected = optionOf(way, '--switch') === undefined ? { [runner]: report.fuel } : asked;
  for (const [name, fuel] of Object.entries(expected)) {
    if ((charged[name] ?? 0) !== fuel) return { charged, expected };
    if (optionOf(way, '--switch') !== undefined) switched[name] += fuel;
  }
  return undefined;
}

async function runWay(engine, graph, words, way) {
  const variant = optionOf(way, '--variant');
  const { cadence, start } = startOptions(without(words.concat(way)));
  const switches = optionOf(way, '--switch') !== undefined;
  engine.cadence = cadence;
  if (switches || start.runner !== 'walk') await prepare(graph, { ...start, runner: switches ? 'wasm' : start.runner });
  const run = graph.start(start);
  if (cadence && start.runner !== 'walk') run.watchYields();
  const asked = await finish(engine, variant, run, start.runner, changer(way));
  const report = JSON.parse(run.reportText());
  const fault = fellBack(start.runner, way, report, asked);
  return fault ? { ...report, fellBack: fault } : report;
}

/** Words without the options that are ours. */
const without = (words) => words.filter((word, i) => !OWN.includes(word) && !OWN.includes(words[i - 1]));

const SHAPES = { wasm: 'preemptible', structured: 'structured', scheduler: 'scheduler' };

/** Compiles what the runner needs, and keeps the module where that is asked for. */
async function prepare(graph, { runner, trace = false }) {
  const shape = SHAPES[runner];
  if (!shape) return;
  const code = await graph.compile({ shape, traced: trace, keep: folder !== null });
  if (!code.module) return;
  writeFileSync(join(folder, `${graph.file}.${shape}${trace ? '.traced' : ''}.wasm`), code.module);
  delete code.module;
}

// --- all runs of a graph -------------------------------------------------------------------------

let last = Promise.resolve();

/**
 * Runs a file in some ways, each with its "--variant"; a report for each. One file after the other: engines are shared.
 * @param {string} file
 * @param {string[]} words  for every run
 * @param {string[][]} ways
 * @returns {Promise<object[]>}
 */
export function runInVariant(file, words, ways) {
  last = last.then(() => runWays(file, words, ways));
  return last;
}

async function runWays(file, words, ways) {
  const graphs = new Map();
  const reports = [];
  for (const way of ways) {
    if (isUnbounded(way) && reports[0]?.status === 'limit') {
      reports.push({ status: 'skipped' });
      continue;
    }
    const [key, engine] = await engineOf(optionOf(way, '--variant'), words.concat(way));
    try {
      if (!graphs.has(key)) graphs.set(key, Object.assign(engine.loadBytes(readFileSync(file), file), { file: basename(file) }));
      reports.push(await runWay(engine, graphs.get(key), words, way));
    } catch (error) {
      const status = error.diagnostics?.length ? 'rejected' : error.code === 'COMPILE' ? 'refused' : 'crashed';
      reports.push({ status, diagnostics: error.diagnostics, why: error.message });
      if (status === 'crashed') engines.delete(key); // a trap ends an engine
      if (status === 'crashed') graphs.delete(key);
    }
  }
  for (const graph of graphs.values()) graph.unload();
  return reports;
}
