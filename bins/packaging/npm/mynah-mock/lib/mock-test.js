"use strict";

const { AssertionError } = require("node:assert");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

const { Expectation } = require("./expectation.js");
const { toJson } = require("./matchers.js");

const TEXTS = { stmt: "stmt", prefix: "stmt_prefix", regex: "stmt_regex", digest: "digest" };

/** A test at the mock, with an id: its expectations, its journal and its report. */
class MockTest {
  #pending = new Set();
  #report;

  constructor(mock, id) {
    this.mock = mock;
    this.id = id;
  }

  /** A comment with the id, to be added to statements. */
  get comment() {
    return `/*mynah_test='${this.id}'*/`;
  }

  /** A user name that contains the id: connections that log in with it belong to the test. */
  get user() {
    return `app+${this.id}`;
  }

  /** Options for mysql2's createConnection and createPool. */
  options(more = {}) {
    return this.mock.options({ user: this.user, ...more });
  }

  /** Expects a statement, once by default: a text, or `{ prefix }`, `{ regex }`, `{ digest }`. */
  expect(statement, params) {
    return this.#expectation(statement, params, { times: 1 });
  }

  /** Answers a statement that may be sent any number of times, or not at all. */
  stub(statement, params) {
    return this.#expectation(statement, params, {});
  }

  #expectation(statement, params, spec) {
    const texts = typeof statement === "string" ? { stmt: statement } : (statement ?? {});
    for (const [kind, text] of Object.entries(texts)) {
      if (!(kind in TEXTS)) throw new TypeError(`a statement is expected by ${Object.keys(TEXTS).join(", ")}, not by ${kind}`);
      spec[TEXTS[kind]] = text instanceof RegExp ? text.source : text;
    }
    if (params !== undefined) spec.params = toJson(params);
    spec.name = caller();
    const expectation = new Expectation(spec, async (json) => {
      const added = await this.#add(json);
      this.#pending.delete(expectation);
      return added.ids[0];
    });
    this.#pending.add(expectation);
    return expectation;
  }

  /** Expects statements in this order; the expectations are those of `expect`, before they are awaited. */
  async inOrder(...expectations) {
    const added = await this.#add({ order: "sequence", expectations });
    for (const expectation of expectations) this.#pending.delete(expectation);
    return added.ids;
  }

  #add(body) {
    return this.mock.request("POST", "/expectations/", { body, query: { test: this.id } });
  }

  /** The statements that were sent, in order. `filter` is a condition in the mock's language: `sql ~ person and error = 0`. */
  async statements(filter) {
    const found = await this.mock.request("GET", "/statements/", { query: { test: this.id, filter } });
    return found.statements;
  }

  /** Waits until `count` statements for which the filter holds were sent. */
  async waitFor(count, filter, timeout = 10_000) {
    const query = { test: this.id, count, filter, timeout: `${timeout}ms` };
    await this.mock.request("GET", "/wait", { query, timeout: timeout + 30_000 });
    return this.statements(filter);
  }

  /**
   * Removes the statements that were sent so far from the journal, and from the report those that were unexpected.
   * Expectations keep their counts.
   */
  async forget() {
    await this.mock.request("DELETE", "/statements/", { query: { test: this.id } });
  }

  /** The report on the expectations: so far, or the last one if the test has ended. */
  async report() {
    return this.#report ?? this.mock.request("GET", `/tests/${encodeURIComponent(this.id)}`);
  }

  /** Ends the test and resolves with the report, whether the test has passed or not. */
  end() {
    this.#report ??= this.mock.request("DELETE", `/tests/${encodeURIComponent(this.id)}`);
    return this.#report;
  }

  /** Ends the test. Rejects with the report if an expectation is unmet or a statement was unexpected. */
  async verify() {
    const [forgotten] = this.#pending;
    const report = await this.end();
    if (forgotten) {
      throw new AssertionError({ message: `an expectation was never awaited, so the mock doesn't know it: ${forgotten.toJSON().name}` });
    }
    if (report.unmet.length > 0 || report.unexpected_count > 0) {
      throw new AssertionError({ message: report.text.trimEnd() });
    }
    return report;
  }
}

/** File and line of the code that made the expectation. */
function caller() {
  const lines = new Error().stack.split("\n").slice(1);
  const line = lines.find((text) => !text.includes(__dirname) && !text.includes("node:"));
  const found = line && /\(?((?:file:\/\/)?[^()\s]+):(\d+):\d+\)?$/.exec(line);
  if (!found) return "a test";
  const file = found[1].startsWith("file:") ? fileURLToPath(found[1]) : found[1];
  return `${path.basename(file)} line ${found[2]}`;
}

module.exports = { MockTest };
