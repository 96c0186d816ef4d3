// wasm.js - brings a variant's module in, from wherever it is, and gives its memory and texts to the rest.
import { TreadleError, messageOf } from './error.js';
import { features, troubles } from './features.js';

/**
 * Where a module can come from.
 * @typedef {string | URL | BufferSource | Response | WebAssembly.Module} ModuleSource
 */

/** Written out, since bundlers follow only such literals. */
const SHIPPED = {
  plain: new URL('../build/plain/treadle.wasm', import.meta.url),
  step: new URL('../build/step/treadle.wasm', import.meta.url),
  asyncify: new URL('../build/asyncify/treadle.wasm', import.meta.url),
  jspi: new URL('../build/jspi/treadle.wasm', import.meta.url),
};

/** What 'auto' tries, in this order: those in which C itself waits, as far as this place can; then those that need nothing. */
export const AUTO = ['jspi', 'asyncify', 'step', 'plain'];

/** What is tried without a wish: step is as fast as any, keeps the page alive, and needs nothing. */
export const USUAL = ['step', 'asyncify', 'plain'];

/**
 * The address a variant has when it was built beside this file.
 * @param {string} variant
 */
export function addressOf(variant) {
  return /** @type {Record<string, URL>} */ (SHIPPED)[variant] ?? new URL(`../build/${variant}/treadle.wasm`, import.meta.url);
}

/** @type {Map<string, Promise<WebAssembly.Module>>} compiled once per address, however many engines are opened */
const compiled = new Map();

/**
 * @param {ModuleSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
export async function loadModule(source) {
  const fatal = troubles().find((trouble) => trouble.fatal);
  if (fatal) throw new TreadleError(fatal.code, fatal.message);
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === 'string' || source instanceof URL) return fromAddress(new URL(source, base()));
  if (source instanceof Response) return fromResponse(source);
  return compile(source, 'the bytes given as `wasm`');
}

/** What relative addresses are relative to: the page, the worker, or the working directory. */
function base() {
  const node = globalThis.process?.getBuiltinModule?.('node:url');
  return globalThis.document?.baseURI ?? globalThis.location?.href ?? node?.pathToFileURL(`${process.cwd()}/`).href;
}

/** @param {URL} url */
function fromAddress(url) {
  const known = compiled.get(url.href);
  if (known) return known;
  const coming = url.protocol === 'file:' ? fromFile(url) : fetchModule(url);
  compiled.set(url.href, coming);
  coming.catch(() => compiled.delete(url.href)); // a later open may find what is missing now
  return coming;
}

/** @param {URL} url */
async function fetchModule(url) {
  try {
    return await fromResponse(await fetch(url));
  } catch (error) {
    if (error instanceof TreadleError) throw error;
    throw new TreadleError('WASM_FETCH', `${url.href} cannot be fetched: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Compiles while it comes in where the server names the type; else after it has come.
 * @param {Response} response
 */
async function fromResponse(response) {
  const name = response.url || 'the response given as `wasm`';
  if (!response.ok) {
    throw new TreadleError('WASM_FETCH', `${name}: ${response.status} ${response.statusText}. Build it (make) or pass {wasm: address}.`);
  }
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/wasm')) return compile(await response.arrayBuffer(), name);
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (error) {
    throw broken(name, error);
  }
}

/** @param {URL} url a file: address, in Node */
async function fromFile(url) {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  if (!fs) throw new TreadleError('WASM_FETCH', `${url.href}: a page opened from a file cannot read other files. Serve it (make start).`);
  /** @type {BufferSource} */
  let bytes;
  try {
    bytes = await fs.promises.readFile(url);
  } catch (error) {
    throw new TreadleError('WASM_FETCH', `${url.pathname} cannot be read: build it (make) or pass {wasm: address}.`, { cause: error });
  }
  return compile(bytes, url.pathname);
}

/**
 * @param {BufferSource} bytes
 * @param {string} name
 */
async function compile(bytes, name) {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw broken(name, error);
  }
}

/**
 * @param {string} name
 * @param {unknown} error
 */
function broken(name, error) {
  return new TreadleError('WASM_BYTES', `${name} is no WebAssembly module this browser can run: ${messageOf(error)}`, { cause: error });
}

/**
 * Joins a module with its imports, and says in a sentence when they do not belong together.
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Imports} imports
 */
export async function instantiate(module, imports) {
  const lacking = WebAssembly.Module.imports(module).filter(({ module: from, name }) => !(name in (imports[from] ?? {})));
  const asksForJspi = WebAssembly.Module.imports(module).some(({ name }) => name === 'jspi_sleep');
  if (asksForJspi && !features().jspi) {
    const what = 'This browser or Node cannot suspend WebAssembly (JSPI): Chrome can from 137 on, Firefox from 153, Node from 24.';
    throw new TreadleError('NO_JSPI', `${what} Open the variant "asyncify", or "auto", which takes it by itself.`);
  }
  if (lacking.length) {
    const names = lacking.map(({ module: from, name }) => `${from}.${name}`).join(', ');
    throw new TreadleError('WASM_IMPORT', `The module asks for ${names}, which js/host.js does not have: build/ and js/ are of different versions.`);
  }
  const instance = await WebAssembly.instantiate(module, imports);
  const absent = ['memory', '__indirect_function_table', 'td_open', 'td_alloc', 'td_slice', 'drive'].filter((name) => !(name in instance.exports));
  if (absent.length) {
    throw new TreadleError('WASM_EXPORT', `The module lacks ${absent.join(', ')}: it is not Treadle's, or build/ and js/ are of different versions.`);
  }
  const wasm = new Wasm(instance, asksForJspi);
  wasm.exports._initialize?.(); // what a module without main() wants first
  return wasm;
}

/**
 * The exports, called with and returning numbers; `memory` apart.
 * @typedef {Record<string, (...args: number[]) => number>} Calls
 */

const decoder = new TextDecoder();

/** An instance of the engine's module: its calls, its memory, and texts through it. */
export class Wasm {
  /**
   * @param {WebAssembly.Instance} instance
   * @param {boolean} suspends whether drive() sleeps by JSPI
   */
  constructor(instance, suspends) {
    this.suspends = suspends;
    this.exports = /** @type {Calls} */ (/** @type {unknown} */ (instance.exports));
    this.memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    /** The engine's functions that have an address, by address; compiled graphs join them. */
    this.table = /** @type {WebAssembly.Table} */ (instance.exports.__indirect_function_table);
    this.#buffer = this.memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#slots = new DataView(this.#buffer);
    this.#floats = new Float64Array(this.#buffer);
  }

  // Memory that grows leaves its old buffer empty, and any call may make it grow: so a view is never kept
  // outside this class, and is taken anew when the buffer is another one.
  #buffer;
  #bytes;
  #slots;
  #floats;

  #look() {
    if (this.#buffer === this.memory.buffer) return;
    this.#buffer = this.memory.buffer;
    this.#bytes = new Uint8Array(this.#buffer);
    this.#slots = new DataView(this.#buffer);
    this.#floats = new Float64Array(this.#buffer);
  }

  get bytes() {
    this.#look();
    return this.#bytes;
  }

  get slots() {
    this.#look();
    return this.#slots;
  }

  get floats() {
    this.#look();
    return this.#floats;
  }

  /**
   * UTF-8 in memory as a string.
   * @param {number} at
   * @param {number} length
   */
  textAt(at, length) {
    return decoder.decode(this.bytes.subarray(at, at + length));
  }

  /**
   * A copy of bytes in memory.
   * @param {number} at
   * @param {number} length
   */
  bytesAt(at, length) {
    return this.bytes.slice(at, at + length);
  }

  /**
   * Text up to a NUL.
   * @param {number} at
   */
  textUpToNul(at) {
    const bytes = this.bytes;
    return decoder.decode(bytes.subarray(at, bytes.indexOf(0, at)));
  }

  /**
   * Calls `use` with the addresses of copies of `parts` in memory, which it may read until it returns.
   * @template T
   * @param {Uint8Array[]} parts
   * @param {(...at: number[]) => T} use
   * @returns {T}
   */
  with(parts, use) {
    /** @type {number[]} */
    const at = [];
    try {
      for (const part of parts) at.push(this.take(part.length));
      parts.forEach((part, i) => this.bytes.set(part, at[i]));
      return use(...at);
    } finally {
      for (const address of at) this.exports.td_free(address);
    }
  }

  /**
   * Memory of the module's, to be given back with td_free.
   * @param {number} size
   */
  take(size) {
    const at = this.exports.td_alloc(Math.max(size, 1)) >>> 0;
    if (at === 0) throw new TreadleError('MEMORY', `The module's memory has no room for ${size} bytes more.`);
    return at;
  }
}
