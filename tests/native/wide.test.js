// wide.test.js - nodes with more sockets than the default limit allows, once the limit is raised: no table has a fixed end.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, RUNNERS, run } from '../harness.js';

const WIDE = 700;
const ids = Array.from({ length: WIDE }, (_, i) => i);

/** The loop counts to WIDE and sends each turn through `node`; what is chosen is written into `last` and counted. */
function graph(node, output) {
  return {
    treadle: 1,
    variables: [{ id: 'last', type: 'int', value: -1 }, { id: 'sum', type: 'int', value: 0 }],
    nodes: [
      { id: 'start', op: 'event/onStart', flows: { out: 'loop' } },
      { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: WIDE }, flows: { loopBody: 'wide:in' } },
      { id: 'wide', ...node, flows: Object.fromEntries(ids.map((i) => [output(i), `set${i}`])) },
      { id: 'sum', op: 'variable/get', config: { variable: 'sum' } },
      ...ids.flatMap((i) => [
        { id: `add${i}`, op: 'math/add', values: { a: { from: 'sum' }, b: i } },
        { id: `set${i}`, op: 'variable/set', config: { variables: ['last', 'sum'] }, values: { last: i, sum: { from: `add${i}` } } },
      ]),
    ],
  };
}

const cases = {
  switch: graph({ op: 'flow/switch', config: { cases: [...ids].reverse() }, values: { selection: { from: 'loop:index' } } }, String),
  multiGate: graph({ op: 'flow/multiGate', config: { isRandom: false, isLoop: false } }, (i) => String(i).padStart(4, '0')),
};

for (const [name, source] of Object.entries(cases)) {
  test(`a ${name} of ${WIDE} outputs opens each of them once`, async () => {
    const file = join(BUILD, `wide-${name}.graph.json`);
    writeFileSync(file, JSON.stringify(source));
    for (const runner of RUNNERS) {
      const { reports: [report] } = await run(file, ['--runner', runner, '--limit', 'ports=1000']);
      const values = Object.fromEntries(report.variables.map(({ id, value }) => [id, value]));
      assert.deepEqual(values, { last: WIDE - 1, sum: (WIDE * (WIDE - 1)) / 2 }, runner);
    }
  });
}
