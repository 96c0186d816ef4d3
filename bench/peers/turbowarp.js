// turbowarp.js - TurboWarp: Scratch projects, packaged by its packager, in Chromium; warp with and without its timer.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';
import { project } from './scratch.js';

/** @typedef {import('../workloads.js').Prepare} Prepare */

const Packager = createRequire(import.meta.url)('@turbowarp/packager');

/** With its timer a warped script gives the page a turn every 500 ms, if it can; without it never does. */
export const ways = [
  { variant: 'timer', runner: null },
  { variant: 'no timer', runner: null },
];

export const group = 'turbowarp';

/** @type {Record<string, string>} */
export const sizes = { '*': 'full', skinning: 'short', pingpong: 'short' };

/** @type {Record<string, string>} */
export const missing = {
  pointers: 'it has no object model',
  ticking: 'a project has one clock, that of the screen',
  load1k: 'its scripts are compiled when they first run: loading is not to be told from running',
  load10k: 'its scripts are compiled when they first run: loading is not to be told from running',
  load100k: 'its scripts are compiled when they first run: loading is not to be told from running',
};

/** @type {import('./scratch.js').Script['blocks']} */
const sum = {
  main: { body: [['set', 'v', 0], ['set', 'i', 0], ['repeat', 'n', [['change', 'v', 'i'], ['change', 'i', 1]]]] },
};

const collatz = {
  main: {
    body: [
      ['set', 'best', 0],
      ['set', 'bestLength', 0],
      ['set', 'start', 1],
      [
        'repeat',
        ['-', 'n', 1],
        [
          ['set', 'x', 'start'],
          ['set', 'length', 1],
          [
            'until',
            ['not', ['>', 'x', 1]],
            [
              ['set', 'half', ['*', 'x', 0.5]],
              ['if', ['=', ['floor', 'half'], 'half'], [['set', 'x', 'half']], [['set', 'x', ['+', ['*', 3, 'x'], 1]]]],
              ['change', 'length', 1],
            ],
          ],
          ['if', ['>', 'length', 'bestLength'], [['set', 'best', 'start'], ['set', 'bestLength', 'length']]],
          ['change', 'start', 1],
        ],
      ],
    ],
  },
};

const nested = {
  main: {
    body: [
      ['set', 'v', 0],
      ['set', 'i', 0],
      [
        'repeat',
        'n',
        [
          ['set', 'j', 0],
          [
            'repeat',
            'n',
            [
              ['set', 'k', 0],
              ['repeat', 'n', [['change', 'v', ['+', ['*', 'i', 'j'], 'k']], ['change', 'k', 1]]],
              ['change', 'j', 1],
            ],
          ],
          ['change', 'i', 1],
        ],
      ],
    ],
  },
};

const machine = {
  main: {
    body: [
      ['set', 'a', 1],
      ['set', 'hits', 0],
      ['set', 'state', 0],
      ['set', 'passed', 0],
      [
        'repeat',
        'n',
        [
          [
            'if',
            ['=', 'state', 0],
            [['set', 'a', ['mod', ['+', ['*', 'a', 13], 7], 1021]], ['set', 'state', 1]],
            [
              [
                'if',
                ['=', 'state', 1],
                [['set', 'state', ['+', 2, ['mod', 'a', 2]]]],
                [
                  [
                    'if',
                    ['=', 'state', 2],
                    [['change', 'a', 1], ['set', 'state', 0], ['set', 'passed', 0]],
                    [['set', 'state', 0], ['if', ['<', 'passed', 3], [['change', 'passed', 1], ['change', 'hits', 1]]]],
                  ],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  },
};

const mandelbrot = {
  main: {
    body: [
      ['set', 'total', 0],
      ['set', 'py', 0],
      [
        'repeat',
        'height',
        [
          ['set', 'cy', ['-', ['*', 'py', 'step'], 1.125]],
          ['set', 'px', 0],
          [
            'repeat',
            'width',
            [
              ['set', 'cx', ['-', ['*', 'px', 'step'], 2]],
              ['set', 'zx', 0],
              ['set', 'zy', 0],
              ['set', 'k', 0],
              [
                'until',
                ['not', ['and', ['<', 'k', 100], ['not', ['>', ['+', ['*', 'zx', 'zx'], ['*', 'zy', 'zy']], 4]]]],
                [
                  ['set', 't', ['+', ['-', ['*', 'zx', 'zx'], ['*', 'zy', 'zy']], 'cx']],
                  ['set', 'zy', ['+', ['*', ['*', 2, 'zx'], 'zy'], 'cy']],
                  ['set', 'zx', 't'],
                  ['change', 'k', 1],
                ],
              ],
              ['change', 'total', 'k'],
              ['change', 'px', 1],
            ],
          ],
          ['change', 'py', 1],
        ],
      ],
    ],
  },
};

const lanes = ['x', 'y', 'z'];

const particles = {
  main: {
    body: [
      ...[['vx', 1], ['vy', 0.5], ['vz', 0.25], ['px', 0], ['py', 0], ['pz', 0], ['e', 0]].map(([name, value]) => ['set', name, value]),
      [
        'repeat',
        'n',
        [
          ['change', 'vy', -0.0078125],
          ...lanes.map((lane) => ['change', `p${lane}`, ['*', `v${lane}`, 0.5]]),
          ['change', 'e', ['+', ['+', ['*', 'vx', 'px'], ['*', 'vy', 'py']], ['*', 'vz', 'pz']]],
        ],
      ],
    ],
  },
};

const item = (/** @type {string} */ list, /** @type {any} */ index) => ['item', list, index];
const plus = (/** @type {any[]} */ ...terms) => terms.reduce((a, b) => ['+', a, b]);
const UNIT = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Matrices are lists of 16; items are counted from 1. */
const skinning = {
  main: {
    body: [
      ['set', 's', 0],
      ...UNIT.map((value, k) => ['replace', 'm', k + 1, value]),
      [
        'repeat',
        'n',
        [
          ['call', 'multiply'],
          ...[0, 1, 2].map((r) => [
            'set',
            `out${r}`,
            plus(['*', item('m', r + 1), 3], ['*', item('m', r + 5), 5], ['*', item('m', r + 9), 7], item('m', r + 13)),
          ]),
          ['change', 's', plus('out0', ['*', 16, 'out1'], ['*', 256, 'out2'])],
        ],
      ],
    ],
  },
  multiply: {
    body: [
      ['set', 'c', 0],
      [
        'repeat',
        4,
        [
          ['set', 'r', 1],
          [
            'repeat',
            4,
            [
              [
                'replace',
                'product',
                ['+', 'c', 'r'],
                plus(...[0, 1, 2, 3].map((k) => ['*', item('m', ['+', 'r', 4 * k]), item('turn', ['+', 'c', k + 1])])),
              ],
              ['change', 'r', 1],
            ],
          ],
          ['change', 'c', 4],
        ],
      ],
      ['set', 'c', 1],
      ['repeat', 16, [['replace', 'm', 'c', item('product', 'c')], ['change', 'c', 1]]],
    ],
  },
};

/** Angles are in degrees there, and sines are rounded to ten digits. */
const slerp = {
  main: {
    body: [
      ['set', 's', 0],
      ['set', 'i', 0],
      [
        'repeat',
        'n',
        [
          ['call', 'slerp', ['*', 'i', 'step']],
          ['change', 's', ['+', ['*', 2, item('q', 1)], item('q', 4)]],
          ['change', 'i', 1],
        ],
      ],
    ],
  },
  slerp: {
    args: ['c'],
    body: [
      ['set', 'dot', plus(...[1, 2, 3, 4].map((k) => ['*', item('a', k), item('b', k)]))],
      ['set', 'sign', 1],
      ['if', ['<', 'dot', 0], [['set', 'sign', -1]]],
      ['set', 'dot', ['*', 'dot', 'sign']],
      ['if', ['>', 'dot', 1], [['set', 'dot', 1]]],
      ['set', 'angle', ['acos', 'dot']],
      [
        'if',
        ['<', 'angle', 0.00006],
        [['set', 'from', ['-', 1, ['arg', 'c']]], ['set', 'to', ['*', 'sign', ['arg', 'c']]]],
        [
          ['set', 'from', ['/', ['sin', ['*', ['-', 1, ['arg', 'c']], 'angle']], ['sin', 'angle']]],
          ['set', 'to', ['*', 'sign', ['/', ['sin', ['*', ['arg', 'c'], 'angle']], ['sin', 'angle']]]],
        ],
      ],
      ...[1, 2, 3, 4].map((k) => ['replace', 'q', k, ['+', ['*', 'from', item('a', k)], ['*', 'to', item('b', k)]]]),
    ],
  },
};

const START = {
  mass: [1, 0.015625, 0.0078125, 0.00390625, 0.001953125],
  px: [0, 4, 0, -8, 0],
  py: [0, 0, 6, 0, -10],
  pz: [0, 0.25, -0.5, 0.5, 0.25],
  vx: [0, 0, -0.40625, 0, 0.3125],
  vy: [0, 0.5, 0, -0.34375, 0],
  vz: [0, 0, 0, 0, 0],
};

const nbody = {
  main: {
    body: [
      ...Object.entries(START).flatMap(([list, values]) => values.map((value, k) => ['replace', list, k + 1, value])),
      ['repeat', 'n', [['call', 'step']]],
      ['set', 's', 0],
      ...[1, 2, 3, 4, 5].map((k) => ['change', 's', plus(item('px', k), ['*', item('py', k), 16], ['*', item('pz', k), 256])]),
    ],
  },
  step: {
    body: [
      ['set', 'i', 1],
      [
        'repeat',
        4,
        [
          ['set', 'j', ['+', 'i', 1]],
          [
            'repeat',
            ['-', 5, 'i'],
            [
              ...lanes.map((lane) => ['set', lane, ['-', item(`p${lane}`, 'j'), item(`p${lane}`, 'i')]]),
              ['set', 'r2', plus(...lanes.map((lane) => ['*', lane, lane]))],
              ['set', 'w', ['/', 0.015625, ['*', 'r2', ['sqrt', 'r2']]]],
              ...lanes.flatMap((lane) => [
                ['set', lane, ['*', lane, 'w']],
                ['replace', `v${lane}`, 'i', ['+', item(`v${lane}`, 'i'), ['*', lane, item('mass', 'j')]]],
                ['replace', `v${lane}`, 'j', ['-', item(`v${lane}`, 'j'), ['*', lane, item('mass', 'i')]]],
              ]),
              ['change', 'j', 1],
            ],
          ],
          ['change', 'i', 1],
        ],
      ],
      ['set', 'i', 1],
      [
        'repeat',
        5,
        [
          ...lanes.map((lane) => ['replace', `p${lane}`, 'i', ['+', item(`p${lane}`, 'i'), ['*', item(`v${lane}`, 'i'), 0.015625]]]),
          ['change', 'i', 1],
        ],
      ],
    ],
  },
};

/** It has no bits but lists: item i is 1 when i is struck out. */
const sieve = {
  main: {
    body: [['set', 'count', 0], ['set', 'top', 0], ['repeat', 'rounds', [['call', 'round']]]],
  },
  round: {
    body: [
      ['set', 'i', 1],
      ['repeat', 1023, [['replace', 'struck', 'i', 0], ['change', 'i', 1]]],
      ['set', 'passed', 0],
      ['set', 'i', 2],
      [
        'repeat',
        1022,
        [
          [
            'if',
            ['=', item('struck', 'i'), 0],
            [
              ['change', 'count', 1],
              ['set', 'top', 'i'],
              [
                'if',
                ['<', 'passed', 11],
                [
                  ['change', 'passed', 1],
                  ['set', 'j', ['*', 'i', 'i']],
                  ['until', ['>', 'j', 1023], [['replace', 'struck', 'j', 1], ['change', 'j', 'i']]],
                ],
              ],
            ],
          ],
          ['change', 'i', 1],
        ],
      ],
    ],
  },
};

const recursion = {
  main: { body: [['set', 'leaves', 0], ['call', 'tree', 'depth']] },
  tree: {
    args: ['n'],
    body: [
      [
        'if',
        ['<', ['arg', 'n'], 2],
        [['change', 'leaves', 1]],
        [['call', 'tree', ['-', ['arg', 'n'], 1]], ['call', 'tree', ['-', ['arg', 'n'], 2]]],
      ],
    ],
  },
};

const chance = ['random', ['text', '0.0'], ['text', '1.0']]; // with a point, it is not of whole numbers
const montecarlo = {
  main: {
    body: [
      ['set', 'hits', 0],
      [
        'repeat',
        'n',
        [
          ['set', 'x', chance],
          ['set', 'y', chance],
          ['if', ['<', ['+', ['*', 'x', 'x'], ['*', 'y', 'y']], 1], [['change', 'hits', 1]]],
        ],
      ],
    ],
  },
};

const values = {
  main: {
    body: [
      ['set', 'v', 0],
      ['set', 'i', 0],
      [
        'repeat',
        'n',
        [
          ['set', 'sum', 0],
          ['set', 'k', 0],
          [
            'repeat',
            99,
            [
              ['set', 'c', 'i'],
              ['set', 'g', 0],
              [
                'repeat',
                25,
                [
                  ['set', 'c', ['-', ['+', ['*', 'c', 0.75], 'k'], 'g']],
                  ['if', ['<', 'c', 0], [['set', 'c', 0]]],
                  ['change', 'g', 1],
                ],
              ],
              ['change', 'sum', 'c'],
              ['change', 'k', 1],
            ],
          ],
          ['change', 'v', 'sum'],
          ['change', 'i', 1],
        ],
      ],
    ],
  },
};

/** Messages have no values: the number of the ping is a variable. Scripts that receive one are no warped blocks. */
const pingpong = {
  start: [['set', 'pings', 0], ['set', 'pongs', 0], ['set', 'total', 0], ['send', 'ping']],
  messages: {
    ping: [['change', 'pings', 1], ['send', 'pong']],
    pong: [['change', 'pongs', 1], ['change', 'total', 'pings'], ['if', ['<', 'pings', 'n'], [['send', 'ping']]]],
  },
};

const QUIET = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** @type {?Promise<{page: () => Promise<import('@playwright/test').Page>, serve: (html: Uint8Array) => string, end: () => Promise<void>}>} */
let opened = null;

/** A browser, and a server that gives it one page each: the compiler needs a page without a policy. */
async function start() {
  /** @type {Map<string, Uint8Array>} */
  const pages = new Map();
  const server = createServer((request, response) => {
    const page = pages.get(request.url ?? '');
    response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: QUIET });
  return {
    page: () => browser.newPage(),
    serve(/** @type {Uint8Array} */ html) {
      const path = `/${pages.size}.html`;
      pages.set(path, html);
      return `http://127.0.0.1:${port}${path}`;
    },
    async end() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/**
 * The page of a packaged project, as its packager makes it.
 * @param {any} json
 * @param {boolean} warpTimer
 */
async function open(json, warpTimer) {
  const packager = new Packager.Packager();
  packager.project = await Packager.loadProject(Buffer.from(JSON.stringify(json)), () => {});
  packager.options.compiler.warpTimer = warpTimer;
  packager.options.cloudVariables.mode = '';
  const { data } = await packager.package();
  const { page: newPage, serve } = await (opened ??= start());
  const page = await newPage();
  await page.goto(serve(data));
  await page.waitForFunction(() => /** @type {any} */ (window).vm?.runtime?.targets?.length > 0);
  return page;
}

/**
 * One run in the page: inputs are set, the flag is clicked, and steps follow each other without waiting for frames, which
 * is faster than the project would go by itself. The time begins when the scripts are compiled.
 * @param {{params: Record<string, number>, results: string[]}} job
 */
function runInPage({ params, results }) {
  const { vm, scaffolding } = /** @type {any} */ (window);
  vm.quit(); // nobody else's steps
  for (const [name, value] of Object.entries(params)) scaffolding.setVariable(name, value);
  vm.greenFlag();
  const isCompiled = vm.runtime.threads.every((/** @type {any} */ thread) => thread.isCompiled);
  const begin = performance.now();
  while (vm.runtime.threads.some((/** @type {any} */ thread) => thread.status !== 4)) vm.runtime._step();
  const ms = performance.now() - begin;
  const result = Object.fromEntries(results.map((name) => [name, Number(scaffolding.getVariable(name))]));
  return { ms, result, isCompiled, warpTimer: vm.runtime.compilerOptions.warpTimer };
}

/** @type {Map<string, ReturnType<typeof open>>} one page for all runs of a workload in a way */
const pages = new Map();

/**
 * @param {import('./scratch.js').Script} script
 * @returns {Prepare}
 */
const program = (script) => async (size, { variant }) => {
  const key = JSON.stringify([variant, script]);
  if (!pages.has(key)) pages.set(key, open(project({ ...script, variables: Object.keys(size.params) }), variant === 'timer'));
  const page = await /** @type {ReturnType<typeof open>} */ (pages.get(key));
  return {
    async run() {
      const { ms, result, isCompiled, warpTimer } = await page.evaluate(runInPage, { params: size.params, results: Object.keys(size.result) });
      if (!isCompiled || warpTimer !== (variant === 'timer')) throw new Error('the project does not run as it was packaged');
      return { iterations: size.iterations, result, ms };
    },
    dispose() {},
  };
};

export async function close() {
  if (opened) await (await opened).end();
}

/** @param {number} count */
const zeros = (count) => Array.from({ length: count }, () => 0);
const turn = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1];

/** @type {Record<string, Prepare>} */
export const workloads = {
  sum: program({ blocks: sum }),
  collatz: program({ blocks: collatz }),
  nested: program({ blocks: nested }),
  switch: program({ blocks: machine }),
  mandelbrot: program({ blocks: mandelbrot }),
  particles: program({ blocks: particles }),
  skinning: program({ blocks: skinning, lists: { m: UNIT, turn, product: zeros(16) } }),
  slerp: program({ blocks: slerp, lists: { a: [0, 0, 0, 1], b: [0.6, 0, 0, 0.8], q: zeros(4) } }),
  nbody: program({ blocks: nbody, lists: START }),
  sieve: program({ blocks: sieve, lists: { struck: zeros(1023) } }),
  recursion: program({ blocks: recursion }),
  montecarlo: program({ blocks: montecarlo }),
  values: program({ blocks: values }),
  pingpong: program(pingpong),
};
