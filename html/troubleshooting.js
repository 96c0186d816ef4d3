// troubleshooting.js - tries what this browser and this page can do, and says it in a line each.
import { features, open, troubles } from '../js/treadle.js';
import { at, duration, make, messageOf, variantsHere } from './page.js';

/** What each feature means here: when it is there, when it is not. @type {Record<string, [string, string]>} */
const MEANING = {
  webAssembly: ['WebAssembly is there.', 'No WebAssembly: nothing can run.'],
  mayCompile: ['This page may compile modules.', "The page's policy forbids compiling."],
  crossOriginIsolated: ['The page is isolated: clocks are exact.', 'The page is not isolated: clocks are coarse.'],
  sharedMemory: ['Memory can be shared between threads.', 'No shared memory: one thread only.'],
  jspi: ['WebAssembly can wait for promises (JSPI): the variant jspi runs.', 'No JSPI here: the variant jspi does not run, the others do.'],
  workers: ['There are workers.', 'No workers: graphs run on the main thread.'],
  trustedTypes: ['Trusted Types are known, and kept to.', 'Trusted Types are not known here.'],
  frames: ['There are frames to keep pace with.', 'No frames: slices go by the clock alone.'],
};

/** Without these nothing runs. */
const NEEDED = ['webAssembly', 'mayCompile'];

/**
 * @param {'good' | 'bad' | 'quiet'} how
 * @param {string} word
 * @param {string} text
 */
const line = (how, word, text) => make('li', {}, make('b', { className: how }, word), make('span', {}, text));

const checks = at('checks');
for (const [name, has] of Object.entries(features())) {
  const [yes, no] = MEANING[name] ?? [name, name];
  checks.append(line(has ? 'good' : NEEDED.includes(name) ? 'bad' : 'quiet', has ? 'yes' : 'no', has ? yes : no));
}
for (const { fatal, code, message } of troubles()) checks.append(line(fatal ? 'bad' : 'quiet', code, message));

// Each variant is tried for real: fetched, compiled, opened.
const lines = variantsHere().map((variant) => ({ variant, place: line('quiet', '…', `${variant} is being opened.`) }));
checks.append(...lines.map(({ place }) => place));
for (const { variant, place } of lines) {
  const begin = performance.now();
  try {
    const engine = await open({ variant });
    place.replaceWith(line('good', 'yes', `${variant} opens, in ${duration(performance.now() - begin)}.`));
    engine.close();
  } catch (error) {
    place.replaceWith(line('bad', 'no', `${variant} does not open: ${messageOf(error)}`));
  }
}
document.documentElement.dataset.ready = 'true';
