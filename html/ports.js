// ports.js - the panel of what a graph holds: inputs to set, variables and outputs to watch.
import { make, number } from './page.js';

/** Rows of one kind in view. */
const ROWS = 200;

/** @typedef {import('../js/graph.js').Graph} Graph */
/** @typedef {import('../js/graph.js').GraphInfo} GraphInfo */
/** @typedef {import('../js/run.js').Run} Run */
/** A port of a glTF's graph may have a name, which need not be its own. @typedef {{id?: string, name?: string, type: string}} Port */

/** The name by which a port is asked for. @param {Port} port @param {number} index */
const nameOf = ({ id }, index) => id ?? `#${index}`;

export class PortsView {
  #places;
  #onInput;
  /** @type {[string, HTMLElement][]} names, and where their values are shown */
  #cells = [];
  /** @type {Map<string, string>} values before anything has run */
  #initial = new Map();
  /** @type {Map<string, string>} what was written into the fields, while the file is edited */
  #kept = new Map();

  /**
   * @param {{inputs: HTMLElement, variables: HTMLElement, outputs: HTMLElement}} places bodies of a table
   * @param {(name: string, text: string) => void} onInput a field was changed
   */
  constructor(places, onInput) {
    this.#places = places;
    this.#onInput = onInput;
  }

  /**
   * Rows for what the graph has; their values come later, without moving anything.
   * @param {Graph | null} graph null: it was refused
   */
  open(graph) {
    this.#kept = new Map([...this.#kept, ...this.#fields().map(({ name, value }) => /** @type {const} */ ([name, value]))]);
    this.#cells = [];
    this.#initial = graph ? initialValues(graph) : new Map();
    const { inputs = [], variables = [], outputs = [] } = graph?.info ?? {};
    this.#rows(this.#places.inputs, 'Inputs', inputs, this.#field);
    this.#rows(this.#places.variables, 'Variables', variables, this.#cell);
    this.#rows(this.#places.outputs, 'Outputs', outputs, this.#cell);
    if (inputs.length + variables.length + outputs.length > 0) return;
    const text = graph ? 'This graph has none.' : 'Shown when the graph is right.';
    this.#places.variables.replaceChildren(make('tr', {}, make('td', { className: 'quiet small', colSpan: 3 }, text)));
  }

  /**
   * @param {HTMLElement} place
   * @param {string} title
   * @param {Port[]} ports
   * @param {(port: Port, name: string) => HTMLElement} cell
   */
  #rows(place, title, ports, cell) {
    const many = ports.length > ROWS ? ` (the first ${ROWS} of ${number(ports.length)})` : '';
    const head = make('tr', {}, make('th', { scope: 'rowgroup', colSpan: 3 }, title + many));
    const rows = ports.slice(0, ROWS).map((port, index) => {
      const name = nameOf(port, index);
      return make('tr', {}, make('th', { scope: 'row' }, port.name ?? name), make('td', { className: 'small' }, port.type), cell(port, name));
    });
    place.replaceChildren(...(ports.length ? [head, ...rows] : []));
  }

  /** @param {Port} port @param {string} name */
  #field = ({ type }, name) => {
    const field = make('input', {
      name,
      value: this.#kept.get(name) ?? '',
      placeholder: this.#initial.get(name) ?? '',
      autocomplete: 'off',
      'aria-label': `${name}, ${type}`,
    });
    field.addEventListener('change', () => this.#onInput(name, /** @type {HTMLInputElement} */ (field).value));
    return make('td', {}, field);
  };

  /** @param {Port} _port @param {string} name */
  #cell = (_port, name) => {
    const cell = make('td', { className: 'code' }, this.#initial.get(name) ?? '–');
    this.#cells.push([name, cell]);
    return cell;
  };

  /** Shows what a run holds now. @param {Run | null} run null: what a run would begin with */
  show(run) {
    for (const [name, cell] of this.#cells) {
      const text = run ? valueIn(run, name) : (this.#initial.get(name) ?? '–');
      if (cell.textContent !== text) cell.textContent = text;
    }
  }

  #fields() {
    return [...this.#places.inputs.querySelectorAll('input')];
  }

  /** Empties the fields: another file comes. */
  forget() {
    for (const field of this.#fields()) field.value = '';
    this.#kept.clear();
  }

  /** What the inputs are set to, where they were changed. */
  get inputValues() {
    const fields = this.#fields().filter(({ value }) => value.trim() !== '');
    return Object.fromEntries(fields.map(({ name, value }) => [name, valueOf(name, value)]));
  }
}

/**
 * The value that was written into a field.
 * @param {string} name
 * @param {string} text JSON, or a number that JSON does not know
 */
export function valueOf(name, text) {
  if (/^[+-]?(NaN|Infinity)$/.test(text.trim())) return Number(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Input ${name}: ${text} is not a value as JSON has it.`);
  }
}

/**
 * What is held before anything runs: by a run that is never let go.
 * @param {Graph} graph
 * @returns {Map<string, string>}
 */
function initialValues(graph) {
  const run = graph.start({ paused: true });
  const names = [graph.info.inputs, graph.info.variables, graph.info.outputs].flatMap((ports = []) => ports.slice(0, ROWS).map(nameOf));
  return new Map(names.map((name) => [name, valueIn(run, name)]));
}

/**
 * @param {Run} run
 * @param {string} name
 */
function valueIn(run, name) {
  try {
    const value = run.get(name);
    return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
  } catch {
    return '–'; // an output that cannot be read now
  }
}
