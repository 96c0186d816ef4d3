// three-setters.js - what a pointer of the glTF object model sets in three.js: a function for each, made once.
import { LinearSRGBColorSpace, MathUtils } from 'three';

/** @typedef {import('./three-scene.js').SceneMap} SceneMap */
/** Takes a value as the engine holds it: a number to a component, 1 for true. @typedef {(lanes: ArrayLike<number>) => void} Setter */
/** A row of the table below: makes the setter for a pointer's indices. @typedef {(map: SceneMap, indices: number[]) => Setter | null} Row */

/**
 * What a pointer sets; null when nothing in the scenes shows it.
 * @param {SceneMap} map
 * @param {string} pointer "/nodes/3/translation"
 * @returns {Setter | null}
 */
export function setterOf(map, pointer) {
  const indices = /** @type {number[]} */ ([]);
  const shape = pointer.replace(/\/(\d+)(?![^/])/g, (_, index) => {
    indices.push(Number(index));
    return '/#';
  });
  return ROWS.get(shape)?.(map, indices) ?? null;
}

/**
 * One setter for several objects.
 * @param {(Setter | null)[]} some
 * @returns {Setter | null}
 */
function together(some) {
  const setters = some.filter((setter) => setter !== null);
  if (setters.length <= 1) return setters[0] ?? null;
  return (lanes) => {
    for (const set of setters) set(lanes);
  };
}

/**
 * @param {'nodes' | 'materials' | 'cameras' | 'lights'} kind
 * @param {(object: any, definition: any) => Setter | null} make gets the object, and the element of the file
 * @returns {Row}
 */
function each(kind, make) {
  return (map, [index]) => {
    const definitions = kind === 'lights' ? map.json.extensions?.KHR_lights_punctual?.lights : map.json[kind];
    return together((map[kind][index] ?? []).map((/** @type {any} */ object) => make(object, definitions[index])));
  };
}

// --- nodes ---------------------------------------------------------------------------------------

const translation = each('nodes', ({ position }) => (lanes) => void position.set(lanes[0], lanes[1], lanes[2]));
const rotation = each('nodes', ({ quaternion }) => (lanes) => void quaternion.set(lanes[0], lanes[1], lanes[2], lanes[3]));
const scale = each('nodes', ({ scale }) => (lanes) => void scale.set(lanes[0], lanes[1], lanes[2]));
const visible = each('nodes', (node) => (lanes) => void (node.visible = lanes[0] !== 0));

/** @param {'selectable' | 'hoverable'} name @returns {Row} */
const flag = (name) => (map, [node]) => (lanes) => void (map[name][node] = lanes[0] !== 0);

/** @type {Row} */
const weight = (map, [node, target]) =>
  together(
    (map.meshes[node] ?? []).map(({ morphTargetInfluences: influences }) =>
      target < (influences?.length ?? 0) ? (lanes) => void (influences[target] = lanes[0]) : null,
    ),
  );

// --- materials: what a kind of material does not have (an unlit one has little) is left alone ------------

/** @param {any} to @param {ArrayLike<number>} lanes */
const paint = (to, lanes) => void to.setRGB(lanes[0], lanes[1], lanes[2], LinearSRGBColorSpace);

/** @param {string} name @returns {Row} */
const factor = (name) => each('materials', (material) => (name in material ? (lanes) => void (material[name] = lanes[0]) : null));

/** @param {string} name @returns {Row} */
const colour = (name) => each('materials', (material) => (material[name] ? (lanes) => paint(material[name], lanes) : null));

const baseColour = each('materials', (material) => (lanes) => {
  paint(material.color, lanes);
  material.opacity = lanes[3];
});

/** Only a mask has a cutoff. */
const cutoff = each('materials', (material, { alphaMode }) =>
  alphaMode === 'MASK' ? (lanes) => void (material.alphaTest = lanes[0]) : null,
);

/** @param {number} value */
const isNegative = (value) => value < 0 || Object.is(value, -0);

/** Where a mesh has no tangents the loader has turned its map upside down. @param {string} name @returns {Row} */
const normalScale = (name) =>
  each('materials', ({ [name]: scale }) => {
    if (!scale) return null;
    const down = isNegative(scale.y) === isNegative(scale.x) ? 1 : -1;
    return (lanes) => void scale.set(lanes[0], down * lanes[0]);
  });

/** Before r187 three.js had a range in their place. @param {string} name @param {number} end @returns {Row} */
const thickness = (name, end) =>
  each('materials', (material) => {
    if (name in material) return (lanes) => void (material[name] = lanes[0]);
    const range = material.iridescenceThicknessRange;
    return range ? (lanes) => void (range[end] = lanes[0]) : null;
  });

// --- textures ------------------------------------------------------------------------------------

/** Where the file has a texture, and where three.js has it. */
const TEXTURES = {
  'pbrMetallicRoughness/baseColorTexture': ['map'],
  'pbrMetallicRoughness/metallicRoughnessTexture': ['metalnessMap', 'roughnessMap'],
  normalTexture: ['normalMap'],
  occlusionTexture: ['aoMap'],
  emissiveTexture: ['emissiveMap'],
  'extensions/KHR_materials_anisotropy/anisotropyTexture': ['anisotropyMap'],
  'extensions/KHR_materials_clearcoat/clearcoatTexture': ['clearcoatMap'],
  'extensions/KHR_materials_clearcoat/clearcoatRoughnessTexture': ['clearcoatRoughnessMap'],
  'extensions/KHR_materials_clearcoat/clearcoatNormalTexture': ['clearcoatNormalMap'],
  'extensions/KHR_materials_iridescence/iridescenceTexture': ['iridescenceMap'],
  'extensions/KHR_materials_iridescence/iridescenceThicknessTexture': ['iridescenceThicknessMap'],
  'extensions/KHR_materials_sheen/sheenColorTexture': ['sheenColorMap'],
  'extensions/KHR_materials_sheen/sheenRoughnessTexture': ['sheenRoughnessMap'],
  'extensions/KHR_materials_specular/specularTexture': ['specularIntensityMap'],
  'extensions/KHR_materials_specular/specularColorTexture': ['specularColorMap'],
  'extensions/KHR_materials_transmission/transmissionTexture': ['transmissionMap'],
  'extensions/KHR_materials_volume/thicknessTexture': ['thicknessMap'],
};

/** Each part of a transform is kept where three.js has it; the matrix is glTF's own. */
const TRANSFORM = {
  offset: (/** @type {any} */ texture, /** @type {ArrayLike<number>} */ lanes) => texture.offset.set(lanes[0], lanes[1]),
  rotation: (/** @type {any} */ texture, /** @type {ArrayLike<number>} */ lanes) => (texture.rotation = lanes[0]),
  scale: (/** @type {any} */ texture, /** @type {ArrayLike<number>} */ lanes) => texture.repeat.set(lanes[0], lanes[1]),
};

/** Translation x rotation x scale, where three.js would scale last. @param {any} texture */
function place({ matrix, offset, rotation, repeat }) {
  const [c, s] = [Math.cos(rotation), Math.sin(rotation)];
  matrix.set(repeat.x * c, repeat.y * s, offset.x, -repeat.x * s, repeat.y * c, offset.y, 0, 0, 1);
}

/** @param {string} at where the file has the texture @param {string[]} slots @param {keyof typeof TRANSFORM} part @returns {Row} */
const transform = (at, slots, part) => (map, [index]) =>
  together(
    slots.flatMap((slot) =>
      texturesOf(map, index, at, slot).map((texture) => (/** @type {ArrayLike<number>} */ lanes) => {
        TRANSFORM[part](texture, lanes);
        place(texture);
      }),
    ),
  );

/** Textures that one material has for itself. @type {WeakSet<object>} */
const own = new WeakSet();

/**
 * The textures in a slot of a material and its variations. The loader copies a texture for a transform that says something;
 * else it is shared with other materials, and copied here.
 * @param {SceneMap} map
 * @param {number} index
 * @param {string} at
 * @param {string} slot
 */
function texturesOf(map, index, at, slot) {
  const info = at.split('/').reduce((/** @type {any} */ part, name) => part?.[name], map.json.materials[index]);
  const isCopy = Object.keys(info?.extensions?.KHR_texture_transform ?? {}).length > 0;
  const copies = new Map();
  for (const material of map.materials[index] ?? []) {
    const texture = material[slot];
    if (!texture) continue;
    if (!copies.has(texture)) copies.set(texture, isCopy || own.has(texture) ? texture : copyOf(texture));
    material[slot] = copies.get(texture);
    material[slot].matrixAutoUpdate = false;
    own.add(material[slot]);
    place(material[slot]);
  }
  return [...copies.values()];
}

/** @param {any} texture */
function copyOf(texture) {
  const copy = texture.clone();
  copy.needsUpdate = true;
  return copy;
}

// --- cameras and lights --------------------------------------------------------------------------

/** @param {'isPerspectiveCamera' | 'isOrthographicCamera'} kind @param {(camera: any, value: number) => void} set @returns {Row} */
const lens = (kind, set) =>
  each('cameras', (camera) => {
    if (!camera[kind]) return null;
    return (lanes) => {
      set(camera, lanes[0]);
      camera.updateProjectionMatrix();
    };
  });

/** @param {(camera: any, value: number) => void} set */
const perspective = (set) => lens('isPerspectiveCamera', set);

/** @param {(camera: any, value: number) => void} set */
const orthographic = (set) => lens('isOrthographicCamera', set);

/** A range without end is 0 in three.js. */
const range = each('lights', (light) =>
  'distance' in light ? (lanes) => void (light.distance = Number.isFinite(lanes[0]) ? lanes[0] : 0) : null,
);

/** The inner cones of spot lights (radians): three.js keeps them as a share of the outer. @type {WeakMap<object, number>} */
const inner = new WeakMap();

/** @param {(light: any, angle: number) => void} set @returns {Row} */
const cone = (set) =>
  each('lights', (light, { spot = {} }) => {
    if (!light.isSpotLight) return null;
    if (!inner.has(light)) inner.set(light, spot.innerConeAngle ?? 0);
    return (lanes) => {
      set(light, lanes[0]);
      light.penumbra = 1 - /** @type {number} */ (inner.get(light)) / light.angle;
    };
  });

// --- the table -----------------------------------------------------------------------------------

/** Pointers with # for an index. @type {Map<string, Row>} */
const ROWS = new Map(Object.entries({
  '/nodes/#/translation': translation,
  '/nodes/#/rotation': rotation,
  '/nodes/#/scale': scale,
  '/nodes/#/weights/#': weight,
  '/nodes/#/extensions/KHR_node_visibility/visible': visible,
  '/nodes/#/extensions/KHR_node_selectability/selectable': flag('selectable'),
  '/nodes/#/extensions/KHR_node_hoverability/hoverable': flag('hoverable'),

  '/materials/#/alphaCutoff': cutoff,
  '/materials/#/emissiveFactor': colour('emissive'),
  '/materials/#/normalTexture/scale': normalScale('normalScale'),
  '/materials/#/occlusionTexture/strength': factor('aoMapIntensity'),
  '/materials/#/pbrMetallicRoughness/baseColorFactor': baseColour,
  '/materials/#/pbrMetallicRoughness/metallicFactor': factor('metalness'),
  '/materials/#/pbrMetallicRoughness/roughnessFactor': factor('roughness'),
  '/materials/#/extensions/KHR_materials_anisotropy/anisotropyStrength': factor('anisotropy'),
  '/materials/#/extensions/KHR_materials_anisotropy/anisotropyRotation': factor('anisotropyRotation'),
  '/materials/#/extensions/KHR_materials_clearcoat/clearcoatFactor': factor('clearcoat'),
  '/materials/#/extensions/KHR_materials_clearcoat/clearcoatRoughnessFactor': factor('clearcoatRoughness'),
  '/materials/#/extensions/KHR_materials_clearcoat/clearcoatNormalTexture/scale': normalScale('clearcoatNormalScale'),
  '/materials/#/extensions/KHR_materials_dispersion/dispersion': factor('dispersion'),
  '/materials/#/extensions/KHR_materials_emissive_strength/emissiveStrength': factor('emissiveIntensity'),
  '/materials/#/extensions/KHR_materials_ior/ior': factor('ior'),
  '/materials/#/extensions/KHR_materials_iridescence/iridescenceFactor': factor('iridescence'),
  '/materials/#/extensions/KHR_materials_iridescence/iridescenceIor': factor('iridescenceIOR'),
  '/materials/#/extensions/KHR_materials_iridescence/iridescenceThicknessMinimum': thickness('iridescenceThicknessMinimum', 0),
  '/materials/#/extensions/KHR_materials_iridescence/iridescenceThicknessMaximum': thickness('iridescenceThicknessMaximum', 1),
  '/materials/#/extensions/KHR_materials_sheen/sheenColorFactor': colour('sheenColor'),
  '/materials/#/extensions/KHR_materials_sheen/sheenRoughnessFactor': factor('sheenRoughness'),
  '/materials/#/extensions/KHR_materials_specular/specularFactor': factor('specularIntensity'),
  '/materials/#/extensions/KHR_materials_specular/specularColorFactor': colour('specularColor'),
  '/materials/#/extensions/KHR_materials_transmission/transmissionFactor': factor('transmission'),
  '/materials/#/extensions/KHR_materials_volume/thicknessFactor': factor('thickness'),
  '/materials/#/extensions/KHR_materials_volume/attenuationDistance': factor('attenuationDistance'),
  '/materials/#/extensions/KHR_materials_volume/attenuationColor': colour('attenuationColor'),

  '/cameras/#/perspective/aspectRatio': perspective((camera, value) => (camera.aspect = value)),
  '/cameras/#/perspective/yfov': perspective((camera, value) => (camera.fov = MathUtils.radToDeg(value))),
  '/cameras/#/perspective/znear': perspective((camera, value) => (camera.near = value)),
  '/cameras/#/perspective/zfar': perspective((camera, value) => (camera.far = value)),
  '/cameras/#/orthographic/xmag': orthographic((camera, value) => Object.assign(camera, { left: -value, right: value })),
  '/cameras/#/orthographic/ymag': orthographic((camera, value) => Object.assign(camera, { top: value, bottom: -value })),
  '/cameras/#/orthographic/znear': orthographic((camera, value) => (camera.near = value)),
  '/cameras/#/orthographic/zfar': orthographic((camera, value) => (camera.far = value)),

  '/extensions/KHR_lights_punctual/lights/#/color': each('lights', ({ color }) => (lanes) => paint(color, lanes)),
  '/extensions/KHR_lights_punctual/lights/#/intensity': each('lights', (light) => (lanes) => void (light.intensity = lanes[0])),
  '/extensions/KHR_lights_punctual/lights/#/range': range,
  '/extensions/KHR_lights_punctual/lights/#/spot/innerConeAngle': cone((light, angle) => inner.set(light, angle)),
  '/extensions/KHR_lights_punctual/lights/#/spot/outerConeAngle': cone((light, angle) => (light.angle = angle)),
}));

for (const [at, slots] of Object.entries(TEXTURES)) {
  for (const part of /** @type {const} */ (['offset', 'rotation', 'scale'])) {
    ROWS.set(`/materials/#/${at}/extensions/KHR_texture_transform/${part}`, transform(at, slots, part));
  }
}
