// rules.test.js - the rules of the specification in one variant: what is refused natively is refused here, in the same words.
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { VARIANTS, openVariant, runIn } from '../harness.js';
import { assertAccepted, assertRan, assertRefused, rules } from './rules.js';

const variant = VARIANTS.includes('plain') ? 'plain' : VARIANTS[0];

describe(variant, () => {
  /** @type {import('../../js/engine.js').Engine} */
  let engine;
  before(async () => (engine = await openVariant(variant)));
  after(() => engine.close());

  for (const row of rules()) {
    test(`${row.rule}: ${row.says}`, async () => {
      const look = (file) => engine.check(readFileSync(file), { name: file });
      assertAccepted(row, await look(row.accept));
      assertRan(row, await runIn(engine, row.accept, ['--until', '1']), variant);
      assertRefused(row, await look(row.reject));
    });
  }
});
