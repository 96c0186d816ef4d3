// models.test.js - models run by the engine into three.js, without a picture: what moves, and where to; what the camera tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PerspectiveCamera } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { Behaviour, vector } from '../../html/behaviour.js';
import { Glb } from '../../html/glb.js';
import { MODELS } from '../../html/models.js';
import { activeCamera, attach } from '../../js/three.js';
import { engineFor } from './graphs.js';

const TICK = 0.016; // seconds, as virtual clocks have it

/** A model that has run for so long, and its scene. */
async function ran(t, id, start) {
  const bytes = MODELS.find((model) => model.id === id).build();
  const gltf = await new GLTFLoader().parseAsync(bytes.buffer, '');
  const source = bytes.slice();
  const shown = await attach(gltf, { engine: await engineFor(t), source, name: `${id}.glb`, start: { clock: 'virtual', ...start } });
  const report = await shown.run;
  const changes = shown.update();
  return { shown, report, changes, node: (name) => gltf.scene.getObjectByName(name), json: gltf.parser.json };
}

/** Close enough for what lies in the file in single precision. */
const near = (seen, expected, what) =>
  seen.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-7, `${what}: ${seen} should be ${expected}`));

for (const { id, build } of MODELS) {
  test(`${id} is loaded without a remark, and is the same each time`, async (t) => {
    const engine = await engineFor(t);
    assert.deepEqual(engine.loadBytes(build(), id).diagnostics, []);
    assert.deepEqual(build(), build());
  });
}

test('the lamp is switched on by a click: its light and its glow are there after half a second', async (t) => {
  const { node, report } = await ran(t, 'lamp', { send: [{ select: 4 }], until: 1 }); // the bulb, below the lamp
  assert.equal(node('light').intensity, 14);
  near(node('shade').material.emissive.toArray(), [0.85, 0.3, 0.12], 'the shade');
  assert.deepEqual(report.events.map(({ id, values }) => [id, values]), [['lamp/switched', { on: true }]]);
});

test('the lamp is told how bright to be', async (t) => {
  const { node } = await ran(t, 'lamp', { send: [['lamp/set', { on: true, brightness: 0.5 }]], until: 1 });
  assert.equal(node('light').intensity, 7);
});

test('the fan turns at 2.5 times the speed of its animation: a quarter in 0.4 seconds', async (t) => {
  const { node, json } = await ran(t, 'fan', { send: [{ select: 1 }], until: 0.4 });
  assert.equal(json.nodes[1].name, 'fan');
  near(node('rotor').quaternion.toArray(), [0, 0, -Math.SQRT1_2, Math.SQRT1_2], 'the rotor');
});

test('each bird flies as far as its speed allows, in each tick but the first', async (t) => {
  const { shown, changes, json } = await ran(t, 'flock', { until: TICK });
  assert.equal(changes, 2000);
  for (const [i, { translation }] of json.nodes.entries()) {
    const { position, quaternion } = shown.map.nodes[i][0];
    near([Math.hypot(...position.toArray().map((at, lane) => at - translation[lane]))], [2 * TICK], json.nodes[i].name);
    near([quaternion.length()], [1], 'how it is turned');
  }
});

test('without waves the sea is as flat as it is deep, and 576 columns say so', async (t) => {
  const { shown, changes, report } = await ran(t, 'sea', { send: [['sea/waves', { count: 0 }]], until: 2 * TICK });
  assert.equal(changes, 24 * 24);
  assert.equal(report.variables.find(({ name }) => name === 'ticks').value, 3);
  for (const [column] of shown.map.nodes.slice(1)) near(column.scale.toArray(), [1, 2.6, 1], 'a column');
});

test('a graph knows where it is looked at from, and through what', async (t) => {
  const b = new Behaviour();
  b.variable('from', vector(0, 0, 0));
  b.variable('lens', vector(0, 0));
  const prefix = '/extensions/KHR_interactivity/activeCamera';
  const lens = b.math('combine2', b.get(`${prefix}/perspective/znear`, 'float'), b.get(`${prefix}/orthographic/znear`, 'float'));
  b.write(b.on('onStart'), { from: b.get(`${prefix}/position`, 'float3'), lens });
  const glb = new Glb();
  glb.node('nothing');
  glb.interactivity(b.graph);
  const camera = new PerspectiveCamera(50, 1, 0.25, 100);
  camera.position.set(1, 2, 3);
  const engine = await engineFor(t, { pointers: activeCamera(() => camera) });
  const { variables } = await (await engine.load(glb.bytes())).start({ clock: 'virtual' });
  assert.deepEqual(variables.map(({ value }) => value), [[1, 2, 3], [0.25, NaN]]);
});
