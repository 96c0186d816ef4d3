// pointers.js - properties that the page serves itself, and those whose changes it is told.
import { TreadleError } from './error.js';
import { misfit, readValue, writeValue } from './value.js';

/** @typedef {import('./run.js').Run} Run */

/**
 * What a page does with the pointers at or below a prefix. With `get` or `set` they are the page's: the engine asks for every
 * read and write, in place of the glTF's own. With `changed` alone they stay the engine's, and the page is told.
 * @typedef {object} Service
 * @property {(pointer: string, context: {run: Run}) => any} [get] the value; undefined: there is no such property
 * @property {(pointer: string, value: any, context: {run: Run}) => unknown} [set] false: it takes no such value
 * @property {(pointer: string, value: any, context: {run: Run}) => void} [changed] after each slice, once for each that was written
 */

/** @typedef {{pointer: string, type: string, parameters: string[]}} Template as td_info lists those that are served */

/** Effective pointers that are kept; more than a scene needs, fewer than a runaway graph could make. */
const KEPT = 10_000;

/** Where a ref keeps what it is (type.h). */
const KIND = 56n;
const OBJECT = 1n;

/** All services of one engine. */
export class Pointers {
  #gate;
  #loop;
  #types;
  /** @type {[string, Service][]} */
  #services;
  /** @type {[string, Service][]} those that are only told */
  #told;
  /** By graph: of each template its service, type and the pointers made of it. @type {WeakMap<object, Answer[]>} */
  #answers = new WeakMap();

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {import('./loop.js').Loop} loop
   * @param {import('./value.js').Type[]} types
   * @param {Record<string, Service>} services by prefix
   */
  constructor(gate, loop, types, services) {
    this.#gate = gate;
    this.#loop = loop;
    this.#types = new Map(types.map((type) => [type.name, type]));
    const all = Object.entries(services);
    this.#services = all.filter(([, { get, set }]) => get || set);
    this.#told = all.filter(([, { get, set, changed }]) => changed && !get && !set);
    for (const [prefix] of this.#services) this.tell('td_serve', prefix);
    for (const [prefix] of this.#told) this.tell('td_observe', prefix);
  }

  /**
   * A prefix of pointers, for loads from now on.
   * @param {'td_serve' | 'td_observe'} call
   * @param {string} prefix
   */
  tell(call, prefix) {
    const taken = this.#gate.callWith([prefix], (exports, engine, at) => exports[call](engine, at));
    if (!taken) throw new TreadleError('POINTER', this.#gate.text());
  }

  // --- what C asks for (host.js); no exception may pass through it ------------------------------

  /**
   * @param {number} instance
   * @param {number} served
   * @param {number} args
   * @param {number} value
   * @returns {number} whether there is such a property
   */
  get(instance, served, args, value) {
    return this.#answer(instance, served, args, ({ service, type }, pointer, run) => {
      const given = service.get?.(pointer, { run });
      if (given === undefined) return false;
      const wrong = misfit(given, type);
      if (wrong) throw new TreadleError('POINTER', `the value ${wrong}.`);
      writeValue(this.#gate.wasm.slots, value, type, given);
      return true;
    });
  }

  /**
   * @param {number} instance
   * @param {number} served
   * @param {number} args
   * @param {number} value
   * @returns {number} whether it was taken
   */
  set(instance, served, args, value) {
    return this.#answer(instance, served, args, ({ service, type }, pointer, run) => {
      const given = readValue(this.#gate.wasm.slots, value, type);
      return service.set !== undefined && service.set(pointer, given, { run }) !== false;
    });
  }

  /**
   * @param {number} instance
   * @param {number} served
   * @param {number} args
   * @param {(answer: Answer, pointer: string, run: Run) => boolean} use
   */
  #answer(instance, served, args, use) {
    const run = this.#loop.runOf(instance);
    if (!run) return 0;
    const answer = this.#answersOf(run.graph)[served];
    let pointer = answer.template.pointer;
    try {
      pointer = answer.pointer(this.#gate.wasm.slots, args);
      return Number(use(answer, pointer, run));
    } catch (error) {
      run.failed(pointer, error);
      return 0;
    }
  }

  /** @param {import('./graph.js').Graph} graph */
  #answersOf(graph) {
    let answers = this.#answers.get(graph);
    if (!answers) {
      answers = graph.info.served.map((template) => new Answer(template, this.#serviceOf(template), this.#types));
      this.#answers.set(graph, answers);
    }
    return answers;
  }

  /** @param {Template} template */
  #serviceOf({ pointer }) {
    const [, service] = this.#services.find(([prefix]) => isBelow(pointer, prefix)) ?? [];
    return service ?? {};
  }

  // --- what has changed -------------------------------------------------------------------------

  /** Whether anybody wants to know. */
  get areTold() {
    return this.#told.length > 0;
  }

  /**
   * Tells what a run has written since the last time. Services may call the engine.
   * @param {Run} run
   */
  tellChanges(run) {
    run.changes((cell, lanes, pointer) => {
      const { type } = run.graph.pointers[cell];
      for (const [prefix, { changed }] of this.#told) {
        if (!isBelow(pointer, prefix)) continue;
        try {
          changed?.(pointer, valueOf(lanes, type), { run });
        } catch (error) {
          run.failed(pointer, error);
        }
      }
    });
  }
}

/** A template that is served: its pointers by its parameters. */
class Answer {
  /** @type {Map<string, string>} */
  #made = new Map();
  #parameters;

  /**
   * @param {Template} template
   * @param {Service} service
   * @param {Map<string, import('./value.js').Type>} types
   */
  constructor(template, service, types) {
    const type = (/** @type {string} */ name) => /** @type {import('./value.js').Type} */ (types.get(name));
    this.template = template;
    this.service = service;
    this.type = type(template.type);
    this.#parameters = template.parameters.map(type);
  }

  /**
   * The pointer with its parameters in place.
   * @param {DataView} slots
   * @param {number} args
   */
  pointer(slots, args) {
    const given = this.#parameters.map((type, i) => readValue(slots, args + 8 * i, type));
    const key = given.join();
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(given.map(indexOf));
    if (this.#made.size === KEPT) this.#made.clear();
    this.#made.set(key, made);
    return made;
  }

  /** @param {string[]} indices */
  #make(indices) {
    let next = 0;
    const steps = this.template.pointer.split('/').map((step) => (isParameter(step) ? indices[next++] : step.replace(/([[\]{}])\1/g, '$1')));
    return steps.join('/');
  }
}

/** @param {string} step of a template: [x] or {x}, not [[x]] */
const isParameter = (step) => /^(\[[^[]|\{[^{])/.test(step);

/**
 * A parameter as it stands in a pointer: an index; of a delay or an event its serial number.
 * @param {any} value
 */
function indexOf(value) {
  if (typeof value !== 'bigint') return String(value);
  return String(value >> KIND === OBJECT ? BigInt.asUintN(32, value) : BigInt.asUintN(Number(KIND), value));
}

/**
 * Step by step, as C has it: {} fits any one step.
 * @param {string} pointer
 * @param {string} prefix
 */
function isBelow(pointer, prefix) {
  const steps = pointer.split('/');
  return prefix.split('/').every((step, i) => i < steps.length && (step === '{}' || step === steps[i]));
}

/**
 * @param {Float64Array} lanes
 * @param {string} type
 */
function valueOf(lanes, type) {
  if (lanes.length > 1) return Array.from(lanes);
  return type === 'bool' ? lanes[0] !== 0 : lanes[0];
}
