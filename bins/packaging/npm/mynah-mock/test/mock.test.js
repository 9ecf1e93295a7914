"use strict";

const assert = require("node:assert");
const { after, before, test } = require("node:test");

const mysql = require("mysql2/promise");
const { any, between, runningMock, startMock } = require("mynah-mock");

let mock;
before(async () => (mock = await startMock()));
after(() => mock.stop());

test("an expected statement is answered", async () => {
  const one = await mock.test();
  await one.expect("select id, name from person where id = ?", [between(1, 9)]).returns([{ id: 7, name: "ada" }]);
  await one.stub({ prefix: "insert into audit " }).ok({ affectedRows: 1, insertId: 12 });
  const client = await mysql.createConnection(one.options());
  const [rows] = await client.execute("select id, name from person where id = ?", [7]);
  assert.deepStrictEqual(rows, [{ id: 7, name: "ada" }]);
  const [done] = await client.query("insert into audit values (1)");
  assert.strictEqual(done.insertId, 12);
  await client.end();
  const report = await one.verify();
  assert.strictEqual(report.met.length, 2);
});

test("answers come one after the other, and the last one stays", async () => {
  const one = await mock.test();
  await one.expect("select 1").returns([{ n: 1 }]).fails("ER_LOCK_DEADLOCK").times(3);
  const client = await mysql.createConnection(one.options());
  assert.deepStrictEqual((await client.query("select 1"))[0], [{ n: 1 }]);
  await assert.rejects(client.query("select 1"), { code: "ER_LOCK_DEADLOCK" });
  await assert.rejects(client.query("select 1"), { errno: 1213 });
  await client.end();
  await one.verify();
});

test("a wrong statement fails the test, and says what is wrong and where it was expected", async () => {
  const one = await mock.test();
  await one.expect("select name from person").returns([], ["name"]);
  const client = await mysql.createConnection(one.options());
  await assert.rejects(client.query("select nmae from person"), /"nmae" should be "name"/);
  await client.end();
  await assert.rejects(one.verify(), (error) => {
    assert.match(error.message, /0 met, 1 unmet, 1 unexpected/);
    assert.match(error.message, /unmet: "mock\.test\.js line \d+"/);
    assert.match(error.message, /unexpected: "nmae" should be "name"/);
    return true;
  });
});

test("tests in parallel don't see each other", async () => {
  await Promise.all(
    [...Array(8).keys()].map(async (n) => {
      const one = await mock.test();
      await one.expect("select n from t", []).returns([{ n }]).times({ min: 1 });
      const pool = mysql.createPool(one.options());
      const found = await Promise.all([1, 2, 3].map(() => pool.query("select n from t")));
      for (const [rows] of found) assert.deepStrictEqual(rows, [{ n }]);
      await pool.end();
      assert.strictEqual((await one.statements("sql ~ select")).length, 3);
      await one.verify();
    }),
  );
});

test("a default test gets the statements of a pool that knows of no test", async () => {
  const pool = mysql.createPool(mock.options());
  for (const n of [1, 2]) {
    const one = await mock.test({ isDefault: true });
    await one.expect("select n from t").returns([{ n }]);
    assert.deepStrictEqual((await pool.query("select n from t"))[0], [{ n }]);
    await one.verify();
  }
  await pool.end();
});

/** The mock, as a process finds it that hasn't started it. */
const running = () =>
  runningMock({ MYNAH_HTTP: `${mock.http}/`, MYSQL_HOST: mock.host, MYSQL_TCP_PORT: String(mock.port) });

test("a mock that is running is found by the environment", async () => {
  const one = await running().test();
  await one.expect("select 1").returns([{ n: 1 }]);
  const client = await mysql.createConnection(running().options());
  assert.deepStrictEqual((await client.query(`select 1 ${one.comment}`))[0], [{ n: 1 }]);
  await client.end();
  await one.verify();
  assert.throws(() => runningMock({}), /MYNAH_HTTP isn't set/);
});

test("statements are expected in an order", async () => {
  const one = await running().test();
  const ids = await one.inOrder(one.expect("select a from t").ok(), one.expect("select b from t").ok());
  assert.strictEqual(ids.length, 2);
  const client = await mysql.createConnection(one.options());
  await assert.rejects(client.query("select b from t"), /due next is "mock\.test\.js line \d+"/);
  await client.query("select a from t");
  await client.query("select b from t");
  await client.end();
  await assert.rejects(one.verify(), /2 met, 0 unmet, 1 unexpected/);
});

test("statements that are forgotten are in no report", async () => {
  const one = await mock.test();
  const client = await mysql.createConnection(one.options());
  await assert.rejects(client.query("select a from t"), { errno: 1105 });
  await client.end();
  const { unexpected } = await one.report();
  assert.strictEqual(unexpected[0].statement, "select a from t");
  await one.forget();
  assert.deepStrictEqual(await one.statements(), []);
  await one.verify();
});

test("a test is verified when its function ends, and a failure has the report", async () => {
  const expectsOne = async (one) => {
    await one.expect("select 1").ok();
    return one.id;
  };
  assert.strictEqual(await mock.runTest(async (one) => one.id, { id: "mine" }), "mine");
  await assert.rejects(mock.runTest(expectsOne), /^AssertionError.*: test t_.*: 0 met, 1 unmet, 0 unexpected/);
  const fails = async (one) => {
    await expectsOne(one);
    throw new Error("the shop is closed");
  };
  await assert.rejects(mock.runTest(fails), (error) => {
    assert.match(error.message, /^the shop is closed\n\ntest t_.*: 0 met, 1 unmet, 0 unexpected/);
    assert(error.stack.includes(error.message));
    return true;
  });
});

test("an expectation that was never awaited is an error", async () => {
  const one = await mock.test();
  one.expect("select 1").with({ user: any });
  await assert.rejects(one.verify(), /was never awaited/);
});

test("a refused request says why", async () => {
  const one = await mock.test();
  await assert.rejects(one.expect("select 1").with({ tmies: 1 }).add(), /times/);
  await one.end();
});

test("a mock that can't start says why", async () => {
  await assert.rejects(startMock({ filename: "missing.js" }), /ended with 1; it logged:\n.*missing\.js/s);
});
