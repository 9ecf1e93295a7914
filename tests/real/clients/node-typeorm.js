const { DataSource } = require("typeorm");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, tls } = steps;
  const source = new DataSource({
    type: "mysql", connectorPackage: "mysql2", host, port, username: steps.user, password: steps.password,
    database: "test", ssl: tls ? { rejectUnauthorized: false } : undefined,
  });
  await source.initialize();
  steps.ok("connect");
  // It has 64 bit numbers as strings.
  steps.expect((await source.query("select 1 as one")).map((row) => Number(row.one)), [1]);
  steps.ok("select");
  await steps.refuses(source.query(steps.MISSING).catch((error) => { throw error.driverError; }));
  steps.ok("error");
  steps.checkLarge((await source.query(steps.LARGE))[0].large);
  steps.ok("large");
  steps.skip("prepared", "the client writes parameters into the statement's text itself");
  await source.destroy();
  steps.ok("close");
});
