// models.js - the interactive models that the glTF page brings along: each is built when it is asked for.
import { Behaviour, bool, float, int, ref, socket, vector } from './behaviour.js';
import { Glb, ball, block, cylinder, rotation, turned } from './glb.js';

const EMISSIVE = '/materials/#/emissiveFactor';
const COLOUR = '/materials/#/pbrMetallicRoughness/baseColorFactor';

/** @param {string} pointer @param {number} index */
const of = (pointer, index) => pointer.replace('#', String(index));

/** What cannot be selected, nor seen as hovered. */
const SCENERY = { extensions: { KHR_node_selectability: { selectable: false }, KHR_node_hoverability: { hoverable: false } } };

/** A disc to stand on. @param {Glb} glb @param {number} radius @param {number[]} colour */
function ground(glb, radius, colour) {
  const material = glb.material('ground', colour, { roughness: 0.95 });
  glb.node('ground', { mesh: glb.mesh(cylinder(radius, 0.06, 64), material), translation: [0, -0.06, 0], ...SCENERY });
}

// --- a lamp: select, hover, interpolation, events in and out ---------------------------------------

/** A lamp that a click switches, and that brightens under the pointer. */
export function lamp() {
  const glb = new Glb();
  ground(glb, 1.7, [0.36, 0.25, 0.17]);
  const brass = glb.material('brass', [0.72, 0.53, 0.26], { roughness: 0.35, metallic: 0.6 });
  const cloth = glb.material('cloth', [0.62, 0.2, 0.16], { roughness: 0.85, doubleSided: true, emissiveFactor: [0, 0, 0] });
  const glass = glb.material('glass', [0.9, 0.88, 0.8], { roughness: 0.2, emissiveFactor: [0, 0, 0] });
  const bulb = glb.light({ type: 'point', color: [1, 0.78, 0.5], intensity: 0, range: 8 });

  const whole = glb.node('lamp');
  const foot = turned([[0, 0], [0.46, 0], [0.46, 0.05], [0.12, 0.12], [0.05, 0.16], [0.045, 1.15], [0, 1.15]], 48);
  glb.node('foot', { mesh: glb.mesh(foot, brass) }, whole);
  glb.node('shade', { mesh: glb.mesh(turned([[0.62, 0.98], [0.36, 1.62]], 64), cloth) }, whole);
  glb.node('bulb', { mesh: glb.mesh(ball(0.13), glass), translation: [0, 1.26, 0] }, whole);
  glb.node('light', { translation: [0, 1.26, 0], extensions: { KHR_lights_punctual: { light: bulb } } }, whole);

  const b = new Behaviour();
  b.variable('on', bool(false));
  b.variable('brightness', float(1));
  b.event('lamp/set', { on: bool(true), brightness: float(1) });
  b.event('lamp/switched', { on: bool(false) });

  const click = b.on('onSelect', { nodeIndex: whole });
  const clicked = b.write(click, { on: b.math('not', b.read('on')) });
  const told = b.receive('lamp/set');
  const set = b.write(told, { on: socket(told, 'on'), brightness: socket(told, 'brightness') });
  const light = b.select(b.read('on'), b.read('brightness'), float(0));
  const three = b.op('math/combine3', { values: { a: light, b: light, c: light } });
  const said = b.send([clicked, set], 'lamp/switched', { on: b.read('on') });
  const logged = b.log(said, 'the lamp is on: {on}', { on: b.read('on') });
  const shone = b.glide(logged, `/extensions/KHR_lights_punctual/lights/${bulb}/intensity`, 'float', b.math('mul', light, float(14)), 0.5);
  const warmed = b.glide(shone, of(EMISSIVE, cloth), 'float3', b.math('mul', three, vector(0.85, 0.3, 0.12)), 0.5);
  b.glide(warmed, of(EMISSIVE, glass), 'float3', b.math('mul', three, vector(1, 0.84, 0.55)), 0.3);

  b.glide(b.on('onHoverIn', { nodeIndex: whole }), of(COLOUR, cloth), 'float4', vector(0.86, 0.36, 0.28, 1), 0.15);
  b.glide(b.on('onHoverOut', { nodeIndex: whole }), of(COLOUR, cloth), 'float4', vector(0.62, 0.2, 0.16, 1), 0.3);
  glb.interactivity({ name: 'lamp', ...b.graph });
  return glb.bytes();
}

// --- a fan: an animation of the file, started, stopped and turned at several speeds ----------------

/** A fan with three speeds: a click, or an event, sets it going. */
export function fan() {
  const glb = new Glb();
  ground(glb, 1.5, [0.2, 0.24, 0.28]);
  const body = glb.material('body', [0.85, 0.87, 0.88], { roughness: 0.4 });
  const wing = glb.material('wing', [0.08, 0.42, 0.5], { roughness: 0.35, doubleSided: true });
  const button = glb.material('button', [0.75, 0.16, 0.1], { emissiveFactor: [0, 0, 0] });

  const whole = glb.node('fan');
  glb.node('foot', { mesh: glb.mesh(turned([[0, 0], [0.5, 0], [0.5, 0.08], [0.1, 0.14], [0.06, 0.2], [0.06, 1.4], [0, 1.4]], 48), body) }, whole);
  glb.node('button', { mesh: glb.mesh(ball(0.08), button), translation: [0, 0.12, 0.36] }, whole);
  const head = glb.node('head', { translation: [0, 1.4, 0] }, whole);
  const motor = turned([[0, -0.3], [0.16, -0.3], [0.2, 0.06], [0, 0.06]], 40);
  glb.node('motor', { mesh: glb.mesh(motor, body), rotation: rotation([1, 0, 0], Math.PI / 2) }, head);
  const rotor = glb.node('rotor', { translation: [0, 0, 0.14] }, head);
  const blade = glb.mesh(block(0.24, 0.62, 0.025), wing);
  for (const quarter of [0, 1, 2, 3]) {
    const arm = glb.node(`arm ${quarter}`, { rotation: rotation([0, 0, 1], (quarter * Math.PI) / 2) }, rotor);
    glb.node(`blade ${quarter}`, { mesh: blade, translation: [0, 0.4, 0], rotation: rotation([0, 1, 0], 0.45) }, arm);
  }
  glb.node('hub', { mesh: glb.mesh(ball(0.11), body) }, rotor);
  const quarters = [0, 1, 2, 3, 4];
  const spin = glb.animation('spin', [
    { node: rotor, path: 'rotation', times: quarters, values: quarters.map((k) => rotation([0, 0, 1], (-k * Math.PI) / 2)) },
  ]);

  const b = new Behaviour();
  b.variable('level', int(0));
  b.event('fan/level', { level: int(1) });
  const click = b.on('onSelect', { nodeIndex: whole });
  const stepped = b.write(click, { level: b.math('rem', b.math('add', b.read('level'), int(1)), int(4)) });
  const told = b.receive('fan/level');
  const set = b.write(told, { level: b.math('clamp', socket(told, 'level'), int(0), int(3)) });
  const level = b.read('level');
  const logged = b.log([stepped, set], 'the fan turns at level {level}', { level });
  const speed = b.math('mul', b.op('type/intToFloat', { values: { a: level } }), float(2.5));
  const light = b.op('math/combine3', { values: { a: b.math('mul', speed, float(0.1)), b: float(0), c: float(0) } });
  const lit = b.set(logged, of(EMISSIVE, button), 'float3', light);
  const { yes, no } = b.branch(lit, b.math('gt', level, int(0)));
  const playhead = b.get(`/animations/${spin}/extensions/KHR_interactivity/playhead`, 'float');
  const startTime = b.select(b.math('isNaN', playhead), float(0), playhead);
  const endTime = b.op('math/Inf');
  b.op('animation/start', { after: yes, values: { animation: ref(`/animations/${spin}`), startTime, endTime, speed } });
  b.op('animation/stop', { after: no, values: { animation: ref(`/animations/${spin}`) } });
  glb.interactivity({ name: 'fan', ...b.graph });
  return glb.bytes();
}

// --- a flock: one graph that moves and turns a thousand nodes in every frame -----------------------

const BIRDS = 1000;

/** A thousand birds behind a leader nobody sees. */
export function flock() {
  const glb = new Glb();
  const colours = [[0.93, 0.47, 0.2], [0.95, 0.68, 0.25], [0.36, 0.55, 0.75], [0.22, 0.34, 0.55], [0.85, 0.3, 0.3]];
  const dart = lying(turned([[0, -0.1], [0.055, -0.1], [0, 0.16]], 5));
  const meshes = colours.map((colour, i) => glb.mesh(dart, glb.material(`feathers ${i}`, colour, { roughness: 0.7 })));
  const random = randomNumbers(7);
  const first = glb.json.nodes.length;
  for (let i = 0; i < BIRDS; i += 1) {
    const translation = [random() * 6 - 3, random() * 3 - 1.5, random() * 6 - 3];
    glb.node(`bird ${i}`, { mesh: meshes[i % meshes.length], translation, rotation: rotation([0, 1, 0], random() * 2 * Math.PI) });
  }

  const b = new Behaviour();
  b.variable('speed', float(2));
  b.variable('spread', float(1.8));
  b.event('flock/speed', { speed: float(4) });
  b.event('flock/spread', { spread: float(4) });
  const faster = b.receive('flock/speed');
  b.write(faster, { speed: socket(faster, 'speed') });
  const wider = b.receive('flock/spread');
  b.write(wider, { spread: socket(wider, 'spread') });

  const tick = b.on('onTick');
  const time = socket(tick, 'timeSinceStart');
  const last = socket(tick, 'timeSinceLastTick');
  const step = b.select(b.math('isNaN', last), float(0), b.math('min', last, float(0.05)));
  const wave = (/** @type {string} */ op, /** @type {number} */ rate) => b.math(op, b.math('mul', time, float(rate)));
  const path = b.math('combine3', wave('sin', 0.53), wave('sin', 0.81), wave('cos', 0.47));
  const leader = b.math('mul', path, vector(2.4, 0.9, 2.4));

  const { index, body } = b.loop(tick, int(BIRDS));
  const node = { node: b.math('add', index, int(first)) };
  const number = b.op('type/intToFloat', { values: { a: index } });
  const own = (/** @type {number} */ rate) => b.math('sin', b.math('add', b.math('mul', number, float(rate)), time));
  const spread = b.read('spread');
  const about = b.math('mul', b.math('combine3', own(1.7), own(2.9), own(4.3)), b.math('combine3', spread, spread, spread));
  const place = b.get('/nodes/[node]/translation', 'float3', node);
  const turn = b.get('/nodes/[node]/rotation', 'float4', node);
  const ahead = b.op('math/rotate3D', { values: { a: vector(0, 0, 1), rotation: turn } });
  const wanted = b.math('normalize', b.math('sub', b.math('add', leader, about), place));
  const eager = b.math('mul', step, float(2.2));
  const heading = b.math('normalize', b.math('mix', ahead, wanted, b.math('combine3', eager, eager, eager)));
  const stride = b.math('mul', step, b.read('speed'));
  const next = b.math('add', place, b.math('mul', heading, b.math('combine3', stride, stride, stride)));
  const facing = b.op('math/quatFromUpForward', { values: { up: vector(0, 1, 0), forward: heading } });
  b.set(b.set(body, '/nodes/[node]/translation', 'float3', next, node), '/nodes/[node]/rotation', 'float4', facing, node);
  glb.interactivity({ name: 'flock', ...b.graph });
  return glb.bytes();
}

/** A shape that stood along y, along z. @param {import('./glb.js').Shape} shape */
function lying({ positions, normals, indices }) {
  const turn = (/** @type {number[]} */ values) => values.map((_, i) => (i % 3 === 0 ? values[i] : i % 3 === 1 ? -values[i + 1] : values[i - 1]));
  return { positions: turn(positions), normals: turn(normals), indices };
}

/** Numbers from 0 to 1, the same every time. @param {number} seed */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// --- a sea: as much work as is asked for, in every tick --------------------------------------------

const SIDE = 24;

/** A field of columns, each the sum of waves. An event says how many: from a few to more than any frame has room for. */
export function sea() {
  const glb = new Glb();
  const depth = Array.from({ length: 6 }, (_, i) => glb.material(`water ${i}`, [0.02 + 0.02 * i, 0.16 + 0.07 * i, 0.3 + 0.07 * i], { roughness: 0.35 }));
  const column = block(0.92, 1, 0.92);
  const meshes = depth.map((material) => glb.mesh({ ...column, positions: column.positions.map((at, i) => (i % 3 === 1 ? at + 0.5 : at)) }, material));
  const whole = glb.node('sea', { scale: [0.25, 0.25, 0.25] });
  const first = glb.json.nodes.length;
  const random = randomNumbers(3);
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const at = (/** @type {number} */ k) => k - (SIDE - 1) / 2;
    glb.node(`column ${i}`, { mesh: meshes[Math.floor(random() * meshes.length)], translation: [at(i % SIDE), 0, at(Math.floor(i / SIDE))] }, whole);
  }

  const b = new Behaviour();
  b.variable('waves', int(4));
  b.variable('ticks', int(0));
  b.variable('sum', float(0));
  b.variable('drop', vector(0, 0, 0));
  b.variable('dropped', float(-100));
  b.variable('time', float(0));
  b.event('sea/waves', { count: int(2000) });
  const told = b.receive('sea/waves');
  b.write(told, { waves: socket(told, 'count') });
  const click = b.on('onSelect', { nodeIndex: whole });
  b.write(click, { drop: b.math('mul', socket(click, 'selectionPoint'), vector(4, 0, 4)), dropped: b.read('time') });

  const tick = b.on('onTick');
  const time = socket(tick, 'timeSinceStart');
  const counted = b.write(tick, { ticks: b.math('add', b.read('ticks'), int(1)), time });
  const { index, body } = b.loop(counted, b.op('math/mul', { values: { a: int(SIDE), b: int(SIDE) } }));
  const node = { node: b.math('add', index, int(first)) };
  const number = (/** @type {import('./behaviour.js').Input} */ a) => b.op('type/intToFloat', { values: { a } });
  const x = b.math('sub', number(b.math('rem', index, int(SIDE))), float((SIDE - 1) / 2));
  const z = b.math('sub', number(b.math('div', index, int(SIDE))), float((SIDE - 1) / 2));

  const reset = b.write(body, { sum: float(0) });
  const each = b.op('flow/for', { after: reset, values: { startIndex: int(0), endIndex: b.read('waves') }, configuration: { initialIndex: [0] } });
  const k = b.math('add', number(socket(each, 'index')), float(1));
  const along = b.math('add', b.math('mul', x, b.math('sin', b.math('mul', k, float(1.3)))), b.math('mul', z, b.math('cos', b.math('mul', k, float(1.3)))));
  const phase = b.math('add', b.math('mul', along, float(0.42)), b.math('mul', time, b.math('add', float(0.8), b.math('div', k, float(9)))));
  const height = b.math('div', b.math('sin', phase), k);
  b.write(socket(each, 'loopBody'), { sum: b.math('add', b.read('sum'), height) });

  const away = b.op('math/length', { values: { a: b.math('sub', b.math('combine3', x, float(0), z), b.read('drop')) } });
  const age = b.math('sub', time, b.read('dropped'));
  const fading = b.math('exp', b.math('neg', b.math('add', b.math('mul', age, float(1.1)), b.math('mul', away, float(0.25)))));
  const ring = b.math('mul', fading, b.math('cos', b.math('sub', b.math('mul', away, float(1.6)), b.math('mul', age, float(7)))));
  const level = b.math('add', float(2.6), b.math('add', b.read('sum'), b.math('mul', ring, float(2.5))));
  b.set(socket(each, 'completed'), '/nodes/[node]/scale', 'float3', b.math('combine3', float(1), level, float(1)), node);
  glb.interactivity({ name: 'sea', ...b.graph });
  return glb.bytes();
}

/** All of them, as the page offers them. */
export const MODELS = [
  { id: 'lamp', title: 'Lamp', about: 'Click it to switch it; point at it and the shade brightens.', build: lamp },
  { id: 'fan', title: 'Fan', about: 'An animation of the file: each click is the next of three speeds, then off.', build: fan },
  { id: 'flock', title: 'Flock', about: 'A thousand birds, each moved and turned by one graph in every frame.', build: flock },
  { id: 'sea', title: 'Sea', about: 'Click for a drop. Send sea/waves with 2000: far too much for a frame, and the page keeps its pace.', build: sea },
];
