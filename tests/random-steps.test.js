// random-steps.test.js - random graphs that are stepped through lose nothing: the same end, the same trace, the same fuel.
//
//     FIRST=1000 GRAPHS=500 node --test tests/random-steps.test.js   other seeds
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { RUNNERS, TOOL, essence, openVariant } from './harness.js';
import { generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 60);
const BATCH = 20;
const LENGTH = { clock: 'virtual', fuel: 3000, until: 0.4, tick: 50, trace: true };

const pures = pureOverloads(JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 })));

/** What a run leaves that is stepped by so many activations; 0: not at all. */
async function stepped(engine, seed, runner, step) {
  const graph = await engine.load(generate(seed, pures, { loops: seed % 2 === 0 }).graph);
  const run = graph.start({ ...LENGTH, runner, paused: step > 0 });
  while (step > 0 && run.step(step) > 0);
  if (run.status === 'paused') run.resume();
  await run;
  const report = essence(JSON.parse(run.reportText()));
  graph.unload();
  return report;
}

for (let first = FIRST; first < FIRST + GRAPHS; first += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);
  test(`random graphs ${first} to ${seeds.at(-1)} that are stepped through lose nothing`, async () => {
    const engine = await openVariant('step');
    for (const seed of seeds) {
      const whole = await stepped(engine, seed, 'walk', 0);
      for (const runner of RUNNERS)
        for (const step of [1, 3]) assert.deepEqual(await stepped(engine, seed, runner, step), whole, `seed ${seed}, ${runner}, ${step} at a time`);
    }
    engine.close();
  });
}
