// events.js - the panel of custom events: a row for each, with fields for its values and how often it was seen.
import { make, number } from './page.js';
import { valueOf } from './ports.js';

/** A value of an event: its name, its type, what it is when nothing is said. @typedef {{name: string, type: string, value?: any[]}} Field */

/**
 * The custom events of a glTF's graph: what they carry, and whether the graph listens to them or sends them.
 * @param {any} json of the glTF
 * @returns {{id: string, fields: Field[], heard: boolean, sent: boolean}[]}
 */
export function eventsOf(json) {
  const { graphs = [], graph = 0 } = json.extensions?.KHR_interactivity ?? {};
  const { types = [], events = [], declarations = [], nodes = [] } = graphs[graph] ?? {};
  const used = { heard: new Set(), sent: new Set() };
  for (const { declaration, configuration } of nodes) {
    const [, what] = /^event\/(receive|send)$/.exec(declarations[declaration]?.op) ?? [];
    if (what) used[what === 'send' ? 'sent' : 'heard'].add(configuration?.event?.value?.[0]);
  }
  return events
    .map((/** @type {any} */ { id, values = {} }, /** @type {number} */ index) => ({
      id,
      heard: used.heard.has(index),
      sent: used.sent.has(index),
      fields: Object.entries(values).map(([name, { type, value }]) => ({ name, type: types[type]?.signature ?? 'float', value })),
    }))
    .filter((/** @type {any} */ { id }) => id !== undefined);
}

export class EventsView {
  #place;
  #onSend;
  /** @type {Map<string, {count: number, cell: HTMLElement}>} */
  #seen = new Map();

  /**
   * @param {HTMLElement} place
   * @param {(id: string, values: Record<string, any>) => void} onSend throws when the values are refused
   */
  constructor(place, onSend) {
    this.#place = place;
    this.#onSend = onSend;
  }

  /** @param {any} json of the glTF; null: there is none */
  open(json) {
    this.#seen.clear();
    const rows = json ? eventsOf(json).map((event) => this.#row(event)) : [];
    const text = json ? 'This graph has none.' : 'Shown when a graph runs.';
    this.#place.replaceChildren(...(rows.length ? rows : [make('p', { className: 'empty' }, text)]));
  }

  /** @param {{id: string, fields: Field[], heard: boolean, sent: boolean}} event */
  #row({ id, fields, heard, sent }) {
    const cell = make('output', { className: 'small quiet' }, sent ? 'not sent by the graph yet' : '');
    this.#seen.set(id, { count: 0, cell });
    const inputs = heard ? fields.map(inputOf) : [];
    const labels = inputs.map((input, i) => make('label', { className: 'small' }, make('span', { className: 'quiet' }, fields[i].name), input));
    const button = heard ? make('button', { className: 'small' }, 'Send') : null;
    const problem = make('p', { className: 'small bad', role: 'status' });
    const head = make('div', { className: 'head' }, make('code', {}, id), cell);
    const form = make('form', { className: 'event-form', 'aria-label': id }, head, make('div', { className: 'row' }, ...labels, button), problem);
    form.addEventListener('submit', (submit) => {
      submit.preventDefault();
      problem.textContent = '';
      try {
        this.#onSend(id, Object.fromEntries(inputs.map((input, i) => [fields[i].name, read(input, fields[i])])));
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      }
    });
    return form;
  }

  /** The graph has sent it. @param {string} id */
  count(id) {
    const row = this.#seen.get(id);
    if (!row) return;
    row.count += 1;
    row.cell.textContent = `sent by the graph: ${number(row.count)}`;
  }
}

/** @param {Field} field */
function inputOf({ name, type, value }) {
  const common = { name, autocomplete: 'off', 'aria-label': `${name}, ${type}` };
  if (type === 'bool') return make('input', { ...common, type: 'checkbox', checked: value?.[0] ?? false });
  const text = value === undefined ? '' : value.length === 1 ? String(value[0]) : `[${value.join(', ')}]`;
  return make('input', { ...common, className: 'small', type: 'text', inputMode: type === 'int' ? 'numeric' : 'text', value: text, placeholder: type });
}

/** @param {any} input @param {Field} field @returns {any} undefined: nothing was written */
function read(input, { name, type }) {
  if (type === 'bool') return input.checked;
  const text = input.value.trim();
  if (text === '') return undefined;
  if (type === 'ref') return text;
  return valueOf(name, type.length > 5 && !text.startsWith('[') ? `[${text}]` : text);
}
