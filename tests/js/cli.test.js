// cli.test.js - the command-line tool in Node: its words, what it prints, its exit status; the same as the native tool's.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VARIANTS, endless, later, listening, sum, ticking, touched } from './graphs.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDER = join(ROOT, 'build/test/cli');
mkdirSync(FOLDER, { recursive: true });

/** Writes a file and gives its name, as it is seen from FOLDER. */
function file(name, content) {
  writeFileSync(join(FOLDER, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const SUM = file('sum.json', sum);
const ENDLESS = file('endless.json', endless);
const LATER = file('later.json', later(0.5));
const LISTENING = file('listening.json', listening);
const TOUCHED = file('touched.json', touched);
const TICKING = file('ticking.json', ticking);
const WRONG = file('wrong.json', '{"treadle": 1, "nodes": [{"id": "a", "op": "math/ad"}]}');
/** Two onStart of which the second leads back, and a cycle that no order can undo. */
const DRAFT = file('draft.json', {
  graphs: [{
    types: [{ signature: 'float' }],
    variables: [{ id: 'v', type: 0, value: ['Infinity'] }],
    declarations: [{ op: 'variable/set' }, { op: 'event/onStart' }],
    nodes: [
      { declaration: 0, configuration: { variable: { value: [0] } }, values: { value: { value: [2], type: 0 } }, flows: {} },
      { declaration: 1, values: {}, flows: { out: { node: 0, socket: 'in' } } },
    ],
  }],
});
const CYCLE = file('cycle.json', { graphs: [{ declarations: [{ op: 'flow/sequence' }], nodes: [{ declaration: 0, flows: { a: { node: 0 } } }] }] });
const ODD = file('odd.json', { ...sum, nodes: [...sum.nodes.slice(0, -1), { ...sum.nodes.at(-1), config: { severity: 1, message: 'bell \u0007 and \u202eback' } }] });

function start(command, words, input = '') {
  return new Promise((done) => {
    const child = execFile(command, words, { cwd: FOLDER, timeout: 60_000 }, (error, stdout, stderr) => done({ status: error?.code ?? 0, stdout, stderr }));
    child.stdin?.on('error', () => {}); // it may end without having read
    child.stdin?.end(input);
  });
}

const tool = (words, input) => start(process.execPath, [join(ROOT, 'js/cli.js'), ...words], input);
const native = (words, input) => start(join(ROOT, 'build/native/treadle'), words, input);
const words = (line) => line.split(' ').filter(Boolean);

describe('what the native tool prints, this one prints', () => {
  const lines = [
    `run ${SUM}`,
    `run ${SUM} --json`,
    `run ${SUM} --json --trace`,
    `run ${SUM} --trace`,
    `run ${SUM} --json --runner walk`,
    `run ${SUM} --set n=4 --set #0=100`,
    `run ${SUM} --json --cadence 1 --variant plain`,
    `run ${SUM} ${LATER} ${ENDLESS} --fuel 50 --json`,
    `run ${TOUCHED} --select 1 --hover 1 --select 0,3,1,2,3,4,5,6 --hover -1,0`,
    `run ${ENDLESS} --fuel 100`,
    `run ${ENDLESS} --limit fuel=10`,
    `run ${LATER}`,
    `run ${LATER} --until 0.4 --json`,
    `run ${TICKING} --until 1 --tick 100`,
    `run ${TICKING}`,
    `run ${LISTENING} --send put={"x":3} --send put --json`,
    `run ${LISTENING} --send put={"x":"NaN"} --seed -5`,
    `run ${ODD}`,
    `run ${WRONG}`,
    `run ${WRONG} --json`,
    `run ${SUM} ${WRONG}`,
    `check ${SUM}`,
    `check ${SUM} --json`,
    `check ${WRONG}`,
    `check ${WRONG} ${SUM} --json`,
    `dump ${SUM}`,
    `dump ${WRONG}`,
    `check ${DRAFT}`,
    `check ${DRAFT} --upgrade`,
    `run ${DRAFT} --upgrade --json`,
    `dump ${DRAFT} --upgrade`,
    `check ${CYCLE} --upgrade`,
    `check ${SUM} --upgrade`,
    `upgrade ${DRAFT} -o -`,
    `upgrade ${DRAFT} -o same.json`,
    `upgrade ${DRAFT} -o same.json --json`,
    `upgrade ${DRAFT}`,
    'upgrade draft.upgraded.json',
    `upgrade ${CYCLE}`,
    `upgrade ${SUM}`,
    'upgrade -',
    `convert ${SUM}`,
    `convert ${SUM} --to native`,
    `convert ${ENDLESS}`,
    `convert ${ENDLESS} --json`,
    `convert ${LISTENING} --to gltf`,
    `convert ${SUM} -o sum.gltf`,
    `convert ${SUM} -o sum.glb`,
    `convert ${SUM} --to latin`,
    `convert ${WRONG}`,
    'ops',
    'ops --json',
  ];
  for (const line of lines) {
    test(line, async () => {
      const own = line.replace(/ --variant \w+/, '');
      const [here, there] = await Promise.all([tool(words(line)), native(words(own))]);
      assert.equal(here.stdout, there.stdout);
      assert.equal(here.status, there.status);
    });
  }
});

describe('wrong words are refused by both, with status 3', () => {
  const lines = [
    '', 'bake', 'run', 'check', 'dump', `dump ${SUM} ${SUM}`, `dump ${SUM} --wasm --shape round`, `compile ${SUM} -o x.wasm --shape scheduler`, `ops ${SUM}`,
    `run ${SUM} --bake`, `run ${SUM} --runner jit`, `run ${SUM} --clock sundial`, `run ${SUM} --until soon`, `run ${SUM} --until -1`,
    `run ${SUM} --fuel 1.5`, `run ${SUM} --tick 0`, `run ${SUM} --set n`, `run ${SUM} --set nobody=1`, `run ${SUM} --set n=x`,
    `run ${SUM} --send nobody`, `run ${SUM} --limit knots=3`, 'run nowhere.json',
    ...['', '-2', '1.5', 'x', '0,', '0,-1', '0,0,1', '0,0,1,2,3,4', '0,0,1,2,3,4,5,6,7', '3', '0,64'].flatMap((hit) => [`run ${TOUCHED} --select ${hit}`, `run ${TOUCHED} --hover ${hit}`]),
    `run ${TOUCHED} --select -1`,
  ];
  for (const line of lines) {
    test(line || 'no word at all', async () => {
      const [here, there] = await Promise.all([tool(words(line)), native(words(line))]);
      assert.equal(here.status, 3, here.stderr);
      assert.equal(there.status, 3);
      assert.match(here.stderr, /\S/);
      assert.equal(here.stdout, '');
    });
  }
});

test('compiled code wants the tool in Node, which runs it alone', async () => {
  for (const runner of ['wasm', 'structured', 'scheduler']) {
    const [here, there] = await Promise.all([tool(['run', SUM, '--json', '--runner', runner]), native(['run', SUM, '--json', '--runner', runner])]);
    assert.equal(here.status, 0, here.stderr);
    const report = JSON.parse(here.stdout);
    assert.deepEqual(report.outputs, { sum: 45 });
    assert.deepEqual(report.runners, { [runner]: report.fuel });
    assert.equal(there.status, 3);
    assert.equal(there.stderr, `treadle: --runner ${runner} wants WebAssembly, which a native build cannot run: js/cli.js in Node can\n`);
  }
});

test('a variant that is not there is refused', async () => {
  const { status, stderr } = await tool(['run', SUM, '--variant', 'turbo']);
  assert.equal(status, 3);
  assert.match(stderr, /turbo/);
});

for (const variant of VARIANTS) {
  test(`every variant prints the same: ${variant}`, async () => {
    const { status, stdout } = await tool(['run', SUM, '--json', '--variant', variant]);
    assert.equal(status, 0);
    const { yields, ...report } = JSON.parse(stdout);
    assert.equal(yields, 0);
    assert.equal(report.status, 'done');
    assert.deepEqual(report.outputs, { sum: 45 });
  });

  test(`a wall deadline stops an endless run: ${variant}`, async () => {
    const { status, stdout } = await tool(['run', ENDLESS, '--clock', 'real', '--until', '0.1', '--json', '--variant', variant]);
    assert.equal(JSON.parse(stdout).status, 'stopped');
    assert.equal(status, 0);
  });
}

test('a yield is forced every N fuel', async () => {
  for (const variant of VARIANTS) {
    const { stdout } = await tool(['run', SUM, '--set', 'n=99', '--cadence', '10', '--json', '--variant', variant]);
    assert.equal(JSON.parse(stdout).yields, 9);
  }
});

test('real time passes for delays', async () => {
  const before = Date.now();
  const { status, stdout } = await tool(['run', LATER, '--clock', 'real', '--json']);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).log.length, 2);
  assert.ok(Date.now() - before > 450);
});

test('a file may come by standard input', async () => {
  const { stdout } = await tool(['check', '-'], JSON.stringify(sum));
  assert.equal(stdout, '-: fine\n');
});

test('a draft is upgraded to a file beside it, or to where one says', async () => {
  const { status, stdout } = await tool(['upgrade', DRAFT, '-o', 'out.json']);
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.at(-1), 'draft.json: written to out.json (changes: 7)');
  assert.equal(lines[0], 'W1714 draft.json:1:64 /graphs/0/variables/0/id: id => name');
  const { stdout: piped } = await tool(['upgrade', DRAFT, '-o', '-']);
  assert.equal(piped, readFileSync(join(FOLDER, 'out.json'), 'utf8'));
  const { stdout: ran } = await tool(['run', 'out.json']);
  assert.match(ran, /^v = 2\n/);
});

test('help is no error, wherever it is asked for', async () => {
  for (const line of ['--help', '-h', 'help', 'run --help', `check ${SUM} -h`]) {
    for (const { status, stdout } of [await tool(words(line)), await native(words(line))]) {
      assert.equal(status, 0, line);
      assert.match(stdout, /^usage: [^]*--cadence/);
    }
  }
});

test('both tell the version', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const { status, stdout } of [await tool(['--version']), await native(['--version'])]) assert.deepEqual([status, stdout], [0, `treadle ${version}\n`]);
});

test('a file that cannot be read is named, and the others have their turn', async () => {
  for (const { status, stdout, stderr } of [await tool(['check', 'nowhere.json', '.', SUM]), await native(['check', 'nowhere.json', '.', SUM])]) {
    assert.equal(status, 3);
    assert.equal(stdout, `${SUM}: fine\n`);
    assert.match(stderr, /^treadle: nowhere\.json: no such file or directory\ntreadle: \.: .*directory\n$/i);
  }
});

test('wrong words are told in a line or two, which name them', async () => {
  const lines = { 'bake': /bake/, [`run ${SUM} --until soon`]: /--until.*soon/, [`run ${SUM} --limit knots=3`]: /knots.*call-depth/, [`run ${SUM} --bake`]: /--bake/, [`convert ${SUM} -o sum.glb`]: /JSON.*sum\.glb/ };
  for (const [line, said] of Object.entries(lines)) {
    for (const { stderr } of [await tool(words(line)), await native(words(line))]) {
      assert.match(stderr, said);
      assert.ok(stderr.split('\n').length <= 3, stderr);
    }
  }
});
