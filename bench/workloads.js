// workloads.js - The one list of workloads: what each is called, how large it is, and the result every engine must reach.

/**
 * One size of a workload.
 * @typedef {object} Size
 * @property {Record<string, number>} params  values of the graph's inputs
 * @property {number} iterations  how many units of work one run does
 * @property {Record<string, number>} result  what the variables must hold afterwards
 * @property {number} [within]  how far a result may be off, relatively: for sines, which engines spell differently
 */

/**
 * A workload that an engine has prepared; good for one run.
 * @typedef {object} Prepared
 * @property {() => Outcome | Promise<Outcome>} run  the timed part
 * @property {() => Record<string, number> | Promise<Record<string, number>>} [check]
 *   the result, when finding it is not part of the timed work
 * @property {() => void | Promise<void>} dispose
 */

/** @typedef {{iterations: number, result?: Record<string, number>, ms?: number}} Outcome  ms: when the engine took the time itself */

/**
 * One of the ways an engine can be run; `size` is for a way that is slower than the others, `without` names workloads that
 * would say nothing new.
 * @typedef {{variant: ?string, runner: ?string, size?: string, without?: string[]}} Way
 */

/** @typedef {(size: Size, how: Way) => Promise<Prepared>} Prepare */

/**
 * What a file in `peers/` exports (bench/treadle.js too).
 * @typedef {object} Engine
 * @property {Record<string, Prepare>} workloads
 * @property {Record<string, string>} sizes  workload to size; `*` is the rest
 * @property {Record<string, string>} missing  workload to the reason why it is not there
 * @property {Way[]} [ways]  each is measured; one unnamed if absent
 * @property {string} [group]  engines and ways of one group share a process and take turns in it; absent: each has its own
 * @property {() => Promise<void>} [close]  at the end of a process
 */

// The expected results do not come from any engine here. Where no closed formula is given they were
// computed in Python with its own integers and doubles, from the descriptions in README.md.
//
// `full` suits engines that compile or run bytecode, `short` graph interpreters written in
// JavaScript, `quick` a smoke test. Rates are per iteration, so rows of different sizes compare.

/** @type {Record<string, {unit: string, sizes: Record<string, Size>}>} */
export const workloads = {
  sum: {
    unit: 'loop bodies',
    sizes: {
      // v = n (n - 1) / 2
      quick: { params: { n: 10_000 }, iterations: 10_000, result: { v: 49_995_000 } },
      short: { params: { n: 1_000_000 }, iterations: 1_000_000, result: { v: 499_999_500_000 } },
      full: { params: { n: 10_000_000 }, iterations: 10_000_000, result: { v: 49_999_995_000_000 } },
    },
  },
  collatz: {
    unit: 'chain steps',
    sizes: {
      quick: { params: { n: 300 }, iterations: 14_151, result: { best: 231, bestLength: 128 } },
      short: { params: { n: 3_000 }, iterations: 215_015, result: { best: 2_919, bestLength: 217 } },
      full: {
        params: { n: 300_000 },
        iterations: 35_669_673,
        result: { best: 230_631, bestLength: 443 },
      },
    },
  },
  nested: {
    unit: 'inner loop bodies',
    sizes: {
      // t = n (n - 1) / 2;  v = n t t + n n t
      quick: { params: { n: 20 }, iterations: 8_000, result: { v: 798_000 } },
      short: { params: { n: 100 }, iterations: 1_000_000, result: { v: 2_499_750_000 } },
      full: { params: { n: 200 }, iterations: 8_000_000, result: { v: 79_998_000_000 } },
    },
  },
  switch: {
    unit: 'machine steps',
    sizes: {
      quick: { params: { n: 10_000 }, iterations: 10_000, result: { a: 604, hits: 1_846, state: 1 } },
      short: {
        params: { n: 1_000_000 },
        iterations: 1_000_000,
        result: { a: 923, hits: 185_179, state: 1 },
      },
      full: {
        params: { n: 8_000_000 },
        iterations: 8_000_000,
        result: { a: 203, hits: 1_481_476, state: 3 },
      },
    },
  },
  mandelbrot: {
    unit: 'point iterations',
    sizes: {
      // step = 3 / width, exact in binary
      quick: {
        params: { width: 32, height: 24, step: 0.09375 },
        iterations: 21_372,
        result: { total: 21_372 },
      },
      short: {
        params: { width: 128, height: 96, step: 0.0234375 },
        iterations: 337_037,
        result: { total: 337_037 },
      },
      full: {
        params: { width: 512, height: 384, step: 0.005859375 },
        iterations: 5_375_437,
        result: { total: 5_375_437 },
      },
    },
  },
  particles: {
    unit: 'particle steps',
    sizes: {
      quick: { params: { n: 10_000 }, iterations: 10_000, result: { e: 37_215_747_417.22107 } },
      short: { params: { n: 200_000 }, iterations: 200_000, result: { e: 6_095_817_897_658_587 } },
      full: { params: { n: 2_000_000 }, iterations: 2_000_000, result: { e: 6.102744677999428e19 } },
    },
  },
  skinning: {
    unit: 'joints',
    sizes: {
      // four quarter turns are the identity: 7262 for each four
      quick: { params: { n: 10_000 }, iterations: 10_000, result: { s: 18_155_000 } },
      short: { params: { n: 100_000 }, iterations: 100_000, result: { s: 181_550_000 } },
      full: { params: { n: 1_000_000 }, iterations: 1_000_000, result: { s: 1_815_500_000 } },
    },
  },
  slerp: {
    unit: 'quaternions',
    sizes: {
      // the sum of 2 sin(c w) + cos(c w) over c = 0, step, ... 1 - step, where w = atan2(0.6, 0.8)
      quick: {
        params: { n: 4_096, step: 2 ** -12 },
        iterations: 4_096,
        result: { s: 6_364.679384470998 },
        within: 1e-9,
      },
      short: {
        params: { n: 262_144, step: 2 ** -18 },
        iterations: 262_144,
        result: { s: 407_370.98144383135 },
        within: 1e-9,
      },
      full: {
        params: { n: 1_048_576, step: 2 ** -20 },
        iterations: 1_048_576,
        result: { s: 1_629_485.4257760926 },
        within: 1e-9,
      },
    },
  },
  nbody: {
    unit: 'steps',
    sizes: {
      quick: { params: { n: 1_000 }, iterations: 1_000, result: { s: -50.530215174279675 } },
      short: { params: { n: 20_000 }, iterations: 20_000, result: { s: 387.0918519615178 } },
      full: { params: { n: 200_000 }, iterations: 200_000, result: { s: 2_975.1501515866426 } },
    },
  },
  sieve: {
    unit: 'numbers and strikes',
    sizes: {
      // a round finds the 172 primes below 1024: 1022 numbers are looked at, 1449 strikes are made
      quick: { params: { rounds: 4 }, iterations: 9_884, result: { count: 688, top: 1_021 } },
      short: { params: { rounds: 100 }, iterations: 247_100, result: { count: 17_200, top: 1_021 } },
      full: { params: { rounds: 2_000 }, iterations: 4_942_000, result: { count: 344_000, top: 1_021 } },
    },
  },
  recursion: {
    unit: 'calls',
    sizes: {
      // leaves = Fibonacci(depth + 1); calls = 2 leaves - 1
      quick: { params: { depth: 15 }, iterations: 1_973, result: { leaves: 987 } },
      short: { params: { depth: 24 }, iterations: 150_049, result: { leaves: 75_025 } },
      full: { params: { depth: 32 }, iterations: 7_049_155, result: { leaves: 3_524_578 } },
    },
  },
  montecarlo: {
    unit: 'throws',
    sizes: {
      // n pi / 4; the deviation of hits is 0.52 / sqrt(n) of it, and six times that is allowed
      quick: { params: { n: 10_000 }, iterations: 10_000, result: { hits: 7_854 }, within: 0.032 },
      short: { params: { n: 250_000 }, iterations: 250_000, result: { hits: 196_350 }, within: 0.0063 },
      full: { params: { n: 4_000_000 }, iterations: 4_000_000, result: { hits: 3_141_593 }, within: 0.0016 },
    },
  },
  values: {
    unit: 'values',
    sizes: {
      quick: { params: { n: 2 }, iterations: 20_000, result: { v: 23_994.38967255158 } },
      short: { params: { n: 20 }, iterations: 200_000, result: { v: 239_954.32697784595 } },
      full: { params: { n: 2_000 }, iterations: 20_000_000, result: { v: 24_111_523.09944215 } },
    },
  },
  pointers: {
    unit: 'pointers set',
    sizes: {
      // eight in each turn of a loop; x is the last one's
      quick: { params: { n: 1_000 }, iterations: 8_000, result: { x: 8 } },
      short: { params: { n: 25_000 }, iterations: 200_000, result: { x: 8 } },
      full: { params: { n: 2_500_000 }, iterations: 20_000_000, result: { x: 8 } },
    },
  },
  pingpong: {
    unit: 'events',
    sizes: {
      // pongs = n;  total = n (n + 1) / 2
      quick: { params: { n: 1_000 }, iterations: 2_000, result: { pongs: 1_000, total: 500_500 } },
      short: {
        params: { n: 100_000 },
        iterations: 200_000,
        result: { pongs: 100_000, total: 5_000_050_000 },
      },
      full: {
        params: { n: 1_000_000 },
        iterations: 2_000_000,
        result: { pongs: 1_000_000, total: 500_000_500_000 },
      },
    },
  },
  ticking: {
    unit: 'graph ticks',
    sizes: {
      // every graph ends with 3 + 6 + ... + 60 = 630 (quick: 3 + 6 + 9 = 18); v is the sum over all
      quick: { params: { graphs: 100, ticks: 10 }, iterations: 1_000, result: { v: 1_800 } },
      full: { params: { graphs: 1_000, ticks: 60 }, iterations: 60_000, result: { v: 630_000 } },
    },
  },
  load1k: loading(1_000, 54_285),
  load10k: loading(10_000, 5_443_350),
  load100k: loading(100_000, 544_483_500),
};

/**
 * Loading a graph of n nodes; afterwards it is run once, untimed, to see that all of it is there.
 * It holds u = 33 n / 100 units, so v = u (u - 1) / 2.
 * @param {number} nodes
 * @param {number} v
 */
function loading(nodes, v) {
  return {
    unit: 'nodes',
    sizes: { full: { params: { nodes }, iterations: nodes, result: { v } } },
  };
}

/**
 * The size an engine runs a workload at: that of a quick run, of the way, of the workload, of the
 * engine, in this order. A size that the workload does not have is `full`.
 * @param {Pick<Engine, 'sizes'>} engine
 * @param {{workload: string, quick: boolean, size?: string}} job
 * @returns {Size}
 */
export function sizeFor(engine, job) {
  const { sizes } = workloads[job.workload];
  const wanted = job.quick ? 'quick' : (job.size ?? engine.sizes[job.workload] ?? engine.sizes['*']);
  return sizes[wanted] ?? sizes.full;
}
