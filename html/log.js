// log.js - the panel of what a run says: the last thousand lines, put on the page once a frame however many come.
import { make, number } from './page.js';

/** Lines in view. */
const LINES = 1000;

/** Pixels from the end within which the reader is taken to follow. */
const NEAR = 30;

export class LogView {
  #list;
  #view;
  #count;
  /** @type {HTMLElement[]} lines that are not on the page yet */
  #fresh = [];
  #written = 0;

  /**
   * @param {HTMLElement} list for the lines
   * @param {HTMLElement} view what scrolls
   * @param {HTMLElement} count where their number stands
   */
  constructor(list, view, count) {
    this.#list = list;
    this.#view = view;
    this.#count = count;
  }

  /**
   * @param {'log' | 'event'} kind
   * @param {number} seconds
   * @param {string} text
   */
  write(kind, seconds, text) {
    this.#written += 1;
    this.#fresh.push(make('li', { className: kind }, make('time', {}, seconds.toFixed(3)), make('span', {}, text)));
    if (this.#fresh.length > LINES) this.#fresh.shift();
  }

  clear() {
    this.#fresh = [];
    this.#written = 0;
    this.#list.replaceChildren();
    this.#count.textContent = '';
  }

  /** Puts on the page what has come; a reader at the end stays there. */
  show() {
    if (this.#fresh.length === 0) return;
    const { scrollHeight, scrollTop, clientHeight } = this.#view;
    this.#list.append(...this.#fresh);
    this.#fresh = [];
    while (this.#list.childElementCount > LINES) this.#list.firstElementChild?.remove();
    const all = `${number(this.#written)} ${this.#written === 1 ? 'line' : 'lines'}`;
    this.#count.textContent = this.#written > LINES ? `${all}, the last ${number(LINES)} here` : all;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#view.scrollTop = this.#view.scrollHeight;
  }
}
