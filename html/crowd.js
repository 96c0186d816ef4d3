// crowd.js - meshes that share their shape and material are drawn at once: a thousand draws are too much for a frame.
import { InstancedMesh } from 'three';

/** The layer that the cameras of a stage see. Rays look at layer 0: they meet each mesh, and not the crowd that is drawn for it. */
export const DRAWN = 1;

/** Fewer are drawn one by one. */
const MANY = 16;

/**
 * Alike enough to be drawn at once: what deforms or has to be sorted is not.
 * @param {any} object
 */
const isPlain = (object) =>
  object.isMesh && !object.isSkinnedMesh && !object.isInstancedMesh && !object.morphTargetInfluences &&
  !Array.isArray(object.material) && !object.material.transparent;

/**
 * The object and all that it stands in are shown.
 * @param {any} object
 */
function isShown(object) {
  for (let at = object; at; at = at.parent) if (!at.visible) return false;
  return true;
}

/** Some meshes of one shape and one material. */
class Crowd {
  /** @param {any[]} meshes */
  constructor(meshes) {
    const [{ geometry, material }] = meshes;
    this.meshes = meshes;
    this.drawn = new InstancedMesh(geometry, material, meshes.length);
    this.drawn.frustumCulled = false; // its box would have to be found anew in every frame
    this.drawn.layers.set(DRAWN);
    for (const mesh of meshes) mesh.layers.disable(DRAWN);
  }

  /** Takes over where its meshes are. One that is no longer alike is drawn by itself from now on. */
  follow() {
    const { material } = this.drawn;
    const alike = (/** @type {any} */ mesh) => mesh.material === material && !mesh.material.transparent && mesh.matrixWorld.determinant() > 0;
    let count = 0;
    for (const mesh of this.meshes) {
      if (!isShown(mesh)) continue;
      if (alike(mesh)) this.drawn.setMatrixAt(count++, mesh.matrixWorld);
      else mesh.layers.enable(DRAWN);
    }
    this.meshes = this.meshes.filter((mesh) => !mesh.layers.isEnabled(DRAWN));
    this.drawn.count = count;
    this.drawn.instanceMatrix.needsUpdate = true;
  }
}

export class Crowds {
  #crowds;

  /**
   * Puts what is below `root` on the layer that is drawn, and meshes of which there are many into crowds.
   * @param {any} root
   */
  constructor(root) {
    /** @type {Map<string, any[]>} */
    const alike = new Map();
    root.traverse((/** @type {any} */ object) => {
      object.layers.enable(DRAWN);
      if (!isPlain(object)) return;
      const key = `${object.geometry.uuid} ${object.material.uuid}`;
      const meshes = alike.get(key);
      if (meshes) meshes.push(object);
      else alike.set(key, [object]);
    });
    this.#crowds = [...alike.values()].filter((meshes) => meshes.length >= MANY).map((meshes) => new Crowd(meshes));
    /** What is drawn in their place, for the scene. */
    this.drawn = this.#crowds.map((crowd) => crowd.drawn);
  }

  /** After the matrices of the world are up to date, before they are drawn. */
  follow() {
    for (const crowd of this.#crowds) crowd.follow();
  }

  /** Shapes and materials are the meshes' own. */
  dispose() {
    for (const drawn of this.drawn) {
      drawn.removeFromParent();
      drawn.dispose();
    }
  }
}
