const mariadb = require("mariadb");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const connection = await mariadb.createConnection({
    host, port, user, password, database: "test", dateStrings: true, allowPublicKeyRetrieval: true,
    ssl: tls ? { rejectUnauthorized: false } : false,
  });
  steps.ok("connect");
  steps.expect([...await connection.query("select 1 as one")].map((row) => ({ one: Number(row.one) })), [{ one: 1 }]);
  steps.ok("select");
  await steps.refuses(connection.query(steps.MISSING));
  steps.ok("error");
  steps.checkLarge((await connection.query(steps.LARGE))[0].large);
  steps.ok("large");
  // Prepared for it the first time, and out of its cache the second.
  for (const row of steps.ROWS) {
    const rows = await connection.execute(steps.PREPARED, steps.parameters(row));
    steps.expect([...rows].map(steps.plain), [row]);
  }
  const statement = await connection.prepare(steps.PREPARED);
  for (const row of steps.ROWS) {
    const rows = await statement.execute(steps.parameters(row));
    steps.expect([...rows].map(steps.plain), [row]);
  }
  statement.close();
  const plain = await connection.prepare("select 1 as one");
  for (const _ of [1, 2]) {
    steps.expect([...await plain.execute()].map((row) => ({ one: Number(row.one) })), [{ one: 1 }]);
  }
  plain.close();
  steps.ok("prepared");
  if (steps.browses) {
    await steps.browse(async (text) => [...await connection.query(text)], (text, values) => connection.execute(text, values));
  }
  await connection.end();
  steps.ok("close");
});
