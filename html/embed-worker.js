// embed-worker.js - the same in a worker: each answer is a promise, all else is as it was.
import { open } from '../js/treadle.js';

const place = document.getElementById('worker-result');
const show = (text) => (place.textContent = text);

try {
  const engine = await open({ worker: true, variant: 'plain' });
  const graph = await engine.load(new URL('examples/mandelbrot.graph.json', import.meta.url));
  const run = graph.start({ set: { side: 200 } });
  show('The worker is at work; this page has nothing to do.');

  for await (const entry of run) if (entry.type === 'log') show(entry.text);

  const { status, outputs } = await run;
  show(`${place.textContent}\n${status}: ${JSON.stringify(outputs)}`);
  engine.close();
} catch (error) {
  show(String(error));
}
