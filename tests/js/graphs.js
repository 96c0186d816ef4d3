// graphs.js - small graphs for the tests of the shell, and engines that close when a test is over.
import { readFileSync } from 'node:fs';
import { features, open } from '../../js/treadle.js';

/** Whether this Node can suspend WebAssembly (24 can, 20 cannot). */
export const HAS_JSPI = features().jspi;
/** Those that give the page its turn. */
export const YIELDING = ['step', 'asyncify', ...(HAS_JSPI ? ['jspi'] : [])];
export const VARIANTS = ['plain', ...YIELDING];

/**
 * An engine for one test.
 * @param {import('node:test').TestContext} t
 * @param {object} [options]
 */
export async function engineFor(t, options = {}) {
  const engine = await open(options);
  t.after(() => engine.close());
  return engine;
}

/** A glTF whose node 0 holds 1: a select of 1 stops there, one of 0 is heard; a hover into 0 and one out of 1 are heard. */
export const touched = JSON.parse(readFileSync(new URL('../patterns/touched.graph.json', import.meta.url), 'utf8'));

const from = (edge) => ({ from: edge });
const get = (variable) => ({ id: `get-${variable}`, op: 'variable/get', config: { variable } });
const set = (variable, value, out) => ({ id: `set-${variable}`, op: 'variable/set', config: { variables: [variable] }, values: { [variable]: value }, ...(out && { flows: { out } }) });
const start = (out) => ({ id: 'start', op: 'event/onStart', flows: { out } });
const log = (id, message, values) => ({ id, op: 'debug/log', config: { severity: 0, message }, values });

/** Adds up 0 .. n-1, says so by an event, and gives the sum as its output. */
export const sum = {
  treadle: 1,
  name: 'sum',
  variables: [{ id: 'total', type: 'int', value: 0 }],
  events: [{ id: 'summed', values: { total: { type: 'int' } } }],
  inputs: [{ id: 'n', type: 'int', value: 10 }],
  outputs: [{ id: 'sum', type: 'int', from: 'get-total:value' }],
  nodes: [
    get('total'),
    start('loop:in'),
    { id: 'loop', op: 'flow/for', values: { startIndex: 0, endIndex: from('in:n') }, flows: { loopBody: 'set-total:in', completed: 'say:in' } },
    { id: 'more', op: 'math/add', values: { a: from('get-total:value'), b: from('loop:index') } },
    set('total', from('more:value')),
    { id: 'say', op: 'event/send', config: { event: 'summed' }, values: { total: from('get-total:value') }, flows: { out: 'tell:in' } },
    log('tell', 'sum {total}', { total: from('get-total:value') }),
  ],
};

/** Counts for ever. */
export const endless = {
  treadle: 1,
  name: 'endless',
  variables: [{ id: 'count', type: 'int', value: 0 }],
  nodes: [
    get('count'),
    start('loop:in'),
    { id: 'loop', op: 'flow/while', values: { condition: true }, flows: { loopBody: 'set-count:in' } },
    { id: 'next', op: 'math/add', values: { a: from('get-count:value'), b: 1 } },
    set('count', from('next:value')),
  ],
};

/** Says "start", then "later" after so many seconds. */
export const later = (seconds) => ({
  treadle: 1,
  name: 'later',
  nodes: [
    start('say-start:in'),
    { ...log('say-start', 'start'), flows: { out: 'wait:in' } },
    { id: 'wait', op: 'flow/setDelay', values: { duration: seconds }, flows: { done: 'say-later:in' } },
    log('say-later', 'later'),
  ],
});

/** Logs each tick's time, for ever. */
export const ticking = {
  treadle: 1,
  name: 'ticking',
  nodes: [{ id: 'tick', op: 'event/onTick', flows: { out: 'say:in' } }, log('say', '{t}', { t: from('tick:timeSinceStart') })],
};

/** Keeps what the event "put" brings. */
export const listening = {
  treadle: 1,
  name: 'listening',
  variables: [{ id: 'kept', type: 'float', value: -1 }],
  events: [{ id: 'put', values: { x: { type: 'float', value: 5 } } }],
  nodes: [
    { id: 'hear', op: 'event/receive', config: { event: 'put' }, flows: { out: 'set-kept:in' } },
    set('kept', from('hear:x')),
    get('kept'),
  ],
};

/** In a loop in a loop (3 x 3) calls my/twice with the inner index; adds its answers up, and counts its errors. */
export const calling = {
  treadle: 1,
  name: 'calling',
  variables: [{ id: 'sum', type: 'float', value: 0 }, { id: 'errors', type: 'int', value: 0 }],
  nodes: [
    get('sum'), get('errors'),
    start('outer:in'),
    { id: 'outer', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'inner:in' } },
    { id: 'inner', op: 'flow/for', values: { startIndex: 0, endIndex: 3 }, flows: { loopBody: 'ask:in' } },
    { id: 'ask', op: 'my/twice', values: { a: from('inner:index') }, flows: { out: 'set-sum:in', err: 'set-errors:in' } },
    { id: 'add', op: 'math/add', values: { a: from('get-sum:value'), b: from('ask:value') } },
    set('sum', from('add:value')),
    { id: 'one', op: 'math/add', values: { a: from('get-errors:value'), b: 1 } },
    set('errors', from('one:value')),
  ],
};

/** What my/twice takes and gives. */
export const TWICE = { inputs: { a: 'int' }, outputs: { value: 'float' } };

/** The variables of a report, by name. */
export const valuesOf = (report) => Object.fromEntries(report.variables.map(({ id, value }) => [id, value]));

/** Resolves after so many ms. */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves as soon as something holds; machines are slow at times. */
export async function eventually(holds) {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 2000) throw new Error(`this never held: ${holds}`);
    await wait(2);
  }
}
