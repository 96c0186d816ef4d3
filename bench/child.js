// child.js - The process that measure.js runs in: takes one job by message, answers, ends.

import { engine as load } from './engines.js';
import { measure } from './measure.js';

process.once('message', async (/** @type {any} */ job) => {
  let answer;
  try {
    answer = await measure(job);
  } catch (error) {
    answer = job.members.map(() => ({ error: error?.message ?? String(error) }));
  }
  for (const name of new Set(job.members.map((member) => member.engine))) await (await load(name)).close?.();
  process.send?.(answer, () => process.exit());
});
