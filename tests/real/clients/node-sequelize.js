const { Sequelize, QueryTypes } = require("sequelize");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const sequelize = new Sequelize("test", user, password, {
    host, port, dialect: "mysql", logging: false,
    dialectOptions: { ssl: tls ? { rejectUnauthorized: false } : undefined },
  });
  const rows = (sql, bind) => sequelize.query(sql, { bind, type: QueryTypes.SELECT });
  await sequelize.authenticate();
  steps.ok("connect");
  steps.expect(await rows("select 1 as one"), [{ one: 1 }]);
  steps.ok("select");
  await steps.refuses(rows(steps.MISSING).catch((error) => { throw error.original; }));
  steps.ok("error");
  steps.checkLarge((await rows(steps.LARGE))[0].large);
  steps.ok("large");
  // What it binds is prepared.
  let number = 0;
  const sql = steps.PREPARED.replace(/\?/g, () => `$${++number}`);
  for (const row of steps.ROWS) {
    steps.expect((await rows(sql, steps.parameters(row))).map(steps.plain), [row]);
  }
  // Without anything that is bound it prepares nothing.
  steps.ok("prepared");
  await sequelize.close();
  steps.ok("close");
});
