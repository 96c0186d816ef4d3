// ops.js - the page of operations: a line for each, from the engine's own tables, and how it stands in the conformance tests.
import { open } from '../js/treadle.js';
import { trial } from './ops-try.js';
import { at, make, messageOf } from './page.js';

/** @typedef {{name: string, type?: string}} Socket */

/** @typedef {{path: string, type: string, access: string}} Property */

/**
 * An operation as the engine's tables have it.
 * @typedef {object} Op
 * @property {string} op "math/add"
 * @property {'pure' | 'value' | 'flow' | 'event'} kind
 * @property {string} summary
 * @property {string} notes
 * @property {{name: string}[]} flowIn
 * @property {{name: string, type?: string}[]} valueIn
 * @property {{name: string, type?: string}[]} valueOut
 * @property {{name: string}[]} flowOut
 * @property {{key: string, type: string, default?: string}[]} configuration
 * @property {{types: string[], output?: string, valueIn?: Socket[], valueOut?: Socket[], meaning: string}[]} [rows] of a pure one: of laned ones
 *   each output for its types; of others each overload with its sockets
 */

/**
 * How an operation stands, as `make conformance` wrote it.
 * @typedef {object} Standing
 * @property {string} op
 * @property {'passes' | 'fails' | 'not tried' | 'not built'} status
 * @property {{passed: number, total: number, failed: {graph: string, name: string, why: string}[]}} suite
 * @property {{passed: number, total: number, failed: {name: string, why: string}[]}} own
 * @property {{graph: string, name: string, why: string}[]} knownBad
 */

const KINDS = { pure: 'pure: its outputs are computed from its inputs', value: 'pulled: read whenever something needs it', flow: 'activated', event: 'starts activations' };

/** What stands for sockets that the configuration gives. @type {Record<string, string>} */
const GROUPS = {
  '*': 'any names, in the order of UTF-16',
  '*cases': 'one for each case',
  '*event': "the event's values",
  '*params': 'one for each name in the template',
  '*variables': 'one for each variable',
  '#inputFlows': '0, 1 … as many as inputFlows',
};

const code = (/** @type {string} */ text) => make('code', {}, text);

/** @param {{passed: number, total: number}} of */
const fraction = ({ passed, total }) => (total ? `${passed}/${total}` : '–');

// --- one operation -------------------------------------------------------------------------------

/**
 * A list of sockets as a line: names, with their types.
 * @param {{name: string, type?: string}[]} sockets
 * @param {boolean} typed
 */
function socketLine(sockets, typed) {
  const parts = sockets.flatMap(({ name, type }, i) => {
    const group = GROUPS[name];
    const said = group ? [make('em', {}, group)] : [code(name), ...(typed ? [` ${type ?? 'T'}`] : [])];
    return i ? [', ', ...said] : said;
  });
  return make('dd', {}, ...parts);
}

/** @param {Op} op */
function configurationLine({ configuration }) {
  const parts = configuration.flatMap(({ key, type, default: fallback }, i) => {
    const said = [code(key), ` ${type}`, ...(fallback === undefined ? [] : [`, else ${fallback === '' ? 'empty' : fallback}`])];
    return i ? ['; ', ...said] : said;
  });
  return make('dd', {}, ...parts);
}

/** @param {Op} op */
function socketList(op) {
  const list = make('dl', { className: 'sockets' });
  const say = (/** @type {string} */ term, /** @type {any[]} */ what, /** @type {Node} */ line) => {
    if (what.length) list.append(make('dt', {}, term), line);
  };
  list.append(make('dt', {}, 'Kind'), make('dd', {}, KINDS[op.kind]));
  say('Flow in', op.flowIn, socketLine(op.flowIn, false));
  say('Values in', op.valueIn, socketLine(op.valueIn, true));
  say('Values out', op.valueOut, socketLine(op.valueOut, true));
  say('Flow out', op.flowOut, socketLine(op.flowOut, false));
  say('Configuration', op.configuration, configurationLine(op));
  return list;
}

/** @param {Socket[]} sockets */
const signature = (sockets) => sockets.map(({ name, type }) => `${name} ${type}`).join(', ');

/** What a pure operation means: the types of a row, which output, and the expression. @param {Op} op */
function overloadTable({ rows = [], valueOut, configuration }) {
  if (rows.length === 0) return null;
  const named = valueOut.length > 1;
  const words = configuration[0]?.type.split('|');
  const head = make('tr', {}, ...[words ? configuration[0].key : 'For', ...(named ? ['Output'] : []), 'Meaning'].map((text) => make('th', { scope: 'col' }, text)));
  const lines = rows.map(({ types, output, valueIn, valueOut: outs = [], meaning }, i) => {
    const what = words?.[i] ?? (valueIn ? signature(valueIn) : types.length ? types.join(' ') : 'float');
    const cells = [what, ...(named ? [output ?? signature(outs)] : [])].map((text) => make('td', {}, text));
    return make('tr', {}, ...cells, make('td', {}, code(meaning)));
  });
  return make('div', { className: 'wide-table' }, make('table', { className: 'overloads' }, make('thead', {}, head), make('tbody', {}, ...lines)));
}

/** @param {Standing | undefined} standing */
function standingLines(standing) {
  if (!standing) return null;
  const { suite, own, knownBad } = standing;
  const list = make('dl', { className: 'sockets' });
  list.append(make('dt', {}, 'Khronos suite'), make('dd', {}, suite.total ? `${fraction(suite)} sub-tests pass` : 'has no test of it here'));
  list.append(make('dt', {}, 'Our own cases'), make('dd', {}, own.total ? `${fraction(own)} pass` : 'none in tests/ops'));
  for (const { name, why } of [...suite.failed, ...own.failed].slice(0, 5)) list.append(make('dt', {}, 'Fails'), make('dd', { className: 'bad' }, `${name}: ${why}`));
  for (const why of new Set(knownBad.map((one) => one.why))) list.append(make('dt', {}, 'Wrong in the suite'), make('dd', { className: 'quiet' }, why));
  return list;
}

/** What each kind of property allows. @type {Record<string, string>} */
const ACCESS = { cell: 'can be written', fixed: 'read-only', index: 'read-only, an index', length: 'read-only, a count', computed: 'read-only, worked out' };

/** The object model, for the operations that reach it. @param {Op} op @param {Property[]} properties */
function propertyTable({ op }, properties) {
  if (!op.startsWith('pointer/')) return null;
  const isGet = op === 'pointer/get'; // all others write
  const some = isGet ? properties : properties.filter(({ access }) => access === 'cell');
  const lines = some.map(({ path, type, access }) => make('tr', {}, make('td', {}, code(path)), make('td', {}, type), isGet ? make('td', {}, ACCESS[access]) : null));
  const table = make('table', { className: 'overloads' }, make('tbody', {}, ...lines));
  return make('details', {}, make('summary', {}, `${some.length} properties, # an index`), make('div', { className: 'wide-table' }, table));
}

/** @type {Record<string, [string, string]>} how each status looks */
const STATES = { passes: ['good', ''], fails: ['bad', 'fails '], 'not tried': ['quiet', 'not tried'], 'not built': ['warn', 'not built'] };

/** @param {Standing | undefined} standing */
function badge(standing) {
  if (!standing) return make('span', { className: 'state quiet' }, '–');
  const [className, word] = STATES[standing.status];
  const total = standing.suite.total + standing.own.total;
  return make('span', { className: `state ${className}`, title: standing.status }, `${word}${total ? `${standing.suite.passed + standing.own.passed}/${total}` : ''}`);
}

/**
 * @param {Op} op
 * @param {Standing | undefined} standing
 * @param {Property[]} properties
 */
function lineOf(op, standing, properties) {
  const line = make('details', { className: 'op', id: op.op });
  line.append(make('summary', {}, code(op.op), make('span', { className: 'says' }, `${op.summary}.`), badge(standing)));
  const fill = () => {
    if (!line.open || line.children.length > 1) return;
    const notes = op.notes && make('p', {}, op.notes);
    const parts = [notes, socketList(op), overloadTable(op), propertyTable(op, properties), standingLines(standing), trial(op)].filter(Boolean);
    line.append(make('div', { className: 'inside' }, ...parts));
  };
  line.addEventListener('toggle', fill);
  return line;
}

/** All that can be looked for in an operation. @param {Op} op */
function wordsOf({ op, kind, summary, notes, rows = [], flowIn, valueIn, valueOut, flowOut, configuration }) {
  const sockets = [...flowIn, ...valueIn, ...valueOut, ...flowOut].flatMap(({ name, type = '' }) => [name, type]);
  return [op, kind, summary, notes, ...sockets, ...configuration.map(({ key }) => key), ...rows.flatMap(({ types }) => types)].join(' ').toLowerCase();
}

// --- the page ------------------------------------------------------------------------------------

/** What `make conformance` measured on this checkout, or null. */
async function measured() {
  const response = await fetch('../build/conformance.json');
  return response.status === 200 ? response.json() : null;
}

/** @param {any} report */
function tellStanding(report) {
  const place = at('standing');
  if (!report) return place.replaceChildren('Conformance: not measured here, run ', code('make conformance'), '.');
  const { total, engines, runners } = report;
  const suite = total.graphs
    ? `${fraction(total.suite)} sub-tests of the Khronos suite pass (${total.suite.knownBad} more are known to be wrong), ${fraction(total.refused)} invalid files are refused, `
    : 'the Khronos suite was not there, ';
  const where = `in ${engines.join(', ')}, each by ${runners.join(' and ')}`;
  return place.replaceChildren(`Conformance: ${suite}${fraction(total.own)} cases of our own pass, ${where}; ${total.differences} differences between these.`);
}

/**
 * Shows only what is looked for.
 * @param {{line: HTMLElement, section: HTMLElement, domain: string, words: string}[]} all
 */
function finder(all) {
  let domain = '';
  const show = () => {
    const wanted = at('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    const isShown = (/** @type {typeof all[number]} */ one) => (!domain || one.domain === domain) && wanted.every((word) => one.words.includes(word));
    for (const one of all) one.line.hidden = !isShown(one);
    for (const section of new Set(all.map((one) => one.section))) section.hidden = all.every((one) => one.section !== section || one.line.hidden);
    at('count').textContent = `${all.filter(({ line }) => !line.hidden).length} of ${all.length} operations`;
  };
  const names = ['', ...new Set(all.map((one) => one.domain))];
  const buttons = names.map((name) => make('button', { type: 'button', className: 'small', 'aria-pressed': String(name === '') }, name || 'all'));
  buttons.forEach((button, i) => button.addEventListener('click', () => {
    domain = names[i];
    buttons.forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
    show();
  }));
  at('domains').append(...buttons);
  at('find').addEventListener('input', show);
  show();
}

/** Opens the operation that the address names. */
function openNamed() {
  const line = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(line instanceof HTMLDetailsElement)) return;
  line.open = true;
  line.scrollIntoView();
}

async function main() {
  const engine = await open();
  /** @type {Op[]} */
  const ops = engine.tables.ops;
  const { properties } = engine.tables;
  engine.close();
  const report = await measured();
  tellStanding(report);
  /** @type {Map<string, Standing>} */
  const standings = new Map(report?.operations.map((/** @type {Standing} */ one) => [one.op, one]));
  const domainOf = (/** @type {Op} */ { op }) => op.slice(0, op.indexOf('/'));
  const all = [...new Set(ops.map(domainOf))].flatMap((domain) => {
    const section = make('section', { className: 'panel', 'aria-label': domain }, make('h2', {}, domain));
    at('ops').append(section);
    return ops.filter((op) => domainOf(op) === domain).map((op) => {
      const line = lineOf(op, standings.get(op.op), properties);
      section.append(line);
      return { line, section, domain, words: wordsOf(op) };
    });
  });
  finder(all);
  openNamed();
  addEventListener('hashchange', openNamed);
  document.documentElement.dataset.ready = 'true';
}

try {
  await main();
} catch (error) {
  at('count').replaceChildren(make('span', { className: 'bad' }, messageOf(error)));
}
