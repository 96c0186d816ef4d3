// floors.js - checks that every file includes only from its own floor or below, and says on its first line what it is.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

// From the ground up. The task tower stands beside the graph floors: it knows only the ground.
const TOWER = ['base', 'op', 'graph', 'code', 'run', 'engine', 'api'];
const BELOW = Object.fromEntries(TOWER.map((floor, i) => [floor, TOWER.slice(0, i + 1)]));
BELOW.task = ['base', 'task'];
BELOW.engine.push('task');
BELOW.api.push('task');

// The hook and what stands above it may ask which variant this is.
const VARIANT_READERS = /^src\/(run\/hook\.h|engine\/|api\/)/;

const problems = [];
let passed = 0;

/** Counts one checked file, or its problems. */
function verdict(name, found) {
  if (found.length === 0) passed += 1;
  else problems.push(...found.map((what) => `${name}${what}`));
}

/** All files under a folder, without what npm and Git keep. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** The file of src/ that an `#include "..."` in `from` means, or null: beside it, or below src/. NAME.text is NAME as a string. */
function included(from, include) {
  const name = include.replace(/\.text$/, '');
  const places = [normalize(join(dirname(from), name)), normalize(join('src', name))];
  return places.find((place) => existsSync(place)) ?? null;
}

/** Why the includes of a file under src/ are not all from its floor or below. */
function wrongIncludes(file) {
  const floor = file.split('/')[1];
  if (!BELOW[floor]) return [`: there is no floor "${floor}"`];
  const found = [];
  readFileSync(file, 'utf8').split('\n').forEach((line, i) => {
    const name = /^\s*#\s*include\s+"([^"]+)"/.exec(line)?.[1];
    if (!name) return;
    if (basename(name) === 'variant.h') {
      if (!VARIANT_READERS.test(file)) found.push(`:${i + 1}: only run/hook.h, engine and api may read variant.h`);
      return;
    }
    const target = included(file, name);
    const below = target?.startsWith('src/') ? target.split('/')[1] : null;
    if (!target) found.push(`:${i + 1}: no such file: "${name}"`);
    else if (!BELOW[floor].includes(below)) found.push(`:${i + 1}: ${floor} includes upward: "${name}"`);
  });
  return found;
}

/** Why the first line does not say what the file is: a comment, its name, and a sentence. */
function wrongFirstLine(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines[lines[0].startsWith('#!') ? 1 : 0] ?? '';
  const name = basename(file).replaceAll('.', '\\.');
  const says = new RegExp(`^(/\\*|//|#) (\\S*/)?${name} (\\([^)]*\\) )?- .*\\w`);
  return says.test(line) ? [] : [`:1: the first line should be "${basename(file)} - what it is, in one sentence"`];
}

const inSource = filesUnder('src').filter((file) => /^src\/[^/]+\/.*\.[ch]$/.test(file));
for (const file of inSource) verdict(file, wrongIncludes(file));
const arrows = passed;

const named = ['src', 'variants', 'js', 'tests', 'bench'].flatMap(filesUnder).filter((file) => /\.(c|h|def|js|mk)$/.test(file));
for (const file of [...named, 'Makefile', 'playwright.config.js']) verdict(file, wrongFirstLine(file));

for (const problem of problems) console.log(`not ok ${problem}`);
console.log(`${problems.length ? 'not ok' : 'ok'} floors: ${arrows} files include downward, ${passed - arrows} say what they are`);
console.log(`${passed} passed, ${problems.length} failed`);
process.exitCode = problems.length ? 1 : 0;
