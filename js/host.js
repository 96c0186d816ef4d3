// host.js - what the engine asks of its host: the functions of src/base/host.h, in the same order.

/**
 * Who answers. `text` and `json` are read from memory only when somebody wants them.
 * @typedef {object} Host
 * @property {() => number} now monotonic milliseconds
 * @property {(instance: number, severity: number, at: number, length: number) => void} log
 * @property {(instance: number, at: number, length: number) => void} event
 * @property {(instance: number, at: {node: number, now: number}, op: number, call: number, args: number, results: number) => number} call a HostAnswer
 * @property {(instance: number, served: number, args: number, value: number) => number} pointerGet 1: there is such a property
 * @property {(instance: number, served: number, args: number, value: number) => number} pointerSet 1: it was taken
 * @property {() => void | Promise<void>} sleep gives up the turn in the middle of C: asyncify; jspi, until the promise is kept
 * @property {() => void} leave C returns from a call that may have slept (jspi)
 */

/** HostAnswer of host.h. */
export const DONE = 0;
export const PENDING = 1;
export const FAILED = 2;

/**
 * Numbers come from C with a sign; an address has none.
 * @param {Host} host
 * @returns {WebAssembly.Imports}
 */
export function importsOf(host) {
  /** @type {Record<string, (...words: number[]) => number | void>} */
  const env = {
    host_now: () => host.now(),
    host_log: (instance, severity, text, length) => host.log(instance, severity, text >>> 0, length),
    host_event: (instance, json, length) => host.event(instance, json >>> 0, length),
    host_call: (instance, node, now, op, call, args, results) => host.call(instance, { node, now }, op, call, args >>> 0, results >>> 0),
    host_pointer_get: (instance, served, args, value) => host.pointerGet(instance, served, args >>> 0, value >>> 0),
    host_pointer_set: (instance, served, args, value) => host.pointerSet(instance, served, args >>> 0, value >>> 0),
    emscripten_sleep: () => void host.sleep(),
    jspi_leave: () => host.leave(),
    emscripten_notify_memory_growth: () => {}, // wasm.js looks for itself
  };
  const { Suspending } = /** @type {any} */ (WebAssembly);
  return { env: Suspending ? { ...env, jspi_sleep: new Suspending(() => host.sleep()) } : env };
}
