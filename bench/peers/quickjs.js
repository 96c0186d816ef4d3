// quickjs.js - QuickJS in WebAssembly (quickjs-emscripten): the same JavaScript as the ceiling, interpreted.

import { getQuickJS } from 'quickjs-emscripten';
import { missing as none, source } from './js.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */

/** @type {Record<string, string>} */
export const sizes = { '*': 'short' };

export const missing = none;

/** A context with the ceiling's functions as globals. */
async function open() {
  const context = (await getQuickJS()).newContext();
  /** @param {string} code */
  const evaluate = (code) => {
    const handle = context.unwrapResult(context.evalCode(code));
    const value = context.dump(handle);
    handle.dispose();
    return value;
  };
  evaluate(`${source}; undefined`);
  return { evaluate, dispose: () => context.dispose() };
}

/**
 * @param {string} name  of the function
 * @param {string[]} params  in the order of its arguments
 * @returns {Prepare}
 */
const program = (name, params) => async (size) => {
  const { evaluate, dispose } = await open();
  const call = `${name}(${params.map((param) => size.params[param]).join(', ')})`;
  return { run: () => ({ iterations: size.iterations, result: evaluate(call) }), dispose };
};

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program('sum', ['n']),
  collatz: program('collatz', ['n']),
  nested: program('nested', ['n']),
  switch: program('machine', ['n']),
  mandelbrot: program('mandelbrot', ['width', 'height', 'step']),
  particles: program('particles', ['n']),
  skinning: program('skinning', ['n']),
  slerp: program('slerp', ['n', 'step']),
  nbody: program('nbody', ['n']),
  sieve: program('sieve', ['rounds']),
  recursion: program('recursion', ['depth']),
  montecarlo: program('montecarlo', ['n']),
  values: program('values', ['n']),
  pointers: program('pointers', ['n']),
  pingpong: program('pingpong', ['n']),
  async ticking({ params, iterations }) {
    const { evaluate, dispose } = await open();
    evaluate(`
      const tickers = Array.from({ length: ${params.graphs} }, ticker);
      function tick() { for (const one of tickers) one.tick(); }
      function value() { return tickers.reduce((v, one) => v + one.value(), 0); }`);
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) evaluate('tick()');
        return { iterations, result: { v: evaluate('value()') } };
      },
      dispose,
    };
  },
};
