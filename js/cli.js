#!/usr/bin/env node
// cli.js - the command-line tool: runs, checks and dumps graph files in Node, in any variant.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { open } from './engine.js';
import { TreadleError, messageOf } from './error.js';
import { toJson } from './value.js';

const USAGE = `treadle run FILE [options]      runs a graph file
  --variant plain|step|asyncify  how turns are given up (step)
  --runner vm|walk               the register machine, or the plain interpreter of the graph
  --set NAME=JSON                a graph input, else a variable by its name or as #N; before anything runs
  --send EVENT[=JSON]            a custom event with its values; after all onStart, in this order
  --clock virtual|real           virtual: ticks as fast as they can be worked off
  --until SECONDS                without it: as long as delays or interpolations are pending, at most 60
  --tick MS                      between two ticks (16)
  --seed N  --fuel N             of math/random; how much work the run may do
  --budget MS  --cadence N       of a slice: how long it takes; after how much fuel it ends anyway
  --trace  --json                keeps the trace; prints one JSON object
treadle check FILE [--json]     says all that is wrong with a file
treadle dump FILE               prints the program it is lowered to
treadle ops [--json]            lists the operations

Ends with 0: fine, 1: the run was ended by a limit or failed, 2: the input was refused, 3: usage.`;

const FINE = 0;
const FAILED = 1;
const REFUSED = 2;
const WRONG_USE = 3;

/** What the words after the command were wrong about. */
class UsageError extends Error {}

/** @typedef {Record<string, any>} Options */

/** @type {Record<string, import('node:util').ParseArgsConfig['options'] & {}>} the options of each command */
const OPTIONS = {
  run: {
    variant: { type: 'string' },
    runner: { type: 'string' },
    set: { type: 'string', multiple: true },
    send: { type: 'string', multiple: true },
    clock: { type: 'string' },
    until: { type: 'string' },
    tick: { type: 'string' },
    seed: { type: 'string' },
    fuel: { type: 'string' },
    budget: { type: 'string' },
    cadence: { type: 'string' },
    trace: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  check: { json: { type: 'boolean' } },
  dump: {},
  ops: { json: { type: 'boolean' } },
};

const NUMBERS = ['until', 'tick', 'seed', 'fuel', 'budget', 'cadence'];
const WHOLE = ['seed', 'fuel', 'cadence'];

/** @param {string} text */
const print = (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);

/** @param {string} text */
const complain = (text) => process.stderr.write(`${printable(text)}\n`);

/**
 * Text without what rewrites a terminal: control characters (but line ends and tabs) and changes of direction.
 * @param {string} text
 */
function printable(text) {
  const escape = (/** @type {string} */ c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escape);
}

/**
 * @param {string[]} words
 * @returns {{command: string, file: string, options: Options}}
 */
function parse(words) {
  const [command = '', ...rest] = words;
  if (!Object.hasOwn(OPTIONS, command)) throw new UsageError(command ? `there is no command "${command}"` : 'a command is missing');
  const { values, positionals } = parseArgs({ args: rest, options: OPTIONS[command], allowPositionals: true });
  const files = command === 'ops' ? 0 : 1;
  if (positionals.length !== files) throw new UsageError(files ? `${command} wants one file` : `${command} wants no file`);
  /** @type {Options} */
  const options = { ...values };
  for (const name of NUMBERS) if (name in options) options[name] = number(name, options[name]);
  return { command, file: positionals[0] ?? '', options };
}

/**
 * @param {string} name
 * @param {string} text
 */
function number(name, text) {
  const value = Number(text);
  const good = text.trim() !== '' && value >= 0 && Number.isFinite(value) && (!WHOLE.includes(name) || Number.isSafeInteger(value));
  if (!good) throw new UsageError(`--${name} wants a ${WHOLE.includes(name) ? 'whole ' : ''}number from 0 on, not "${text}"`);
  return value;
}

/**
 * "name=JSON" in two; the JSON part may be missing where `otherwise` is given.
 * @param {string} option
 * @param {string} text
 * @param {any} [otherwise]
 * @returns {[string, any]}
 */
function pair(option, text, otherwise) {
  const [, name, json] = /^([^=]+)(?:=([^]*))?$/.exec(text) ?? [];
  if (!name || (json === undefined && otherwise === undefined)) throw new UsageError(`--${option} wants NAME=JSON, not "${text}"`);
  try {
    return [name, json === undefined ? otherwise : JSON.parse(json)];
  } catch {
    throw new UsageError(`--${option} ${name}: this is not JSON: ${json}`);
  }
}

/**
 * The file's bytes and the name that messages give it; "-" is standard input.
 * @param {string} file
 */
async function read(file) {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file);
  } catch (error) {
    throw new TreadleError('FILE', `${file}: ${messageOf(error)}`);
  }
}

/** @type {Record<string, (file: string, options: Options) => Promise<number>>} */
const COMMANDS = {
  async run(file, { variant, budget, cadence, set = [], send = [], json, ...how }) {
    const start = {
      clock: 'virtual',
      until: /** @type {number | 'quiet'} */ ('quiet'),
      ...how,
      set: Object.fromEntries(set.map((/** @type {string} */ text) => pair('set', text))),
      send: send.map((/** @type {string} */ text) => pair('send', text, {})),
    };
    const engine = await open({ variant, budget, cadence });
    try {
      const graph = engine.loadBytes(await read(file), file);
      const run = graph.start(/** @type {import('./run.js').StartOptions} */ (start));
      if (!json) follow(run);
      const stop = () => run.stop();
      process.once('SIGINT', stop);
      const report = await run;
      process.off('SIGINT', stop);
      print(json ? run.reportText() : summary(report));
      return report.status === 'limit' || report.status === 'stopped' ? FAILED : FINE;
    } catch (error) {
      if (json && error instanceof TreadleError) print(rejected(error));
      throw error;
    }
  },

  async check(file, { json }) {
    const engine = await open();
    const { ok, text, lines } = await engine.check(await read(file), { name: file });
    if (json) print(text);
    else print(lines || `${file}: fine`);
    return ok ? FINE : REFUSED;
  },

  async dump(file) {
    const engine = await open();
    print(engine.loadBytes(await read(file), file).dump());
    return FINE;
  },

  async ops(_file, { json }) {
    const { tables } = await open();
    print(json ? JSON.stringify(tables.ops) : tables.ops.map((/** @type {{op: string}} */ { op }) => op).join('\n'));
    return FINE;
  },
};

/**
 * Prints what a run says as it comes.
 * @param {import('./run.js').Run} run
 */
function follow(run) {
  run.on('log', ({ text }) => print(printable(text)));
  run.on('event', ({ id, values, time }) => print(printable(`event ${id} ${toJson(values)} at ${time} s`)));
}

/** @param {import('./follow.js').Report} report */
function summary({ status, reason, variables = [], outputs = {}, fuel, yields }) {
  const lines = [
    ...variables.map(({ id, name, index, value }) => `${id || name || `#${index}`} = ${toJson(value)}`),
    ...Object.entries(outputs).map(([name, value]) => `output ${name} = ${toJson(value)}`),
    `${status}${reason ? `: ${reason}` : ''} (fuel ${fuel}, yields ${yields})`,
  ];
  return printable(lines.join('\n'));
}

/** @param {TreadleError} error */
function rejected({ code, message, diagnostics }) {
  return JSON.stringify({ status: 'rejected', reason: code, message, diagnostics });
}

/** Errors that say that the input was refused, not that something failed. */
const REFUSALS = /^(E\d+|LOAD|FILE|SET|SEND|START)$/;

/** @param {string[]} words */
async function main(words) {
  if (words.includes('--help') || words.includes('-h') || words[0] === 'help') {
    print(USAGE);
    return FINE;
  }
  try {
    const { command, file, options } = parse(words);
    return await COMMANDS[command](file, options);
  } catch (error) {
    if (error instanceof UsageError || /** @type {any} */ (error)?.code?.startsWith?.('ERR_PARSE_ARGS')) {
      complain(`treadle: ${messageOf(error)}\n\n${USAGE}`);
      return WRONG_USE;
    }
    if (!(error instanceof TreadleError)) throw error;
    complain(`treadle: ${error.message}`);
    if (error.code === 'OPTION' || error.code === 'WASM_FETCH' || error.code === 'VARIANT') return WRONG_USE;
    return REFUSALS.test(error.code) ? REFUSED : FAILED;
  }
}

process.exitCode = await main(process.argv.slice(2));
