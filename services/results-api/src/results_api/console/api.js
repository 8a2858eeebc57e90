// Calls of the HTTP API, always of this origin and with the token in a header.

import { session } from "./session.js";

const ANSWER_MS = 15_000;
const UPLOAD_MS = 60_000;
// More than the gateway waits for a report to be printed.
const DOCUMENT_MS = 65_000;
const RETRIES = 2;
// A person waits for the answer.
const LONGEST_PAUSE_MS = 5_000;

/** An error response (RFC 9457): `detail` is a sentence for a person, `code` names the case. */
export class Problem extends Error {
  constructor({ status, title, detail, code, retryAfter }) {
    super(detail);
    Object.assign(this, { status, title, detail, code, retryAfter });
  }
}

/** The server did not answer. */
export class Unreachable extends Error {
  constructor() {
    super(
      navigator.onLine
        ? "The server cannot be reached at the moment. Nothing was lost; try again."
        : "You are offline. Nothing was lost; try again when you are connected.",
    );
  }
}

/** Read JSON. A read is repeated after 429, 503 and 504, as Retry-After says. */
export async function get(path, { signal } = {}) {
  return json(await repeated(() => send("GET", path, { signal }), signal));
}

/** Read JSON with its ETag. Return null if it is still the one with `etag`. */
export async function getIfChanged(path, { etag, signal } = {}) {
  const headers = etag ? { "If-None-Match": etag } : {};
  const response = await send("GET", path, { headers, signal });
  if (response.status === 304) return null;
  return { body: await json(response), etag: response.headers.get("ETag") };
}

/** Send JSON. With an idempotency key, a request whose answer was lost is repeated and has one effect. */
export async function post(path, body, { idempotencyKey } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const once = () => send("POST", path, { headers, body: JSON.stringify(body) });
  return json(await (idempotencyKey ? repeated(once) : once()));
}

let last = { request: null, key: null };

/** Send JSON that has one effect, even if the answer was lost and the same is sent again. */
export async function postOnce(path, body) {
  const request = JSON.stringify([path, body]);
  if (last.request !== request) last = { request, key: randomKey() };
  const answer = await post(path, body, { idempotencyKey: last.key });
  last = { request: null, key: null };
  return answer;
}

/** Return a random key. crypto.randomUUID exists on https and loopback only. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Replace something with JSON. */
export async function put(path, body) {
  return json(await send("PUT", path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));
}

/** Upload a file, with other fields of its form. */
export async function upload(path, file, fields = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return json(await send("POST", path, { body: form, milliseconds: UPLOAD_MS }));
}

/** Delete something. */
export async function remove(path) {
  await send("DELETE", path);
}

/** Fetch a document as a blob, with the file name that the server suggests and its headers. */
export async function download(path) {
  const response = await send("GET", path, { milliseconds: DOCUMENT_MS });
  const suggested = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "");
  const blob = await response.blob().catch(() => {
    throw new Unreachable();
  });
  return { blob, name: suggested?.[1] ?? null, headers: response.headers };
}

/** Send one request and return its response. Throws Problem or Unreachable. */
export async function send(method, path, { headers = {}, body, signal, milliseconds = ANSWER_MS } = {}) {
  const asked = session.token;
  const authorization = asked === null ? {} : { Authorization: `Bearer ${asked}` };
  const limits = [signal, milliseconds && AbortSignal.timeout(milliseconds)].filter(Boolean);
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...authorization, ...headers },
      body,
      signal: AbortSignal.any(limits),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable();
  }
  if (response.ok || response.status === 304) return response;
  const problem = await readProblem(response);
  if (problem.status === 401 && asked !== null && asked === session.token) {
    window.dispatchEvent(new Event("session-expired"));
  }
  throw problem;
}

/** Read a body, during which the connection may still be lost. */
async function json(response) {
  try {
    return await response.json();
  } catch {
    throw new Unreachable();
  }
}

async function readProblem(response) {
  const problem = await response.json().catch(() => ({}));
  return new Problem({
    status: response.status,
    title: problem.title ?? "Error",
    detail: problem.detail ?? `The server answered with status ${response.status}.`,
    code: problem.code ?? null,
    retryAfter: Number(response.headers.get("Retry-After")) || null,
  });
}

async function repeated(once, signal) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      const isTemporary = error instanceof Unreachable ? navigator.onLine : [429, 503, 504].includes(error.status);
      if (!isTemporary || attempt === RETRIES || signal?.aborted) throw error;
      await pause(Math.min((error.retryAfter ?? 1) * 1000, LONGEST_PAUSE_MS), signal);
    }
  }
}

/** Wait. Ends early when the browser comes online again or `signal` is aborted. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    window.addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}
