// run.js - runs the stages of the test suite one after the other and adds their counts up.
//
//     node tests/run.js [STAGE]...     all stages when none is named
//
// A stage that crashes, hangs or reports no test at all has failed. The last line is "N passed, N failed",
// with ", N skipped" behind it when something was left out.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const OUT = 'build/test';
const STAGE_MINUTES = Number(process.env.STAGE_MINUTES ?? 20);
const FUZZ_SECONDS = Number(process.env.FUZZ_SECONDS ?? 5);

/** All files under `folder` that end in `end`, except in the folders `without`. */
function files(folder, end, without = []) {
  if (!existsSync(folder) || without.includes(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return files(path, end, without);
    return path.endsWith(end) ? [path] : [];
  });
}

/** Counts from a last line such as "12 passed, 0 failed, 1 skipped". */
function fromLastLine(output) {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const seen = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last);
  return seen ? { passed: Number(seen[1]), failed: Number(seen[2]), skipped: Number(seen[3] ?? 0) } : null;
}

/** Counts from the comments at the end of TAP. */
function fromTap(file) {
  if (!existsSync(file)) return null;
  const counts = Object.fromEntries([...readFileSync(file, 'utf8').matchAll(/^# (\w+) (\d+)$/gm)].map(([, what, n]) => [what, Number(n)]));
  if (counts.tests === undefined) return null;
  return { passed: counts.pass, failed: counts.fail + counts.cancelled, skipped: counts.skipped + counts.todo };
}

/** Counts from Playwright's JSON report. */
function fromPlaywright(file) {
  if (!existsSync(file)) return null;
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** Runs a command; its output goes to ours as it comes. */
function run(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    let why = null;
    const kill = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has gone by itself
      }
    };
    const timer = setTimeout(() => {
      why = `still running after ${STAGE_MINUTES} minutes`;
      kill();
    }, STAGE_MINUTES * 60_000);
    child.stdout.on('data', (bytes) => {
      output += bytes;
      process.stdout.write(bytes);
    });
    child.stderr.on('data', (bytes) => process.stderr.write(bytes));
    child.on('error', (error) => done({ output, why: `cannot be started: ${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      kill();
      done({ output, why: why ?? (code === 0 ? null : signal ? `ended by ${signal}` : `ended with status ${code}`) });
    });
  });
}

/** Runs test files under node:test. */
async function nodeTests(name, paths) {
  const tap = `${OUT}/${name}.tap`;
  rmSync(tap, { force: true });
  const reporters = ['spec', 'stdout', 'tap', tap];
  const args = reporters.map((value, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${value}`);
  const { why } = await run(process.execPath, ['--test', ...args, ...paths]);
  return { counts: fromTap(tap), why };
}

/** Runs one fuzz target for a while; what it finds stays in build/test. */
async function fuzz(name) {
  const seeds = `tests/fuzz/${name}`;
  const corpus = `build/fuzz/corpus/${name}`;
  mkdirSync(corpus, { recursive: true });
  const folders = existsSync(seeds) ? [corpus, seeds] : [corpus];
  const limits = [`-max_total_time=${FUZZ_SECONDS}`, '-timeout=10', '-rss_limit_mb=2048', '-verbosity=0', '-print_final_stats=1'];
  const { why } = await run(`build/fuzz/${name}`, [...limits, `-artifact_prefix=${OUT}/${name}-`, ...folders]);
  console.log(`${why ? 'not ok' : 'ok'} fuzz ${name}, ${FUZZ_SECONDS} s`);
  return why;
}

const NODE_TESTS = files('tests', '.test.js', ['tests/web', 'tests/native']);
const NATIVE_TESTS = files('tests/native', '.test.js');
const FUZZERS = files('tests/fuzz', '.c').map((path) => path.slice('tests/fuzz/'.length, -'.c'.length));

/** Each stage: what it is, what it needs to exist at all, and how it runs. */
const STAGES = {
  floors: {
    what: 'includes and first lines',
    async run() {
      const { output, why } = await run(process.execPath, ['tests/floors.js']);
      return { counts: fromLastLine(output), why };
    },
  },
  units: {
    what: 'C units under sanitizers',
    absent: () => files('tests/unit', '.c').length < 2 && 'no unit test under tests/unit',
    async run() {
      const { output, why } = await run('build/asan/unit', [], { ASAN_OPTIONS: 'detect_stack_use_after_return=1' });
      return { counts: fromLastLine(output), why };
    },
  },
  types: {
    what: 'types of js/',
    async run() {
      const { why } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'js/tsconfig.json']);
      return { counts: { passed: why ? 0 : 1, failed: why ? 1 : 0, skipped: 0 }, why };
    },
  },
  native: {
    what: 'the native tool',
    absent: () => NATIVE_TESTS.length === 0 && 'no tests/native/*.test.js',
    run: () => nodeTests('native', NATIVE_TESTS),
  },
  node: {
    what: 'the engine in Node',
    absent: () => NODE_TESTS.length === 0 && 'no tests/**/*.test.js',
    run: () => nodeTests('node', NODE_TESTS),
  },
  fuzz: {
    what: `${FUZZ_SECONDS} s of fuzzing per target`,
    absent: () => FUZZERS.length === 0 && 'no target under tests/fuzz',
    async run() {
      let failed = 0;
      for (const name of FUZZERS) if (await fuzz(name)) failed += 1;
      return { counts: { passed: FUZZERS.length - failed, failed, skipped: 0 }, why: null };
    },
  },
  web: {
    what: 'the pages in browsers',
    absent: () => !existsSync('tests/web') && 'no tests/web',
    async run() {
      rmSync(`${OUT}/web.json`, { force: true });
      const { why } = await run(process.execPath, ['node_modules/@playwright/test/cli.js', 'test']);
      return { counts: fromPlaywright(`${OUT}/web.json`), why };
    },
  },
};

/** Runs a stage; a stage that is not there is one skipped test, one that breaks is a failed one. */
async function verdict(name) {
  const stage = STAGES[name];
  console.log(`\n== ${name}: ${stage.what}`);
  const absent = stage.absent?.();
  if (absent) return { name, passed: 0, failed: 0, skipped: 1, note: absent };
  const start = Date.now();
  const { counts, why } = await stage.run();
  const row = { name, passed: 0, failed: 0, skipped: 0, note: '', ...counts, seconds: (Date.now() - start) / 1000 };
  if (why && row.failed === 0) Object.assign(row, { failed: 1, note: why });
  else if (!counts) Object.assign(row, { failed: 1, note: 'it gave no counts' });
  else if (row.passed + row.failed === 0) Object.assign(row, { failed: 1, note: 'it ran no test' });
  return row;
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STAGES);
const unknown = names.filter((name) => !STAGES[name]);
if (unknown.length) {
  console.error(`no such stage: ${unknown.join(', ')} (there are ${Object.keys(STAGES).join(', ')})`);
  process.exit(3);
}

mkdirSync(OUT, { recursive: true });
const rows = [];
for (const name of names) rows.push(await verdict(name));

console.log(`\n${'stage'.padEnd(10)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(9)}${'seconds'.padStart(9)}`);
for (const { name, passed, failed, skipped, seconds, note } of rows) {
  const numbers = [passed, failed].map((n) => String(n).padStart(8)).join('') + String(skipped).padStart(9);
  console.log(`${name.padEnd(10)}${numbers}${(seconds?.toFixed(1) ?? '-').padStart(9)}  ${note}`.trimEnd());
}
const total = (what) => rows.reduce((sum, row) => sum + row[what], 0);
const left = total('skipped') ? `, ${total('skipped')} skipped` : '';
console.log(`${total('passed')} passed, ${total('failed')} failed${left}`);
process.exitCode = total('failed') ? 1 : 0;
