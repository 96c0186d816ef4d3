// examine.js - makes random graphs, runs them in several ways, and makes those that tell two ways apart smaller.
//
// What fails is left in build/random/NAME/ as SEED.graph.json, in the native dialect; a graph with a glTF around it also as
// SEED.glb, which is what runs. It belongs into kept/ once its fault is found.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOOL, inTurn, openVariant } from '../harness.js';
import { usesLibm } from '../libm.js';
import { COUNTS, assetOf } from './asset.js';
import { divergences } from './compare.js';
import { generate } from './generate.js';
import { pureOverloads } from './ops.js';
import { shrink } from './shrink.js';

const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);

// Graphs that loop for ever end by fuel or depth, at the same point everywhere: with much of both, with little fuel,
// with little depth.
const LENGTH = ['--until', '1', '--tick', '50'];
const SETTINGS = [['--fuel', '3000'], ['--fuel', '60', '--seed', '5'], ['--fuel', '2000', '--limit', 'call-depth=2']];

/** What the host does with an asset while it runs. */
const HOST = ['--select', '3,1,1,2,3,0,0,1', '--hover', '3', '--hover', '4,1'];

/** How many sets of words there are. */
export const WORDS = SETTINGS.length;

/** The words for the k-th batch. */
export const wordsOf = (k) => [...LENGTH, ...SETTINGS[k % SETTINGS.length]];

const { ops, properties } = await tables();
const pures = pureOverloads(ops);

/** What the engine says of itself. */
async function tables() {
  const engine = await openVariant('step');
  engine.close();
  return engine.tables;
}

/** What a seed's graph is: a third has a glTF around it, a third is mostly loops. */
const KINDS = [{ asset: { ops, properties, counts: COUNTS } }, { loops: true }, {}];

/** @returns {{graph: object, types: Map<string, string>}} */
export function make(seed) {
  const made = generate(seed, pures, KINDS[seed % 3]);
  if (seed % 3 === 0) made.graph.asset = true;
  return made;
}

/** Every op of this build; what random graphs must reach. */
export const allOps = () => ops.map(({ op }) => op);

/** Writes a graph as a file to run; its path. A graph of kept/ too. */
export function write(graph, path) {
  const { asset, ...native } = graph;
  writeFileSync(`${path}.graph.json`, JSON.stringify(graph, null, 1));
  if (!asset) return `${path}.graph.json`;
  writeFileSync(`${path}.glb`, assetOf(native, ops));
  return `${path}.glb`;
}

const remove = (path) => ['graph.json', 'glb'].forEach((end) => rmSync(`${path}.${end}`, { force: true }));

const isApart = (graph) => graph.nodes.some(({ op }) => usesLibm(op));

/** The words of a graph: selects are for those with a glTF. */
const wordsFor = (graph, words) => (graph.asset ? [...words, ...HOST] : words);

/** Runs that differ, for a list of graphs: natives and assets each in one go. */
async function differing(graphs, paths, words, only) {
  const found = graphs.map(() => null);
  for (const isAsset of [false, true]) {
    const places = graphs.flatMap((graph, i) => (Boolean(graph.asset) === isAsset ? [i] : []));
    if (places.length === 0) continue;
    const files = places.map((i) => write(graphs[i], paths[i]));
    const some = await divergences(files, wordsFor(graphs[places[0]], words), only, places.map((i) => isApart(graphs[i])));
    places.forEach((i, k) => (found[i] = some[k]));
  }
  return found;
}

/** Makes the graph of a seed that fails smaller; says in words what is wrong with it. */
async function explain(seed, folder, words, { ways, keys }) {
  const { graph, types } = make(seed);
  const small = join(folder, `${seed}.smaller`);
  const fails = async (smaller) => {
    const [found] = await differing([smaller], [small], words, ways);
    return found?.keys.join(' ') === keys.join(' ');
  };
  const smallest = await shrink(graph, types, fails, PATIENCE_MS);
  const path = join(folder, String(seed));
  const [found] = await differing([smallest], [path], words, ways);
  remove(small);
  const runs = ways.map((way, i) => `${way.join(' ')}: ${JSON.stringify(found?.seen[i])}`);
  return [`${path}.${smallest.asset ? 'glb' : 'graph.json'} ${wordsFor(smallest, words).join(' ')}: runs differ in ${keys.join(' ')}`, ...runs].join('\n');
}

/**
 * Compares the runs of the graphs of some seeds; what is wrong in words, one for each seed that fails.
 * @param {number[]} seeds
 * @param {string} name  of the folder for their files
 * @param {string[]} words
 * @param {string[][]} only  the ways
 */
export async function examine(seeds, name, words, only) {
  const folder = join(dirname(TOOL), '../random', name);
  mkdirSync(folder, { recursive: true });
  const graphs = seeds.map((seed) => make(seed).graph);
  const paths = seeds.map((seed) => join(folder, String(seed)));
  const found = await differing(graphs, paths, words, only);
  paths.forEach((path, i) => found[i] ?? remove(path));
  const failed = seeds.map((seed, i) => ({ seed, found: found[i] })).filter((each) => each.found);
  return inTurn(failed, (each) => explain(each.seed, folder, words, each.found));
}

// --- graphs that once told two runs apart --------------------------------------------------------

const KEPT = fileURLToPath(new URL('kept', import.meta.url));

/** Small graphs that showed a fault, by its name. */
export const kept = () => readdirSync(KEPT).map((file) => basename(file, '.graph.json'));

/** What tells the runs of a kept graph apart, in words; null: nothing. */
export async function examineKept(name, words, only) {
  const folder = join(dirname(TOOL), '../random/kept');
  mkdirSync(folder, { recursive: true });
  const graph = JSON.parse(readFileSync(join(KEPT, `${name}.graph.json`), 'utf8'));
  const [found] = await differing([graph], [join(folder, name)], words, only);
  return found && `${name} ${wordsFor(graph, words).join(' ')}: runs differ in ${found.keys.join(' ')}\n${JSON.stringify(found.seen)}`;
}
