// error.js - the one kind of error that Treadle throws: a code that stays, a sentence for people, the diagnostics of a file.

/**
 * What a load has to say about one place in a file.
 * @typedef {object} Diagnostic
 * @property {string} code "E1207", "W1022"
 * @property {'error' | 'warning'} severity
 * @property {string} message the sentence
 * @property {string} [file]
 * @property {number} [line] from 1
 * @property {number} [column] from 1, in bytes
 * @property {string} [pointer] JSON Pointer (RFC 6901)
 * @property {number} [graph]
 * @property {number} [node]
 * @property {string} [name] the node's id or op
 * @property {string} [seen]
 * @property {string} [expected]
 * @property {string} [fix]
 * @property {number} [limit] the limit that was hit
 */

export class TreadleError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{diagnostics?: Diagnostic[], cause?: unknown}} [more]
   */
  constructor(code, message, { diagnostics = [], cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TreadleError';
    /** Which error this is: a row of the engine's table ("E1207") or a word of the shell's ("CSP"). */
    this.code = code;
    /** All that a refused file had wrong; empty for other errors. */
    this.diagnostics = diagnostics;
  }
}

/**
 * The sentence in whatever was thrown.
 * @param {unknown} thrown
 */
export function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
