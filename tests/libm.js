// libm.js - the one list of operations whose last place depends on the C library: a native tool and a Wasm module, which
// brings its own, may differ there and nowhere else. Each against itself is compared to the bit.
const LIBM = new Set([
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'], // trigonometry
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'], // hyperbolic
  ...['exp', 'log', 'log2', 'log10', 'cbrt', 'pow'], // exponential; sqrt is IEEE's own
  ...['rotate2D', 'slerp', 'quatSlerp', 'quatAngleBetween', 'quatFromAxisAngle', 'quatToAxisAngle', 'quatFromAngles'], // by sin, cos, acos
  ...['rgbToOkLCh', 'rgbFromOkLCh'], // by cbrt, atan2, sin, cos, pow
].map((name) => `math/${name}`));

/** Operations that slerp: a node of these uses the C library when its configuration or its target says so. */
const SLERPING = new Set(['variable/interpolate', 'pointer/interpolate', 'animation/start']);

/** Whether an operation may differ in the last place between a native tool and a Wasm module. */
export const usesLibm = (op) => LIBM.has(op) || SLERPING.has(op);
