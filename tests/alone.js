// alone.js - runs graphs that were compiled to stand alone as the tool runs them in the engine, and reports the same.
import { GraphModule } from '../js/module.js';

/** A run without `until` ends when nothing is pending, or after so many seconds. */
const QUIET_SECONDS = 60;

/** A value as reports have it. */
function reported(value) {
  if (Array.isArray(value)) return value.map(reported);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'bigint') return value;
  return { 2: `delay:${value & 0xffffffffffffffn}`, 3: `event:${value & 0xffffffffffffffn}` }[Number(value >> 56n)] ?? null;
}

const reportedAll = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, reported(value)]));

/** A value of a report as set() and send() take it. */
const given = (value) => (Array.isArray(value) ? value.map(given) : { NaN, Infinity, '-Infinity': -Infinity }[value] ?? value);

/** Runs until nothing is to be done, a slice of `cadence` fuel at a time; `between` is called there. */
function work(run, cadence, between) {
  let status = run.run(cadence || Infinity);
  for (; status === 'more'; status = run.run(cadence || Infinity)) between?.(run);
  return status;
}

/**
 * Runs a module in virtual time.
 * @param {WebAssembly.Module} compiled
 * @param {{cadence: number, start: any}} options as harness.js makes them of words
 * @param {(run: import('../js/module.js').ModuleRun) => void} [between] called at each yield
 */
export function runModule(compiled, { cadence, start }, between) {
  const { until = null, tick = 16, seed = 0, fuel = 0, set = {}, send = [] } = start;
  const module = new GraphModule(compiled);
  const log = [];
  const events = [];
  const run = module.start({
    seed,
    fuel,
    log: (text, { severity, time }) => log.push({ severity, text, time }),
    event: (id, values, time) => events.push({ time, id, values: reportedAll(values) }),
  });
  for (const [name, value] of Object.entries(set)) run.set(name, given(value));
  for (const [id, values] of send.filter(Array.isArray)) run.send(id, reportedAll(given(values)));
  let status = work(run, cadence, between);
  for (let k = 0; status === 'waits'; k++) {
    const now = (k * tick) / 1000;
    if (until === null ? k > 0 && !(now <= QUIET_SECONDS && run.nextDue < Infinity) : now > until) break;
    run.tick(now);
    status = work(run, cadence, between);
  }
  const { variables, outputs } = module.descriptors;
  return {
    status: { done: 'done', waits: 'idle', limit: 'limit' }[status],
    reason: run.reason ?? '',
    fuel: run.fuel,
    variables: variables.map((_, index) => reported(run.get(`#${index}`))),
    outputs: Object.fromEntries(outputs.map(({ id }) => [id, reported(run.get(id))])),
    events,
    log,
    failures: run.failures,
  };
}

/** Of the engine's report what a module's has, too. */
export function shared({ status, reason = '', fuel, variables, outputs, events, log }) {
  return { status, reason, fuel, variables: variables.map(({ value }) => value), outputs, events, log, failures: [] };
}
