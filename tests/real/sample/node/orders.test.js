"use strict";

const assert = require("node:assert");
const { runTests, shopTest } = require("./testing");

const STOCK = "select stock from product where id = ? for update";
const UPDATE = "update product set stock = stock - ? where id = ?";
const INSERT = "insert into purchase (product, quantity) values (?, ?)";
const ORDER = { product: 7, quantity: 2 };

shopTest("an order is one transaction", async (mock, ask) => {
  await mock.expectInOrder(
    { stmt: "START TRANSACTION", times: 1, ok: {} },
    { stmt: STOCK, params: [7], times: 1, result: { rows: [{ stock: 3 }] } },
    { stmt: UPDATE, params: [2, 7], times: 1, ok: { affected_rows: 1 } },
    { stmt: INSERT, params: [7, 2], times: 1, ok: { last_insert_id: 5 } },
    { stmt: "COMMIT", times: 1, ok: {} },
  );
  assert.deepEqual(await ask("POST", "/orders", ORDER), [201, { id: 5 }]);
});

shopTest("an order of too many changes nothing", async (mock, ask) => {
  await mock.expect(
    { stmt: STOCK, times: 1, result: { rows: [{ stock: 1 }] } },
    { stmt_prefix: "update ", times: 0 },
    { stmt_prefix: "insert ", times: 0 },
  );
  assert.deepEqual(await ask("POST", "/orders", ORDER), [409, { error: "sold out" }]);
});

shopTest("an order is tried again after a deadlock", async (mock, ask) => {
  await mock.expect(
    { stmt: STOCK, times: 2, result: { rows: [{ stock: 3 }] } },
    { stmt: UPDATE, times: 2, answers: [{ error: "ER_LOCK_DEADLOCK" }, { ok: {} }] },
    { stmt: INSERT, times: 1, ok: { last_insert_id: 6 } },
    { stmt: "ROLLBACK", times: 1, ok: {} },
    { stmt: "COMMIT", times: 1, ok: {} },
  );
  assert.deepEqual(await ask("POST", "/orders", ORDER), [201, { id: 6 }]);
});

shopTest("an order is given up after three deadlocks", async (mock, ask) => {
  await mock.expect(
    { stmt: STOCK, times: 3, error: "ER_LOCK_DEADLOCK" },
    { stmt: "COMMIT", times: 0 },
  );
  const [status] = await ask("POST", "/orders", ORDER);
  assert.equal(status, 503);
});

runTests("orders");
