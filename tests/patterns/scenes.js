// scenes.js - patterns with a glTF around the graph: animations on the endless timeline, selects and hovers that rise.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../harness.js';
import { from, int, scene, unset } from './scene.js';

const STATE = '/extensions/KHR_interactivity';
const SLIDE = '/animations/0';

/** Node 0 goes from 0 to 2 along x in two seconds; T = 2. */
const slide = { channels: [{ node: 0, path: 'translation', times: [0, 1, 2], values: [[0, 0, 0], [1, 0, 0], [2, 0, 0]] }] };

const log = (id, message, values) => ({ id, op: 'debug/log', config: { severity: 0, message }, values });
const onStart = (out) => ({ id: 'begin', op: 'event/onStart', flows: { out } });
const sequence = (id, ...edges) => ({ id, op: 'flow/sequence', flows: Object.fromEntries(edges.map((edge, i) => [String.fromCharCode(97 + i), edge])) });
const delay = (id, duration, done) => ({ id, op: 'flow/setDelay', values: { duration }, flows: { done } });
const start = (id, startTime, endTime, flows = {}, { speed = 1, animation = SLIDE } = {}) => ({ id, op: 'animation/start', values: { animation, startTime, endTime, speed }, flows });
const stopAt = (id, stopTime, flows = {}, animation = SLIDE) => ({ id, op: 'animation/stopAt', values: { animation, stopTime }, flows });
const stop = (id, flows = {}, animation = SLIDE) => ({ id, op: 'animation/stop', values: { animation }, flows });
const get = (id, pointer, type) => ({ id, op: 'pointer/get', config: { pointer, type } });
const inf = { id: 'inf', op: 'math/Inf' };
const minusInf = { id: 'minusInf', op: 'math/neg', values: { a: from('inf') } };

/** What an animation does: its node's x, then its four states. */
const state = [
  get('position', '/nodes/0/translation', 'float3'),
  get('playing', `${SLIDE}${STATE}/isPlaying`, 'bool'),
  get('head', `${SLIDE}${STATE}/playhead`, 'float'),
  get('virtual', `${SLIDE}${STATE}/virtualPlayhead`, 'float'),
];
const tell = (id, word) => log(id, `${word} {x} {on} {head} {virtual}`, { x: from('position'), on: from('playing'), head: from('head'), virtual: from('virtual') });
const onTick = (out) => ({ id: 'tick', op: 'event/onTick', flows: { out } });

const asset = { nodes: [{}], animations: [slide] };

/** One such animation for each of `count` nodes. */
const many = (count) => ({
  nodes: Array.from({ length: count }, () => ({})),
  animations: Array.from({ length: count }, (_, node) => ({ channels: [{ ...slide.channels[0], node }] })),
});
const nth = (k) => `/animations/${k}`;

const at = (x) => `(${x}, 0, 0)`;
const say = (id, word = id) => log(id, word);

/** Starts one animation and tells of each tick. */
const played = (startTime, endTime, speed = 1, before = []) => [
  ...before, ...state, onTick('watch'), tell('watch', 'tick'), onStart('go'), start('go', startTime, endTime, { done: 'done', err: 'err' }, { speed }),
  tell('done', 'done'), tell('err', 'err'),
];

/** A second thing to happen, after so many seconds. */
const later = (seconds, edge) => [{ id: 'begin', op: 'event/onStart', flows: { out: 'first' } }, sequence('first', 'go', 'wait'), delay('wait', seconds, edge)];

/** Nodes of the glTF: 0 holds 1, 1 holds 2 and 3; 4 stands alone. */
const family = { nodes: [{ children: [1] }, { children: [2, 3] }, {}, {}, {}] };

const SELECT = { op: 'event/onSelect', extension: 'KHR_node_selectability', outputs: { selectedNode: 'ref', controllerIndex: 'int', selectionPoint: 'float3', selectionRayOrigin: 'float3', event: 'ref' } };
const HOVER_IN = { op: 'event/onHoverIn', extension: 'KHR_node_hoverability', outputs: { hoveredNode: 'ref', controllerIndex: 'int', event: 'ref' } };
const HOVER_OUT = { ...HOVER_IN, op: 'event/onHoverOut' };

/** A handler of a node; on the way to its line, with `halt`, stopPropagation of what handler `halt.of` heard. */
const handler = (op, id, node, halt) => [
  { ...op, id, config: { nodeIndex: int(node) }, flows: { out: halt ? `${id}-halt` : `${id}!` } },
  ...(halt ? [{ id: `${id}-halt`, op: 'event/stopPropagation', values: { event: from(`${halt.of}:event`), stopImmediate: halt.now }, flows: { out: `${id}!` } }] : []),
];

/** The same and the line it writes. */
const onSelect = (id, node, halt) => [
  ...handler(SELECT, id, node, halt),
  log(`${id}!`, `${id} {node} {controller} {point} {origin}`, { node: from(`${id}:selectedNode`), controller: from(`${id}:controllerIndex`), point: from(`${id}:selectionPoint`), origin: from(`${id}:selectionRayOrigin`) }),
];
const onHover = (op, id, node, halt) => [
  ...handler(op, id, node, halt),
  log(`${id}!`, `${id} {node} {controller}`, { node: from(`${id}:hoveredNode`), controller: from(`${id}:controllerIndex`) }),
];
const hovers = [...[0, 1, 2, 3, 4].flatMap((node) => onHover(HOVER_IN, `in${node}`, node)), ...[0, 1, 2, 3, 4].flatMap((node) => onHover(HOVER_OUT, `out${node}`, node))];

/** Node 0 moves to (2, 0, 0) in half a second, slowly at both ends; each tick tells where it is. */
const glide = (before, ...after) => [
  get('position', '/nodes/0/translation', 'float3'), onTick('watch'), log('watch', 'tick {x}', { x: from('position') }), ...before,
  {
    id: 'glide', op: 'pointer/interpolate', config: { pointer: '/nodes/0/translation', type: 'float3' },
    values: { value: [2, 0, 0], duration: 0.5, p1: [0.5, 0], p2: [0.5, 1] }, flows: { err: 'err', done: 'done' },
  },
  log('done', 'done {x}', { x: from('position') }), say('err'), ...after,
];

/** By name: the asset, the graph's nodes, and what must come of it. */
const scenes = {
  'glide': {
    why: 'halfway in time both halves of the curve meet: half the way; at its end it is there exactly, before the tick',
    words: ['--tick', '250', '--until', '0.75'],
    asset: { nodes: [{}] },
    nodes: glide([onStart('glide')]),
    log: ['tick (0, 0, 0)', 'tick (1, 0, 0)', 'done (2, 0, 0)', 'tick (2, 0, 0)', 'tick (2, 0, 0)'],
  },
  'glide-cut': {
    why: 'a write of the same property after 0.25 s ends the movement: its done never comes',
    words: ['--tick', '250', '--until', '0.75'],
    asset: { nodes: [{}] },
    nodes: glide([onStart('first'), sequence('first', 'glide', 'wait'), delay('wait', 0.25, 'cut')], {
      id: 'cut', op: 'pointer/set', config: { pointer: '/nodes/0/translation', type: 'float3' }, values: { value: [5, 0, 0] },
    }),
    log: ['tick (0, 0, 0)', 'tick (5, 0, 0)', 'tick (5, 0, 0)', 'tick (5, 0, 0)'],
  },
  'animation-play': {
    why: 'T = 2: steps of 0.5 from 0 to 2, each before the tick; done finds the entry gone and the pose at 2; the ticks after it change nothing',
    words: ['--tick', '500', '--until', '2.5'],
    asset,
    nodes: [...state, onTick('watch'), tell('watch', 'tick'), onStart('go'), start('go', 0, 2, { out: 'out', done: 'done', err: 'err' }), tell('out', 'out'), tell('done', 'done'), tell('err', 'err')],
    log: [
      `out ${at(0)} true 0 0`, `tick ${at(0)} true 0 0`, `tick ${at(0.5)} true 0.5 0.5`, `tick ${at(1)} true 1 1`, `tick ${at(1.5)} true 1.5 1.5`,
      `done ${at(2)} false 2 2`, `tick ${at(2)} false 2 2`, `tick ${at(2)} false 2 2`,
    ],
    status: 'idle',
  },
  'animation-backwards': {
    why: 'end < start plays backwards, at twice the speed: 2, 1, 0',
    words: ['--tick', '500', '--until', '1.5'],
    asset,
    nodes: played(2, 0, 2),
    log: [`tick ${at(2)} true 2 2`, `tick ${at(1)} true 1 1`, `done ${at(0)} false 0 0`, `tick ${at(0)} false 0 0`, `tick ${at(0)} false 0 0`],
  },
  'animation-wraps': {
    why: 'r > 0: t = r - ceil((r - 2) / 2) * 2, so 2 and 4 are 2, not 0; an infinite end never comes',
    words: ['--tick', '500', '--until', '3'],
    asset,
    nodes: played(1.5, from('inf'), 1, [inf]),
    log: [
      `tick ${at(1.5)} true 1.5 1.5`, `tick ${at(2)} true 2 2`, `tick ${at(0.5)} true 0.5 2.5`, `tick ${at(1)} true 1 3`, `tick ${at(1.5)} true 1.5 3.5`,
      `tick ${at(2)} true 2 4`, `tick ${at(0.5)} true 0.5 4.5`,
    ],
  },
  'animation-wraps-backwards': {
    why: 'r <= 0: t = r - floor(r / 2) * 2: -0.5 is 1.5, -1 is 1, -2 is 0',
    words: ['--tick', '500', '--until', '3'],
    asset,
    nodes: played(0.5, from('minusInf'), 1, [inf, minusInf]),
    log: [
      `tick ${at(0.5)} true 0.5 0.5`, `tick ${at(0)} true 0 0`, `tick ${at(1.5)} true 1.5 -0.5`, `tick ${at(1)} true 1 -1`, `tick ${at(0.5)} true 0.5 -1.5`,
      `tick ${at(0)} true 0 -2`, `tick ${at(1.5)} true 1.5 -2.5`,
    ],
  },
  'animation-outside': {
    why: 'times outside the clip: from -1 (t = 1) to 3.5, where done finds t = 1.5; 3 s at speed 1.5',
    words: ['--tick', '1000', '--until', '3'],
    asset,
    nodes: played(-1, 3.5, 1.5),
    log: [`tick ${at(1)} true 1 -1`, `tick ${at(0.5)} true 0.5 0.5`, `tick ${at(2)} true 2 2`, `done ${at(1.5)} false 1.5 3.5`, `tick ${at(1.5)} false 1.5 3.5`],
  },
  'animation-point': {
    why: 'start == end: that pose at the next update, then done',
    words: ['--tick', '500', '--until', '0.5'],
    asset,
    nodes: played(0.75, 0.75),
    log: [`done ${at(0.75)} false 0.75 0.75`, `tick ${at(0.75)} false 0.75 0.75`, `tick ${at(0.75)} false 0.75 0.75`],
  },
  'animation-quiet': {
    why: 'an animation with an end keeps a run going until it has come, whatever the tick; done finds the pose at the end',
    ticks: [1, 16, 1000],
    asset,
    nodes: [...state, onStart('go'), start('go', 0, 2, { done: 'done' }), tell('done', 'done')],
    log: [[`done ${at(2)} false 2 2`, 2]],
    status: 'done',
  },
  'animation-endless': {
    why: 'one without an end holds no run open, but is alive: idle after the first tick',
    ticks: [1, 16, 1000],
    asset,
    nodes: [...state, inf, onStart('go'), start('go', 0, from('inf'), { done: 'done' }), say('done')],
    log: [],
    status: 'idle',
  },
  'animation-stop-holds': {
    why: 'stopAt gives an endless one an end: 4.5 is reached whatever the tick, and t = 0.5',
    ticks: [1, 16, 500],
    asset,
    nodes: [...state, inf, onStart('go'), start('go', 0, from('inf'), { out: 'until', done: 'wrong' }), stopAt('until', 4.5, { out: 'out', done: 'done' }), say('out'), tell('done', 'done'), say('wrong')],
    log: ['out', `done ${at(0.5)} false 0.5 4.5`],
    status: 'done',
  },
  'animation-stop-at': {
    why: 'the stop time is passed at 1: pose and playhead are those of 0.75, stopAt.done is activated and start.done is not',
    words: ['--tick', '500', '--until', '2.5'],
    asset,
    nodes: [...state, onStart('go'), start('go', 0, 2, { out: 'until', done: 'wrong' }), stopAt('until', 0.75, { done: 'done' }), tell('done', 'done'), say('wrong')],
    log: [[`done ${at(0.75)} false 0.75 0.75`, 1]],
  },
  'animation-stop-at-rules': {
    why: 'at 1 s: 0 stop == end: its own done; 1 a stop already passed rewinds; 2 a stop beyond the end, 3 before the start, 4 and 5 infinite: none; 6 is not playing; 7 backwards, 8 backwards and stop == start',
    words: ['--tick', '250', '--until', '4'],
    asset: many(9),
    nodes: [
      inf, minusInf,
      ...[0, 1, 6, 7, 8].map((k) => get(`x${k}`, `/nodes/${k}/translation`, 'float3')),
      { id: 'begin', op: 'event/onStart', flows: { out: 'all' } },
      { id: 'all', op: 'flow/sequence', flows: Object.fromEntries([...'abcdefghi'].map((key, k) => [key, k === 8 ? 'wait' : `s${k < 6 ? k : k + 1}`])) },
      ...[0, 1, 2, 3, 4, 5].map((k) => start(`s${k}`, 0, 2, { done: `d${k}` }, { animation: nth(k) })),
      ...[7, 8].map((k) => start(`s${k}`, 2, 0, { done: `d${k}` }, { animation: nth(k) })),
      delay('wait', 1, 'then'),
      { id: 'then', op: 'flow/sequence', flows: Object.fromEntries([...'abcdefghi'].map((key, k) => [key, `t${k}`])) },
      ...[2, 0.5, 2.5, -1, from('inf'), from('minusInf'), 1, 1.25, 2].map((time, k) => stopAt(`t${k}`, time, { out: `o${k}`, err: `e${k}`, done: `h${k}` }, nth(k))),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((k) => [say(`o${k}`, `out${k}`), say(`e${k}`, `err${k}`)]),
      ...[0, 1, 6, 7, 8].map((k) => log(`h${k}`, `stopped${k} {x}`, { x: from(`x${k}`) })),
      ...[2, 3, 4, 5].map((k) => say(`h${k}`, `stopped${k}`)),
      ...[0, 1, 2, 3, 4, 5, 7, 8].map((k) => say(`d${k}`, `done${k}`)),
    ],
    log: [
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => [`out${k}`, 1]),
      [`stopped1 ${at(0.5)}`, 1], [`stopped7 ${at(1.25)}`, 1], [`stopped8 ${at(2)}`, 1],
      ['done0', 2], ['done2', 2], ['done3', 2], ['done4', 2], ['done5', 2],
    ],
    status: 'done',
  },
  'animation-stop': {
    why: 'stopped at 1 s, before the update of that tick: the pose of 0.5 stays, no done follows; stopping it again is fine',
    words: ['--tick', '500', '--until', '2.5'],
    asset,
    nodes: [...state, ...later(1, 'halt'), start('go', 0, 2, { done: 'wrong' }), stop('halt', { out: 'again', err: 'wrong' }), stop('again', { out: 'stopped', err: 'wrong' }), tell('stopped', 'stopped'), say('wrong')],
    log: [[`stopped ${at(0.5)} false 0.5 0.5`, 1]],
    status: 'done',
  },
  'animation-restart': {
    why: 'started again at 1 s from 0: the first start is forgotten without done, the second ends at 3 s',
    ticks: [1, 16, 500],
    asset,
    nodes: [...state, ...later(1, 'again'), start('go', 0, 2, { done: 'wrong' }), start('again', 0, 2, { done: 'done' }), tell('done', 'done'), say('wrong')],
    log: [`done ${at(2)} false 2 2`],
    status: 'done',
  },
  'animation-chain': {
    why: 'done may start the animation that has just ended: there and back, 2 s each; the new one begins with the next update',
    words: ['--tick', '500', '--until', '5'],
    asset,
    nodes: [...state, onStart('go'), start('go', 0, 2, { done: 'turn' }), tell('turn', 'turn'), { ...start('back', 2, 0, { out: 'out', done: 'done' }) }, tell('out', 'out'), tell('done', 'done')].map((node) => (node.id === 'turn' ? { ...node, flows: { out: 'back' } } : node)),
    log: [[`turn ${at(2)} false 2 2`, 2], [`out ${at(2)} true 2 2`, 2], [`done ${at(0)} false 0 0`, 4]],
    status: 'done',
  },
  'animation-done-stops': {
    why: 'all three end at 2 s, in the order of their starts: done of the first stops the second, which was next; the third is not passed over',
    words: ['--tick', '500', '--until', '3'],
    asset: many(3),
    nodes: [
      get('x1', '/nodes/1/translation', 'float3'),
      { id: 'begin', op: 'event/onStart', flows: { out: 'all' } }, sequence('all', 's0', 's1', 's2'),
      ...[0, 1, 2].map((k) => start(`s${k}`, 0, 2, { done: `d${k}` }, { animation: nth(k) })),
      stop('d0', { out: 'halted' }, nth(1)), log('halted', 'halted {x}', { x: from('x1') }), say('d1'), say('d2'),
    ],
    log: [[`halted ${at(1.5)}`, 2], ['d2', 2]],
    status: 'done',
  },
  'animation-errors': {
    why: 'null, a node, a start or end that is NaN, a start that is infinite, a speed that is NaN, infinite, 0 or negative: err; animation 1 has times that fall: err, and its times are NaN; stop and stopAt take it',
    words: ['--until', '0'],
    asset: { nodes: [{}], animations: [slide, { channels: [{ node: 0, path: 'scale', times: [1, 0], values: [[1, 1, 1], [1, 1, 1]] }] }] },
    nodes: [
      inf, minusInf, get('last', `${nth(1)}${STATE}/maxTime`, 'float'), get('head1', `${nth(1)}${STATE}/playhead`, 'float'), get('playing1', `${nth(1)}${STATE}/isPlaying`, 'bool'),
      { id: 'begin', op: 'event/onStart', flows: { out: 'all' } },
      { id: 'all', op: 'flow/sequence', flows: Object.fromEntries([...'abcdefghijklmnopq'].map((key, k) => [key, `n${k}`])) },
      ...[
        start('n0', 0, 1, {}, { animation: unset('ref') }), start('n1', 0, 1, {}, { animation: '/nodes/0' }), start('n2', unset('float'), 1), start('n3', from('inf'), 1),
        start('n4', 0, unset('float')), start('n5', 0, 1, {}, { speed: unset('float') }), start('n6', 0, 1, {}, { speed: from('inf') }), start('n7', 0, 1, {}, { speed: 0 }),
        start('n8', 0, 1, {}, { speed: -1 }), start('n9', 0, 1, {}, { animation: nth(1) }), stopAt('n10', unset('float')), stopAt('n11', 1, {}, unset('ref')), stop('n12', {}, '/nodes/0'),
        stop('n13', {}, nth(1)), stopAt('n14', from('inf'), {}, nth(1)), start('n15', from('minusInf'), 1),
      ].map((node, k) => ({ ...node, flows: { out: `o${k}`, err: `e${k}` } })),
      log('n16', '{last} {head} {playing}', { last: from('last'), head: from('head1'), playing: from('playing1') }),
      ...Array.from({ length: 16 }, (_, k) => [say(`o${k}`, `out${k}`), say(`e${k}`, `err${k}`)]).flat(),
    ],
    log: [...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((k) => `err${k}`), 'out13', 'out14', 'err15', 'NaN NaN false'],
  },
  'animation-state': {
    why: 'a sampler that no channel uses does not count for the times; before any start all is 0; keys at 0.5 and 1.5, so the pose at 0 is that of the first',
    words: ['--tick', '1000', '--until', '2'],
    asset: { nodes: [{}], animations: [{ channels: [{ node: 0, path: 'translation', times: [0.5, 1.5], values: [[1, 0, 0], [2, 0, 0]] }], unused: [{ path: 'scale', times: [0, 9], values: [[1, 1, 1], [1, 1, 1]] }] }] },
    nodes: [
      ...state, get('min', `${SLIDE}${STATE}/minTime`, 'float'), get('max', `${SLIDE}${STATE}/maxTime`, 'float'), get('count', '/animations.length', 'int'),
      onTick('watch'), tell('watch', 'tick'), onStart('before'), { ...tell('before', 'before'), flows: { out: 'times' } },
      { ...log('times', '{min} {max} {count}', { min: from('min'), max: from('max'), count: from('count') }), flows: { out: 'go' } },
      { ...start('go', 0, 1), values: { animation: SLIDE, startTime: 0, endTime: from('max'), speed: 1 } },
    ],
    log: [`before ${at(0)} false 0 0`, '0.5 1.5 1', `tick ${at(1)} true 0 0`, `tick ${at(1.5)} true 1 1`, `tick ${at(2)} false 1.5 1.5`],
  },
  'animation-paths': {
    why: 'halfway: a step holds its key; a cubic with tangents 0 is at the mean; the weights of two targets lie side by side; from a rotation to its negative, which is the same one, the shorter arc is none',
    words: ['--tick', '500', '--until', '0.5'],
    asset: {
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ attributes: {}, targets: [{}, {}] }] }],
      animations: [{
        channels: [
          { node: 0, path: 'scale', times: [0, 1], values: [[1, 2, 3], [4, 5, 6]], mode: 'STEP' },
          { node: 0, path: 'translation', times: [0, 1], values: [[0, 0, 0], [1, 2, 4], [0, 0, 0], [0, 0, 0], [3, 2, 8], [0, 0, 0]], mode: 'CUBICSPLINE' },
          { node: 0, path: 'weights', times: [0, 1], values: [[0, 1], [1, 0.5]] },
          { node: 0, path: 'rotation', times: [0, 1], values: [[0, 0, 0, 1], [0, 0, 0, -1]] },
        ],
      }],
    },
    nodes: [
      ...['translation', 'scale'].map((path) => get(path, `/nodes/0/${path}`, 'float3')), get('rotation', '/nodes/0/rotation', 'float4'), get('w0', '/nodes/0/weights/0', 'float'), get('w1', '/nodes/0/weights/1', 'float'),
      onTick('watch'), log('watch', '{translation} {scale} {rotation} {w0} {w1}', Object.fromEntries(['translation', 'scale', 'rotation', 'w0', 'w1'].map((id) => [id, from(id)]))),
      onStart('go'), start('go', 0, 1),
    ],
    log: ['(1, 2, 4) (1, 2, 3) (0, 0, 0, 1) 0 1', '(2, 2, 6) (1, 2, 3) (0, 0, 0, 1) 0.5 0.75'],
  },
  'select-rises': {
    why: 'a hit on 2 is heard at 2, by both handlers in file order, then at 1 and 0, with the values of the hit; 3 and 4 hear nothing; then a hit on 0, by a second controller, without a ray',
    words: ['--select', '2,0,1,2,3,4,5,6', '--select', '0,1'],
    asset: family,
    nodes: [...onSelect('root', 0), ...onSelect('a', 2), ...onSelect('other', 4), ...onSelect('b', 2), ...onSelect('sister', 3), ...onSelect('middle', 1)],
    log: [
      ...['a', 'b', 'middle', 'root'].map((id) => `${id} /nodes/2 0 (1, 2, 3) (4, 5, 6)`),
      'root /nodes/0 1 (NaN, NaN, NaN) (NaN, NaN, NaN)',
    ],
    status: 'idle',
  },
  'select-stops': {
    why: 'stopImmediate false: b, on the same node, still hears of it, their parent does not',
    words: ['--select', '2', '--select', '1'],
    asset: family,
    nodes: [...onSelect('a', 2, { of: 'a', now: false }), ...onSelect('b', 2), ...onSelect('middle', 1)],
    log: ['a /nodes/2', 'b /nodes/2', 'middle /nodes/1'].map((text) => `${text} 0 (NaN, NaN, NaN) (NaN, NaN, NaN)`),
  },
  'select-stops-at-once': {
    why: 'stopImmediate true: nobody else hears of it; the next occurrence is another one',
    words: ['--select', '2', '--select', '1'],
    asset: family,
    nodes: [...onSelect('a', 2, { of: 'a', now: true }), ...onSelect('b', 2), ...onSelect('middle', 1)],
    log: ['a /nodes/2', 'middle /nodes/1'].map((text) => `${text} 0 (NaN, NaN, NaN) (NaN, NaN, NaN)`),
  },
  'select-another': {
    why: 'the reference of another occurrence stops nothing: b stops what a heard, which is over',
    words: ['--select', '4', '--select', '2'],
    asset: family,
    nodes: [...onSelect('a', 4), ...onSelect('b', 2, { of: 'a', now: true }), ...onSelect('middle', 1)],
    log: ['a /nodes/4', 'b /nodes/2', 'middle /nodes/2'].map((text) => `${text} 0 (NaN, NaN, NaN) (NaN, NaN, NaN)`),
  },
  'select-nobody': {
    why: 'nodeIndex missing, negative, past the end, of another type: never; outputs show null, -1 and NaN; a hit is no error',
    words: ['--select', '0', '--select', '4', '--hover', '4'],
    asset: family,
    nodes: [
      { id: 'begin', op: 'event/onStart', flows: { out: 'shown' } },
      { ...SELECT, id: 'a', flows: { out: 'wrong' } }, { ...SELECT, id: 'b', config: { nodeIndex: int(-1) }, flows: { out: 'wrong' } },
      { ...SELECT, id: 'c', config: { nodeIndex: int(5) }, flows: { out: 'wrong' } }, { ...SELECT, id: 'd', config: { nodeIndex: '1' }, flows: { out: 'wrong' } }, { ...HOVER_IN, id: 'e', flows: { out: 'wrong' } },
      log('shown', '{a} {b} {c} {d} {e} {f}', { a: from('b:selectedNode'), b: from('b:controllerIndex'), c: from('b:selectionPoint'), d: from('b:event'), e: from('e:hoveredNode'), f: from('e:controllerIndex') }),
      say('wrong'),
    ],
    log: ['null -1 (NaN, NaN, NaN) null null -1'],
    status: 'done',
  },
  'select-no-op': {
    why: 'a declaration without all sockets of the definition makes a node that does nothing; the one it has is the default of its type',
    words: ['--select', '1'],
    asset: family,
    nodes: [{ ...SELECT, id: 'a', outputs: { controllerIndex: 'int' }, config: { nodeIndex: int(1) }, flows: { out: 'wrong' } }, onStart('shown'), log('shown', '{a}', { a: from('a:controllerIndex') }), say('wrong')],
    log: ['0'],
    status: 'done',
  },
  'select-no-op-type': {
    why: 'nor does one with a socket of another type',
    words: ['--select', '1'],
    asset: family,
    nodes: [{ ...SELECT, id: 'a', outputs: { ...SELECT.outputs, controllerIndex: 'float' }, config: { nodeIndex: int(1) }, flows: { out: 'wrong' } }, onStart('shown'), log('shown', '{a}', { a: from('a:controllerIndex') }), say('wrong')],
    log: ['NaN'],
    status: 'done',
  },
  'select-no-op-extension': {
    why: 'nor does one of an extension that has no such op; one beside it does',
    words: ['--select', '1'],
    asset: family,
    nodes: [{ ...SELECT, id: 'a', extension: 'KHR_node_hoverability', config: { nodeIndex: int(1) }, flows: { out: 'wrong' } }, say('wrong'), ...onSelect('good', 1)],
    log: ['good /nodes/1 0 (NaN, NaN, NaN) (NaN, NaN, NaN)'],
  },
  'select-one-event': {
    why: 'one reference for all that hear of one occurrence, another for the next: equal, then not; the counter is the root at the top',
    words: ['--select', '1', '--select', '1'],
    asset: family,
    variables: { seen: unset('ref') },
    nodes: [
      { id: 'seen', op: 'variable/get', config: { variable: 'seen' } },
      { ...SELECT, id: 'a', config: { nodeIndex: int(1) }, flows: { out: 'compare' } },
      { id: 'same', op: 'ref/eq', values: { a: from('seen'), b: from('a:event') } },
      { ...log('compare', 'the same as before: {same}', { same: from('same') }), flows: { out: 'keep' } },
      { id: 'keep', op: 'variable/set', config: { variables: ['seen'] }, values: { seen: from('a:event') } },
      { ...SELECT, id: 'b', config: { nodeIndex: int(0) }, flows: { out: 'above' } },
      { id: 'still', op: 'ref/eq', values: { a: from('seen'), b: from('b:event') } },
      log('above', 'the same above: {still}', { still: from('still') }),
    ],
    log: ['the same as before: false', 'the same above: true', 'the same as before: false', 'the same above: true'],
  },
  'hover-moves': {
    why: 'into 2: 2, 1, 0. To its sister 3: out of 2, into 3, for 1 holds both. Up to 1: only out of 3. To 1 again: nothing. To 4: out of 1 and 0, into 4. Away: out of 4',
    words: ['--hover', '2', '--hover', '3', '--hover', '1', '--hover', '1', '--hover', '4', '--hover', '-1'],
    asset: family,
    nodes: hovers,
    log: [
      'in2 /nodes/2 0', 'in1 /nodes/2 0', 'in0 /nodes/2 0', 'out2 /nodes/2 0', 'in3 /nodes/3 0', 'out3 /nodes/3 0',
      'out1 /nodes/1 0', 'out0 /nodes/1 0', 'in4 /nodes/4 0', 'out4 /nodes/4 0',
    ],
    status: 'idle',
  },
  'hover-controllers': {
    why: 'each controller has a node of its own: 1 enters what 0 is in, and 0 leaves while 1 stays',
    words: ['--hover', '1,0', '--hover', '1,63', '--hover', '-1,0', '--hover', '0,63'],
    asset: family,
    nodes: hovers,
    log: ['in1 /nodes/1 0', 'in0 /nodes/1 0', 'in1 /nodes/1 63', 'in0 /nodes/1 63', 'out1 /nodes/1 0', 'out0 /nodes/1 0', 'out1 /nodes/1 63'],
  },
  'hover-stops': {
    why: 'what stops a hover that leaves does not stop the one that enters: they are two occurrences',
    words: ['--hover', '2', '--hover', '4'],
    asset: family,
    nodes: [
      ...onHover(HOVER_OUT, 'out2', 2, { of: 'out2', now: true }), ...onHover(HOVER_OUT, 'out1', 1),
      ...onHover(HOVER_IN, 'in4', 4),
    ],
    log: ['out2 /nodes/2 0', 'in4 /nodes/4 0'],
  },
};

function write(name, { asset, nodes, variables }) {
  const file = join(BUILD, `${name}.glb`);
  writeFileSync(file, scene({ ...asset, graph: { variables, nodes } }));
  return file;
}

/** The scenes as patterns; one with `ticks` is a pattern for each of them. */
export function scenePatterns() {
  mkdirSync(BUILD, { recursive: true });
  return Object.entries(scenes).flatMap(([name, { asset: around, nodes, variables, ticks, words = [], ...expected }]) => {
    const file = write(name, { asset: around, nodes, variables });
    if (!ticks) return [{ name, file, expected: { ...expected, words } }];
    return ticks.map((tick) => ({ name: `${name}, a tick of ${tick} ms`, file, expected: { ...expected, words: [...words, '--tick', String(tick)] } }));
  });
}
