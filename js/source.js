// source.js - the bytes of a graph file, from all the forms a page or a program may have it in.
import { TreadleError, messageOf } from './error.js';
import { toJson } from './value.js';

/**
 * A string is the file's text; where it has to be fetched, it is a URL.
 * @typedef {string | URL | ArrayBuffer | ArrayBufferView | Blob | Response | Record<string, unknown>} Source
 */

/**
 * @param {Source} source
 * @param {AbortSignal} [signal]
 * @returns {Promise<{bytes: Uint8Array, name: string | undefined}>}
 */
export async function bytesOf(source, signal) {
  if (typeof source === 'string') return fromText(source);
  if (source instanceof URL) return fromUrl(source, signal);
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), name: undefined };
  if (ArrayBuffer.isView(source)) return { bytes: new Uint8Array(source.buffer, source.byteOffset, source.byteLength), name: undefined };
  if (source instanceof Blob) return { bytes: new Uint8Array(await source.arrayBuffer()), name: /** @type {File} */ (source).name };
  if (source instanceof Response) return fromResponse(source);
  if (typeof source === 'object' && source !== null) return { bytes: new TextEncoder().encode(toJson(source)), name: undefined };
  throw new TreadleError('SOURCE', `A graph comes as text, bytes, URL, Response, Blob or object, not as ${source}.`);
}

/** @param {string} text */
function fromText(text) {
  if (/^\S+\.(json|gltf|glb)$/i.test(text)) {
    throw new TreadleError('SOURCE', `"${text}" looks like an address; a string is taken as the graph's text. Give a URL: new URL("${text}", import.meta.url).`);
  }
  return { bytes: new TextEncoder().encode(text), name: undefined };
}

/**
 * @param {URL} url
 * @param {AbortSignal} [signal]
 */
async function fromUrl(url, signal) {
  const fs = url.protocol === 'file:' && globalThis.process?.getBuiltinModule?.('node:fs');
  try {
    if (fs) return { bytes: /** @type {Uint8Array} */ (await fs.promises.readFile(url, { signal })), name: url.pathname.split('/').at(-1) };
    return await fromResponse(await fetch(url, { signal }));
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TreadleError) throw error;
    throw new TreadleError('FETCH', `${url.href}: ${messageOf(error)}`, { cause: error });
  }
}

/** @param {Response} response */
async function fromResponse(response) {
  if (!response.ok) throw new TreadleError('FETCH', `${response.url}: ${response.status} ${response.statusText}`);
  const name = URL.canParse(response.url) ? decodeURIComponent(new URL(response.url).pathname.split('/').at(-1) ?? '') : '';
  return { bytes: new Uint8Array(await response.arrayBuffer()), name: name || undefined };
}
