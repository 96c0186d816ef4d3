// random-waiting.test.js - random graphs whose host operations answer late, out of order, or not well: the same in both
// runners at every cadence, and when they are stepped through.
//
//     FIRST=1000 GRAPHS=500 node --test tests/random-waiting.test.js   other seeds, some minutes
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { RUNNERS, TOOL, openVariant } from './harness.js';
import { Random, generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 60);
const BATCH = 20;

const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));
const length = { clock: 'virtual', fuel: 3000, until: 0.4, tick: 50 };
const soon = () => new Promise((done) => setImmediate(done));

/** The graph of a seed, with host operations in the place of some of its nodes, reading counters and each other. */
function waitingGraph(seed) {
  const { graph } = generate(seed, pures);
  const random = new Random(seed * 7 + 1);
  const replaced = graph.nodes.filter(({ op }) => op === 'debug/log' || (/^(variable\/set|event\/send)$/.test(op) && random.chance(0.3)));
  const counters = graph.nodes.flatMap(({ id, op }) => (op === 'flow/for' ? [`${id}:index`] : op === 'flow/doN' ? [`${id}:currentCount`] : []));
  const readable = [...counters, ...replaced.map(({ id }) => `${id}:r`)];
  for (const node of replaced) {
    node.op = 'my/wait';
    node.values = { n: { from: random.pick(readable) } };
    delete node.config;
  }
  graph.outputs.push(...replaced.map(({ id }) => ({ id: `r ${id}`, type: 'int', from: `${id}:r` })));
  return graph;
}

/** A host that answers some calls at once and keeps the others; what it does depends on the seed and the calls alone. */
function slowHost(engine, seed) {
  const random = new Random(seed);
  const host = { waiting: [], asked: 0, answered: [] };
  engine.define('my/wait', { inputs: { n: 'int' }, outputs: { r: 'int' } }, ({ n }) => {
    const r = (n * 3 + ++host.asked) | 0;
    const fate = random.next();
    if (fate < 0.25) return { r };
    if (fate < 0.3) throw new Error('refused');
    return new Promise((done, fail) => host.waiting.push({ r, done, fail }));
  });
  /** Lets one of those that wait know, any one of them. */
  host.answer = () => {
    const [{ r, done, fail }] = host.waiting.splice(random.between(0, host.waiting.length - 1), 1);
    host.answered.push(r);
    if (random.chance(0.1)) fail(new Error('late'));
    else done({ r });
  };
  return host;
}

/** What a run leaves: answers come only when nothing else can run, so their order is the graph's doing. */
async function waitingRun(seed, { runner, cadence, trace }) {
  const engine = await openVariant('step', { cadence, drive: 'manual' });
  const host = slowHost(engine, seed);
  const run = (await engine.load(waitingGraph(seed))).start({ ...length, runner, trace });
  let over = false;
  run.finished.finally(() => (over = true));
  while (!over) {
    while (engine.turn(1000));
    if (host.waiting.length) host.answer();
    await soon();
  }
  const { yields, instructions, ...rest } = JSON.parse(run.reportText());
  engine.close();
  return { ...rest, asked: host.asked, answered: host.answered };
}

/** The same graph without host operations, stepped through. */
async function steppedRun(seed, { runner, step }) {
  const engine = await openVariant('step');
  const run = (await engine.load(generate(seed, pures).graph)).start({ ...length, runner, trace: true, paused: step > 0 });
  while (step > 0 && run.step(step) > 0);
  if (step > 0 && run.status === 'paused') run.resume();
  await run;
  const { yields, instructions, ...rest } = JSON.parse(run.reportText());
  engine.close();
  return rest;
}

for (let first = FIRST; first < FIRST + GRAPHS; first += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);

  test(`random graphs ${first} to ${seeds.at(-1)} that wait mean the same in both runners at every cadence`, async () => {
    for (const seed of seeds) {
      const oracle = await waitingRun(seed, { runner: 'walk', cadence: 0, trace: true });
      for (const runner of RUNNERS) {
        for (const cadence of [0, 1, 5]) {
          const how = `seed ${seed}, ${runner}, cadence ${cadence}`;
          assert.deepEqual(await waitingRun(seed, { runner, cadence, trace: true }), oracle, how);
          const { traceHash, ...rest } = oracle;
          assert.deepEqual(await waitingRun(seed, { runner, cadence, trace: false }), rest, how);
        }
      }
    }
  });

  test(`random graphs ${first} to ${seeds.at(-1)} that are stepped through lose nothing`, async () => {
    for (const seed of seeds) {
      const oracle = await steppedRun(seed, { runner: 'walk', step: 0 });
      for (const runner of RUNNERS)
        for (const step of [1, 3]) assert.deepEqual(await steppedRun(seed, { runner, step }), oracle, `seed ${seed}, ${runner}, ${step} at a time`);
    }
  });
}
