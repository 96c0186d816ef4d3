// asyncify.js - lets C sleep in the middle of a call: the few lines behind emscripten_sleep in the asyncify variant.
//
// `wasm-opt --asyncify` has rewritten drive() so that it can leave in the middle and come back to where it was. What it
// needs to know meanwhile goes to a small buffer in its memory. So a call that sleeps looks like this from here:
//
//     enter:   drive() ─ C ─ emscripten_sleep ─ asyncify_start_unwind ─ (drive saves its place, returns) ─ stop_unwind
//     enter:   start_rewind ─ drive() ─ (finds its place) ─ C ─ emscripten_sleep ─ asyncify_stop_rewind ─ C goes on
//
// While it sleeps every other function may be called: nothing of the sleeper is on the stack.
import { TreadleError } from './error.js';

/** Asyncify's own word for what it is doing (asyncify_get_state). */
const UNWINDING = 1;

/** drive() is the only function with a place to save: 20 bytes or so. The rest is margin. */
const ROOM = 256;

/** An overflow is noticed after it happened; this much may be written past the end without harm. */
const GUARD = 1024;

export class Sleeper {
  /** @type {import('./wasm.js').Wasm} */
  #wasm;
  #buffer = 0;
  #state = /** @type {'awake' | 'falling' | 'asleep' | 'waking'} */ ('awake');

  /** How often C fell asleep. */
  sleeps = 0;

  /**
   * @param {import('./wasm.js').Wasm} wasm
   * @param {number} [room] bytes for what drive() saves
   */
  constructor(wasm, room = ROOM) {
    this.#wasm = wasm;
    this.#buffer = wasm.take(8 + room + GUARD);
    this.#end = this.#buffer + 8 + room;
  }

  #end;

  /** The import: C calls it once to fall asleep, and the call is made again when it wakes. */
  sleep() {
    const { asyncify_start_unwind: leave, asyncify_stop_rewind: arrived } = this.#wasm.exports;
    if (this.#state === 'waking') {
      this.#state = 'awake';
      arrived();
      return;
    }
    this.#state = 'falling';
    this.sleeps += 1;
    this.#wasm.slots.setUint32(this.#buffer, this.#buffer + 8, true);
    this.#wasm.slots.setUint32(this.#buffer + 4, this.#end, true);
    leave(this.#buffer);
  }

  /**
   * Begins the call, or goes on with the one that sleeps.
   * @param {() => number} call always the same one while it sleeps
   * @returns {number} what it returned, or 1 when it fell asleep
   */
  enter(call) {
    const { asyncify_get_state: state, asyncify_stop_unwind: left, asyncify_start_rewind: back } = this.#wasm.exports;
    if (this.#state !== 'awake' && this.#state !== 'asleep') {
      throw new TreadleError('BUSY', 'The engine is in the middle of falling asleep or waking: a host function called back into it.');
    }
    if (this.#state === 'asleep') {
      this.#state = 'waking';
      back(this.#buffer);
    }
    const result = call();
    if (state() !== UNWINDING) return result;
    this.#checkRoom();
    left();
    this.#state = 'asleep';
    return 1;
  }

  #checkRoom() {
    const used = this.#wasm.slots.getUint32(this.#buffer, true);
    if (used <= this.#end) return;
    const room = this.#end - this.#buffer - 8;
    throw new TreadleError('ASYNCIFY_STACK', `Falling asleep needed ${used - this.#buffer - 8} bytes of Asyncify stack; there are ${room}.`);
  }
}
