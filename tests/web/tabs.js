// tabs.js - a Chromium with real tabs: Playwright tells every page that it is in front, so none of its pages is ever hidden.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM } from '../../js/start.js';

/** A browser that is spoken to in the DevTools protocol, over a pipe: messages of JSON with a NUL behind each. */
export class Tabs {
  #profile = mkdtempSync(join(tmpdir(), 'treadle-tabs-'));
  #browser = spawn(CHROMIUM.executablePath, [...CHROMIUM.args, '--headless=new', '--remote-debugging-pipe', `--user-data-dir=${this.#profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  #asked = 0;
  #waiting = new Map();
  #rest = '';

  constructor() {
    this.#browser.stdio[4].setEncoding('utf8').on('data', (text) => this.#hear(text));
  }

  #hear(text) {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop();
    for (const message of messages.map((json) => JSON.parse(json))) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }

  async #ask(method, params, sessionId) {
    const id = (this.#asked += 1);
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Opens a tab in front of the others. */
  async open(url) {
    const { targetId } = await this.#ask('Target.createTarget', { url });
    const { sessionId } = await this.#ask('Target.attachToTarget', { targetId, flatten: true });
    const tab = { targetId, sessionId };
    const isThere = (href) => location.href === href && document.readyState === 'complete';
    // While the page is on its way there is nothing to ask.
    while (!(await this.evaluate(tab, isThere, url).catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 20));
    return tab;
  }

  /** Brings a tab to the front. */
  async front({ targetId }) {
    await this.#ask('Target.activateTarget', { targetId });
  }

  /** What a function of the page gives, or its promise. */
  async evaluate({ sessionId }, work, argument) {
    const expression = `(${work})(${JSON.stringify(argument)})`;
    const { result, exceptionDetails } = await this.#ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async close() {
    const gone = new Promise((resolve) => this.#browser.once('close', resolve));
    // Asked to go, it takes its children along; killed, it leaves them writing into the folder.
    this.#ask('Browser.close', {}).catch(() => {});
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
    this.#browser.kill();
    await gone;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
  }
}
