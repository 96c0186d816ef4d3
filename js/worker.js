// worker.js - an engine that keeps off the main thread: the entry of a worker, which serves whoever sends it a port.
import { open } from './engine.js';
import { TreadleError } from './error.js';
import { WAITING, dispose } from './follow.js';
import { IN_FLIGHT, STATS_EVERY, packError, unpackError } from './protocol.js';

/** @typedef {import('./protocol.js').Request} Request */
/** @typedef {import('./protocol.js').News} News */

/**
 * One page's engine behind a port.
 * @param {MessagePort} port
 */
export function serve(port) {
  new Server(port);
}

class Server {
  #port;
  /** @type {import('./engine.js').Engine | undefined} */
  #engine;
  /** @type {Map<number, import('./graph.js').Graph>} */
  #graphs = new Map();
  /** @type {Map<number, Teller>} */
  #runs = new Map();
  /** @type {Map<number, Promise<void>>} runs whose code is being made */
  #coming = new Map();
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} operations the page has not answered */
  #operations = new Map();
  #numbers = 0;
  #live = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #telling;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** @param {News} news */
  #say(news) {
    this.#port.postMessage(news);
  }

  /** @param {Request | import('./protocol.js').Notice} message */
  async #receive(message) {
    if ('read' in message) return this.#runs.get(message.read)?.wasRead();
    if ('result' in message) return this.#answered(message);
    if ('bye' in message) return this.#leave();
    try {
      this.#say({ answer: message.ask, value: await this.#do(message) });
    } catch (error) {
      this.#say({ answer: message.ask, error: packError(error) });
    }
  }

  /** @param {Request} request */
  async #do(request) {
    if (request.what === 'open') {
      this.#engine = await open(request.options);
      return { variant: this.#engine.variant, tables: this.#engine.tables, memory: this.#engine.memory };
    }
    const engine = this.#engine;
    if (!engine) throw new TreadleError('CLOSED', 'The engine is not open.');
    switch (request.what) {
      case 'define':
        return engine.define(request.name, { ...request.signature, timeout: Infinity }, (inputs, { run, node, now }) => this.#ask(request.name, inputs, run, { node, now }));
      case 'cadence':
        engine.cadence = request.fuel;
        return undefined;
      case 'check':
        return engine.check(request.bytes, request);
      case 'upgrade':
        return engine.upgradeBytes(request.bytes, request.name);
      case 'load':
        return this.#load(engine, request);
      case 'dump':
        return this.#graph(request.graph).dump();
      case 'convert':
        return this.#graph(request.graph).convert(request.to, request.bytes);
      case 'compile':
        return this.#graph(request.graph).compile(request.options);
      case 'unload':
        this.#graph(request.graph).unload();
        return this.#graphs.delete(request.graph);
      case 'start':
        return this.#start(request);
      case 'run':
        return this.#call(request);
    }
  }

  /**
   * @param {import('./engine.js').Engine} engine
   * @param {{bytes: Uint8Array, name?: string, graph?: number, upgrade?: boolean}} file
   */
  #load(engine, { bytes, name, graph, upgrade }) {
    const loaded = engine.loadBytes(bytes, name, graph, upgrade);
    this.#graphs.set((this.#numbers += 1), loaded);
    return { graph: this.#numbers, info: loaded.info, diagnostics: loaded.diagnostics };
  }

  /** @param {number} number */
  #graph(number) {
    const graph = this.#graphs.get(number);
    if (!graph) throw new TreadleError('DISPOSED', 'The graph was unloaded.');
    return graph;
  }

  /** @param {{graph: number, run: number, options: import('./run.js').StartOptions}} request */
  async #start(request) {
    const coming = this.#graph(request.graph).prepare(request.options).then(() => this.#begin(request));
    this.#coming.set(request.run, coming);
    await coming.finally(() => this.#coming.delete(request.run));
  }

  /** @param {{graph: number, run: number, options: import('./run.js').StartOptions}} request */
  #begin({ graph, run: number, options }) {
    const run = this.#graph(graph).start(options);
    const teller = new Teller(run, number, (news) => this.#say(news));
    this.#runs.set(number, teller);
    this.#live += 1;
    this.#telling ??= setInterval(() => this.#tellStats(), STATS_EVERY);
    const over = (/** @type {{report?: any, error?: any}} */ how) => {
      this.#live -= 1;
      if (this.#live === 0) this.#stopTelling();
      teller.tell();
      this.#tellStats();
      this.#say({ run: number, ...how });
    };
    run.then(
      (report) => over({ report }),
      (error) => over({ error: packError(error) }),
    );
  }

  /** @param {{run: number, method: import('./protocol.js').RunMethod, args: unknown[]}} request */
  async #call({ run: number, method, args }) {
    await this.#coming.get(number);
    const run = this.#runs.get(number)?.run;
    if (!run) throw new TreadleError('DISPOSED', 'The run was disposed.');
    if (method !== 'dispose') return { result: /** @type {any} */ (run)[method](...args), status: run.status };
    this.#runs.delete(number);
    return /** @type {any} */ (run)[dispose]();
  }

  #stopTelling() {
    clearInterval(this.#telling);
    this.#telling = undefined;
  }

  /** The page has gone. */
  #leave() {
    this.#stopTelling();
    this.#engine?.close();
    this.#port.close();
  }

  #tellStats() {
    if (this.#engine) this.#say({ stats: { ...this.#engine.stats }, yieldsSeen: this.#engine.yieldsSeen });
  }

  /**
   * An operation of the page's: its answer is a promise here, always.
   * @param {string} name
   * @param {Record<string, any>} inputs
   * @param {import('./run.js').Run | undefined} run
   * @param {{node: number, now: number}} place
   */
  #ask(name, inputs, run, place) {
    const number = (this.#numbers += 1);
    const [at = 0] = [...this.#runs].find(([, teller]) => teller.run === run) ?? [];
    this.#say({ operation: number, name, inputs, run: at, ...place });
    return new Promise((resolve, reject) => this.#operations.set(number, { resolve, reject }));
  }

  /** @param {{result: number, value?: any, error?: import('./protocol.js').PackedError}} message */
  #answered({ result, value, error }) {
    const waiting = this.#operations.get(result);
    this.#operations.delete(result);
    if (error) waiting?.reject(unpackError(error));
    else waiting?.resolve(value);
  }
}

/** Tells the page what a run says: in batches, and no more of them than the page can read. */
class Teller {
  #number;
  #say;
  #inFlight = 0;
  #asked = false;
  /** @type {import('./follow.js').Entry[]} */
  #entries = [];

  /**
   * @param {import('./run.js').Run} run
   * @param {number} number
   * @param {(news: News) => void} say
   */
  constructor(run, number, say) {
    this.run = run;
    this.#number = number;
    this.#say = say;
    run.on('event', (entry) => this.#note(entry));
    run.on('log', (entry) => this.#note(entry));
    run.on('failure', ({ op, message }) => say({ run: number, failure: { op, message } }));
    run.on('status', (status) => {
      this.tell();
      say({ run: number, status });
    });
  }

  /** @param {import('./follow.js').Entry} entry */
  #note(entry) {
    if (this.#entries.length < WAITING) this.#entries.push(entry);
    else this.run.dropped += 1;
    if (this.#asked || this.#inFlight >= IN_FLIGHT) return;
    this.#asked = true;
    queueMicrotask(() => this.tell());
  }

  /** Tells all that is left. */
  tell() {
    this.#asked = false;
    if (this.#entries.length === 0) return;
    this.#inFlight += 1;
    this.#say({ run: this.#number, said: this.#entries.splice(0), dropped: this.run.dropped });
  }

  /** The page has read a batch. */
  wasRead() {
    this.#inFlight -= 1;
    this.tell();
  }
}

/** @param {any} message */
function greet(message) {
  if (message?.treadle instanceof MessagePort) serve(message.treadle);
}

const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
if (threads?.parentPort) threads.parentPort.on('message', greet);
else if ('WorkerGlobalScope' in globalThis) addEventListener('message', ({ data }) => greet(data));
