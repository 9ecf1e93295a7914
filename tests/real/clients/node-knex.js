const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const knex = require("knex")({
    client: "mysql2",
    connection: {
      host, port, user, password, database: "test", ssl: tls ? { rejectUnauthorized: false } : undefined,
    },
    pool: { min: 0, max: 1 },
  });
  const rows = async (sql) => (await knex.raw(sql))[0];
  steps.expect(await rows("select 1 as one"), [{ one: 1 }]);
  steps.ok("connect");
  steps.ok("select");
  await steps.refuses(rows(steps.MISSING));
  steps.ok("error");
  steps.checkLarge((await rows(steps.LARGE))[0].large);
  steps.ok("large");
  steps.skip("prepared", "the client writes parameters into the statement's text itself");
  await knex.destroy();
  steps.ok("close");
});
