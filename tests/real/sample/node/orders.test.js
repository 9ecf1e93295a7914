"use strict";

const assert = require("node:assert");
const { runTests, shopTest } = require("./testing");

const STOCK = "select stock from product where id = ? for update";
const UPDATE = "update product set stock = stock - ? where id = ?";
const INSERT = "insert into purchase (product, quantity) values (?, ?)";
const ORDER = { product: 7, quantity: 2 };

shopTest("an order is one transaction", async (db, ask) => {
  await db.inOrder(
    db.expect("START TRANSACTION"),
    db.expect(STOCK, [7]).returns([{ stock: 3 }]),
    db.expect(UPDATE, [2, 7]).ok({ affectedRows: 1 }),
    db.expect(INSERT, [7, 2]).ok({ insertId: 5 }),
    db.expect("COMMIT"),
  );
  assert.deepEqual(await ask("POST", "/orders", ORDER), [201, { id: 5 }]);
});

shopTest("an order of too many changes nothing", async (db, ask) => {
  await db.expect(STOCK).returns([{ stock: 1 }]);
  await db.expect({ prefix: "update " }).never();
  await db.expect({ prefix: "insert " }).never();
  assert.deepEqual(await ask("POST", "/orders", ORDER), [409, { error: "sold out" }]);
});

shopTest("an order is tried again after a deadlock", async (db, ask) => {
  await db.expect(STOCK).returns([{ stock: 3 }]).times(2);
  await db.expect(UPDATE).fails("ER_LOCK_DEADLOCK").ok().times(2);
  await db.expect(INSERT).ok({ insertId: 6 });
  await db.expect("ROLLBACK");
  await db.expect("COMMIT");
  assert.deepEqual(await ask("POST", "/orders", ORDER), [201, { id: 6 }]);
});

shopTest("an order is given up after three deadlocks", async (db, ask) => {
  await db.expect(STOCK).fails("ER_LOCK_DEADLOCK").times(3);
  await db.expect("COMMIT").never();
  const [status] = await ask("POST", "/orders", ORDER);
  assert.equal(status, 503);
});

runTests("orders");
