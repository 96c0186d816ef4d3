// schema.test.js - the JSON Schema of native graphs knows the types and the configurations that the engine knows.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, TOOL } from '../harness.js';

const schema = JSON.parse(readFileSync(join(ROOT, 'html/treadle.schema.json'), 'utf8'));
const ops = JSON.parse(execFileSync(TOOL, ['ops', '--json'], { encoding: 'utf8', maxBuffer: 1 << 24 }));

/** What a JSON Pointer in a "$ref" names. */
const follow = ({ $ref }) => $ref.slice(2).split('/').reduce((value, key) => value[key], schema);

/** By op: the schema's properties of "config", and which are required. */
const configs = Object.fromEntries(
  schema.$defs.node.allOf.map((rule) => {
    const { properties, required = [] } = follow(rule.then.properties.config);
    return [rule.if.properties.op.const, { keys: Object.keys(properties), required, isRequired: 'required' in rule.then }];
  }),
);

test('the schema has the configuration of every op that has one', () => {
  const configurable = ops.filter(({ configuration }) => configuration.length > 0);
  assert.deepEqual(Object.keys(configs).sort(), configurable.map(({ op }) => op).sort());
  for (const { op, configuration } of configurable) {
    assert.deepEqual(configs[op].keys, configuration.map(({ key }) => key), op);
    assert.deepEqual(configs[op].required, configuration.filter((row) => !('default' in row)).map(({ key }) => key), op);
    assert.equal(configs[op].isRequired, configs[op].required.length > 0, op);
  }
});

test('the schema names the types of sockets', () => {
  const types = new Set(ops.flatMap(({ rows = [], valueIn, valueOut }) => [...rows.flatMap((row) => row.types), ...[...valueIn, ...valueOut].map(({ type }) => type)]));
  types.delete(undefined);
  for (const type of types) assert.ok(schema.$defs.type.enum.includes(type), type);
  assert.equal(schema.$defs.type.enum.length, 10);
});

test('every reference of the schema leads somewhere', () => {
  const walk = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.$ref === 'string') assert.ok(follow(value), value.$ref);
    Object.values(value).forEach(walk);
  };
  walk(schema);
});
