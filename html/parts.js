// parts.js - the panel of a model's parts: what can be selected or hovered, by keys too; and its animations, as they play.
import { make, number } from './page.js';

/** Rows in view. */
const ROWS = 100;

/**
 * The nodes that the graph of a glTF listens to.
 * @param {any} json of the glTF
 * @returns {{node: number, name: string, selects: boolean, hovers: boolean}[]}
 */
export function partsOf(json) {
  const { graphs = [], graph = 0 } = json.extensions?.KHR_interactivity ?? {};
  const { declarations = [], nodes = [] } = graphs[graph] ?? {};
  const parts = new Map();
  for (const { declaration, configuration } of nodes) {
    const [, what] = /(onSelect|onHover)/.exec(declarations[declaration]?.op) ?? [];
    const node = configuration?.nodeIndex?.value?.[0];
    if (!what || !json.nodes?.[node]) continue;
    const part = parts.get(node) ?? { node, name: json.nodes[node].name ?? `node ${node}`, selects: false, hovers: false };
    part[what === 'onSelect' ? 'selects' : 'hovers'] = true;
    parts.set(node, part);
  }
  return [...parts.values()].slice(0, ROWS);
}

export class PartsView {
  #place;
  #table;
  #shown;
  /** @type {{row: HTMLElement, state: HTMLElement, time: HTMLElement}[]} */
  #animations = [];

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} table body of the animations' table
   * @param {() => import('../js/three.js').Attached | null} shown
   */
  constructor(place, table, shown) {
    this.#place = place;
    this.#table = table;
    this.#shown = shown;
  }

  /** @param {any} json of the glTF; null: there is none */
  open(json) {
    const buttons = json ? partsOf(json).map((part) => this.#button(part)) : [];
    const animations = (json?.animations ?? []).slice(0, ROWS);
    this.#animations = animations.map((/** @type {any} */ { name }, /** @type {number} */ i) => rowOf(name ?? `animation ${i}`));
    const text = json ? 'Nothing in it can be selected.' : 'Shown when a graph runs.';
    this.#place.replaceChildren(...(buttons.length ? buttons : [make('p', { className: 'empty' }, text)]));
    this.#table.replaceChildren(...this.#animations.map(({ row }) => row));
  }

  /** @param {{node: number, name: string, selects: boolean, hovers: boolean}} part */
  #button({ node, name, selects, hovers }) {
    const button = make('button', { type: 'button', className: 'small' }, selects ? `Select ${name}` : `Point at ${name}`);
    if (selects) button.addEventListener('click', () => this.#shown()?.select(node));
    if (!hovers) return button;
    for (const begin of ['focus', 'pointerenter']) button.addEventListener(begin, () => this.#shown()?.hover(node));
    for (const end of ['blur', 'pointerleave']) button.addEventListener(end, () => this.#shown()?.hover(null));
    return button;
  }

  /** Shows how the animations stand now. */
  show() {
    const run = /** @type {any} */ (this.#shown()?.run);
    if (!run || run.isOver) return;
    this.#animations.forEach(({ row, state, time }, i) => {
      const at = `/animations/${i}/extensions/KHR_interactivity`;
      const plays = run.getPointer(`${at}/isPlaying`);
      row.className = plays ? 'plays' : '';
      state.textContent = plays ? 'plays' : 'stands';
      const [playhead, end] = [run.getPointer(`${at}/playhead`), run.getPointer(`${at}/maxTime`)];
      time.textContent = `${number(playhead, 2)} of ${number(end, 2)} s`;
    });
  }
}

/** @param {string} name */
function rowOf(name) {
  const [state, time] = [make('td', {}, '–'), make('td', { className: 'code' }, '–')];
  return { row: make('tr', {}, make('th', { scope: 'row' }, name), state, time), state, time };
}
