// Prepared statements of mysql2: types, reuse, several at once, text for the same statement.
const mysql = require("mysql2/promise");
const steps = require("../common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const connection = await mysql.createConnection({
    host, port, user, password, database: "test", ssl: tls ? { rejectUnauthorized: false } : undefined,
    dateStrings: true, compress: process.env.MYNAH_VARIANT === "compressed",
  });
  const show = (step, value) => steps.ok(`${step} ${JSON.stringify(value)}`);
  await connection.query("drop table if exists recorded_prepared");
  await connection.query("create table recorded_prepared (id bigint primary key auto_increment, big bigint unsigned, price decimal(10,2), " +
    "weight double, small float, day date, at datetime(6), span time, text varchar(60), data blob, document json) character set utf8mb4");
  const insert = "insert into recorded_prepared (big, price, weight, small, day, at, span, text, data, document) values (?,?,?,?,?,?,?,?,?,?)";
  const rows = [
    ["18446744073709551615", "12.50", 1e100, 0.1, "2024-02-29", "2024-02-29 12:34:56.789012", "-838:59:59", "zoë ☃", Buffer.from([0, 255, 39]), '{"a": [1, null]}'],
    [1, 1, 0.1, 1.5, "1999-12-31", "1999-12-31 00:00:00", "00:00:01", "", Buffer.alloc(0), "[]"],
    Array(10).fill(null),
  ];
  for (const row of rows) {
    const [made] = await connection.execute(insert, row);
    show("inserted", [made.affectedRows, made.insertId]);
  }
  const select = "select * from recorded_prepared where id = ?";
  for (const id of [1, 2, 3, 1, 9]) show("row", (await connection.execute(select, [id]))[0]);
  for (const id of [1, 2]) show("as text", (await connection.query(select, [id]))[0]);
  const first = await connection.prepare("select id from recorded_prepared where id > ? order by id limit ?");
  const second = await connection.prepare("select count(*) as n from recorded_prepared where text <=> ?");
  show("first", (await first.execute([0, "2"]))[0]);
  show("second", (await second.execute(["zoë ☃"]))[0]);
  show("first", (await first.execute([1, "5"]))[0]);
  show("second", (await second.execute([null]))[0]);
  await first.close();
  await second.close();
  const failed = await connection.execute("insert into recorded_prepared (id) values (?)", [1]).catch((error) => error);
  show("error", [failed.errno, failed.sqlState, failed.message]);
  await connection.beginTransaction();
  show("deleted", (await connection.execute("delete from recorded_prepared where id > ?", [1]))[0].affectedRows);
  await connection.rollback();
  show("rolled back", (await connection.execute("select count(*) as n from recorded_prepared"))[0]);
  await connection.query("drop table recorded_prepared");
  await connection.end();
  steps.ok("close");
});
