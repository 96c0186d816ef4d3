// graph.js - a loaded graph: what it is made of, and how it is started.
import { TreadleError } from './error.js';
import { dispose } from './follow.js';
import { Run } from './run.js';
import { bytesOf } from './source.js';

/**
 * What a graph is made of, as the engine tells it.
 * @typedef {object} GraphInfo
 * @property {string} name
 * @property {string} dialect
 * @property {number} nodes
 * @property {{id: string, type: string}[]} variables
 * @property {{id: string}[]} events
 * @property {{id: string, type: string}[]} inputs
 * @property {{id: string, type: string}[]} outputs
 * @property {import('./pointers.js').Template[]} served pointers that the host answers for
 * @property {string} hash
 */

/**
 * A property of the glTF around a graph that has a value of its own; its place in the list is its cell.
 * @typedef {object} Pointer
 * @property {string} pointer "/nodes/3/translation"
 * @property {string} type
 * @property {boolean} mutable
 */

/** @typedef {'native' | 'khr' | 'gltf'} Form what a graph can be converted to */

/** In the order of C (WriteForm). @type {Form[]} */
export const FORMS = ['native', 'khr', 'gltf'];

/** In the order of C (CompiledShape). */
const MODULE_SHAPES = ['preemptible', 'structured'];

/**
 * A sentence, or the diagnostics of nodes that no module can have.
 * @param {string} said
 */
function refusal(said) {
  if (!said.startsWith('{')) return new TreadleError('COMPILE', said);
  const { diagnostics } = JSON.parse(said);
  return new TreadleError(diagnostics[0].code, diagnostics[0].message, { diagnostics });
}

/** One graph of a file, ready to be started any number of times. */
export class Graph {
  #gate;
  #loop;
  #program;
  /** @type {Set<WeakRef<Run>>} */
  #runs = new Set();

  /**
   * @param {import('./gate.js').Gate} gate
   * @param {import('./loop.js').Loop} loop
   * @param {number} program
   * @param {import('./error.js').Diagnostic[]} diagnostics
   */
  constructor(gate, loop, program, diagnostics) {
    this.#gate = gate;
    this.#loop = loop;
    this.#program = program;
    /** Warnings of its load. */
    this.diagnostics = diagnostics;
    /** @type {GraphInfo} */
    this.info = JSON.parse(gate.textOf((exports, engine) => exports.td_info(engine, program)));
  }

  get name() {
    return this.info.name;
  }

  /** @type {Pointer[] | undefined} */
  #pointers;

  /** The properties of the glTF that the graph can reach, or that the engine was told to observe, by cell. */
  get pointers() {
    this.#pointers ??= JSON.parse(this.#gate.textOf((exports, engine) => exports.td_pointers(engine, this.#program)));
    return /** @type {Pointer[]} */ (this.#pointers);
  }

  /** The program that the graph was lowered to, as text. */
  dump() {
    return this.#gate.textOf((exports, engine) => exports.td_dump(engine, this.#program));
  }

  /**
   * The WebAssembly that it becomes, each byte with what it is, as text.
   * @param {import('./compile.js').Shape} [shape]
   */
  dumpWasm(shape) {
    return this.#loop.compiler.dump(this.#program, shape);
  }

  /**
   * The graph as a file: in Treadle's own JSON, as a bare KHR_interactivity extension, or as a glTF that holds that. Throws
   * when it has no words for the graph.
   * @param {Form} to
   * @param {Uint8Array} [bytes] the file it was loaded from, for the lines of diagnostics
   * @returns {{text: string, diagnostics: import('./error.js').Diagnostic[]}} `diagnostics`: what became something else
   */
  convert(to, bytes) {
    const { text, diagnostics } = this.tryConvert(to, bytes);
    if (text !== null) return { text, diagnostics };
    const first = diagnostics.find(({ severity }) => severity === 'error');
    throw new TreadleError(first?.code ?? 'CONVERT', first?.message ?? 'The graph cannot be converted.', { diagnostics });
  }

  /**
   * The same, with all that there is to say about it.
   * @param {Form} to
   * @param {Uint8Array} [bytes]
   * @returns {{text: string | null, diagnostics: import('./error.js').Diagnostic[], said: string, lines: string}} `text`:
   *   null when it cannot be said; `said`, `lines`: the diagnostics as JSON text, and for people
   */
  tryConvert(to, bytes) {
    const form = FORMS.indexOf(to);
    if (form < 0) throw new TreadleError('OPTION', `A graph is converted to ${FORMS.join(', ')}, not to ${to}.`);
    const told = this.#gate.callWith(bytes ? [bytes] : [], (exports, engine, at = 0) =>
      exports.td_convert(engine, this.#program, form, at, bytes?.length ?? 0),
    );
    const text = told ? this.#gate.text() : null;
    const said = this.#gate.textOf((exports, engine) => exports.td_diagnostics(engine));
    const lines = this.#gate.textOf((exports, engine) => exports.td_lines(engine));
    return { text, said, lines, diagnostics: JSON.parse(said).diagnostics };
  }

  /**
   * The graph as a WebAssembly module that needs no engine: for openModule (module.js), and for any other host. Throws when it
   * needs the glTF around it.
   * @param {{shape?: 'preemptible' | 'structured', runtime?: import('./source.js').Source}} [options] `structured` never gives up its
   *   turn; `runtime`: the module that `make alone` builds
   * @returns {Promise<{bytes: Uint8Array, list: string}>} `list`: what was done to the graph, for people
   */
  async toModule({ shape = 'preemptible', runtime = new URL('../build/alone/runtime.wasm', import.meta.url) } = {}) {
    return this.toModuleWith((await bytesOf(runtime)).bytes, shape);
  }

  /**
   * The same at once, with the runtime's bytes.
   * @param {Uint8Array} runtime
   * @param {'preemptible' | 'structured'} [shape]
   */
  toModuleWith(runtime, shape = 'preemptible') {
    const index = MODULE_SHAPES.indexOf(shape);
    if (index < 0) throw new TreadleError('OPTION', `A module is ${MODULE_SHAPES.join(' or ')}, not ${shape}.`);
    const made = this.#gate.callWith([runtime], (exports, engine, at) => exports.td_compile_wasm(engine, this.#program, index, at, runtime.length));
    const list = this.#gate.text();
    if (!made) throw refusal(list);
    const bytes = this.#gate.call((exports, engine) => this.#gate.wasm.bytesAt(exports.td_compiled(engine) >>> 0, exports.td_compiled_length(engine)));
    return { bytes, list };
  }

  /** How it stands with the code that runs without a trace go on in; `codeOf` tells of other code. */
  get compiled() {
    return this.codeOf();
  }

  /** @param {import('./compile.js').CompileOptions} [which] */
  codeOf(which) {
    return this.#loop.compiler.codeOf(this.#program, which);
  }

  /**
   * Makes code of the graph, which runners 'wasm', 'structured' and 'scheduler' need before they start, and which runs of runner 'auto' go on in from when it
   * is there. Without being asked, it is made for such runs when they have worked for long. Throws when the engine refuses.
   * @param {import('./compile.js').CompileOptions} [options]
   */
  async compile(options) {
    const code = await this.#loop.compiler.compile(this.#program, options);
    if (code.state !== 'ready') throw new TreadleError('COMPILE', `The graph cannot be compiled: ${code.why}`);
    return code;
  }

  /**
   * What must have been done before a run is started with these options: a runner may need code.
   * @param {import('./run.js').StartOptions} [options]
   */
  async prepare({ runner = 'auto', trace = false } = {}) {
    const { runners, shapes } = this.#loop;
    const shape = shapes[runners.indexOf(runner) - runners.indexOf('wasm')];
    if (shape) await this.compile({ shape: /** @type {import('./compile.js').Shape} */ (shape), traced: trace });
  }

  /**
   * Starts a run. Nothing of it has run when this returns. A runner that needs code wants `await prepare(options)` first.
   * @param {import('./run.js').StartOptions} [options]
   */
  start(options = {}) {
    options.signal?.throwIfAborted();
    const run = new Run(this.#gate, this.#loop, this.#program, this, options);
    for (const old of this.#runs) if (!old.deref()) this.#runs.delete(old);
    this.#runs.add(new WeakRef(run));
    return run;
  }

  /** Frees the graph. Its runs are disposed. */
  unload() {
    for (const run of this.#runs) run.deref()?.[dispose]();
    this.#runs.clear();
    this.#gate.call((exports, engine) => exports.td_unload(engine, this.#program));
    this.#loop.compiler.forget(this.#program);
  }

  [dispose]() {
    this.unload();
  }
}
