// khr-limits.test.js - the static limits that the specification lets an engine set: a graph at the limit runs, one beyond it is
// refused, and the limit is named. Limits of a run, which lead to err: limits.test.js.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, run } from '../harness.js';

const FOLDER = join(BUILD, 'khr-limits');
mkdirSync(FOLDER, { recursive: true });

const list = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const object = (n, make) => Object.fromEntries(list(n, (i) => [`s${i}`, make(i)]));
const INT = [{ signature: 'int' }];

/** A graph of one node: how it is declared, and the rest of it. */
const one = (declaration, node, rest = {}) => ({ types: INT, ...rest, declarations: [declaration], nodes: [{ declaration: 0, ...node }] });
const cases = (n) => ({ cases: { value: list(n, (i) => i) } });

/** What is limited: the limit, the least graph that has n of it, and where it is counted. */
const LIMITED = [
  ['types', 'types', (n) => ({ types: list(n, (i) => ({ signature: i ? 'custom' : 'int' })) }), '/types'],
  ['variables', 'variables', (n) => ({ types: INT, variables: list(n, () => ({ type: 0 })) }), '/variables'],
  ['events', 'events', (n) => ({ events: list(n, () => ({})) }), '/events'],
  ['values of an event', 'ports', (n) => ({ types: INT, events: [{ values: object(n, () => ({ type: 0 })) }] }), '/events/0/values'],
  ['declared inputs', 'ports', (n) => ({ types: INT, declarations: [{ op: 'x/y', extension: 'VND_x', inputValueSockets: object(n, () => ({ type: 0 })) }] }),
    '/declarations/0/inputValueSockets'],
  ['declared outputs', 'ports', (n) => ({ types: INT, declarations: [{ op: 'x/y', extension: 'VND_x', outputValueSockets: object(n, () => ({ type: 0 })) }] }),
    '/declarations/0/outputValueSockets'],
  ['nodes', 'nodes', (n) => ({ declarations: [{ op: 'math/E' }], nodes: list(n, () => ({ declaration: 0 })) }), '/nodes'],
  ['flows of flow/sequence', 'ports', (n) => ({ declarations: [{ op: 'flow/sequence' }, { op: 'debug/log' }],
    nodes: [{ declaration: 0, flows: object(n, () => ({ node: 1 })) }, { declaration: 1 }] }), '/nodes/0'],
  ['flows of flow/switch', 'ports', (n) => one({ op: 'flow/switch' }, { configuration: cases(n - 1), values: { selection: { type: 0 } } }), '/nodes/0'],
  ['inputs of math/switch', 'ports', (n) => one({ op: 'math/switch' }, { configuration: cases(n - 2),
    values: { selection: { type: 0 }, default: { type: 0 }, ...Object.fromEntries(list(n - 2, (i) => [i, { type: 0 }])) } }), '/nodes/0'],
  ['inputs of variable/set', 'ports', (n) => one({ op: 'variable/set' }, { configuration: { variables: { value: list(n, (i) => i) } },
    values: Object.fromEntries(list(n, (i) => [i, { type: 0 }])) }, { variables: list(n, () => ({ type: 0 })) }), '/nodes/0'],
  ['inputs of pointer/get', 'ports', (n) => one({ op: 'pointer/get' }, {
    configuration: { pointer: { value: [list(n, (i) => `/[s${i}]`).join('')] }, type: { value: [0] } }, values: object(n, () => ({ type: 0 })) }), '/nodes/0'],
];

for (const [what, limit, graph, at] of LIMITED) {
  test(`${what}: at the limit the graph runs, beyond it it is refused`, async () => {
    for (const n of [4, 5]) {
      const file = join(FOLDER, `${what.replace(/\W/g, '-')}-${n}.json`);
      writeFileSync(file, JSON.stringify({ graphs: [graph(n)] }));
      const { status, reports: [report] } = await run(file, ['--limit', `${limit}=4`]);
      const errors = (report.diagnostics ?? []).filter(({ severity }) => severity === 'error');
      assert.equal(status, n === 4 ? 0 : 2, `${n} ${JSON.stringify(errors)}`);
      if (n === 4) continue;
      assert.equal(errors[0].code, 'E1506');
      assert.equal(errors[0].pointer, `/graphs/0${at}`);
      assert.match(errors[0].message, new RegExp(`^5 .*; limit ${limit}=4$`));
    }
  });
}
