// soak.js - `make soak`: many random graphs, each natively in both runners, in a variant and compiled, and a summary.
//
//     node tests/random/soak.js       N=100000: how many graphs; FIRST=1000001: the first seed; PROCESSES=2
//
// Ends with status 1 when any two runs of a graph differ. What differed is made smaller and left in build/random/soak/.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { VARIANTS } from '../harness.js';
import { compiledWays, fewWays, inVariant } from './compare.js';
import { switched } from './variant.js';
import { WORDS, allOps, examine, make, wordsOf } from './examine.js';

const N = Number(process.env.N ?? 100_000);
const FIRST = Number(process.env.FIRST ?? 1_000_001);
const PROCESSES = Number(process.env.PROCESSES ?? 2);
const BATCH = 100;
const CADENCES = [2, 3, 7, 64, 1000];

/** The ways for the k-th batch: over the batches every variant, cadence and set of words meet. */
function waysOf(k) {
  const variant = VARIANTS[Math.floor(k / WORDS) % VARIANTS.length];
  const cadence = CADENCES[k % CADENCES.length];
  return [...fewWays(cadence), inVariant(variant, 'walk', cadence, true), inVariant(variant, 'vm', 0, false), inVariant(variant, 'vm', 1, true), ...compiledWays(k).slice(1)];
}

const seedsOf = (k) => Array.from({ length: Math.min(BATCH, N - k * BATCH) }, (_, i) => FIRST + k * BATCH + i);

/** One batch, in a process of its own: what fails, and what there was. */
async function soak(k) {
  const seeds = seedsOf(k);
  const ways = waysOf(k);
  const counts = {};
  let [nodes, assets] = [0, 0];
  for (const seed of seeds) {
    const { graph } = make(seed);
    nodes += graph.nodes.length;
    assets += Number(Boolean(graph.asset));
    for (const { op } of graph.nodes) counts[op] = (counts[op] ?? 0) + 1;
  }
  Object.assign(switched, { vm: 0, wasm: 0 });
  return { k, failures: await examine(seeds, 'soak', wordsOf(k), ways), ...switched, graphs: seeds.length, runs: seeds.length * ways.length, nodes, assets, counts };
}

/** Runs all batches in a few processes. */
async function runAll(batches, told) {
  let next = 0;
  const one = () => new Promise((done, fail) => {
    const child = fork(fileURLToPath(import.meta.url), ['--part']);
    const go = () => (next < batches ? child.send(next++) : child.disconnect());
    child.on('message', (part) => {
      told(part);
      go();
    });
    child.on('exit', (code, signal) => (code === 0 ? done() : fail(new Error(`a process ended with ${signal ?? code}`))));
    go();
  });
  await Promise.all(Array.from({ length: PROCESSES }, one));
}

const thousands = (n) => n.toLocaleString('en');

async function main() {
  const started = Date.now();
  const sum = { graphs: 0, runs: 0, nodes: 0, assets: 0, vm: 0, wasm: 0 };
  const counts = {};
  const failures = [];
  await runAll(Math.ceil(N / BATCH), (part) => {
    for (const key of Object.keys(sum)) sum[key] += part[key];
    for (const [op, count] of Object.entries(part.counts)) counts[op] = (counts[op] ?? 0) + count;
    for (const text of part.failures) {
      failures.push(text);
      console.log(`${text.slice(0, 2000)}\n`);
    }
    const said = `${thousands(sum.graphs)} of ${thousands(N)} graphs, ${failures.length} differ`;
    if (process.stderr.isTTY) process.stderr.write(`\r${said}`);
    else if (Math.floor((10 * sum.graphs) / N) > Math.floor((10 * (sum.graphs - part.graphs)) / N)) console.log(said);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const never = allOps().filter((op) => !counts[op]);
  const [rarest] = Object.entries(counts).sort((a, b) => a[1] - b[1]);
  console.log(`seeds ${FIRST} to ${FIRST + N - 1}: ${thousands(sum.graphs)} graphs (${thousands(sum.assets)} with a glTF), ${thousands(sum.nodes)} nodes`);
  console.log(`${Object.keys(counts).length} of ${allOps().length} operations, the rarest ${rarest[0]} ${thousands(rarest[1])} times${never.length ? `; never: ${never.join(' ')}` : ''}`);
  console.log(`${thousands(sum.runs)} runs: native and ${VARIANTS.join(', ')}; walk, vm, and compiled in three shapes; watched and not; by the clock and at cadences 1 ${CADENCES.join(' ')}`);
  console.log(`runs that changed their runner charged ${thousands(sum.vm)} fuel in the machine, ${thousands(sum.wasm)} in compiled code`);
  console.log(`${failures.length} differ, in ${((Date.now() - started) / 60_000).toFixed(1)} minutes`);
  process.exitCode = failures.length ? 1 : 0;
}

if (process.argv[2] === '--part') process.on('message', async (k) => process.send(await soak(k)));
else await main();
