// protocol.js - what an engine in a worker and the page say to each other: every message's shape, once.
//
// remote.js is the page's side, worker.js the worker's. Graphs and runs go by numbers: a graph's is given by the worker, a
// run's by the page, so that a run can be used before the worker has heard of it. Each request is answered, in any order.
import { TreadleError } from './error.js';

/** A function that graphs may call, without the function. @typedef {import('./calls.js').Signature} Signature */

/**
 * What the page asks.
 * @typedef {{ask: number} & (
 *   {what: 'open', options: import('./engine.js').OpenOptions} |
 *   {what: 'define', name: string, signature: Signature} |
 *   {what: 'load' | 'check' | 'upgrade', bytes: Uint8Array, name?: string, graph?: number, upgrade?: boolean} |
 *   {what: 'cadence', fuel: number} |
 *   {what: 'dump' | 'unload', graph: number} |
 *   {what: 'convert', graph: number, to: import('./graph.js').Form, bytes?: Uint8Array} |
 *   {what: 'compile', graph: number, options?: import('./compile.js').CompileOptions} |
 *   {what: 'start', graph: number, run: number, options: import('./run.js').StartOptions} |
 *   {what: 'run', run: number, method: RunMethod, args: unknown[]}
 * )} Request
 */

/** What can be asked of a run. @typedef {'set' | 'get' | 'send' | 'select' | 'hover' | 'pause' | 'resume' | 'step' | 'stop' | 'report' | 'dispose'} RunMethod */

/**
 * What the worker says: an answer, or news.
 * @typedef {{answer: number, value?: any, error?: PackedError} |
 *   {run: number, said: import('./follow.js').Entry[], dropped: number} |
 *   {run: number, status: import('./follow.js').Status} |
 *   {run: number, failure: {op: string, message: string}} |
 *   {run: number, report?: import('./follow.js').Report, error?: PackedError} |
 *   {stats: Record<string, number>, yieldsSeen: number} |
 *   {operation: number, name: string, inputs: Record<string, any>, run: number, node: number, now: number}} News
 */

/**
 * What the page says unasked: a run's entries have been read; an operation has an answer; that was all.
 * @typedef {{read: number} | {result: number, value?: any, error?: PackedError} | {bye: true}} Notice
 */

/** An error on its way. @typedef {{code: string, message: string, diagnostics: import('./error.js').Diagnostic[]}} PackedError */

/**
 * @param {unknown} error
 * @returns {PackedError}
 */
export function packError(error) {
  if (error instanceof TreadleError) return { code: error.code, message: error.message, diagnostics: error.diagnostics };
  return { code: 'ERROR', message: error instanceof Error ? error.message : String(error), diagnostics: [] };
}

/** @param {PackedError} packed */
export function unpackError({ code, message, diagnostics }) {
  return new TreadleError(code, message, { diagnostics });
}

/** Batches of entries that may be on their way unread; more wait in the worker, so that a flood fills no page. */
export const IN_FLIGHT = 4;

/** How often (ms) the worker tells its read-outs while something runs. */
export const STATS_EVERY = 100;
