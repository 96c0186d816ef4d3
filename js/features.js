// features.js - what the place we run in can do, found by trying, and sentences for what it cannot.

/** The smallest module there is: nothing in it. Compiling it shows whether the page may compile at all. */
const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

function mayCompile() {
  if (typeof WebAssembly !== 'object') return false;
  try {
    return new WebAssembly.Module(EMPTY_MODULE) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/** What can be used here. Nothing but `webAssembly` and `mayCompile` is needed to run a graph. */
export function features() {
  const place = /** @type {any} */ (globalThis);
  return {
    /** There is WebAssembly at all. */
    webAssembly: typeof WebAssembly === 'object',
    /** Its modules may be compiled: no Content-Security-Policy forbids it. */
    mayCompile: mayCompile(),
    /** The page is isolated (COOP and COEP): exact clocks, shared memory. */
    crossOriginIsolated: place.crossOriginIsolated === true,
    sharedMemory: typeof SharedArrayBuffer === 'function',
    /** Calls from WebAssembly can wait for a promise without any rewriting: the variant jspi. */
    jspi: typeof place.WebAssembly?.Suspending === 'function' && typeof place.WebAssembly.promising === 'function',
    workers: typeof Worker === 'function',
    /** Scripts may be named only through a policy: a worker's address, too. */
    trustedTypes: typeof place.trustedTypes === 'object',
    /** There are animation frames to keep pace with. */
    frames: typeof place.requestAnimationFrame === 'function' && typeof place.document === 'object',
  };
}

/**
 * What stands in the way here, in sentences; the first two stop everything, the others only take something away.
 * @returns {{code: string, fatal: boolean, message: string}[]}
 */
export function troubles() {
  const has = features();
  const list = [
    [!has.webAssembly, 'NO_WASM', true, 'This browser has no WebAssembly, or it is switched off (some privacy modes do that).'],
    [
      has.webAssembly && !has.mayCompile,
      'CSP',
      true,
      "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src ('unsafe-eval' is not needed).",
    ],
    [
      has.frames && !has.crossOriginIsolated,
      'NOT_ISOLATED',
      false,
      'The page is not isolated: clocks are coarse here. Send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
    ],
    [has.frames && !has.workers, 'NO_WORKERS', false, 'There are no workers here: graphs can run on the main thread only.'],
  ];
  return list
    .filter(([hit]) => hit)
    .map(([, code, fatal, message]) => ({ code: String(code), fatal: fatal === true, message: String(message) }));
}
