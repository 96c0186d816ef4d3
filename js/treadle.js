// treadle.js - Treadle's front door: opens engines that run graph scripts, a slice at a time.
//
//     import { open } from 'treadle';
//     const engine = await open();
//     const graph = await engine.load(new URL('door.graph.json', import.meta.url));
//     const report = await graph.start({ set: { speed: 2 } });

import { open as openHere } from './engine.js';

/**
 * Opens an engine, here or in a worker.
 * @template {import('./engine.js').OpenOptions & {worker?: false | true | Worker | string | URL}} Options
 * @param {Options} [options]
 * @returns {Promise<Options extends {worker: true | Worker | string | URL} ? import('./remote.js').RemoteEngine : import('./engine.js').Engine>}
 */
export async function open(options) {
  const { worker = false, ...here } = /** @type {import('./engine.js').OpenOptions & {worker?: any}} */ (options ?? {});
  if (!worker) return /** @type {any} */ (openHere(here));
  const { openRemote } = await import('./remote.js');
  return /** @type {any} */ (openRemote({ worker, ...here }));
}

export { TreadleError } from './error.js';
export { features, troubles } from './features.js';
