// value.test.js - values as JSON text and as slots: every number comes through as it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { misfit, readValue, revive, reviveAll, toJson, writeValue } from '../../js/value.js';

const BOOL = { name: 'bool', lanes: 1, letter: 'B' };
const INT = { name: 'int', lanes: 1, letter: 'I' };
const FLOAT = { name: 'float', lanes: 1, letter: 'F' };
const FLOAT3 = { name: 'float3', lanes: 3, letter: 'F' };
const REF = { name: 'ref', lanes: 1, letter: 'R' };

test('numbers that JSON cannot write go by name, and zero keeps its sign', () => {
  assert.equal(toJson({ a: NaN, b: [Infinity, -Infinity], c: -0, d: 0, e: 5e-324 }), '{"a":"NaN","b":["Infinity","-Infinity"],"c":-0,"d":0,"e":5e-324}');
});

test('all else is JSON as usual', () => {
  assert.equal(toJson({ s: 'a"\n', t: true, n: null, u: undefined, list: [] }), '{"s":"a\\"\\n","t":true,"n":null,"list":[]}');
  assert.equal(toJson(undefined), 'null');
  assert.equal(toJson(new Float64Array([1, -0])), '[1,-0]');
  assert.equal(toJson(12n), '"12"');
});

test('what the engine wrote is read back', () => {
  assert.ok(Object.is(revive(JSON.parse('-0')), -0));
  assert.deepEqual(revive(['NaN', 'Infinity', ['-Infinity']]), [NaN, Infinity, [-Infinity]]);
  assert.deepEqual(reviveAll({ a: 'NaN', b: 'Nan' }), { a: NaN, b: 'Nan' });
});

test('a value fits its type or the sentence says why not', () => {
  for (const [value, type] of [[true, BOOL], [-5, INT], [2147483647, INT], [0.5, FLOAT], [NaN, FLOAT], [[1, 2, 3], FLOAT3], [new Float32Array(3), FLOAT3], [null, REF], [7n, REF]]) {
    assert.equal(misfit(value, type), null);
  }
  assert.equal(misfit(2147483648, INT), 'should be int, is number 2147483648');
  assert.equal(misfit(1.5, INT), 'should be int, is number 1.5');
  assert.equal(misfit(1, BOOL), 'should be bool, is number 1');
  assert.equal(misfit('1', FLOAT), 'should be float, is string 1');
  assert.equal(misfit(undefined, FLOAT), 'should be float, is missing');
  assert.equal(misfit({}, FLOAT), 'should be float, is an object');
  assert.equal(misfit([1, 2], FLOAT3), 'should be float3 (an array of 3 numbers), is an array of 2');
  assert.equal(misfit([1], FLOAT), 'should be float, is an array of 1');
  assert.equal(misfit(-1n, REF), 'should be ref, is bigint -1');
});

test('slots hold what was written, the upper half of ints clear', () => {
  const slots = new DataView(new ArrayBuffer(64));
  const round = (value, type) => (writeValue(slots, 8, type, value), readValue(slots, 8, type));
  for (const [value, type] of [[true, BOOL], [false, BOOL], [-5, INT], [-0, FLOAT], [NaN, FLOAT], [[1, -0, NaN], FLOAT3], [7n, REF]]) {
    assert.deepEqual(round(value, type), value);
  }
  slots.setBigUint64(8, 0xffffffffffffffffn, true);
  writeValue(slots, 8, INT, -1);
  assert.equal(slots.getBigUint64(8, true), 0xffffffffn);
  assert.equal(round(null, REF), 0n);
});
