// @mysql/xdevapi: everything it has against a scripted collection.
"use strict";

const assert = require("node:assert");
const mysqlx = require("@mysql/xdevapi");

const tls = process.env.MYNAH_TLS === "1";
const options = {
  host: process.env.MYNAH_HOST,
  port: Number(process.env.MYNAH_PORT),
  user: process.env.MYNAH_USER,
  password: process.env.MYNAH_PASSWORD,
  tls: { enabled: tls },
};

async function mechanisms() {
  for (const auth of ["MYSQL41", "SHA256_MEMORY"].concat(tls ? ["PLAIN"] : [])) {
    const session = await mysqlx.getSession({ ...options, auth });
    await session.close();
    await assert.rejects(mysqlx.getSession({ ...options, auth, password: "wrong" }), /Access denied/);
  }
}

async function statements(session) {
  let result = await session.sql("select types").execute();
  const row = result.fetchOne();
  assert.strictEqual(row[0], -7);
  assert.strictEqual(String(row[1]), "18446744073709551615");
  assert.deepStrictEqual(row.slice(2, 4), [1.5, -2.25]);
  assert.strictEqual(Number(row[4]), 12.4);
  assert.strictEqual(row[8], "größe");
  assert.deepStrictEqual(row[10], { a: 1 });
  assert.strictEqual(row[11], "two");
  assert.strictEqual(row[15], null);
  result = await session.sql("select ?, ?").bind("a", 1).execute();
  assert.strictEqual(result.fetchOne()[0], "a");
  result = await session.sql("insert").execute();
  assert.strictEqual(result.getAffectedItemsCount(), 1);
  assert.strictEqual(result.getAutoIncrementValue(), 5);
  await assert.rejects(session.sql("fail").execute(), (error) => error.info.code === 1146);
  result = await session.sql("several").execute();
  assert.deepStrictEqual(result.fetchAll(), [["1"]]);
  assert.ok(result.nextResult());
  assert.deepStrictEqual(result.fetchAll(), [["2"], ["3"]]);
  await session.startTransaction();
  const savepoint = await session.setSavepoint();
  await session.rollbackTo(savepoint);
  await session.commit();
}

async function documents(session) {
  const schema = session.getSchema("zoo");
  const birds = await schema.createCollection("birds", { reuseExisting: true });
  assert.deepStrictEqual((await schema.getCollections()).map((each) => each.getName()), ["birds"]);
  const added = await birds.add({ _id: "1", name: "mynah", age: 3 }, { name: "owl", age: 5 }).execute();
  assert.strictEqual(added.getAffectedItemsCount(), 2);
  assert.strictEqual(added.getGeneratedIds().length, 1);
  const find = birds.find("name = :name");
  // The second is prepared, and the third runs what was.
  for (let round = 0; round < 4; round += 1) {
    const found = await find.bind("name", "owl").execute();
    assert.deepStrictEqual(found.fetchAll().map((document) => document.age), [5]);
  }
  const changed = await birds.modify("name = 'owl'").set("age", 6).execute();
  assert.strictEqual(changed.getAffectedItemsCount(), 1);
  const removed = await birds.remove("true").execute();
  assert.ok(removed.getAffectedItemsCount() >= 1);
}

async function pooled() {
  const client = mysqlx.getClient(options, { pooling: { maxSize: 2 } });
  for (let round = 0; round < 3; round += 1) {
    const session = await client.getSession();
    const result = await session.sql("insert").execute();
    assert.strictEqual(result.getAffectedItemsCount(), 1);
    await session.close();
  }
  await client.close();
}

(async () => {
  await mechanisms();
  const session = await mysqlx.getSession(options);
  await statements(session);
  await documents(session);
  await session.close();
  await pooled();
  console.log("ok");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
