// ops.js - every overload of every pure op, from `treadle ops --json`.

/**
 * @param {object[]} ops  the list that `treadle ops --json` prints
 * @returns {{op: string, inputs: Object<string, string>, outputs: Object<string, string>}[]} sockets and their types
 */
export function pureOverloads(ops) {
  return ops.filter(({ kind }) => kind === 'pure').flatMap(({ op, rows, valueIn, valueOut }) => {
    const whole = rows.filter((row) => row.valueIn); // of vec.def: a row says its own sockets
    const types = [...new Set(rows.filter((row) => !row.valueIn).flatMap((row) => row.types))];
    return [
      ...types.map((T) => ({ op, inputs: typed(valueIn, T), outputs: typed(valueOut, T) })),
      ...whole.map((row) => ({ op, inputs: typed(row.valueIn), outputs: typed(row.valueOut) })),
    ];
  });
}

/** Sockets without a type of their own have the overload's. */
function typed(sockets, T) {
  return Object.fromEntries(sockets.map(({ name, type }) => [name, type ?? T]));
}
