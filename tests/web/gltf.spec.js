// gltf.spec.js - the glTF page: models made here are clicked, pointed at, sent events; what three.js paints is looked at.
import { readFileSync } from 'node:fs';
import { Behaviour, bool, float, int, ref, socket, vector } from '../../html/behaviour.js';
import { Glb, ball, block } from '../../html/glb.js';
import { MODELS } from '../../html/models.js';
import { VARIANTS, YIELDING, expect as hasty, test } from './fixture.js';

// Pictures may be made by the processor here, slowly.
const expect = hasty.configure({ timeout: 20_000 });
test.describe.configure({ timeout: 90_000 });

// --- a model made for this: three boxes before a camera, each moved or painted in its own way ------

const RED = [0.7, 0, 0];
const GREEN = [0, 0.6, 0];
const BLUE = [0, 0, 0.7];

/** The eye is 10 away and sees from -5 to 5, up and down. */
const EYE = { type: 'perspective', perspective: { yfov: 2 * Math.atan(0.5), znear: 0.1, zfar: 100 } };

/** Colours that are painted as they are: no light falls on them. */
const unlit = (glb, name, colour) => glb.material(name, colour, { extensions: { KHR_materials_unlit: {} } });
const colourOf = (material) => `/materials/${material}/pbrMetallicRoughness/baseColorFactor`;

/**
 * In the middle a box that a click paints, on the left one that the pointer paints, below one that an animation moves up.
 * Before the middle one stands a pane that lets the pointer through.
 */
function boxes() {
  const glb = new Glb();
  const cube = block(2, 2, 2);
  const [middle, left, low] = [unlit(glb, 'middle', RED), unlit(glb, 'left', RED), unlit(glb, 'low', RED)];
  const through = { KHR_node_selectability: { selectable: false }, KHR_node_hoverability: { hoverable: false } };
  glb.node('eye', { camera: glb.add('cameras', EYE), translation: [0, 0, 10] });
  const box = glb.node('box', { mesh: glb.mesh(cube, middle) });
  const pad = glb.node('pad', { mesh: glb.mesh(cube, left), translation: [-3.5, 0, 0] });
  const lift = glb.node('lift', { mesh: glb.mesh(block(1, 1, 1), low), translation: [3.5, -3, 0] });
  const pane = glb.mesh(block(2, 2, 0.01), glb.material('pane', [1, 1, 1], { alphaMode: 'BLEND' }));
  glb.json.materials.at(-1).pbrMetallicRoughness.baseColorFactor[3] = 0.02;
  glb.node('pane', { mesh: pane, translation: [0, 0, 2], extensions: through });
  const rise = glb.animation('rise', [{ node: lift, path: 'translation', times: [0, 0.5], values: [[3.5, -3, 0], [3.5, 3, 0]] }]);

  const b = new Behaviour();
  b.variable('clicks', int(0));
  b.variable('point', vector(0, 0, 0));
  b.event('paint', { colour: vector(0, 0, 0), loud: bool(false), times: int(1), amount: float(0.5), where: ref('/nodes/1') });
  b.event('clicked', { times: int(0) });
  const click = b.on('onSelect', { nodeIndex: box });
  const counted = b.write(click, { clicks: b.math('add', b.read('clicks'), int(1)), point: socket(click, 'selectionPoint') });
  const painted = b.set(counted, colourOf(middle), 'float4', vector(...GREEN, 1));
  const told = b.send(painted, 'clicked', { times: b.read('clicks') });
  b.log(told, 'clicked {times}', { times: b.read('clicks') });
  b.set(b.on('onHoverIn', { nodeIndex: pad }), colourOf(left), 'float4', vector(...BLUE, 1));
  b.set(b.on('onHoverOut', { nodeIndex: pad }), colourOf(left), 'float4', vector(...RED, 1));
  const paint = b.receive('paint');
  const lanes = ['0', '1', '2'].map((lane) => socket(b.op('math/extract3', { values: { a: socket(paint, 'colour') } }), lane));
  const wanted = b.op('math/combine4', { values: { a: lanes[0], b: lanes[1], c: lanes[2], d: float(1) } });
  const done = b.set(paint, colourOf(middle), 'float4', wanted);
  b.log(done, '{loud} {times} {amount}', { loud: socket(paint, 'loud'), times: socket(paint, 'times'), amount: socket(paint, 'amount') });
  const go = b.on('onSelect', { nodeIndex: lift });
  const animation = ref(`/animations/${rise}`);
  b.op('animation/start', { after: go, values: { animation, startTime: float(0), endTime: float(0.5), speed: float(1) } });
  glb.interactivity({ name: 'boxes', ...b.graph });
  return glb;
}

/** Counts ticks, and works through so many turns of a loop in each: as many as an event says. */
function busy() {
  const glb = new Glb();
  const turning = glb.node('box', { mesh: glb.mesh(block(2, 2, 2), unlit(glb, 'red', RED)) });
  const b = new Behaviour();
  b.variable('ticks', int(0));
  b.variable('turns', int(0));
  b.variable('sum', float(0));
  b.event('work', { turns: int(0) });
  const told = b.receive('work');
  b.write(told, { turns: socket(told, 'turns') });
  const tick = b.on('onTick');
  const counted = b.write(tick, { ticks: b.math('add', b.read('ticks'), int(1)) });
  const angle = socket(tick, 'timeSinceStart');
  const rotation = b.op('math/quatFromAxisAngle', { values: { axis: vector(0, 1, 0), angle } });
  const turned = b.set(counted, `/nodes/${turning}/rotation`, 'float4', rotation);
  const { index, body } = b.loop(turned, b.read('turns'));
  const more = b.math('sin', b.math('add', b.read('sum'), b.op('type/intToFloat', { values: { a: index } })));
  b.write(body, { sum: more });
  glb.interactivity({ name: 'busy', ...b.graph });
  return glb;
}

// --- the page --------------------------------------------------------------------------------------

const status = (page, name) => page.waitForSelector(`html[data-status="${name}"]`, { state: 'attached' });
const variable = (page, name) => page.locator(`#variables tr:has(th:text-is("${name}")) td:last-child`).textContent();
const lines = (page) => page.locator('#log li span').allTextContents();

/** Waits until a graph has seen a few ticks. */
const ticking = (page) => expect.poll(async () => Number(await variable(page, 'ticks'))).toBeGreaterThan(5);

async function open(page, glb, { variant = 'step', name = 'test.glb' } = {}) {
  await page.goto('/html/gltf.html');
  await page.waitForSelector('html[data-ready="true"]', { state: 'attached' });
  await page.selectOption('#variant', variant);
  await page.setInputFiles('#file', { name, mimeType: 'model/gltf-binary', buffer: Buffer.from(glb.bytes?.() ?? glb) });
}

/** Where a point of the plane that the eye looks at is on the page. */
async function place(page, x, y) {
  const { x: left, y: top, width, height } = await page.locator('#canvas').boundingBox();
  return [left + width / 2 + (x * height) / 10, top + height / 2 - (y * height) / 10];
}

/** The colour there, as painted in the last frame: from 0 to 255. */
async function colour(page, x, y) {
  return page.evaluate(
    ([u, v]) =>
      new Promise((done) =>
        requestAnimationFrame(() => {
          const canvas = document.getElementById('canvas');
          const pen = new OffscreenCanvas(1, 1).getContext('2d');
          const at = [canvas.width / 2 + (u * canvas.height) / 10, canvas.height / 2 - (v * canvas.height) / 10];
          pen.drawImage(canvas, ...at.map(Math.floor), 1, 1, 0, 0, 1, 1);
          done([...pen.getImageData(0, 0, 1, 1).data]);
        }),
      ),
    [x, y],
  );
}

/** Waits for a colour: each part may be 12 off, since what is painted is rounded and the pane is not quite clear. */
async function expectColour(page, [x, y], [red, green, blue]) {
  const seen = async () => (await colour(page, x, y)).slice(0, 3).map((part, i) => Math.abs(part - [red, green, blue][i]) <= 12);
  await expect.poll(seen).toEqual([true, true, true]);
}

// Linear 0.7 is 218 in sRGB, 0.6 is 203, 0.5 is 188.
const [IS_RED, IS_GREEN, IS_BLUE] = [[218, 0, 0], [0, 203, 0], [0, 0, 218]];

const MIDDLE = [0, 0];
const LEFT = [-3.5, 0];
const [LOW, HIGH] = [[3.5, -3], [3.5, 3]];

for (const { id } of MODELS) {
  test(`the model ${id} runs without a problem`, async ({ page, picture }) => {
    await page.goto(`/html/gltf.html?model=${id}`);
    await page.waitForSelector('html:is([data-status="running"], [data-status="idle"])', { state: 'attached' });
    await expect(page.locator('#problems-panel')).toBeHidden();
    await expect(page.locator('#frames')).not.toHaveText('–');
    await page.waitForTimeout(1500);
    await picture(`gltf-${id}`);
  });
}

for (const variant of VARIANTS) {
  test(`${variant}: a click paints what it hits, through what cannot be selected`, async ({ page }) => {
    await open(page, boxes(), { variant });
    await status(page, 'idle');
    await expectColour(page, MIDDLE, IS_RED);
    await page.mouse.click(...(await place(page, ...MIDDLE)));
    await expectColour(page, MIDDLE, IS_GREEN);
    await expectColour(page, LEFT, IS_RED);
    await expect(page.locator('#log li span')).toHaveText(['clicked {"times":1}', 'clicked 1']);
    await expect.poll(() => variable(page, 'clicks')).toBe('1');
    await expect(page.locator('form[aria-label="clicked"] output')).toHaveText('sent by the graph: 1');
    const [x, y, z] = (await variable(page, 'point')).slice(1, -1).split(', ').map(Number);
    expect([Math.abs(x) < 0.05, Math.abs(y) < 0.05, Math.abs(z - 1) < 1e-6], 'the point on the front of the box').toEqual([true, true, true]);
  });
}

test('a drag is no click, nor is a click beside everything', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  await page.mouse.move(...(await place(page, ...MIDDLE)));
  await page.mouse.down();
  await page.mouse.move(...(await place(page, 0.6, 0)), { steps: 4 });
  await page.mouse.up();
  await page.mouse.click(...(await place(page, 0, 4)));
  await page.mouse.click(...(await place(page, ...MIDDLE)));
  await expectColour(page, MIDDLE, IS_GREEN);
  await expect.poll(() => variable(page, 'clicks')).toBe('1');
});

test('the pointer paints what it is over, until it leaves', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  await page.mouse.move(...(await place(page, ...LEFT)));
  await expectColour(page, LEFT, IS_BLUE);
  await page.mouse.move(...(await place(page, 0, 4)));
  await expectColour(page, LEFT, IS_RED);
});

test('an animation of the file moves what it should', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  await expectColour(page, LOW, IS_RED);
  expect((await colour(page, ...HIGH))[3], 'nothing is up there').toBe(0);
  const row = page.locator('#animations tr');
  await expect(row).toContainText('stands');
  await page.mouse.click(...(await place(page, ...LOW)));
  await expectColour(page, HIGH, IS_RED);
  expect((await colour(page, ...LOW))[3], 'it has gone from there').toBe(0);
  await expect(row).toContainText('0.50 of 0.50 s');
});

test('a custom event is sent from the panel, with a value of each type', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  const form = page.locator('form[aria-label="paint"]');
  await form.locator('input[name="colour"]').fill('0, 0, 0.7');
  await form.locator('input[name="loud"]').check();
  await form.locator('input[name="times"]').fill('3');
  await form.locator('input[name="amount"]').fill('0.25');
  await form.getByRole('button', { name: 'Send' }).click();
  await expectColour(page, MIDDLE, IS_BLUE);
  await expect.poll(() => lines(page)).toContain('true 3 0.25');
  await form.locator('input[name="times"]').fill('many');
  await form.getByRole('button', { name: 'Send' }).click();
  await expect(form.locator('.bad')).toContainText('many');
  await expect(page.locator('form[aria-label="clicked"] button')).toHaveCount(0);
});

test('what can be selected or hovered can be by keys', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  await page.getByRole('button', { name: 'Select box' }).focus();
  await page.keyboard.press('Enter');
  await expectColour(page, MIDDLE, IS_GREEN);
  await page.getByRole('button', { name: 'Point at pad' }).focus();
  await expectColour(page, LEFT, IS_BLUE);
  await page.keyboard.press('Tab');
  await expectColour(page, LEFT, IS_RED);
});

test('the keyboard reaches everything, and its place is seen', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  const seen = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const { tag, name, outline } = await page.evaluate(() => {
      const at = document.activeElement;
      return { tag: at.tagName, name: at.id || at.name || at.textContent, outline: getComputedStyle(at.closest('.button') ?? at).outlineStyle };
    });
    if (tag === 'BODY' || seen.length > 50) break;
    seen.push(name);
    expect(outline, `focus on ${tag} ${name}`).not.toBe('none');
  }
  const all = ['pick-model', 'file', 'variant', 'budget', 'pause', 'restart', 'canvas', 'camera', 'colour', 'Select box', 'clear', 'log-view'];
  expect(seen).toEqual(expect.arrayContaining(all));
});

test('pause stops time and resume lets it go on; restart begins anew', async ({ page }) => {
  await open(page, busy());
  await ticking(page);
  await page.click('#pause');
  await status(page, 'paused');
  await page.waitForTimeout(300);
  const before = await variable(page, 'ticks');
  await page.waitForTimeout(300);
  expect(await variable(page, 'ticks')).toBe(before);
  await page.click('#pause');
  await expect.poll(async () => Number(await variable(page, 'ticks'))).toBeGreaterThan(Number(before));
  await page.click('#restart');
  await expect.poll(async () => Number(await variable(page, 'ticks'))).toBeLessThan(Number(before));
});

/** Frames of the page in so many milliseconds, and the longest time without one. */
const framesIn = (page, ms) =>
  page.evaluate(
    (time) =>
      new Promise((done) => {
        const begin = performance.now();
        let [count, last, longest] = [0, begin, 0];
        requestAnimationFrame(function frame() {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          [count, last] = [count + 1, now];
          if (now - begin < time) requestAnimationFrame(frame);
          else done({ count, longest });
        });
      }),
    ms,
  );

for (const variant of YIELDING) {
  test(`${variant}: a graph with far too much to do takes no frames away`, async ({ page, picture }) => {
    await open(page, busy(), { variant });
    await ticking(page);
    const calm = await framesIn(page, 1500);
    const form = page.locator('form[aria-label="work"]');
    await form.locator('input[name="turns"]').fill('20000000'); // a second or so of work for each tick
    await form.getByRole('button', { name: 'Send' }).click();
    await page.waitForTimeout(500);
    const ticks = Number(await variable(page, 'ticks'));
    const heavy = await framesIn(page, 3000);
    const passed = Number(await variable(page, 'ticks')) - ticks;
    expect(passed, 'ticks, of work that would take all the time').toBeLessThan(heavy.count / 4);
    expect(heavy.count / 3000, 'frames go on').toBeGreaterThan((0.5 * calm.count) / 1500);
    expect(heavy.longest, 'no frame waits for the graph').toBeLessThan(500);
    await picture(`gltf-heavy-${variant}`);
  });
}

test('the budget decides what share of the time the graph takes', async ({ page }) => {
  await open(page, busy());
  await ticking(page);
  await page.fill('form[aria-label="work"] input[name="turns"]', '100000000');
  await page.click('form[aria-label="work"] button');
  const share = async () => parseFloat(await page.locator('#share').textContent());
  await page.fill('#budget', '1');
  await page.waitForTimeout(5000); // all frames that are counted, even where they are slow
  const small = await share();
  await page.fill('#budget', '12');
  await expect.poll(share).toBeGreaterThan(2 * small);
});

// --- files -----------------------------------------------------------------------------------------

/** Drops bytes on the page. */
async function drop(page, name, bytes) {
  const transfer = await page.evaluateHandle(
    ([file, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], file, { type: 'model/gltf-binary' }));
      return data;
    },
    [name, [...bytes]],
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('a dropped file runs, in place of the one before', async ({ page }) => {
  await open(page, busy());
  await status(page, 'idle');
  await drop(page, 'boxes.glb', boxes().bytes());
  await expect(page.locator('form[aria-label="paint"]')).toBeVisible();
  await expectColour(page, MIDDLE, IS_RED);
  await page.mouse.click(...(await place(page, ...MIDDLE)));
  await expectColour(page, MIDDLE, IS_GREEN);
});

test('a .gltf with its data inside runs', async ({ page }) => {
  const bytes = boxes().bytes();
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + new DataView(bytes.buffer).getUint32(12, true))));
  const data = bytes.subarray(bytes.length - json.buffers[0].byteLength);
  json.buffers[0].uri = `data:application/octet-stream;base64,${Buffer.from(data).toString('base64')}`;
  await open(page, Buffer.from(JSON.stringify(json)), { name: 'boxes.gltf' });
  await status(page, 'idle');
  await page.mouse.click(...(await place(page, ...LOW)));
  await expectColour(page, HIGH, IS_RED);
});

test('a graph that is refused is told with each place, and the model is shown without it', async ({ page, picture }) => {
  const glb = boxes();
  const [graph] = glb.json.extensions.KHR_interactivity.graphs;
  graph.declarations.find(({ op }) => op === 'variable/set').op = 'variable/put';
  await open(page, glb, { name: 'bad.glb' });
  await status(page, 'refused');
  const problem = page.locator('#problems > li.error').first();
  await expect(problem).toContainText('variable/put');
  await expect(problem).toContainText('/extensions/KHR_interactivity/graphs/0/declarations/');
  await expect(page.locator('#verdict')).toContainText('cannot run');
  await expectColour(page, MIDDLE, IS_RED);
  await expect(page.locator('#pause')).toBeDisabled();
  await picture('gltf-refused');
});

test('a draft is refused, upgraded by a button, and can be kept', async ({ page, picture }) => {
  const glb = boxes();
  for (const node of glb.json.extensions.KHR_interactivity.graphs[0].nodes) Object.assign(node, { values: {}, flows: {}, ...node });
  await open(page, glb, { name: 'draft.glb' });
  await status(page, 'refused');
  await expect(page.locator('#problems')).toContainText('W1716');
  await picture('gltf-draft');
  await page.click('#upgrade');
  await status(page, 'idle');
  await expect(page.locator('#offer')).toBeHidden();
  await page.mouse.click(...(await place(page, ...MIDDLE)));
  await expectColour(page, MIDDLE, IS_GREEN);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  expect(download.suggestedFilename()).toBe('draft.upgraded.glb');
  const text = readFileSync(await download.path(), 'latin1');
  expect(text.slice(0, 4)).toBe('glTF');
  expect(text).not.toMatch(/"(values|flows)": *\{ *\}/);
});

test('bytes that are no glTF are told', async ({ page }) => {
  await open(page, Buffer.from([0xff, 0xfe, 0, 1, 2, 3]), { name: 'noise.glb' });
  await status(page, 'refused');
  await expect(page.locator('#problems > li').first()).toContainText(/E1\d\d\d/);
  await expect(page.locator('#note')).toContainText('three.js cannot show it');
  await drop(page, 'boxes.glb', boxes().bytes());
  await status(page, 'idle');
  await expect(page.locator('#problems-panel')).toBeHidden();
});

test('a model without a graph is shown, and told', async ({ page }) => {
  const glb = new Glb();
  glb.node('eye', { camera: glb.add('cameras', EYE), translation: [0, 0, 10] });
  glb.node('box', { mesh: glb.mesh(block(2, 2, 2), unlit(glb, 'red', RED)) });
  await open(page, glb);
  await status(page, 'refused');
  await expectColour(page, MIDDLE, IS_RED);
  await expect(page.locator('#problems > li').first()).toBeVisible();
});

/** One pixel: 0, 0, 218. */
const BLUE_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYLgFAADeANvY7m/oAAAAAElFTkSuQmCC';

test('a texture that is part of the file is shown under the policy', async ({ page }) => {
  const glb = new Glb();
  glb.node('eye', { camera: glb.add('cameras', EYE), translation: [0, 0, 10] });
  const material = unlit(glb, 'blue', [1, 1, 1]);
  glb.add('images', { uri: `data:image/png;base64,${BLUE_PNG}` });
  glb.add('textures', { source: 0 });
  glb.json.materials[material].pbrMetallicRoughness.baseColorTexture = { index: 0 };
  glb.node('box', { mesh: glb.mesh(ball(2), material) });
  await open(page, glb);
  await expectColour(page, MIDDLE, [0, 0, 218]);
});

test('the camera goes round a model that has none, and can leave one that it has', async ({ page }) => {
  await open(page, boxes());
  await status(page, 'idle');
  await expectColour(page, LOW, IS_RED);
  await page.selectOption('#camera', { label: 'go round it' });
  await expect.poll(async () => (await colour(page, ...LOW))[3], 'the box is not just there').toBeLessThan(255);
  await page.selectOption('#camera', { index: 0 });
  await expectColour(page, LOW, IS_RED);
});

test.describe('without WebGL', () => {
  test.use({ allowed: [/WebGL/] });

  test('the page says so, and the graph runs all the same', async ({ page }) => {
    await page.addInitScript(() => {
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (type, ...more) {
        return type.startsWith('webgl') ? null : getContext.call(this, type, ...more);
      };
    });
    await open(page, boxes());
    await expect(page.locator('#no-view')).toContainText('no WebGL');
    await status(page, 'idle');
    await page.getByRole('button', { name: 'Select box' }).click();
    await expect(page.locator('#log li span')).toHaveText(['clicked {"times":1}', 'clicked 1']);
  });
});
