// wasm-op.test.js - each instruction of src/op/wasm_op.def in a module of its own: the opcode and the effect that its row
// tells are those of the instruction with that name, in this engine and against JavaScript's own arithmetic.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const table = readFileSync(new URL('../../src/op/wasm_op.def', import.meta.url), 'utf8');
const rows = [...table.matchAll(/^INSTR\((\w+), +"([\w.]+)", +(0x[0-9a-f]+), +"([IRFV:]*)"\)$/gm)]
  .map(([, id, name, code, effect]) => ({ id, name, code: Number(code), effect }));

const VALUE_TYPE = { I: 0x7f, R: 0x7e, F: 0x7c };
const INTS = [0, 1, -1, 5, -7, 33, 0x40000000, 0x7fffffff, -0x80000000];
const LONGS = INTS.map(BigInt).concat([1n << 40n, (1n << 63n) - 1n, -(1n << 63n)]);
const FLOATS = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -3.7, 1e300, 5e-324, 4294967295.5, Infinity, -Infinity, NaN];
const VALUES = { I: INTS, R: LONGS, F: FLOATS };

const u32 = (/** @type {number} */ a) => a >>> 0;
const u64 = (/** @type {bigint} */ a) => BigInt.asUintN(64, a);
const bits = new DataView(new ArrayBuffer(8));
const TRAP = 'trap';

/** @param {bigint} a @param {number} width */
const binary = (a, width) => BigInt.asUintN(width, a).toString(2).padStart(width, '0');
/** Zeros before the first 1, or all. @param {string} digits */
const zeros = (digits) => (digits.indexOf('1') + 1 || digits.length + 1) - 1;
const reversed = (/** @type {string} */ digits) => [...digits].reverse().join('');
const ones = (/** @type {string} */ digits) => digits.replaceAll('0', '').length;

/** Halves to even. @param {number} a */
function nearest(a) {
  const low = Math.floor(a), high = Math.ceil(a);
  if (a - low !== high - a) return a - low < high - a ? low : high;
  return low === high ? a : low % 2 === 0 ? low : high;
}

/** Truncation to an integer of [low, high], else a trap. @param {number} a @param {bigint} low @param {bigint} high */
function truncated(a, low, high) {
  if (!Number.isFinite(a)) return TRAP;
  const whole = BigInt(Math.trunc(a));
  return whole < low || whole > high ? TRAP : whole;
}

/** What integer instructions do to BigInts of `width` bits; signed ones get them signed. @param {number} width */
function integers(width) {
  const w = BigInt(width), least = -(1n << (w - 1n));
  const u = (/** @type {bigint} */ a) => BigInt.asUintN(width, a);
  const by = (/** @type {bigint} */ b) => u(b) % w;
  return {
    eqz: (a) => a === 0n, eq: (a, b) => a === b, ne: (a, b) => a !== b,
    lt_s: (a, b) => a < b, gt_s: (a, b) => a > b, le_s: (a, b) => a <= b, ge_s: (a, b) => a >= b,
    lt_u: (a, b) => u(a) < u(b), gt_u: (a, b) => u(a) > u(b), le_u: (a, b) => u(a) <= u(b), ge_u: (a, b) => u(a) >= u(b),
    clz: (a) => BigInt(zeros(binary(a, width))), ctz: (a) => BigInt(zeros(reversed(binary(a, width)))),
    popcnt: (a) => BigInt(ones(binary(a, width))),
    add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b,
    div_s: (a, b) => (b === 0n || (a === least && b === -1n) ? TRAP : a / b), div_u: (a, b) => (b === 0n ? TRAP : u(a) / u(b)),
    rem_s: (a, b) => (b === 0n ? TRAP : a % b), rem_u: (a, b) => (b === 0n ? TRAP : u(a) % u(b)),
    and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b,
    shl: (a, b) => a << by(b), shr_s: (a, b) => a >> by(b), shr_u: (a, b) => u(a) >> by(b),
    rotl: (a, b) => (u(a) << by(b)) | (u(a) >> (w - by(b))), rotr: (a, b) => (u(a) >> by(b)) | (u(a) << (w - by(b))),
  };
}

const MEANING = {
  i32: integers(32),
  i64: integers(64),
  f64: {
    eq: (a, b) => a === b, ne: (a, b) => a !== b, lt: (a, b) => a < b, gt: (a, b) => a > b, le: (a, b) => a <= b, ge: (a, b) => a >= b,
    abs: Math.abs, neg: (a) => -a, ceil: Math.ceil, floor: Math.floor, trunc: Math.trunc, nearest, sqrt: Math.sqrt,
    add: (a, b) => a + b, sub: (a, b) => a - b, mul: (a, b) => a * b, div: (a, b) => a / b, min: Math.min, max: Math.max,
    copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
  },
  nop: () => undefined,
  'i32.wrap_i64': (a) => a, 'i64.extend_i32_s': (a) => BigInt(a), 'i64.extend_i32_u': (a) => BigInt(u32(a)),
  'i32.trunc_f64_s': (a) => truncated(a, -(1n << 31n), (1n << 31n) - 1n), 'i32.trunc_f64_u': (a) => truncated(a, 0n, (1n << 32n) - 1n),
  'i64.trunc_f64_s': (a) => truncated(a, -(1n << 63n), (1n << 63n) - 1n), 'i64.trunc_f64_u': (a) => truncated(a, 0n, (1n << 64n) - 1n),
  'f64.convert_i32_s': (a) => a, 'f64.convert_i32_u': u32, 'f64.convert_i64_s': Number, 'f64.convert_i64_u': (a) => Number(u64(a)),
  'i64.reinterpret_f64': (a) => (bits.setFloat64(0, a), bits.getBigInt64(0)),
  'f64.reinterpret_i64': (a) => (bits.setBigInt64(0, a), bits.getFloat64(0)),
};

/** What `name` means, over values as the engine takes and gives them. */
function meaning(name) {
  const [type, verb] = name.split('.');
  const plain = MEANING[name] ?? MEANING[type][verb];
  if (MEANING[name] || type === 'f64') return plain;
  return (...args) => plain(...args.map(BigInt));
}

/** A value of the type `letter` as WebAssembly gives it: integers wrapped, true as 1. */
function given(value, letter) {
  if (value === TRAP || letter === undefined) return value;
  if (letter === 'F') return value;
  return letter === 'I' ? Number(BigInt.asIntN(32, BigInt(value))) : BigInt.asIntN(64, BigInt(value));
}

const leb = (/** @type {number} */ n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...leb(n >> 7)]);
const list = (/** @type {number[][]} */ items) => [...leb(items.length), ...items.flat()];
const section = (/** @type {number} */ id, /** @type {number[]} */ contents) => [id, ...leb(contents.length), ...contents];

/** A function of its own module; `code` is its body. */
function instance(effect, code) {
  const [params, results] = effect.split(':').map((letters) => [...letters].map((letter) => [VALUE_TYPE[letter]]));
  const body = [0, ...code, 0x0b];
  const module = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list([[0x60, ...list(params), ...list(results)]])), ...section(3, list([[0]])),
    ...section(7, list([[1, 0x66, 0, 0]])), ...section(10, list([[...leb(body.length), ...body]]))]));
  return new WebAssembly.Instance(module).exports.f;
}

const get = (/** @type {number} */ local) => [0x20, local];
const bytes = (/** @type {number} */ code) => (code > 0xff ? [code >> 8, ...leb(code & 0xff)] : [code]);

/** Every choice of a value for each letter. */
const choices = (/** @type {string} */ letters) => [...letters].reduce(
  (all, letter) => all.flatMap((some) => VALUES[letter].map((value) => [...some, value])), [[]]);

function outcome(run, args) {
  try {
    return run(...args);
  } catch (error) {
    assert(error instanceof WebAssembly.RuntimeError);
    return TRAP;
  }
}

for (const { id, name, code, effect } of rows.filter((row) => row.effect && !row.effect.includes('V'))) {
  test(`${name} is what it is called`, () => {
    assert.equal(id, name.replaceAll('.', '_'));
    const [takes, gives] = effect.split(':'), expected = meaning(name);
    const run = instance(effect, [...[...takes].flatMap((_, i) => get(i)), ...bytes(code)]);
    for (const args of choices(takes))
      assert.deepEqual(outcome(run, args), given(expected(...args), gives[0]), `${name} of ${args.join(' and ')}`);
  });
}

test('two doubles at once are two times one', () => {
  const code = Object.fromEntries(rows.map((row) => [row.name, bytes(row.code)]));
  /** A pair of two locals, and lane 0 or 1 of what is on the stack. */
  const pair = (a, b) => [...get(a), ...code['f64x2.splat'], ...get(b), ...code['f64x2.replace_lane'], 1];
  const lane = (/** @type {number} */ i) => [...code['f64x2.extract_lane'], i];
  const over = (name) => [0, 1].map((i) => instance('FFFF:F', [...pair(0, 1), ...pair(2, 3), ...code[name], ...lane(i)]));
  for (const verb of ['add', 'sub', 'mul'])
    for (const [i, run] of over(`f64x2.${verb}`).entries())
      assert.equal(run(3, 5, 7, 11), [MEANING.f64[verb](3, 7), MEANING.f64[verb](5, 11)][i], verb);
  const negated = [0, 1].map((i) => instance('FF:F', [...pair(0, 1), ...code['f64x2.neg'], ...lane(i)]));
  assert.deepEqual(negated.map((run) => run(3, -5)), [-3, 5]);
});

test('no row escapes these tests but those that depend on immediates', () => {
  assert.deepEqual(rows.filter((row) => !row.effect).map((row) => row.name).filter((name) => name.includes('.')),
    ['local.get', 'local.set', 'local.tee', 'global.get', 'global.set', 'i32.load', 'i64.load', 'f64.load', 'i32.store', 'i64.store',
      'f64.store', 'i32.const', 'i64.const', 'f64.const', 'v128.load', 'v128.store']);
  assert.equal(rows.length, table.match(/^INSTR/gm)?.length);
});
