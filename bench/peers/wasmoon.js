// wasmoon.js - Lua 5.4 in WebAssembly (wasmoon): each workload as a Lua function, called once by the host.

import { LuaFactory } from 'wasmoon';

/** @typedef {import('../workloads.js').Prepare} Prepare */

/** @type {Record<string, string>} */
export const sizes = { '*': 'full' };

export const missing = {
  particles: 'Lua has numbers and tables: the plain program would measure its tables',
  skinning: 'Lua has numbers and tables: the plain program would measure its tables',
  slerp: 'Lua has numbers and tables: the plain program would measure its tables',
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
