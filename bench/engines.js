// engines.js - The list of engines, in the order of the table; each is loaded only where it is used.

/** @type {Record<string, () => Promise<import('./workloads.js').Engine>>} */
const loaders = {
  treadle: () => import('./treadle.js'),
  'native-c': () => import('./peers/native.js'),
  'behave-graph': () => import('./peers/behave-graph.js'),
  babylon: () => import('./peers/babylon.js'),
  litegraph: () => import('./peers/litegraph.js'),
  wasmoon: () => import('./peers/wasmoon.js'),
  micropython: () => import('./peers/micropython.js'),
  turbowarp: () => import('./peers/turbowarp.js'),
  quickjs: () => import('./peers/quickjs.js'),
  js: () => import('./peers/js.js'),
  'hand-c': () => import('./peers/hand.js'),
};

export const names = Object.keys(loaders);

/** @param {string} name */
export function engine(name) {
  return loaders[name]();
}
