"use strict";

// What tests need of the mock's HTTP API. Copy it: it needs nothing but Node.js.

/** A test at the mock, with expectations and a journal of its own. */
class Mock {
  constructor(test) {
    this.test = test;
  }

  static async open(test) {
    await call("POST", `tests/${test}`);
    return new Mock(test);
  }

  expect(...expectations) {
    return call("POST", "expectations/", { expectations }, { test: this.test });
  }

  /** Expects these in this order. */
  expectInOrder(...expectations) {
    return call("POST", "expectations/", { order: "sequence", expectations }, { test: this.test });
  }

  /** The statements of the journal that the filter holds for. */
  async statements(filter) {
    const query = { filter, test: this.test };
    return (await call("GET", "statements/", undefined, query)).statements;
  }

  async unexpected() {
    return (await call("GET", "unexpected/", undefined, { test: this.test })).unexpected;
  }

  /** Forgets the statements that came, so that they are not in the report. */
  forget() {
    return call("DELETE", "statements/", undefined, { test: this.test });
  }

  /** Ends the test; the report says what is unmet, and what was unexpected. */
  end() {
    return call("DELETE", `tests/${this.test}`);
  }
}

async function call(method, path, body, query = {}) {
  const url = `${process.env.MYNAH_HTTP}/api/v1/mock_server/${path}?${new URLSearchParams(query)}`;
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

exports.Mock = Mock;
