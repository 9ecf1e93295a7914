"use strict";

const assert = require("node:assert");
const { matches } = require("mynah-mock");
const { runTests, shopTest } = require("./testing");

const ADA = { email: "ada@example.com", name: "Ada" };
const REGISTER = "insert into customer (email, name) values (?, ?)";

shopTest("a customer has the id of the database", async (db, ask) => {
  await db.expect(REGISTER, ["ada@example.com", matches(/^A/)]).ok({ insertId: 41 });
  assert.deepEqual(await ask("POST", "/customers", ADA), [201, { id: 41 }]);
});

shopTest("an address is registered once", async (db, ask) => {
  await db.expect(REGISTER).fails("ER_DUP_ENTRY");
  const [status, { error }] = await ask("POST", "/customers", ADA);
  assert.deepEqual([status, error], [409, "this address is registered already"]);
});

shopTest("the cart grows", async (db, ask) => {
  const count = "select count(*) as items from cart";
  await db.stub(count).returns([{ items: 0 }]).when("start", "cart");
  await db.stub(count).returns([{ items: 1 }]).when("filled", "cart");
  await db.stub({ prefix: "insert into cart " }).ok().thenState("filled", "cart");
  assert.deepEqual(await ask("GET", "/cart"), [200, { items: 0 }]);
  assert.deepEqual(await ask("POST", "/cart", { product: 7 }), [204, undefined]);
  assert.deepEqual(await ask("GET", "/cart"), [200, { items: 1 }]);
});

runTests("customers");
