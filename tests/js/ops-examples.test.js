// ops-examples.test.js - the short graphs of the page of operations run, say something, and have every operation that they can.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXAMPLES } from '../../html/ops-examples.js';
import { openVariant } from '../harness.js';

/** These need a glTF around the graph, or somebody who points at it. */
const ELSEWHERE = /^(pointer|animation)\/|^event\/on(Select|HoverIn|HoverOut)$/;

test('each example runs to its end and logs', async () => {
  const engine = await openVariant('step');
  for (const example of EXAMPLES) {
    const graph = await engine.load(example);
    const run = graph.start({ clock: 'virtual', until: 2, tick: 100 });
    await run;
    const { status, log, events } = run.report();
    const what = JSON.stringify(example);
    assert.ok(['done', 'idle'].includes(status), what);
    assert.ok(log.length > 0, what);
    assert.ok(log.every(({ text }) => !text.includes('never')), `${what} says what never comes`);
    assert.ok(Array.isArray(events));
    graph.unload();
  }
  engine.close();
});

test('every operation that is not pure has an example', async () => {
  const engine = await openVariant('step');
  const had = new Set(EXAMPLES.flatMap(({ nodes }) => nodes.map(({ op }) => op)));
  const without = engine.tables.ops.filter(({ op, kind }) => kind !== 'pure' && !had.has(op) && !ELSEWHERE.test(op));
  assert.deepEqual(without.map(({ op }) => op), []);
  engine.close();
});
