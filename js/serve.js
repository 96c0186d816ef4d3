// serve.js - a small static server on loopback, with the headers the pages need: isolation, a strict CSP, application/wasm.
//
//     node js/serve.js [--port N] [--also FOLDER]...
//
// Without --port it takes 8080 or the next free one. --also serves one more folder (tests/web, say).
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HERE = fileURLToPath(new URL('..', import.meta.url));

// What may be read, from the root of the project.
const SERVED = [
  /^html\//,
  /^js\//,
  /^build\/[\w-]+\/treadle\.wasm$/,
  /^build\/(size|conformance)\.json$/,
  /^build\/bench\/hand\.wasm$/,
  /^bench\/([\w-]+|peers\/(hand|js))\.js$/,
  /^bench\/graphs\/[\w-]+\.graph\.json$/,
  /^node_modules\/uplot\/dist\//,
  /^node_modules\/three\/(build|examples\/jsm)\/.*\.js$/,
];

// What only a command writes: that it is not there is an answer, and no fault that a browser should complain about.
const MEASURED = /^build\/(conformance\.json|bench\/hand\.wasm)$/;

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.glb': 'model/gltf-binary',
  '.gltf': 'model/gltf+json',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * Scripts come from here only and are never made from text; WebAssembly may be compiled. Pictures may also be what a page
 * holds itself: in a glTF they are part of the file.
 * @param {string} scripts what else may be a script
 */
const policyWith = (scripts) => [
  "default-src 'none'",
  `script-src 'self' 'wasm-unsafe-eval'${scripts}`,
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self' blob: data:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export const POLICY = policyWith('');

/**
 * The policy for a file. Browsers take import maps from within a page only, so the map that stands in a file is let through
 * by its hash: that text and no other.
 * @param {string} file
 */
async function policyFor(file) {
  if (extname(file) !== '.html') return POLICY;
  const maps = (await readFile(file, 'utf8').catch(() => '')).matchAll(/<script type="importmap">(.*?)<\/script>/gs);
  return policyWith([...maps].map(([, map]) => ` 'sha256-${createHash('sha256').update(map).digest('base64')}'`).join(''));
}

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * The path a request means, from the root and without a leading slash; null when it is no plain path.
 * @param {string} url
 */
function pathOf(url) {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    const parts = path.split('/').slice(1);
    const plain = path.startsWith('/') && parts.every((part) => part !== '..' && part !== '.' && !/[\\\0]/.test(part));
    if (!plain) return null;
    return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
  } catch {
    return null;
  }
}

/**
 * The file behind a path, when it may be served: inside the root even after links are followed.
 * @param {string} root
 * @param {string} path
 * @param {string[]} also
 */
async function fileOf(root, path, also) {
  if (!SERVED.some((rule) => rule.test(path)) && !also.some((folder) => path.startsWith(`${folder}/`))) return null;
  try {
    const file = await realpath(join(root, path));
    const inside = file.startsWith((await realpath(root)) + sep);
    const { size } = await stat(file);
    return inside && (await stat(file)).isFile() ? { file, size } : null;
  } catch {
    return null;
  }
}

/**
 * Serves the project's pages on loopback.
 * @param {{port?: number, root?: string, also?: string[]}} [options] `port` 0 takes any free one; without
 *   it, 8080 or the next free one is taken
 * @returns {Promise<{url: string, port: number, close: () => Promise<void>}>}
 */
export async function serve({ port, root = HERE, also = [] } = {}) {
  const folders = also.map((folder) => folder.replace(/\/+$/, ''));
  let hosts = new Set();

  const server = createServer(async (request, response) => {
    const end = (/** @type {number} */ status, /** @type {object} */ more = {}) =>
      response.writeHead(status, { ...HEADERS, 'Content-Type': TYPES['.txt'], ...more }).end(status === 204 ? undefined : `${status}\n`);

    // A page of another site that points its name at this machine sends its own name.
    if (!hosts.has(request.headers.host)) return end(421);
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, { Allow: 'GET, HEAD' });
    const path = pathOf(request.url ?? '');
    if (path === null) return end(400);
    if (path === 'favicon.ico') return end(204);
    if (path === 'index.html') return end(302, { Location: '/html/index.html' });
    const found = await fileOf(root, path, folders);
    if (!found) return end(MEASURED.test(path) ? 204 : 404);

    const type = TYPES[extname(found.file)] ?? 'application/octet-stream';
    const policy = { 'Content-Security-Policy': await policyFor(found.file) };
    response.writeHead(200, { ...HEADERS, ...policy, 'Content-Type': type, 'Content-Length': found.size });
    if (request.method === 'HEAD') return response.end();
    return createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
  });

  const taken = await listen(server, port ?? 8080, port === undefined ? 100 : 0);
  hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${taken}`));
  return {
    url: `http://127.0.0.1:${taken}/`,
    port: taken,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * Listens on `port`, or on one of the `more` after it; the port it got.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {number} more
 * @returns {Promise<number>}
 */
function listen(server, port, more) {
  return new Promise((done, fail) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' && more > 0) done(listen(server, port + 1, more - 1));
      else fail(error);
    });
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      done(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, also: { type: 'string', multiple: true } } });
  const { url } = await serve({ port: values.port === undefined ? undefined : Number(values.port), also: values.also });
  console.log(`Treadle's pages are at ${url}`);
}
