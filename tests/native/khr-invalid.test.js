// khr-invalid.test.js - every must-reject graph of the Khronos suite is refused for the rule it breaks, at that place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../harness.js';
import { absent, invalid } from '../khr/verdicts.js';

/** What each case breaks: the code of the message, and how the pointer to it ends. */
const RULES = {
  A1a: ['E1401', '/graphs'], A1b: ['E1102', '/KHR_interactivity'], A1c: ['E1103', '/graphs'],
  A2a: ['E1411', '/graph'], A2b: ['E1411', '/graph'], A2c: ['E1411', '/graph'], A3: ['E1411', '/graph'], A4: ['E1201', '/graphs/1/declarations/3/op'],
  B1a: ['E1301', '/types/10/signature'], B1b: ['E1301', '/types/10/signature'], B2a: ['E1403', '/types/10/signature'],
  B2b: ['E1403', '/types/10/signature'], B3a: ['E1401', '/types'], B3b: ['E1102', '/types/10'], B3d: ['E1104', '/types/10'],
  C1: ['E1208', '/variables/2/type'], C3a: ['E1306', '/variables/2/value/0'], C4a: ['E1306', '/variables/2/value/0'],
  C5a: ['E1309', '/variables/2/value/0'], C6a: ['E1310', '/variables/2/value/0'], C6c: ['E1306', '/variables/2/value/0'],
  C7a: ['E1402', '/variables'], C7b: ['E1401', '/variables/2/value'], C7c: ['E1103', '/variables/2/name'], C7d: ['E1401', '/variables'],
  C8b: ['E1208', '/variables/2/type'], C8c: ['E1208', '/variables/2/type'],
  D1: ['E1226', '/events/3/id'], D3a: ['E1208', '/events/2/values/v/type'], D3b: ['E1102', '/events/2/values/v'],
  D4a: ['E1309', '/events/2/values/v/value/0'], D4b: ['E1307', '/events/2/values/v/value'], D5a: ['E1103', '/events/2/id'],
  D5b: ['E1401', '/events/2/values'], D5c: ['E1103', '/events/2/name'],
  E1a: ['E1102', '/declarations/3'], E2a: ['E1201', '/declarations/3/op'], E2c: ['E1201', '/declarations/3/op'],
  E3a: ['E1405', '/declarations/3'], E3b: ['E1405', '/declarations/3'], E4a: ['E1208', '/inputValueSockets/a/type'],
  E4b: ['E1208', '/outputValueSockets/a/type'], E4c: ['E1102', '/inputValueSockets/a'], E4d: ['E1401', '/inputValueSockets'],
  E5a: ['E1404', '/declarations/4'], E5b: ['E1404', '/declarations/4'], E5c: ['E1404', '/declarations/4'], E6: ['E1103', '/declarations/3/extension'],
  F1b: ['E1102', '/nodes/3'], F1c: ['E1208', '/nodes/3/declaration'], F1d: ['E1402', '/nodes'], F2: ['E1215', '/values/a'],
  F3a: ['E1406', '/values/a/node'], F3b: ['E1406', '/values/a/node'], F4a: ['E1211', '/values/a/socket'], F4b: ['E1211', '/values/a'],
  F6a: ['E1208', '/values/b/type'], F6b: ['E1409', '/values/b'], F6c: ['E1408', '/values/b'], F7a: ['E1307', '/values/a/value'],
  F7b: ['E1309', '/values/b/value/0'], F8a: ['E1214', '/nodes/3/values'], F8c: ['E1214', '/nodes/3'], F9a: ['E1303', '/values/b'],
  F9b: ['E1306', '/values/condition'], F10b: ['E1407', '/flows/a/node'], F10d: ['E1407', '/flows/a/node'], F11a: ['E1102', '/flows/a'],
  F11b: ['E1103', '/flows/a/socket'], F11d: ['E1401', '/flows'], F11f: ['E1401', '/configuration'], F12a: ['E1104', '/configuration/initialIndex'],
  F12c: ['E1103', '/configuration/initialIndex/value'], F13a: ['E1208', '/values/c/type'], F13b: ['E1406', '/values/c/node'],
  F13c: ['E1407', '/flows/extra/node'],
  G1a: ['E1229', '/nodes/3'], G1b: ['E1222', '/variable/value/0'], G1c: ['E1222', '/variable/value/0'], G1d: ['E1222', '/variable/value/0'],
  G2a: ['E1229', '/nodes/3'], G2b: ['E1222', '/variables/value/0'], G2d: ['E1222', '/variables/value/1'], G2e: ['E1214', '/nodes/3/values'],
  G2f: ['E1311', '/values/0'], G3a: ['E1312', '/configuration'], G3b: ['E1312', '/configuration'], G3c: ['E1229', '/configuration'],
  G3d: ['E1313', '/configuration'], G3e: ['E1230', '/useSlerp/value'], G3h: ['E1311', '/values/value'],
  G4a: ['E1229', '/configuration'], G4b: ['E1230', '/pointer/value'], G4d: ['E1208', '/type/value/0'], G4f: ['E1208', '/type/value/0'],
  G4g: ['E1214', '/nodes/3'], G4h: ['E1314', '/values/nodeIndex'], G4i: ['E1314', '/values/node'],
  'G5-02': ['E1244'], 'G5-03': ['E1244'], 'G5-04': ['E1242'], 'G5-05': ['E1242'], 'G5-06': ['E1243'], 'G5-08': ['E1242'], 'G5-09': ['E1242'],
  'G5-10': ['E1245'], 'G5-11': ['E1245'], 'G5-12': ['E1245'], 'G5-15': ['E1245'], 'G5-17': ['E1245'], 'G5-18': ['E1245'], 'G5-19': ['E1245'],
  'G5-20': ['E1245'], G6a: ['E1246', '/pointer/value/0'], G6b: ['E1246', '/pointer/value/0'],
  G7b: ['E1246', '/pointer/value/0'],
  G7f: ['E1312', '/configuration'], G8b: ['E1225', '/event/value/0'], G9b: ['E1225', '/event/value/0'], G9c: ['E1227', '/nodes/3'],
  H1a: ['E1214', '/nodes/3/values'], H1d: ['E1214', '/nodes/3/values'], H2b: ['E1214', '/nodes/3'], H3: ['E1214', '/nodes/3'],
};

test('every case of the suite has its rule', { skip: absent ?? false }, () => {
  assert.deepEqual(invalid().map(({ id }) => id).sort(), Object.keys(RULES).sort());
});

for (const { id, what, file } of invalid()) {
  test(`${id} breaks one rule: ${what}`, async () => {
    const { status, ok, diagnostics } = await check(file);
    assert.equal(ok, false);
    assert.equal(status, 2);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [code, end = ''] = RULES[id];
    for (const error of errors) {
      assert.equal(error.code, code, error.message);
      assert.ok(error.pointer.endsWith(end), error.pointer);
      assert.ok(error.line >= 1 && error.column >= 1);
    }
    assert.ok(errors.length >= 1);
  });
}
