// wasmoon.js - Lua 5.4 in WebAssembly (wasmoon): each workload as a Lua function, called once by the host.

import { LuaFactory } from 'wasmoon';

/** @typedef {import('../workloads.js').Prepare} Prepare */

/** @type {Record<string, string>} */
export const sizes = { '*': 'full', collatz: 'short', skinning: 'short', nbody: 'short' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'it has no object model',
  load1k: 'a program has no graph to load',
  load10k: 'a program has no graph to load',
  load100k: 'a program has no graph to load',
};

/**
 * `locals` is the fastest Lua there is; in `globals` what are variables in the graph are globals, so
 * that the host can read and set them as it can with a graph's.
 */
export const ways = [
  { variant: 'locals', runner: null },
  { variant: 'globals', runner: null },
];

// STATE stands before what are variables in the graph: `local` or nothing. Floats are floats from the
// start (0.0), since Lua would otherwise add integers; // rounds down without a call.
const SUM = `
function main(n)
  STATE v = 0.0
  for i = 0, n - 1 do v = v + i end
  return v
end`;

const COLLATZ = `
function main(n)
  STATE best, bestLength = 0, 0
  for start = 1, n - 1 do
    STATE x, length = start + 0.0, 1
    while x > 1.0 do
      local half = x * 0.5
      if half // 1.0 == half then x = half else x = 3.0 * x + 1.0 end
      length = length + 1
    end
    if length > bestLength then best, bestLength = start, length end
  end
  return best, bestLength
end`;

const NESTED = `
function main(n)
  STATE v = 0.0
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      for k = 0, n - 1 do v = v + (i * j + k) end
    end
  end
  return v
end`;

const SWITCH = `
function main(n)
  STATE a, hits, state = 1, 0, 0
  local passed = 0
  for i = 0, n - 1 do
    if state == 0 then
      a = (a * 13 + 7) % 1021
      state = 1
    elseif state == 1 then
      state = 2 + a % 2
    elseif state == 2 then
      a = a + 1
      state = 0
      passed = 0
    else
      state = 0
      if passed < 3 then
        passed = passed + 1
        hits = hits + 1
      end
    end
  end
  return a, hits, state
end`;

const MANDELBROT = `
function main(width, height, step)
  STATE total = 0
  for py = 0, height - 1 do
    STATE cy = py * step - 1.125
    for px = 0, width - 1 do
      STATE cx = px * step - 2.0
      STATE zx, zy, k = 0.0, 0.0, 0
      while k < 100 and zx * zx + zy * zy <= 4.0 do
        zx, zy = zx * zx - zy * zy + cx, 2.0 * zx * zy + cy
        k = k + 1
      end
      total = total + k
    end
  end
  return total
end`;

// Vectors are three numbers, matrices and bodies are tables: what a Lua programmer would write.
const PARTICLES = `
function main(n)
  STATE vx, vy, vz = 1.0, 0.5, 0.25
  STATE px, py, pz = 0.0, 0.0, 0.0
  STATE e = 0.0
  for i = 0, n - 1 do
    vy = vy - 0.0078125
    px = px + vx * 0.5
    py = py + vy * 0.5
    pz = pz + vz * 0.5
    e = e + (vx * px + vy * py + vz * pz)
  end
  return e
end`;

const SKINNING = `
local function multiply(a, b)
  local product = {}
  for c = 0, 12, 4 do
    for r = 1, 4 do
      product[c + r] = a[r] * b[c + 1] + a[r + 4] * b[c + 2] + a[r + 8] * b[c + 3] + a[r + 12] * b[c + 4]
    end
  end
  return product
end
function main(n)
  local turn = {0.0, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 0.0, 1.0}
  STATE m = {1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0}
  STATE s = 0.0
  for i = 0, n - 1 do
    m = multiply(m, turn)
    local a = m[1] * 3.0 + m[5] * 5.0 + m[9] * 7.0 + m[13]
    local b = m[2] * 3.0 + m[6] * 5.0 + m[10] * 7.0 + m[14]
    local c = m[3] * 3.0 + m[7] * 5.0 + m[11] * 7.0 + m[15]
    s = s + (a + 16.0 * b + 256.0 * c)
  end
  return s
end`;

const SLERP = `
local sin, acos, min = math.sin, math.acos, math.min
local function slerp(a, b, c)
  local dot = a[1] * b[1] + a[2] * b[2] + a[3] * b[3] + a[4] * b[4]
  local sign = dot < 0.0 and -1.0 or 1.0
  local angle = acos(min(sign * dot, 1.0))
  local from, to = 1.0 - c, sign * c
  if angle >= 1e-6 then from, to = sin((1.0 - c) * angle) / sin(angle), sign * sin(c * angle) / sin(angle) end
  return {from * a[1] + to * b[1], from * a[2] + to * b[2], from * a[3] + to * b[3], from * a[4] + to * b[4]}
end
function main(n, step)
  local a, b = {0.0, 0.0, 0.0, 1.0}, {0.6, 0.0, 0.0, 0.8}
  STATE s = 0.0
  for i = 0, n - 1 do
    local q = slerp(a, b, i * step)
    s = s + (2.0 * q[1] + q[4])
  end
  return s
end`;

const NBODY = `
local sqrt = math.sqrt
function main(n)
  STATE bodies = {
    {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.015625, 4.0, 0.0, 0.25, 0.0, 0.5, 0.0},
    {0.0078125, 0.0, 6.0, -0.5, -0.40625, 0.0, 0.0},
    {0.00390625, -8.0, 0.0, 0.5, 0.0, -0.34375, 0.0},
    {0.001953125, 0.0, -10.0, 0.25, 0.3125, 0.0, 0.0},
  }
  for step = 1, n do
    for i = 1, 5 do
      local a = bodies[i]
      for j = i + 1, 5 do
        local b = bodies[j]
        local x, y, z = b[2] - a[2], b[3] - a[3], b[4] - a[4]
        local r2 = x * x + y * y + z * z
        local w = 0.015625 / (r2 * sqrt(r2))
        x, y, z = x * w, y * w, z * w
        a[5], a[6], a[7] = a[5] + x * b[1], a[6] + y * b[1], a[7] + z * b[1]
        b[5], b[6], b[7] = b[5] - x * a[1], b[6] - y * a[1], b[7] - z * a[1]
      end
    end
    for i = 1, 5 do
      local a = bodies[i]
      a[2], a[3], a[4] = a[2] + a[5] * 0.015625, a[3] + a[6] * 0.015625, a[4] + a[7] * 0.015625
    end
  end
  local s = 0.0
  for i = 1, 5 do s = s + (bodies[i][2] + bodies[i][3] * 16.0 + bodies[i][4] * 256.0) end
  return s
end`;

const SIEVE = `
function main(rounds)
  STATE count, top = 0, 0
  STATE words = {}
  for round = 1, rounds do
    for k = 0, 31 do words[k] = 0 end
    local passed = 0
    for i = 2, 1023 do
      if (words[i >> 5] >> (i & 31)) & 1 == 0 then
        count = count + 1
        top = i
        if passed < 11 then
          passed = passed + 1
          for k = i, 1023 // i do
            local j = i * k
            words[j >> 5] = words[j >> 5] | 1 << (j & 31)
          end
        end
      end
    end
  end
  return count, top
end`;

const RECURSION = `
function main(depth)
  STATE leaves = 0
  local function tree(n)
    if n < 2 then
      leaves = leaves + 1
      return
    end
    tree(n - 1)
    tree(n - 2)
  end
  tree(depth)
  return leaves
end`;

const MONTECARLO = `
local random = math.random
function main(n)
  STATE hits = 0
  for i = 1, n do
    local x, y = random(), random()
    if x * x + y * y < 1.0 then hits = hits + 1 end
  end
  return hits
end`;

const VALUES = `
function main(n)
  STATE v = 0.0
  for i = 0, n - 1 do
    STATE sum = 0.0
    for k = 0, 98 do
      local c = i + 0.0
      for g = 0, 24 do
        c = c * 0.75 + k - g
        if c < 0.0 then c = 0.0 end
      end
      sum = sum + c
    end
    v = v + sum
  end
  return v
end`;

const PINGPONG = `
function main(n)
  STATE pings, pongs, total = 0, 0, 0.0
  local events, values, first, last = {}, {}, 1, 0
  local function send(event, value)
    last = last + 1
    events[last], values[last] = event, value
  end
  local handlers = {
    ping = function()
      pings = pings + 1
      send('pong', pings)
    end,
    pong = function(value)
      pongs = pongs + 1
      total = total + value
      if value < n then send('ping', 0) end
    end,
  }
  send('ping', 0)
  while first <= last do
    local event, value = events[first], values[first]
    events[first], values[first] = nil, nil
    first = first + 1
    handlers[event](value)
  end
  return pongs, total
end`;

const TICKING = `
local tickers = {}
local function ticker()
  local ticks, v = 0.0, 0.0
  return {
    tick = function()
      ticks = ticks + 1.0
      if ticks % 3.0 == 0.0 then v = v + ticks end
    end,
    value = function() return v end,
  }
end
function make(n)
  for i = 1, n do tickers[i] = ticker() end
end
function tick()
  for i = 1, #tickers do tickers[i].tick() end
end
function value()
  STATE v = 0.0
  for i = 1, #tickers do v = v + tickers[i].value() end
  return v
end`;

/**
 * @param {string} source  a chunk that defines global functions
 * @param {?string} [variant]
 */
async function open(source, variant) {
  const lua = await new LuaFactory().createEngine();
  lua.doStringSync(source.replaceAll('STATE ', variant === 'globals' ? '' : 'local '));
  return lua.global;
}

/**
 * @param {string} source  a chunk that defines main
 * @param {string[]} params  in the order of its arguments
 * @param {string[]} results  in the order of what it returns
 * @returns {Prepare}
 */
const program = (source, params, results) => async (size, { variant }) => {
  const lua = await open(source, variant);
  const values = params.map((name) => size.params[name]);
  return {
    run() {
      const returned = lua.call('main', ...values);
      const result = Object.fromEntries(results.map((name, i) => [name, returned[i]]));
      return { iterations: size.iterations, result };
    },
    dispose: () => lua.close(),
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
  async ticking({ params, iterations }) {
    const lua = await open(TICKING);
    lua.call('make', params.graphs); // each ticker's state is its own in both variants
    return {
      run() {
        for (let t = 0; t < params.ticks; t++) lua.call('tick');
        return { iterations, result: { v: lua.call('value')[0] } };
      },
      dispose: () => lua.close(),
    };
  },
};
