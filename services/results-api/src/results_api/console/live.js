// Follow an analysis, or the matches of a job, until it ends: server-sent events, and polling where these do not
// arrive.
//
// EventSource cannot send an Authorization header, and a token must not stand in an address. So the stream is
// read with fetch.

import { Problem, Unreachable, getIfChanged, pause, send } from "./api.js";

const ENDED = new Set(["completed", "failed", "error", "cancelled"]);
// The server sends a comment at least every 15 s.
const SILENT_MS = 40_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

export const CONNECTIONS = {
  live: "Updates arrive live.",
  polling: "Checking every few seconds.",
  offline: "Waiting for the connection. Updates go on by themselves.",
};

export function hasEnded(status) {
  return ENDED.has(status.status);
}

/** Follow an analysis. */
export function followAnalysis(analysisId, options) {
  const base = `/api/v1/analysis/analysis/${encodeURIComponent(analysisId)}`;
  return follow({ stream: `${base}/events`, eventName: "status", state: `${base}/status`, isFinal: hasEnded, ...options });
}

/** Follow the counts of a job's matches. */
export function followMatches(jobId, options) {
  const state = `/api/v1/jobs/${encodeURIComponent(jobId)}/matches`;
  return follow({ stream: `${state}/events`, eventName: "progress", state, ...options });
}

/**
 * Call `onStatus` with each status, until one is final. `onConnection` is told how the updates arrive: a key of
 * CONNECTIONS. Throws Problem if the status cannot be read.
 */
async function follow({ stream, eventName, state, isFinal, onStatus, onConnection, signal }) {
  const seen = { eventId: null, etag: null };
  let milliseconds = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const event of events(stream, eventName, seen, signal, () => onConnection("live"))) {
        milliseconds = FIRST_PAUSE_MS;
        onStatus(event);
        if (isFinal(event)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && [401, 403, 404, 422].includes(error.status)) throw error;
    }
    // The stream ended, or could not be opened. Ask once, then open it again after the last event received.
    try {
      const changed = await getIfChanged(state, { etag: seen.etag, signal });
      onConnection("polling");
      if (changed !== null) {
        seen.etag = changed.etag;
        onStatus(changed.body);
        if (isFinal(changed.body)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && ![429, 503, 504].includes(error.status)) throw error;
      onConnection(error instanceof Unreachable ? "offline" : "polling");
    }
    await pause(milliseconds, signal);
    milliseconds = Math.min(milliseconds * 2, LONGEST_PAUSE_MS);
  }
}

async function* events(path, eventName, seen, signal, onOpen) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const resume = seen.eventId === null ? {} : { "Last-Event-ID": seen.eventId };
    const response = await send("GET", path, {
      headers: { Accept: "text/event-stream", ...resume },
      signal: AbortSignal.any([signal, silence.signal]),
      milliseconds: null,
    });
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      for (const event of parser.feed(value)) {
        if (event.id !== null) seen.eventId = event.id;
        if (event.name === eventName) yield JSON.parse(event.data);
      }
    }
  } finally {
    clearTimeout(timer);
    // Also when the last status has arrived: the connection is not needed any more.
    silence.abort();
  }
}

/** Parser of text/event-stream, for text that arrives in pieces. */
class EventParser {
  #rest = "";
  #event = { name: "message", id: null, data: [] };

  *feed(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        const { name, id, data } = this.#event;
        this.#event = { name: "message", id: null, data: [] };
        if (data.length) yield { name, id, data: data.join("\n") };
        continue;
      }
      const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line);
      if (field === "event") this.#event.name = value ?? "";
      else if (field === "id") this.#event.id = value ?? "";
      else if (field === "data") this.#event.data.push(value ?? "");
    }
  }
}
