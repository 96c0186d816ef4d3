// gate.js - every call into the engine passes here: one at a time, and a trap ends the engine with a name.
import { TreadleError, messageOf } from './error.js';

/** @typedef {import('./wasm.js').Calls} Calls */

export class Gate {
  #inside = false;
  /** @type {TreadleError | null} */
  #broken = null;
  #stats;

  /** Called once, when the engine cannot be used any more. @type {(why: TreadleError) => void} */
  onBreak = () => {};

  /** @param {import('./wasm.js').Wasm} wasm */
  constructor(wasm) {
    this.wasm = wasm;
    this.engine = wasm.exports.td_open();
    if (this.engine === 0) throw new TreadleError('MEMORY', "The module's memory has no room for an engine.");
    this.#stats = wasm.exports.td_stats(this.engine) >>> 3;
  }

  /** Whether a call is on the stack. */
  get inside() {
    return this.#inside;
  }

  /** Why the engine cannot be used any more. */
  get broken() {
    return this.#broken;
  }

  /**
   * Calls the engine. From within another call that is refused: C is in the middle of something.
   * @template T
   * @param {(exports: Calls, engine: number) => T} use
   * @returns {T}
   */
  call(use) {
    this.hold();
    try {
      return use(this.wasm.exports, this.engine);
    } catch (error) {
      throw this.#fault(error);
    } finally {
      this.release();
    }
  }

  /** From now on C is at work, until `release`: for calls that go on after they have come back here (jspi.js). */
  hold() {
    if (this.#broken) throw this.#broken;
    if (this.#inside) {
      throw new TreadleError('BUSY', 'A host operation called the engine that was calling it: give values back instead, or wait until it has returned.');
    }
    this.#inside = true;
  }

  release() {
    this.#inside = false;
  }

  /**
   * The few calls that C allows while it is calling a host operation (treadle.h).
   * @param {(exports: Calls, engine: number) => void} use
   */
  callFromAnywhere(use) {
    if (this.#inside) use(this.wasm.exports, this.engine);
    else this.call(use);
  }

  /**
   * A call with texts or bytes that C may read until it returns.
   * @template T
   * @param {(string | Uint8Array)[]} parts
   * @param {(exports: Calls, engine: number, ...at: number[]) => T} use
   * @returns {T}
   */
  callWith(parts, use) {
    const bytes = parts.map(bytesOf);
    return this.call((exports, engine) => this.wasm.with(bytes, (...at) => use(exports, engine, ...at)));
  }

  /** What the last call left to read. */
  text() {
    return this.call((exports, engine) => this.wasm.textAt(exports.td_text(engine) >>> 0, exports.td_text_length(engine)));
  }

  /**
   * The text of a call that writes one.
   * @param {(exports: Calls, engine: number) => unknown} write
   */
  textOf(write) {
    this.call(write);
    return this.text();
  }

  /**
   * Read-out `index`, straight from memory.
   * @param {number} index
   */
  stat(index) {
    return this.#broken ? NaN : this.wasm.floats[this.#stats + index];
  }

  /**
   * @param {number} index
   * @param {number} value
   */
  setStat(index, value) {
    if (!this.#broken) this.wasm.floats[this.#stats + index] = value;
  }

  /**
   * Whatever was thrown through C left it in the middle of something. Errors of ours are thrown outside of C, but for the
   * one about a stack that has overflowed already.
   * @param {unknown} error
   */
  #fault(error) {
    const harmless = error instanceof TreadleError && error.code !== 'ASYNCIFY_STACK';
    return harmless ? error : this.fail(error);
  }

  /**
   * Nothing is called any more: who waits is told why.
   * @param {unknown} error
   */
  fail(error) {
    const message = `The engine has failed (${messageOf(error)}) and cannot be used any more: open another.`;
    this.#broken ??= error instanceof TreadleError ? error : new TreadleError('TRAP', message, { cause: error });
    this.onBreak(this.#broken);
    return this.#broken;
  }

  /** Gives the engine's memory back; later calls are refused. */
  close() {
    if (this.#broken) return;
    this.call((exports, engine) => exports.td_close(engine));
    this.fail(new TreadleError('CLOSED', 'The engine was closed.'));
  }
}

const encoder = new TextEncoder();

/**
 * Bytes as they are, text as C wants it.
 * @param {string | Uint8Array} part
 */
function bytesOf(part) {
  return part instanceof Uint8Array ? part : encoder.encode(`${part}\0`);
}
