// jspi.js - lets C sleep in the middle of a call on a stack of its own, which the browser puts aside: the jspi variant.
//
// Nothing is rewritten: WebAssembly.promising makes drive() a call that gives a promise, WebAssembly.Suspending an import
// that C waits in until another promise is kept. C goes on in a microtask then, not in the call that kept it:
//
//     enter:   drive() ─ C ─ jspi_sleep                      enter() says: asleep
//     enter:   (its promise is kept) ┄ C ─ jspi_sleep        asleep
//     enter:   (its promise is kept) ┄ C ─ jspi_leave ─ the end of drive()      nothing left to run
//
// The gate is held from `enter` until C sleeps or leaves, not until we hear of it: what the page has to do in between is
// not refused. While C sleeps every other function may be called. A sleeper that is never woken is forgotten with its
// engine.

export class Suspender {
  #gate;
  /** @type {(engine: number) => Promise<number>} */
  #drive;
  /** Keeps the promise that C sleeps on; null while it does not sleep. @type {(() => void) | null} */
  #wake = null;
  #resolve = (/** @type {boolean} */ _asleep) => {};
  #reject = (/** @type {unknown} */ _error) => {};

  /** How often C fell asleep. */
  sleeps = 0;

  /** @param {import('./gate.js').Gate} gate */
  constructor(gate) {
    this.#gate = gate;
    this.#drive = /** @type {any} */ (WebAssembly).promising(gate.wasm.exports.drive);
  }

  /** The import that C sleeps in. @returns {Promise<void>} */
  sleep() {
    this.sleeps += 1;
    this.#gate.release();
    this.#resolve(true);
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** The import that C calls before it returns. */
  leave() {
    this.#wake = null;
    this.#gate.release();
  }

  /**
   * Begins the call, or goes on with the one that sleeps.
   * @returns {Promise<boolean>} whether it fell asleep: work is left
   */
  enter() {
    this.#gate.hold();
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#wake) this.#wake();
      else this.#begin();
    });
  }

  async #begin() {
    try {
      await this.#drive(this.#gate.engine);
      this.#resolve(false);
    } catch (error) {
      this.#gate.release();
      this.#reject(error);
    }
  }
}
