// workbench.spec.js - the workbench: run, pause, step, stop; log, values, events; errors where they are in the file.
import { EXAMPLES, VARIANTS, YIELDING, example, expect, test } from './fixture.js';

/** Opens the workbench with an example in a variant. */
async function open(page, id, variant = 'step') {
  await page.goto(`/html/index.html?example=${id}`);
  await page.selectOption('#variant', variant);
  await page.waitForSelector('#run:enabled');
}

const status = (page, name) => page.waitForSelector(`html[data-status="${name}"]`, { state: 'attached' });
/** What is shown as the value of an output, or else of a variable. */
const value = (page, name) =>
  page.locator(`:is(#variables, #outputs) tr:has(th:text-is("${name}")) td:last-child`).last().textContent();
const log = (page) => page.locator('#log li span').allTextContents();

for (const { id } of EXAMPLES) {
  test(`the example ${id} has no problems`, async ({ page }) => {
    await open(page, id);
    await expect(page.locator('#verdict')).toHaveText('none: ready to run');
    await expect(page.locator('#problems li')).toHaveCount(0);
  });
}

for (const variant of VARIANTS) {
  test(`${variant}: FizzBuzz says its thirty lines and ends`, async ({ page }) => {
    await open(page, 'fizzbuzz', variant);
    await page.click('#run');
    await status(page, 'done');
    await expect(page.locator('#log li')).toHaveCount(30);
    const lines = await log(page);
    expect(lines.slice(0, 6)).toEqual(['1', '2', 'Fizz', '4', 'Buzz', 'Fizz']);
    expect(lines[14]).toBe('FizzBuzz');
    expect(await value(page, 'plain')).toBe('16');
  });
}

for (const variant of YIELDING) {
  test(`${variant}: an endless loop is paused, stepped, resumed and stopped`, async ({ page }) => {
    await open(page, 'endless', variant);
    await page.click('#run');
    await status(page, 'running');
    await page.click('#pause');
    await status(page, 'paused');
    const first = Number(await value(page, 'turns'));
    await page.waitForTimeout(150);
    expect(Number(await value(page, 'turns')), 'a paused graph stands still').toBe(first);
    for (let i = 0; i < 4; i += 1) await page.click('#step'); // two flow inputs to a turn
    expect(Number(await value(page, 'turns'))).toBe(first + 2);
    await expect(page.locator('#pause')).toHaveText('Resume');
    await page.click('#pause');
    await status(page, 'running');
    await page.click('#stop');
    await status(page, 'stopped');
    expect(Number(await value(page, 'turns'))).toBeGreaterThan(first + 2);
  });
}

for (const runner of ['vm', 'wasm', 'scheduler', 'walk']) {
  test(`${runner} does all the work when it is chosen, and the page says so`, async ({ page }) => {
    await open(page, 'endless');
    await page.selectOption('#runner', runner);
    await page.click('#run');
    await status(page, 'running');
    await expect(page.locator('#runners')).toHaveText(runner);
    await page.click('#stop');
    await status(page, 'stopped');
    await expect(page.locator('#runners')).toHaveText(runner);
    expect(Number(await value(page, 'turns'))).toBeGreaterThan(0);
  });
}

test('auto begins in the machine and goes on in compiled code; what cannot be stopped is not offered', async ({ page }) => {
  await open(page, 'endless');
  await expect(page.locator('#runner')).toHaveValue('auto');
  await expect(page.locator('#runner option')).toHaveText(['auto', 'vm', 'wasm', 'scheduler', 'walk']);
  await page.click('#run');
  await expect(page.locator('#runners')).toHaveText(/^wasm [\d.]+ %$/, { timeout: 20_000 });
  await expect(page.locator('#runners')).toHaveAttribute('title', /: wasm [\d.]+ %, vm [\d.]+ %$/);
  await page.click('#stop');
  await status(page, 'stopped');
});

test('a step starts a graph that is not running', async ({ page }) => {
  await open(page, 'sum');
  await page.click('#step');
  await status(page, 'paused');
  await page.click('#stop');
  await status(page, 'stopped');
});

test('plain says that it blocks before it does, and is ended after three seconds', async ({ page }) => {
  await open(page, 'endless', 'plain');
  const began = Date.now();
  await page.click('#run');
  await expect(page.locator('#note')).toContainText('plain blocks');
  await status(page, 'stopped');
  expect(Date.now() - began).toBeGreaterThan(3000);
});

test('an input is set before the start, and an output is there at the end', async ({ page }) => {
  await open(page, 'collatz');
  await page.fill('#inputs input[name="n"]', '100');
  await page.click('#run');
  await status(page, 'done');
  expect(Number(await page.locator('#log time').first().textContent())).toBeGreaterThan(0);
  expect(await log(page)).toEqual(['below 100 the longest chain starts at 97: 119 numbers']);
  expect(await value(page, 'start')).toBe('97');
});

test('an input that is no JSON is told, and nothing starts', async ({ page }) => {
  await open(page, 'collatz');
  await page.fill('#inputs input[name="n"]', 'many');
  await page.click('#run');
  await expect(page.locator('#note')).toContainText('Input n: many');
  await expect(page.locator('html')).toHaveAttribute('data-status', 'none');
});

test('time goes on for a clock: its events come, and one can be sent to it', async ({ page }) => {
  await open(page, 'clock');
  await page.fill('#inputs input[name="every"]', '0.05');
  await page.fill('#inputs input[name="times"]', '3');
  await page.click('#run');
  await expect(page.locator('#log li')).toHaveText([/tick \{"n":1\}$/, /tick \{"n":2\}$/, /tick \{"n":3\}$/, /ding: 3 times$/]);
  await page.fill('#event-values', '{"n": "x"}');
  await page.click('#event-send');
  await expect(page.locator('#note')).toHaveClass(/bad/);
  await page.click('#stop');
  await status(page, 'stopped');
});

test('a dropped file runs', async ({ page, drop }) => {
  await open(page, 'sum');
  await drop('mine.graph.json', example('fizzbuzz'));
  await expect(page.locator('#source-title')).toHaveText('mine.graph.json');
  await page.waitForSelector('#run:enabled');
  await page.click('#run');
  await status(page, 'done');
  await expect(page.locator('#log li')).toHaveCount(30);
});

test('a dropped bad file shows each error at its place: line, column, the line itself, pointer, fix', async ({ page, drop }) => {
  await open(page, 'sum');
  const text = example('fizzbuzz').replace('"op": "flow/for"', '"op": "flow/fro"').replace('"by3:in"', '"by4:in"');
  await drop('bad.graph.json', text);
  const problems = page.locator('#problems > li');
  await expect(problems).toHaveCount(2);
  await expect(page.locator('#verdict')).toHaveText('2 found: it cannot run');
  await expect(page.locator('#run')).toBeDisabled();

  const first = problems.first();
  const line = text.split('\n').findIndex((row) => row.includes('flow/fro')) + 1;
  const column = text.split('\n')[line - 1].indexOf('"flow/fro"') + 1;
  await expect(first.locator('.place')).toHaveText(`bad.graph.json:${line}:${column}`);
  await expect(first.locator('.what')).toContainText('unknown op "flow/fro"');
  await expect(first.locator('.way')).toContainText('/nodes/2/op');
  await expect(first.locator('.way')).toContainText('flow/for');
  const [shown, marks] = (await first.locator('pre').textContent()).split('\n');
  expect(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('"flow/fro"');

  await first.locator('.place').click();
  const picked = await page.locator('#source').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  expect(picked).toBe('"flow/fro"');
});

test('the place is right behind letters of more than one byte', async ({ page, drop }) => {
  await open(page, 'sum');
  await drop('umlaut.graph.json', '{"treadle": 1, "name": "Gr\u00fc\u00dfe \u{1f9f5}", "nodes": [{"id": "a", "op": "math/pii"}]}');
  const [shown, marks] = (await page.locator('#problems pre').first().textContent()).split('\n');
  expect(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('"math/pii"');
});

test('text that is no JSON is told with its place, and corrected in the page', async ({ page, drop }) => {
  await open(page, 'sum');
  await drop('cut.graph.json', '{"treadle": 1, "name": "cut", "nodes": [,]}');
  await expect(page.locator('#problems > li').first().locator('.place')).toHaveText('cut.graph.json:1:41');
  await page.fill('#source', example('fizzbuzz'));
  await expect(page.locator('#verdict')).toHaveText('none: ready to run');
  await page.waitForSelector('#run:enabled');
});

test('bytes that are no text are told', async ({ page }) => {
  await open(page, 'sum');
  await page.setInputFiles('#file', { name: 'noise.glb', mimeType: 'model/gltf-binary', buffer: Buffer.from([0xff, 0xfe, 0, 1, 2, 3]) });
  await expect(page.locator('#problems > li').first()).toContainText(/E1\d\d\d/);
  await expect(page.locator('#run')).toBeDisabled();
});

test('markup in a graph stays text', async ({ page, drop }) => {
  await open(page, 'sum');
  const name = '<img src=x onerror=alert(1)>';
  const nodes = [
    { id: 's', op: 'event/onStart', flows: { out: 'l:in' } },
    { id: 'l', op: 'debug/log', config: { message: name } },
  ];
  await drop('x.graph.json', JSON.stringify({ treadle: 1, name, variables: [{ id: name, type: 'int', value: 1 }], nodes }));
  await page.waitForSelector('#run:enabled');
  await page.click('#run');
  await status(page, 'done');
  await expect.poll(() => log(page)).toEqual([name]);
  await expect(page.locator('#variables')).toContainText(name);
  expect(await page.locator('img').count()).toBe(0);
});
