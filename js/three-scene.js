// three-scene.js - which objects of three.js stand for which elements of a glTF.

/** @typedef {import('three/addons/loaders/GLTFLoader.js').GLTF} GLTF */
/** @typedef {import('three').Object3D} Object3D */

/**
 * The glTF's elements by index, each as the objects it has become: often one, none when no scene shows it, several where
 * scenes share a node or the loader made variations of a material.
 */
export class SceneMap {
  /** @type {Map<Object3D, number>} */
  #indices = new Map();

  /** @param {GLTF} gltf what GLTFLoader gave */
  constructor(gltf) {
    this.scenes = gltf.scenes;
    /** @type {any} the glTF's JSON */
    this.json = gltf.parser.json;
    const { nodes = [], materials = [], cameras = [], extensions = {} } = this.json;
    const lists = (/** @type {any[]} */ elements) => elements.map(() => /** @type {any[]} */ ([]));
    /** @type {Object3D[][]} */
    this.nodes = lists(nodes);
    /** What is drawn for a node itself: one for each primitive, for each of its objects. @type {any[][]} */
    this.meshes = lists(nodes);
    /** @type {any[][]} */
    this.materials = lists(materials);
    /** @type {any[][]} */
    this.cameras = lists(cameras);
    /** @type {any[][]} */
    this.lights = lists(extensions.KHR_lights_punctual?.lights ?? []);
    /** What the nodes' own flags say now; a node obeys those above it, too. */
    this.selectable = this.#flags('KHR_node_selectability', 'selectable');
    this.hoverable = this.#flags('KHR_node_hoverability', 'hoverable');
  }

  /**
   * Reads a glTF that is loaded.
   * @param {GLTF} gltf
   */
  static async of(gltf) {
    const map = new SceneMap(gltf);
    const shown = [...map.#shown()];
    const objects = await Promise.all(shown.map((node) => gltf.parser.getDependency('node', node)));
    shown.forEach((node, i) => map.#add(node, objects[i]));
    map.#addCopies();
    for (const node of shown) for (const object of map.nodes[node]) map.#addParts(node, object);
    for (const node of shown) map.#showOrHide(node);
    return map;
  }

  /** @param {string} extension @param {string} flag @returns {boolean[]} by node */
  #flags(extension, flag) {
    return (this.json.nodes ?? []).map((/** @type {any} */ node) => node.extensions?.[extension]?.[flag] ?? true);
  }

  /** The nodes that scenes show. The loader's own list of objects has those of one scene only. */
  #shown() {
    const roots = (this.json.scenes ?? []).flatMap((/** @type {any} */ scene) => scene.nodes ?? []);
    const shown = /** @type {Set<number>} */ (new Set(roots));
    for (const node of shown) for (const child of this.json.nodes[node].children ?? []) shown.add(child); // it grows while it is walked
    return shown;
  }

  /** @param {number} node @param {Object3D} object */
  #add(node, object) {
    this.nodes[node].push(object);
    this.#indices.set(object, node);
  }

  /** A root that several scenes have is copied by the loader for all but one. */
  #addCopies() {
    this.scenes.forEach((scene, s) => {
      (this.json.scenes[s].nodes ?? []).forEach((/** @type {number} */ node, /** @type {number} */ i) => {
        const copy = scene.children[i];
        if (copy && !this.#indices.has(copy)) this.#addCopy(this.nodes[node][0], copy);
      });
    });
  }

  /** @param {Object3D} original @param {Object3D} copy */
  #addCopy(original, copy) {
    const pairs = [[original, copy]];
    for (const [one, other] of pairs) {
      const node = this.#indices.get(one);
      if (node !== undefined) this.#add(node, other);
      other.children.forEach((child, i) => one.children[i] && pairs.push([one.children[i], child]));
    }
  }

  /** What hangs on a node itself: its object, and what lies below that and above the next nodes. @param {number} node @param {Object3D} object */
  #addParts(node, object) {
    const { mesh, camera, extensions } = this.json.nodes[node];
    const light = extensions?.KHR_lights_punctual?.light;
    const parts = /** @type {any[]} */ ([object]);
    const drawn = [];
    for (const part of parts) {
      if (part.isMesh || part.isLine || part.isPoints) drawn.push(part);
      if (part.isCamera && camera !== undefined) this.cameras[camera].push(part);
      if (part.isLight && light !== undefined) this.lights[light].push(part);
      parts.push(...part.children.filter((/** @type {Object3D} */ child) => !this.#indices.has(child)));
    }
    this.meshes[node].push(...drawn);
    drawn.forEach(({ material }, i) => this.#addMaterial(this.json.meshes[mesh]?.primitives[i]?.material, material));
  }

  /** @param {number | undefined} index @param {any} material */
  #addMaterial(index, material) {
    if (index !== undefined && !this.materials[index].includes(material)) this.materials[index].push(material);
  }

  /** GLTFLoader does not know of KHR_node_visibility. @param {number} node */
  #showOrHide(node) {
    const visible = this.json.nodes[node].extensions?.KHR_node_visibility?.visible;
    if (visible !== undefined) for (const object of this.nodes[node]) object.visible = visible;
  }

  /** The node that an object belongs to; -1 when it is none of this glTF. @param {Object3D | null} object */
  nodeOf(object) {
    for (let at = object; at; at = at.parent) {
      const node = this.#indices.get(at);
      if (node !== undefined) return node;
    }
    return -1;
  }

  /**
   * Whether an object and all above it have a flag.
   * @param {Object3D} object
   * @param {boolean[]} flags by node
   */
  hasFlag(object, flags) {
    for (let at = /** @type {Object3D | null} */ (object); at; at = at.parent) {
      if (flags[this.#indices.get(at) ?? -1] === false) return false;
    }
    return true;
  }
}
