// patterns.js - the graphs of this folder, each with what must come out of it: NAME.graph.json and NAME.expect.json.
//
// PATTERNS=counted,goto in the environment: only these. A .expect.json holds literals that were worked out by hand from the rules; "why" says how. The larger graphs are
// written by large.js, those with a glTF around the graph by scenes.js.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { large } from './large.js';
import { scenePatterns } from './scenes.js';

const FOLDER = dirname(fileURLToPath(import.meta.url));

const only = process.env.PATTERNS?.split(',');

/** @returns {{name: string, file: string, words: string[], expected: any}[]} */
export function patterns() {
  const small = readdirSync(FOLDER).filter((name) => name.endsWith('.graph.json')).map((file) => {
    const name = file.slice(0, -'.graph.json'.length);
    return { name, file: join(FOLDER, file), expected: JSON.parse(readFileSync(join(FOLDER, `${name}.expect.json`), 'utf8')) };
  });
  const all = [...small, ...large(), ...scenePatterns()].filter(({ name }) => !only || only.includes(name.split(',')[0]));
  return all.map((pattern) => ({ ...pattern, words: pattern.expected.words ?? [] }));
}
