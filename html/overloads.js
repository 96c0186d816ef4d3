// overloads.js - the overloads of a pure operation, from the rows that the engine's tables have for it.

/** Sockets and their types. @typedef {Record<string, string>} Sockets */

/**
 * One overload: what a node of it looks like.
 * @typedef {object} Overload
 * @property {string} op
 * @property {string} name what tells it from the others: its T, or the word of its configuration
 * @property {Record<string, string>} [config] the configuration that chooses it
 * @property {Sockets} inputs
 * @property {Sockets} outputs
 */

/** @param {{name: string, type?: string}[]} sockets @param {string} T the type of those that have none of their own @returns {Sockets} */
const typed = (sockets, T) => Object.fromEntries(sockets.map(({ name, type }) => [name, type ?? T]));

/**
 * @param {any} op as engine.tables.ops has it
 * @returns {Overload[]}
 */
export function overloads({ op, rows = [], valueIn, valueOut, configuration }) {
  const laned = rows.filter((/** @type {any} */ row) => !row.valueIn); // the same for each T; one row for each output
  const whole = rows.filter((/** @type {any} */ row) => row.valueIn); // each one overload
  const types = [...new Set(laned.flatMap((/** @type {any} */ row) => row.types))];
  const [choice] = configuration;
  const words = choice?.type.split('|');
  return [
    ...types.map((T) => ({ op, name: T, inputs: typed(valueIn, T), outputs: typed(valueOut, T) })),
    ...whole.map((/** @type {any} */ row, /** @type {number} */ i) => ({
      op,
      name: words?.[i] ?? row.types[0],
      ...(words && { config: { [choice.key]: words[i] } }),
      inputs: typed(row.valueIn, ''),
      outputs: typed(row.valueOut, ''),
    })),
  ];
}
