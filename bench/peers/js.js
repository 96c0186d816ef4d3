// js.js - Plain JavaScript, the ceiling: each workload as one would write it by hand.

/** @typedef {import('../workloads.js').Prepare} Prepare */

export const group = 'side by side';

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

export const missing = {
  load1k: 'a program has no graph to load',
  load10k: 'a program has no graph to load',
  load100k: 'a program has no graph to load',
};

function sum(n) {
  let v = 0;
  for (let i = 0; i < n; i++) v += i;
  return { v };
}

function collatz(n) {
  let best = 0;
  let bestLength = 0;
  for (let start = 1; start < n; start++) {
    let x = start;
    let length = 1;
    while (x > 1) {
      const half = x * 0.5;
      x = Math.floor(half) === half ? half : 3 * x + 1;
      length++;
    }
    if (length > bestLength) {
      best = start;
      bestLength = length;
    }
  }
  return { best, bestLength };
}

function nested(n) {
  let v = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) v += i * j + k;
    }
  }
  return { v };
}

function machine(n) {
  let a = 1;
  let hits = 0;
  let state = 0;
  let passed = 0; // of the gate, which lets three through until it is reset
  for (let i = 0; i < n; i++) {
    switch (state) {
      case 0:
        a = (a * 13 + 7) % 1021;
        state = 1;
        break;
      case 1:
        state = 2 + (a % 2);
        break;
      case 2:
        a++;
        state = 0;
        passed = 0;
        break;
      case 3:
        state = 0;
        if (passed < 3) {
          passed++;
          hits++;
        }
        break;
    }
  }
  return { a, hits, state };
}

function mandelbrot(width, height, step) {
  let total = 0;
  for (let py = 0; py < height; py++) {
    const cy = py * step - 1.125;
    for (let px = 0; px < width; px++) {
      const cx = px * step - 2;
      let zx = 0;
      let zy = 0;
      let k = 0;
      while (k < 100 && zx * zx + zy * zy <= 4) {
        const t = zx * zx - zy * zy + cx;
        zy = 2 * zx * zy + cy;
        zx = t;
        k++;
      }
      total += k;
    }
  }
  return { total };
}

function particles(n) {
  let [vx, vy, vz] = [1, 0.5, 0.25];
  let [px, py, pz] = [0, 0, 0];
  let e = 0;
  for (let i = 0; i < n; i++) {
    vy += -0.0078125;
    px += vx * 0.5;
    py += vy * 0.5;
    pz += vz * 0.5;
    e += vx * px + vy * py + vz * pz;
  }
  return { e };
}

function matMul(a, b) {
  const product = new Float64Array(16);
  for (let c = 0; c < 16; c += 4) {
    for (let r = 0; r < 4; r++) {
      product[c + r] = a[r] * b[c] + a[r + 4] * b[c + 1] + a[r + 8] * b[c + 2] + a[r + 12] * b[c + 3];
    }
  }
  return product;
}

function skinning(n) {
  const turn = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1];
  const [x, y, z, w] = [3, 5, 7, 1];
  let m = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  let s = 0;
  for (let i = 0; i < n; i++) {
    m = matMul(m, turn);
    const a = m[0] * x + m[4] * y + m[8] * z + m[12] * w;
    const b = m[1] * x + m[5] * y + m[9] * z + m[13] * w;
    const c = m[2] * x + m[6] * y + m[10] * z + m[14] * w;
    s += a + 16 * b + 256 * c;
  }
  return { s };
}

function quatSlerp(a, b, c) {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(sign * dot, 1));
  const near = angle < 1e-6;
  const from = near ? 1 - c : Math.sin((1 - c) * angle) / Math.sin(angle);
  const to = sign * (near ? c : Math.sin(c * angle) / Math.sin(angle));
  return [from * a[0] + to * b[0], from * a[1] + to * b[1], from * a[2] + to * b[2], from * a[3] + to * b[3]];
}

function slerp(n, step) {
  const a = [0, 0, 0, 1];
  const b = [0.6, 0, 0, 0.8];
  let s = 0;
  for (let i = 0; i < n; i++) {
    const q = quatSlerp(a, b, i * step);
    s += 2 * q[0] + q[3];
  }
  return { s };
}

function nbody(n) {
  const bodies = [
    { mass: 1, p: [0, 0, 0], v: [0, 0, 0] },
    { mass: 2 ** -6, p: [4, 0, 0.25], v: [0, 0.5, 0] },
    { mass: 2 ** -7, p: [0, 6, -0.5], v: [-0.40625, 0, 0] },
    { mass: 2 ** -8, p: [-8, 0, 0.5], v: [0, -0.34375, 0] },
    { mass: 2 ** -9, p: [0, -10, 0.25], v: [0.3125, 0, 0] },
  ];
  for (let step = 0; step < n; step++) {
    for (let i = 0; i < 5; i++) {
      for (let j = i + 1; j < 5; j++) {
        const [a, b] = [bodies[i], bodies[j]];
        const x = b.p[0] - a.p[0];
        const y = b.p[1] - a.p[1];
        const z = b.p[2] - a.p[2];
        const r2 = x * x + y * y + z * z;
        const w = 0.015625 / (r2 * Math.sqrt(r2));
        a.v[0] += x * w * b.mass;
        a.v[1] += y * w * b.mass;
        a.v[2] += z * w * b.mass;
        b.v[0] -= x * w * a.mass;
        b.v[1] -= y * w * a.mass;
        b.v[2] -= z * w * a.mass;
      }
    }
    for (const { p, v } of bodies) for (let k = 0; k < 3; k++) p[k] += v[k] * 0.015625;
  }
  return { s: bodies.reduce((s, { p }) => s + (p[0] + p[1] * 16 + p[2] * 256), 0) };
}

function sieve(rounds) {
  let count = 0;
  let top = 0;
  const words = new Int32Array(32);
  for (let round = 0; round < rounds; round++) {
    words.fill(0);
    let passed = 0;
    for (let i = 2; i < 1024; i++) {
      if ((words[i >> 5] >> (i & 31)) & 1) continue;
      count++;
      top = i;
      if (passed === 11) continue;
      passed++;
      for (let k = i, end = Math.floor(1023 / i) + 1; k < end; k++) words[(i * k) >> 5] |= 1 << (i * k & 31);
    }
  }
  return { count, top };
}

function recursion(depth) {
  let leaves = 0;
  const tree = (n) => {
    if (n < 2) {
      leaves++;
      return;
    }
    tree(n - 1);
    tree(n - 2);
  };
  tree(depth);
  return { leaves };
}

function montecarlo(n) {
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const x = Math.random();
    const y = Math.random();
    if (x * x + y * y < 1) hits++;
  }
  return { hits };
}

function values(n) {
  let v = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < 99; k++) {
      let c = i;
      for (let g = 0; g < 25; g++) c = Math.max(c * 0.75 + k - g, 0);
      sum += c;
    }
    v += sum;
  }
  return { v };
}

function pointers(n) {
  const nodes = Array.from({ length: 8 }, () => ({ translation: [0, 0, 0] }));
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < 8; k++) nodes[k].translation = [k + 1, i, 0];
  }
  return { x: nodes[7].translation[0] };
}

function pingpong(n) {
  let pings = 0;
  let pongs = 0;
  let total = 0;
  const queue = [];
  const handlers = {
    ping() {
      pings++;
      queue.push({ event: 'pong', n: pings });
    },
    pong(value) {
      pongs++;
      total += value;
      if (value < n) queue.push({ event: 'ping', n: 0 });
    },
  };
  queue.push({ event: 'ping', n: 0 });
  for (let sent = queue.shift(); sent; sent = queue.shift()) handlers[sent.event](sent.n);
  return { pongs, total };
}

function ticker() {
  let ticks = 0;
  let v = 0;
  return {
    tick() {
      ticks++;
      if (ticks % 3 === 0) v += ticks;
    },
    value: () => v,
  };
}

/** The functions as text, for an interpreter of JavaScript. */
export const source = [
  ...[sum, collatz, nested, machine, mandelbrot, particles, matMul, skinning, quatSlerp, slerp],
  ...[nbody, sieve, recursion, montecarlo, values, pointers, pingpong, ticker],
].join('\n');

/**
 * @param {(params: Record<string, number>) => Record<string, number>} fn
 * @returns {Prepare}
 */
const program = (fn) => async (size) => ({
  run: () => ({ iterations: size.iterations, result: fn(size.params) }),
  dispose() {},
});

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program(({ n }) => sum(n)),
  collatz: program(({ n }) => collatz(n)),
  nested: program(({ n }) => nested(n)),
  switch: program(({ n }) => machine(n)),
  mandelbrot: program(({ width, height, step }) => mandelbrot(width, height, step)),
  particles: program(({ n }) => particles(n)),
  skinning: program(({ n }) => skinning(n)),
  slerp: program(({ n, step }) => slerp(n, step)),
  nbody: program(({ n }) => nbody(n)),
  sieve: program(({ rounds }) => sieve(rounds)),
  recursion: program(({ depth }) => recursion(depth)),
  montecarlo: program(({ n }) => montecarlo(n)),
  values: program(({ n }) => values(n)),
  pointers: program(({ n }) => pointers(n)),
  pingpong: program(({ n }) => pingpong(n)),
  async ticking({ params, iterations }) {
    const tickers = Array.from({ length: params.graphs }, ticker);
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) for (const one of tickers) one.tick();
        return { iterations, result: { v: tickers.reduce((v, one) => v + one.value(), 0) } };
      },
      dispose() {},
    };
  },
};
