// run.js - a running graph: values in and out, pause and step and stop.
import { RealClock, VirtualClock } from './clock.js';
import { TreadleError } from './error.js';
import { Followed, WAITING, asyncDispose, dispose } from './follow.js';
import { revive, reviveAll, toJson } from './value.js';

/** @typedef {import('./follow.js').Entry} Entry */
/** @typedef {import('./follow.js').Report} Report */

/**
 * What a run is sent: an event, with values of its own; a node of the glTF that was selected; one that a controller is over
 * now, or none.
 * @typedef {string | [string, Record<string, unknown>?] | {select: number} & Hit | {hover: number | null} & Hit} Input
 */

/**
 * How a node was hit: by which of several controllers (0), where, and by a ray from where, in global space.
 * @typedef {{controller?: number, point?: ArrayLike<number>, origin?: ArrayLike<number>}} Hit
 */

/**
 * How a run is to go.
 * @typedef {object} StartOptions
 * @property {'auto' | 'vm' | 'walk' | 'wasm' | 'structured' | 'scheduler'} [runner] auto: the virtual machine, then compiled code from when
 *   there is some; wasm (preemptible), structured, scheduler: compiled code and nothing else, which must be there (Graph.prepare)
 * @property {number} [seed] of math/random
 * @property {number} [fuel] how much work it may do; without, the engine's limit
 * @property {boolean} [trace] keeps a record of every activation
 * @property {'real' | 'virtual'} [clock] real: a tick with every frame; virtual: as fast as it goes
 * @property {import('./clock.js').Until} [until] seconds; left out: without end (real), 'quiet' (virtual)
 * @property {number} [tick] ms between two ticks: at least (real), exactly (virtual; 16)
 * @property {Record<string, unknown>} [set] inputs and variables, before anything runs
 * @property {Input[]} [send] events, selects and hovers, after all onStart
 * @property {boolean} [paused] begins paused
 * @property {AbortSignal} [signal] ends the run
 */

export class Run extends Followed {
  #gate;
  #loop;
  #report = '';
  #freed = false;
  /** @type {{kind: 'event' | 'log', text: string, severity: number}[]} not delivered yet */
  #notes = [];
  #unabort = () => {};

  /** @type {AbortController | undefined} made when an operation asks */
  #end;

  /** Host operations that have not answered, by what forgets them. @internal @type {Set<() => void>} */
  waits = new Set();

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {import('./loop.js').Loop} loop
   * @param {number} program
   * @param {import('./graph.js').Graph} graph
   * @param {StartOptions} options
   */
  constructor(gate, loop, program, graph, options) {
    super();
    this.#gate = gate;
    this.#loop = loop;
    this.graph = graph;
    /** @internal */
    this.clock = clockOf(options);
    /** @internal */
    this.instance = begin(gate, loop.runners, program, options);
    this.#prepare(options);
  }

  /** @param {StartOptions} options */
  #prepare({ set = {}, send = [], paused = false, signal }) {
    try {
      for (const [name, value] of Object.entries(set)) this.set(name, value);
      for (const input of send) this.#put(input);
    } catch (error) {
      this.#loop.end(this.instance);
      throw error;
    }
    this.#loop.add(this);
    if (paused) this.pause();
    if (!signal) return;
    const abort = () => this.#loop.drop(this, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#unabort = () => signal.removeEventListener('abort', abort);
  }

  /** @param {Input} input */
  #put(input) {
    if (typeof input === 'string') this.send(input);
    else if (Array.isArray(input)) this.send(...input);
    else if ('select' in input) this.select(input.select, input);
    else this.hover(input.hover, input);
  }

  // --- in and out -----------------------------------------------------------------------------

  /**
   * Sets a graph input, else a variable by its name or as "#N". While an activation is under way it waits for its end.
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    this.#use();
    const taken = this.#gate.callWith([name, toJson(value)], (exports, engine, ...at) => exports.td_set(engine, this.instance, ...at));
    if (!taken) throw new TreadleError('SET', this.#gate.text());
    this.#loop.wake();
  }

  /**
   * The value of a graph output, else of an input, else of a variable ("#N" too).
   * @param {string} name
   * @returns {any}
   */
  get(name) {
    this.#use();
    const found = this.#gate.callWith([name], (exports, engine, at) => exports.td_get(engine, this.instance, at));
    const text = this.#gate.text();
    if (!found) throw new TreadleError('GET', text);
    return revive(JSON.parse(text));
  }

  /**
   * Sends a custom event. Values that are left out are the event's own.
   * @param {string} event
   * @param {Record<string, unknown>} [values]
   */
  send(event, values = {}) {
    this.#live('send an event to');
    const taken = this.#gate.callWith([event, toJson(values)], (exports, engine, ...at) => exports.td_send(engine, this.instance, ...at));
    if (!taken) throw new TreadleError('SEND', this.#gate.text());
    this.#loop.wake();
  }

  /**
   * Says that the user selected a node of the glTF.
   * @param {number} node
   * @param {Hit} [hit]
   */
  select(node, { controller = 0, point = [], origin = [] } = {}) {
    const at = [0, 1, 2].map((i) => point[i] ?? NaN);
    const from = [0, 1, 2].map((i) => origin[i] ?? NaN);
    this.#hit('select', [node, controller, ...at, ...from]);
  }

  /**
   * Says what a controller points at now: a node of the glTF, or nothing.
   * @param {number | null} node
   * @param {Hit} [hit]
   */
  hover(node, { controller = 0 } = {}) {
    this.#hit('hover', [node ?? -1, controller]);
  }

  /**
   * @param {'select' | 'hover'} what
   * @param {number[]} numbers
   */
  #hit(what, numbers) {
    this.#live(what === 'select' ? 'select a node of' : 'hover over');
    const taken = this.#gate.call((exports, engine) => exports[`td_${what}`](engine, this.instance, ...numbers));
    if (!taken) throw new TreadleError(what.toUpperCase(), this.#gate.text());
    this.#loop.wake();
  }

  /**
   * A property of the glTF around the graph, by its JSON Pointer.
   * @param {string} pointer "/nodes/3/globalMatrix"
   * @returns {any}
   */
  getPointer(pointer) {
    this.#use();
    const found = this.#gate.callWith([pointer], (exports, engine, at) => exports.td_point_get(engine, this.instance, at));
    const text = this.#gate.text();
    if (!found) throw new TreadleError('POINTER', text);
    return revive(JSON.parse(text));
  }

  /**
   * Writes one, as pointer/set does. While an activation is under way it waits for its end.
   * @param {string} pointer
   * @param {unknown} value
   */
  setPointer(pointer, value) {
    this.#use();
    const taken = this.#gate.callWith([pointer, toJson(value)], (exports, engine, ...at) =>
      exports.td_point_set(engine, this.instance, ...at),
    );
    if (!taken) throw new TreadleError('POINTER', this.#gate.text());
    this.#loop.wake();
  }

  /**
   * Visits the cells that were written since the last call, each once, with what they hold now.
   * @param {(cell: number, lanes: Float64Array, pointer: string) => void} visit `lanes` only until it returns; a bool is 0 or 1
   */
  changes(visit) {
    this.#use();
    const { pointers } = this.graph;
    const list = this.#gate.call((exports, engine) => exports.td_changes(engine, this.instance)) >>> 3;
    if (list === 0) return;
    // A copy: the visitor may call the engine, whose memory may move.
    const { floats } = this.#gate.wasm;
    let end = list + 1;
    for (let n = floats[list]; n > 0; n--) end += 2 + floats[end + 1];
    const copy = floats.slice(list + 1, end);
    for (let at = 0; at < copy.length; at += 2 + copy[at + 1]) {
      const cell = copy[at];
      visit(cell, copy.subarray(at + 2, at + 2 + copy[at + 1]), pointers[cell].pointer);
    }
  }

  /** How the run stands, or how it ended. */
  report() {
    return reportOf(this.reportText());
  }

  /** The report as the JSON text that the engine wrote. */
  reportText() {
    if (this.#report) return this.#report;
    return this.#write('td_report');
  }

  /** The report for people: variables, outputs, a line of figures. */
  summary() {
    return this.#write('td_summary');
  }

  /** The trace as lines of JSON, when it is kept. */
  trace() {
    return this.#write('td_trace');
  }

  /** @param {string} name of a call that writes about this run */
  #write(name) {
    this.#use();
    return this.#gate.textOf((exports, engine) => exports[name](engine, this.instance));
  }

  /** For tests that compare runners: the report gets a hash of where every yield of a cadence leaves the run. @internal */
  watchYields() {
    this.#use();
    const watched = this.#gate.call((exports, engine) => exports.td_watch_yields(engine, this.instance));
    if (!watched) throw new TreadleError('RUNNER', this.#gate.text());
  }

  // --- control --------------------------------------------------------------------------------

  /**
   * Another runner goes on from where the run is: 'vm', or one whose code is there (Graph.prepare).
   * @param {NonNullable<StartOptions['runner']>} name
   */
  set runner(name) {
    this.#live('change the runner of');
    const number = numberOf(this.#loop.runners, name);
    const changed = this.#gate.call((exports, engine) => exports.td_runner(engine, this.instance, number));
    if (!changed) throw new TreadleError('RUNNER', this.#gate.text());
  }

  get status() {
    return this.isOver ? super.status : this.#loop.statusOf(this, super.status);
  }

  pause() {
    this.#live('pause');
    this.#loop.pause(this, true);
  }

  resume() {
    this.#live('resume');
    this.#loop.pause(this, false);
  }

  /**
   * Goes on until `count` flow inputs were activated, then pauses.
   * @param {number} [count]
   * @returns {number} how many were
   */
  step(count = 1) {
    this.#live('step');
    return this.#loop.step(this, count);
  }

  /** Ends the run where it is; its report says "stopped". */
  stop() {
    if (!this.isOver) this.#loop.stop(this);
  }

  /** Frees the run. If it was not over, its promise is rejected. */
  [dispose]() {
    if (this.#freed) return;
    this.#freed = true;
    this.#loop.drop(this, new TreadleError('DISPOSED', 'The run was disposed before it was over.'));
  }

  async [asyncDispose]() {
    this.stop();
    await this.finished.catch(() => {});
    this[dispose]();
  }

  // --- for loop.js ----------------------------------------------------------------------------

  /**
   * C said something; it is delivered when C is back.
   * @internal
   * @param {'event' | 'log'} kind
   * @param {string} text
   * @param {number} severity
   */
  note(kind, text, severity) {
    if (this.#notes.length < WAITING) this.#notes.push({ kind, text, severity });
    else this.dropped += 1;
  }

  /** @internal */
  deliver() {
    for (const { kind, text, severity } of this.#notes.splice(0)) {
      this.say(kind === 'log' ? { type: kind, severity, text } : entryOf(text));
    }
  }

  /** Aborts when the run is over: for operations. @internal */
  get signal() {
    this.#end ??= new AbortController();
    if (this.isOver) this.#end.abort();
    return this.#end.signal;
  }

  /**
   * @internal
   * @param {string} text the report
   */
  finishWith(text) {
    this.#report = text;
    this.#leave();
    this.finish(reportOf(text));
  }

  /**
   * @internal
   * @param {unknown} reason
   */
  fail(reason) {
    this.#leave();
    super.fail(reason);
  }

  /** What is left to say, then nothing: nobody is waited for any more. */
  #leave() {
    this.deliver();
    this.#unabort();
    this.#end?.abort();
    for (const forget of [...this.waits]) forget();
  }

  #use() {
    if (this.#freed) throw new TreadleError('DISPOSED', 'The run was disposed.');
  }

  /** @param {string} what */
  #live(what) {
    this.#use();
    if (this.isOver) throw new TreadleError('OVER', `The run is over (${this.status}): it is too late to ${what} it.`);
  }
}

/**
 * @param {import('./gate.js').Gate} gate
 * @param {string[]} runners
 * @param {number} program
 * @param {StartOptions} options
 * @returns {number} the instance
 */
function begin(gate, runners, program, { runner = 'auto', seed = 0, fuel, trace = false }) {
  const way = numberOf(runners, runner);
  const most = number('fuel', fuel, 0);
  const instance = gate.call((exports, engine) => exports.td_start(engine, program, way, seed, most, Number(trace)));
  if (instance === 0) throw new TreadleError('START', gate.text());
  return instance;
}

/**
 * @param {string[]} runners
 * @param {string} name
 */
function numberOf(runners, name) {
  const number = runners.indexOf(name);
  if (number < 0) throw new TreadleError('OPTION', `There is no runner "${name}" (there are ${runners.join(', ')}).`);
  return number;
}

/** @param {StartOptions} options */
function clockOf({ clock = 'real', until, tick }) {
  const real = clock === 'real';
  if (!real && clock !== 'virtual') throw new TreadleError('OPTION', `There is no clock "${clock}" (there are real, virtual).`);
  const end = until === 'quiet' || (until === undefined && !real) ? 'quiet' : number('until', until, Infinity);
  return real ? new RealClock(number('tick', tick, 0), end) : new VirtualClock(number('tick', tick, 16), end);
}

/**
 * @param {string} name
 * @param {number | undefined} value
 * @param {number} otherwise
 */
function number(name, value, otherwise) {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value >= 0)) throw new TreadleError('OPTION', `${name} should be a number from 0 on, is ${value}.`);
  return value;
}

/**
 * @param {string} text
 * @returns {Report}
 */
function reportOf(text) {
  const report = JSON.parse(text);
  for (const variable of report.variables ?? []) variable.value = revive(variable.value);
  for (const event of report.events ?? []) event.values = reviveAll(event.values ?? {});
  report.outputs = reviveAll(report.outputs ?? {});
  return report;
}

/**
 * @param {string} text
 * @returns {Entry}
 */
function entryOf(text) {
  const { id, values = {}, time } = JSON.parse(text);
  return { type: 'event', id, values: reviveAll(values), time };
}
