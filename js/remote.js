// remote.js - an engine in a worker, used from the page as if it were here: the same names, with promises.
//
//     const engine = await open({ worker: true });
//     const graph = await engine.load(file);
//     const run = graph.start({ set: { speed: 2 } });
//     await run.set('speed', 3);
//
// What differs: every answer is a promise, and an operation's answer always comes later, as if it had given a promise.
import { TreadleError, messageOf } from './error.js';
import { Followed, asyncDispose, dispose } from './follow.js';
import { packError, unpackError } from './protocol.js';
import { bytesOf } from './source.js';

/** @typedef {import('./protocol.js').News} News */

/**
 * Opens an engine in a worker: a new one (true), one of yours that has js/worker.js as its script, or what you would give
 * to `new Worker` as address.
 * @param {Omit<import('./engine.js').OpenOptions, 'host'> & {worker?: true | Worker | string | URL}} options
 */
export async function openRemote({ worker = true, ...options } = {}) {
  const own = !isWorker(worker);
  const thread = isWorker(worker) ? worker : startWorker(worker);
  const { port1, port2 } = new MessageChannel();
  const line = new Line(port1, () => own && thread.terminate());
  const failed = (/** @type {any} */ event) => line.fail(new TreadleError('WORKER', `The worker has failed: ${messageOf(event.error ?? event.message ?? event)}`));
  if ('on' in thread) /** @type {any} */ (thread).on('error', failed);
  else thread.addEventListener('error', failed);
  thread.postMessage({ treadle: port2 }, [port2]);
  return connect(line, options);
}

/**
 * Opens an engine at the other end of a port that is served (`serve` of worker.js).
 * @param {MessagePort | Line} port
 * @param {import('./engine.js').OpenOptions} [options]
 */
export async function connect(port, options = {}) {
  const line = port instanceof Line ? port : new Line(port, () => {});
  try {
    const base = globalThis.document?.baseURI;
    const wasm = typeof options.wasm === 'string' && base ? new URL(options.wasm, base).href : options.wasm instanceof URL ? options.wasm.href : options.wasm;
    const opened = await line.ask({ what: 'open', options: { ...options, wasm } });
    return new RemoteEngine(line, opened);
  } catch (error) {
    line.close();
    throw error;
  }
}

/**
 * @param {unknown} worker
 * @returns {worker is Worker}
 */
function isWorker(worker) {
  return typeof (/** @type {any} */ (worker)?.postMessage) === 'function';
}

/** @type {{createScriptURL(text: string): string} | undefined} what Trusted Types want before an address starts a script */
let policy;

/**
 * @param {true | string | URL} address
 * @returns {Worker}
 */
function startWorker(address) {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  const url = address === true ? new URL('./worker.js', import.meta.url) : address;
  if (threads) return /** @type {any} */ (new threads.Worker(/** @type {URL} */ (url)));
  if (typeof Worker !== 'function') throw new TreadleError('NO_WORKERS', 'There are no workers here.');
  const types = /** @type {any} */ (globalThis).trustedTypes;
  try {
    if (types && address === true) {
      policy ??= types.createPolicy('treadle', { createScriptURL: (/** @type {string} */ text) => text });
      return new Worker(/** @type {any} */ (policy).createScriptURL(url), { type: 'module' });
    }
    if (address !== true) return new Worker(address, { type: 'module' });
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }); // spelled out, for bundlers
  } catch (error) {
    throw new TreadleError('WORKER', `The worker cannot be started (${messageOf(error)}): pass {worker: new Worker(...)} of your own.`, { cause: error });
  }
}

/** The wire to the worker: questions, answers, news. */
class Line {
  #port;
  #hangUp;
  #asked = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
  #questions = new Map();
  /** @type {TreadleError | null} */
  #broken = null;
  /** @type {(news: any) => void} */
  onNews = () => {};
  /** @type {(why: TreadleError) => void} */
  onEnd = () => {};

  /**
   * @param {MessagePort} port
   * @param {() => void} hangUp
   */
  constructor(port, hangUp) {
    this.#port = port;
    this.#hangUp = hangUp;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** @param {any} news */
  #receive(news) {
    if (!('answer' in news)) return this.onNews(news);
    const question = this.#questions.get(news.answer);
    this.#questions.delete(news.answer);
    if (news.error) question?.reject(unpackError(news.error));
    else question?.resolve(news.value);
  }

  /**
   * @param {Record<string, unknown>} request a Request without its number
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  ask(request, transfer = []) {
    if (this.#broken) return Promise.reject(this.#broken);
    const ask = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#port.postMessage({ ...request, ask }, transfer);
      this.#questions.set(ask, { resolve, reject });
    });
  }

  /** @param {import('./protocol.js').Notice} notice */
  tell(notice) {
    if (!this.#broken) this.#port.postMessage(notice);
  }

  /** @param {TreadleError} why */
  fail(why) {
    if (this.#broken) return;
    this.#broken = why;
    this.#port.close();
    this.#hangUp();
    for (const { reject } of this.#questions.values()) reject(why);
    this.#questions.clear();
    this.onEnd(why);
  }

  close() {
    this.tell({ bye: true });
    this.fail(new TreadleError('CLOSED', 'The engine was closed.'));
  }
}

export class RemoteEngine {
  #line;
  /** @type {Map<string, import('./calls.js').Operation>} */
  #operations = new Map();
  /** @type {Map<number, RemoteRun>} those that are not over */
  #runs = new Map();
  #number = 0;
  #cadence = 0;

  /** Read-outs as the worker told them last: ten times a second while something runs, and when a run ends. */
  stats = /** @type {Readonly<Record<string, number>>} */ ({});
  yieldsSeen = 0;

  /**
   * @param {Line} line
   * @param {{variant: string, tables: import('./engine.js').Tables, memory: number}} opened
   */
  constructor(line, { variant, tables, memory }) {
    this.#line = line;
    this.variant = variant;
    this.tables = tables;
    this.memory = memory;
    line.onNews = (news) => this.#hear(news);
    line.onEnd = (why) => {
      for (const run of this.#runs.values()) run.fail(why);
      this.#runs.clear();
    };
  }

  /** @param {any} news */
  #hear(news) {
    if ('stats' in news) {
      this.stats = news.stats;
      this.yieldsSeen = news.yieldsSeen;
    } else if ('operation' in news) {
      this.#operate(news);
    } else {
      this.#runs.get(news.run)?.hear(news);
    }
  }

  /** @param {{operation: number, name: string, inputs: Record<string, any>, run: number, node: number, now: number}} news */
  async #operate({ operation: result, name, inputs, run: number, node, now }) {
    const run = this.#runs.get(number);
    try {
      const value = await this.#operations.get(name)?.(inputs, { run: /** @type {any} */ (run), signal: run?.ended ?? AbortSignal.abort(), node, now });
      this.#line.tell({ result, value });
    } catch (error) {
      this.#line.tell({ result, error: packError(error) });
    }
  }

  get cadence() {
    return this.#cadence;
  }

  set cadence(fuel) {
    this.#cadence = fuel;
    this.#line.ask({ what: 'cadence', fuel });
  }

  /**
   * @param {string} name
   * @param {import('./calls.js').Signature} signature
   * @param {import('./calls.js').Operation} operation
   */
  async define(name, signature, operation) {
    this.#operations.set(name, timed(operation, signature.timeout));
    await this.#line.ask({ what: 'define', name, signature });
  }

  /**
   * As Engine.defineModule; the module runs here.
   * @param {string} name
   * @param {import('./module.js').GraphModule} module
   * @param {import('./module.js').StartOptions} [options]
   */
  defineModule(name, module, options) {
    return this.define(name, module.signature, module.operation(options));
  }

  /**
   * @param {import('./source.js').Source} source
   * @param {{name?: string, graph?: number, upgrade?: boolean, signal?: AbortSignal}} [options]
   */
  async load(source, { name, graph, upgrade, signal } = {}) {
    const file = await bytesOf(source, signal);
    const loaded = await this.#line.ask({ what: 'load', bytes: file.bytes, name: name ?? file.name, graph, upgrade });
    signal?.throwIfAborted();
    return new RemoteGraph(this.#line, loaded, (options) => this.#start(loaded.graph, options));
  }

  /**
   * @param {import('./source.js').Source} source
   * @param {{name?: string, graph?: number, upgrade?: boolean}} [options]
   */
  async check(source, { name, graph, upgrade } = {}) {
    const file = await bytesOf(source);
    return this.#line.ask({ what: 'check', bytes: file.bytes, name: name ?? file.name, graph, upgrade });
  }

  /**
   * @param {import('./source.js').Source} source
   * @param {{name?: string}} [options]
   * @returns {Promise<import('./engine.js').Upgraded>}
   */
  async upgrade(source, { name } = {}) {
    const file = await bytesOf(source);
    return this.#line.ask({ what: 'upgrade', bytes: file.bytes, name: name ?? file.name });
  }

  /**
   * @param {number} graph
   * @param {import('./run.js').StartOptions} options
   */
  #start(graph, options) {
    const number = (this.#number += 1);
    const run = new RemoteRun(this.#line, number, graph, options, () => this.#runs.delete(number));
    this.#runs.set(number, run);
    return run;
  }

  close() {
    this.#line.close();
  }

  [dispose]() {
    this.close();
  }
}

/**
 * An operation that fails when its answer takes too long. In a worker the page keeps the time.
 * @param {import('./calls.js').Operation} operation
 * @param {number} [timeout]
 * @returns {import('./calls.js').Operation}
 */
function timed(operation, timeout = 30_000) {
  return (inputs, context) => {
    const answer = Promise.resolve(operation(inputs, context));
    if (timeout === Infinity) return answer;
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };
}

export class RemoteGraph {
  #line;
  #number;
  #start;

  /**
   * @param {Line} line
   * @param {{graph: number, info: import('./graph.js').GraphInfo, diagnostics: import('./error.js').Diagnostic[]}} loaded
   * @param {(options: import('./run.js').StartOptions) => RemoteRun} start
   */
  constructor(line, { graph, info, diagnostics }, start) {
    this.#line = line;
    this.#number = graph;
    this.#start = start;
    this.info = info;
    this.diagnostics = diagnostics;
  }

  get name() {
    return this.info.name;
  }

  /** @returns {Promise<string>} */
  dump() {
    return this.#line.ask({ what: 'dump', graph: this.#number });
  }

  /**
   * @param {import('./graph.js').Form} to
   * @param {Uint8Array} [bytes]
   * @returns {Promise<{text: string, diagnostics: import('./error.js').Diagnostic[]}>}
   */
  convert(to, bytes) {
    return this.#line.ask({ what: 'convert', graph: this.#number, to, bytes });
  }

  /**
   * Makes code of the graph. A run that needs some is prepared by the worker; nobody need wait.
   * @param {import('./compile.js').CompileOptions} [options]
   * @returns {Promise<import('./compile.js').Code>}
   */
  compile(options) {
    return this.#line.ask({ what: 'compile', graph: this.#number, options });
  }

  /** @param {import('./run.js').StartOptions} [options] */
  start(options = {}) {
    options.signal?.throwIfAborted();
    return this.#start(options);
  }

  unload() {
    return this.#line.ask({ what: 'unload', graph: this.#number });
  }

  [dispose]() {
    this.unload().catch(() => {});
  }
}

export class RemoteRun extends Followed {
  #line;
  #number;
  #forget;
  #end = new AbortController();
  #unabort = () => {};

  /**
   * @param {Line} line
   * @param {number} number
   * @param {number} graph
   * @param {import('./run.js').StartOptions} options
   * @param {() => void} forget
   */
  constructor(line, number, graph, { signal, ...options }, forget) {
    super();
    this.#line = line;
    this.#number = number;
    this.#forget = forget;
    line.ask({ what: 'start', graph, run: number, options }).catch((error) => this.fail(error));
    if (!signal) return;
    const abort = () => {
      this.fail(signal.reason);
      this[dispose]();
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#unabort = () => signal.removeEventListener('abort', abort);
  }

  /** Aborts when the run is over. @internal */
  get ended() {
    return this.#end.signal;
  }

  /**
   * @internal
   * @param {any} news
   */
  hear(news) {
    if ('said' in news) {
      this.dropped = news.dropped;
      for (const entry of news.said) this.say(entry);
      this.#line.tell({ read: this.#number });
    } else if ('status' in news) {
      this.turnsTo(news.status);
    } else if ('failure' in news) {
      this.failed(news.failure.op, new Error(news.failure.message));
    } else if ('report' in news) {
      this.finish(news.report);
    } else {
      this.fail(unpackError(news.error));
    }
  }

  /** @param {import('./follow.js').Report} report */
  finish(report) {
    this.#over();
    super.finish(report);
  }

  /** @param {unknown} reason */
  fail(reason) {
    this.#over();
    super.fail(reason);
  }

  #over() {
    this.#unabort();
    this.#forget();
    this.#end.abort();
  }

  /**
   * @param {import('./protocol.js').RunMethod} method
   * @param {...unknown} args
   */
  async #ask(method, ...args) {
    const answer = await this.#line.ask({ what: 'run', run: this.#number, method, args });
    if (answer && !this.isOver) this.turnsTo(answer.status);
    return answer?.result;
  }

  /**
   * @param {string} name
   * @param {unknown} value
   * @returns {Promise<void>}
   */
  set(name, value) {
    return this.#ask('set', name, value);
  }

  /**
   * @param {string} name
   * @returns {Promise<any>}
   */
  get(name) {
    return this.#ask('get', name);
  }

  /**
   * @param {string} event
   * @param {Record<string, unknown>} [values]
   * @returns {Promise<void>}
   */
  send(event, values = {}) {
    return this.#ask('send', event, values);
  }

  /**
   * @param {number} node
   * @param {import('./run.js').Hit} [hit]
   */
  select(node, hit = {}) {
    return this.#ask('select', node, hit);
  }

  /**
   * @param {number | null} node
   * @param {import('./run.js').Hit} [hit]
   */
  hover(node, hit = {}) {
    return this.#ask('hover', node, hit);
  }

  /** @returns {Promise<import('./follow.js').Report>} */
  report() {
    return this.#ask('report');
  }

  /** @returns {Promise<void>} */
  pause() {
    return this.#ask('pause');
  }

  /** @returns {Promise<void>} */
  resume() {
    return this.#ask('resume');
  }

  /**
   * @param {number} [count]
   * @returns {Promise<number>}
   */
  step(count = 1) {
    return this.#ask('step', count);
  }

  stop() {
    if (!this.isOver) this.#ask('stop').catch(() => {}); // a run that is over has stopped
  }

  [dispose]() {
    this.#ask('dispose').catch(() => {});
    if (!this.isOver) this.fail(new TreadleError('DISPOSED', 'The run was disposed before it was over.'));
  }

  async [asyncDispose]() {
    this.stop();
    await this.finished.catch(() => {});
    this[dispose]();
  }
}
