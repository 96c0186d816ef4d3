// behaviour.js - builds graphs of KHR_interactivity node by node, in the order that the standard asks for.
//
//     const b = new Behaviour();
//     const click = b.on('onSelect', { nodeIndex: lamp });
//     const on = b.not(b.read('on'));
//     b.write(click, { on });
//
// What is computed comes before what uses it, and a flow leads to what is added later: so indices only grow.

/** A value that is written into the file. @typedef {{type: string, value: (number | boolean | string)[]}} Literal */
/** An output of a node. @typedef {{node: number, socket: string}} Output */
/** @typedef {Literal | Output} Input */

/** @param {number} value @returns {Literal} */
export const float = (value) => ({ type: 'float', value: [value] });
/** @param {number} value @returns {Literal} */
export const int = (value) => ({ type: 'int', value: [value] });
/** @param {boolean} value @returns {Literal} */
export const bool = (value) => ({ type: 'bool', value: [value] });
/** @param {string} pointer @returns {Literal} */
export const ref = (pointer) => ({ type: 'ref', value: [pointer] });
/** Two to four numbers. @param {...number} value @returns {Literal} */
export const vector = (...value) => ({ type: `float${value.length}`, value });

/** What the extension ops give: their declarations must say so. */
const OUTPUTS = {
  onSelect: { selectedNode: 'ref', controllerIndex: 'int', selectionPoint: 'float3', selectionRayOrigin: 'float3', event: 'ref' },
  onHoverIn: { hoveredNode: 'ref', controllerIndex: 'int', event: 'ref' },
  onHoverOut: { hoveredNode: 'ref', controllerIndex: 'int', event: 'ref' },
};

const EXTENSION = { onSelect: 'KHR_node_selectability', onHoverIn: 'KHR_node_hoverability', onHoverOut: 'KHR_node_hoverability' };

export class Behaviour {
  /** @type {any} */
  #graph = { types: [], variables: [], events: [], declarations: [], nodes: [] };

  /** The graph, as it stands in a file: empty lists are left out. */
  get graph() {
    return Object.fromEntries(Object.entries(this.#graph).filter(([, list]) => list.length > 0));
  }

  // --- what the graph has ------------------------------------------------------------------------

  /** @param {string} signature */
  #type(signature) {
    return indexIn(this.#graph.types, { signature });
  }

  /** @param {Literal} literal */
  #literal({ type, value }) {
    return { type: this.#type(type), value };
  }

  /**
   * @param {string} name
   * @param {Literal} literal what it is at first
   */
  variable(name, literal) {
    this.#graph.variables.push({ name, ...this.#literal(literal) });
  }

  /** @param {string} name */
  #variable(name) {
    return this.#graph.variables.findIndex((/** @type {any} */ variable) => variable.name === name);
  }

  /**
   * @param {string} id
   * @param {Record<string, Literal>} [values]
   */
  event(id, values = {}) {
    const sockets = Object.entries(values).map(([name, literal]) => [name, this.#literal(literal)]);
    this.#graph.events.push(sockets.length ? { id, values: Object.fromEntries(sockets) } : { id });
  }

  /** @param {string} id */
  #event(id) {
    return this.#graph.events.findIndex((/** @type {any} */ event) => event.id === id);
  }

  // --- nodes -------------------------------------------------------------------------------------

  /**
   * Adds a node.
   * @param {string} op
   * @param {{values?: Record<string, Input>, configuration?: Record<string, any[]>, after?: Output | Output[]}} [parts] `after`: the flows
   *   that lead to it
   * @returns {Output} its `value`, or by `socket` another
   */
  op(op, { values = {}, configuration = {}, after = [] } = {}) {
    const node = this.#graph.nodes.length;
    const inputs = Object.entries(values).map(([name, input]) => [name, 'node' in input ? { ...input } : this.#literal(input)]);
    const settings = Object.entries(configuration).map(([key, value]) => [key, { value }]);
    this.#graph.nodes.push({
      declaration: indexIn(this.#graph.declarations, this.#declaration(op)),
      ...(settings.length ? { configuration: Object.fromEntries(settings) } : {}),
      ...(inputs.length ? { values: Object.fromEntries(inputs) } : {}),
    });
    for (const flow of [after].flat()) this.#lead(flow, node);
    return { node, socket: 'value' };
  }

  /** A flow leads to one node only: what comes next is `after` that one. @param {Output} from @param {number} node */
  #lead({ node: from, socket }, node) {
    const flows = (this.#graph.nodes[from].flows ??= {});
    if (flows[socket]) throw new Error(`The flow ${socket} of node ${from} leads somewhere already.`);
    flows[socket] = { node };
  }

  /** @param {string} op */
  #declaration(op) {
    const name = /** @type {keyof typeof OUTPUTS} */ (op.replace('event/', ''));
    if (!OUTPUTS[name]) return { op };
    const sockets = Object.entries(OUTPUTS[name]).map(([id, type]) => [id, { type: this.#type(type) }]);
    return { op, extension: EXTENSION[name], outputValueSockets: Object.fromEntries(sockets) };
  }

  /**
   * Something that happens: onStart, onTick, onSelect ...
   * @param {string} event
   * @param {{nodeIndex?: number}} [where]
   * @returns {Output} the flow
   */
  on(event, { nodeIndex } = {}) {
    const configuration = nodeIndex === undefined ? {} : { nodeIndex: [nodeIndex] };
    return { ...this.op(`event/${event}`, { configuration }), socket: 'out' };
  }

  /** A custom event has come. @param {string} id */
  receive(id) {
    return { ...this.op('event/receive', { configuration: { event: [this.#event(id)] } }), socket: 'out' };
  }

  /** @param {Output | Output[]} after @param {string} id @param {Record<string, Input>} [values] */
  send(after, id, values = {}) {
    return { ...this.op('event/send', { after, values, configuration: { event: [this.#event(id)] } }), socket: 'out' };
  }

  /** A pure node of the domain math, its inputs by the letters a, b, c, d. @param {string} op @param {...Input} inputs */
  math(op, ...inputs) {
    return this.op(`math/${op}`, { values: Object.fromEntries(inputs.map((input, i) => ['abcd'[i], input])) });
  }

  /** @param {Input} condition @param {Input} a @param {Input} b */
  select(condition, a, b) {
    return this.op('math/select', { values: { condition, a, b } });
  }

  /** @param {string} name of a variable */
  read(name) {
    return this.op('variable/get', { configuration: { variable: [this.#variable(name)] } });
  }

  /** Sets variables, all at once. @param {Output | Output[]} after @param {Record<string, Input>} values by name */
  write(after, values) {
    const indices = Object.keys(values).map((name) => this.#variable(name));
    const inputs = Object.values(values).map((input, i) => [String(indices[i]), input]);
    return { ...this.op('variable/set', { after, values: Object.fromEntries(inputs), configuration: { variables: indices } }), socket: 'out' };
  }

  /** @param {string} pointer a template @param {string} type @param {Record<string, Input>} [values] its parameters */
  get(pointer, type, values = {}) {
    return this.op('pointer/get', { values, configuration: { pointer: [pointer], type: [this.#type(type)] } });
  }

  /** @param {Output | Output[]} after @param {string} pointer @param {string} type @param {Input} value @param {Record<string, Input>} [values] */
  set(after, pointer, type, value, values = {}) {
    const configuration = { pointer: [pointer], type: [this.#type(type)] };
    return { ...this.op('pointer/set', { after, values: { ...values, value }, configuration }), socket: 'out' };
  }

  /** @param {Output | Output[]} after @param {string} pointer @param {string} type @param {Input} value @param {number} seconds */
  glide(after, pointer, type, value, seconds) {
    const easing = { p1: vector(0.3, 0), p2: vector(0.3, 1) };
    const configuration = { pointer: [pointer], type: [this.#type(type)] };
    return { ...this.op('pointer/interpolate', { after, values: { value, duration: float(seconds), ...easing }, configuration }), socket: 'out' };
  }

  /** @param {Output | Output[]} after @param {string} message @param {Record<string, Input>} [values] */
  log(after, message, values = {}) {
    return { ...this.op('debug/log', { after, values, configuration: { severity: [0], message: [message] } }), socket: 'out' };
  }

  /** A loop: its `index`, the flow of its body, and what comes behind it. @param {Output | Output[]} after @param {Input} endIndex */
  loop(after, endIndex) {
    const { node } = this.op('flow/for', { after, values: { startIndex: int(0), endIndex }, configuration: { initialIndex: [0] } });
    return { index: { node, socket: 'index' }, body: { node, socket: 'loopBody' }, completed: { node, socket: 'completed' } };
  }

  /** @param {Output | Output[]} after @param {Input} condition */
  branch(after, condition) {
    const { node } = this.op('flow/branch', { after, values: { condition } });
    return { yes: { node, socket: 'true' }, no: { node, socket: 'false' } };
  }
}

/** Another output of the same node. @param {Output} output @param {string} socket @returns {Output} */
export const socket = ({ node }, socket) => ({ node, socket });

/** The index of an equal element, which is added when there is none. @param {any[]} list @param {object} element */
function indexIn(list, element) {
  const text = JSON.stringify(element);
  const found = list.findIndex((other) => JSON.stringify(other) === text);
  return found >= 0 ? found : list.push(element) - 1;
}
