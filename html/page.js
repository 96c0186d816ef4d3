// page.js - what all pages share: making elements, writing numbers, the examples, the wheel.
import { features } from '../js/features.js';

/**
 * An element with properties and children; text stays text.
 * @param {string} tag
 * @param {Record<string, any>} [properties] names with "-" become attributes
 * @param {...(Node | string | number | null | undefined)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) element.setAttribute(name, value);
    else /** @type {any} */ (element)[name] = value;
  }
  for (const child of children) {
    if (child !== null && child !== undefined) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * The element of this id.
 * @param {string} id
 * @returns {any} every page knows its own
 */
export const at = (id) => document.getElementById(id);

/** @param {number} digits after the point */
const plainly = (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const FORMATS = [0, 1, 2, 3].map(plainly);
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/**
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function number(value, digits = 0) {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : FORMATS[digits].format(value);
}

/**
 * Three digits and a letter: 12.3M.
 * @param {number | null | undefined} value
 */
export function short(value) {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : SHORT.format(value);
}

/**
 * Milliseconds as people read them.
 * @param {number | null | undefined} ms
 */
export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '–';
  if (ms >= 10_000) return `${number(ms / 1000, 1)} s`;
  if (ms >= 1000) return `${number(ms / 1000, 2)} s`;
  if (ms >= 100) return `${number(ms)} ms`;
  return `${number(ms, ms < 10 ? 2 : 1)} ms`;
}

/**
 * Who did the most, and how much each did: "wasm", and "wasm 99.6 %, vm 0.4 %" when it was not alone, else ''.
 * @param {Record<string, number>} fuel by the runner's name
 * @returns {[string, string]}
 */
export function shares(fuel) {
  const all = Object.values(fuel).reduce((sum, some) => sum + some, 0);
  const parts = Object.entries(fuel).sort(([, one], [, other]) => other - one);
  const share = (/** @type {number} */ some) => number((100 * some) / all, some < all / 100 || some > 0.99 * all ? 1 : 0);
  return [parts[0]?.[0] ?? '–', parts.length > 1 ? parts.map(([name, some]) => `${name} ${share(some)} %`).join(', ') : ''];
}

/** @param {unknown} thrown */
export const messageOf = (thrown) => (thrown instanceof Error ? thrown.message : String(thrown));

/**
 * A graph of html/examples, as its list describes it.
 * @typedef {object} Example
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {Record<string, any>} [compare] inputs that give it about a second of work; absent: not for comparing
 */

/** @returns {Promise<Example[]>} */
export async function examples() {
  return (await fetch('examples/list.json')).json();
}

/** @param {string} id */
export const addressOf = (id) => `examples/${id}.graph.json`;

/** @param {string} id */
export async function exampleText(id) {
  const response = await fetch(addressOf(id));
  if (!response.ok) throw new Error(`${addressOf(id)}: ${response.status}`);
  return response.text();
}

/** The variants that were built, and their sizes: build/size.json. */
export async function sizes() {
  const response = await fetch('../build/size.json');
  return response.ok ? response.json() : {};
}

export const VARIANTS = ['plain', 'step', 'asyncify', 'jspi'];

/** Those that this browser can run. */
export const variantsHere = () => VARIANTS.filter((name) => name !== 'jspi' || features().jspi);

/**
 * Fills a choice of variants: what this browser cannot run is there, but cannot be chosen.
 * @param {HTMLSelectElement} select
 */
export function offerVariants(select) {
  const here = variantsHere();
  const offer = (/** @type {string} */ name) => make('option', { value: name, disabled: !here.includes(name) }, here.includes(name) ? name : `${name}: not in this browser`);
  select.replaceChildren(...['step', 'asyncify', 'jspi', 'plain'].map(offer));
}

/**
 * Calls back in every frame with its time, until the returned function is called.
 * @param {(time: number) => void} callback
 */
export function everyFrame(callback) {
  let asked = requestAnimationFrame(function frame(time) {
    asked = requestAnimationFrame(frame);
    callback(time);
  });
  return () => cancelAnimationFrame(asked);
}

/** Which browser this is, and its version. */
export function browserName() {
  const agent = navigator.userAgent;
  return /(?:Headless)?Chrome\/\d+|Firefox\/\d+|Version\/[\d.]+ Safari/.exec(agent)?.[0].replace('/', ' ') ?? 'unknown browser';
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Element} children
 */
export function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const still = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * A wheel, its crank and the treadle below, turned by the page's own frames. When frames stop, it stops.
 *
 *        ( + )     hub (32, 24), crank 9
 *          |       rod
 *      ----o--     pedal, pivot (10, 58)
 *
 * @param {Element} place
 */
export function wheel(place) {
  const spokes = [0, 1, 2, 3, 4, 5].map((i) => draw('line', { x1: 0, y1: 0, x2: 0, y2: -19, transform: `rotate(${i * 60})` }));
  const turning = draw('g', { class: 'turning', transform: 'translate(32 24)' }, draw('circle', { r: 20 }), ...spokes);
  const crank = draw('circle', { r: 2.5, class: 'turning' });
  const rod = draw('line', {});
  const pedal = draw('line', { x1: 8, y1: 58 });
  place.append(draw('svg', { class: 'wheel', viewBox: '0 0 64 64', 'aria-hidden': 'true' }, turning, rod, pedal, crank));

  const turn = (/** @type {number} */ angle) => {
    const x = 32 + 9 * Math.sin(angle);
    const y = 24 - 9 * Math.cos(angle);
    const foot = 54 + (y - 24) / 3;
    turning.setAttribute('transform', `translate(32 24) rotate(${(angle * 180) / Math.PI})`);
    for (const [name, value] of Object.entries({ cx: x, cy: y })) crank.setAttribute(name, String(value));
    for (const [name, value] of Object.entries({ x1: x, y1: y, x2: 38, y2: foot })) rod.setAttribute(name, String(value));
    for (const [name, value] of Object.entries({ x2: 54, y2: 58 + (foot - 58) * 1.6 })) pedal.setAttribute(name, String(value));
  };
  turn(0.8);
  everyFrame((time) => {
    if (!still.matches) turn(time / 350);
  });
}

/**
 * Files can be dropped anywhere on the page; while they are over it, the body says so.
 * @param {(file: File) => void} take the first of them
 */
export function takeDrops(take) {
  document.addEventListener('dragover', (drag) => {
    if (!drag.dataTransfer?.types.includes('Files')) return;
    drag.preventDefault();
    document.body.classList.add('dropping');
  });
  document.addEventListener('dragleave', (drag) => {
    if (drag.relatedTarget === null) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', (drag) => {
    document.body.classList.remove('dropping');
    const file = drag.dataTransfer?.files[0];
    if (!file) return;
    drag.preventDefault();
    take(file);
  });
}
