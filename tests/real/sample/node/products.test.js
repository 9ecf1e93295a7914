"use strict";

const assert = require("node:assert");
const { runTests, shopTest } = require("./testing");

const PRODUCT = "select id, name, price from product where id = ?";

shopTest("a product is shown", async (mock, ask) => {
  const lamp = { id: 7, name: "lamp", price: 1250 };
  await mock.expect({ stmt: PRODUCT, params: [7], times: 1, result: { rows: [lamp] } });
  assert.deepEqual(await ask("GET", "/products/7"), [200, lamp]);
});

shopTest("a product that is not there is not found", async (mock, ask) => {
  const nothing = { columns: ["id", "name", "price"], rows: [] };
  await mock.expect({ stmt: PRODUCT, times: 1, result: nothing });
  assert.deepEqual(await ask("GET", "/products/8"), [404, { error: "no such product" }]);
});

for (const ids of [[7], [7, 8, 9]]) {
  shopTest(`${ids.length} products are one statement`, async (mock, ask) => {
    const rows = ids.map((id) => ({ id, name: `product ${id}`, price: id }));
    const digest = "select id, name, price from product where id in (1)";
    await mock.expect({ digest, params: ids, times: 1, result: { rows } });
    assert.deepEqual(await ask("GET", `/products?ids=${ids}`), [200, rows]);
    assert.equal((await mock.statements("answered_by = expectation")).length, 1);
  });
}

shopTest("many customers look at once", async (mock, ask) => {
  const row = { id: "{{params.0}}", name: "product {{params.0}}", price: 1 };
  await mock.expect({ stmt: PRODUCT, times: 20, result: { rows: [row] } });
  const ids = Array.from({ length: 20 }, (_, at) => at + 1);
  const answers = await Promise.all(ids.map((id) => ask("GET", `/products/${id}`)));
  assert.deepEqual(
    answers.map(([, product]) => product.name),
    ids.map((id) => `product ${id}`),
  );
});

shopTest("a report that takes too long is given up", async (mock, ask) => {
  const slow = { stmt_prefix: "select product, sum", times: 1, exec_time: 60_000, ok: {} };
  await mock.expect(slow);
  assert.deepEqual(await ask("GET", "/report"), [504, { error: "the database takes too long" }]);
});

shopTest("a statement without an expectation is an error", async (mock, ask) => {
  await mock.expect({ stmt: "select id, name from product where id = ?", ok: {} });
  const [status] = await ask("GET", "/products/7");
  assert.equal(status, 503);
  const [unexpected] = await mock.unexpected();
  assert.equal(unexpected.explanation.difference, '", price" should not be there');
  await mock.forget();
});

runTests("products");
