const mysql = require("mysql2/promise");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const connection = await mysql.createConnection({
    host, port, user, password, database: "test", dateStrings: true,
    ssl: tls ? { rejectUnauthorized: false } : undefined,
  });
  steps.ok("connect");
  steps.expect((await connection.query("select 1 as one"))[0], [{ one: 1 }]);
  steps.ok("select");
  await steps.refuses(connection.query(steps.MISSING));
  steps.ok("error");
  steps.checkLarge((await connection.query(steps.LARGE))[0][0].large);
  steps.ok("large");
  const statement = await connection.prepare(steps.PREPARED);
  for (const row of steps.ROWS) {
    const [rows] = await statement.execute(steps.parameters(row));
    steps.expect(rows.map(steps.plain), [row]);
  }
  await statement.close();
  const plain = await connection.prepare("select 1 as one");
  for (const _ of [1, 2]) steps.expect((await plain.execute([]))[0], [{ one: 1 }]);
  await plain.close();
  steps.ok("prepared");
  if (steps.browses) {
    await steps.browse(async (text) => (await connection.query(text))[0],
      async (text, values) => (await connection.execute(text, values))[0]);
  }
  await connection.end();
  steps.ok("close");
});
