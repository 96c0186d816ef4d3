// loops.js - a web of chains in a random graph: loops made of backward edges, nested, with several ways in, with work pending.
//
// A web is a list of chains: a few statements each, then a node that leads to other chains. Edges to later chains are as
// they are, so chains are shared, and lie in loops that are entered anywhere: from the roots, from a switch in front,
// from each other. An edge to the same or an earlier chain passes a guard, which counts: it leads back so many times, then
// forwards, and, where it begins again, sets its count back. So a web of which no chain has work pending ends: the guard
// of the last chain that is passed again and again would have to be passed by from behind. Where work is pending
// (sequences, loop bodies) loops are recursions, and fuel and depth end what the guards do not.
import { literal } from './generate.js';

/** How a chain ends, by weight. */
const ENDS = { jump: 3, branch: 5, choose: 2, sequence: 3, repeat: 3, gate: 1, machine: 2, nothing: 1 };

/** What stands in chains besides variable/set; no event/send, which would begin all anew. */
const STATEMENTS = ['debug/log', 'flow/doN', 'flow/throttle', 'flow/setDelay', 'variable/interpolate'];

/** A web in the making; its nodes go into the maker's graph. */
class Web {
  /** @param {any} maker of generate.js */
  constructor(maker) {
    this.maker = maker;
    this.random = maker.random;
    this.chains = Array.from({ length: this.random.between(2, 7) }, () => []);
    this.shared = null;
  }

  /** A flow node that no one else completes or leads to. */
  add(op, parts, outs) {
    const node = this.maker.node(op, parts);
    const flow = { node, op, ins: ['in'], outs, fixed: {}, own: true };
    this.maker.flowNodes.push(flow);
    this.maker.flowIns.set(node.id, flow.ins);
    return flow;
  }

  /** One that the maker completes as any other. */
  addAny(op) {
    return Object.assign(this.maker.flowNode(op), { fixed: {} });
  }

  value(op, values) {
    const node = this.maker.node(op, { values });
    this.maker.gives(node.id, { value: op === 'math/lt' || op === 'math/gt' ? 'bool' : 'int' });
    return { from: `${node.id}:value` };
  }

  /* ---- counts ---- */

  /** A variable that only guards write; how it is read. */
  counter(value) {
    const id = `v${this.maker.graph.variables.length}`;
    this.maker.graph.variables.push({ id, type: 'int', value });
    this.maker.counters.add(id);
    const get = this.maker.node('variable/get', { config: { variable: id } });
    this.maker.gives(get.id, { value: 'int' });
    return { id, read: { from: `${get.id}:value` } };
  }

  setTo(id, value) {
    return this.add('variable/set', { config: { variables: [id] }, values: { [id]: value } }, ['out']);
  }

  /** Leads to `back` so many times, then to `on`; its input. One that is `pending` never counts again. */
  guard(back, on, pending) {
    const r = this.random;
    const kind = r.weighted({ up: 4, again: pending ? 0 : 3, down: 2 });
    const count = kind === 'down' ? (this.shared ??= this.counter(r.between(3, 40))) : this.counter(0);
    const times = kind === 'up' && r.chance(0.2) ? r.between(20, 120) : r.between(1, 4);
    const one = literal('int', 1);
    const step = this.setTo(count.id, this.value(kind === 'down' ? 'math/sub' : 'math/add', { a: count.read, b: one }));
    const more = kind === 'down' ? this.value('math/gt', { a: count.read, b: literal('int', 0) }) : this.value('math/lt', { a: count.read, b: literal('int', times) });
    const fork = this.add('flow/branch', { values: { condition: more } }, ['true', 'false']);
    step.fixed.out = this.inputOf(fork);
    fork.fixed = { true: back, false: kind === 'again' ? this.reset(count.id, on) : on };
    return this.inputOf(step);
  }

  reset(id, on) {
    const set = this.setTo(id, literal('int', 0));
    set.fixed.out = on;
    return this.inputOf(set);
  }

  /* ---- chains ---- */

  inputOf(flow) {
    return `${flow.node.id}:${flow.ins[0]}`;
  }

  /** Where chain k begins; null: there is none. */
  headOf(k) {
    return k < this.chains.length ? this.inputOf(this.chains[k][0]) : null;
  }

  /** The input of a chain behind chain k, or (null) the end. */
  forwards(k) {
    const r = this.random;
    return this.headOf(r.chance(0.6) ? k + 1 : r.between(k + 1, this.chains.length));
  }

  /** Anywhere from chain k: ahead, or back by a guard; while its work is pending, or not. */
  anywhere(k, pending) {
    const r = this.random;
    return r.chance(pending ? 0.7 : 0.45) ? this.forwards(k) : this.guard(this.headOf(r.between(0, k)), this.forwards(k), pending);
  }

  /** A node with one way on. */
  statement() {
    const r = this.random;
    return this.addAny(r.chance(0.75) ? 'variable/set' : r.pick(STATEMENTS));
  }

  /** The node that a chain ends with. */
  end() {
    const r = this.random;
    const kind = r.weighted(ENDS);
    const ends = {
      jump: () => this.statement(),
      branch: () => this.addAny('flow/branch'),
      choose: () => this.choice(this.maker.smallInt()),
      sequence: () => this.add('flow/sequence', {}, this.maker.keys(2, 3)),
      repeat: () => this.addAny(r.pick(['flow/for', 'flow/while'])),
      gate: () => this.add('flow/multiGate', { config: { isRandom: r.chance(0.4), isLoop: r.chance(0.7) } }, this.maker.keys(2, 4)),
      machine: () => this.choice(null),
      nothing: () => this.statement(),
    };
    return { flow: ends[kind](), kind };
  }

  /** A switch; when no selection is given, over a state of its own, which its cases may change. */
  choice(selection) {
    const r = this.random;
    const cases = [...new Set(Array.from({ length: r.between(2, 4) }, () => r.between(0, 4)))];
    const state = selection ? null : this.counter(r.between(0, 3));
    const flow = this.add('flow/switch', { config: { cases }, values: { selection: state?.read ?? selection } }, [...cases.map(String), 'default']);
    return Object.assign(flow, { state });
  }

  /** Between a case and where it leads: the next state. */
  change(state, target) {
    const r = this.random;
    const next = r.chance(0.4)
      ? literal('int', r.between(0, 4))
      : this.value('math/rem', { a: this.value('math/add', { a: state.read, b: literal('int', r.between(1, 3)) }), b: literal('int', r.between(2, 5)) });
    const set = this.setTo(state.id, next);
    set.fixed.out = target;
    return this.inputOf(set);
  }

  connectEnd(k, { flow, kind }) {
    for (const socket of flow.outs) {
      if (flow.fixed[socket] || kind === 'nothing') continue;
      const target = this.anywhere(k, ['sequence', 'repeat'].includes(kind));
      flow.fixed[socket] = flow.state && target ? this.change(flow.state, target) : target;
    }
  }

  make() {
    const r = this.random;
    const ends = [];
    for (const [k, chain] of this.chains.entries()) {
      for (let i = r.between(0, 2); i > 0; i--) chain.push(this.statement());
      ends[k] = this.end();
      chain.push(ends[k].flow);
    }
    for (const [k, chain] of this.chains.entries()) {
      chain.slice(1).forEach((next, i) => (chain[i].fixed[chain[i].outs[0]] = this.inputOf(next)));
      this.connectEnd(k, ends[k]);
    }
  }

  /** A node in front that leads to several chains: rather to others the next time. Before the chains: they lead ahead. */
  front() {
    return this.random.chance(0.4) ? this.addAny('flow/branch') : this.choice(null);
  }

  /** The input of that. */
  enter(flow) {
    for (const socket of flow.outs) flow.fixed[socket] = this.headOf(this.random.between(0, this.chains.length - 1));
    return flow.state ? this.change(flow.state, this.inputOf(flow)) : this.inputOf(flow);
  }
}

/**
 * Adds a web to a graph in the making.
 * @param {any} maker of generate.js
 * @returns {() => string} inputs by which the web may be entered: a random chain, or a node in front of several
 */
export function web(maker) {
  const made = new Web(maker);
  const front = made.front();
  made.make();
  const entry = made.enter(front);
  return () => (maker.random.chance(0.5) ? entry : made.headOf(maker.random.between(0, made.chains.length - 1)));
}
