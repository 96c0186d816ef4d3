// cgen.test.js - graphs compiled to C, by gcc and by clang, mean what they mean in the engine: the same values, events, log and
// fuel, without yields and with one after every 1 and every 7 fuel.
//
//     FIRST=1000 C_GRAPHS=2000 node --test tests/native/cgen.test.js   random graphs with other seeds
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, ROOT, TOOL, assertExpected, inTurn, run, start } from '../harness.js';
import { COMPILERS, FLAGS, buildHosts, compiledEssence, quietly } from '../c/build.js';
import { patterns } from '../patterns/patterns.js';
import { generate } from '../random/generate.js';
import { pureOverloads } from '../random/ops.js';

const FIRST = Number(process.env.FIRST ?? 1);
const GRAPHS = Number(process.env.C_GRAPHS ?? 300); // two in three do without a glTF, and become C
const BATCH = 50;
const CADENCES = [[], ['--cadence', '7'], ['--cadence', '1']];

/** Needs the glTF around it. */
const REFUSED = /^(pointer|animation)\/|^event\/(onSelect|onHover)/;
const EXAMPLES = join(ROOT, 'html/examples');

/** Ops of a graph file of either dialect: refused, or compiled. */
async function isCompiled(file) {
  const { status, stderr } = await start(TOOL, ['compile', file, '-o', join(BUILD, 'refused.c')]);
  if (status !== 0) assert.match(stderr, /^(E1901 .*needs the glTF around the graph.*\n)+$/, file);
  return status === 0;
}

/** Compares the i-th graph of each host with the engine's report, at each cadence. */
async function compare(hosts, i, file, words, limits = []) {
  const { reports: [report] } = await run(file, [...words, ...limits]);
  for (const { compiler, run: runCompiled } of hosts) {
    for (const cadence of CADENCES) {
      const seen = await runCompiled(i, [...words, ...cadence]);
      assert.deepEqual(compiledEssence(seen), compiledEssence(report), `${file}: ${compiler} ${words.join(' ')} ${cadence.join(' ')}`);
    }
  }
  return report;
}

test('patterns and examples mean the same in C', async () => {
  const all = [
    ...patterns(),
    ...readdirSync(EXAMPLES).filter((name) => name.endsWith('.graph.json') && name !== 'endless.graph.json')
      .map((name) => ({ name, file: join(EXAMPLES, name), words: ['--until', '2'], expected: {} })),
  ];
  const kept = await inTurn(all, ({ file }) => isCompiled(file));
  const compiled = all.filter((_, i) => kept[i]);
  assert.ok(compiled.length > 40 || process.env.PATTERNS, `${compiled.length} compiled`);
  const hosts = await buildHosts('c-patterns', compiled.map(({ file }) => file), [], '-O2');
  await inTurn(compiled, async ({ file, words, expected, name }, i) => {
    assertExpected(await compare(hosts, i, file, words), expected, name);
  });
});

// Graphs that loop for ever end by fuel or depth, at the same point everywhere.
const SETTINGS = [['--fuel', '3000'], ['--fuel', '60', '--seed', '5'], ['--fuel', '2000']];
const LIMITS = [[], [], ['--limit', 'call-depth=2']];

test('random graphs mean the same in C', async (t) => {
  const { stdout } = await start(TOOL, ['ops', '--json']);
  const pures = pureOverloads(JSON.parse(stdout));
  const folder = join(BUILD, 'c-graphs');
  mkdirSync(folder, { recursive: true });
  for (let first = FIRST, k = 0; first < FIRST + GRAPHS; first += BATCH, k++) {
    const seeds = Array.from({ length: Math.min(BATCH, FIRST + GRAPHS - first) }, (_, i) => first + i);
    const files = seeds.map((seed) => {
      const { graph } = generate(seed, pures, { loops: seed % 2 === 0 });
      if (graph.nodes.some(({ op }) => REFUSED.test(op))) return null;
      const file = join(folder, `${seed}.graph.json`);
      writeFileSync(file, JSON.stringify(graph));
      return file;
    }).filter((file) => file);
    await t.test(`seeds ${seeds[0]} to ${seeds.at(-1)}: ${files.length} graphs`, async () => {
      const [words, limits] = [['--until', '1', '--tick', '50', ...SETTINGS[k % 3]], LIMITS[k % 3]];
      const hosts = await buildHosts(`c-random-${k}`, files, limits);
      await inTurn(files, (file, i) => compare(hosts, i, file, words, limits));
    });
  }
});

/** Each of 300 sequences takes the next one twice: calls nest far deeper than C's stack is used for. */
function nestedSequences() {
  const nodes = [{ id: 'start', op: 'event/onStart', flows: { out: 's0:in' } }];
  for (let i = 0; i < 300; i++) nodes.push({ id: `s${i}`, op: 'flow/sequence', flows: { a: `s${i + 1}:in`, b: `s${i + 1}:in` } });
  nodes.push(
    { id: 's300', op: 'variable/set', config: { variables: ['v'] }, values: { v: { from: 'add:value' } } },
    { id: 'get', op: 'variable/get', config: { variable: 'v' } },
    { id: 'add', op: 'math/add', values: { a: { from: 'get:value' }, b: 1 } },
  );
  return { treadle: 1, variables: [{ id: 'v', type: 'int', value: 0 }], nodes };
}

test('calls nest deeper in C than its stack', async () => {
  const file = join(BUILD, 'c-deep.graph.json');
  writeFileSync(file, JSON.stringify(nestedSequences()));
  await compare(await buildHosts('c-deep', [file]), 0, file, ['--fuel', '5000']);
});

// A step sets x, ticks, and pulls: twice is 2 x, ticks counts; the event "add" adds its n to ticks.
const STEPS = {
  treadle: 1,
  variables: [{ id: 'ticks', type: 'int', value: 0 }],
  inputs: [{ id: 'x', type: 'float', value: 1.5 }, { id: 'at', type: 'float2', value: [1, 2] }, { id: 'on', type: 'bool', value: true }],
  outputs: [
    { id: 'twice', type: 'float', from: 'double:value' }, { id: 'ticks', type: 'int', from: 'count:value' },
    { id: 'back', type: 'float2', from: 'turn:value' }, { id: 'off', type: 'bool', from: 'not:value' },
  ],
  events: [{ id: 'add', values: { n: { type: 'int', value: 10 } } }],
  nodes: [
    { id: 'tick', op: 'event/onTick', flows: { out: 'more:in' } },
    { id: 'count', op: 'variable/get', config: { variable: 'ticks' } },
    { id: 'next', op: 'math/add', values: { a: { from: 'count:value' }, b: 1 } },
    { id: 'more', op: 'variable/set', config: { variables: ['ticks'] }, values: { ticks: { from: 'next:value' } } },
    { id: 'hear', op: 'event/receive', config: { event: 'add' }, flows: { out: 'put:in' } },
    { id: 'sum', op: 'math/add', values: { a: { from: 'count:value' }, b: { from: 'hear:n' } } },
    { id: 'put', op: 'variable/set', config: { variables: ['ticks'] }, values: { ticks: { from: 'sum:value' } } },
    { id: 'double', op: 'math/mul', values: { a: { from: 'in:x' }, b: 2.0 } },
    { id: 'turn', op: 'math/neg', values: { a: { from: 'in:at' } } },
    { id: 'not', op: 'math/not', values: { a: { from: 'in:on' } } },
  ],
};

const STEPPING = `#include <stdio.h>
#include "steps.h"
static struct steps_state s, copy;
static void say(const struct steps_outputs *out) {
    printf("%d %g %d %g %g %d\\n", (int)out->step_status, out->twice, (int)out->ticks, out->back[0], out->back[1], (int)out->off);
}
int main(void) {
    struct steps_inputs in = {.seconds_now = 5, .x = 21, .at = {3, -4}, .on = 0};
    struct steps_outputs out;
    steps_init(&s, 0, NULL);
    steps_step(NULL, &out, &s);
    say(&out);
    steps_step(&in, &out, &s);
    say(&out);
    in.seconds_now = 6;
    steps_step(&in, &out, &s);
    say(&out);
    copy = s;
    steps_moved(&copy, NULL);
    steps_send(&s, steps_EVENT_0_add, (const Slot[]){{.i = 40}});
    steps_step(NULL, &out, &s);
    say(&out);
    in.seconds_now = 8;
    steps_step(&in, &out, &copy);
    say(&out);
    printf("%d %d %g\\n", (int)s.var.ticks.i, (int)copy.var.ticks.i, s.alone.now);
    return 0;
}
`;

test('a C program steps a graph by its names', async () => {
  const folder = join(BUILD, 'c-steps');
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  writeFileSync(at('steps.graph.json'), JSON.stringify(STEPS));
  writeFileSync(at('main.c'), STEPPING);
  await quietly(TOOL, ['compile', at('steps.graph.json'), '-o', at('steps.c')]);
  for (const compiler of COMPILERS) {
    await quietly(compiler, [...FLAGS, '-O2', `-I${folder}`, at('main.c'), at('steps.c'), '-o', at(compiler), '-lm']);
    const { stdout } = await start(at(compiler), []);
    // Done each time. Without inputs: the initial 1.5, no tick. Then 42, one tick; two ticks; 2 + 40. A copy is apart: its third tick.
    assert.equal(stdout, '0 3 0 -1 -2 0\n0 42 1 -3 4 1\n0 42 2 -3 4 1\n0 42 42 -3 4 1\n0 42 3 -3 4 1\n42 3 1\n', compiler);
  }
});

test('what became of a graph is listed', async () => {
  const { stdout } = await start(TOOL, ['compile', join(ROOT, 'bench/graphs/sum.graph.json'), '--list']);
  assert.match(stdout, /^graph_start_out: \d+ instructions in \d+ blocks, entered in 3 ways\n {2}loop with set: 1 blocks, fuel of a turn at most 1,/);
});

test('an op of the object model is refused, with its code, node and a fix', async () => {
  const file = join(ROOT, 'tests/patterns/animated.graph.json');
  const { status, stderr } = await start(TOOL, ['compile', file, '-o', join(BUILD, 'refused.c')]);
  assert.equal(status, 2);
  assert.match(stderr.split('\n')[0], /^E1901 \S*animated.graph.json .*node 0 "pointer\/get".*Run it with treadle run/);
});
