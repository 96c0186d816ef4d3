// value.js - values on their way between JavaScript and the engine: as JSON text and as slots of 8 bytes.

/**
 * A graph's value: bool, int or float; vectors and matrices as arrays; a reference as a bigint, 0n is null.
 * @typedef {boolean | number | bigint | string | null | readonly number[]} Value
 */

/** The numbers that JSON cannot write, by the names the engine gives them. */
const ODD = new Map([['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity]]);

/**
 * JSON text that the engine reads to the same bits: NaN and infinities by name, -0 kept.
 * @param {unknown} value
 * @returns {string}
 */
export function toJson(value) {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return `"${value}"`;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(/** @type {Iterable<unknown>} */ (/** @type {unknown} */ (value)), toJson).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(([, part]) => part !== undefined);
    return `{${kept.map(([key, part]) => `${JSON.stringify(key)}:${toJson(part)}`).join()}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/**
 * A value as the engine wrote it, with the odd numbers back in place.
 * @param {any} value from JSON.parse
 * @returns {any}
 */
export function revive(value) {
  if (typeof value === 'string') return ODD.get(value) ?? value;
  return Array.isArray(value) ? value.map(revive) : value;
}

/**
 * The same for every value of an object.
 * @param {Record<string, unknown>} values
 */
export function reviveAll(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, revive(value)]));
}

/**
 * A value type as type.def has it; `letter` says what is in each of its lanes: Bool, Int, Float, Reference.
 * @typedef {{name: string, lanes: number, letter: string}} Type
 */

/** @type {Record<string, (slots: DataView, at: number) => boolean | number | bigint>} */
const READ = {
  B: (slots, at) => slots.getInt32(at, true) !== 0,
  I: (slots, at) => slots.getInt32(at, true),
  F: (slots, at) => slots.getFloat64(at, true),
  R: (slots, at) => slots.getBigUint64(at, true),
};

/** @type {Record<string, (slots: DataView, at: number, lane: any) => void>} */
const WRITE = {
  B: (slots, at, lane) => slots.setBigUint64(at, lane ? 1n : 0n, true),
  I: (slots, at, lane) => slots.setBigUint64(at, BigInt(lane >>> 0), true),
  F: (slots, at, lane) => slots.setFloat64(at, lane, true),
  R: (slots, at, lane) => slots.setBigUint64(at, BigInt(lane ?? 0), true),
};

/**
 * The value in `type.lanes` slots at an address.
 * @param {DataView} slots
 * @param {number} at
 * @param {Type} type
 * @returns {Value}
 */
export function readValue(slots, at, type) {
  const read = READ[type.letter];
  if (type.lanes === 1) return read(slots, at);
  return Array.from({ length: type.lanes }, (_, lane) => /** @type {number} */ (read(slots, at + 8 * lane)));
}

/**
 * Writes a value that `misfit` let through.
 * @param {DataView} slots
 * @param {number} at
 * @param {Type} type
 * @param {any} value
 */
export function writeValue(slots, at, type, value) {
  const lanes = type.lanes === 1 ? [value] : Array.from(value);
  lanes.forEach((lane, i) => WRITE[type.letter](slots, at + 8 * i, lane));
}

/** @type {Record<string, (lane: unknown) => boolean>} */
const FITS = {
  B: (lane) => typeof lane === 'boolean',
  I: (lane) => typeof lane === 'number' && (lane | 0) === lane,
  F: (lane) => typeof lane === 'number',
  R: (lane) => lane === null || (typeof lane === 'bigint' && lane >= 0n && lane < 1n << 64n),
};

/**
 * Why a value is not of a type, as the end of a sentence; null when it is.
 * @param {unknown} value
 * @param {Type} type
 */
export function misfit(value, type) {
  const list = Array.isArray(value) || ArrayBuffer.isView(value);
  const lanes = type.lanes === 1 ? [value] : list ? Array.from(/** @type {Iterable<unknown>} */ (/** @type {unknown} */ (value))) : [];
  if (lanes.length === type.lanes && lanes.every(FITS[type.letter])) return null;
  const wanted = type.lanes === 1 ? type.name : `${type.name} (an array of ${type.lanes} numbers)`;
  return `should be ${wanted}, is ${list ? `an array of ${Array.from(/** @type {any} */ (value)).length}` : show(value)}`;
}

/**
 * A value as a message can show it.
 * @param {unknown} value
 */
function show(value) {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return 'an object';
  return `${typeof value} ${String(value)}`.slice(0, 60);
}
