// differential.test.js - random graphs: both runners agree at every cadence and wherever the fuel ends.
//
// DIFFERENTIAL_SEEDS=FIRST-LAST or =COUNT runs other ones.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BUILD, assertSame, inTurn, run } from '../harness.js';
import { generate } from '../generate.js';

const FOLDER = join(BUILD, 'differential');
const WORDS = ['--until', '0.4', '--tick', '50', '--fuel', '2000', '--send', 'e0={"n":3}', '--send', 'e1'];
const CADENCES = [1, 2, 3, 7, 64];
const PART = 25;

/** Seeds from the environment: "200" or "1000-1500". */
function seeds() {
  const [first, last] = (process.env.DIFFERENTIAL_SEEDS ?? '200').split('-').map(Number);
  return last === undefined ? [1, first] : [first, last];
}

function write(seed) {
  const file = join(FOLDER, `${seed}.graph.json`);
  writeFileSync(file, JSON.stringify(generate(seed, 6 + (seed % 20)), null, 1));
  return file;
}

/** Whatever the way, the oracle's report. Fuel that ends early is part of it. */
async function compare(seed) {
  const file = write(seed);
  const fuel = ['--fuel', String(1 + ((seed * 37) % 300))];
  const cadence = ['--cadence', String(CADENCES[seed % CADENCES.length])];
  for (const words of [WORDS, [...WORDS, ...fuel]]) {
    const { reports: [oracle] } = await run(file, [...words, '--runner', 'walk', '--trace']);
    for (const way of [['--trace'], [], cadence, [...cadence, '--trace']]) {
      const { reports: [report] } = await run(file, [...words, '--runner', 'vm', ...way]);
      assertSame(report, oracle, `${file} ${words.join(' ')} --runner vm ${way.join(' ')}`);
    }
    const { reports: [sliced] } = await run(file, [...words, ...cadence, '--runner', 'walk']);
    assertSame(sliced, oracle, `${file} ${words.join(' ')} ${cadence.join(' ')} --runner walk`);
  }
}

mkdirSync(FOLDER, { recursive: true });
const [first, last] = seeds();
for (let from = first; from <= last; from += PART) {
  const part = Array.from({ length: Math.min(PART, last - from + 1) }, (_, i) => from + i);
  test(`random graphs ${from} to ${part.at(-1)} agree`, () => inTurn(part, compare));
}
