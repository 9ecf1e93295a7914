// The statements that the page holds: their lines of the trace, the oldest of which are dropped.

import { SLICE, pause } from "../shared/dom.js";

/** How many statements are held. */
export const MOST_STATEMENTS = 100_000;
/** How many characters all their lines may have. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** How many characters of one line are held. */
const MOST_LINE = 256 * 1024;
/** How many are dropped together: each drop moves all others. */
const DROPPED_TOGETHER = 1000;
/** How many are kept in parsed form. */
const MOST_PARSED = 400;

/** Statements in their order, each with a number that it keeps. */
export class StatementStore {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
    /** The number of the first line. */
    this.first = 0;
    this.characters = 0;
    /** @type {Map<number, any>} */
    this.parsed = new Map();
    /** The numbers of those that fulfil the condition; `null` without one. @type {number[] | null} */
    this.matches = null;
    /** @type {((event: any) => boolean) | null} */
    this.condition = null;
    /** Counts the changes of the condition, so that a search notices that it is out of date. */
    this.searches = 0;
    /** Called with how many rows were dropped. @type {(rows: number) => void} */
    this.onDrop = () => {};
  }

  /** The number that the next statement gets. */
  get next() {
    return this.first + this.lines.length;
  }

  /** How many rows there are to show. */
  get count() {
    return this.matches ? this.matches.length : this.lines.length;
  }

  /**
   * Adds a statement, and returns its number.
   * @param {string} line
   * @param {any} event
   */
  add(line, event) {
    const held = line.length > MOST_LINE ? JSON.stringify(shortened(event)) : line;
    const number = this.next;
    this.lines.push(held);
    this.characters += held.length;
    if (this.matches && this.condition?.(event)) this.matches.push(number);
    if (this.lines.length > MOST_STATEMENTS || this.characters > MOST_CHARACTERS) this.drop();
    return number;
  }

  drop() {
    const few = Math.min(DROPPED_TOGETHER, Math.ceil(this.lines.length / 10));
    for (const line of this.lines.splice(0, few)) this.characters -= line.length;
    this.first += few;
    let rows = few;
    if (this.matches) {
      const left = this.matches.findIndex((number) => number >= this.first);
      rows = left < 0 ? this.matches.length : left;
      this.matches.splice(0, rows);
    }
    this.onDrop(rows);
  }

  clear() {
    this.first = this.next;
    this.lines = [];
    this.characters = 0;
    this.parsed.clear();
    if (this.matches) this.matches = [];
  }

  /** The number of the statement in a row. @param {number} row */
  numberAt(row) {
    return this.matches ? this.matches[row] : this.first + row;
  }

  /** The statement with a number; `undefined` if it was dropped. @param {number} number */
  get(number) {
    const line = this.lines[number - this.first];
    if (line === undefined) return undefined;
    let event = this.parsed.get(number);
    if (!event) {
      event = JSON.parse(line);
      if (this.parsed.size >= MOST_PARSED) this.parsed.clear();
      this.parsed.set(number, event);
    }
    return event;
  }

  /**
   * Sets the condition, and looks for the statements that fulfil it.
   * @param {((event: any) => boolean) | null} condition
   * @param {() => void} onProgress
   */
  async search(condition, onProgress) {
    this.searches += 1;
    const search = this.searches;
    this.condition = condition;
    this.matches = condition ? [] : null;
    onProgress();
    if (!condition) return;
    // Statements that come meanwhile are looked at when they are added, behind those that are found here.
    const end = this.next;
    /** @type {number[]} */
    const found = [];
    let number = this.first;
    while (number < end) {
      const until = performance.now() + SLICE;
      for (; number < end && performance.now() < until; number += 1) {
        const line = this.lines[number - this.first];
        if (line !== undefined && condition(JSON.parse(line))) found.push(number);
      }
      await pause();
      if (search !== this.searches) return;
    }
    const kept = found.filter((one) => one >= this.first);
    this.matches = kept.concat(this.matches ?? []);
    onProgress();
  }

  /** The lines of all rows. @returns {Generator<string>} */
  *rows() {
    for (let row = 0; row < this.count; row += 1) {
      const line = this.lines[this.numberAt(row) - this.first];
      if (line !== undefined) yield line;
    }
  }
}

/** A statement whose long texts are cut. @param {any} event */
function shortened(event) {
  const short = (/** @type {unknown} */ value) =>
    typeof value === "string" && value.length > 16_384 ? `${value.slice(0, 16_384)}…` : value;
  const { parameters, parameter_rows: _rows, attributes: _attributes, ...rest } = event;
  for (const key of Object.keys(rest)) rest[key] = short(rest[key]);
  return { ...rest, parameters: parameters?.slice(0, 16).map(short), page_has_cut: true };
}
