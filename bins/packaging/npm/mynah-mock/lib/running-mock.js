"use strict";

const { randomUUID } = require("node:crypto");

const { request } = require("./api.js");
const { MockTest } = require("./mock-test.js");

/**
 * A mock that another process has started. `host` and `port` are the address of the classic protocol, `http` is the
 * address of the HTTP interface.
 */
class RunningMock {
  constructor({ http, host, port }) {
    this.http = http;
    this.host = host;
    this.port = port;
  }

  /** Options for mysql2's createConnection and createPool. */
  options(more = {}) {
    return { host: this.host, port: this.port, user: "root", ...more };
  }

  /** The address in the form that many drivers and ORMs accept: `mysql://root@127.0.0.1:41234/shop`. */
  url({ scheme = "mysql", user = "root", password = "", schema = "" } = {}) {
    const login = encodeURIComponent(user) + (password ? `:${encodeURIComponent(password)}` : "");
    const host = this.host.includes(":") ? `[${this.host}]` : this.host;
    return `${scheme}://${login}@${host}:${this.port}/${encodeURIComponent(schema)}`;
  }

  /** Sends a request to the mock's HTTP interface. */
  request(method, route, options) {
    return request(this.http, method, route, options);
  }

  /**
   * Opens a test of its own id. With `isDefault`, statements without an id belong to it, too, until it ends; of such
   * tests there can be one at a time.
   */
  async test({ id, isDefault = false } = {}) {
    // Several processes may use the mock, so a count isn't enough.
    id ??= `t_${randomUUID().slice(0, 8)}`;
    await this.request("POST", `/tests/${encodeURIComponent(id)}`, { body: { default: isDefault } });
    return new MockTest(this, id);
  }

  /**
   * Opens a test, and calls `run` with it. Afterwards the test is verified; if `run` has failed, the report is added to
   * the error's message instead. Resolves with what `run` returned.
   */
  async runTest(run, options) {
    const test = await this.test(options);
    let returned;
    try {
      returned = await run(test);
    } catch (error) {
      const report = await test.end().catch(() => undefined);
      throw withReport(error, report);
    }
    await test.verify();
    return returned;
  }
}

/** An error whose message, and whose stack, has the report, too. */
function withReport(error, report) {
  if (!(error instanceof Error) || report === undefined) return error;
  const { message, stack } = error;
  error.message = `${message}\n\n${report.text.trimEnd()}`;
  error.stack = stack?.replace(message, () => error.message);
  return error;
}

/**
 * The mock that the variable MYNAH_HTTP names, as `mynah-mock run` sets it, together with MYSQL_HOST and MYSQL_TCP_PORT.
 * Throws an error if MYNAH_HTTP isn't set.
 */
function runningMock(env = process.env) {
  if (!env.MYNAH_HTTP) {
    throw new Error("MYNAH_HTTP isn't set, so no mock is running; run the tests by mynah-mock run -- COMMAND, or use startMock()");
  }
  const http = env.MYNAH_HTTP.replace(/\/+$/, "");
  const host = env.MYSQL_HOST || new URL(http).hostname.replace(/^\[|\]$/g, "");
  return new RunningMock({ http, host, port: Number(env.MYSQL_TCP_PORT || 3306) });
}

module.exports = { RunningMock, runningMock };
