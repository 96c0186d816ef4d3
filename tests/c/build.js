// build.js - graphs compiled to C and linked, many at once, into the generic host (host.c); runs of it.
import { writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD, TOOL, inTurn, start } from '../harness.js';

const HOST = join(dirname(fileURLToPath(import.meta.url)), 'host.c');

/** What every emitted file compiles with, without a word. C_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all": these too. */
export const FLAGS = [
  '-std=c11', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes', '-Werror', '-ffp-contract=off',
  ...(process.env.C_FLAGS?.split(' ') ?? []),
];

/** Runs a command that has nothing to say. */
export async function quietly(tool, words) {
  const { status, stdout, stderr } = await start(tool, words);
  if (status !== 0 || stderr) throw new Error(`${tool} ${words.join(' ')}: status ${status}\n${stdout}${stderr}`);
}

export const COMPILERS = ['gcc', 'clang'];

/**
 * Compiles graphs to C and builds one host for each compiler.
 * @param {string} name of the folder under build/test
 * @param {string[]} files
 * @param {string[]} [limits] --limit words
 * @param {string} [level] of optimization
 * @returns {Promise<{compiler: string, run: (i: number, words: string[]) => Promise<any>}[]>} the i-th graph's report
 */
export async function buildHosts(name, files, limits = [], level = '-O1') {
  const folder = join(BUILD, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const graphs = files.map((_, i) => `g${i}`);
  await inTurn(files, (file, i) => quietly(TOOL, ['compile', file, '-o', join(folder, `g${i}.c`), ...limits]));
  writeFileSync(join(folder, 'modules.h'), `#include "g0.h"\n#define MODULES ${graphs.map((graph) => `M(${graph})`).join(' ')}\n`);
  return inTurn(COMPILERS, async (compiler) => {
    for (const graph of graphs) await quietly(compiler, [...FLAGS, level, '-c', join(folder, `${graph}.c`), '-o', join(folder, `${graph}.${compiler}.o`)]);
    const host = join(folder, `host.${compiler}`);
    const objects = graphs.map((graph) => join(folder, `${graph}.${compiler}.o`));
    await quietly(compiler, [...FLAGS, level, `-I${folder}`, '-DHEADER="modules.h"', HOST, ...objects, '-o', host, '-lm']);
    return {
      compiler,
      run: async (i, words) => {
        const { status, stdout, stderr } = await start(host, [graphs[i], ...words]);
        if (status !== 0) throw new Error(`${host} ${graphs[i]} ${words.join(' ')}: status ${status}\n${stderr}`);
        return JSON.parse(stdout);
      },
    };
  });
}

/** So many events and lines of the log the engine keeps (limit log). */
const KEPT = 10_000;

/** What a compiled graph tells of its run, of a report of the engine's. */
export function compiledEssence({ status, reason, node, variables, events, log, outputs, fuel }) {
  const values = variables.map(({ value }) => value);
  return { status, reason, node, variables: values, events: events.slice(0, KEPT), log: log.slice(0, KEPT), outputs, fuel };
}
