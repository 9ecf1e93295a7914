"use strict";

const { toJson } = require("./matchers.js");

/**
 * A statement that is expected, and its answers. Each method says more and returns the expectation; it is in the mock
 * once it is awaited: `await test.expect("select 1").returns([{ 1: 1 }])`.
 */
class Expectation {
  #spec;
  #answers = [];
  #put;
  #added;

  constructor(spec, put) {
    this.#spec = spec;
    this.#put = put;
  }

  /** Adds an answer with rows: objects, or arrays with `columns`. Several answers are played in order; the last one is repeated. */
  returns(rows, columns) {
    if (rows.length === 0 && columns === undefined) {
      throw new TypeError('a result without rows needs columns: returns([], ["id", "name"])');
    }
    const named = columns?.every((column) => typeof column === "string");
    const result = {};
    if (named && rows.length > 0) {
      rows = rows.map((row) => (Array.isArray(row) ? Object.fromEntries(columns.map((name, i) => [name, row[i]])) : row));
    } else if (columns !== undefined) {
      result.columns = columns.map((column) => (typeof column === "string" ? { name: column, type: "VAR_STRING" } : column));
    }
    result.rows = toJson(rows);
    return this.answers({ result });
  }

  /** Adds an OK as an answer. */
  ok({ affectedRows = 0, insertId = 0, ...more } = {}) {
    return this.answers({ ok: { affected_rows: affectedRows, last_insert_id: insertId, ...more } });
  }

  /** Adds an error as an answer: by its name ("ER_DUP_ENTRY"), or by its number with a message. */
  fails(error, message = "", sqlState = "HY000") {
    return this.answers({ error: typeof error === "string" ? error : { code: error, sql_state: sqlState, message } });
  }

  /** Adds any answer that a script can have. */
  answers(answer) {
    this.#answers.push(answer);
    return this;
  }

  /** Delays the answer that was added last. */
  after(milliseconds) {
    if (this.#answers.length === 0) this.#answers.push({ ok: {} });
    this.#answers[this.#answers.length - 1].exec_time = milliseconds;
    return this;
  }

  /** Sets how often the statement must be sent: a number, or from `min` to `max` times. */
  times(count) {
    return this.with({ times: count });
  }

  /** The statement must not be sent. */
  never() {
    return this.times(0);
  }

  /** The statement may be sent any number of times, or not at all. */
  anyNumber() {
    delete this.#spec.times;
    return this;
  }

  /** Sets the priority: expectations with a lower number are tried first. The default is 5. */
  priority(number) {
    return this.with({ priority: number });
  }

  /** The expectation matches only while the scenario is in this state. A scenario begins in the state "start". */
  when(state, scenario = "default") {
    return this.with({ scenario, when: state });
  }

  /** After a match, the scenario is in this state. */
  thenState(state, scenario) {
    return this.with({ scenario: scenario ?? this.#spec.scenario ?? "default", then: state });
  }

  /** Sets the name in reports, in place of the line that made the expectation. */
  named(name) {
    return this.with({ name });
  }

  /** Sets other keys of the expectation: `user`, `schema`, `protocol`, `command`, `query_attributes`. */
  with(keys) {
    Object.assign(this.#spec, toJson(keys));
    return this;
  }

  /** The expectation as JSON, for the mock's HTTP interface. */
  toJSON() {
    return this.#answers.length > 0 ? { ...this.#spec, answers: this.#answers } : { ...this.#spec };
  }

  /** Adds the expectation to the mock, as `await` does. */
  add() {
    this.#added ??= this.#put(this.toJSON());
    return this.#added;
  }

  then(resolve, reject) {
    return this.add().then(resolve, reject);
  }
}

module.exports = { Expectation };
