// embed-script.js - a plain script: open, load, start, await.
import { open } from '../js/treadle.js';

const place = document.getElementById('script-result');
const show = (text) => (place.textContent = text);

try {
  const engine = await open(); // step, or what this browser can do
  const graph = await engine.load(new URL('examples/collatz.graph.json', import.meta.url));
  const run = graph.start({ set: { n: 50_000 } });

  for await (const entry of run) if (entry.type === 'log') show(entry.text);

  const { status, outputs } = await run;
  show(`${place.textContent}\n${status}: ${JSON.stringify(outputs)}, ${engine.stats.yields} yields`);
  engine.close();
} catch (error) {
  show(String(error));
}
