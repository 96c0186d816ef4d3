// stage.js - where a model stands: the renderer, light, the camera that goes round it and the model's own, all of three.js.
import {
  Box3, DataTexture, DirectionalLight, EquirectangularReflectionMapping, FloatType, HemisphereLight, LinearFilter,
  NeutralToneMapping, PMREMGenerator, PerspectiveCamera, Scene, Sphere, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { Crowds, DRAWN } from './crowd.js';

/** Where one looks from at first: a little from the right and from above. */
const FROM = new Vector3(0.55, 0.4, 1).normalize();

/** How bright the room is: less where the model brings its own lights. */
const ROOM = { alone: 1, withLights: 0.4 };

export class Stage {
  #canvas;
  #renderer;
  #controls;
  #scene = new Scene();
  #orbit = new PerspectiveCamera(40, 1, 0.01, 100);
  /** @type {any} what is shown, as GLTFLoader gave it */
  #gltf = null;
  /** @type {Crowds | null} what of it is drawn at once */
  #crowds = null;
  /** Makes the room as bright as it should be. @type {((share: number) => void) | null} */
  #shine = null;

  /**
   * Throws where there is no WebGL.
   * @param {HTMLCanvasElement} canvas
   */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#renderer.toneMapping = NeutralToneMapping;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.#controls = new OrbitControls(this.#orbit, canvas);
    this.#controls.enableDamping = false;
    this.#controls.listenToKeyEvents(/** @type {any} */ (canvas));
    this.#scene.matrixWorldAutoUpdate = false; // crowds have to look at them in between
    this.#orbit.layers.set(DRAWN);
    /** The camera that is looked through. @type {any} */
    this.camera = this.#orbit;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width > 0 && height > 0) this.#renderer.setSize(width, height, false);
  }

  /** The light of a room, made when there is something to shine on. */
  #light() {
    if (isSoftware(this.#renderer)) return this.#lightByLamps();
    const generator = new PMREMGenerator(this.#renderer);
    const picture = room();
    this.#scene.environment = generator.fromEquirectangular(picture).texture;
    picture.dispose();
    generator.dispose();
    return (/** @type {number} */ share) => void (this.#scene.environmentIntensity = share);
  }

  /** Where the processor makes the pictures, a room that mirrors in things would take seconds, and then half of each frame. */
  #lightByLamps() {
    const lamps = [new HemisphereLight(0xfffaf4, 0x8a8580, 1.7), new DirectionalLight(0xfff6ea, 1.9), new DirectionalLight(0xdfe9ff, 0.7)];
    const full = lamps.map(({ intensity }) => intensity);
    lamps[1].position.set(2, 4, 3);
    lamps[2].position.set(-3, 1, 2);
    for (const lamp of lamps) lamp.layers.enable(DRAWN);
    this.#scene.add(...lamps);
    return (/** @type {number} */ share) => lamps.forEach((lamp, i) => (lamp.intensity = share * full[i]));
  }

  /**
   * Shows a model in place of the one before.
   * @param {any} gltf what GLTFLoader gave
   * @returns {any[]} its cameras, as they stand in the scene
   */
  show(gltf) {
    this.clear();
    this.#gltf = gltf;
    this.#scene.add(gltf.scene);
    this.#crowds = new Crowds(gltf.scene);
    for (const drawn of this.#crowds.drawn) this.#scene.add(drawn);
    const cameras = /** @type {any[]} */ ([]);
    let lit = false;
    gltf.scene.traverse((/** @type {any} */ object) => {
      if (object.isCamera) {
        object.layers.set(DRAWN);
        cameras.push(object);
      }
      lit ||= object.isLight;
    });
    this.#shine ??= this.#light();
    this.#shine(lit ? ROOM.withLights : ROOM.alone);
    this.#frame();
    this.lookThrough(cameras[0] ?? null);
    this.render(); // programs are compiled, and buffers filled: no frame later waits for it
    return cameras;
  }

  /** Puts the camera where all of the model is in view. */
  #frame() {
    this.#scene.updateMatrixWorld(true);
    const { center, radius } = new Box3().setFromObject(this.#gltf.scene).getBoundingSphere(new Sphere());
    const size = radius > 0 ? radius : 1;
    const distance = (0.9 * size) / Math.sin((this.#orbit.fov * Math.PI) / 360);
    this.#orbit.position.copy(center).addScaledVector(FROM, distance);
    this.#orbit.near = size / 100;
    this.#orbit.far = size * 100;
    this.#controls.target.copy(radius > 0 ? center : new Vector3());
    this.#controls.update();
  }

  /** @param {any} camera null: the one that goes round */
  lookThrough(camera) {
    this.camera = camera ?? this.#orbit;
    this.#controls.enabled = this.camera === this.#orbit;
  }

  render() {
    if (!this.#gltf) return;
    const aspect = this.#canvas.clientWidth / Math.max(this.#canvas.clientHeight, 1);
    if (this.camera.isPerspectiveCamera && this.camera.aspect !== aspect) {
      this.camera.aspect = aspect; // the window's: a model's own would be drawn out of shape
      this.camera.updateProjectionMatrix();
    }
    this.#scene.updateMatrixWorld();
    this.#crowds?.follow();
    this.#renderer.render(this.#scene, this.camera);
  }

  /** Lets go of the model and of its place in the graphics memory. */
  clear() {
    this.lookThrough(null);
    this.#crowds?.dispose();
    this.#crowds = null;
    this.#gltf?.scene.removeFromParent();
    this.#gltf?.scene.traverse((/** @type {any} */ object) => {
      object.geometry?.dispose();
      object.skeleton?.dispose();
      for (const material of [object.material ?? []].flat()) disposeMaterial(material);
    });
    this.#gltf = null;
    this.#renderer.clear();
  }
}

/** @param {WebGLRenderer} renderer */
function isSoftware(renderer) {
  const gl = renderer.getContext();
  const name = gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(gl.getParameter(name)));
}

/** Width and height of the picture of the room: what is rough shows no more. */
const [WIDE, HIGH] = [128, 64];

/** Lamps of the room: where round and up (shares of the picture), how large, how bright. */
const LAMPS = [
  { u: 0.62, v: 0.78, size: 0.07, light: 9 },
  { u: 0.2, v: 0.68, size: 0.09, light: 3 },
  { u: 0.88, v: 0.6, size: 0.05, light: 2 },
];

/** A room of soft light as a picture all around: bright above, darker below, with a few lamps. */
function room() {
  const pixels = new Float32Array(WIDE * HIGH * 4).fill(1);
  for (let i = 0; i < WIDE * HIGH; i += 1) {
    const [u, v] = [((i % WIDE) + 0.5) / WIDE, (Math.floor(i / WIDE) + 0.5) / HIGH];
    const shade = 0.16 + 0.4 * v * v;
    const lamps = LAMPS.map((lamp) => lamp.light * Math.exp(-((u - lamp.u) ** 2 + ((v - lamp.v) / 2) ** 2) / lamp.size ** 2));
    const light = lamps.reduce((sum, one) => sum + one, shade);
    pixels.set([light, light * 0.985, light * 0.96], 4 * i);
  }
  const texture = new DataTexture(pixels, WIDE, HIGH, undefined, FloatType, EquirectangularReflectionMapping);
  texture.magFilter = texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** @param {any} material */
function disposeMaterial(material) {
  for (const value of Object.values(material)) if (value?.isTexture) value.dispose();
  material.dispose();
}
