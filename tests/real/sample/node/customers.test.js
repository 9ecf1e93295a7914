"use strict";

const assert = require("node:assert");
const { runTests, shopTest } = require("./testing");

const ADA = { email: "ada@example.com", name: "Ada" };
const REGISTER = "insert into customer (email, name) values (?, ?)";

shopTest("a customer has the id of the database", async (mock, ask) => {
  const params = ["ada@example.com", { matches: "^A" }];
  await mock.expect({ stmt: REGISTER, params, times: 1, ok: { last_insert_id: 41 } });
  assert.deepEqual(await ask("POST", "/customers", ADA), [201, { id: 41 }]);
});

shopTest("an address is registered once", async (mock, ask) => {
  await mock.expect({ stmt: REGISTER, times: 1, error: "ER_DUP_ENTRY" });
  const [status, { error }] = await ask("POST", "/customers", ADA);
  assert.deepEqual([status, error], [409, "this address is registered already"]);
});

shopTest("the cart grows", async (mock, ask) => {
  const count = { stmt: "select count(*) as items from cart", scenario: "cart" };
  await mock.expect(
    { ...count, when: "start", result: { rows: [{ items: 0 }] } },
    { ...count, when: "filled", result: { rows: [{ items: 1 }] } },
    { stmt_prefix: "insert into cart ", scenario: "cart", then: "filled", ok: {} },
  );
  assert.deepEqual(await ask("GET", "/cart"), [200, { items: 0 }]);
  assert.deepEqual(await ask("POST", "/cart", { product: 7 }), [204, undefined]);
  assert.deepEqual(await ask("GET", "/cart"), [200, { items: 1 }]);
});

runTests("customers");
