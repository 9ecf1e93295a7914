// @mysql/xdevapi. Without TLS it can't log in unless its options name MYSQL41.
const mysqlx = require("@mysql/xdevapi");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const session = await mysqlx.getSession({ host, port, user, password, schema: "test", tls: { enabled: tls } });
  steps.ok("connect");
  steps.expect((await session.sql("select 1").execute()).fetchAll(), [[1]]);
  steps.ok("select");
  await steps.refuses(session.sql(steps.MISSING).execute().catch(({ info }) => {
    throw Object.assign(new Error(info.msg), { errno: info.code, sqlState: info.sqlState });
  }));
  steps.ok("error");
  steps.checkLarge((await session.sql(steps.LARGE).execute()).fetchOne()[0]);
  steps.ok("large");
  const names = ["number", "text", "maybe", "day", "bytes"];
  for (const row of steps.ROWS) {
    const result = await session.sql(steps.PREPARED).bind(steps.parameters(row)).execute();
    const found = result.fetchAll().map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));
    // A day is midnight to it, in UTC.
    const whole = found.map((row) => (row.day instanceof Date ? { ...row, day: row.day.toISOString().slice(0, 10) } : row));
    steps.expect(whole.map(steps.plain), [row]);
  }
  // From the second time on it is prepared.
  const plain = session.sql("select 1");
  for (const _ of [1, 2, 3]) steps.expect((await plain.execute()).fetchAll(), [[1]]);
  steps.ok("prepared");
  await session.close();
  steps.ok("close");
});
