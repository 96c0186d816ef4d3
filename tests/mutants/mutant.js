// mutant.js - the native tool with one line of its source changed: to prove that the tests notice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../harness.js';

const call = promisify(execFile);
const NATIVE = join(ROOT, 'build/native');
const CJSON = join(ROOT, 'build/deps/cJSON');

/** Sources of the native tool, as paths in the repository: those that were compiled for it. */
function sources() {
  const all = readdirSync(join(NATIVE, 'src'), { recursive: true }).filter((path) => path.endsWith('.o'));
  return all.map((path) => `src/${path.replace(/o$/, 'c')}`).filter((path) => existsSync(join(ROOT, path)));
}

/** Whether an object must be made anew when `file` changes: its .d names it, or there is none. */
function dependsOn(source, file) {
  const made = join(NATIVE, source.replace(/c$/, 'd'));
  return !existsSync(made) || readFileSync(made, 'utf8').split(/\s+/).includes(file);
}

/**
 * Builds the tool with `right` in `file` replaced by `wrong`. What does not depend on the file is taken from build/native.
 * @param {{name: string, file: string, right: string, wrong: string}} change
 * @returns {Promise<string>} the path of the tool
 */
export async function mutant({ name, file, right, wrong }) {
  const folder = join(ROOT, 'build/mutant', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  const text = readFileSync(join(ROOT, file), 'utf8');
  assert.equal(text.split(right).length, 2, `${file} holds exactly one "${right}"`);
  writeFileSync(join(folder, file), text.replace(right, () => wrong));
  const changed = sources().filter((source) => dependsOn(source, file));
  const kept = sources().filter((source) => !changed.includes(source)).map((source) => join(NATIVE, source.replace(/c$/, 'o')));
  const tool = join(folder, 'treadle');
  const flags = ['-std=c11', '-ffp-contract=off', '-O1', '-w', '-isystem', CJSON, `-I${join(ROOT, 'variants/plain')}`];
  await call(process.env.CC ?? 'cc', [...flags, ...changed.map((source) => join(folder, source)), ...kept, join(NATIVE, 'cJSON.o'), '-lm', '-o', tool]);
  return tool;
}

/**
 * The project with such a change, in a folder of its own, and with one variant, of which only what depends on the file is built.
 * @param {{name: string, file: string, right: string, wrong: string}} change
 * @param {string} variant
 * @returns {Promise<string>} the folder
 */
export async function mutantVariant({ name, file, right, wrong }, variant) {
  const folder = join(ROOT, 'build/mutant', name);
  rmSync(folder, { recursive: true, force: true });
  const kept = ['Makefile', '.ci', 'src', 'js', 'html', 'tests', `variants/${variant}`, `build/${variant}`, 'build/text', 'build/deps', 'build/native/treadle'];
  for (const path of kept) cpSync(join(ROOT, path), join(folder, path), { recursive: true, preserveTimestamps: true });
  const text = readFileSync(join(ROOT, file), 'utf8');
  assert.equal(text.split(right).length, 2, `${file} holds exactly one "${right}"`);
  writeFileSync(join(folder, file), text.replace(right, () => wrong));
  await call('make', ['-C', folder, '-j1', variant], { env: cleanEnv() });
  return folder;
}

/** Without what a make or a test around us would have its own children do. */
function cleanEnv() {
  const { NODE_TEST_CONTEXT, MAKEFLAGS, MAKELEVEL, MFLAGS, ...env } = process.env;
  return env;
}

/** Runs a test file on a tool, with `env` besides; what it printed, as TAP. It must fail. */
export async function failing(tool, file, env) {
  const whole = { ...process.env, ...(tool && { TREADLE: tool }), ...env };
  delete whole.NODE_TEST_CONTEXT; // it would make them report to us instead of printing
  const words = ['--test', '--test-reporter=tap', resolve(ROOT, file)];
  const { code, stdout } = await call(process.execPath, words, { env: whole, maxBuffer: 1 << 28 }).catch((error) => error);
  assert.equal(code, 1, `the tests of ${file} pass on ${tool}:\n${stdout}`);
  return stdout;
}
