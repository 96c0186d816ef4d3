// three.test.js - the adapter to three.js: each pointer sets its property, rays find nodes, nothing is left behind.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Matrix3, Object3D, OrthographicCamera, PerspectiveCamera, Texture, Vector3 } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { activeCamera, attach } from '../../js/three.js';
import { Glb, ball, block } from '../../html/glb.js';

/** Three has no pictures in Node; one that is empty does as well. */
const withoutPictures = () => ({ name: 'WITHOUT_PICTURES', loadTexture: () => Promise.resolve(new Texture()) });

/** A glTF as the loader makes it. */
async function loaded(glb) {
  const { buffer } = glb.bytes();
  return new GLTFLoader().register(withoutPictures).parseAsync(buffer, '');
}

/** A run that remembers what it was told, and has changed what `change` says. */
class FakeRun {
  isOver = false;
  told = [];
  #changes = new Map();
  constructor(pointers) {
    this.pointers = pointers;
  }
  change(pointer, ...lanes) {
    this.#changes.set(this.pointers.findIndex((cell) => cell.pointer === pointer), Float64Array.from(lanes));
  }
  changes(tell) {
    for (const [cell, lanes] of this.#changes) tell(cell, lanes, this.pointers[cell].pointer);
    this.#changes.clear();
  }
  select(node, how) {
    this.told.push(['select', node, how]);
  }
  hover(node) {
    this.told.push(['hover', node]);
  }
  [Symbol.dispose ?? Symbol.for('dispose')]() {
    this.isOver = true;
  }
}

/** Attaches a run that is none. */
async function attached(glb, pointers, options = {}) {
  const gltf = await loaded(glb);
  const cells = pointers.map((pointer) => ({ pointer }));
  const shown = await attach(gltf, { graph: { pointers: cells, start: () => new FakeRun(cells) }, ...options });
  return { gltf, shown, run: shown.run };
}

/** Sets one pointer of a glTF to a value and gives what has become of it. */
async function after(glb, pointer, lanes) {
  const { gltf, shown, run } = await attached(glb, [pointer]);
  run.change(pointer, ...lanes);
  assert.equal(shown.update(), 1);
  return { gltf, map: shown.map };
}

// --- nodes, cameras, lights ------------------------------------------------------------------------

/** One node of each kind. */
function kinds() {
  const glb = new Glb();
  const material = glb.material('plain', [1, 1, 1]);
  const shape = block(1, 1, 1);
  const moved = { ...shape, positions: shape.positions.map((at) => at * 2) };
  glb.node('box', { mesh: glb.mesh(shape, material, [moved, moved]) });
  glb.add('cameras', { type: 'perspective', perspective: { yfov: 1, znear: 0.1, zfar: 100, aspectRatio: 1.5 } });
  glb.add('cameras', { type: 'orthographic', orthographic: { xmag: 1, ymag: 1, znear: 0.1, zfar: 100 } });
  glb.node('eye', { camera: 0 });
  glb.node('plan', { camera: 1 });
  const lights = [{ type: 'spot', spot: { innerConeAngle: 0.25, outerConeAngle: 0.5 } }, { type: 'point' }, { type: 'directional' }];
  for (const light of lights) glb.node(light.type, { extensions: { KHR_lights_punctual: { light: glb.light(light) } } });
  return glb;
}

const lens = 'KHR_lights_punctual/lights';
const spot = ({ map }) => map.lights[0][0];

/** Pointer, value, what is looked at, what it is. Angles in degrees and cones as shares by hand. */
const SCENE = [
  ['/nodes/0/translation', [1, 2, 3], ({ map }) => map.nodes[0][0].position.toArray(), [1, 2, 3]],
  ['/nodes/0/rotation', [0, 0.6, 0, 0.8], ({ map }) => map.nodes[0][0].quaternion.toArray(), [0, 0.6, 0, 0.8]],
  ['/nodes/0/scale', [2, 3, 4], ({ map }) => map.nodes[0][0].scale.toArray(), [2, 3, 4]],
  ['/nodes/0/weights/1', [0.25], ({ map }) => map.nodes[0][0].morphTargetInfluences, [0, 0.25]],
  ['/nodes/0/extensions/KHR_node_visibility/visible', [0], ({ map }) => map.nodes[0][0].visible, false],
  ['/nodes/0/extensions/KHR_node_selectability/selectable', [0], ({ map }) => map.selectable[0], false],
  ['/nodes/0/extensions/KHR_node_hoverability/hoverable', [0], ({ map }) => map.hoverable[0], false],
  ['/cameras/0/perspective/yfov', [Math.PI / 2], ({ map }) => map.cameras[0][0].fov, 90],
  ['/cameras/0/perspective/aspectRatio', [2], ({ map }) => map.cameras[0][0].aspect, 2],
  ['/cameras/0/perspective/znear', [0.5], ({ map }) => map.cameras[0][0].near, 0.5],
  ['/cameras/0/perspective/zfar', [50], ({ map }) => map.cameras[0][0].far, 50],
  ['/cameras/1/orthographic/xmag', [3], ({ map: { cameras: [, [c]] } }) => [c.left, c.right], [-3, 3]],
  ['/cameras/1/orthographic/ymag', [4], ({ map: { cameras: [, [c]] } }) => [c.top, c.bottom], [4, -4]],
  ['/cameras/1/orthographic/znear', [0.5], ({ map }) => map.cameras[1][0].near, 0.5],
  ['/cameras/1/orthographic/zfar', [50], ({ map }) => map.cameras[1][0].far, 50],
  [`/extensions/${lens}/0/color`, [0.25, 0.5, 1], (at) => spot(at).color.toArray(), [0.25, 0.5, 1]],
  [`/extensions/${lens}/1/intensity`, [7], ({ map }) => map.lights[1][0].intensity, 7],
  [`/extensions/${lens}/0/range`, [9], (at) => spot(at).distance, 9],
  [`/extensions/${lens}/0/range`, [Infinity], (at) => spot(at).distance, 0],
  [`/extensions/${lens}/0/spot/innerConeAngle`, [0.125], (at) => [spot(at).angle, spot(at).penumbra], [0.5, 0.75]],
  [`/extensions/${lens}/0/spot/outerConeAngle`, [1], (at) => [spot(at).angle, spot(at).penumbra], [1, 0.75]],
];

describe('nodes, cameras and lights', () => {
  for (const [pointer, lanes, look, expected] of SCENE) {
    test(`${pointer} = ${lanes}`, async () => assert.deepEqual(look(await after(kinds(), pointer, lanes)), expected));
  }

  test('a lens that has changed is used', async () => {
    const { map } = await after(kinds(), '/cameras/0/perspective/yfov', [Math.PI / 2]);
    assert.ok(Math.abs(map.cameras[0][0].projectionMatrix.elements[5] - 1) < 1e-12); // 1 / tan(45°)
  });

  for (const pointer of ['/cameras/0/orthographic/xmag', `/extensions/${lens}/2/range`, `/extensions/${lens}/1/spot/innerConeAngle`]) {
    test(`${pointer} names nothing that is there, and sets nothing`, async () => {
      const { map } = await after(kinds(), pointer, [3]);
      assert.deepEqual([map.cameras[0][0].left, map.lights[2][0].distance, map.lights[1][0].angle], [undefined, undefined, undefined]);
    });
  }

  for (const pointer of ['/nodes/99/translation', '/nodes/0/weights/2', '/nodes/0/mesh', '/nothing', '']) {
    test(`the pointer "${pointer}" is passed over`, async () => {
      const { map } = await after(kinds(), pointer, [1, 2, 3]);
      assert.deepEqual(map.nodes[0][0].position.toArray(), [0, 0, 0]);
    });
  }
});

// --- materials -----------------------------------------------------------------------------------

const PHYSICAL = [
  'KHR_materials_anisotropy', 'KHR_materials_clearcoat', 'KHR_materials_dispersion', 'KHR_materials_emissive_strength',
  'KHR_materials_ior', 'KHR_materials_iridescence', 'KHR_materials_sheen', 'KHR_materials_specular',
  'KHR_materials_transmission', 'KHR_materials_volume',
];

/** A box whose material has every extension, and textures everywhere. */
function painted(more = {}) {
  const glb = new Glb();
  glb.add('images', { uri: 'none.png' });
  glb.add('textures', { source: 0 });
  const texture = { index: 0 };
  const extensions = Object.fromEntries(PHYSICAL.map((name) => [name, {}]));
  extensions.KHR_materials_clearcoat = { clearcoatNormalTexture: { index: 0, scale: 1 } };
  const material = glb.material('all', [1, 1, 1], { normalTexture: texture, occlusionTexture: texture, extensions, ...more });
  glb.node('box', { mesh: glb.mesh(block(1, 1, 1), material) });
  return glb;
}

const ext = (name) => `/materials/0/extensions/KHR_materials_${name}`;
const pbr = '/materials/0/pbrMetallicRoughness';

/** Pointer, value, the property of three.js, what it is. Without tangents a normal map's y is turned around. */
const MATERIALS = [
  ['/materials/0/emissiveFactor', [0.25, 0.5, 1], (m) => m.emissive.toArray(), [0.25, 0.5, 1]],
  ['/materials/0/normalTexture/scale', [0.5], (m) => m.normalScale.toArray(), [0.5, -0.5]],
  ['/materials/0/occlusionTexture/strength', [0.5], (m) => m.aoMapIntensity, 0.5],
  [`${pbr}/baseColorFactor`, [0.1, 0.2, 0.3, 0.4], (m) => [...m.color.toArray(), m.opacity], [0.1, 0.2, 0.3, 0.4]],
  [`${pbr}/metallicFactor`, [0.5], (m) => m.metalness, 0.5],
  [`${pbr}/roughnessFactor`, [0.5], (m) => m.roughness, 0.5],
  [`${ext('anisotropy')}/anisotropyStrength`, [0.5], (m) => m.anisotropy, 0.5],
  [`${ext('anisotropy')}/anisotropyRotation`, [1.5], (m) => m.anisotropyRotation, 1.5],
  [`${ext('clearcoat')}/clearcoatFactor`, [0.5], (m) => m.clearcoat, 0.5],
  [`${ext('clearcoat')}/clearcoatRoughnessFactor`, [0.5], (m) => m.clearcoatRoughness, 0.5],
  [`${ext('clearcoat')}/clearcoatNormalTexture/scale`, [0.5], (m) => m.clearcoatNormalScale.toArray(), [0.5, -0.5]],
  [`${ext('dispersion')}/dispersion`, [0.5], (m) => m.dispersion, 0.5],
  [`${ext('emissive_strength')}/emissiveStrength`, [5], (m) => m.emissiveIntensity, 5],
  [`${ext('ior')}/ior`, [1.75], (m) => m.ior, 1.75],
  [`${ext('iridescence')}/iridescenceFactor`, [0.5], (m) => m.iridescence, 0.5],
  [`${ext('iridescence')}/iridescenceIor`, [1.75], (m) => m.iridescenceIOR, 1.75],
  [`${ext('iridescence')}/iridescenceThicknessMinimum`, [150], (m) => m.iridescenceThicknessMinimum, 150],
  [`${ext('iridescence')}/iridescenceThicknessMaximum`, [550], (m) => m.iridescenceThicknessMaximum, 550],
  [`${ext('sheen')}/sheenColorFactor`, [0.25, 0.5, 1], (m) => m.sheenColor.toArray(), [0.25, 0.5, 1]],
  [`${ext('sheen')}/sheenRoughnessFactor`, [0.5], (m) => m.sheenRoughness, 0.5],
  [`${ext('specular')}/specularFactor`, [0.5], (m) => m.specularIntensity, 0.5],
  [`${ext('specular')}/specularColorFactor`, [0.25, 0.5, 1], (m) => m.specularColor.toArray(), [0.25, 0.5, 1]],
  [`${ext('transmission')}/transmissionFactor`, [0.5], (m) => m.transmission, 0.5],
  [`${ext('volume')}/thicknessFactor`, [0.5], (m) => m.thickness, 0.5],
  [`${ext('volume')}/attenuationDistance`, [Infinity], (m) => m.attenuationDistance, Infinity],
  [`${ext('volume')}/attenuationColor`, [0.25, 0.5, 1], (m) => m.attenuationColor.toArray(), [0.25, 0.5, 1]],
];

describe('materials', () => {
  for (const [pointer, lanes, look, expected] of MATERIALS) {
    test(`${pointer} = ${lanes}`, async () => {
      const { map } = await after(painted(), pointer, lanes);
      assert.deepEqual(look(map.nodes[0][0].material), expected);
    });
  }

  test('a cutoff belongs to masks only', async () => {
    const cutoff = async (alphaMode) => (await after(painted({ alphaMode }), '/materials/0/alphaCutoff', [0.25])).map.nodes[0][0].material.alphaTest;
    assert.deepEqual([await cutoff('MASK'), await cutoff('BLEND')], [0.25, 0]);
  });

  test('a normal scale of 0 keeps its way round', async () => {
    const glb = painted({ normalTexture: { index: 0, scale: 0 } });
    const { map } = await after(glb, '/materials/0/normalTexture/scale', [1]);
    assert.deepEqual(map.nodes[0][0].material.normalScale.toArray(), [1, -1]);
  });

  test('an unlit material has a colour, and no roughness', async () => {
    const unlit = painted({ normalTexture: undefined, occlusionTexture: undefined, extensions: { KHR_materials_unlit: {} } });
    const { shown, run } = await attached(unlit, [`${pbr}/baseColorFactor`, `${pbr}/roughnessFactor`]);
    run.change(`${pbr}/baseColorFactor`, 0.1, 0.2, 0.3, 1);
    run.change(`${pbr}/roughnessFactor`, 0.5);
    assert.equal(shown.update(), 2);
    const [box] = shown.map.nodes[0];
    assert.deepEqual([box.material.type, box.material.color.toArray(), box.material.roughness], ['MeshBasicMaterial', [0.1, 0.2, 0.3], undefined]);
  });

  test('all variations that the loader made of a material change', async () => {
    const glb = painted();
    const flat = structuredClone(glb.json.meshes[0]);
    delete flat.primitives[0].attributes.NORMAL; // the loader makes another material for it
    glb.node('flat', { mesh: glb.add('meshes', flat) });
    const { map } = await after(glb, `${pbr}/roughnessFactor`, [0.5]);
    const [one, other] = [map.nodes[0][0].material, map.nodes[1][0].material];
    assert.notEqual(one, other);
    assert.deepEqual([one.roughness, other.roughness], [0.5, 0.5]);
  });
});

// --- texture transforms ----------------------------------------------------------------------------

const TRANSFORM = 'extensions/KHR_texture_transform';

/** Two boxes of two materials with one texture, each with a transform of its own. */
function textured(first, second) {
  const glb = new Glb();
  glb.use('KHR_texture_transform');
  glb.add('images', { uri: 'none.png' });
  glb.add('textures', { source: 0 });
  for (const transform of [first, second]) {
    const info = { index: 0, extensions: { KHR_texture_transform: transform } };
    const material = glb.material('one', [1, 1, 1]);
    Object.assign(glb.json.materials[material].pbrMetallicRoughness, { baseColorTexture: info, metallicRoughnessTexture: info });
    glb.node('box', { mesh: glb.mesh(block(1, 1, 1), material) });
  }
  return glb;
}

/** What a point (u, v) of a texture becomes. */
const through = ({ matrix }, u, v) => {
  const [x, y] = new Vector3(u, v, 1).applyMatrix3(new Matrix3().copy(matrix)).toArray();
  return [Number(x.toFixed(9)), Number(y.toFixed(9))];
};

describe('texture transforms', () => {
  const at = `${pbr}/baseColorTexture/${TRANSFORM}`;

  test('scale first, then the rotation, then the offset, each kept when another comes', async () => {
    const { shown, run } = await attached(textured({ offset: [0.5, 0] }, {}), ['offset', 'rotation', 'scale'].map((part) => `${at}/${part}`));
    const { map } = shown.map.nodes[0][0].material;
    run.change(`${at}/scale`, 2, 3);
    shown.update();
    assert.deepEqual(through(map, 1, 1), [2.5, 3]);
    run.change(`${at}/rotation`, Math.PI / 2); // (x, y) becomes (y, -x)
    shown.update();
    assert.deepEqual(through(map, 1, 1), [3.5, -2]);
    run.change(`${at}/offset`, 10, 20);
    shown.update();
    assert.deepEqual(through(map, 1, 1), [13, 18]);
  });

  test('a texture that two materials share is moved for one of them', async () => {
    const { map } = await after(textured({}, {}), `${at}/offset`, [0.25, 0.75]);
    const [one, other] = [map.nodes[0][0].material.map, map.nodes[1][0].material.map];
    assert.deepEqual([through(one, 0, 0), other.offset.toArray()], [[0.25, 0.75], [0, 0]]);
  });

  test('what is one texture in the file is two in three.js: both move', async () => {
    const pointer = `${pbr}/metallicRoughnessTexture/${TRANSFORM}/offset`;
    const { map } = await after(textured({ offset: [0, 0] }, {}), pointer, [0.25, 0.75]);
    const { metalnessMap, roughnessMap } = map.nodes[0][0].material;
    assert.deepEqual([through(metalnessMap, 0, 0), through(roughnessMap, 0, 0)], [[0.25, 0.75], [0.25, 0.75]]);
  });
});

// --- which objects ---------------------------------------------------------------------------------

describe('scenes', () => {
  test('only what has changed is touched, and only once', async () => {
    const { shown, run } = await attached(kinds(), ['/nodes/0/translation', '/nodes/0/scale']);
    const [box] = shown.map.nodes[0];
    run.change('/nodes/0/translation', 1, 2, 3);
    assert.equal(shown.update(), 1);
    box.position.set(7, 7, 7);
    assert.equal(shown.update(), 0);
    assert.deepEqual(box.position.toArray(), [7, 7, 7]);
  });

  test('a node of several primitives, with children, a camera and a light, is told apart from them', async () => {
    const glb = new Glb();
    const materials = [glb.material('a', [1, 0, 0]), glb.material('b', [0, 1, 0])];
    const mesh = glb.mesh(block(1, 1, 1), materials[0]);
    glb.json.meshes[mesh].primitives.push({ ...glb.json.meshes[mesh].primitives[0], material: materials[1] });
    glb.add('cameras', { type: 'perspective', perspective: { yfov: 1, znear: 0.1 } });
    const whole = glb.node('whole', { mesh, camera: 0, extensions: { KHR_lights_punctual: { light: glb.light({ type: 'point' }) } } });
    glb.node('child', { mesh }, whole);
    const { shown } = await attached(glb, []);
    const { map } = shown;
    assert.deepEqual(map.meshes.map((list) => list.length), [2, 2]);
    assert.deepEqual(map.meshes[0].map(({ material }) => material.name), ['a', 'b']);
    assert.deepEqual([map.cameras[0].length, map.lights[0].length, map.materials.map((list) => list.length)], [1, 1, [1, 1]]);
    assert.deepEqual(map.meshes.flat().map((object) => map.nodeOf(object)), [0, 0, 1, 1]);
  });

  test('a node that two scenes show is moved in both, with all below it', async () => {
    const glb = new Glb();
    const mesh = glb.mesh(block(1, 1, 1), glb.material('a', [1, 0, 0]));
    const root = glb.node('root');
    glb.node('box', { mesh }, root);
    glb.json.scenes.push({ nodes: [root] }, { nodes: [glb.add('nodes', { name: 'alone', mesh })] });
    const { gltf, shown, run } = await attached(glb, ['/nodes/1/translation', '/nodes/2/translation']);
    run.change('/nodes/1/translation', 1, 2, 3);
    run.change('/nodes/2/translation', 4, 5, 6);
    shown.update();
    const places = gltf.scenes.map((scene) => (scene.children[0].children[0] ?? scene.children[0]).position.toArray());
    assert.deepEqual(places, [[1, 2, 3], [1, 2, 3], [4, 5, 6]]);
  });

  test('what the file hides is hidden from the beginning', async () => {
    const glb = kinds();
    glb.json.nodes[0].extensions = { KHR_node_visibility: { visible: false } };
    const { shown } = await attached(glb, []);
    assert.equal(shown.map.nodes[0][0].visible, false);
  });
});

// --- the pointer -----------------------------------------------------------------------------------

/** A canvas of 100 x 100 at (10, 20), which counts its listeners. */
class FakeCanvas extends EventTarget {
  listeners = 0;
  getBoundingClientRect() {
    return { left: 10, top: 20, width: 100, height: 100 };
  }
  addEventListener(type, heard, { signal }) {
    this.listeners += 1;
    signal.addEventListener('abort', () => (this.listeners -= 1));
    super.addEventListener(type, heard, { signal });
  }
  point(type, x, y, more = {}) {
    this.dispatchEvent(Object.assign(new Event(type), { clientX: x + 10, clientY: y + 20, isPrimary: true, button: 0, pointerId: 1, ...more }));
  }
  click(x, y, more) {
    this.point('pointerdown', x, y, more);
    this.point('pointerup', x, y, more);
  }
}

const HEARS = { types: [], declarations: ['onSelect', 'onHoverIn', 'onHoverOut'].map((op) => ({ op: `event/${op}`, extension: 'x' })), nodes: [] };

/** Three balls in a row towards the eye, 0 nearest: 1 below 0, and 2 alone. The eye is 10 away. */
async function row({ near = {}, middle = {}, far = {}, hears = HEARS } = {}) {
  const glb = new Glb();
  const mesh = glb.mesh(ball(1), glb.material('a', [1, 1, 1]));
  const first = glb.node('near', { mesh, translation: [0, 0, 4], ...near });
  glb.node('middle', { mesh, translation: [0, 0, -4], ...middle }, first);
  glb.node('far', { mesh, translation: [0, 0, -4], ...far });
  glb.interactivity(hears);
  const camera = new PerspectiveCamera(60, 1, 0.1, 100);
  camera.position.z = 10;
  camera.updateMatrixWorld();
  const canvas = new FakeCanvas();
  const pointers = ['/nodes/0/extensions/KHR_node_selectability/selectable', '/nodes/0/extensions/KHR_node_visibility/visible'];
  const all = await attached(glb, pointers, { canvas, camera });
  all.gltf.scene.updateMatrixWorld(true);
  return { ...all, canvas, camera };
}

const off = (kind, flag) => ({ extensions: { [kind]: { [flag]: false } } });
const NOT_SELECTABLE = off('KHR_node_selectability', 'selectable');
const NOT_HOVERABLE = off('KHR_node_hoverability', 'hoverable');
const rounded = (numbers) => numbers.map((number) => Number(number.toFixed(6)) + 0);

describe('the pointer', () => {
  test('a click selects the nearest node, with the point and where the ray began', async () => {
    const { canvas, run } = await row();
    canvas.click(50, 50);
    const [[what, node, { controller, point, origin }]] = run.told;
    assert.deepEqual([what, node, controller, rounded(point), rounded(origin)], ['select', 0, 0, [0, 0, 5], [0, 0, 10]]);
  });

  test('points are the scene\'s own, wherever it stands', async () => {
    const { canvas, gltf, run } = await row();
    const stand = new Object3D();
    stand.position.set(0, 0, 2);
    stand.add(gltf.scene);
    stand.updateMatrixWorld(true);
    canvas.click(50, 50);
    const { point, origin } = run.told[0][2];
    assert.deepEqual([rounded(point), rounded(origin)], [[0, 0, 5], [0, 0, 8]]);
  });

  test('a click beside everything selects nothing', async () => {
    const { canvas, run } = await row();
    canvas.click(2, 2);
    assert.deepEqual(run.told, []);
  });

  test('a drag, another button and another finger are no click', async () => {
    const { canvas, run } = await row();
    canvas.point('pointerdown', 50, 50);
    canvas.point('pointerup', 58, 50);
    canvas.click(50, 50, { button: 2 });
    canvas.click(50, 50, { isPrimary: false });
    canvas.point('pointerdown', 50, 50);
    canvas.point('pointercancel', 50, 50);
    canvas.point('pointerup', 50, 50);
    assert.deepEqual(run.told, []);
  });

  test('a node that cannot be selected lets the ray pass, and so do those below it', async () => {
    const { canvas, run } = await row({ near: NOT_SELECTABLE });
    canvas.click(50, 50);
    assert.deepEqual(run.told.map(([, node]) => node), [2]);
  });

  test('a node below one that can be may be the one that cannot', async () => {
    const { canvas, run, shown } = await row({ middle: NOT_SELECTABLE });
    shown.map.nodes[0][0].position.x = 50; // out of the way, and the middle one with it
    shown.map.nodes[1][0].position.x = -50;
    shown.map.nodes[0][0].updateMatrixWorld(true);
    canvas.click(50, 50);
    assert.deepEqual(run.told.map(([, node]) => node), [2]);
  });

  test('what a graph changes counts: selectable, visible', async () => {
    const { canvas, run, shown } = await row();
    run.change('/nodes/0/extensions/KHR_node_selectability/selectable', 0);
    shown.update();
    canvas.click(50, 50);
    run.change('/nodes/0/extensions/KHR_node_selectability/selectable', 1);
    run.change('/nodes/0/extensions/KHR_node_visibility/visible', 0);
    shown.update();
    canvas.click(50, 50);
    run.change('/nodes/0/extensions/KHR_node_visibility/visible', 1);
    shown.update();
    canvas.click(50, 50);
    const selected = run.told.filter(([what]) => what === 'select');
    assert.deepEqual(selected.map(([, node]) => node), [2, 2, 0]);
  });

  test('hover is told once when it begins and once when it ends', async () => {
    const { canvas, run, shown } = await row();
    shown.update();
    canvas.point('pointermove', 50, 50);
    shown.update();
    shown.update();
    canvas.point('pointermove', 2, 2);
    shown.update();
    canvas.point('pointermove', 50, 50);
    shown.update();
    canvas.point('pointerleave', 50, 50);
    shown.update();
    assert.deepEqual(run.told, [['hover', 0], ['hover', null], ['hover', 0], ['hover', null]]);
  });

  test('hover follows what moves under a pointer that rests', async () => {
    const { canvas, run, shown } = await row();
    canvas.point('pointermove', 50, 50);
    shown.update();
    shown.map.nodes[0][0].position.x = 50;
    shown.map.nodes[0][0].updateMatrixWorld(true);
    shown.update();
    assert.deepEqual(run.told, [['hover', 0], ['hover', 2]]);
  });

  test('a page may say what is hovered while the pointer is elsewhere', async () => {
    const { canvas, run, shown } = await row();
    shown.hover(2);
    shown.update();
    canvas.point('pointermove', 50, 50);
    shown.update();
    canvas.point('pointerleave', 50, 50);
    shown.update();
    shown.hover(2);
    shown.update();
    assert.deepEqual(run.told, [['hover', 2], ['hover', 0], ['hover', null], ['hover', 2]]);
  });

  test('hover passes through what cannot be hovered', async () => {
    const { canvas, run, shown } = await row({ near: NOT_HOVERABLE });
    canvas.point('pointermove', 50, 50);
    shown.update();
    assert.deepEqual(run.told, [['hover', 2]]);
  });

  test('a finger that is lifted hovers over nothing', async () => {
    const { canvas, run, shown } = await row();
    canvas.point('pointerdown', 50, 50, { pointerType: 'touch' });
    shown.update();
    canvas.point('pointerup', 50, 50, { pointerType: 'touch' });
    shown.update();
    assert.deepEqual(run.told.map(([what, node]) => [what, node]), [['hover', 0], ['select', 0], ['hover', null]]);
  });

  test('a graph that hears of nothing is told of nothing', async () => {
    const { canvas, run, shown } = await row({ hears: { declarations: [{ op: 'event/onTick' }], nodes: [] } });
    canvas.point('pointermove', 50, 50);
    shown.update();
    canvas.click(50, 50);
    shown.hover(0);
    shown.select(0);
    assert.deepEqual(run.told, []);
  });

  test('after detach no listener is left, the run is over, and nothing is told', async () => {
    const { canvas, run, shown } = await row();
    assert.ok(canvas.listeners > 0);
    shown.detach();
    canvas.click(50, 50);
    shown.select(0);
    assert.deepEqual([canvas.listeners, run.isOver, run.told], [0, true, []]);
    shown.detach();
  });
});

// --- the active camera -----------------------------------------------------------------------------

describe('the active camera', () => {
  const prefix = '/extensions/KHR_interactivity/activeCamera';
  const asked = (camera, name) => activeCamera(() => camera)[prefix].get(`${prefix}/${name}`);

  test('says where it is and what it sees', () => {
    const camera = new PerspectiveCamera(90, 2, 0.5, 50);
    camera.position.set(1, 2, 3);
    const names = ['position', 'rotation', 'perspective/yfov', 'perspective/aspectRatio', 'perspective/znear', 'perspective/zfar', 'orthographic/xmag'];
    const values = names.map((name) => asked(camera, name));
    assert.deepEqual(values, [[1, 2, 3], [0, 0, 0, 1], Math.PI / 2, 2, 0.5, 50, NaN]);
  });

  test('may be orthographic', () => {
    const camera = new OrthographicCamera(-3, 3, 2, -2, 0.5, 50);
    const names = ['orthographic/xmag', 'orthographic/ymag', 'orthographic/znear', 'orthographic/zfar', 'perspective/yfov'];
    assert.deepEqual(names.map((name) => asked(camera, name)), [3, 2, 0.5, 50, NaN]);
  });

  test('is unknown where there is none', () => {
    assert.deepEqual([asked(null, 'position'), asked(null, 'rotation'), asked(null, 'perspective/yfov')], [[NaN, NaN, NaN], [NaN, NaN, NaN, NaN], NaN]);
    assert.equal(asked(new PerspectiveCamera(), 'colour'), undefined);
  });
});

test('attach without a graph or an engine says what it needs', async () => {
  await assert.rejects(attach(await loaded(kinds()), {}), /engine, source/);
});
