// size.js - prints the bytes of every variant and of the JavaScript beside it, and writes build/size.json.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

/** The modules that `file` brings with it, itself included. */
function modulesOf(file, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\b[^'";]*['"](\.[^'"]+)['"]/gm);
  for (const [, path] of imports) modulesOf(normalize(join(dirname(file), path)), seen);
  return seen;
}

/** The size of some bytes, as they are and as a server would send them. */
function sizeOf(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
}

/** When a file was written; never, if it is not there. */
const written = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

const variants = readdirSync('variants').filter((name) => statSync(`variants/${name}`).isDirectory());
const wasm = (name) => `build/${name}/treadle.wasm`;
const built = variants.filter((name) => existsSync(wasm(name)));
const glue = [...modulesOf('js/treadle.js')];

// Brotli at its best takes a second: nothing is measured twice.
if (![...built.map(wasm), ...glue, 'variants'].every((file) => written(file) < written('build/size.json'))) {
  const sizes = Object.fromEntries(built.map((name) => [name, sizeOf(readFileSync(wasm(name)))]));
  if (glue.length) sizes.js = sizeOf(Buffer.concat(glue.map((file) => readFileSync(file))));
  writeFileSync('build/size.json', `${JSON.stringify(sizes, null, 2)}\n`);
}

if (!process.argv.includes('--quiet')) {
  console.log(`${'part'.padEnd(12)}${'raw'.padStart(10)}${'brotli'.padStart(10)}`);
  for (const [name, size] of Object.entries(JSON.parse(readFileSync('build/size.json', 'utf8')))) {
    console.log(`${name.padEnd(12)}${String(size.raw).padStart(10)}${String(size.brotli).padStart(10)}`);
  }
  if (glue.length) console.log(`js: ${glue.join(' ')}`);
}
