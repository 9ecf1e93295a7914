"use strict";

// One shop for the tests of a file, which run at the same time; a test at the mock for each.

const { AsyncLocalStorage } = require("node:async_hooks");
const { randomUUID } = require("node:crypto");
const { after, before, describe, test } = require("node:test");
const express = require("express");
const { runningMock } = require("mynah-mock");
const shop = require("./shop");

const mock = runningMock();
const current = new AsyncLocalStorage();
const tests = [];

/** A test of the shop: `run` gets its test at the mock, and `ask`, by which it asks the shop. */
exports.shopTest = (name, run) => tests.push([name, run]);

/** Runs the tests of a file. */
exports.runTests = (file) => {
  describe(file, { concurrency: tests.length }, () => {
    let pool, server;
    before((_context, done) => {
      pool = shop.connect();
      const app = express();
      app.use((request, _response, next) => current.run(request.get("Mynah-Comment"), next));
      app.use(shop.createApp(marked(pool)));
      server = app.listen(0, "127.0.0.1", done);
    });
    after(async () => {
      server.close();
      await pool.end();
    });
    for (const [name, run] of tests) {
      const id = `${name.replace(/\W+/g, "-")}-${randomUUID().slice(0, 8)}`;
      const body = (db) => run(db, (...request) => ask(server, db.comment, ...request));
      test(name, () => mock.runTest(body, { id }));
    }
  });
};

/** Asks the shop: the status, and the JSON of its answer. */
async function ask(server, comment, method, path, body) {
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const headers = { "Content-Type": "application/json", "Mynah-Comment": comment };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  return [response.status, text ? JSON.parse(text) : undefined];
}

/** A pool, or a connection, whose statements say in a comment which test they belong to. */
function marked(database) {
  const mark = (sql) =>
    typeof sql === "string"
      ? `${sql} ${current.getStore()}`
      : { ...sql, sql: mark(sql.sql) };
  return new Proxy(database, {
    get(target, name) {
      switch (name) {
        case "query":
        case "execute":
          return (sql, values) => target[name](mark(sql), values);
        case "getConnection":
          return async () => marked(await target.getConnection());
        case "beginTransaction":
          return () => target.query(mark("START TRANSACTION"));
        default:
          return typeof target[name] === "function" ? target[name].bind(target) : target[name];
      }
    },
  });
}
