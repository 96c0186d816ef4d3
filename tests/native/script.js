// script.js - KHR_interactivity graphs written as a list of steps, with a glTF around them: for tests of the object model.

const TYPES = ['bool', 'int', 'float', 'float2', 'float3', 'float4', 'float2x2', 'float3x3', 'float4x4', 'ref'];
const type = (name) => TYPES.indexOf(name);
const at = (value) => ({ value: [value].flat() });
const is = (name, value) => ({ type: type(name), value: [value].flat() });

/** A chain of flow nodes that begins with onStart. What it finds out lies in variables. */
export class Script {
  #declarations = [];
  #nodes = [];
  #variables = [];
  /** Flow outputs that the next node goes on from: [node, output]. */
  #open = [];

  constructor() {
    this.#open = [[this.#node('event/onStart', {}), 'out']];
  }

  #node(op, { configuration, values }) {
    let declaration = this.#declarations.findIndex((known) => known.op === op);
    if (declaration < 0) declaration = this.#declarations.push({ op }) - 1;
    const node = { declaration };
    if (configuration) node.configuration = configuration;
    if (values && Object.keys(values).length) node.values = values;
    return this.#nodes.push(node) - 1;
  }

  /** A variable without a value has its type's default. */
  variable(name, typeName, value) {
    const variable = { type: type(typeName), name };
    if (value !== undefined) variable.value = [value].flat();
    return this.#variables.push(variable) - 1;
  }

  /** A flow node, entered from where the chain is; the chain goes on from `outputs`. */
  #flow(op, parts, outputs) {
    const node = this.#node(op, parts);
    for (const [from, output] of this.#open) (this.#nodes[from].flows ??= {})[output] = { node };
    this.#open = outputs.map((output) => [node, output]);
    return node;
  }

  #store(values) {
    const variables = Object.keys(values).map(Number);
    this.#flow('variable/set', { configuration: { variables: at(variables) }, values }, ['out']);
  }

  /** Parameters as sockets: [type, value] is constant, [type, value, 'run'] is known only when it runs. */
  #parameters(parameters) {
    return Object.fromEntries(Object.entries(parameters).map(([name, [of, value, when]]) => {
      if (!when) return [name, value === null ? { type: type(of) } : is(of, value)];
      const variable = this.variable(`${name}${this.#variables.length}`, of, value ?? undefined);
      return [name, { node: this.#node('variable/get', { configuration: { variable: at(variable) } }) }];
    }));
  }

  #pointer(pointer, typeName) {
    return { pointer: at(pointer), type: at(type(typeName)) };
  }

  /** Reads a pointer into variables `name` and `name valid`. */
  get(name, pointer, typeName, parameters = {}) {
    const value = this.variable(name, typeName);
    const valid = this.variable(`${name} valid`, 'bool');
    const node = this.#node('pointer/get', { configuration: this.#pointer(pointer, typeName), values: this.#parameters(parameters) });
    this.#store({ [value]: { node, socket: 'value' }, [valid]: { node, socket: 'isValid' } });
    return this;
  }

  /** Writes a pointer; variable `name` is 1 when it took out, 2 for err. */
  set(name, pointer, typeName, value, parameters = {}) {
    const values = { ...this.#parameters(parameters), value: is(typeName, value) };
    return this.#fork(name, 'pointer/set', { configuration: this.#pointer(pointer, typeName), values });
  }

  /** Interpolates a pointer; `name` as for set, `name done` is 1 once it has arrived. */
  interpolate(name, pointer, typeName, value, { duration = 1, p1 = [0, 0], p2 = [1, 1], ...parameters } = {}) {
    const curve = { duration: is('float', duration), p1: is('float2', p1), p2: is('float2', p2) };
    const values = { ...this.#parameters(parameters), value: is(typeName, value), ...curve };
    return this.#fork(name, 'pointer/interpolate', { configuration: this.#pointer(pointer, typeName), values }, true);
  }

  /** Goes on so many seconds later. */
  wait(seconds) {
    this.#flow('flow/setDelay', { values: { duration: is('float', seconds) } }, ['done']);
    return this;
  }

  #fork(name, op, parts, latent = false) {
    const way = this.variable(name, 'int', 0);
    const node = this.#flow(op, parts, []);
    const open = [];
    for (const [i, output] of ['out', 'err'].entries()) {
      this.#open = [[node, output]];
      this.#store({ [way]: is('int', i + 1) });
      open.push(...this.#open);
    }
    if (latent) {
      this.#open = [[node, 'done']];
      this.#store({ [this.variable(`${name} done`, 'int', 0)]: is('int', 1) });
    }
    this.#open = open;
    return this;
  }

  /** The file: the graph inside of an asset. */
  in(asset = {}) {
    const graph = {
      types: TYPES.map((signature) => ({ signature })),
      declarations: this.#declarations,
      nodes: this.#nodes,
    };
    if (this.#variables.length) graph.variables = this.#variables;
    const { extensions, ...rest } = asset;
    return { asset: { version: '2.0' }, ...rest, extensions: { ...extensions, KHR_interactivity: { graphs: [graph] } } };
  }
}
