// diagnostics.js - shows what a file has wrong where it is wrong: the line with a mark under it, the pointer, the fix.
import { make } from './page.js';

/** @typedef {import('../js/error.js').Diagnostic} Diagnostic */

/** Characters of a long line that are shown around its place. */
const WINDOW = 56;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The JSON text in a file's bytes: all of it, or a GLB's first chunk.
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  const isGlb = bytes.length >= 20 && decoder.decode(bytes.subarray(0, 4)) === 'glTF';
  if (!isGlb) return decoder.decode(bytes);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  return decoder.decode(bytes.subarray(20, 20 + length));
}

/**
 * Where a place is in a text. Columns of diagnostics count bytes of UTF-8; those of strings do not.
 * @param {string} text
 * @param {number} line from 1
 * @param {number} column from 1, in bytes
 * @returns {{line: string, column: number, offset: number} | null} column from 0, in characters
 */
export function placeOf(text, line, column) {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return null;
  }
  const end = text.indexOf('\n', start);
  const found = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  const before = decoder.decode(encoder.encode(found).subarray(0, column - 1));
  return { line: found, column: before.length, offset: start + before.length };
}

/**
 * How many characters to mark: a whole string or word where one begins there, else one.
 * @param {string} rest of the line
 */
function lengthOf(rest) {
  return /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/.exec(rest)?.[0].length ?? 1;
}

/**
 * The line with its number, and a caret under the place.
 * @param {{line: string, column: number}} place
 * @param {number} lineNumber
 */
function excerpt({ line, column }, lineNumber) {
  const from = column > WINDOW ? column - WINDOW / 2 : 0;
  const head = from > 0 ? '…' : '';
  const cut = line.slice(from, column + WINDOW);
  const shown = (head + cut + (column + WINDOW < line.length ? '…' : '')).replace(/\t/g, ' ');
  const gutter = `${lineNumber} │ `;
  const spaces = ' '.repeat(head.length + column - from);
  const marks = '^'.repeat(Math.min(lengthOf(line.slice(column)), cut.length - (column - from)) || 1);
  const side = (/** @type {string} */ text) => make('span', { className: 'quiet' }, text);
  return make('pre', { tabIndex: 0 }, side(gutter), `${shown}\n`, side(gutter.replace(/\d/g, ' ')), make('b', {}, spaces + marks));
}

/**
 * @param {Diagnostic} diagnostic
 * @param {string} text of the file
 * @param {(offset: number, length: number) => void} [pick] what a click on the place does
 */
function problem(diagnostic, text, pick) {
  const { code, severity, message, file, line, column, pointer, name, fix } = diagnostic;
  const place = line ? placeOf(text, line, column ?? 1) : null;
  const where = line ? `${file ? `${file}:` : ''}${line}:${column}` : (file ?? '');
  const length = place ? lengthOf(place.line.slice(place.column)) : 0;
  const link =
    place && pick
      ? make('button', { type: 'button', className: 'place', onclick: () => pick(place.offset, length) }, where)
      : make('span', { className: 'code' }, where);
  const title = make('span', { className: `code ${severity === 'error' ? 'bad' : 'warn'}` }, code);
  const way = [pointer && make('code', {}, pointer), name && `node ${name}`, fix].filter((part) => part);
  return make(
    'li',
    { className: severity },
    make('div', { className: 'what' }, title, link, make('strong', {}, message)),
    place && excerpt(place, line ?? 0),
    make('div', { className: 'way small' }, ...way.flatMap((part, i) => (i ? [' · ', part] : [part]))),
  );
}

/**
 * @param {Element} list
 * @param {Diagnostic[]} diagnostics
 * @param {string} text
 * @param {(offset: number, length: number) => void} [pick]
 */
export function showProblems(list, diagnostics, text, pick) {
  list.replaceChildren(...diagnostics.map((diagnostic) => problem(diagnostic, text, pick)));
}
