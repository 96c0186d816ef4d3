// raf.js - the simplest way to run graphs in a page: one tick and one batch of work in every animation frame.
//
//     const engine = await open({ variant: 'step', drive: 'manual' }); // nothing runs by itself
//     const graph = await engine.load(file);
//     const run = graph.start();
//     const stop = runInFrames(engine, 8);                             // 8 of a frame's 16.7 ms
//
// A step build never blocks: turn() asks C for work until the batch's time is up, C returns with all that is running kept
// as data in its memory, and the page paints, scrolls and answers clicks until the next frame. The price is the part of
// each frame that nobody uses; drive.js, which engines use by themselves, shares that out too.

/**
 * @param {{turn(ms: number): boolean}} engine
 * @param {number} [ms] for work, of each frame
 * @returns {() => void} stops it
 */
export function runInFrames(engine, ms = 8) {
  let asked = requestAnimationFrame(function frame() {
    asked = requestAnimationFrame(frame); // first: so that stopping from within a graph's event works, too
    engine.turn(ms);
  });
  return () => cancelAnimationFrame(asked);
}

/**
 * The same by count: `batch` flow inputs in each frame, so that the eye can follow. The run should be paused.
 * @param {{step(count: number): number, status: string}} run
 * @param {number} [batch]
 */
export function stepInFrames(run, batch = 1) {
  let asked = requestAnimationFrame(function frame() {
    asked = requestAnimationFrame(frame);
    if (run.status === 'paused') run.step(batch);
    else cancelAnimationFrame(asked);
  });
  return () => cancelAnimationFrame(asked);
}
