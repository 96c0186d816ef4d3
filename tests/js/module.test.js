// module.test.js - treadle/module: runs of compiled graphs, what they tell, their state; modules as nodes; hosts without our code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openModule } from '../../js/module.js';
import { ROOT, openVariant } from '../harness.js';

const node = (id, op, rest = {}) => ({ id, op, ...rest });
const from = (place) => ({ from: place });

/** Adds `by` to `sum` at each tick; event "more" adds its value; says what it has when asked. */
const counter = {
  treadle: 1,
  name: 'counter',
  variables: [{ id: 'sum', type: 'int', value: 0 }],
  events: [{ id: 'more', values: { n: { type: 'int', value: 100 } } }, { id: 'added', values: { sum: { type: 'int', value: 0 } } }],
  inputs: [{ id: 'by', type: 'int', value: 1 }],
  outputs: [{ id: 'total', type: 'int', from: 'get:value' }, { id: 'half', type: 'float', from: 'half:value' }],
  nodes: [
    node('tick', 'event/onTick', { flows: { out: 'set:in' } }),
    node('get', 'variable/get', { config: { variable: 'sum' } }),
    node('add', 'math/add', { values: { a: from('get:value'), b: from('in:by') } }),
    node('set', 'variable/set', { config: { variables: ['sum'] }, values: { sum: from('add:value') }, flows: { out: 'say:in' } }),
    node('say', 'debug/log', { config: { message: 'sum {sum}', severity: 1 }, values: { sum: from('get:value') } }),
    node('hear', 'event/receive', { config: { event: 'more' }, flows: { out: 'setMore:in' } }),
    node('addMore', 'math/add', { values: { a: from('get:value'), b: from('hear:n') } }),
    node('setMore', 'variable/set', { config: { variables: ['sum'] }, values: { sum: from('addMore:value') }, flows: { out: 'tell:in' } }),
    node('tell', 'event/send', { config: { event: 'added' }, values: { sum: from('get:value') } }),
    node('real', 'type/intToFloat', { values: { a: from('get:value') } }),
    node('half', 'math/div', { values: { a: from('real:value'), b: 2.0 } }),
  ],
};

/** Adds 1 to n a million times at the start. */
const long = {
  treadle: 1,
  variables: [{ id: 'n', type: 'int', value: 0 }],
  outputs: [{ id: 'n', type: 'int', from: 'get:value' }],
  nodes: [
    node('start', 'event/onStart', { flows: { out: 'loop:in' } }),
    node('loop', 'flow/for', { values: { startIndex: 0, endIndex: 1_000_000 }, flows: { loopBody: 'set:in' } }),
    node('get', 'variable/get', { config: { variable: 'n' } }),
    node('add', 'math/add', { values: { a: from('get:value'), b: 1 } }),
    node('set', 'variable/set', { config: { variables: ['n'] }, values: { n: from('add:value') } }),
  ],
};

/** Calls an operation twice, and keeps what it gives. */
const calling = (op, a, b) => ({
  treadle: 1,
  variables: [{ id: 'a', type: 'int', value: 0 }, { id: 'b', type: 'int', value: 0 }, { id: 'failed', type: 'bool', value: false }],
  nodes: [
    node('start', 'event/onStart', { flows: { out: 'loop:in' } }),
    node('loop', 'flow/for', { values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'one:in' } }),
    node('one', op, { values: a, flows: { out: 'two:in', err: 'fail:in' } }),
    node('two', op, { values: b, flows: { out: 'keep:in', err: 'fail:in' } }),
    node('keep', 'variable/set', { config: { variables: ['a', 'b'] }, values: { a: from('one:total'), b: from('two:total') } }),
    node('fail', 'variable/set', { config: { variables: ['failed'] }, values: { failed: true } }),
  ],
});

/** @type {import('../../js/engine.js').Engine} */
let engine;
before(async () => (engine = await openVariant('plain')));
after(() => engine.close());

const bytesOf = async (graph, options) => (await (await engine.load(graph)).toModule(options)).bytes;
const moduleOf = async (graph, options) => openModule(await bytesOf(graph, options));

describe('a module', () => {
  test('tells what it is', async () => {
    const { descriptors } = await moduleOf(counter);
    const { types, variables: [sum], inputs: [by], outputs: [total, half], events, nodes, order, logs, ticks, starts } = descriptors;
    assert.equal(descriptors.name, 'counter');
    assert.equal(descriptors.shape, 'preemptible');
    assert.match(descriptors.hash, /^[0-9a-f]{16}$/);
    assert.deepEqual(types.int, { lanes: 1, lane: 'i32', letter: 'I' });
    assert.deepEqual([sum.id, sum.type, sum.handle, by.id, by.handle, total.id, total.handle, half.handle], ['sum', 'int', 0, 'by', 1, 'total', 2, 3]);
    assert.equal(total.at, sum.at, 'this output is a variable');
    assert.equal(half.at, undefined, 'this one must be computed');
    assert.deepEqual(events[0], { id: 'more', receivers: 1, values: [{ id: 'n', type: 'int', lane: 0, value: 100 }] });
    assert.deepEqual(nodes[2], { id: 'add', op: 'math/add' });
    assert.deepEqual([ticks, starts], [[0], []]);
    assert.deepEqual(logs, [{ node: 4, severity: 1, text: ['sum ', { type: 'int', lane: 0 }] }]);
    assert.deepEqual([...order].sort((a, b) => a - b), nodes.map((_, i) => i));
    for (const [reader, read] of [[2, 1], [3, 2], [8, 6], [10, 9], [9, 1]]) {
      if (nodes[read].op !== 'event/receive') assert.ok(order.indexOf(read) < order.indexOf(reader) || nodes[reader].op === 'event/send', `${read} before ${reader}`);
    }
  });

  test('imports what its graph needs, and nothing else', async () => {
    const imports = async (graph) => WebAssembly.Module.imports((await moduleOf(graph)).module).map(({ module, name }) => `${module}.${name}`);
    assert.deepEqual(await imports(long), []);
    assert.deepEqual((await imports(counter)).sort(), ['host.event', 'host.log']);
  });

  test('runs, is set, hears events and tells of its own', async () => {
    const told = [];
    const run = (await moduleOf(counter)).start({
      set: { by: 5 },
      log: (text, { severity, time }) => told.push([text, severity, time]),
      event: (id, values, time) => told.push([id, values, time]),
    });
    assert.equal(run.step(100), 'waits');
    assert.equal(run.get('total'), 5);
    run.send('more', { n: 3 });
    run.send('more');
    assert.equal(run.run(), 'waits');
    assert.equal(run.get('half'), 54);
    run.set('sum', -5);
    assert.equal(run.step(102.5), 'waits');
    assert.deepEqual([run.get('sum'), run.get('#0'), run.now, run.reason], [0, 0, 2.5, null]);
    assert.deepEqual(told, [['sum 5', 1, 0], ['added', { sum: 8 }, 0], ['added', { sum: 108 }, 0], ['sum 0', 1, 2.5]]);
    assert.deepEqual(run.failures, []);
  });

  test('gives up its turn when its fuel is gone, anywhere', async () => {
    const run = (await moduleOf(long)).start();
    let turns = 0;
    while (run.run(1000) === 'more') turns++;
    assert.equal(run.get('n'), 1_000_000);
    assert.equal(run.fuel, 1_000_002); // the root, its node's 1 (index 0), and a million turns
    assert.equal(turns, 1000);
  });

  test('ends when all of its fuel is used', async () => {
    const run = (await moduleOf(long)).start({ fuel: 10 });
    assert.equal(run.run(), 'limit');
    assert.deepEqual([run.reason, run.fuel, run.get('n')], ['fuel', 10, 8]); // 2 for the root
    assert.throws(() => run.set('n', 1), { code: 'SET' });
  });

  test('is saved and restored in the middle of a loop, into another run', async () => {
    const module = await moduleOf(long);
    const first = module.start();
    assert.equal(first.run(777), 'more');
    const state = first.save();
    assert.equal(first.run(), 'done');
    const second = module.start();
    second.restore(state);
    assert.ok(second.get('n') < 777);
    assert.equal(second.run(), 'done');
    assert.deepEqual([second.get('n'), second.fuel], [1_000_000, first.fuel]);
    assert.throws(() => second.restore(state.subarray(1)), { code: 'SAVE' });
  });

  test('in structured shape never gives up its turn', async () => {
    const run = (await moduleOf(long, { shape: 'structured' })).start();
    assert.equal(run.run(1), 'done');
    assert.equal(run.get('n'), 1_000_000);
  });

  test('calls operations of its host', async () => {
    engine.define('ask/sum', { inputs: { x: 'int' }, outputs: { total: 'int' } }, () => 0);
    const module = await moduleOf(calling('ask/sum', { x: 1 }, { x: 10 }));
    let sum = 0;
    const run = module.start({ calls: { 'ask/sum': ({ x }) => (sum += x) } });
    assert.equal(run.run(), 'done');
    assert.deepEqual([run.get('a'), run.get('b'), run.get('failed')], [23, 33, false]);
    const without = module.start();
    without.run();
    assert.equal(without.get('failed'), true);
    assert.equal(without.failures[0].code, 'DEFINE');
  });

  test('refuses what it is not', async () => {
    await assert.rejects(openModule(new Uint8Array([1, 2, 3])), { code: 'WASM_BYTES' });
    await assert.rejects(openModule(readFileSync(join(ROOT, 'build/plain/treadle.wasm'))), { code: 'WASM_BYTES', message: /has no descriptors/ });
    const run = (await moduleOf(counter)).start();
    assert.throws(() => run.get('nobody'), { code: 'GET', message: /There are sum, by, total/ });
    assert.throws(() => run.set('by', 'five'), TypeError);
    assert.throws(() => run.send('nobody'), { code: 'SEND' });
  });

  test('cannot be called while it calls', async () => {
    const run = (await moduleOf(counter)).start({ log: () => run.set('by', 2) });
    run.step(0);
    assert.equal(run.failures[0].code, 'BUSY');
    assert.equal(run.get('sum'), 1);
  });
});

describe('a module as a node', () => {
  test('has a state of its own for each node and each run', async () => {
    const total = await moduleOf(counter);
    engine.defineModule('my/counter', total);
    const graph = await engine.load(calling('my/counter', { by: 1 }, { by: 10 }));
    const runs = [graph.start({ clock: 'virtual' }), graph.start({ clock: 'virtual' })];
    for (const run of runs) {
      const { variables } = await run;
      assert.deepEqual(variables.map(({ value }) => value), [3, 30, false]); // three turns: 3 x 1, 3 x 10
    }
  });

  test('gives up the turn while it works for long', async () => {
    const forever = { ...long, nodes: long.nodes.map((each) => (each.id === 'loop' ? node('loop', 'flow/for', { values: { startIndex: 0, endIndex: 9_000_000 }, flows: { loopBody: 'set:in' } }) : each)) };
    engine.defineModule('my/long', await moduleOf(forever));
    const graph = await engine.load({
      treadle: 1,
      variables: [{ id: 'n', type: 'int', value: 0 }],
      nodes: [
        node('start', 'event/onStart', { flows: { out: 'one:in' } }),
        node('one', 'my/long', { flows: { out: 'keep:in' } }),
        node('keep', 'variable/set', { config: { variables: ['n'] }, values: { n: from('one:n') } }),
      ],
    });
    const run = graph.start({ clock: 'virtual' });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { variables } = await run;
    clearInterval(timer);
    assert.equal(variables[0].value, 9_000_000);
    assert.ok(turns >= 2, `${turns} turns of the page`);
  });

  test('takes the flow err when it has ended', async () => {
    engine.defineModule('my/short', await moduleOf(counter), { fuel: 4 }); // 2 for each tick: the root, and its node's index 0
    const graph = await engine.load(calling('my/short', { by: 1 }, { by: 10 }));
    const { variables } = await graph.start({ clock: 'virtual' });
    assert.deepEqual(variables.map(({ value }) => value), [2, 20, true]); // nothing is left for the third turn
  });
});

/** `height` grows by `speed` at each tick, and by what the event "opened" brings. */
const door = {
  treadle: 1,
  variables: [{ id: 'height', type: 'float', value: 0.0 }],
  events: [{ id: 'opened', values: { by: { type: 'float', value: 0.0 } } }],
  inputs: [{ id: 'speed', type: 'float', value: 1.0 }],
  nodes: [
    node('tick', 'event/onTick', { flows: { out: 'set:in' } }),
    node('get', 'variable/get', { config: { variable: 'height' } }),
    node('add', 'math/add', { values: { a: from('get:value'), b: from('in:speed') } }),
    node('set', 'variable/set', { config: { variables: ['height'] }, values: { height: from('add:value') } }),
    node('hear', 'event/receive', { config: { event: 'opened' }, flows: { out: 'more:in' } }),
    node('sum', 'math/add', { values: { a: from('get:value'), b: from('hear:by') } }),
    node('more', 'variable/set', { config: { variables: ['height'] }, values: { height: from('sum:value') } }),
  ],
};

describe('a host without our code', () => {
  test('is the example in src/README.md', async () => {
    const [, code] = /## A module of its own[^]*?```js\n([^]*?)```/.exec(readFileSync(join(ROOT, 'src/README.md'), 'utf8'));
    const run = Object.getPrototypeOf(async () => {}).constructor('bytes', code);
    assert.equal(await run(await bytesOf(door)), 1120); // 60 ticks of 2, and 1000
  });

  test('finds everything by the exports, and reads memory', async () => {
    const bytes = await bytesOf(counter);
    const host = { log: () => {}, event: () => {}, call: () => 0 };
    const { instance } = await WebAssembly.instantiate(bytes, { host });
    const { memory, descriptor_at, descriptor_size, init, step, send, set_number, get_number } = instance.exports;
    const json = new Uint8Array(memory.buffer, descriptor_at.value, descriptor_size.value);
    const graph = JSON.parse(new TextDecoder().decode(json));
    const handle = Object.fromEntries([...graph.variables, ...graph.inputs, ...graph.outputs].map((port) => [port.id, port.handle]));
    init(0);
    set_number(handle.by, 7);
    step(0);
    assert.equal(get_number(handle.total), 7);
    const view = new DataView(memory.buffer);
    view.setInt32(graph.memory.values, 20, true);
    send(graph.events.findIndex(({ id }) => id === 'more'));
    step(0.5);
    assert.equal(get_number(handle.half), 17); // (7 + 20 + 7) / 2: the event comes before the tick
    assert.equal(view.getInt32(graph.variables[0].at, true), 34);
  });
});
