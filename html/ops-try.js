// ops-try.js - what tries an operation in place: of a pure one its inputs, to be changed; of others a short graph that has it.
import { open } from '../js/treadle.js';
import { EXAMPLES } from './ops-examples.js';
import { overloads } from './overloads.js';
import { make, messageOf } from './page.js';

/** @typedef {import('./ops.js').Op} Op */

/** Values to begin with, by type: the first input takes the first. @type {Record<string, any[]>} */
const SAMPLES = {
  bool: [true, false],
  int: [6, 3, 2],
  float: [2.5, 0.5, 0.25, 1, 0, -1],
  float2: [[3, 4], [1, 2], [0.5, 0.25]],
  float3: [[1, 2, 3], [0, 1, 0], [0.5, 0.25, 0]],
  float4: [[0, 0.6, 0, 0.8], [0, 0, 0, 1], [0.5, 0.25, 0, 1]],
  float2x2: [[2, 1, 0, 3], [1, 0, 0, 1], [0.5, 0, 0, 0.5]],
  float3x3: [[2, 0, 0, 0, 3, 0, 1, 0, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1], [0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5]],
  float4x4: [[2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 5, 6, 7, 1], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5]],
  ref: [null, null],
};

/** Fuel that an example may take: none needs a hundredth of it. */
const FUEL = 100_000;

/** @type {Promise<import('../js/engine.js').Engine> | undefined} opened when something is tried */
let opening;
const engine = () => (opening ??= open());

/** NaN and infinities have no JSON; here they may be written. @param {string} text */
function parse(text) {
  return JSON.parse(text.replace(/-?\b(?:NaN|Infinity)\b/g, '"$&"'), (_, value) => (/^-?(NaN|Infinity)$/.test(value) ? Number(value) : value));
}

/** @param {any} value @returns {string} */
function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * Runs a graph to its end; what it left, or why it did not.
 * @param {object} graph
 * @param {import('../js/run.js').StartOptions} options
 */
async function runWhole(graph, options) {
  const loaded = await (await engine()).load(graph);
  try {
    const run = loaded.start({ clock: 'virtual', fuel: FUEL, ...options });
    await run;
    return run.report();
  } finally {
    loaded.unload();
  }
}

/**
 * A form around a button; what `work` gives is shown below it.
 * @param {Node[]} fields
 * @param {Node | null} above
 * @param {() => Promise<string>} work
 */
function runner(fields, above, work) {
  const said = make('output', { className: 'quiet' }, '…');
  const form = make('form', {}, ...fields, make('button', { className: 'small' }, 'Run'));
  const go = async () => {
    try {
      said.textContent = await work();
      said.className = '';
    } catch (error) {
      said.textContent = messageOf(error);
      said.className = 'bad';
    }
  };
  form.addEventListener('submit', (/** @type {Event} */ event) => {
    event.preventDefault();
    go();
  });
  return make('div', { className: 'try' }, above, form, said);
}

// --- pure ones -----------------------------------------------------------------------------------

/**
 * The graph that tries an overload: its inputs are the graph's, its outputs too.
 * @param {import('./overloads.js').Overload} overload
 */
function pureGraph({ op, config, inputs, outputs }) {
  const values = Object.keys(inputs).map((id) => [id, { from: `in:${id}` }]);
  return {
    treadle: 1,
    inputs: Object.entries(inputs).map(([id, type]) => ({ id, type })),
    outputs: Object.entries(outputs).map(([id, type]) => ({ id, type, from: `it:${id}` })),
    nodes: [{ id: 'it', op, ...(config && { config }), ...(values.length && { values: Object.fromEntries(values) }) }],
  };
}

/** The k-th input of a type begins with the k-th sample. @param {string} type @param {number} k */
const sample = (type, k) => SAMPLES[type][k % SAMPLES[type].length];

/** @param {Op} op */
function pureTrial(op) {
  const all = overloads(op);
  const place = make('div', {});
  const show = (/** @type {typeof all[number]} */ overload) => {
    const fields = Object.entries(overload.inputs).map(([name, type], k) => {
      const input = make('input', { name, value: write(sample(type, k)), autocomplete: 'off', spellcheck: false });
      return make('label', { className: type.length > 6 ? 'field wide' : 'field' }, make('span', {}, `${name}, ${type}`), input);
    });
    const read = () => Object.fromEntries(fields.map((field) => {
      const input = /** @type {HTMLInputElement} */ (field.querySelector('input'));
      return [input.name, parse(input.value)];
    }));
    place.replaceChildren(runner(fields, null, async () => {
      const { outputs } = await runWhole(pureGraph(overload), { set: read() });
      return Object.entries(outputs).map(([name, value]) => `${name} = ${write(value)}`).join('\n');
    }));
  };
  if (all.length > 1) {
    const choice = make('select', { className: 'small' }, ...all.map(({ name }) => make('option', {}, name)));
    choice.addEventListener('change', () => show(all[choice.selectedIndex]));
    show(all[0]);
    return make('div', {}, make('label', { className: 'small quiet choice' }, op.configuration.length ? `Try it with ${op.configuration[0].key}` : 'Try it with T =', choice), place);
  }
  show(all[0]);
  return place;
}

// --- the others ----------------------------------------------------------------------------------

/** A graph as text: a line for each node. @param {any} graph */
function textOf({ nodes, ...rest }) {
  const head = Object.entries(rest).filter(([key]) => key !== 'treadle').map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `${head.join('')}"nodes": [\n${nodes.map((/** @type {any} */ node) => `  ${JSON.stringify(node)}`).join(',\n')}\n]`;
}

/** @param {any} graph */
function graphTrial(graph) {
  return runner([], make('pre', { tabIndex: 0 }, make('code', {}, textOf(graph))), async () => {
    const { log } = await runWhole(graph, { until: 2, tick: 100 });
    return log.map((/** @type {any} */ { time, text }) => `${time.toFixed(1)} s  ${text}`).join('\n');
  });
}

/**
 * What tries an operation, null when it needs more than a graph.
 * @param {Op} op
 */
export function trial(op) {
  if (op.kind === 'pure') return pureTrial(op);
  const example = EXAMPLES.find(({ nodes }) => nodes.some((node) => node.op === op.op));
  return example ? graphTrial(example) : null;
}
