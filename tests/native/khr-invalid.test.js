// khr-invalid.test.js - every must-reject graph of the Khronos suite is refused for the rule it breaks, at that place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../harness.js';
import { rules } from '../khr/rules.js';
import { absent, invalid } from '../khr/verdicts.js';

/** What each case breaks: the code, the pointer to it from the extension object on, and what is said; a message for each error. */
const REASONS = {
  A1a: ['E1401', '/graphs', '"graphs" must not be empty'],
  A1b: ['E1102', '', 'missing key "graphs"'],
  A1c: ['E1103', '/graphs', '"graphs" must be an array, got object'],
  A2a: ['E1411', '/graph', 'default graph -1: file has 1'],
  A2b: ['E1411', '/graph', 'default graph 0.5: file has 1'],
  A2c: ['E1411', '/graph', 'default graph string "0": file has 1'],
  A3: ['E1411', '/graph', 'default graph 1: file has 1'],
  A4: ['E1201', '/graphs/1/declarations/3/op', 'unknown op "math/addd"'],
  B1a: ['E1301', '/graphs/0/types/10/signature', 'unknown type "float5"'],
  B1b: ['E1301', '/graphs/0/types/10/signature', 'unknown type "Float"'],
  B2a: ['E1403', '/graphs/0/types/10/signature', 'types 2 and 10 are both "float"'],
  B2b: ['E1403', '/graphs/0/types/10/signature', 'types 2 and 10 are both "float"'],
  B3a: ['E1401', '/graphs/0/types', '"types" must not be empty'],
  B3b: ['E1102', '/graphs/0/types/10', 'missing key "signature"'],
  B3d: ['E1104', '/graphs/0/types/10', 'expected object, got string "float"'],
  C1: ['E1208', '/graphs/0/variables/2/type', 'type index 10 must be 0..9'],
  C3a: ['E1306', '/graphs/0/variables/2/value/0', 'expected true or false, got 1'],
  C4a: ['E1306', '/graphs/0/variables/2/value/0', 'expected a number, got null'],
  C5a: ['E1309', '/graphs/0/variables/2/value/0', '1.5 is not a whole number'],
  C6a: ['E1310', '/graphs/0/variables/2/value/0', 'ref "nodes/0" is not a JSON Pointer'],
  C6c: ['E1306', '/graphs/0/variables/2/value/0', 'expected a JSON Pointer in quotes, got 0'],
  C7a: ['E1402', '/graphs/0/variables', '"variables" without "types"'],
  C7b: ['E1401', '/graphs/0/variables/2/value', '"value" must not be empty'],
  C7c: ['E1103', '/graphs/0/variables/2/name', '"name" must be a string, got 5'],
  C7d: ['E1401', '/graphs/0/variables', '"variables" must not be empty'],
  C8b: ['E1208', '/graphs/0/variables/2/type', 'type index -1 must be 0..9'],
  C8c: ['E1208', '/graphs/0/variables/2/type', 'type index 0.5 must be 0..9'],
  D1: ['E1226', '/graphs/0/events/3/id', 'event "custom/a" defined twice (2 and 3)'],
  D3a: ['E1208', '/graphs/0/events/2/values/v/type', 'type index 10 must be 0..9'],
  D3b: ['E1102', '/graphs/0/events/2/values/v', 'missing key "type"'],
  D4a: ['E1309', '/graphs/0/events/2/values/v/value/0', '1.5 is not a whole number'],
  D4b: ['E1307', '/graphs/0/events/2/values/v/value', 'float3 needs 3 numbers, got 2'],
  D5a: ['E1103', '/graphs/0/events/2/id', '"id" must be a string, got 5'],
  D5b: ['E1401', '/graphs/0/events/2/values', '"values" must not be empty'],
  D5c: ['E1103', '/graphs/0/events/2/name', '"name" must be a string, got true'],
  E1a: ['E1102', '/graphs/0/declarations/3', 'missing key "op"'],
  E2a: ['E1201', '/graphs/0/declarations/3/op', 'unknown op "math/addd"'],
  E2c: ['E1201', '/graphs/0/declarations/3/op', 'unknown op "math/addd"'],
  E3a: ['E1405', '/graphs/0/declarations/3', '"math/add" is a core op: its declaration lists no sockets'],
  E3b: ['E1405', '/graphs/0/declarations/3', '"math/add" is a core op: its declaration lists no sockets'],
  E4a: ['E1208', '/graphs/0/declarations/3/inputValueSockets/a/type', 'type index 10 must be 0..9'],
  E4b: ['E1208', '/graphs/0/declarations/3/outputValueSockets/a/type', 'type index 10 must be 0..9'],
  E4c: ['E1102', '/graphs/0/declarations/3/inputValueSockets/a', 'missing key "type"'],
  E4d: ['E1401', '/graphs/0/declarations/3/inputValueSockets', '"inputValueSockets" must not be empty'],
  E5a: ['E1404', '/graphs/0/declarations/4', 'declarations 3 and 4 are both "math/add"'],
  E5b: ['E1404', '/graphs/0/declarations/4', 'declarations 3 and 4 are both "vnd/x"'],
  E5c: ['E1404', '/graphs/0/declarations/4', 'declarations 3 and 4 are both "vnd/x"'],
  E6: ['E1103', '/graphs/0/declarations/3/extension', '"extension" must be a string, got 5'],
  F1b: ['E1102', '/graphs/0/nodes/3', 'missing key "declaration"'],
  F1c: ['E1208', '/graphs/0/nodes/3/declaration', 'declaration index -1 must be 0..2'],
  F1d: ['E1402', '/graphs/0/nodes', '"nodes" without "declarations"'],
  F2: ['E1215', '/graphs/0/nodes/4/values/a', 'input "a" has a value and an edge'],
  F3a: ['E1406', '/graphs/0/nodes/3/values/a/node', 'value input must use a node before 3, got 4'],
  F3b: ['E1406', '/graphs/0/nodes/3/values/a/node', 'value input must use a node before 3, got 3'],
  F4a: ['E1211', '/graphs/0/nodes/4/values/a/socket', 'no output "result" on math/E; it has value'],
  F4b: ['E1211', '/graphs/0/nodes/4/values/a', 'no output "value" on flow/multiGate; it has lastIndex'],
  F6a: ['E1208', '/graphs/0/nodes/3/values/b/type', 'type index 10 must be 0..9'],
  F6b: ['E1409', '/graphs/0/nodes/3/values/b', 'input "b" has a value without "type"'],
  F6c: ['E1408', '/graphs/0/nodes/3/values/b', 'input "b" has neither "node" nor "type"'],
  F7a: ['E1307', '/graphs/0/nodes/3/values/a/value', 'float needs 1 number, got 2'],
  F7b: ['E1309', '/graphs/0/nodes/3/values/b/value/0', '1.5 is not a whole number'],
  F8a: ['E1214', '/graphs/0/nodes/3/values', 'input "b" has neither value nor edge'],
  F8c: ['E1214', '/graphs/0/nodes/3', 'input "a" has neither value nor edge', 'input "b" has neither value nor edge'],
  F9a: ['E1303', '/graphs/0/nodes/3/values/b', 'inputs "a" (int) and "b" (float) must have one type'],
  F9b: ['E1306', '/graphs/0/nodes/3/values/condition', 'expected bool, got float'],
  F10b: ['E1407', '/graphs/0/nodes/4/flows/a/node', 'flow must lead to a node after 4, got 4'],
  F10d: ['E1407', '/graphs/0/nodes/4/flows/a/node', 'flow must lead to a node after 4, got 1'],
  F11a: ['E1102', '/graphs/0/nodes/4/flows/a', 'missing key "node"'],
  F11b: ['E1103', '/graphs/0/nodes/3/flows/a/socket', '"socket" must be a string, got 5'],
  F11d: ['E1401', '/graphs/0/nodes/3/flows', '"flows" must not be empty'],
  F11f: ['E1401', '/graphs/0/nodes/3/configuration', '"configuration" must not be empty'],
  F12a: ['E1104', '/graphs/0/nodes/3/configuration/initialIndex', 'expected object, got 5'],
  F12c: ['E1103', '/graphs/0/nodes/3/configuration/initialIndex/value', '"value" must be an array, got 0'],
  F13a: ['E1208', '/graphs/0/nodes/3/values/c/type', 'type index 10 must be 0..9'],
  F13b: ['E1406', '/graphs/0/nodes/3/values/c/node', 'value input must use a node before 3, got 4'],
  F13c: ['E1407', '/graphs/0/nodes/3/flows/extra/node', 'flow must lead to a node after 3, got 1'],
  G1a: ['E1229', '/graphs/0/nodes/3', 'variable/get needs configuration "variable"'],
  G1b: ['E1222', '/graphs/0/nodes/3/configuration/variable/value/0', 'variable 2: graph has 2'],
  G1c: ['E1222', '/graphs/0/nodes/3/configuration/variable/value/0', 'variable -1: graph has 2'],
  G1d: ['E1222', '/graphs/0/nodes/3/configuration/variable/value/0', 'variable 0.5: graph has 2'],
  G2a: ['E1229', '/graphs/0/nodes/3', 'variable/set needs configuration "variables"'],
  G2b: ['E1222', '/graphs/0/nodes/3/configuration/variables/value/0', 'variable 2: graph has 2'],
  G2d: ['E1222', '/graphs/0/nodes/3/configuration/variables/value/1', 'variable 2: graph has 2'],
  G2e: ['E1214', '/graphs/0/nodes/3/values', 'input "0" has neither value nor edge'],
  G2f: ['E1311', '/graphs/0/nodes/3/values/0', 'set float into variable "0" of int'],
  G3a: ['E1312', '/graphs/0/nodes/3/configuration/variable/value/0', 'int cannot be interpolated'],
  G3b: ['E1312', '/graphs/0/nodes/3/configuration/variable/value/0', 'bool cannot be interpolated'],
  G3c: ['E1229', '/graphs/0/nodes/3/configuration', 'variable/interpolate needs configuration "useSlerp"'],
  G3d: ['E1313', '/graphs/0/nodes/3/configuration/useSlerp/value/0', 'useSlerp needs float4, got float3'],
  G3e: ['E1230', '/graphs/0/nodes/3/configuration/useSlerp/value/0', 'configuration "useSlerp" must be true or false, got 0'],
  G3h: ['E1311', '/graphs/0/nodes/3/values/value', 'set float2 into variable "2" of float3'],
  G4a: ['E1229', '/graphs/0/nodes/3/configuration', 'pointer/get needs configuration "pointer"'],
  G4b: ['E1230', '/graphs/0/nodes/3/configuration/pointer/value/0', 'configuration "pointer" must be one string, got 5'],
  G4d: ['E1208', '/graphs/0/nodes/3/configuration/type/value/0', 'type index 10 must be 0..9'],
  G4f: ['E1208', '/graphs/0/nodes/3/configuration/type/value/0', 'type index 0.5 must be 0..9'],
  G4g: ['E1214', '/graphs/0/nodes/3', 'input "nodeIndex" has neither value nor edge'],
  G4h: ['E1314', '/graphs/0/nodes/3/values/nodeIndex', 'parameter "nodeIndex" takes int, got float'],
  G4i: ['E1314', '/graphs/0/nodes/3/values/node', 'parameter "node" takes ref, got int'],
  G6a: ['E1246', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[value]/scale": parameter must not be named "value"'],
  G6b: ['E1246', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{value}/scale": parameter must not be named "value"'],
  G7b: ['E1246', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[duration]/scale": parameter must not be named "duration"'],
  G7f: ['E1312', '/graphs/0/nodes/3/configuration/type/value/0', 'bool cannot be interpolated'],
  G8b: ['E1225', '/graphs/0/nodes/3/configuration/event/value/0', 'event 2: graph has 2'],
  G9b: ['E1225', '/graphs/0/nodes/3/configuration/event/value/0', 'event 2: graph has 2'],
  G9c: ['E1227', '/graphs/0/nodes/3', 'event "custom/v" needs value "v"'],
  H1a: ['E1214', '/graphs/0/nodes/3/values', 'input "selection" has neither value nor edge'],
  H1d: ['E1214', '/graphs/0/nodes/3/values', 'input "2" has neither value nor edge'],
  H2b: ['E1214', '/graphs/0/nodes/3', 'input "selection" has neither value nor edge'],
  H3: ['E1214', '/graphs/0/nodes/3', 'input "a" has neither value nor edge'],
  'G5-02': ['E1244', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[index]/weights/[index]": parameter "index" appears twice'],
  'G5-03': ['E1244', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{index}/weights/[index]": parameter "index" appears twice'],
  'G5-04': ['E1242', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[/scale": bracket not closed'],
  'G5-05': ['E1242', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{/scale": brace not closed'],
  'G5-06': ['E1243', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[]/scale": parameter without a name'],
  'G5-08': ['E1242', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[index/scale": bracket not closed'],
  'G5-09': ['E1242', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{index/scale": brace not closed'],
  'G5-10': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[i[ndex]/scale": stray bracket'],
  'G5-11': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[i{ndex]/scale": stray brace'],
  'G5-12': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{i[ndex}/scale": stray bracket'],
  'G5-15': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/[i}ndex]/scale": stray brace'],
  'G5-17': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/{i}ndex}/scale": stray brace'],
  'G5-18': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/0/extras/[[i[ndex]]": stray bracket'],
  'G5-19': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/0/extras/{{i{ndex}}": stray brace'],
  'G5-20': ['E1245', '/graphs/0/nodes/3/configuration/pointer/value/0', 'pointer "/nodes/0/extras/[[index]": stray bracket'],
};

test('every case of the suite has its reason', { skip: absent ?? false }, () => {
  assert.deepEqual(invalid().map(({ id }) => id).sort(), Object.keys(REASONS).sort());
});

test('each reason is that of the rule which the case belongs to', () => {
  for (const { cases = [], code } of rules())
    for (const id of cases) assert.equal(REASONS[id]?.[0] ?? code, code, id);
});

for (const { id, what, file } of invalid()) {
  test(`${id} breaks one rule: ${what}`, async () => {
    const { status, ok, diagnostics } = await check(file);
    assert.equal(ok, false);
    assert.equal(status, 2);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [code, at, ...messages] = REASONS[id];
    const expected = messages.map((message) => [code, `/extensions/KHR_interactivity${at}`, message]);
    assert.deepEqual(errors.map((error) => [error.code, error.pointer, error.message]), expected);
    for (const { line, column } of errors) assert.ok(line >= 1 && column >= 1);
  });
}
