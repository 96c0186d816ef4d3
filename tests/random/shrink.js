// shrink.js - makes a graph that fails smaller, as long as it still fails.
import { plainest } from './generate.js';

const copy = (graph) => structuredClone(graph);
const isLink = (value) => value !== null && typeof value === 'object' && 'from' in value;
const nodeOf = (socket) => socket.split(':')[0];

/** Without the nodes in `gone`: what read from them reads plain values, what led to them leads nowhere. */
function withoutNodes(graph, types, gone) {
  const smaller = copy(graph);
  smaller.nodes = smaller.nodes.filter(({ id }) => !gone.has(id));
  smaller.outputs = smaller.outputs.filter(({ from }) => !gone.has(nodeOf(from)));
  for (const node of smaller.nodes) {
    for (const [socket, value] of Object.entries(node.values ?? {}))
      if (isLink(value) && gone.has(nodeOf(value.from))) node.values[socket] = plainest(types.get(value.from));
    for (const [socket, target] of Object.entries(node.flows ?? {})) if (gone.has(nodeOf(target))) delete node.flows[socket];
  }
  return smaller;
}

/** Halves, quarters ... single nodes left out. */
function* fewerNodes(graph, types) {
  for (let size = graph.nodes.length >> 1; size >= 1; size >>= 1)
    for (let first = 0; first < graph.nodes.length; first += size)
      yield withoutNodes(graph, types, new Set(graph.nodes.slice(first, first + size).map(({ id }) => id)));
}

/** A node left out, and who led to it leads on to where it led. */
function* shortcuts(graph, types) {
  for (const { id, flows } of graph.nodes) {
    for (const next of new Set(Object.values(flows ?? {}))) {
      if (nodeOf(next) === id) continue;
      const smaller = copy(graph);
      for (const node of smaller.nodes)
        for (const [socket, target] of Object.entries(node.flows ?? {})) if (nodeOf(target) === id) node.flows[socket] = next;
      yield withoutNodes(smaller, types, new Set([id]));
    }
  }
}

function* fewerEdges(graph) {
  for (const [i, node] of graph.nodes.entries()) {
    for (const socket of Object.keys(node.flows ?? {})) {
      const smaller = copy(graph);
      delete smaller.nodes[i].flows[socket];
      yield smaller;
    }
  }
}

function* plainerValues(graph, types) {
  for (const [i, node] of graph.nodes.entries()) {
    for (const [socket, value] of Object.entries(node.values ?? {})) {
      const plain = plainest(isLink(value) ? types.get(value.from) : value.type);
      if (JSON.stringify(plain) === JSON.stringify(value)) continue;
      const smaller = copy(graph);
      smaller.nodes[i].values[socket] = plain;
      yield smaller;
    }
  }
}

/** Outputs, inputs, variables and events left out one by one; the tool rejects what still needs them. */
function* fewerDeclarations(graph) {
  for (const part of ['outputs', 'inputs', 'variables', 'events']) {
    for (let i = 0; i < graph[part].length; i++) {
      const smaller = copy(graph);
      smaller[part].splice(i, 1);
      yield smaller;
    }
  }
}

const STEPS = [fewerNodes, shortcuts, fewerEdges, plainerValues, fewerDeclarations];

/** The smallest graph these steps lead to, in so many ms, for which `fails(graph)` still resolves to true. */
export async function shrink(graph, types, fails, patience) {
  const end = Date.now() + patience;
  let smallest = graph;
  for (let found = true; found; ) {
    found = false;
    for (const step of STEPS) {
      for (const smaller of step(smallest, types)) {
        if (Date.now() > end) return smallest;
        if (!(await fails(smaller))) continue;
        smallest = smaller;
        found = true;
        break;
      }
    }
  }
  return smallest;
}
