// calls.js - host operations: what graphs call in JavaScript, at once or with a promise.
import { TreadleError, messageOf } from './error.js';
import { DONE, FAILED, PENDING } from './host.js';
import { misfit, readValue, toJson, writeValue } from './value.js';

/**
 * What an operation takes and gives: the type of each socket, and how long (ms) an answer may take.
 * @typedef {{inputs?: Record<string, string>, outputs?: Record<string, string>, timeout?: number}} Signature
 */

/**
 * The function behind an operation. It gets the inputs by name, and gives the outputs by name (or the one value where
 * there is one output), or a promise of them. When it throws or rejects, the node's `err` flow is taken.
 * @callback Operation
 * @param {Record<string, any>} inputs
 * @param {{run: Run, signal: AbortSignal, node: number, now: number}} context `signal` aborts when the run ends; `node`: who calls, by
 *   its place in the file; `now`: seconds of the run's clock
 * @returns {any}
 */

/** @typedef {import('./run.js').Run} Run */
/** @typedef {{id: string, type: import('./value.js').Type, at: number}} Port its value lies `at` bytes behind the first */
/** @typedef {{name: string, inputs: Port[], outputs: Port[], timeout: number, operation: Operation}} Row */

/** How long (ms) an operation may take to answer, when its signature says nothing. */
const TIMEOUT = 30_000;

/** All operations of one engine. */
export class Calls {
  #gate;
  #loop;
  #types;
  /** @type {Row[]} by index */
  #operations = [];

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {import('./loop.js').Loop} loop
   * @param {import('./value.js').Type[]} types
   */
  constructor(gate, loop, types) {
    this.#gate = gate;
    this.#loop = loop;
    this.#types = new Map(types.map((type) => [type.name, type]));
  }

  /**
   * @param {string} name "my/op"
   * @param {Signature} signature
   * @param {Operation} operation
   */
  define(name, { inputs = {}, outputs = {}, timeout = TIMEOUT }, operation) {
    if (typeof operation !== 'function') throw new TreadleError('DEFINE', `${name}: the third argument should be a function.`);
    /** @type {Row} */
    const row = { name, inputs: this.#ports(name, inputs), outputs: this.#ports(name, outputs), timeout, operation };
    const list = (/** @type {Port[]} */ ports) => ports.map(({ id, type }) => ({ id, type: type.name }));
    const json = JSON.stringify({ op: name, inputs: list(row.inputs), outputs: list(row.outputs) });
    const index = this.#gate.callWith([json], (exports, engine, at) => exports.td_define(engine, at));
    if (index === 0) throw new TreadleError('DEFINE', this.#gate.text());
    this.#operations[index - 1] = row;
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} sockets
   * @returns {Port[]}
   */
  #ports(name, sockets) {
    let at = 0;
    return Object.entries(sockets).map(([id, typeName]) => {
      const type = this.#types.get(typeName);
      if (!type) throw new TreadleError('DEFINE', `${name}: socket ${id} has no such type: ${typeName} (there are ${[...this.#types.keys()].join(', ')}).`);
      const port = { id, type, at };
      at += 8 * type.lanes;
      return port;
    });
  }

  /**
   * The import host_call. No exception may pass through C: it becomes the answer FAILED.
   * @param {number} instance
   * @param {{node: number, now: number}} at
   * @param {number} index
   * @param {number} call
   * @param {number} args
   * @param {number} results
   */
  call(instance, at, index, call, args, results) {
    const row = this.#operations[index];
    const run = this.#loop.runOf(instance);
    if (!run) return FAILED;
    try {
      const { slots } = this.#gate.wasm;
      const inputs = Object.fromEntries(row.inputs.map(({ id, type, at: place }) => [id, readValue(slots, args + place, type)]));
      const given = row.operation(inputs, { run, signal: run.signal, ...at });
      if (typeof given?.then === 'function') {
        this.#wait(run, row, call, given);
        return PENDING;
      }
      const outputs = outputsOf(row, given);
      for (const { id, type, at: place } of row.outputs) writeValue(this.#gate.wasm.slots, results + place, type, outputs[id]);
      return DONE;
    } catch (error) {
      run.failed(row.name, error);
      return FAILED;
    }
  }

  /**
   * Answers a pending call when its promise settles, or when it has taken too long.
   * @param {Run} run
   * @param {Row} row
   * @param {number} call
   * @param {PromiseLike<any>} promise
   */
  #wait(run, row, call, promise) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const forget = () => {
      clearTimeout(timer);
      return run.waits.delete(forget);
    };
    const answer = (/** @type {() => any} */ get) => {
      if (forget()) this.#answer(run, row, call, get); // else the run is over, or this comes too late
    };
    const fail = (/** @type {unknown} */ error) => answer(() => { throw error; });
    if (row.timeout < Infinity) timer = setTimeout(fail, row.timeout, new Error(`no answer within ${row.timeout} ms`));
    run.waits.add(forget);
    Promise.resolve(promise).then((given) => answer(() => given), fail);
  }

  /**
   * @param {Run} run
   * @param {Row} row
   * @param {number} call
   * @param {() => any} get
   */
  #answer(run, row, call, get) {
    let answer = DONE;
    let json = '{}';
    try {
      json = toJson(outputsOf(row, get()));
    } catch (error) {
      run.failed(row.name, error);
      answer = FAILED;
    }
    this.#loop.complete(run, call, answer, json);
  }
}

/**
 * What an operation gave, by output, each of its type; throws when it is not.
 * @param {Row} row
 * @param {any} given
 * @returns {Record<string, any>}
 */
function outputsOf({ outputs }, given) {
  const named = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
  const values = named ? given : outputs.length === 1 ? { [outputs[0].id]: given } : {};
  for (const { id, type } of outputs) {
    const wrong = misfit(values[id], type);
    if (wrong) throw new TypeError(`output ${id} ${wrong}`);
  }
  return Object.fromEntries(outputs.map(({ id }) => [id, values[id]]));
}
