// scene.js - glTF assets with a graph, for tests: a graph is written as natively, with names, and becomes KHR_interactivity.
//
// A value is a number (float), int(3), true, '/nodes/0' (a ref), [1, 2, 3] (float3), unset('float') or {from: 'node:socket'}.
// An op of an extension stands in a graph with `extension` and `outputs` ({socket: type}).

export const int = (value) => ({ int: value });
export const unset = (type) => ({ type });
export const from = (edge) => ({ from: edge });

const TYPES = ['bool', 'int', 'float', 'float2', 'float3', 'float4', 'ref'];

/** @returns {[string, unknown[]]} type and lanes */
function literal(value) {
  if (value.type) return [value.type];
  if (typeof value === 'number') return ['float', [value]];
  if (typeof value === 'boolean') return ['bool', [value]];
  if (typeof value === 'string') return ['ref', [value]];
  if (Array.isArray(value)) return [`float${value.length}`, value];
  return ['int', [value.int]];
}

const typed = (type, value) => ({ type: TYPES.indexOf(type), ...(value && { value }) });

function valueOf(value, at) {
  if (value?.from) {
    const [node, socket = 'value'] = value.from.split(':');
    return { node: at(node), socket };
  }
  return value?.type ? typed(value.type) : typed(...literal(value));
}

const entries = (object, of) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, of(value)]));
const some = (key, object) => (Object.keys(object).length ? { [key]: object } : {});

function flowOf(edge, at) {
  const [node, socket = 'in'] = edge.split(':');
  return { node: at(node), socket };
}

/** A graph of the extension: {variables: {name: value}, nodes: [{id, op, config, values, flows}]}. */
export function graph({ variables = {}, nodes }) {
  const names = Object.keys(variables), ids = nodes.map(({ id }) => id), declarations = [];
  const at = (id) => ids.indexOf(id);
  const declare = ({ op, extension, inputs = {}, outputs = {} }) => {
    const sockets = { ...some('inputValueSockets', entries(inputs, (type) => typed(type))), ...some('outputValueSockets', entries(outputs, (type) => typed(type))) };
    const text = JSON.stringify({ op, ...(extension && { extension, ...sockets }) });
    if (!declarations.includes(text)) declarations.push(text);
    return declarations.indexOf(text);
  };
  const setting = (key, value) => (value?.int !== undefined ? value.int : key === 'type' ? TYPES.indexOf(value) : key === 'variable' ? names.indexOf(value) : value);
  const configuration = (config) => Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value: [key === 'variables' ? value.map((name) => names.indexOf(name)) : setting(key, value)].flat() }]));
  const values = (op, of) => Object.fromEntries(Object.entries(of).map(([socket, value]) => [op === 'variable/set' ? names.indexOf(socket) : socket, valueOf(value, at)]));
  const list = nodes.map((node) => ({
    declaration: declare(node),
    ...some('configuration', configuration(node.config ?? {})),
    ...some('values', values(node.op, node.values ?? {})),
    ...some('flows', entries(node.flows ?? {}, (edge) => flowOf(edge, at))),
  }));
  return {
    types: TYPES.map((signature) => ({ signature })),
    ...(names.length && { variables: names.map((name) => ({ name, ...typed(...literal(variables[name])) })) }),
    declarations: declarations.map((text) => JSON.parse(text)),
    nodes: list,
  };
}

/** Numbers on their way into the binary chunk. */
class Bin {
  bytes = [];
  views = [];
  accessors = [];

  /** An accessor of floats; its index. */
  floats(numbers, type, bounds = {}) {
    const lanes = { SCALAR: 1, VEC3: 3, VEC4: 4 }[type], data = new DataView(new ArrayBuffer(4 * numbers.length));
    numbers.forEach((number, i) => data.setFloat32(4 * i, number, true));
    this.views.push({ buffer: 0, byteOffset: this.bytes.length, byteLength: 4 * numbers.length });
    this.bytes.push(...new Uint8Array(data.buffer));
    return this.accessors.push({ bufferView: this.views.length - 1, componentType: 5126, count: numbers.length / lanes, type, ...bounds }) - 1;
  }

  times(times) {
    return this.floats(times, 'SCALAR', { min: [Math.min(...times)], max: [Math.max(...times)] });
  }
}

const OUTPUT = { translation: 'VEC3', scale: 'VEC3', rotation: 'VEC4', weights: 'SCALAR' };

/** {channels: [{node, path, times, values, mode}]} as an animation of the glTF. */
function animation(bin, { channels, unused = [] }) {
  const sampler = ({ path, times, values, mode = 'LINEAR' }) => ({ input: bin.times(times), output: bin.floats(values.flat(), OUTPUT[path]), interpolation: mode });
  return {
    channels: channels.map(({ node, path }, i) => ({ sampler: i, target: { node, path } })),
    samplers: [...channels, ...unused].map(sampler),
  };
}

function chunk(type, bytes, pad) {
  const length = Math.ceil(bytes.length / 4) * 4, out = Buffer.alloc(8 + length, pad);
  out.writeUInt32LE(length, 0);
  out.write(type, 4, 'latin1');
  Buffer.from(bytes).copy(out, 8);
  return out;
}

/** A .glb of an asset and the bytes of its buffer. */
export function glb(json, bytes = []) {
  const chunks = [chunk('JSON', Buffer.from(JSON.stringify(json)), ' '), ...(bytes.length ? [chunk('BIN\0', bytes, '\0')] : [])];
  const head = Buffer.alloc(12);
  head.write('glTF', 0, 'latin1');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + chunks.reduce((sum, { length }) => sum + length, 0), 8);
  return Buffer.concat([head, ...chunks]);
}

/** A .glb of {nodes, meshes, animations, graph}; animations and graph as above, or a graph of the extension as it is. */
export function scene({ graph: script, animations = [], extensions = {}, ...asset }) {
  const bin = new Bin();
  const played = animations.map((one) => animation(bin, one));
  const data = bin.bytes.length && { buffers: [{ byteLength: bin.bytes.length }], bufferViews: bin.views, accessors: bin.accessors };
  const json = {
    asset: { version: '2.0' },
    extensionsUsed: ['KHR_interactivity'],
    extensions: { ...extensions, KHR_interactivity: { graphs: [script.declarations ? script : graph(script)] } },
    ...asset,
    ...(played.length && { animations: played }),
    ...data,
  };
  return glb(json, bin.bytes);
}
