// glb.js - builds .glb files in memory: shapes, materials, nodes, animations, and a graph beside them.

/** Component types and bind targets of glTF. */
const FLOAT = 5126;
const UNSIGNED_SHORT = 5123;
const FOR_VERTICES = 34962;
const FOR_INDICES = 34963;

/** A shape's vertices. @typedef {{positions: number[], normals: number[], indices: number[]}} Shape */

export class Glb {
  /** @type {any} the glTF as it is so far */
  json = { asset: { version: '2.0', generator: 'Treadle' }, scene: 0, scenes: [{ nodes: [] }], nodes: [], bufferViews: [], accessors: [] };
  /** @type {Uint8Array[]} */
  #parts = [];
  #length = 0;

  /**
   * Puts an element into a list of the glTF.
   * @param {string} list "materials"
   * @param {object} element
   * @returns {number} its index
   */
  add(list, element) {
    this.json[list] ??= [];
    return this.json[list].push(element) - 1;
  }

  /** @param {string} extension */
  use(extension) {
    this.json.extensionsUsed ??= [];
    if (!this.json.extensionsUsed.includes(extension)) this.json.extensionsUsed.push(extension);
  }

  /**
   * @param {Float32Array | Uint16Array} values
   * @param {'SCALAR' | 'VEC3' | 'VEC4'} type
   * @param {number} [target]
   */
  #accessor(values, type, target) {
    const lanes = { SCALAR: 1, VEC3: 3, VEC4: 4 }[type];
    const columns = Array.from({ length: lanes }, (_, lane) => Array.from(values).filter((_, i) => i % lanes === lane));
    const bounds = (/** @type {(a: number, b: number) => number} */ pick) => columns.map((column) => column.reduce((a, b) => pick(a, b)));
    const bufferView = this.add('bufferViews', { buffer: 0, byteOffset: this.#length, byteLength: values.byteLength, target });
    this.#put(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const componentType = values instanceof Float32Array ? FLOAT : UNSIGNED_SHORT;
    return this.add('accessors', { bufferView, componentType, count: values.length / lanes, type, min: bounds(Math.min), max: bounds(Math.max) });
  }

  /** @param {Uint8Array} bytes */
  #put(bytes) {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    this.#parts.push(padded);
    this.#length += padded.length;
  }

  /**
   * A mesh of one shape, with further positions it may take by weights.
   * @param {Shape} shape
   * @param {number} material
   * @param {Shape[]} [targets]
   */
  mesh({ positions, normals, indices }, material, targets) {
    const vertices = (/** @type {number[]} */ values) => this.#accessor(Float32Array.from(values), 'VEC3', FOR_VERTICES);
    const moved = targets?.map((target) => ({ POSITION: vertices(target.positions.map((at, i) => at - positions[i])) }));
    const attributes = { POSITION: vertices(positions), NORMAL: vertices(normals) };
    const primitive = { attributes, indices: this.#accessor(Uint16Array.from(indices), 'SCALAR', FOR_INDICES), material, targets: moved };
    return this.add('meshes', { primitives: [primitive], weights: moved?.map(() => 0) });
  }

  /**
   * A material by its base colour and what else it has.
   * @param {string} name
   * @param {number[]} colour red, green, blue, linear
   * @param {{roughness?: number, metallic?: number} & Record<string, any>} [more]
   */
  material(name, [red, green, blue], { roughness = 0.6, metallic = 0, ...more } = {}) {
    for (const extension of Object.keys(more.extensions ?? {})) this.use(extension);
    const pbrMetallicRoughness = { baseColorFactor: [red, green, blue, 1], metallicFactor: metallic, roughnessFactor: roughness };
    return this.add('materials', { name, pbrMetallicRoughness, ...more });
  }

  /**
   * A node, below another one or at the root.
   * @param {string} name
   * @param {Record<string, any>} [properties] translation, mesh ...
   * @param {number} [parent]
   */
  node(name, properties = {}, parent) {
    for (const extension of Object.keys(properties.extensions ?? {})) this.use(extension);
    const index = this.add('nodes', { name, ...properties });
    if (parent === undefined) this.json.scenes[0].nodes.push(index);
    else (this.json.nodes[parent].children ??= []).push(index);
    return index;
  }

  /** @param {Record<string, any>} light */
  light(light) {
    this.use('KHR_lights_punctual');
    this.json.extensions ??= {};
    const { lights } = (this.json.extensions.KHR_lights_punctual ??= { lights: [] });
    return lights.push(light) - 1;
  }

  /**
   * @param {string} name
   * @param {{node: number, path: 'translation' | 'rotation' | 'scale', times: number[], values: number[][], interpolation?: string}[]} moves
   */
  animation(name, moves) {
    const samplers = moves.map(({ path, times, values, interpolation = 'LINEAR' }) => ({
      input: this.#accessor(Float32Array.from(times), 'SCALAR'),
      output: this.#accessor(Float32Array.from(values.flat()), path === 'rotation' ? 'VEC4' : 'VEC3'),
      interpolation,
    }));
    const channels = moves.map(({ node, path }, sampler) => ({ sampler, target: { node, path } }));
    return this.add('animations', { name, samplers, channels });
  }

  /** @param {object} graph of KHR_interactivity */
  interactivity(graph) {
    this.use('KHR_interactivity');
    for (const { extension } of /** @type {any} */ (graph).declarations) if (extension) this.use(extension);
    this.json.extensions = { ...this.json.extensions, KHR_interactivity: { graphs: [graph], graph: 0 } };
  }

  /** The file. */
  bytes() {
    const json = new TextEncoder().encode(JSON.stringify({ ...this.json, ...(this.#length ? { buffers: [{ byteLength: this.#length }] } : {}) }));
    const text = new Uint8Array(Math.ceil(json.length / 4) * 4).fill(0x20);
    text.set(json);
    const chunks = [chunk(0x4e4f534a, [text]), ...(this.#length ? [chunk(0x004e4942, this.#parts)] : [])];
    const length = chunks.reduce((sum, part) => sum + part.length, 12);
    return joined([words(0x46546c67, 2, length), ...chunks]);
  }
}

/** @param {...number} numbers */
function words(...numbers) {
  const bytes = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => bytes.setUint32(4 * i, number, true));
  return new Uint8Array(bytes.buffer);
}

/** @param {number} type @param {Uint8Array[]} parts */
const chunk = (type, parts) => joined([words(parts.reduce((sum, part) => sum + part.length, 0), type), ...parts]);

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// --- shapes ----------------------------------------------------------------------------------------

/**
 * A block around the origin.
 * @param {number} width
 * @param {number} height
 * @param {number} depth
 * @returns {Shape}
 */
export function block(width, height, depth) {
  /** @type {Shape} */
  const shape = { positions: [], normals: [], indices: [] };
  const half = [width / 2, height / 2, depth / 2];
  for (const axis of [0, 1, 2]) {
    for (const side of [-1, 1]) {
      const first = shape.positions.length / 3;
      for (const [u, v] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
        const at = [0, 0, 0];
        at[axis] = side * half[axis];
        at[(axis + 1) % 3] = u * side * half[(axis + 1) % 3];
        at[(axis + 2) % 3] = v * half[(axis + 2) % 3];
        shape.positions.push(...at);
        shape.normals.push(...[0, 1, 2].map((lane) => (lane === axis ? side : 0)));
      }
      shape.indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
  }
  return shape;
}

/**
 * A profile turned around the y axis: [radius, height] from the bottom up. Where it bends sharply there is an edge.
 * @param {[number, number][]} profile
 * @param {number} [segments]
 * @param {boolean} [smooth] no edges: for round bodies
 * @returns {Shape}
 */
export function turned(profile, segments = 32, smooth = false) {
  /** @type {Shape} */
  const shape = { positions: [], normals: [], indices: [] };
  const slopes = profile.slice(1).map(([r, y], i) => normalized(y - profile[i][1], profile[i][0] - r));
  slopes.forEach((slope, i) => {
    const below = smooth ? between(slopes[i - 1] ?? slope, slope) : slope;
    const above = smooth ? between(slope, slopes[i + 1] ?? slope) : slope;
    band(shape, segments, [...profile[i], ...below], [...profile[i + 1], ...above]);
  });
  return shape;
}

/** @param {number} x @param {number} y */
const normalized = (x, y) => [x / Math.hypot(x, y), y / Math.hypot(x, y)];

/** @param {number[]} a @param {number[]} b */
const between = (a, b) => normalized(a[0] + b[0], a[1] + b[1]);

/**
 * A ring of faces between two circles: radius, height, and the normal's way outward and upward.
 * @param {Shape} shape
 * @param {number} segments
 * @param {number[]} lower
 * @param {number[]} upper
 */
function band({ positions, normals, indices }, segments, lower, upper) {
  const first = positions.length / 3;
  for (let i = 0; i <= segments; i += 1) {
    const [c, s] = [Math.cos((2 * Math.PI * i) / segments), Math.sin((2 * Math.PI * i) / segments)];
    for (const [radius, height, out, up] of [lower, upper]) {
      positions.push(radius * c, height, radius * s);
      normals.push(out * c, up, out * s);
    }
  }
  for (let i = first; i < first + 2 * segments; i += 2) {
    if (upper[0] > 0) indices.push(i, i + 1, i + 3);
    if (lower[0] > 0) indices.push(i, i + 3, i + 2);
  }
}

/** @param {number} radius @param {number} [segments] */
export function ball(radius, segments = 24) {
  const rings = Array.from({ length: segments / 2 + 1 }, (_, i) => (Math.PI * i) / (segments / 2));
  return turned(rings.map((angle, i) => [i % (segments / 2) === 0 ? 0 : radius * Math.sin(angle), -radius * Math.cos(angle)]), segments, true);
}

/** @param {number} radius @param {number} height @param {number} [segments] */
export const cylinder = (radius, height, segments = 32) =>
  turned([[0, 0], [radius, 0], [radius, height], [0, height]], segments);

/** The rotation by an angle (radians) about an axis of length 1, as glTF writes it. @param {number[]} axis @param {number} angle */
export const rotation = ([x, y, z], angle) => {
  const s = Math.sin(angle / 2);
  return [x * s, y * s, z * s, Math.cos(angle / 2)];
};
