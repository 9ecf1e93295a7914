// Server-sent events by `fetch`, since an `EventSource` can't send a token.

import { request } from "./api.js";
import { SLICE, pause } from "./dom.js";

/** How many lines may wait before no more are read: then the program drops events, and counts them. */
const MOST_WAITING = 20_000;
/** The longest time between two tries to connect, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** A stream of events that connects again when it breaks. */
export class EventStream {
  /**
   * @param {string} path
   * @param {(line: string) => void} onLine gets the JSON of each event
   * @param {(state: "connecting" | "live" | "broken", why: string) => void} onState
   */
  constructor(path, onLine, onState) {
    this.path = path;
    this.onLine = onLine;
    this.onState = onState;
    this.abort = new AbortController();
    /** @type {string[]} */
    this.waiting = [];
    /** @type {Promise<void> | null} */
    this.draining = null;
    this.run();
  }

  stop() {
    this.abort.abort();
    this.waiting = [];
  }

  async run() {
    let wait = 500;
    while (!this.abort.signal.aborted) {
      this.onState("connecting", "");
      let why = "the proxy has ended the stream";
      try {
        const response = await request(this.path, { signal: this.abort.signal });
        if (!response.ok || !response.body) throw new Error((await response.text()).trim());
        wait = 500;
        this.onState("live", "");
        await this.read(response.body);
      } catch (error) {
        if (this.abort.signal.aborted) return;
        why = error instanceof TypeError ? "the proxy can't be reached" : String(error);
      }
      if (this.abort.signal.aborted) return;
      this.onState("broken", why);
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  /** @param {ReadableStream<Uint8Array>} body */
  async read(body) {
    const decoder = /** @type {ReadableWritablePair<string, Uint8Array>} */ (new TextDecoderStream());
    const reader = body.pipeThrough(decoder).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) this.waiting.push(line);
      if (this.waiting.length > MOST_WAITING) await this.drain();
      else if (!this.draining) this.drain();
    }
  }

  /** Handles what waits, in slices that leave the browser time for pictures and keys. */
  drain() {
    this.draining ??= this.drainAll().finally(() => {
      this.draining = null;
    });
    return this.draining;
  }

  async drainAll() {
    while (this.waiting.length > 0) {
      const until = performance.now() + SLICE;
      let count = 0;
      while (count < this.waiting.length && performance.now() < until) {
        this.onLine(this.waiting[count].slice("data: ".length));
        count += 1;
      }
      this.waiting.splice(0, count);
      await pause();
    }
  }
}
