// three.js - lets a graph drive a glTF that three.js shows: `treadle/three`, for a page that has `three` itself.
//
//     const engine = await open({ pointers: activeCamera(() => camera) });
//     const gltf = await new GLTFLoader().parseAsync(bytes, '');
//     scene.add(gltf.scene);
//     const shown = await attach(gltf, { engine, source: bytes, canvas: renderer.domElement, camera });
//     renderer.setAnimationLoop(() => {
//       shown.update();                       // what the graph has changed since the last frame, and nothing else
//       renderer.render(scene, camera);
//     });
//
// The graph's animations are the engine's: no AnimationMixer. shown.run is the run as everywhere (js/run.js): its events,
// its log, its variables.
import { Quaternion, Vector3 } from 'three';
import { dispose } from './follow.js';
import { Pointer } from './three-pointer.js';
import { SceneMap } from './three-scene.js';
import { setterOf } from './three-setters.js';

/** @typedef {import('three').Camera} Camera */
/** @typedef {import('./graph.js').Graph} Graph */
/** @typedef {import('./run.js').Run} Run */
/** @typedef {import('./three-setters.js').Setter} Setter */

/**
 * What is attached, and to what. The graph comes from `source`, or is one that `engine` has loaded with the same file.
 * @typedef {object} AttachOptions
 * @property {import('./engine.js').Engine} [engine]
 * @property {import('./source.js').Source} [source] the file; a graph that comes from it is unloaded by `detach`
 * @property {string} [name] of the file, for messages
 * @property {boolean} [upgrade] takes drafts of KHR_interactivity, too
 * @property {Graph} [graph] in place of engine and source
 * @property {import('./run.js').StartOptions} [start]
 * @property {HTMLElement} [canvas] where select and hover events come from; without, only from `select` and `hover`
 * @property {Camera | (() => Camera)} [camera] through which the canvas looks
 * @property {import('three').Object3D} [root] what can be hit by the pointer: gltf.scene
 */

/**
 * Loads the graph of a glTF and starts it.
 * @param {import('three/addons/loaders/GLTFLoader.js').GLTF} gltf what GLTFLoader gave
 * @param {AttachOptions} options
 */
export async function attach(gltf, options) {
  const map = await SceneMap.of(gltf);
  if (options.graph) return new Attached(gltf, map, options.graph, options);
  const { engine, source, name, upgrade } = options;
  if (!engine || !source) throw new TypeError('attach needs { engine, source } or { graph }.');
  const graph = await engine.load(source, { name, upgrade });
  try {
    return new Attached(gltf, map, graph, options, () => graph.unload());
  } catch (error) {
    graph.unload();
    throw error;
  }
}

/** A glTF that a graph drives. */
export class Attached {
  /** @type {(Setter | null)[]} by cell */
  #setters;
  #pointer;
  #forget;
  #hears;
  /** @type {number | null} */
  #hovered = null;
  #changed = 0;

  /**
   * @param {import('three/addons/loaders/GLTFLoader.js').GLTF} gltf
   * @param {SceneMap} map
   * @param {Graph} graph
   * @param {AttachOptions} options
   * @param {() => void} [forget] what else is to be done in the end
   */
  constructor(gltf, map, graph, { start, canvas, camera, root = gltf.scene }, forget = () => {}) {
    /** Which objects stand for which elements. */
    this.map = map;
    this.graph = graph;
    this.#setters = graph.pointers.map(({ pointer }) => setterOf(map, pointer));
    this.#forget = forget;
    this.#hears = heardOf(map.json);
    this.run = graph.start(start);
    const look = typeof camera === 'function' ? camera : () => /** @type {Camera} */ (camera);
    this.#pointer = canvas && camera ? new Pointer(map, canvas, look, () => root, ({ node, ...hit }) => this.select(node, hit)) : null;
  }

  /**
   * Once a frame, before it is rendered: brings the scene to where the graph is.
   * @returns {number} how many properties had changed
   */
  update() {
    this.#changed = 0;
    if (this.#pointer?.isThere && this.#hears.hover) this.hover(this.#pointer.hovered());
    this.run.changes(this.#apply);
    return this.#changed;
  }

  #apply = (/** @type {number} */ cell, /** @type {Float64Array} */ lanes) => {
    this.#setters[cell]?.(lanes);
    this.#changed += 1;
  };

  /**
   * A node is selected: by the pointer, or by whatever else a page has (a key, a list).
   * @param {number} node
   * @param {{point?: number[], origin?: number[]}} [hit] in the scene's coordinates
   */
  select(node, { point, origin } = {}) {
    if (!this.run.isOver && this.#hears.select) this.run.select(node, { controller: 0, point, origin });
  }

  /**
   * A node is pointed at, or none. Nothing happens when it was before.
   * @param {number | null} node
   */
  hover(node) {
    if (this.run.isOver || !this.#hears.hover || node === this.#hovered) return;
    this.#hovered = node;
    this.run.hover(node, { controller: 0 });
  }

  /** The node that is pointed at. */
  get hovered() {
    return this.#hovered;
  }

  /** Stops listening and ends the run; the scene stays as it is. */
  detach() {
    this.#pointer?.stop();
    this.run[dispose]();
    this.#forget();
    this.#forget = () => {};
  }

  [dispose]() {
    this.detach();
  }
}

/** What graphs of a file want to hear of the pointer: rays are cast for nobody else. @param {any} json */
function heardOf({ extensions }) {
  const graphs = extensions?.KHR_interactivity?.graphs ?? [];
  const ops = graphs.flatMap((/** @type {any} */ graph) => (graph.declarations ?? []).map((/** @type {any} */ { op }) => op));
  return { select: ops.some((/** @type {string} */ op) => /onSelect$/.test(op)), hover: ops.some((/** @type {string} */ op) => /onHover(In|Out)$/.test(op)) };
}

/**
 * The pointers of the active camera, for `open({ pointers })`. Places are the world's.
 * @param {() => Camera | null | undefined} current the camera that is looked through
 */
export function activeCamera(current) {
  const prefix = '/extensions/KHR_interactivity/activeCamera';
  return {
    [prefix]: {
      get: (/** @type {string} */ pointer) => CAMERA[pointer.slice(prefix.length)]?.(current()),
    },
  };
}

/** @param {(camera: any) => number} value */
const perspective = (value) => (/** @type {any} */ camera) => (camera?.isPerspectiveCamera ? value(camera) : NaN);

/** @param {(camera: any) => number} value */
const orthographic = (value) => (/** @type {any} */ camera) => (camera?.isOrthographicCamera ? value(camera) : NaN);

/** What is not known is NaN. @type {Record<string, (camera: any) => number | number[]>} */
const CAMERA = {
  '/position': (camera) => camera?.getWorldPosition(new Vector3()).toArray() ?? [NaN, NaN, NaN],
  '/rotation': (camera) => camera?.getWorldQuaternion(new Quaternion()).toArray() ?? [NaN, NaN, NaN, NaN],
  '/perspective/aspectRatio': perspective(({ aspect }) => aspect),
  '/perspective/yfov': perspective(({ fov }) => (fov * Math.PI) / 180),
  '/perspective/znear': perspective(({ near }) => near),
  '/perspective/zfar': perspective(({ far }) => far),
  '/orthographic/xmag': orthographic(({ right, left }) => (right - left) / 2),
  '/orthographic/ymag': orthographic(({ top, bottom }) => (top - bottom) / 2),
  '/orthographic/znear': orthographic(({ near }) => near),
  '/orthographic/zfar': orthographic(({ far }) => far),
};
