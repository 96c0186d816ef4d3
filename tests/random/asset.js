// asset.js - a random graph as KHR_interactivity, with a small glTF around it: every kind of property, two animations.
//
// The graph is one of generate.js made with {asset}: no flow edge leads back and nothing is read before it is there, so
// that the two orders of the specification (values to earlier nodes, flows to later ones) go together.
import { scene } from '../patterns/scene.js';

const TYPES = ['bool', 'int', 'float', 'float2', 'float3', 'float4', 'float2x2', 'float3x3', 'float4x4', 'ref'];

/** Elements in each array of the glTF, by the pointer to the array. */
export const COUNTS = { '/nodes': 6, '/cameras': 2, '/materials': 2, '/meshes': 2, '/skins': 1, '/scenes': 1, '/animations': 2, '/extensions/KHR_lights_punctual/lights': 2 };

const map = { index: 0, extensions: { KHR_texture_transform: { offset: [0.25, 0.5] } } };
const extensions = (names) => Object.fromEntries(Object.entries(names).map(([name, value]) => [`KHR_materials_${name}`, value]));

const MODEL = {
  scene: 0,
  scenes: [{ nodes: [0, 5] }],
  nodes: [
    { children: [1, 2], translation: [1, 2, 3], rotation: [0, 0.6, 0, 0.8] },
    { mesh: 0, weights: [0.25, 0.5], children: [3], scale: [2, 2, 0.5] },
    { matrix: [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 4, 5, 6, 1], camera: 0, extensions: { KHR_lights_punctual: { light: 0 } } },
    { mesh: 1, skin: 0, extensions: { KHR_node_visibility: {}, KHR_node_selectability: {}, KHR_node_hoverability: { hoverable: true } } },
    { translation: [-1, 0, 0.125], extensions: { KHR_node_visibility: { visible: false }, KHR_lights_punctual: { light: 1 } } },
    { camera: 1, children: [4] },
  ],
  cameras: [
    { type: 'perspective', perspective: { yfov: 0.75, znear: 0.125, aspectRatio: 1.5 } },
    { type: 'orthographic', orthographic: { xmag: 2, ymag: 3, zfar: 100, znear: 0.5 } },
  ],
  meshes: [
    { primitives: [{ attributes: {}, material: 0, targets: [{}, {}] }], weights: [0.5, 0] },
    { primitives: [{ attributes: {}, material: 1 }, { attributes: {} }] },
  ],
  skins: [{ joints: [0, 1], skeleton: 0 }],
  materials: [
    {
      normalTexture: map, occlusionTexture: map, emissiveTexture: map, emissiveFactor: [0.5, 0.25, 0], alphaCutoff: 0.75,
      pbrMetallicRoughness: { baseColorTexture: map, metallicRoughnessTexture: map, baseColorFactor: [1, 0.5, 0.25, 1], metallicFactor: 0.5 },
      extensions: extensions({
        anisotropy: { anisotropyTexture: map }, clearcoat: { clearcoatFactor: 0.5, clearcoatTexture: map, clearcoatNormalTexture: map },
        dispersion: {}, emissive_strength: { emissiveStrength: 2 }, ior: { ior: 1.25 }, iridescence: {}, sheen: { sheenColorFactor: [1, 0, 0.5] },
        specular: { specularTexture: map }, transmission: {}, volume: { thicknessFactor: 0.5 }, diffuse_transmission: {},
      }),
    },
    { doubleSided: true },
  ],
  textures: [{}],
  extensions: { KHR_lights_punctual: { lights: [{ type: 'point', intensity: 3 }, { type: 'spot', spot: { innerConeAngle: 0.25 } }] } },
};

/** A turn by 90 degrees, and none: unit quaternions that binary numbers nearly hit. */
const TURNS = [[0, 0, 0, 1], [0, 0.70710678, 0, 0.70710678], [0, 0.6, 0, 0.8]];

const ANIMATIONS = [
  {
    channels: [
      { node: 0, path: 'translation', times: [0, 0.25, 1], values: [[0, 0, 0], [1, 2, 3], [-1, 0.5, 8]] },
      { node: 4, path: 'rotation', times: [0.125, 0.5], values: TURNS.slice(0, 2) },
    ],
  },
  {
    channels: [
      { node: 1, path: 'scale', times: [0, 0.5], values: [[1, 1, 1], [2, 0.5, 4]], mode: 'STEP' },
      { node: 5, path: 'translation', times: [0, 1], values: [[0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 1, 0], [4, 4, 4], [0, 0, 0]], mode: 'CUBICSPLINE' },
      { node: 1, path: 'weights', times: [0, 0.75], values: [[0, 1], [1, 0.5]] },
    ],
  },
];

// --- the graph -----------------------------------------------------------------------------------

const nodeOf = (edge) => edge.split(':')[0];
const isLink = (value) => value !== null && typeof value === 'object' && 'from' in value;

/** Nodes in an order in which values lead to earlier ones and flows to later ones; else as they were. */
function ordered(nodes) {
  const places = new Map(nodes.map(({ id }, i) => [id, i]));
  const before = nodes.map(({ values = {} }) => Object.values(values).filter(isLink).map(({ from }) => places.get(nodeOf(from))));
  nodes.forEach(({ flows = {} }, i) => Object.values(flows).forEach((edge) => before[places.get(nodeOf(edge))].push(i)));
  const order = [];
  const done = nodes.map(() => false);
  const put = (first) => {
    const stack = [[first, 0]];
    while (stack.length) {
      const [i, next] = stack.at(-1);
      if (done[i] || next === before[i].length) {
        if (!done[i]) order.push(nodes[i]);
        done[i] = true;
        stack.pop();
      } else {
        stack.at(-1)[1] += 1;
        stack.push([before[i][next], 0]);
      }
    }
  };
  nodes.forEach((_, i) => put(i));
  return order;
}

const type = (name) => TYPES.indexOf(name);
const some = (key, object) => (Object.keys(object).length ? { [key]: object } : {});
const entries = (object = {}, of) => Object.fromEntries(Object.entries(object).map(([key, value]) => of(key, value)));

/** {type, value} with a type's index; null, a reference to nothing, is the default. */
const typed = ({ type: name, value }) => ({ type: type(name), ...(value !== null && value !== undefined && { value: [value].flat() }) });

/** A configuration's value: names become indices. */
function setting(names, key, value) {
  if (key === 'variable' || key === 'event') return [names[`${key}s`].indexOf(value)];
  if (key === 'variables') return value.map((name) => names.variables.indexOf(name));
  return key === 'type' ? [type(value)] : [value].flat();
}

/** A native graph that leads forwards as a graph of the extension; `ops` is the engine's table. */
function khr({ variables, events, nodes }, ops) {
  const names = { variables: variables.map(({ id }) => id), events: events.map(({ id }) => id) };
  const list = ordered(nodes);
  const places = new Map(list.map(({ id }, i) => [id, i]));
  const used = [...new Set(nodes.map(({ op }) => op))];
  const declaration = (op) => {
    const { extension, valueOut } = ops.find((row) => row.op === op);
    const sockets = () => Object.fromEntries(valueOut.map((socket) => [socket.name, { type: type(socket.type) }]));
    return { op, ...(extension && { extension, outputValueSockets: sockets() }) };
  };
  const end = (edge, socket) => ({ node: places.get(nodeOf(edge)), socket: edge.includes(':') ? edge.slice(edge.indexOf(':') + 1) : socket });
  return {
    types: TYPES.map((signature) => ({ signature })),
    ...some('variables', variables.map(({ id, ...value }) => ({ name: id, ...typed(value) }))),
    ...some('events', events.map(({ id, values }) => ({ id, ...some('values', entries(values, (key, value) => [key, typed(value)])) }))),
    declarations: used.map(declaration),
    nodes: list.map(({ op, config, values, flows }) => ({
      declaration: used.indexOf(op),
      ...some('configuration', entries(config, (key, value) => [key, { value: setting(names, key, value) }])),
      ...some('values', entries(values, (key, value) => [op === 'variable/set' ? names.variables.indexOf(key) : key, isLink(value) ? end(value.from, 'value') : typed(value)])),
      ...some('flows', entries(flows, (key, edge) => [key, end(edge, 'in')])),
    })),
  };
}

/** The bytes of a .glb. */
export const assetOf = (graph, ops) => scene({ ...MODEL, animations: ANIMATIONS, graph: khr(graph, ops) });
