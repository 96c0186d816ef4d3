// pointers.test.js - the object model from JavaScript, in every variant: read, written and watched; and properties that the
// page serves itself, in graphs of either kind.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Script } from '../native/script.js';
import { VARIANTS, engineFor, valuesOf } from './graphs.js';

const virtual = { clock: 'virtual' };
const asset = { nodes: [{ children: [1] }, { translation: [1, 2, 3] }], materials: [{}] };

/** Values of a report by the names of its variables. */
const named = ({ variables }) => Object.fromEntries(variables.map(({ name, value }) => [name, value]));

const changesOf = (run) => {
  const seen = [];
  run.changes((cell, lanes, pointer) => seen.push([pointer, Array.from(lanes), run.graph.pointers[cell].pointer === pointer]));
  return seen;
};

/** A native graph that reads and writes a pointer for each index from 0 to 3. */
const lamps = {
  treadle: 1,
  variables: [{ id: 'sum', type: 'float', value: 0.0 }, { id: 'valid', type: 'int', value: 0 }, { id: 'errors', type: 'int', value: 0 }],
  nodes: [
    { id: 'start', op: 'event/onStart', flows: { out: 'loop' } },
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: 4 }, flows: { loopBody: 'test' } },
    { id: 'lamp', op: 'pointer/get', config: { pointer: '/extensions/ACME_lamp/[i]/power', type: 'float' }, values: { i: { from: 'loop' } } },
    { id: 'test', op: 'flow/branch', values: { condition: { from: 'lamp:isValid' } }, flows: { true: 'write' } },
    { id: 'sum', op: 'variable/get', config: { variable: 'sum' } },
    { id: 'add', op: 'math/add', values: { a: { from: 'sum' }, b: { from: 'lamp:value' } } },
    { id: 'valid', op: 'variable/get', config: { variable: 'valid' } },
    { id: 'more', op: 'math/add', values: { a: { from: 'valid' }, b: 1 } },
    { id: 'write', op: 'variable/set', config: { variables: ['sum', 'valid'] }, values: { sum: { from: 'add' }, valid: { from: 'more' } }, flows: { out: 'set' } },
    { id: 'twice', op: 'math/add', values: { a: { from: 'lamp:value' }, b: { from: 'lamp:value' } } },
    { id: 'set', op: 'pointer/set', config: { pointer: '/extensions/ACME_lamp/[i]/power', type: 'float' }, values: { i: { from: 'loop' }, value: { from: 'twice' } }, flows: { err: 'fail' } },
    { id: 'errors', op: 'variable/get', config: { variable: 'errors' } },
    { id: 'worse', op: 'math/add', values: { a: { from: 'errors' }, b: 1 } },
    { id: 'fail', op: 'variable/set', config: { variables: ['errors'] }, values: { errors: { from: 'worse' } } },
  ],
};

for (const variant of VARIANTS) {
  describe(variant, () => {
    test('what a run writes is found once, with what it holds now', async (t) => {
      const engine = await engineFor(t, { variant, observe: ['/nodes/{}/translation', '/materials'] });
      const script = new Script()
        .set('a', '/nodes/0/translation', 'float3', [1, 0, 0])
        .set('b', '/nodes/[n]/scale', 'float3', [2, 2, 2], { n: ['int', 1, 'run'] })
        .set('c', '/nodes/0/translation', 'float3', [7, 8, 9]);
      const graph = await engine.load(script.in(asset));
      assert.deepEqual(graph.pointers.find(({ pointer }) => pointer === '/materials/0/alphaCutoff'), { pointer: '/materials/0/alphaCutoff', type: 'float', mutable: true });
      const run = graph.start(virtual);
      assert.deepEqual(changesOf(run), []);
      await run;
      assert.deepEqual(changesOf(run), [['/nodes/0/translation', [7, 8, 9], true], ['/nodes/1/scale', [2, 2, 2], true]]);
      assert.deepEqual(changesOf(run), []);
    });

    test('a page reads and writes properties by their pointers', async (t) => {
      const engine = await engineFor(t, { variant, observe: true });
      const graph = await engine.load(new Script().get('m', '/nodes/1/globalMatrix', 'float4x4').in(asset));
      const run = graph.start(virtual);
      run.setPointer('/nodes/0/translation', [10, 0, 0]); // before anything has run
      assert.deepEqual(run.getPointer('/nodes/1/translation'), [1, 2, 3]);
      const report = await run;
      assert.deepEqual(named(report).m.slice(12), [11, 2, 3, 1]);
      assert.deepEqual(run.getPointer('/nodes/1/globalMatrix').slice(12), [11, 2, 3, 1]);
      assert.deepEqual(changesOf(run), [['/nodes/0/translation', [10, 0, 0], true]]);
      const refused = (use, words) => assert.throws(use, ({ code, message }) => code === 'POINTER' && message.includes(words));
      refused(() => run.getPointer('/nodes/2/translation'), 'no pointer "/nodes/2/translation"');
      refused(() => run.getPointer('/nodes/0'), 'no pointer');
      refused(() => run.setPointer('/nodes/1/globalMatrix', new Array(16).fill(0)), 'read-only');
      refused(() => run.setPointer('/nodes/0/translation', [1, 2]), 'expected an array of 3 numbers');
    });

    test('a service that is only told learns each change below its prefix', async (t) => {
      const told = [];
      const pointers = { '/nodes/{}/translation': { changed: (pointer, value) => told.push([pointer, value]) } };
      const engine = await engineFor(t, { variant, pointers });
      const script = new Script().set('a', '/nodes/1/translation', 'float3', [4, 5, 6]).set('b', '/nodes/0/scale', 'float3', [2, 2, 2]);
      await (await engine.load(script.in(asset))).start(virtual);
      assert.deepEqual(told, [['/nodes/1/translation', [4, 5, 6]]]);
    });

    test('a page serves properties of its own, to both runners, at every cadence', async (t) => {
      for (const runner of ['vm', 'walk']) {
        for (const cadence of [0, 1]) {
          const power = { '/extensions/ACME_lamp/0/power': 1.5, '/extensions/ACME_lamp/2/power': 2 };
          const pointers = { '/extensions/ACME_lamp': { get: (pointer) => power[pointer], set: (pointer, value) => void (power[pointer] = value) } };
          const engine = await engineFor(t, { variant, pointers, cadence });
          const report = await (await engine.load(lamps)).start({ ...virtual, runner });
          assert.deepEqual(valuesOf(report), { sum: 3.5, valid: 2, errors: 0 }); // 1.5 + 2; lamps 1 and 3 are not there
          assert.deepEqual(power, { '/extensions/ACME_lamp/0/power': 3, '/extensions/ACME_lamp/2/power': 4 });
        }
      }
    });

    test('a getter that throws or gives something else has no value; a setter that throws takes err', async (t) => {
      const get = (pointer) => {
        if (pointer.includes('/0/')) throw new Error('no bulb');
        return pointer.includes('/1/') ? 'bright' : 1;
      };
      const set = (pointer) => {
        if (pointer.includes('/2/')) throw new Error('stuck');
        return false;
      };
      const engine = await engineFor(t, { variant, pointers: { '/extensions/ACME_lamp': { get, set } } });
      const run = (await engine.load(lamps)).start(virtual);
      assert.deepEqual(valuesOf(await run), { sum: 2, valid: 2, errors: 2 });
      const said = run.failures.map(({ op, message }) => `${op} ${message}`);
      assert.deepEqual([...new Set(said)], [
        '/extensions/ACME_lamp/0/power no bulb', '/extensions/ACME_lamp/1/power the value should be float, is string bright.',
        '/extensions/ACME_lamp/2/power stuck',
      ]);
    });

    test('a property without a setter is read-only', async (t) => {
      const engine = await engineFor(t, { variant, pointers: { '/extensions/ACME_lamp': { get: () => 1 } } });
      assert.deepEqual(valuesOf(await (await engine.load(lamps)).start(virtual)), { sum: 4, valid: 4, errors: 4 });
    });

    test('parameters stand in the pointer as indices, refs too; negative and null ones never reach the page', async (t) => {
      const asked = [];
      const get = (pointer) => void asked.push(pointer);
      const engine = await engineFor(t, { variant, pointers: { '/extensions/ACME_lamp': { get } } });
      const script = new Script();
      const at = (name, value) => script.get(name, '/extensions/ACME_lamp/{n}/[[x]]/[i]', 'int', value);
      at('a', { n: ['ref', '/nodes/1'], i: ['int', 12] });
      at('b', { n: ['ref', null], i: ['int', 1] });
      at('c', { n: ['ref', '/nodes/1', 'run'], i: ['int', -1, 'run'] });
      await (await engine.load(script.in(asset))).start(virtual);
      assert.deepEqual(asked, ['/extensions/ACME_lamp/1/[x]/12']);
    });

    test('a page may take over what the glTF has: the active camera', async (t) => {
      const pointers = { '/extensions/KHR_interactivity/activeCamera': { get: (pointer) => (pointer.endsWith('position') ? [1, 2, 3] : undefined) } };
      const engine = await engineFor(t, { variant, pointers });
      const script = new Script()
        .get('at', '/extensions/KHR_interactivity/activeCamera/position', 'float3')
        .get('turned', '/extensions/KHR_interactivity/activeCamera/rotation', 'float4');
      const seen = named(await (await engine.load(script.in(asset))).start(virtual));
      assert.deepEqual([seen.at, seen['at valid'], seen['turned valid']], [[1, 2, 3], true, false]);
    });

    test('what a page serves can be interpolated; a write ends that', async (t) => {
      const power = new Map([['/extensions/ACME_lamp/0', 0], ['/extensions/ACME_lamp/1', 0]]);
      const pointers = { '/extensions/ACME_lamp': { get: (pointer) => power.get(pointer), set: (pointer, value) => void power.set(pointer, value) } };
      const engine = await engineFor(t, { variant, pointers });
      const script = new Script()
        .interpolate('go', '/extensions/ACME_lamp/0', 'float', 8)
        .interpolate('killed', '/extensions/ACME_lamp/[i]', 'float', 8, { i: ['int', 1, 'run'] })
        .interpolate('nowhere', '/extensions/ACME_lamp/2', 'float', 8)
        .set('write', '/extensions/ACME_lamp/1', 'float', 5);
      const seen = named(await (await engine.load(script.in(asset))).start({ ...virtual, tick: 250, until: 2 }));
      assert.deepEqual([seen['go done'], seen['killed done'], seen.nowhere], [1, 0, 2]);
      assert.deepEqual([...power.values()], [8, 5]);
    });

    test('a getter that calls the engine is told that it is busy', async (t) => {
      const get = (pointer, { run }) => run.get('sum');
      const engine = await engineFor(t, { variant, pointers: { '/extensions/ACME_lamp': { get } } });
      const run = (await engine.load(lamps)).start(virtual);
      assert.deepEqual(valuesOf(await run), { sum: 0, valid: 0, errors: 0 });
      assert.match(run.failures[0].message, /called the engine that was calling it/);
    });
  });
}
