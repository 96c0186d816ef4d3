// three-pointer.js - the mouse, pen or finger on a canvas: which node of a glTF it means.
import { Raycaster, Vector2, Vector3 } from 'three';

/** @typedef {import('three').Object3D} Object3D */
/** @typedef {import('./three-scene.js').SceneMap} SceneMap */

/**
 * What a ray has hit. Places are in the coordinates of the glTF's scene, wherever that stands in the world.
 * @typedef {object} Hit
 * @property {number} node
 * @property {number[]} point
 * @property {number[]} origin of the ray
 */

/** A press that moves by no more than this (CSS pixels) is a click; more is a drag, and turns a camera. */
const STEADY = 6;

export class Pointer {
  #map;
  #canvas;
  #camera;
  #root;
  #ray = new Raycaster();
  #listening = new AbortController();
  /** @type {{x: number, y: number} | null} where it is; null: not on the canvas */
  #at = null;
  #left = false;
  /** @type {{id: number, x: number, y: number} | null} where it was pressed */
  #pressed = null;

  /**
   * @param {SceneMap} map
   * @param {HTMLElement} canvas
   * @param {() => import('three').Camera} camera
   * @param {() => Object3D} root what rays are cast at
   * @param {(hit: Hit) => void} onSelect
   */
  constructor(map, canvas, camera, root, onSelect) {
    this.#map = map;
    this.#canvas = canvas;
    this.#camera = camera;
    this.#root = root;
    this.#listen('pointermove', (event) => this.#move(event));
    this.#listen('pointerdown', (event) => {
      this.#move(event);
      if (event.isPrimary && event.button === 0) this.#pressed = { id: event.pointerId, x: event.clientX, y: event.clientY };
    });
    this.#listen('pointerup', (event) => {
      const hit = this.#isClick(event) ? this.cast(event.clientX, event.clientY, map.selectable) : null;
      this.#pressed = null;
      if (event.pointerType === 'touch') this.#leave(); // a finger that is lifted points at nothing
      if (hit) onSelect(hit);
    });
    this.#listen('pointerleave', () => this.#leave());
    this.#listen('pointercancel', () => {
      this.#pressed = null;
      this.#leave();
    });
  }

  #leave() {
    this.#left = this.#at !== null;
    this.#at = null;
  }

  /** @param {string} type @param {(event: PointerEvent) => void} heard */
  #listen(type, heard) {
    this.#canvas.addEventListener(type, /** @type {(event: Event) => void} */ (heard), { signal: this.#listening.signal });
  }

  /** @param {PointerEvent} event */
  #move({ isPrimary, clientX: x, clientY: y }) {
    if (isPrimary) this.#at = { x, y };
  }

  /** @param {PointerEvent} event */
  #isClick({ pointerId, clientX, clientY }) {
    const from = this.#pressed;
    return from?.id === pointerId && Math.hypot(clientX - from.x, clientY - from.y) <= STEADY;
  }

  /** Whether it is on the canvas, or has just left it: else others may say what is hovered. */
  get isThere() {
    return this.#at !== null || this.#left;
  }

  /** The node that is pointed at now; null when there is none. */
  hovered() {
    this.#left = false;
    return this.#at && (this.cast(this.#at.x, this.#at.y, this.#map.hoverable)?.node ?? null);
  }

  /**
   * The first node on a ray that may be hit: one that is hidden or whose flag is off lets the ray pass.
   * @param {number} x as in events (clientX)
   * @param {number} y
   * @param {boolean[]} flags by node
   * @returns {Hit | null}
   */
  cast(x, y, flags) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    this.#ray.setFromCamera(new Vector2(((x - left) / width) * 2 - 1, 1 - ((y - top) / height) * 2), this.#camera());
    for (const { object, point } of this.#ray.intersectObject(this.#root(), true)) {
      const node = this.#map.nodeOf(object);
      if (node < 0 || !isShown(object) || !this.#map.hasFlag(object, flags)) continue;
      const scene = this.#sceneOf(object);
      return { node, point: within(scene, point), origin: within(scene, this.#ray.ray.origin) };
    }
    return null;
  }

  /** @param {Object3D} object */
  #sceneOf(object) {
    return this.#map.scenes.find((scene) => isAbove(scene, object)) ?? null;
  }

  /** Stops listening. */
  stop() {
    this.#listening.abort();
  }
}

/** @param {Object3D} object */
function isShown(object) {
  for (let at = /** @type {Object3D | null} */ (object); at; at = at.parent) if (!at.visible) return false;
  return true;
}

/** @param {Object3D} above @param {Object3D} object */
function isAbove(above, object) {
  for (let at = /** @type {Object3D | null} */ (object); at; at = at.parent) if (at === above) return true;
  return false;
}

/** @param {Object3D | null} scene @param {Vector3} point of the world */
function within(scene, point) {
  const local = point.clone();
  return (scene?.worldToLocal(local) ?? local).toArray();
}
