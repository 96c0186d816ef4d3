// ops.js - every overload of every pure op, from `treadle ops --json`.

/**
 * @param {object[]} ops  the list that `treadle ops --json` prints
 * @returns {{op: string, inputs: Object<string, string>, outputs: Object<string, string>}[]} sockets and their types
 */
export function pureOverloads(ops) {
  return ops.filter(({ kind }) => kind === 'pure').flatMap(({ op, rows, valueIn, valueOut }) => {
    const types = [...new Set(rows.flatMap((row) => row.types))];
    return types.map((T) => ({ op, inputs: typed(valueIn, T), outputs: typed(valueOut, T) }));
  });
}

/** Sockets without a type of their own have the overload's. */
function typed(sockets, T) {
  return Object.fromEntries(sockets.map(({ name, type }) => [name, type ?? T]));
}
