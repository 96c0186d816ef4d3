#!/usr/bin/env node
// cli.js - the command-line tool in Node: the words of the native tool (src/api/main.c), in any variant.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { open } from './engine.js';
import { TreadleError, messageOf } from './error.js';
import { FORMS } from './graph.js';
import { toJson } from './value.js';

const USAGE = `usage: treadle run FILE... [--variant plain|step|asyncify|jspi|auto] [--set NAME=JSON]...
                   [--runner auto|vm|walk|wasm|structured|scheduler]
                   [--send EVENT[=JSON]]... [--select NODE[,CONTROLLER[,X,Y,Z[,X,Y,Z]]]]...
                   [--hover NODE[,CONTROLLER]]... [--clock real|virtual] [--until SECONDS] [--tick MS] [--fuel N]
                   [--budget MS] [--cadence N] [--seed N] [--limit NAME=N]... [--trace] [--json]
       treadle check FILE... [--json]
       treadle dump FILE [--wasm [--shape preemptible|structured|scheduler]]
       treadle upgrade FILE [-o OUT] [--json]
       treadle convert FILE [--to native|khr|gltf] [-o OUT] [--json]
       treadle compile FILE -o OUT.wasm [--shape preemptible|structured] [--runtime FILE] [--list]
       treadle ops [--json]
       treadle --help | --version

A FILE is a native graph, a KHR_interactivity asset (.glb, .gltf) or its bare extension; - is standard
input. With --upgrade run, check, dump and convert take drafts of KHR_interactivity, too. upgrade writes
the ratified file: door.glb to door.upgraded.glb, or to OUT. convert writes to OUT, or to standard output.
compile makes a module that needs no engine, of a runtime module: build/alone/runtime.wasm, or FILE. dump
shows the program that a graph becomes; with --wasm each byte of its WebAssembly, with what it is.

Exit status: 0 fine, 1 the run was ended by a limit or failed, 2 the file was rejected, 3 the words were
wrong, or a file cannot be read or written.
`;

const FINE = 0;
const ENDED = 1;
const REJECTED = 2;
const WRONG = 3;

/** @typedef {Record<string, any>} Options */

const TEXT = /** @type {const} */ ({ type: 'string' });
const TEXTS = /** @type {const} */ ({ type: 'string', multiple: true });
const FLAG = /** @type {const} */ ({ type: 'boolean' });

/** Every word that begins with "--". @type {import('node:util').ParseArgsConfig['options'] & {}} */
const WORDS = {
  variant: TEXT, runner: TEXT, clock: TEXT, set: TEXTS, send: TEXTS, select: TEXTS, hover: TEXTS, limit: TEXTS, until: TEXT, tick: TEXT,
  fuel: TEXT, budget: TEXT, cadence: TEXT, seed: TEXT, trace: FLAG, json: FLAG, upgrade: FLAG, wasm: FLAG, to: TEXT, shape: TEXT, runtime: TEXT, list: FLAG, out: { ...TEXT, short: 'o' },
};

/** The numbers among them: the least, and whether they must be whole. @type {Record<string, [number, boolean]>} */
const NUMBERS = {
  until: [0, false],
  tick: [0.001, false],
  budget: [0.001, false],
  fuel: [0, true],
  cadence: [0, true],
  seed: [-Infinity, true],
};

/** Each command: what it does with one file, and how many it takes. @type {Record<string, {files: [number, number], obey: Obey}>} */
const COMMANDS = {
  run: { files: [1, Infinity], obey: runFile },
  check: { files: [1, Infinity], obey: checkFile },
  dump: { files: [1, 1], obey: dumpFile },
  upgrade: { files: [1, 1], obey: upgradeFile },
  convert: { files: [1, 1], obey: convertFile },
  compile: { files: [1, 1], obey: compileFile },
  ops: { files: [0, 0], obey: listOps },
};

/** @typedef {(engine: import('./engine.js').Engine, file: string, options: Options) => Promise<number>} Obey */

// --- printing --------------------------------------------------------------------------------

/** @param {string} text */
function print(text) {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/**
 * Text as a terminal may show it: without what rewrites it, control characters and changes of direction.
 * @param {string} text
 */
function plain(text) {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What is wrong with the words of the command line. */
class UsageError extends Error {}

// --- words -----------------------------------------------------------------------------------

/**
 * @param {string[]} words
 * @returns {{command: string, files: string[], options: Options}}
 */
function parse([command, ...words]) {
  if (!Object.hasOwn(COMMANDS, command)) throw new UsageError(`unknown command ${command}`);
  const { values, positionals: files, tokens = [] } = parseWords(words);
  const [least, most] = COMMANDS[command].files;
  if (files.length < least || files.length > most) throw new UsageError(`${files.length ? 'too many files' : 'no file'} for ${command}`);
  /** @type {Options} */
  const options = { ...values, inputs: inputs(tokens) };
  for (const name of Object.keys(NUMBERS)) if (name in options) options[name] = number(`--${name}`, options[name], ...NUMBERS[name]);
  return { command, files, options };
}

/** @param {string[]} words */
function parseWords(words) {
  const args = words.map((word, i) => (/^--\w+$/.test(word) && /^-[\d.]/.test(words[i + 1] ?? '') ? `${word}=${words[i + 1]}` : word));
  try {
    return parseArgs({ args: args.filter((_, i) => !(i > 0 && args[i - 1] !== words[i - 1])), options: WORDS, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError(messageOf(error).split(/\.? To specify|\n/, 1)[0].replace(/^./, (first) => first.toLowerCase()));
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 * @param {boolean} whole
 */
function number(name, text, least, whole) {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= least && (!whole || Number.isSafeInteger(value))) return value;
  throw new UsageError(`not a value of ${name}: ${text}`);
}

/**
 * NAME=JSON in two; without "=" the value is `otherwise`.
 * @param {string} word
 * @param {string} text
 * @param {unknown} [otherwise]
 * @returns {[string, any]}
 */
function pair(word, text, otherwise) {
  const at = text.indexOf('=');
  if (at < 0 && otherwise === undefined) throw new UsageError(`--${word} wants NAME=VALUE, not ${text}`);
  try {
    return at < 0 ? [text, otherwise] : [text.slice(0, at), JSON.parse(text.slice(at + 1))];
  } catch {
    throw new UsageError(`--${word} ${text}: this is not JSON`);
  }
}

/**
 * Events, selects and hovers, in their order.
 * @param {any[]} tokens of parseArgs
 * @returns {import('./run.js').Input[]}
 */
function inputs(tokens) {
  const given = tokens.filter(({ kind, name }) => kind === 'option' && ['send', 'select', 'hover'].includes(name));
  return given.map(({ name, value }) => (name === 'send' ? pair(name, value, {}) : hit(name, value)));
}

/**
 * NODE[,CONTROLLER[,POINT[,ORIGIN]]].
 * @param {'select' | 'hover'} word
 * @param {string} text
 * @returns {import('./run.js').Input}
 */
function hit(word, text) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [node, controller = 0] = numbers;
  const whole = numbers.length <= 2 || numbers.length === 5 || numbers.length === 8;
  if (!whole || !Number.isInteger(node) || node < -1 || !Number.isInteger(controller) || controller < 0) {
    throw new UsageError(`not a value of --${word}: ${text}`);
  }
  const at = { controller, point: numbers.slice(2, 5), origin: numbers.slice(5) };
  return word === 'select' ? { select: node, ...at } : { hover: node, ...at };
}

/** @param {string} file */
async function read(file) {
  try {
    return file === '-' ? Buffer.concat(await process.stdin.toArray()) : await readFile(file);
  } catch (error) {
    throw fileError(file, error);
  }
}

/**
 * The file and what is wrong with it, of Node's "ENOENT: no such file or directory, open 'FILE'".
 * @param {string} file
 * @param {unknown} error
 */
function fileError(file, error) {
  return new TreadleError('FILE', `${file}: ${messageOf(error).replace(/^E[A-Z]+: ([^,]*),.*$/s, '$1')}`);
}

/**
 * @param {string} file "-": standard output
 * @param {string | Uint8Array} bytes
 */
async function write(file, bytes) {
  try {
    if (file === '-') process.stdout.write(bytes);
    else await writeFile(file, bytes);
  } catch (error) {
    throw fileError(file, error);
  }
}

/** @param {string} file */
const nameOf = (file) => (file === '-' ? 'stdin' : file);

// --- commands --------------------------------------------------------------------------------

/** @type {Obey} */
async function runFile(engine, file, options) {
  const bytes = await read(file);
  return withGraph(engine, file, bytes, options, async (graph) => {
    const start = startOptions(options);
    await graph.prepare(start);
    const run = graph.start(start);
    if (!options.json) follow(run);
    const stop = () => run.stop();
    process.once('SIGINT', stop);
    const { status } = await run;
    process.off('SIGINT', stop);
    if (options.trace && !options.json) print(run.trace());
    print(options.json ? run.reportText() : run.summary());
    return status === 'limit' ? ENDED : FINE;
  });
}

/**
 * @param {Options} options
 * @returns {import('./run.js').StartOptions}
 */
function startOptions({ runner, seed, fuel, trace, tick = 16, until = 'quiet', clock = 'virtual', set = [], inputs: send = [] }) {
  const sets = set.map((/** @type {string} */ text) => pair('set', text));
  return { runner, seed, fuel, trace, tick, until, clock, set: Object.fromEntries(sets), send };
}

/**
 * Prints what a run says as it comes.
 * @param {import('./run.js').Run} run
 */
function follow(run) {
  run.on('log', ({ severity, text }) => print(plain(`${severity > 0 ? 'warning: ' : ''}${text}`)));
  run.on('event', ({ time, id, values }) => print(plain(`event ${toJson({ time, id, values })}`)));
}

/**
 * Loads a file for as long as `use` takes; prints why when it is rejected.
 * @param {import('./engine.js').Engine} engine
 * @param {string} file
 * @param {Uint8Array} bytes
 * @param {Options} options
 * @param {(graph: import('./graph.js').Graph) => Promise<number>} use
 */
async function withGraph(engine, file, bytes, { json, upgrade }, use) {
  const checked = engine.checkBytes(bytes, nameOf(file), -1, upgrade);
  if (!checked.graph) {
    const { diagnostics, errors, warnings } = checked;
    print(json ? JSON.stringify({ status: 'rejected', reason: 'the file was rejected', diagnostics, errors, warnings }) : checked.lines);
    return REJECTED;
  }
  const status = await use(checked.graph);
  checked.graph.unload();
  return status;
}

/** @type {Obey} */
async function checkFile(engine, file, { json, upgrade }) {
  const { graph, text, lines } = engine.checkBytes(await read(file), nameOf(file), -1, upgrade);
  print(json ? text : `${lines}${graph ? `${file}: fine\n` : ''}`);
  graph?.unload();
  return graph ? FINE : REJECTED;
}

/** @type {Obey} */
async function dumpFile(engine, file, options) {
  return withGraph(engine, file, await read(file), options, async (graph) => {
    print(options.wasm ? graph.dumpWasm(options.shape) : graph.dump());
    return FINE;
  });
}

/** "door.upgraded.glb" for "door.glb". @param {string} file */
function upgradedName(file) {
  if (file === '-') throw new UsageError('-: say where to write it: -o OUT');
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.upgraded${ext}`);
}

/** @type {Obey} */
async function upgradeFile(engine, file, { json, out }) {
  const { bytes, count, text, lines } = engine.upgradeBytes(await read(file), nameOf(file));
  const say = out === '-' ? (/** @type {string} */ line) => process.stderr.write(`${line.trimEnd()}\n`) : print;
  if (json || lines) say(json ? text : lines);
  if (!bytes) return REJECTED;
  if (count === 0 && !out) {
    if (!json) say(`${file}: nothing to change`);
    return FINE;
  }
  const name = out ?? upgradedName(file);
  await write(name, bytes);
  if (!json) say(`${file}: written to ${name} (changes: ${count})`);
  return FINE;
}

/** @type {Obey} */
async function convertFile(engine, file, options) {
  const { to, out, json, upgrade } = options;
  if (to && !FORMS.includes(to)) throw new UsageError(`not a value of --to: ${to}`);
  if (out === '') throw new UsageError('not a value of -o: nothing');
  if (out?.endsWith('.glb')) throw new UsageError(`convert writes JSON, which a .glb is not: -o ${out}`);
  const bytes = await read(file);
  return withGraph(engine, file, bytes, options, async (graph) => {
    const { text, said, lines } = graph.tryConvert(formOf(graph, to, out), upgrade ? undefined : bytes);
    if (text !== null) await write(out ?? '-', text);
    process.stderr.write(json ? `${said}\n` : lines);
    return text === null ? REJECTED : FINE;
  });
}

/**
 * The form asked for: by its word, else by the name of the file to write, else the one that the graph is not in.
 * @param {import('./graph.js').Graph} graph
 * @param {import('./graph.js').Form} [to]
 * @param {string} [out]
 * @returns {import('./graph.js').Form}
 */
function formOf(graph, to, out = '') {
  if (to !== 'native' && out.endsWith('.gltf')) return 'gltf';
  return to ?? (graph.info.dialect === 'native' ? 'khr' : 'native');
}

/** @type {Obey} */
async function compileFile(engine, file, options) {
  const { out, shape = 'preemptible', runtime, list } = options;
  if (shape !== 'preemptible' && shape !== 'structured') throw new UsageError(`not a value of --shape: ${shape}`);
  if (!out?.endsWith('.wasm')) throw new UsageError(`compile writes NAME.wasm (and C natively): -o NAME, not ${out || 'nothing'}`);
  const parts = await read(runtime ?? fileURLToPath(new URL('../build/alone/runtime.wasm', import.meta.url)));
  return withGraph(engine, file, await read(file), options, async (graph) => {
    try {
      const made = graph.toModuleWith(parts, shape);
      await write(out, made.bytes);
      if (list) print(made.list);
      return FINE;
    } catch (error) {
      if (!(error instanceof TreadleError) || error.code === 'FILE') throw error;
      process.stderr.write(`treadle: ${nameOf(file)}: ${error.code}: ${error.message}\n`);
      return REJECTED;
    }
  });
}

/** @type {Obey} */
async function listOps(engine, _file, { json }) {
  print(engine.ops(json ? 'json' : 'markdown'));
  return FINE;
}

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit status
 */
async function obey(words) {
  const { command, files, options } = parse(words);
  const { variant, budget, cadence, limit = [] } = options;
  const limits = Object.fromEntries(limit.map((/** @type {string} */ text) => pair('limit', text)));
  const engine = await open({ variant, budget, cadence, limits });
  let worst = FINE;
  for (const file of files.length ? files : ['']) {
    try {
      worst = Math.max(worst, await COMMANDS[command].obey(engine, file, options));
    } catch (error) {
      worst = Math.max(worst, complain(error)); // the other files have their turn
    }
  }
  return worst;
}

/** What the words were wrong about, when it turns out late. */
const LATE = ['FILE', 'OPTION', 'LIMIT', 'SET', 'SEND', 'SELECT', 'HOVER', 'VARIANT', 'NO_JSPI', 'WASM_FETCH'];

/** @param {string[]} words */
async function main(words) {
  if (words[0] === 'help' || words.includes('--help') || words.includes('-h')) {
    print(USAGE);
    return FINE;
  }
  if (words[0] === '--version') {
    print(`treadle ${JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version}`);
    return FINE;
  }
  if (words.length === 0) {
    process.stderr.write(USAGE);
    return WRONG;
  }
  try {
    return await obey(words);
  } catch (error) {
    return complain(error);
  }
}

/**
 * Says what went wrong.
 * @param {unknown} error
 * @returns {number} the exit status
 */
function complain(error) {
  if (!(error instanceof UsageError || error instanceof TreadleError)) throw error;
  process.stderr.write(`treadle: ${plain(error.message)}\n`);
  if (error instanceof UsageError) process.stderr.write('treadle --help lists all commands and options.\n');
  return error instanceof TreadleError && !LATE.includes(error.code) ? ENDED : WRONG;
}

process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(); // nobody reads on: `treadle ... | head`
});
process.exitCode = await main(process.argv.slice(2));
