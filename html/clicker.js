// clicker.js - a worker that tells its page the time, now and again and never in step with its frames.

/** Milliseconds between two clicks: on average, since a steady beat would meet the same part of each frame. */
const EVERY = 20;

function click() {
  postMessage(performance.timeOrigin + performance.now());
  setTimeout(click, EVERY * (0.5 + Math.random()));
}

click();
