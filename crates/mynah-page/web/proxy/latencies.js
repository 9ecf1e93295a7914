// How long statements took, and which errors they had, since the page was opened.

/** The upper ends of the ranges, in microseconds. */
export const RANGES = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, Infinity];

/** Counts of durations and of errors. */
export class Latencies {
  constructor() {
    /** How many statements are in each range. @type {number[]} */
    this.counts = RANGES.map(() => 0);
    /** @type {Map<number, {count: number, message: unknown}>} */
    this.errors = new Map();
  }

  clear() {
    this.counts.fill(0);
    this.errors.clear();
  }

  /** @param {any} event */
  add(event) {
    if (event.latency_us !== undefined) {
      this.counts[RANGES.findIndex((most) => event.latency_us <= most)] += 1;
    }
    if (event.outcome !== "error") return;
    const error = this.errors.get(event.error);
    if (error) {
      error.count += 1;
      error.message = event.message;
    } else if (this.errors.size < 500) {
      this.errors.set(event.error, { count: 1, message: event.message });
    }
  }
}
