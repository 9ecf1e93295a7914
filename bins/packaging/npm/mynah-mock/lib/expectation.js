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

  /** Answers with rows: objects, or arrays with `columns`. Said again, it is the answer to the next time. */
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

  /** Answers that it succeeded. */
  ok({ affectedRows = 0, insertId = 0, ...more } = {}) {
    return this.answers({ ok: { affected_rows: affectedRows, last_insert_id: insertId, ...more } });
  }

  /** Answers with an error: by name ("ER_DUP_ENTRY"), or by number with a message. */
  fails(error, message = "", sqlState = "HY000") {
    return this.answers({ error: typeof error === "string" ? error : { code: error, sql_state: sqlState, message } });
  }

  /** Answers with anything that a script can answer with. */
  answers(answer) {
    this.#answers.push(answer);
    return this;
  }

  /** Delays the answer that was said last. */
  after(milliseconds) {
    if (this.#answers.length === 0) this.#answers.push({ ok: {} });
    this.#answers[this.#answers.length - 1].exec_time = milliseconds;
    return this;
  }

  /** How often it has to come: so often, or from `min` to `max` times. */
  times(count) {
    return this.with({ times: count });
  }

  /** It must not come. */
  never() {
    return this.times(0);
  }

  /** It may come any number of times, or not at all. */
  anyNumber() {
    delete this.#spec.times;
    return this;
  }

  /** Those of a lower number are asked first; 5 is that of all others. */
  priority(number) {
    return this.with({ priority: number });
  }

  /** Only while the scenario is in this state; each begins in the state "start". */
  when(state, scenario = "default") {
    return this.with({ scenario, when: state });
  }

  /** Brings the scenario into this state. */
  thenState(state, scenario) {
    return this.with({ scenario: scenario ?? this.#spec.scenario ?? "default", then: state });
  }

  /** What reports call it, in place of the line that made it. */
  named(name) {
    return this.with({ name });
  }

  /** Other keys of expectations: `user`, `schema`, `protocol`, `command`, `query_attributes`. */
  with(keys) {
    Object.assign(this.#spec, toJson(keys));
    return this;
  }

  /** As the mock's HTTP interface takes it. */
  toJSON() {
    return this.#answers.length > 0 ? { ...this.#spec, answers: this.#answers } : { ...this.#spec };
  }

  /** Adds it to the mock; `await` does. */
  add() {
    this.#added ??= this.#put(this.toJSON());
    return this.#added;
  }

  then(resolve, reject) {
    return this.add().then(resolve, reject);
  }
}

module.exports = { Expectation };
