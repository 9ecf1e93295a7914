const mysql = require("mysql");
const { promisify } = require("node:util");
const steps = require("./common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const connection = mysql.createConnection({
    host, port, user, password, database: "test", ssl: tls ? { rejectUnauthorized: false } : undefined,
  });
  const query = promisify(connection.query.bind(connection));
  await promisify(connection.connect.bind(connection))();
  steps.ok("connect");
  steps.expect((await query("select 1 as one")).map((row) => ({ ...row })), [{ one: 1 }]);
  steps.ok("select");
  await steps.refuses(query(steps.MISSING));
  steps.ok("error");
  steps.checkLarge((await query(steps.LARGE))[0].large);
  steps.ok("large");
  steps.skip("prepared", "the client writes parameters into the statement's text itself");
  await promisify(connection.end.bind(connection))();
  steps.ok("close");
});
