// conformance.js - `make conformance`: every graph of the Khronos suite and every case of our own in every way to run it.
//
//     node tests/khr/conformance.js        KHR_SUITE=dir: the suite, where it is not ../shared/khr
//
// A way is an engine (the native tool, each variant), a runner (compiled code in the variants alone), a cadence and a tick
// length, in virtual time. A sub-test passes when it holds in all of them. Prints a table with a line for each operation, writes build/conformance.json, and
// ends with status 1 when a sub-test fails that suite.json does not know to be wrong, a file is not refused that must be,
// or two ways differ.
import { fork, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPILED, ROOT, RUNNERS, TOOL, UNPAID, VARIANTS } from '../harness.js';
import { usesLibm } from '../libm.js';
import { graphOf, readCases, rejectedGraph } from '../ops/graph.js';
import { patterns } from '../patterns/patterns.js';
import { absent, invalid, specification, verdicts } from './verdicts.js';

const OUT = join(ROOT, 'build/conformance.json');
const FOLDER = join(ROOT, 'build/test/conformance');
const PROCESSES = 2;
const ENGINES = ['native', ...VARIANTS];
const ALL_RUNNERS = [...RUNNERS, ...COMPILED, UNPAID];
const CADENCES = [0, 1];
const TICKS = [1, 16, 1000];
const CASES_PER_GRAPH = 25;
/** Parts of a report that not every way has. */
const OPTIONAL = ['traceHash', 'fuel'];
const REMARK = 118; // characters of a line's remark

const every = (...lists) => lists.reduce((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);

/** What a way is called in messages. */
const nameOf = ({ engine, runner, cadence, tick }) => `${engine} ${runner}, ${cadence ? `cadence ${cadence}` : 'by the clock'}, tick ${tick} ms`;

/** Whether an engine has a runner: code is compiled in WebAssembly alone; and whether the runner gives turns. */
const has = (engine, runner) => engine !== 'native' || RUNNERS.includes(runner);
const yields = (runner) => runner !== UNPAID;

/** Every way. Cases and patterns of our own are tried at one tick length, refusals once for each engine. */
function allWays() {
  const all = every(ENGINES, ALL_RUNNERS, CADENCES, TICKS);
  const possible = all.filter(([engine, runner, cadence]) => has(engine, runner) && (yields(runner) || cadence === 0));
  return possible.map(([engine, runner, cadence, tick]) => {
    const isShort = tick === 16;
    return { engine, runner, cadence, tick, isShort, refuses: isShort && runner === 'vm' && cadence === 0 };
  });
}

// --- what there is to try ------------------------------------------------------------------------

/** The case files as graphs on disk: what lies in each, and what of it must hold. */
function caseGraphs(files) {
  const graphs = [];
  for (let i = 0; i < files.length; i += CASES_PER_GRAPH) {
    const { text, checks } = graphOf(files.slice(i, i + CASES_PER_GRAPH));
    const file = join(FOLDER, `cases-${i}.graph.json`);
    writeFileSync(file, text);
    graphs.push({ file, checks });
  }
  return graphs;
}

/** The cases that must be refused, as files. */
function rejectedCases(files) {
  return files.flatMap((of) => of.cases.flatMap((tried, at) => {
    const { op } = of;
    if (!tried.rejected) return [];
    const file = join(FOLDER, `rejected-${op.replace('/', '-')}-${at}.graph.json`);
    writeFileSync(file, rejectedGraph(of, tried));
    return [{ op, at, file }];
  }));
}

/** The JSON of a file, or of the first chunk of a GLB. */
function jsonOf(file) {
  const bytes = readFileSync(file);
  const isBinary = bytes.toString('latin1', 0, 4) === 'glTF';
  return JSON.parse(isBinary ? bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12)) : bytes.toString('utf8'));
}

/** The operations of a graph file: a native one, or the default graph of a glTF. */
function opsOf(file) {
  const { nodes, extensions } = jsonOf(file);
  const { graphs, graph = 0 } = extensions?.KHR_interactivity ?? { graphs: [{ declarations: nodes }] };
  return [...new Set(graphs[graph].declarations.map(({ op }) => op))];
}

// --- running -------------------------------------------------------------------------------------

/** Runs all ways in a few processes. @returns {Promise<{way: any, found: any}[]>} */
function runWays(ways, material) {
  const queue = [...ways];
  const all = [];
  const one = () => new Promise((done, fail) => {
    const child = fork(join(ROOT, 'tests/khr/way.js'));
    const next = () => {
      const way = queue.shift();
      if (way) child.send({ way });
      else child.disconnect();
    };
    child.on('message', (message) => {
      all.push(message);
      if (process.stderr.isTTY) process.stderr.write(`\r${all.length} of ${ways.length} ways`);
      next();
    });
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`a process ended with ${code}`))));
    child.send({ material });
    next();
  });
  return Promise.all(Array.from({ length: PROCESSES }, one)).then(() => {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const order = new Map(ways.map((way, i) => [nameOf(way), i]));
    return all.sort((a, b) => order.get(nameOf(a.way)) - order.get(nameOf(b.way)));
  });
}

// --- what came out -------------------------------------------------------------------------------

/** Each sub-test over all ways: it passes when it holds in each; else the first way in which it does not. */
function judgeSubs(graphs, runs) {
  return graphs.flatMap(({ name: graph, ops, subs }, g) => subs.map(({ name, known_bad: bad }, s) => {
    const failing = runs.find(({ found }) => !found.graphs[g].subs[s]?.holds);
    const first = failing?.found.graphs[g];
    const why = first && (first.why ?? `seen ${JSON.stringify(first.subs[s].seen)}`);
    return { graph, ops, name, knownBad: bad ?? null, passes: !failing, ...(failing && { why, way: nameOf(failing.way) }) };
  }));
}

/** Graphs that did not end, or did not say of themselves what they must, though each of their sub-tests holds. */
function judgeWholes(graphs, runs) {
  return graphs.flatMap(({ name }, g) => {
    const failing = runs.find(({ found }) => !found.graphs[g].why && !found.graphs[g].isWhole);
    return failing ? [{ graph: name, way: nameOf(failing.way) }] : [];
  });
}

/** Two runs of a graph with the same tick that are not the same; the native tool and Wasm where the C library decides. */
function differences(graphs, runs) {
  return graphs.flatMap(({ name, file }, g) => {
    const hasLibm = opsOf(file).some(usesLibm);
    return TICKS.flatMap((tick) => {
      const alike = runs.filter(({ way }) => way.tick === tick);
      return alike.flatMap(({ way, found }) => {
        const reference = alike.find(({ way: { engine } }) => !hasLibm || (engine === 'native') === (way.engine === 'native'));
        const [a, b] = [reference.found.graphs[g].print, found.graphs[g].print];
        const parts = Object.keys({ ...a, ...b }).filter((key) => a[key] !== b[key] && (!OPTIONAL.includes(key) || (a[key] && b[key])));
        return parts.length ? [{ graph: name, parts, ways: [nameOf(reference.way), nameOf(way)] }] : [];
      });
    });
  });
}

/** Each of our own cases over all ways. @returns {{op: string, name: string, why?: string, way?: string}[]} */
function judgeOwn({ rejected, patterns: all }, runs) {
  const short = runs.filter(({ way }) => way.isShort);
  const rows = new Map();
  const note = (op, name, why, way) => {
    const key = `${op} ${name}`;
    if (!rows.has(key)) rows.set(key, { op, name });
    if (why) Object.assign(rows.get(key), { why, way: nameOf(way) });
  };
  for (const { way, found } of short) {
    for (const { op, at, wrong } of found.cases) note(op, `case ${at}`, wrong, way);
    all.forEach(({ ops, name }, i) => ops.forEach((op) => note(op, name, found.patterns[i].wrong, way)));
    if (way.refuses) rejected.forEach(({ op, at }, i) => note(op, `case ${at}`, found.refusals.at(i - rejected.length) ? null : 'not refused', way));
  }
  return [...rows.values()];
}

/** Files that must be refused and were not, by some engine. */
function judgeRefusals(files, runs) {
  const refusing = runs.filter(({ way }) => way.refuses);
  return files.map(({ id, what }, i) => {
    const kind = refusing.find(({ found }) => !found.refusals[i]);
    return { id, what, code: refusing[0].found.refusals[i], ...(kind && { why: 'not refused', way: nameOf(kind.way) }) };
  });
}

// --- by operation --------------------------------------------------------------------------------

/** How an operation stands. */
function statusOf(isBuilt, tried) {
  if (!isBuilt) return 'not built';
  if (tried.some(({ why }) => why)) return 'fails';
  return tried.length ? 'passes' : 'not tried';
}

/** The row of an operation: counts, and whatever does not pass. */
function rowOf({ op, category }, isBuilt, allSubs, allOwn) {
  const subs = allSubs.filter(({ ops }) => ops.includes(op));
  const fair = subs.filter(({ knownBad }) => !knownBad);
  const own = allOwn.filter((one) => one.op === op);
  const count = (list) => ({ passed: list.filter(({ why }) => !why).length, total: list.length });
  return {
    op, category,
    status: statusOf(isBuilt, [...fair, ...own]),
    suite: { ...count(fair), failed: fair.filter(({ why }) => why).map(({ graph, name, why, way }) => ({ graph, name, why, way })) },
    knownBad: subs.filter(({ knownBad }) => knownBad).map(({ graph, name, knownBad: why }) => ({ graph, name, why })),
    own: { ...count(own), failed: own.filter(({ why }) => why).map(({ name, why, way }) => ({ name, why, way })) },
  };
}

/** The operations of the specification, and those of this build beyond it. */
function operations(built) {
  const known = specification();
  const others = built.filter((op) => !known.some((one) => one.op === op)).map((op) => ({ op, category: op.split('/')[0] }));
  return [...known, ...others];
}

// --- printing ------------------------------------------------------------------------------------

const fraction = ({ passed, total }) => (total ? `${passed}/${total}` : '-');

/** What there is to say about an operation beside its numbers. */
function remarks({ status, suite, own, knownBad }) {
  const lines = status === 'not built' || status === 'not tried' ? [status] : [];
  const [first] = [...suite.failed, ...own.failed];
  if (first) lines.push(first.why.startsWith('refused') ? first.why : `${first.name}: ${first.why} (${first.way})`);
  const reasons = [...new Set(knownBad.map(({ why }) => why))];
  return [...lines, ...reasons.map((why) => `known to be wrong: ${knownBad.filter((one) => one.why === why).length}, ${why}`)];
}

function printTable(rows) {
  const cut = (text) => (text.length > REMARK ? `${text.slice(0, REMARK - 3)}...` : text);
  const line = (op, suite, own, remark) => console.log(`${op.padEnd(26)}${suite.padStart(7)}${own.padStart(7)}  ${cut(remark)}`.trimEnd());
  line('operation', 'suite', 'own', '');
  for (const row of rows) {
    const [first = '', ...more] = remarks(row);
    line(row.op, fraction(row.suite), fraction(row.own), first);
    for (const remark of more) line('', '', '', remark);
  }
}

function printFaults({ refusals, wholes, differing }) {
  for (const { id, what, way } of refusals.filter(({ why }) => why)) console.log(`not refused: ${id}, ${what} (${way})`);
  for (const { graph, way } of wholes) console.log(`ends wrong: ${graph} (${way})`);
  for (const graph of new Set(differing.map((one) => one.graph))) {
    const [{ parts, ways }, ...more] = differing.filter((one) => one.graph === graph);
    console.log(`differ: ${graph} in ${parts.join(', ')}: ${ways.join(' and ')}${more.length ? `, and ${more.length} more` : ''}`);
  }
}

/** What the suite says, in a line. */
const suiteLine = ({ graphs, suite, refused, differences: differing, runs }) =>
  `${fraction(suite)} sub-tests of ${graphs} Khronos graphs pass (${suite.knownBad} more are known to be wrong), ` +
  `${fraction(refused)} invalid files are refused, ${differing} differences in ${runs} runs`;

// --- all of it -----------------------------------------------------------------------------------

/** Collects, runs, judges, prints. @returns {Promise<boolean>} whether all is well */
async function main() {
  mkdirSync(FOLDER, { recursive: true });
  const [files, graphs, mustRefuse] = [readCases(), verdicts(), invalid()];
  const rejected = rejectedCases(files);
  const mine = patterns().map((pattern) => ({ ...pattern, ops: opsOf(pattern.file) }));
  const refusals = [...mustRefuse, ...rejected].map(({ file }) => file);
  const ways = allWays();
  const started = Date.now();
  const runs = await runWays(ways, { graphs, refusals, cases: caseGraphs(files), patterns: mine });

  const built = JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })).map(({ op }) => op);
  const subs = judgeSubs(graphs, runs);
  const own = judgeOwn({ rejected, patterns: mine }, runs);
  const rows = operations(built).map((one) => rowOf(one, built.includes(one.op), subs, own));
  const faults = { refusals: judgeRefusals(mustRefuse, runs), wholes: judgeWholes(graphs, runs), differing: differences(graphs, runs) };

  const fair = subs.filter(({ knownBad }) => !knownBad);
  const passed = (list) => list.filter(({ why }) => !why).length;
  const cases = [...new Map(own.map((one) => [one.name.startsWith('case') ? `${one.op} ${one.name}` : one.name, one])).values()];
  const total = {
    graphs: graphs.length, ways: ways.length, runs: graphs.length * ways.length,
    suite: { passed: passed(fair), total: fair.length, knownBad: subs.length - fair.length },
    refused: { passed: passed(faults.refusals), total: mustRefuse.length },
    own: { passed: passed(cases), total: cases.length },
    differences: faults.differing.length,
  };
  writeFileSync(OUT, `${JSON.stringify({ total, engines: ENGINES, runners: ALL_RUNNERS, cadences: CADENCES, ticks: TICKS, operations: rows, ...faults }, null, 1)}\n`);

  printTable(rows);
  printFaults(faults);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`\n${ways.length} ways: engines ${ENGINES.join(' ')}; runners ${ALL_RUNNERS.join(' ')}; cadences ${CADENCES.join(' ')}; ticks of ${TICKS.join(' ')} ms; ${seconds} s`);
  if (absent) console.log(`skipped: the Khronos graphs, ${absent} (KHR_SUITE=dir names another folder)`);
  else console.log(suiteLine(total));
  console.log(`${fraction(total.own)} cases of our own pass`);
  const full = ({ passed: some, total: all }) => some === all;
  return full(total.suite) && full(total.refused) && full(total.own) && faults.wholes.length + faults.differing.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
