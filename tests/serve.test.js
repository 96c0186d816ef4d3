// serve.test.js - what the static server serves, with which headers, and what it refuses.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../js/serve.js';

const root = mkdtempSync(join(tmpdir(), 'treadle-serve-'));
let server;

/** An import map, and what sha256 makes of it: printf '%s' MAP | openssl dgst -sha256 -binary | base64 */
const MAP = '{"imports":{"three":"../node_modules/three/build/three.module.js"}}';
const HASH = 'eTTkfi6AVBoARNu1E09MLFPmoKFx3iPbw650A50suf8=';

before(async () => {
  for (const folder of ['html', 'build/plain', 'tests/web', 'src', 'node_modules/three/build']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'html/index.html'), '<!doctype html>');
  writeFileSync(join(root, 'html/map.html'), `<!doctype html><script type="importmap">${MAP}</script>`);
  writeFileSync(join(root, 'node_modules/three/build/three.module.js'), '');
  writeFileSync(join(root, 'node_modules/three/package.json'), '');
  writeFileSync(join(root, 'build/plain/treadle.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]));
  writeFileSync(join(root, 'build/plain/linked.wasm'), '');
  writeFileSync(join(root, 'src/secret.c'), '');
  writeFileSync(join(root, 'tests/web/page.html'), '');
  symlinkSync('/etc/passwd', join(root, 'html/link.txt'));
  server = await serve({ port: 0, root, also: ['tests/web/'] });
});

after(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

/** Asks for a path exactly as written, which fetch would tidy up first. */
function ask(path, { method = 'GET', host } = {}) {
  return new Promise((done, fail) => {
    const headers = host === undefined ? {} : { host };
    const ours = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (answer) => {
      let body = '';
      answer.on('data', (bytes) => (body += bytes));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }));
    });
    ours.on('error', fail).end();
  });
}

test('a page comes isolated, under a policy without unsafe-eval, and is never cached', async () => {
  const { status, headers, body } = await ask('/html/index.html');
  assert.equal(status, 200);
  assert.equal(body, '<!doctype html>');
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(
    headers['content-security-policy'],
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' blob: data:; " +
      "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  );
});

test('an import map in a page is let through by its hash; other pages let none through', async () => {
  const { headers } = await ask('/html/map.html');
  assert.ok(headers['content-security-policy'].includes(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${HASH}'; style-src`));
  assert.ok(!(await ask('/html/index.html')).headers['content-security-policy'].includes('sha256'));
});

test('of three.js its modules are served, and nothing else', async () => {
  assert.equal((await ask('/node_modules/three/build/three.module.js')).status, 200);
  assert.equal((await ask('/node_modules/three/package.json')).status, 404);
});

test('a module is application/wasm; what lies beside it is not served', async () => {
  assert.equal((await ask('/build/plain/treadle.wasm')).headers['content-type'], 'application/wasm');
  assert.equal((await ask('/build/plain/linked.wasm')).status, 404);
  assert.equal((await ask('/src/secret.c')).status, 404);
});

test('the root leads to the index, a folder to its own', async () => {
  const { status, headers } = await ask('/');
  assert.deepEqual([status, headers.location], [302, '/html/index.html']);
  assert.equal((await ask('/html/')).status, 200);
  assert.equal((await ask('/html')).status, 404);
});

test('a folder named by `also` is served', async () => {
  assert.equal((await ask('/tests/web/page.html?x=1')).status, 200);
});

for (const path of ['/html/../src/secret.c', '/html/%2e%2e/src/secret.c', '/html/..%2fsrc/secret.c', '/html/..%5csrc', '/%00', '/%zz', '//../x']) {
  test(`the path ${path} is refused`, async () => assert.equal((await ask(path)).status, 400));
}

test('a link that leads out of the root is not followed', async () => {
  assert.equal((await ask('/html/link.txt')).status, 404);
});

test('a request for another host is refused, whatever it asks for', async () => {
  assert.equal((await ask('/html/index.html', { host: 'evil.example' })).status, 421);
  assert.equal((await ask('/html/index.html', { host: `localhost:${server.port}` })).status, 200);
});

test('only GET and HEAD are answered; HEAD without a body', async () => {
  assert.equal((await ask('/html/index.html', { method: 'POST' })).status, 405);
  const { status, headers, body } = await ask('/html/index.html', { method: 'HEAD' });
  assert.deepEqual([status, headers['content-length'], body], [200, '15', '']);
});

test('without a port the next free one is taken', async () => {
  const one = await serve({ root });
  const two = await serve({ root });
  assert.ok(one.port >= 8080 && two.port > one.port);
  await one.close();
  await two.close();
});
