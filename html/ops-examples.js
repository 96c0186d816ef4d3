// ops-examples.js - short graphs, in the native dialect, that have every operation which is not pure and needs no glTF.
// An operation's line shows the first of these that has it.

/** @param {any[]} nodes @param {object} [more] */
const graph = (nodes, more = {}) => ({ treadle: 1, ...more, nodes });

const start = (/** @type {string} */ out) => ({ id: 'start', op: 'event/onStart', flows: { out } });
const ticks = (/** @type {string} */ out) => ({ id: 'tick', op: 'event/onTick', flows: { out } });
const from = (/** @type {string} */ socket) => ({ from: socket });

/** A line in the log: "{name}" stands for a value. @param {string} id @param {string} message @param {object} [values] */
const say = (id, message, values) => ({ id, op: 'debug/log', config: { message }, ...(values && { values }) });

/** 0 to n - 1, one after the other. @param {number} n @param {string} loopBody @param {string} [completed] */
const count = (n, loopBody, completed) => ({
  id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: n }, flows: { loopBody, ...(completed && { completed }) },
});

/** @type {{nodes: {id: string, op: string}[]}[]} */
export const EXAMPLES = [
  graph([start('loop:in'), count(3, 'say:in', 'end:in'), say('say', 'turn {i}', { i: from('loop:index') }), say('end', 'index is {i} now', { i: from('loop:index') })]),

  graph([
    start('loop:in'), count(4, 'even:in'),
    { id: 'half', op: 'math/rem', values: { a: from('loop:index'), b: 2 } },
    { id: 'is', op: 'math/eq', values: { a: from('half'), b: 0 } },
    { id: 'even', op: 'flow/branch', values: { condition: from('is') }, flows: { true: 'yes:in', false: 'no:in' } },
    say('yes', '{i} is even', { i: from('loop:index') }), say('no', '{i} is odd', { i: from('loop:index') }),
  ]),

  graph([
    start('loop:in'), count(4, 'way:in'),
    { id: 'way', op: 'flow/switch', config: { cases: [0, 2] }, values: { selection: from('loop:index') }, flows: { 0: 'zero:in', 2: 'two:in', default: 'else:in' } },
    say('zero', 'zero'), say('two', 'two'), say('else', '{i} is something else', { i: from('loop:index') }),
  ]),

  graph([
    start('again:in'),
    { id: 'left', op: 'variable/get', config: { variable: 'left' } },
    { id: 'more', op: 'math/gt', values: { a: from('left'), b: 0 } },
    { id: 'again', op: 'flow/while', values: { condition: from('more') }, flows: { loopBody: 'say:in' } },
    { ...say('say', '{left} left', { left: from('left') }), flows: { out: 'take:in' } },
    { id: 'less', op: 'math/sub', values: { a: from('left'), b: 1 } },
    { id: 'take', op: 'variable/set', config: { variables: ['left'] }, values: { left: from('less') } },
  ], { variables: [{ id: 'left', type: 'int', value: 3 }] }),

  graph([
    start('both:in'), { id: 'both', op: 'flow/sequence', flows: { 9: 'nine:in', 10: 'ten:in' } },
    say('nine', 'then 9'), say('ten', '10 comes first'),
  ]),

  graph([start('loop:in'), count(5, 'few:in'), { id: 'few', op: 'flow/doN', values: { n: 2 }, flows: { out: 'say:in' } }, say('say', 'turn {i} passes', { i: from('loop:index') })]),

  graph([
    start('loop:in'), count(5, 'gate:in'), { id: 'gate', op: 'flow/multiGate', config: { isRandom: false, isLoop: true }, flows: { a: 'left:in', b: 'right:in' } },
    say('left', '{i} goes left', { i: from('loop:index') }), say('right', '{i} goes right', { i: from('loop:index') }),
  ]),

  graph([
    start('both:in'), { id: 'both', op: 'flow/sequence', flows: { a: 'all:0', b: 'all:1' } },
    { id: 'all', op: 'flow/waitAll', config: { inputFlows: 2 }, flows: { out: 'one:in', completed: 'end:in' } },
    say('one', '{n} to come', { n: from('all:remainingInputs') }), say('end', 'all are here'),
  ]),

  graph([
    ticks('slow:in'), { id: 'slow', op: 'flow/throttle', values: { duration: 0.5 }, flows: { out: 'say:in' } },
    say('say', 'tick at {time} s', { time: from('tick:timeSinceStart') }),
  ]),

  graph([
    start('wait:in'), { id: 'wait', op: 'flow/setDelay', values: { duration: 0.5 }, flows: { out: 'never:in', done: 'say:in' } },
    { id: 'never', op: 'flow/setDelay', values: { duration: 1.0 }, flows: { out: 'drop:in', done: 'late:in' } },
    { id: 'drop', op: 'flow/cancelDelay', values: { delay: from('never:lastDelay') } },
    say('say', 'half a second later'), say('late', 'this never comes'),
  ]),

  graph([
    start('move:in'),
    { id: 'move', op: 'variable/interpolate', config: { variable: 'x', useSlerp: false }, values: { value: 10.0, duration: 0.5, p1: { type: 'float2', value: [0.25, 0.1] }, p2: { type: 'float2', value: [0.25, 1] } }, flows: { done: 'end:in' } },
    { id: 'x', op: 'variable/get', config: { variable: 'x' } },
    ticks('say:in'), say('say', 'x = {x}', { x: from('x') }), say('end', 'there: {x}', { x: from('x') }),
  ], { variables: [{ id: 'x', type: 'float', value: 0 }] }),

  graph([
    start('send:in'), { id: 'send', op: 'event/send', config: { event: 'news' }, values: { n: 7 }, flows: { out: 'sent:in' } }, say('sent', 'sent'),
    { id: 'first', op: 'event/receive', config: { event: 'news' }, flows: { out: 'hear:in' } },
    { ...say('hear', 'heard {n}', { n: from('first:n') }), flows: { out: 'stop:in' } },
    { id: 'stop', op: 'event/stopPropagation', values: { stopImmediate: true, event: from('first:event') } },
    { id: 'second', op: 'event/receive', config: { event: 'news' }, flows: { out: 'never:in' } }, say('never', 'this never comes'),
  ], { events: [{ id: 'news', values: { n: { type: 'int', value: 0 } } }] }),

  graph([
    start('loop:in'), count(3, 'say:in'), { id: 'chance', op: 'math/random' },
    say('say', '{a}, and read again {a}', { a: from('chance') }),
  ]),

  graph([
    start('loop:in'), count(3, 'say:in'),
    { id: 'pick', op: 'math/switch', config: { cases: [0, 1] }, values: { selection: from('loop:index'), 0: 10, 1: 11, default: 99 } },
    say('say', '{i} gives {x}', { i: from('loop:index'), x: from('pick') }),
  ]),
];
