// reader.js - what one `for await` over a run has not read yet.

/** How many entries wait for a reader at most; a flood behind them is counted, not kept. */
export const WAITING = 10_000;

/** @typedef {import('./run.js').Entry} Entry */

export class Reader {
  /** @type {Entry[]} */
  #entries = [];
  #read = 0;
  #closed;
  #wake = () => {};

  /** @param {boolean} closed */
  constructor(closed) {
    this.#closed = closed;
  }

  /**
   * @param {Entry} entry
   * @returns {boolean} whether there was room
   */
  put(entry) {
    if (this.#entries.length - this.#read >= WAITING) return false;
    this.#entries.push(entry);
    this.#wake();
    return true;
  }

  /** Nothing more will come. */
  close() {
    this.#closed = true;
    this.#wake();
  }

  /**
   * The next entry; undefined when there will be none.
   * @returns {Promise<Entry | undefined>}
   */
  async next() {
    if (this.#read === this.#entries.length) {
      this.#entries = [];
      this.#read = 0;
      if (!this.#closed) await new Promise((resolve) => (this.#wake = () => resolve(null)));
    }
    return this.#entries[this.#read++];
  }
}
