// bench-worker.js - one job of the bench, away from the page: measures, answers, and is ended by the page.
import { measure } from '../bench/measure.js';

onmessage = async ({ data }) => {
  try {
    postMessage({ answers: await measure(data) });
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
