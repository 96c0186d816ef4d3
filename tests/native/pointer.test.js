// pointer.test.js - the glTF Object Model under pointer/get and pointer/set: defaults, writes, what is undefined, what is
// refused; by literal index, by constant and by computed parameter, by int and by ref. Expected values are those of the
// glTF 2.0 Asset Object Model and of the schemas of glTF and its extensions.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, assertSame, check, inTurn, run, variables, ways } from '../harness.js';
import { Script } from './script.js';

let files = 0;

/** Runs a script every way; its variables. */
async function play(script, asset, cadences = [1, 0], words = []) {
  const file = join(BUILD, `pointer-${process.pid}-${files++}.gltf`);
  writeFileSync(file, JSON.stringify(script.in(asset)));
  const all = ways(cadences);
  const runs = await inTurn(all, (way) => run(file, [...way, ...words]));
  for (const [i, { reports: [report] }] of runs.entries()) {
    assert.equal(report.status, 'done', all[i].join(' '));
    assertSame(report, runs[0].reports[0], all[i].join(' '));
  }
  return variables(runs[0].reports[0]);
}

/** What a load says, without where. */
async function warnings(script, asset) {
  const file = join(BUILD, `pointer-${process.pid}-${files++}.gltf`);
  writeFileSync(file, JSON.stringify(script.in(asset)));
  const { ok, diagnostics } = await check(file);
  assert.ok(ok, JSON.stringify(diagnostics));
  return diagnostics.map(({ code, message, pointer }) => `${code} ${message} ${pointer ?? ''}`);
}

// --- every property: default, write, read back ---------------------------------------------------

const texture = { index: 0, extensions: { KHR_texture_transform: {} } };
const material = {
  normalTexture: texture,
  occlusionTexture: texture,
  emissiveTexture: texture,
  pbrMetallicRoughness: { baseColorTexture: texture, metallicRoughnessTexture: texture },
  extensions: {
    KHR_materials_anisotropy: { anisotropyTexture: texture },
    KHR_materials_clearcoat: { clearcoatTexture: texture, clearcoatRoughnessTexture: texture, clearcoatNormalTexture: texture },
    KHR_materials_diffuse_transmission: { diffuseTransmissionTexture: texture, diffuseTransmissionColorTexture: texture },
    KHR_materials_dispersion: {},
    KHR_materials_emissive_strength: {},
    KHR_materials_ior: {},
    KHR_materials_iridescence: { iridescenceTexture: texture, iridescenceThicknessTexture: texture },
    KHR_materials_sheen: { sheenColorTexture: texture, sheenRoughnessTexture: texture },
    KHR_materials_specular: { specularTexture: texture, specularColorTexture: texture },
    KHR_materials_transmission: { transmissionTexture: texture },
    KHR_materials_volume: { thicknessTexture: texture },
  },
};

/** Pointer after /ARRAY/#/, type, what it is when the asset says nothing. */
const MATERIAL = [
  ['alphaCutoff', 'float', 0.5],
  ['emissiveFactor', 'float3', [0, 0, 0]],
  ['normalTexture/scale', 'float', 1],
  ['occlusionTexture/strength', 'float', 1],
  ['pbrMetallicRoughness/baseColorFactor', 'float4', [1, 1, 1, 1]],
  ['pbrMetallicRoughness/metallicFactor', 'float', 1],
  ['pbrMetallicRoughness/roughnessFactor', 'float', 1],
  ['extensions/KHR_materials_anisotropy/anisotropyStrength', 'float', 0],
  ['extensions/KHR_materials_anisotropy/anisotropyRotation', 'float', 0],
  ['extensions/KHR_materials_clearcoat/clearcoatFactor', 'float', 0],
  ['extensions/KHR_materials_clearcoat/clearcoatRoughnessFactor', 'float', 0],
  ['extensions/KHR_materials_clearcoat/clearcoatNormalTexture/scale', 'float', 1],
  ['extensions/KHR_materials_diffuse_transmission/diffuseTransmissionFactor', 'float', 0],
  ['extensions/KHR_materials_diffuse_transmission/diffuseTransmissionColorFactor', 'float3', [1, 1, 1]],
  ['extensions/KHR_materials_dispersion/dispersion', 'float', 0],
  ['extensions/KHR_materials_emissive_strength/emissiveStrength', 'float', 1],
  ['extensions/KHR_materials_ior/ior', 'float', 1.5],
  ['extensions/KHR_materials_iridescence/iridescenceFactor', 'float', 0],
  ['extensions/KHR_materials_iridescence/iridescenceIor', 'float', 1.3],
  ['extensions/KHR_materials_iridescence/iridescenceThicknessMinimum', 'float', 100],
  ['extensions/KHR_materials_iridescence/iridescenceThicknessMaximum', 'float', 400],
  ['extensions/KHR_materials_sheen/sheenColorFactor', 'float3', [0, 0, 0]],
  ['extensions/KHR_materials_sheen/sheenRoughnessFactor', 'float', 0],
  ['extensions/KHR_materials_specular/specularFactor', 'float', 1],
  ['extensions/KHR_materials_specular/specularColorFactor', 'float3', [1, 1, 1]],
  ['extensions/KHR_materials_transmission/transmissionFactor', 'float', 0],
  ['extensions/KHR_materials_volume/thicknessFactor', 'float', 0],
  ['extensions/KHR_materials_volume/attenuationDistance', 'float', 'Infinity'],
  ['extensions/KHR_materials_volume/attenuationColor', 'float3', [1, 1, 1]],
  ...[
    'normalTexture', 'occlusionTexture', 'emissiveTexture', 'pbrMetallicRoughness/baseColorTexture',
    'pbrMetallicRoughness/metallicRoughnessTexture', 'extensions/KHR_materials_anisotropy/anisotropyTexture',
    'extensions/KHR_materials_clearcoat/clearcoatTexture', 'extensions/KHR_materials_clearcoat/clearcoatRoughnessTexture',
    'extensions/KHR_materials_clearcoat/clearcoatNormalTexture',
    'extensions/KHR_materials_diffuse_transmission/diffuseTransmissionTexture',
    'extensions/KHR_materials_diffuse_transmission/diffuseTransmissionColorTexture',
    'extensions/KHR_materials_iridescence/iridescenceTexture',
    'extensions/KHR_materials_iridescence/iridescenceThicknessTexture', 'extensions/KHR_materials_sheen/sheenColorTexture',
    'extensions/KHR_materials_sheen/sheenRoughnessTexture', 'extensions/KHR_materials_specular/specularTexture',
    'extensions/KHR_materials_specular/specularColorTexture', 'extensions/KHR_materials_transmission/transmissionTexture',
    'extensions/KHR_materials_volume/thicknessTexture',
  ].flatMap((path) => [
    [`${path}/extensions/KHR_texture_transform/offset`, 'float2', [0, 0]],
    [`${path}/extensions/KHR_texture_transform/rotation`, 'float', 0],
    [`${path}/extensions/KHR_texture_transform/scale`, 'float2', [1, 1]],
  ]),
];
const NODE = [
  ['translation', 'float3', [0, 0, 0]],
  ['rotation', 'float4', [0, 0, 0, 1]],
  ['scale', 'float3', [1, 1, 1]],
  ['extensions/KHR_node_visibility/visible', 'bool', true],
  ['extensions/KHR_node_selectability/selectable', 'bool', true],
  ['extensions/KHR_node_hoverability/hoverable', 'bool', true],
];
const LIGHT = [
  ['color', 'float3', [1, 1, 1]],
  ['intensity', 'float', 1],
  ['range', 'float', 'Infinity'],
  ['spot/innerConeAngle', 'float', 0],
  ['spot/outerConeAngle', 'float', 0.7853981633974483], // a quarter of Pi
];
const ORTHOGRAPHIC = [['xmag', 1], ['ymag', 2], ['zfar', 3], ['znear', 4]].map(([name, value]) => [`orthographic/${name}`, 'float', value]);
const PERSPECTIVE = [
  ['perspective/aspectRatio', 'float', 1.5],
  ['perspective/yfov', 'float', 0.5],
  ['perspective/zfar', 'float', 'Infinity'],
  ['perspective/znear', 'float', 0.25],
];

const node = { extensions: { KHR_node_visibility: {}, KHR_node_selectability: {}, KHR_node_hoverability: {} } };
const ASSET = {
  nodes: [node, node],
  materials: [material, material],
  cameras: [
    { type: 'orthographic', orthographic: { xmag: 1, ymag: 2, zfar: 3, znear: 4 } },
    { type: 'perspective', perspective: { aspectRatio: 1.5, yfov: 0.5, znear: 0.25 } },
  ],
  extensions: { KHR_lights_punctual: { lights: [{ type: 'spot', spot: {} }, { type: 'spot', spot: {} }] } },
};

const FAMILIES = [
  ['/nodes', 1, NODE], ['/materials', 1, MATERIAL], ['/extensions/KHR_lights_punctual/lights', 1, LIGHT],
  ['/cameras', 0, ORTHOGRAPHIC], ['/cameras', 1, PERSPECTIVE],
];

/** A value of the type that no default is. */
const other = (type) => (type === 'bool' ? false : Array.from({ length: Number(type.slice(5)) || 1 }, (_, i) => 0.125 * (i + 1)));
const shown = (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value);

/** The ways to name element `index` of an array: the template's step and its parameters. */
const WAYS = (array, index) => [
  [String(index), {}],
  ['[i]', { i: ['int', index] }],
  ['[i]', { i: ['int', index, 'run'] }],
  ['{r}', { r: ['ref', `${array}/${index}`] }],
  ['{r}', { r: ['ref', `${array}/${index}`, 'run'] }],
];

for (const [array, index, rows] of FAMILIES) {
  test(`${array}/${index}: every property has its default, takes a value and gives it back`, async () => {
    for (const [step, parameters] of WAYS(array, index)) {
      const script = new Script();
      for (const [path, type] of rows) {
        const pointer = `${array}/${step}/${path}`;
        script.get(`${path} before`, pointer, type, parameters);
        script.set(`${path} way`, pointer, type, other(type), parameters);
        script.get(`${path} after`, pointer, type, parameters);
      }
      const seen = await play(script, ASSET, [0]);
      for (const [path, type, value] of rows) {
        assert.deepEqual([seen[`${path} before valid`], seen[`${path} before`]], [true, value], `${path} ${step}`);
        assert.equal(seen[`${path} way`], 1, `${path} ${step}`);
        assert.deepEqual([seen[`${path} after valid`], seen[`${path} after`]], [true, shown(other(type))], `${path} ${step}`);
      }
    }
  });
}

test('values that the asset gives are there at the start', async () => {
  const script = new Script()
    .get('t', '/nodes/0/translation', 'float3')
    .get('visible', '/nodes/0/extensions/KHR_node_visibility/visible', 'bool')
    .get('color', '/materials/[m]/pbrMetallicRoughness/baseColorFactor', 'float4', { m: ['int', 0, 'run'] })
    .get('offset', '/materials/0/normalTexture/extensions/KHR_texture_transform/offset', 'float2')
    .get('sided', '/materials/0/doubleSided', 'bool')
    .get('single', '/materials/1/doubleSided', 'bool');
  const seen = await play(script, {
    nodes: [{ translation: [1, -0, 2.5], extensions: { KHR_node_visibility: { visible: false } } }],
    materials: [
      {
        doubleSided: true,
        pbrMetallicRoughness: { baseColorFactor: [0.1, 0.2, 0.3, 0.4] },
        normalTexture: { index: 0, extensions: { KHR_texture_transform: { offset: [3, 4] } } },
      },
      {},
    ],
  });
  assert.deepEqual(
    ['t', 'visible', 'color', 'offset', 'sided', 'single'].map((name) => seen[name]),
    [[1, 0, 2.5], false, [0.1, 0.2, 0.3, 0.4], [3, 4], true, false],
  );
});

// --- what is undefined, or refused ---------------------------------------------------------------

const NAN3 = ['NaN', 'NaN', 'NaN'];

/** name, pointer, type, parameters: none of them names a property of that type. */
const NOWHERE = [
  ['beyond', '/nodes/2/translation', 'float3', {}],
  ['far beyond', '/nodes/4294967294/translation', 'float3', {}],
  ['by int beyond', '/nodes/[i]/translation', 'float3', { i: ['int', 2] }],
  ['by int beyond, computed', '/nodes/[i]/translation', 'float3', { i: ['int', 2, 'run'] }],
  ['negative', '/nodes/[i]/translation', 'float3', { i: ['int', -1] }],
  ['negative, computed', '/nodes/[i]/translation', 'float3', { i: ['int', -2147483648, 'run'] }],
  ['null', '/nodes/{r}/translation', 'float3', { r: ['ref', null] }],
  ['null, computed', '/nodes/{r}/translation', 'float3', { r: ['ref', null, 'run'] }],
  ['of another array', '/nodes/{r}/translation', 'float3', { r: ['ref', '/materials/0'] }],
  ['of another array, computed', '/nodes/{r}/translation', 'float3', { r: ['ref', '/materials/0', 'run'] }],
  ['of another type', '/nodes/0/translation', 'float4', {}],
  ['a component', '/nodes/0/translation/0', 'float', {}],
  ['all weights', '/nodes/0/weights', 'float', {}],
  ['a leading zero', '/nodes/00/translation', 'float3', {}],
  ['nothing', '', 'float3', {}],
  ['no property', '/nodes/0/name', 'int', {}],
  ['no array', '/images/0/name', 'int', {}],
  ['an extension that is absent', '/materials/0/extensions/KHR_materials_ior/ior', 'float', {}],
  ['a texture that is absent', '/materials/0/normalTexture/scale', 'float', {}],
  ['a transform that is absent', '/materials/0/emissiveTexture/extensions/KHR_texture_transform/rotation', 'float', {}],
  ['the other projection', '/cameras/1/orthographic/xmag', 'float', {}],
  ['no spot', '/extensions/KHR_lights_punctual/lights/0/spot/innerConeAngle', 'float', {}],
  ['a child that has no ref', '/nodes/0/children/{c}', 'int', { c: ['ref', '/nodes/1'] }],
];
const PLAIN = {
  nodes: [{ children: [1] }, {}],
  materials: [{ emissiveTexture: { index: 0 } }],
  cameras: ASSET.cameras,
  extensions: { KHR_lights_punctual: { lights: [{ type: 'point' }] } },
};
const DEFAULTS = { int: 0, float: 'NaN', float3: NAN3, float4: ['NaN', 'NaN', 'NaN', 'NaN'] };
const SOME = { int: 1, float: 1, float3: [1, 2, 3], float4: [1, 2, 3, 4] };

test('pointers that lead nowhere read as invalid and take err', async () => {
  const script = new Script();
  for (const [name, pointer, type, parameters] of NOWHERE) {
    script.get(name, pointer, type, parameters).set(`${name} way`, pointer, type, SOME[type], parameters);
  }
  const seen = await play(script, PLAIN);
  for (const [name, , type] of NOWHERE)
    assert.deepEqual([seen[`${name} valid`], seen[name], seen[`${name} way`]], [false, DEFAULTS[type], 2], name);
});

test('without an asset around it a graph reaches no property of one', async () => {
  const script = new Script().get('t', '/nodes/0/translation', 'float3').get('n', '/nodes.length', 'int');
  const seen = await play(script, {});
  assert.deepEqual([seen['t valid'], seen['n valid'], seen.n], [false, true, 0]);
});

test('a template that names nothing is a warning that says why', async () => {
  const script = new Script()
    .get('a', '/nodes/0/translation', 'float4')
    .get('b', '/nodes/0/shape', 'float')
    .get('c', '/nodes/0/children/{c}', 'int', { c: ['ref', null] })
    .set('d', '/nodes/0/globalMatrix', 'float4x4', new Array(16).fill(0))
    .get('e', '/nodes/0/translation', 'float3');
  assert.deepEqual((await warnings(script, PLAIN)).map((line) => line.split(' /extensions/')[0]), [
    'W1248 pointer "/nodes/0/translation" is float3, not float4',
    'W1247 pointer "/nodes/0/shape" names no property of the object model',
    'W1249 pointer "/nodes/0/children/{c}": {c} cannot stand here',
    'W1250 pointer "/nodes/0/globalMatrix" is read-only',
  ]);
});

// --- read-only properties ------------------------------------------------------------------------

const SCENE = {
  scene: 1,
  scenes: [{}, { nodes: [0, 3] }],
  nodes: [{ children: [1, 2], mesh: 1 }, { camera: 0, skin: 0 }, { mesh: 0, extensions: { KHR_lights_punctual: { light: 0 } } }, {}],
  meshes: [{ primitives: [{ material: 1 }, {}] }, { primitives: [{ targets: [{}, {}, {}] }], weights: [0.5, 0.25, 1] }],
  materials: [{}, {}],
  cameras: [{}],
  skins: [{ joints: [2, 1], skeleton: 3 }, { joints: [0] }],
  animations: [{}, {}, {}],
  extensions: { KHR_lights_punctual: { lights: [{}, {}] } },
};

const LENGTHS = [
  ['/scenes.length', 2], ['/nodes.length', 4], ['/meshes.length', 2], ['/materials.length', 2], ['/cameras.length', 1],
  ['/skins.length', 2], ['/animations.length', 3], ['/extensions/KHR_lights_punctual/lights.length', 2],
  ['/scenes/0/nodes.length', 0], ['/scenes/1/nodes.length', 2], ['/nodes/0/children.length', 2], ['/nodes/3/children.length', 0],
  ['/nodes/0/weights.length', 3], ['/nodes/2/weights.length', 0], ['/nodes/3/weights.length', 0], ['/meshes/0/primitives.length', 2],
  ['/skins/0/joints.length', 2], ['/skins/1/joints.length', 1],
];
/** pointer, the array it names an element of, and which; null: undefined. */
const INDICES = [
  ['/scene', '/scenes', 1], ['/scenes/1/nodes/1', '/nodes', 3], ['/scenes/1/nodes/2', '/nodes', null], ['/scenes/0/nodes/0', '/nodes', null],
  ['/nodes/0/children/1', '/nodes', 2], ['/nodes/0/children/2', '/nodes', null], ['/nodes/2/parent', '/nodes', 0],
  ['/nodes/0/parent', '/nodes', null], ['/nodes/0/mesh', '/meshes', 1], ['/nodes/2/mesh', '/meshes', 0], ['/nodes/1/mesh', '/meshes', null],
  ['/nodes/1/camera', '/cameras', 0], ['/nodes/0/camera', '/cameras', null], ['/nodes/1/skin', '/skins', 0],
  ['/nodes/2/extensions/KHR_lights_punctual/light', '/extensions/KHR_lights_punctual/lights', 0],
  ['/meshes/0/primitives/0/material', '/materials', 1], ['/meshes/0/primitives/1/material', '/materials', null],
  ['/skins/0/joints/1', '/nodes', 1], ['/skins/0/skeleton', '/nodes', 3], ['/skins/1/skeleton', '/nodes', null],
];

test('lengths count, also what is not there', async () => {
  const script = new Script();
  for (const [pointer] of LENGTHS) script.get(pointer, pointer, 'int').set(`${pointer} way`, pointer, 'int', 1);
  const seen = await play(script, SCENE);
  for (const [pointer, length] of LENGTHS)
    assert.deepEqual([seen[`${pointer} valid`], seen[pointer], seen[`${pointer} way`]], [true, length, 2], pointer);
});

test('indices read as int and as ref, and cannot be written', async () => {
  const script = new Script();
  for (const [pointer] of INDICES)
    script.get(`${pointer} int`, pointer, 'int').get(`${pointer} ref`, pointer, 'ref').set(`${pointer} way`, pointer, 'int', 0);
  const seen = await play(script, SCENE);
  for (const [pointer, array, index] of INDICES) {
    const found = ['int', 'ref'].map((type) => [seen[`${pointer} ${type} valid`], seen[`${pointer} ${type}`]]);
    const wanted = index === null ? [[false, 0], [false, null]] : [[true, index], [true, `${array}/${index}`]];
    assert.deepEqual([...found, seen[`${pointer} way`]], [...wanted, 2], pointer);
  }
});

test('two computed indices at once: weights and children', async () => {
  const computed = (n, k) => ({ n: ['int', n, 'run'], k: ['int', k, 'run'] });
  const script = new Script()
    .get('w', '/nodes/[n]/weights/[k]', 'float', computed(0, 1))
    .set('way', '/nodes/[n]/weights/[k]', 'float', 7, computed(0, 1))
    .get('after', '/nodes/{r}/weights/[k]', 'float', { r: ['ref', '/nodes/0', 'run'], k: ['int', 1, 'run'] })
    .get('next', '/nodes/0/weights/2', 'float')
    .get('beyond', '/nodes/[n]/weights/[k]', 'float', computed(0, 3))
    .get('none', '/nodes/[n]/weights/[k]', 'float', computed(3, 0))
    .get('child', '/nodes/[n]/children/[k]', 'ref', computed(0, 0));
  const seen = await play(script, SCENE);
  assert.deepEqual(
    ['w', 'way', 'after', 'next', 'beyond valid', 'none valid', 'child'].map((name) => seen[name]),
    [0.25, 1, 7, 1, false, false, '/nodes/1'],
  );
});

test('weights are the own ones of a node, else those of its mesh, else 0', async () => {
  const mesh = { primitives: [{ targets: [{}, {}] }] };
  const script = new Script();
  for (const node of [0, 1, 2]) for (const k of [0, 1]) script.get(`${node} ${k}`, `/nodes/${node}/weights/${k}`, 'float');
  const seen = await play(script, {
    nodes: [{ mesh: 0, weights: [3, 4] }, { mesh: 0 }, { mesh: 1 }],
    meshes: [{ ...mesh, weights: [1, 2] }, mesh],
  });
  assert.deepEqual(['0 0', '0 1', '1 0', '1 1', '2 0', '2 1'].map((name) => seen[name]), [3, 4, 1, 2, 0, 0]);
});

test('what the engine says of itself: version, limits, extensions, no camera', async () => {
  const own = '/extensions/KHR_interactivity';
  const script = new Script()
    .get('major', `${own}/asset/majorVersion`, 'int')
    .get('minor', `${own}/asset/minorVersion`, 'int')
    .get('used', `${own}/asset/extensions/KHR_materials_ior/enabled`, 'bool')
    .get('unused', `${own}/asset/extensions/KHR_materials_sheen/enabled`, 'bool')
    .get('unknown', `${own}/asset/extensions/ACME_lamp/enabled`, 'bool')
    .get('delays', `${own}/limits/maxActiveDelays`, 'int')
    .get('animations', `${own}/limits/maxActiveAnimations`, 'int')
    .get('position', `${own}/activeCamera/position`, 'float3')
    .get('yfov', `${own}/activeCamera/perspective/yfov`, 'float');
  const seen = await play(script, { extensionsUsed: ['KHR_materials_ior', 'ACME_lamp'] });
  assert.deepEqual([seen.major, seen.minor, seen['used valid'], seen.used], [2, 0, true, true]);
  assert.deepEqual([seen['unused valid'], seen['unknown valid']], [false, false]);
  assert.deepEqual([seen.delays, seen.animations], [4096, 1024]); // limits delays, animations
  assert.deepEqual([seen['position valid'], seen.position, seen['yfov valid'], seen.yfov], [true, NAN3, true, 'NaN']);
});

test('the version is that of the asset, but none above 2.0, which the engine supports', async () => {
  const own = '/extensions/KHR_interactivity/asset';
  const script = new Script().get('major', `${own}/majorVersion`, 'int').get('minor', `${own}/minorVersion`, 'int');
  for (const [version, major, minor] of [['2.0', 2, 0], ['2.1', 2, 0], ['3.0', 2, 0], ['10.4', 2, 0], ['1.0', 1, 0], ['1.1', 1, 1], ['two', 2, 0]]) {
    const seen = await play(script, { asset: { version } }, [0]);
    assert.deepEqual([seen.major, seen.minor], [major, minor], version);
  }
});

// --- matrices ------------------------------------------------------------------------------------

/** A quarter turn about z: x becomes y. */
const TURN = [0, 0, Math.SQRT1_2, Math.SQRT1_2];

function near(seen, wanted, what) {
  assert.ok(seen.length === 16 && seen.every((lane, i) => Math.abs(lane - wanted[i]) < 1e-12), `${what}: ${seen}`);
}

test('matrix and globalMatrix follow what is written, at once', async () => {
  const script = new Script()
    .get('local', '/nodes/1/matrix', 'float4x4')
    .get('global', '/nodes/1/globalMatrix', 'float4x4')
    .set('a', '/nodes/0/translation', 'float3', [10, 20, 30])
    .set('b', '/nodes/1/scale', 'float3', [2, 3, 4])
    .get('local after', '/nodes/1/matrix', 'float4x4')
    .get('global after', '/nodes/[n]/globalMatrix', 'float4x4', { n: ['int', 1, 'run'] })
    .get('beyond', '/nodes/[n]/globalMatrix', 'float4x4', { n: ['int', 2, 'run'] });
  const seen = await play(script, { nodes: [{ children: [1], rotation: TURN }, { translation: [1, 0, 0] }] });
  // Columns: where x, y and z go, and the origin. The child lies at (1,0,0), which the parent's quarter turn takes to (0,1,0).
  near(seen.local, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1], 'local');
  near(seen.global, [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1], 'global');
  near(seen['local after'], [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 1, 0, 0, 1], 'local after');
  near(seen['global after'], [0, 2, 0, 0, -3, 0, 0, 0, 0, 0, 4, 0, 10, 21, 30, 1], 'global after');
  assert.equal(seen['beyond valid'], false);
});

test('a node with a static matrix has a translation, but no rotation and no scale', async () => {
  const matrix = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1];
  const script = new Script()
    .get('t', '/nodes/0/translation', 'float3')
    .get('r', '/nodes/0/rotation', 'float4')
    .get('s', '/nodes/0/scale', 'float3')
    .set('way', '/nodes/0/scale', 'float3', [1, 1, 1])
    .set('move', '/nodes/0/translation', 'float3', [1, 2, 3])
    .get('m', '/nodes/0/matrix', 'float4x4')
    .get('other', '/nodes/1/rotation', 'float4');
  const seen = await play(script, { nodes: [{ matrix }, {}] });
  assert.deepEqual([seen.t, seen['r valid'], seen['s valid'], seen.way, seen.move], [[5, 6, 7], false, false, 2, 1]);
  assert.deepEqual(seen.m, [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 1, 2, 3, 1]);
  assert.deepEqual(seen.other, [0, 0, 0, 1]);
});

test('a deep tree is climbed, not recursed into', async () => {
  const depth = 20000;
  const nodes = Array.from({ length: depth }, (_, i) => (i + 1 < depth ? { translation: [1, 0, 0], children: [i + 1] } : { translation: [1, 0, 0] }));
  const seen = await play(new Script().get('m', `/nodes/${depth - 1}/globalMatrix`, 'float4x4'), { nodes }, [0]);
  assert.equal(seen.m[12], depth);
});

test('what many nodes share is looked at once', async () => {
  const many = 60000; // their product takes more than ten seconds to walk
  const targets = new Array(many).fill({});
  const asset = { nodes: new Array(many).fill({ mesh: 0 }), meshes: [{ primitives: [{ targets }] }] };
  const begun = performance.now();
  const seen = await play(new Script().get('n', '/nodes/1/weights.length', 'int'), asset);
  assert.equal(seen.n, many);
  assert.ok(performance.now() - begun < 5000);
});

// --- interpolation -------------------------------------------------------------------------------

const QUARTER = ['--tick', '250', '--until', '3']; // exact in binary
const MOVABLE = { nodes: [{}, {}], meshes: [{}], materials: [{}] };

test('pointer/interpolate moves a property in each tick and arrives exactly', async () => {
  // A tick fires due delays before it steps interpolations: what is seen at 0.5 s was written at 0.25 s.
  const script = new Script()
    .interpolate('go', '/nodes/0/translation', 'float3', [10, 20, 0.1])
    .wait(0.5)
    .get('early', '/nodes/0/translation', 'float3')
    .wait(0.75)
    .get('late', '/nodes/0/translation', 'float3');
  const seen = await play(script, MOVABLE, [1, 0], QUARTER);
  assert.deepEqual([seen.go, seen['go done'], seen.late], [1, 1, [10, 20, 0.1]]);
  const wanted = [2.5, 5, 0.025]; // a quarter of the way; the easing is solved by halving, to the last few bits
  assert.ok(seen.early.every((lane, i) => Math.abs(lane - wanted[i]) < 1e-12), String(seen.early));
});

test('rotations turn along the sphere', async () => {
  const half = [0, 0, Math.SQRT1_2, Math.SQRT1_2]; // 90 degrees about z
  const script = new Script().interpolate('go', '/nodes/[n]/rotation', 'float4', half, { n: ['int', 1, 'run'] }).wait(0.75).get('r', '/nodes/1/rotation', 'float4');
  const { r } = await play(script, MOVABLE, [0], QUARTER);
  const wanted = [0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)]; // at 0.5 s: 45 degrees, where a chord would be shorter
  assert.ok(r.every((lane, i) => Math.abs(lane - wanted[i]) < 1e-9), String(r));
});

test('a write, or another interpolation, ends one silently; those of other elements go on', async () => {
  const script = new Script()
    .interpolate('killed', '/nodes/0/scale', 'float3', [9, 9, 9])
    .interpolate('other', '/nodes/1/scale', 'float3', [2, 2, 2])
    .interpolate('replaced', '/materials/0/alphaCutoff', 'float', 4)
    .interpolate('replacing', '/materials/[m]/alphaCutoff', 'float', 0.25, { m: ['int', 0, 'run'] })
    .set('write', '/nodes/{r}/scale', 'float3', [3, 3, 3], { r: ['ref', '/nodes/0', 'run'] })
    .wait(2)
    .get('scale', '/nodes/0/scale', 'float3')
    .get('far', '/nodes/1/scale', 'float3')
    .get('alpha', '/materials/0/alphaCutoff', 'float');
  const seen = await play(script, MOVABLE, [1, 0], QUARTER);
  const done = ['killed', 'other', 'replaced', 'replacing'].map((name) => [seen[name], seen[`${name} done`]]);
  assert.deepEqual(done, [[1, 0], [1, 1], [1, 0], [1, 1]]);
  assert.deepEqual([seen.scale, seen.far, seen.alpha], [[3, 3, 3], [2, 2, 2], 0.25]);
});

test('what pointer/interpolate refuses takes err, and leaves a running one alone', async () => {
  const script = new Script().interpolate('first', '/nodes/0/scale', 'float3', [2, 2, 2]);
  const bad = [
    ['nowhere', '/nodes/2/scale', 'float3', {}], ['negative', '/nodes/[n]/scale', 'float3', { n: ['int', -1] }],
    ['null', '/nodes/{n}/scale', 'float3', { n: ['ref', null] }], ['another type', '/nodes/0/scale', 'float4', {}],
    ['read-only', '/nodes/0/globalMatrix', 'float4x4', {}], ['backwards', '/nodes/0/scale', 'float3', { duration: -1 }],
    ['before 0', '/nodes/0/scale', 'float3', { p1: [-0.5, 0] }], ['after 1', '/nodes/0/scale', 'float3', { p2: [1.5, 0] }],
  ];
  for (const [name, pointer, type, more] of bad)
    script.interpolate(name, pointer, type, new Array(type === 'float4x4' ? 16 : Number(type.slice(5))).fill(5), more);
  script.wait(2).get('scale', '/nodes/0/scale', 'float3');
  const seen = await play(script, MOVABLE, [0], QUARTER);
  for (const [name] of bad) assert.deepEqual([seen[name], seen[`${name} done`]], [2, 0], name);
  assert.deepEqual([seen['first done'], seen.scale], [1, [2, 2, 2]]);
});

test('as many run at once as the limit says; replacing one needs no room', async () => {
  const script = new Script()
    .get('limit', '/extensions/KHR_interactivity/limits/maxActivePropertyInterpolations', 'int')
    .interpolate('one', '/nodes/0/scale', 'float3', [2, 2, 2])
    .interpolate('two', '/nodes/1/scale', 'float3', [2, 2, 2])
    .interpolate('again', '/nodes/0/scale', 'float3', [3, 3, 3]);
  const seen = await play(script, MOVABLE, [0], [...QUARTER, '--limit', 'pointer-interpolations=1']);
  assert.deepEqual([seen.limit, seen.one, seen.two, seen.again], [1, 1, 2, 1]);
});

// --- assets that are not valid -------------------------------------------------------------------

test('bad data of an asset counts as left out, with a warning', async () => {
  const script = new Script()
    .get('t', '/nodes/0/translation', 'float3')
    .get('r', '/nodes/0/rotation', 'float4')
    .get('mesh', '/nodes/0/mesh', 'int')
    .get('m', '/nodes/0/matrix', 'float4x4')
    .get('ior', '/materials/0/extensions/KHR_materials_ior/ior', 'float');
  const asset = {
    nodes: [{ translation: [1, 2], rotation: 'up', mesh: 3, matrix: [1, 2, 3] }],
    materials: [{ extensions: { KHR_materials_ior: { ior: null } } }],
  };
  const seen = await play(script, asset);
  assert.deepEqual([seen.t, seen.r, seen['mesh valid'], seen.m[0], seen.ior], [[0, 0, 0], [0, 0, 0, 1], false, 1, 1.5]);
  assert.deepEqual(await warnings(script, asset), [
    'W1251 glTF matrix cannot be array /nodes/0',
    'W1251 glTF /nodes/#/translation cannot be array /nodes/0',
    'W1251 glTF /nodes/#/rotation cannot be string "up" /nodes/0',
    'W1251 glTF /nodes/#/mesh cannot be 3 /nodes/0',
    'W1251 glTF /materials/#/extensions/KHR_materials_ior/ior cannot be null /materials/0',
  ]);
});

test('a node tree that is none is made one', async () => {
  const script = new Script();
  for (const node of [0, 1, 2, 3, 4]) script.get(`${node}`, `/nodes/${node}/parent`, 'int').get(`m${node}`, `/nodes/${node}/globalMatrix`, 'float4x4');
  // 0 -> 1 -> 2 -> 0 is a circle; 3 is its own child; 4 is listed by 3 and by 1; -1 and 9 are no nodes.
  const nodes = [{ children: [1] }, { children: [2, 4] }, { children: [0] }, { children: [3, 4, -1, 9, 'x'] }, {}];
  const seen = await play(script, { nodes });
  const parents = [0, 1, 2, 3, 4].map((node) => (seen[`${node} valid`] ? seen[node] : null));
  assert.deepEqual(parents, [null, 0, 1, null, 1]);
  const said = (await warnings(script, { nodes })).map((line) => line.split(' ')[0]);
  assert.deepEqual(said.toSorted(), ['W1251', 'W1251', 'W1251', 'W1252', 'W1253', 'W1253']);
});
