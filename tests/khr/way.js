// way.js - a process of `make conformance`: runs all that there is to try in one way after the other, and tells what came out.
//
// A way is {engine, runner, cadence, tick}: the native tool or a variant, which runner, fuel after which a yield is
// forced (0: by the clock), ms between ticks.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UNPAID, assertExpected, check, essence, openVariant, runEach, runIn } from '../harness.js';
import { faultOf, kept } from '../ops/graph.js';
import { findings, isWhole } from './verdicts.js';

/** Seconds that a graph may take beyond those it says it needs. */
const GRACE = 2;

/** The native tool and a variant, to be used alike. */
const OPENERS = {
  native: async () => ({ runAll: runEach, check, close() {} }),
  async variant(name) {
    const engine = await openVariant(name);
    const one = (file, words) => runIn(engine, file, words).catch(refusal);
    const runAll = async (files, words) => {
      const reports = [];
      for (const file of files) reports.push(await one(file, words));
      return reports;
    };
    return { runAll, check: (file) => engine.check(readFileSync(file)), close: () => engine.close() };
  },
};

const openEngine = (name) => (name === 'native' ? OPENERS.native() : OPENERS.variant(name));

/** What is left of a run that threw, in the form of a report. */
function refusal({ message, diagnostics }) {
  return diagnostics?.length ? { status: 'rejected', diagnostics } : { status: 'crashed', why: message };
}

/** Why there is no report of a run. */
function whyNot({ status, why, diagnostics = [] }) {
  if (status === 'crashed') return `crashed: ${why}`;
  if (status !== 'rejected') return null;
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  return `refused: ${first.code} ${first.message}`;
}

/** A short hash of each part of a report that must not depend on the way; fuel, where it is charged. */
function fingerprint(report, { runner }) {
  const hash = (part) => createHash('sha256').update(JSON.stringify(part) ?? '').digest('base64').slice(0, 12);
  const { fuel, ...result } = essence(report);
  return Object.fromEntries(Object.entries(runner === UNPAID ? result : { ...result, fuel }).map(([key, part]) => [key, hash(part)]));
}

const wordsOf = ({ runner, cadence }) => ['--runner', runner, ...(cadence ? ['--cadence', String(cadence), '--trace'] : [])];

/** The Khronos graphs: for each what its sub-tests found. */
async function tryGraphs(engine, way, graphs) {
  const found = new Map();
  for (const seconds of new Set(graphs.map((graph) => graph.seconds))) {
    const some = graphs.filter((graph) => graph.seconds === seconds);
    const words = [...wordsOf(way), '--tick', String(way.tick), '--until', String(seconds + GRACE)];
    const reports = await engine.runAll(some.map(({ file }) => file), words);
    for (const [i, report] of reports.entries()) {
      const why = whyNot(report);
      found.set(some[i], { why, subs: why ? [] : findings(some[i], report), isWhole: !why && isWhole(some[i], report), print: fingerprint(why ? { why } : report, way) });
    }
  }
  return graphs.map((graph) => found.get(graph));
}

/** What each file was refused for that must be; null where it was not. */
async function tryRefusals(engine, files) {
  const codes = [];
  for (const file of files) {
    const { ok, diagnostics } = await engine.check(file);
    codes.push(ok ? null : diagnostics.find(({ severity }) => severity === 'error').code);
  }
  return codes;
}

/** The cases of tests/ops: how many of each op hold, and what is wrong with the others. */
async function tryCases(engine, way, graphs) {
  const reports = await engine.runAll(graphs.map(({ file }) => file), [...wordsOf(way), '--until', '0']);
  return reports.flatMap((report, i) => {
    const why = whyNot(report);
    const values = why ? null : kept(report);
    return graphs[i].checks.map((check) => ({ op: check.op, at: check.at, wrong: why ?? faultOf(check, values) }));
  });
}

/** What a pattern says that a way can be held to: a runner that charges no fuel says none, and would never end what only fuel ends. */
function sayable({ fuel, ...result }, { runner }) {
  if (runner !== UNPAID) return { ...result, ...(fuel !== undefined && { fuel }) };
  return result.reason === 'fuel' ? null : result;
}

/** The patterns: what is wrong with each, or null. */
async function tryPatterns(engine, way, patterns) {
  const found = [];
  for (const { name, file, words, expected } of patterns) {
    const said = sayable(expected, way);
    const [report] = said ? await engine.runAll([file], [...words, ...wordsOf(way)]) : [];
    let wrong = report ? whyNot(report) : null;
    try {
      if (report && !wrong) assertExpected(report, said, name);
    } catch (error) {
      wrong = error.message;
    }
    found.push({ name, wrong });
  }
  return found;
}

/** All that is to be tried in a way; `material` is what conformance.js collected. */
async function tryAll({ graphs, refusals, cases, patterns }, way) {
  const engine = await openEngine(way.engine);
  const found = {
    graphs: await tryGraphs(engine, way, graphs),
    refusals: way.refuses ? await tryRefusals(engine, refusals) : [],
    cases: way.isShort ? await tryCases(engine, way, cases) : [],
    patterns: way.isShort ? await tryPatterns(engine, way, patterns) : [],
  };
  engine.close();
  return found;
}

let material;

process.on('message', async (message) => {
  if (message.material) material = message.material;
  else process.send({ way: message.way, found: await tryAll(material, message.way) });
});
