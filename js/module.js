// module.js - runs graphs that were compiled to stand alone (treadle compile -o FILE.wasm): no engine, no other file of ours
// but those imported here. What a module is and has, its descriptors say (src/run/descriptors.h).
//
//     import { openModule } from 'treadle/module';
//     const module = await openModule(new URL('door.wasm', import.meta.url));
//     const run = module.start({ set: { speed: 2 }, log: console.log });
//     run.step(performance.now() / 1000);
//     run.get('height');
import { TreadleError, messageOf } from './error.js';
import { bytesOf } from './source.js';
import { misfit, readValue, revive, writeValue } from './value.js';

const SECTION = 'treadle.descriptors';

/** What run() and step() answer, by number (src/run/alone.h, alone_door.c). */
const STATUSES = /** @type {const} */ (['done', 'more', 'limit', 'waits']);

/** @typedef {typeof STATUSES[number]} Status `waits`: time or an event may still wake it; `more`: the fuel is gone, run again */
/** @typedef {import('./value.js').Type} Type */
/** @typedef {{id: string, type: string, handle: number, at?: number}} Port */
/** @typedef {{id: string, type: string, lane: number}} Place a value among others */
/** @typedef {{type: string, lane: number}} Piece */

/**
 * @typedef {object} Descriptors
 * @property {string} version of what made it
 * @property {string} name
 * @property {string} hash of the graph's source
 * @property {'preemptible' | 'structured'} shape
 * @property {Record<string, {lanes: number, lane: 'i32' | 'f64' | 'i64', letter: string}>} types
 * @property {Port[]} variables
 * @property {Port[]} inputs
 * @property {Port[]} outputs
 * @property {{id: string, receivers: number, values: (Place & {value: any})[]}[]} events
 * @property {{id: string, op: string}[]} nodes
 * @property {number[]} order
 * @property {{node: number, severity: number, text: (string | Piece)[]}[]} logs
 * @property {{node: number, op: string, inputs: Place[], outputs: Place[]}[]} calls
 * @property {number[]} starts
 * @property {number[]} ticks
 * @property {{values: number, lanes: number, state: number, stateSize: number, now: number, fuel: number, fuelLimit: number, reason: number}} memory
 */

/**
 * @typedef {object} StartOptions
 * @property {Record<string, any>} [set] variables and graph inputs before anything runs
 * @property {number} [seed] of math/random
 * @property {number} [fuel] that the run may use in all; 0: no limit
 * @property {(text: string, line: {severity: number, time: number, node: number}) => void} [log]
 * @property {(id: string, values: Record<string, any>, time: number) => void} [event] events that the graph sends
 * @property {Record<string, (inputs: Record<string, any>) => any>} [calls] host operations by name; they answer at once. One
 *   that throws, or is not there, makes the node's `err` flow go on
 */

/**
 * Compiles a module, or takes one that is compiled.
 * @param {WebAssembly.Module | import('./source.js').Source} source its bytes, where they are (a URL), or the module
 */
export async function openModule(source) {
  if (source instanceof WebAssembly.Module) return new GraphModule(source);
  const { bytes } = await bytesOf(source);
  try {
    return new GraphModule(await WebAssembly.compile(/** @type {BufferSource} */ (bytes)));
  } catch (error) {
    if (error instanceof TreadleError) throw error;
    throw new TreadleError('WASM_BYTES', `This is no WebAssembly module: ${messageOf(error)}`, { cause: error });
  }
}

/** Fuel after which a module that is a node of another graph gives up its turn. */
const SLICE = 2_000_000;

/** A compiled graph: any number of runs can be started of it. */
export class GraphModule {
  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const [section] = WebAssembly.Module.customSections(module, SECTION);
    if (!section) throw new TreadleError('WASM_BYTES', 'This module was not made by "treadle compile": it has no descriptors.');
    this.module = module;
    /** @type {Descriptors} */
    this.descriptors = JSON.parse(new TextDecoder().decode(section));
  }

  /** Its graph inputs and outputs, as those of an operation: engine.defineModule. @type {import('./calls.js').Signature} */
  get signature() {
    const typed = (/** @type {Port[]} */ ports) => Object.fromEntries(ports.map(({ id, type }) => [id, type]));
    return { inputs: typed(this.descriptors.inputs), outputs: typed(this.descriptors.outputs), timeout: Infinity };
  }

  /**
   * What an operation does that is this graph: engine.defineModule says it in words.
   * @param {StartOptions} [options]
   * @returns {import('./calls.js').Operation}
   */
  operation(options) {
    /** @type {WeakMap<object, Map<number, Node>>} */
    const all = new WeakMap();
    return (inputs, { run, node, now, signal }) => {
      const nodes = all.get(run) ?? new Map();
      all.set(run, nodes);
      const own = nodes.get(node) ?? new Node(this.start({ seed: node, ...options }), this.descriptors.outputs);
      nodes.set(node, own);
      return own.enter(inputs, now, signal);
    };
  }

  /**
   * A run with a memory of its own. Nothing has run yet: call step(), or tick() and run().
   * @param {StartOptions} [options]
   */
  start(options = {}) {
    return new ModuleRun(this, options);
  }
}

/** A module's run as a node of another graph. */
class Node {
  #run;
  #outputs;
  /** The activation that is not over. @type {Promise<unknown> | null} */
  #busy = null;

  /**
   * @param {ModuleRun} run
   * @param {Port[]} outputs
   */
  constructor(run, outputs) {
    this.#run = run;
    this.#outputs = outputs;
  }

  /**
   * At once where it can be; one activation after the other.
   * @param {Record<string, any>} inputs
   * @param {number} now
   * @param {AbortSignal} signal
   * @returns {Record<string, any> | Promise<Record<string, any>>}
   */
  enter(inputs, now, signal) {
    if (!this.#busy && this.#begin(inputs, now)) return this.#leave();
    const done = this.#wait(inputs, now, signal, this.#busy);
    const free = () => {
      if (this.#busy === done) this.#busy = null;
    };
    this.#busy = done;
    done.then(free, free);
    return done;
  }

  /** When the tick of the activation is still to come. @type {number | null} */
  #tick = null;

  /**
   * Whether that was all.
   * @param {Record<string, any>} inputs
   * @param {number} now
   */
  #begin(inputs, now) {
    for (const [name, value] of Object.entries(inputs)) this.#run.set(name, value);
    this.#tick = now;
    return this.#goOn();
  }

  /** A slice; what was due before the tick comes first. */
  #goOn() {
    let status = this.#run.run(SLICE);
    if (status === 'more' || this.#tick === null) return status !== 'more';
    this.#run.tick(this.#tick);
    this.#tick = null;
    status = this.#run.run(SLICE);
    return status !== 'more';
  }

  /**
   * @param {Record<string, any>} inputs
   * @param {number} now
   * @param {AbortSignal} signal
   * @param {Promise<unknown> | null} before the activation that is not over
   */
  async #wait(inputs, now, signal, before) {
    await before?.catch(() => {});
    let over = before !== null && this.#begin(inputs, now);
    while (!over && !signal.aborted) {
      await new Promise((go) => setTimeout(go));
      over = this.#goOn();
    }
    return this.#leave();
  }

  #leave() {
    if (this.#run.reason) throw new TreadleError('LIMIT', `The module has ended: ${this.#run.reason}.`);
    return Object.fromEntries(this.#outputs.map(({ id }) => [id, this.#run.get(id)]));
  }
}

/** One running graph. */
export class ModuleRun {
  #descriptors;
  #options;
  /** @type {any} */
  #exports;
  /** @type {Map<string, Type>} */
  #types;
  /** @type {Map<string, Port>} */
  #ports;
  /** How many calls of the host are under way: the graph must not be called from within. */
  #inside = 0;

  /**
   * @param {GraphModule} module
   * @param {StartOptions} options
   */
  constructor({ module, descriptors }, options) {
    const { variables, inputs, outputs, types } = descriptors;
    this.#descriptors = descriptors;
    this.#options = options;
    this.#types = new Map(Object.entries(types).map(([name, type]) => [name, { name, ...type }]));
    this.#ports = new Map([...variables, ...inputs, ...outputs].filter(({ id }) => id).map((port) => [port.id, port]));
    variables.forEach((port, index) => this.#ports.set(`#${index}`, port));
    this.#exports = new WebAssembly.Instance(module, { host: this.#host() }).exports;
    this.#exports.init(options.seed ?? 0);
    if (options.fuel) this.#slots.setBigUint64(descriptors.memory.fuelLimit, BigInt(options.fuel), true);
    for (const [name, value] of Object.entries(options.set ?? {})) this.set(name, value);
  }

  /** A view anew each time: memory that grows moves. */
  get #slots() {
    return new DataView(this.#exports.memory.buffer);
  }

  // --- what the module asks for ---------------------------------------------------------------

  #host() {
    const logs = new Map(this.#descriptors.logs.map((log) => [log.node, log]));
    const calls = new Map(this.#descriptors.calls.map((call) => [call.node, call]));
    return {
      /** @param {number} node @param {number} at */
      log: (node, at) => this.#tell(() => this.#log(logs.get(node), at)),
      /** @param {number} event @param {number} at */
      event: (event, at) => this.#tell(() => this.#event(this.#descriptors.events[event], at)),
      /** @param {number} node @param {number} at @param {number} results */
      call: (node, at, results) => this.#tell(() => this.#call(/** @type {any} */ (calls.get(node)), at, results)) ?? 0,
    };
  }

  /**
   * No exception may pass through the module: what was under way would never be ended.
   * @template Result
   * @param {() => Result} what
   */
  #tell(what) {
    this.#inside++;
    try {
      return what();
    } catch (error) {
      this.failures.push(error);
      return undefined;
    } finally {
      this.#inside--;
    }
  }

  /** What listeners and operations threw. @type {unknown[]} */
  failures = [];

  /**
   * @param {Descriptors['logs'][number] | undefined} line none: events wait, since there were too many in one tick
   * @param {number} at
   */
  #log(line, at) {
    const { log } = this.#options;
    if (!log) return;
    if (!line) return log('too many events in one tick: the rest waits (limit tick-events)', { severity: 1, time: this.now, node: -1 });
    const text = line.text.map((piece) => (typeof piece === 'string' ? piece : spell(this.#read(at + 8 * piece.lane, piece.type))));
    log(text.join(''), { severity: line.severity, time: this.now, node: line.node });
  }

  /**
   * @param {Descriptors['events'][number]} event
   * @param {number} at
   */
  #event({ id, values }, at) {
    this.#options.event?.(id, this.#places(values, at), this.now);
  }

  /**
   * @param {Descriptors['calls'][number]} call
   * @param {number} at
   * @param {number} results
   */
  #call({ op, inputs, outputs }, at, results) {
    const operation = this.#options.calls?.[op];
    if (!operation) throw new TreadleError('DEFINE', `There is no operation ${op}.`);
    const given = operation(this.#places(inputs, at));
    const named = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
    const values = named ? given : outputs.length === 1 ? { [outputs[0].id]: given } : {};
    for (const { id, type } of outputs) this.#check(`output ${id} of ${op}`, type, values[id]);
    for (const { id, type, lane } of outputs) writeValue(this.#slots, results + 8 * lane, this.#type(type), values[id]);
    return 1;
  }

  // --- values ---------------------------------------------------------------------------------

  /** @param {string} name */
  #type(name) {
    return /** @type {Type} */ (this.#types.get(name));
  }

  /**
   * @param {number} at
   * @param {string} type
   */
  #read(at, type) {
    return readValue(this.#slots, at, this.#type(type));
  }

  /**
   * @param {Place[]} places
   * @param {number} at
   * @returns {Record<string, any>}
   */
  #places(places, at) {
    return Object.fromEntries(places.map(({ id, type, lane }) => [id, this.#read(at + 8 * lane, type)]));
  }

  /**
   * @param {string} what
   * @param {string} type
   * @param {unknown} value
   */
  #check(what, type, value) {
    const wrong = misfit(value, this.#type(type));
    if (wrong) throw new TypeError(`${what} ${wrong}`);
  }

  /** @param {string} name */
  #port(name) {
    const port = this.#ports.get(name);
    if (port) return port;
    throw new TreadleError('GET', `There is no variable, input or output "${name}". There are ${[...this.#ports.keys()].join(', ')}.`);
  }

  /** From within a call of the host only memory may be looked at. */
  #enter() {
    if (this.#inside) throw new TreadleError('BUSY', 'The graph is calling its host, and cannot be called before that is over.');
    return this.#exports;
  }

  /**
   * A variable, graph input or graph output by name; a variable also as "#0" by index.
   * @param {string} name
   * @returns {any}
   */
  get(name) {
    const { at, handle, type } = this.#port(name);
    return this.#read(at ?? this.#enter().get(handle) >>> 0, type);
  }

  /**
   * Writes a variable or graph input; while something runs it waits its turn.
   * @param {string} name
   * @param {any} value
   */
  set(name, value) {
    const { handle, type } = this.#port(name);
    this.#check(`"${name}"`, type, value);
    const exports = this.#enter();
    writeValue(this.#slots, this.#descriptors.memory.values, this.#type(type), value);
    if (!exports.set(handle)) throw new TreadleError('SET', `"${name}" cannot be set: it is an output, or the run cannot take it.`);
  }

  /**
   * Sends an event; it is heard when the graph runs next. Values that are left out are the event's defaults.
   * @param {string} id
   * @param {Record<string, any>} [values]
   */
  send(id, values = {}) {
    const index = this.#descriptors.events.findIndex((event) => event.id === id && id);
    if (index < 0) throw new TreadleError('SEND', `There is no event "${id}".`);
    const event = this.#descriptors.events[index];
    const exports = this.#enter();
    for (const { id: name, type, lane, value: unset } of event.values) {
      const value = name in values ? values[name] : revive(unset);
      this.#check(`"${name}" of event "${id}"`, type, value);
      writeValue(this.#slots, this.#descriptors.memory.values + 8 * lane, this.#type(type), value);
    }
    if (!exports.send(index)) throw new TreadleError('SEND', `The event "${id}" was not taken: the run is over, or its queue is full.`);
  }

  // --- time -----------------------------------------------------------------------------------

  /**
   * A tick, at `now` seconds of any clock that does not go back; false: something runs still, and it is dropped.
   * @param {number} now
   * @returns {boolean}
   */
  tick(now) {
    return this.#enter().tick(now) === 1;
  }

  /**
   * Goes on until nothing is to be done, or so much fuel is gone.
   * @param {number} [fuel]
   * @returns {Status}
   */
  run(fuel = Infinity) {
    return STATUSES[this.#enter().run(fuel)];
  }

  /**
   * What is due, a tick, and all that follows from it.
   * @param {number} now
   * @returns {Status}
   */
  step(now) {
    return STATUSES[this.#enter().step(now)];
  }

  /** Seconds after the last tick at which time alone will do something; Infinity: never. */
  get nextDue() {
    return this.#enter().next_due();
  }

  /** Seconds of the graph's clock: the first tick is 0. */
  get now() {
    return this.#slots.getFloat64(this.#descriptors.memory.now, true);
  }

  /** Fuel used so far. */
  get fuel() {
    return Number(this.#slots.getBigUint64(this.#descriptors.memory.fuel, true));
  }

  /** The limit that ended the run, or null. */
  get reason() {
    const at = this.#slots.getUint32(this.#descriptors.memory.reason, true);
    if (at === 0) return null;
    const bytes = new Uint8Array(this.#exports.memory.buffer, at);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  // --- state ----------------------------------------------------------------------------------

  #state() {
    const { state, stateSize } = this.#descriptors.memory;
    this.#enter();
    return new Uint8Array(this.#exports.memory.buffer, state, stateSize);
  }

  /** All that there is to this run, between any two calls: for restore() of a run of the same module, here or elsewhere. */
  save() {
    return this.#state().slice();
  }

  /** @param {Uint8Array} bytes what save() gave */
  restore(bytes) {
    const state = this.#state();
    if (bytes.length !== state.length) throw new TreadleError('SAVE', 'This is no state of a run of this module.');
    state.set(bytes);
  }
}

/** The kinds of references (src/op/type.h) that have a number of their own. */
const REFERENCES = new Map([[2n, 'delay'], [3n, 'event']]);

/**
 * A value in a line of the log.
 * @param {any} value
 * @returns {string}
 */
function spell(value) {
  if (Array.isArray(value)) return `(${value.map(spell).join(', ')})`;
  if (typeof value === 'bigint') {
    const kind = REFERENCES.get(value >> 56n);
    return kind ? `${kind}:${value & 0xffffffffffffffn}` : 'null';
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
