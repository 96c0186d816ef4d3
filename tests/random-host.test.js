// random-host.test.js - random graphs that wait for their host go on as if they had not, in every runner at every cadence.
//
// The host answers only when nothing can run any more, one call at a time, in an order that the seed fixes: then many
// activations of the same nodes wait at once, and answers come in another order than questions.
//
//     FIRST=1000 GRAPHS=5000 node --test tests/random-host.test.js
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNNERS, assertSame, openVariant } from './harness.js';
import { ASK, Random, generate } from './random/generate.js';
import { pureOverloads } from './random/ops.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.GRAPHS ?? 120);
const CADENCES = [0, 1, 3, 64];

/** A host that answers one question in four at once, and refuses some. */
class Host {
  constructor() {
    this.open = [];
    this.asked = 0;
  }

  ask({ n }) {
    this.asked += 1;
    const answer = { n: (n + 1) | 0, x: [n / 2, -n] };
    if (n % 4 === 0) return answer;
    if (n % 7 === 0) throw new Error('not this one');
    return new Promise((done, refuse) => this.open.push(() => (n % 5 === 0 ? refuse(new Error('nor this one')) : done(answer))));
  }

  /** Answers one open question, if there is one, and lets the answer through. */
  async answer(random) {
    const [settle] = this.open.splice(random.between(0, this.open.length - 1), 1);
    settle?.();
    await new Promise(setImmediate);
    return settle !== undefined;
  }
}

/** Runs a graph from beginning to end; its report, and how often it asked. */
async function play(engine, host, graph, seed, runner, cadence) {
  engine.cadence = cadence;
  host.open = [];
  host.asked = 0;
  const random = new Random(seed);
  const run = graph.start({ clock: 'virtual', until: 1, tick: 50, fuel: 1500, trace: true, runner });
  do while (engine.turn(1000)); while (await host.answer(random));
  const report = JSON.parse(run.reportText());
  run.stop();
  return { report, asked: host.asked };
}

for (const variant of ['plain', 'step']) {
  test(`random graphs that wait for their host mean the same however they are run, in ${variant}`, async () => {
    const engine = await openVariant(variant, { drive: 'manual' });
    const host = new Host();
    engine.define(ASK.op, ASK.signature, (inputs) => host.ask(inputs));
    const pures = pureOverloads(engine.tables.ops);
    let asked = 0;
    for (let seed = FIRST; seed < FIRST + GRAPHS; seed++) {
      const graph = await engine.load(generate(seed, pures, { asks: true, loops: seed % 2 === 0 }).graph);
      let first = null;
      for (const cadence of CADENCES) {
        for (const runner of RUNNERS) {
          const seen = await play(engine, host, graph, seed, runner, cadence);
          first ??= seen;
          assertSame(seen.report, first.report, `seed ${seed}, ${runner}, cadence ${cadence}`);
          assert.equal(seen.asked, first.asked);
        }
      }
      asked += first.asked;
      graph.unload();
    }
    assert.ok(asked > GRAPHS, `${GRAPHS} graphs asked ${asked} times`);
    engine.close();
  });
}
