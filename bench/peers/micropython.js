// micropython.js - MicroPython in WebAssembly, its npm build for PyScript: each workload as a Python function.

import { loadMicroPython } from '@micropython/micropython-webassembly-pyscript/micropython.mjs';

/** @typedef {import('../workloads.js').Prepare} Prepare */

/** @type {Record<string, string>} */
export const sizes = { '*': 'short', skinning: 'quick', nbody: 'quick' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'it has no object model',
  load1k: 'a program has no graph to load',
  load10k: 'a program has no graph to load',
  load100k: 'a program has no graph to load',
};

const SUM = `
def main(n):
    v = 0.0
    for i in range(n):
        v += i
    return [v]
`;

const COLLATZ = `
def main(n):
    best = 0
    best_length = 0
    for start in range(1, n):
        x = float(start)
        length = 1
        while x > 1.0:
            half = x * 0.5
            x = half if half // 1.0 == half else 3.0 * x + 1.0
            length += 1
        if length > best_length:
            best = start
            best_length = length
    return [best, best_length]
`;

const NESTED = `
def main(n):
    v = 0.0
    for i in range(n):
        for j in range(n):
            for k in range(n):
                v += i * j + k
    return [v]
`;

const SWITCH = `
def main(n):
    a = 1
    hits = 0
    state = 0
    passed = 0
    for i in range(n):
        if state == 0:
            a = (a * 13 + 7) % 1021
            state = 1
        elif state == 1:
            state = 2 + a % 2
        elif state == 2:
            a += 1
            state = 0
            passed = 0
        else:
            state = 0
            if passed < 3:
                passed += 1
                hits += 1
    return [a, hits, state]
`;

const MANDELBROT = `
def main(width, height, step):
    total = 0
    for py in range(height):
        cy = py * step - 1.125
        for px in range(width):
            cx = px * step - 2.0
            zx = 0.0
            zy = 0.0
            k = 0
            while k < 100 and zx * zx + zy * zy <= 4.0:
                t = zx * zx - zy * zy + cx
                zy = 2.0 * zx * zy + cy
                zx = t
                k += 1
            total += k
    return [total]
`;

const PARTICLES = `
def main(n):
    vx, vy, vz = 1.0, 0.5, 0.25
    px, py, pz = 0.0, 0.0, 0.0
    e = 0.0
    for i in range(n):
        vy -= 0.0078125
        px += vx * 0.5
        py += vy * 0.5
        pz += vz * 0.5
        e += vx * px + vy * py + vz * pz
    return [e]
`;

const SKINNING = `
def multiply(a, b):
    product = [0.0] * 16
    for c in range(0, 16, 4):
        for r in range(4):
            product[c + r] = a[r] * b[c] + a[r + 4] * b[c + 1] + a[r + 8] * b[c + 2] + a[r + 12] * b[c + 3]
    return product

def main(n):
    turn = [0.0, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 0.0, 1.0]
    m = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    s = 0.0
    for i in range(n):
        m = multiply(m, turn)
        a = m[0] * 3.0 + m[4] * 5.0 + m[8] * 7.0 + m[12]
        b = m[1] * 3.0 + m[5] * 5.0 + m[9] * 7.0 + m[13]
        c = m[2] * 3.0 + m[6] * 5.0 + m[10] * 7.0 + m[14]
        s += a + 16.0 * b + 256.0 * c
    return [s]
`;

const SLERP = `
from math import acos, sin

def slerp(a, b, c):
    dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
    sign = -1.0 if dot < 0.0 else 1.0
    angle = acos(min(sign * dot, 1.0))
    if angle < 1e-6:
        start, to = 1.0 - c, sign * c
    else:
        start, to = sin((1.0 - c) * angle) / sin(angle), sign * sin(c * angle) / sin(angle)
    return [start * a[k] + to * b[k] for k in range(4)]

def main(n, step):
    a = [0.0, 0.0, 0.0, 1.0]
    b = [0.6, 0.0, 0.0, 0.8]
    s = 0.0
    for i in range(n):
        q = slerp(a, b, i * step)
        s += 2.0 * q[0] + q[3]
    return [s]
`;

const NBODY = `
from math import sqrt

def main(n):
    bodies = [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.015625, 4.0, 0.0, 0.25, 0.0, 0.5, 0.0],
        [0.0078125, 0.0, 6.0, -0.5, -0.40625, 0.0, 0.0],
        [0.00390625, -8.0, 0.0, 0.5, 0.0, -0.34375, 0.0],
        [0.001953125, 0.0, -10.0, 0.25, 0.3125, 0.0, 0.0],
    ]
    pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i + 1, 5)]
    for step in range(n):
        for a, b in pairs:
            x = b[1] - a[1]
            y = b[2] - a[2]
            z = b[3] - a[3]
            r2 = x * x + y * y + z * z
            w = 0.015625 / (r2 * sqrt(r2))
            x *= w
            y *= w
            z *= w
            m = b[0]
            a[4] += x * m
            a[5] += y * m
            a[6] += z * m
            m = a[0]
            b[4] -= x * m
            b[5] -= y * m
            b[6] -= z * m
        for a in bodies:
            a[1] += a[4] * 0.015625
            a[2] += a[5] * 0.015625
            a[3] += a[6] * 0.015625
    s = 0.0
    for a in bodies:
        s += a[1] + a[2] * 16.0 + a[3] * 256.0
    return [s]
`;

const SIEVE = `
def main(rounds):
    count = 0
    top = 0
    for turn in range(rounds):
        struck = bytearray(1024)
        passed = 0
        for i in range(2, 1024):
            if not struck[i]:
                count += 1
                top = i
                if passed < 11:
                    passed += 1
                    for j in range(i * i, 1024, i):
                        struck[j] = 1
    return [count, top]
`;

const RECURSION = `
leaves = 0

def tree(n):
    global leaves
    if n < 2:
        leaves += 1
        return
    tree(n - 1)
    tree(n - 2)

def main(depth):
    global leaves
    leaves = 0
    tree(depth)
    return [leaves]
`;

const MONTECARLO = `
from random import random

def main(n):
    hits = 0
    for i in range(n):
        x = random()
        y = random()
        if x * x + y * y < 1.0:
            hits += 1
    return [hits]
`;

const VALUES = `
def main(n):
    v = 0.0
    for i in range(n):
        total = 0.0
        for k in range(99):
            c = float(i)
            for g in range(25):
                c = c * 0.75 + k - g
                if c < 0.0:
                    c = 0.0
            total += c
        v += total
    return [v]
`;

const PINGPONG = `
from collections import deque

def main(n):
    pings = 0
    pongs = 0
    total = 0.0
    queue = deque((), 16)

    def ping(value):
        nonlocal pings
        pings += 1
        queue.append((pong, pings))

    def pong(value):
        nonlocal pongs, total
        pongs += 1
        total += value
        if value < n:
            queue.append((ping, 0))

    queue.append((ping, 0))
    while queue:
        handler, value = queue.popleft()
        handler(value)
    return [pongs, total]
`;

const TICKING = `
class Ticker:
    def __init__(self):
        self.ticks = 0
        self.v = 0

    def tick(self):
        self.ticks += 1
        if self.ticks % 3 == 0:
            self.v += self.ticks

tickers = []

def tick():
    for one in tickers:
        one.tick()

def main(graphs, ticks):
    tickers[:] = [Ticker() for i in range(graphs)]
    for i in range(ticks):
        tick()
    return [sum([one.v for one in tickers])]
`;

/**
 * @param {string} source  that defines main
 * @param {string[]} params  in the order of its arguments
 * @param {string[]} results  in the order of the list it returns
 * @returns {Prepare}
 */
const program = (source, params, results) => async (size) => {
  const python = await loadMicroPython({ heapsize: 16 * 2 ** 20, stdout: () => {} });
  python.runPython(source);
  const call = `${results.join(', ')}, = main(${params.map((name) => size.params[name]).join(', ')})`;
  return {
    run() {
      python.runPython(call);
      return { iterations: size.iterations, result: Object.fromEntries(results.map((name) => [name, python.globals.get(name)])) };
    },
    dispose() {},
  };
};

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program(SUM, ['n'], ['v']),
  collatz: program(COLLATZ, ['n'], ['best', 'bestLength']),
  nested: program(NESTED, ['n'], ['v']),
  switch: program(SWITCH, ['n'], ['a', 'hits', 'state']),
  mandelbrot: program(MANDELBROT, ['width', 'height', 'step'], ['total']),
  particles: program(PARTICLES, ['n'], ['e']),
  skinning: program(SKINNING, ['n'], ['s']),
  slerp: program(SLERP, ['n', 'step'], ['s']),
  nbody: program(NBODY, ['n'], ['s']),
  sieve: program(SIEVE, ['rounds'], ['count', 'top']),
  recursion: program(RECURSION, ['depth'], ['leaves']),
  montecarlo: program(MONTECARLO, ['n'], ['hits']),
  values: program(VALUES, ['n'], ['v']),
  pingpong: program(PINGPONG, ['n'], ['pongs', 'total']),
  ticking: program(TICKING, ['graphs', 'ticks'], ['v']),
};
