"use strict";

const assert = require("node:assert");
const { runTests, shopTest } = require("./testing");

const PRODUCT = "select id, name, price from product where id = ?";

shopTest("a product is shown", async (db, ask) => {
  const lamp = { id: 7, name: "lamp", price: 1250 };
  await db.expect(PRODUCT, [7]).returns([lamp]);
  assert.deepEqual(await ask("GET", "/products/7"), [200, lamp]);
});

shopTest("a product that is not there is not found", async (db, ask) => {
  await db.expect(PRODUCT).returns([], ["id", "name", "price"]);
  assert.deepEqual(await ask("GET", "/products/8"), [404, { error: "no such product" }]);
});

for (const ids of [[7], [7, 8, 9]]) {
  shopTest(`${ids.length} products are one statement`, async (db, ask) => {
    const rows = ids.map((id) => ({ id, name: `product ${id}`, price: id }));
    const digest = "select id, name, price from product where id in (1)";
    await db.expect({ digest }, ids).returns(rows);
    assert.deepEqual(await ask("GET", `/products?ids=${ids}`), [200, rows]);
    assert.equal((await db.statements("answered_by = expectation")).length, 1);
  });
}

shopTest("many customers look at once", async (db, ask) => {
  const row = { id: "{{params.0}}", name: "product {{params.0}}", price: 1 };
  await db.expect(PRODUCT).returns([row]).times(20);
  const ids = Array.from({ length: 20 }, (_, at) => at + 1);
  const answers = await Promise.all(ids.map((id) => ask("GET", `/products/${id}`)));
  assert.deepEqual(
    answers.map(([, product]) => product.name),
    ids.map((id) => `product ${id}`),
  );
});

shopTest("a report that takes too long is given up", async (db, ask) => {
  await db.expect({ prefix: "select product, sum" }).ok().after(60_000);
  assert.deepEqual(await ask("GET", "/report"), [504, { error: "the database takes too long" }]);
});

shopTest("a statement without an expectation is an error", async (db, ask) => {
  await db.stub("select id, name from product where id = ?").ok();
  const [status] = await ask("GET", "/products/7");
  assert.equal(status, 503);
  const { unexpected } = await db.report();
  assert.equal(unexpected[0].explanation.difference, '", price" should not be there');
  await db.forget();
});

runTests("products");
