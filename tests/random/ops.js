// ops.js - every overload of every pure op, from `treadle ops --json`.
import { overloads } from '../../html/overloads.js';

/**
 * @param {object[]} ops  the list that `treadle ops --json` prints
 * @returns {import('../../html/overloads.js').Overload[]}
 */
export const pureOverloads = (ops) => ops.filter(({ kind }) => kind === 'pure').flatMap(overloads);
