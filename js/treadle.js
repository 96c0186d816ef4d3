// treadle.js - Treadle's front door: opens engines that run graph scripts, a slice at a time.
//
//     import { open } from 'treadle';
//     const engine = await open();
//     const graph = await engine.load(new URL('door.graph.json', import.meta.url));
//     const report = await graph.start({ set: { speed: 2 } });

export { open } from './engine.js';
export { TreadleError } from './error.js';
export { features, troubles } from './features.js';
