// The steps of each Node.js client, and their output; see steps.py for more.

const assert = require("node:assert");

const { MYNAH_HOST, MYNAH_PORT, MYNAH_USER, MYNAH_PASSWORD, MYNAH_TLS } = process.env;

exports.host = MYNAH_HOST;
exports.port = Number(MYNAH_PORT);
exports.user = MYNAH_USER;
exports.password = MYNAH_PASSWORD;
exports.tls = MYNAH_TLS === "1";

exports.MISSING = "select * from test.mynah_missing";
exports.LARGE = "select repeat('x', 1048576) as large";
exports.PREPARED = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, " +
  "cast(? as date) as day, cast(? as binary) as bytes";

exports.ROWS = [
  { number: 42, text: "café ☃", maybe: null, day: "2024-02-29", bytes: Buffer.from([0, 1, 0x27, 0x5c, 0xfe, 0xff]) },
  { number: -7, text: "it's \"quoted\" \\ done", maybe: "now", day: "1999-12-31",
    bytes: Buffer.from(Array.from({ length: 256 }, (_, at) => at)) },
];

exports.ok = (step) => console.log(`ok ${step}`);
exports.skip = (step, why) => console.log(`skip ${step}: ${why}`);
exports.browses = process.env.MYNAH_BROWSE === "1";

// Looks at the table and the view that are there; `query` returns rows, as objects.
exports.browse = async (query, execute) => {
  const values = async (statement) => (await query(statement)).map((row) => Object.values(row)[0]);
  assert.deepStrictEqual(await values("show tables"), ["heavy", "people"]);
  assert.deepStrictEqual(await values("describe people"), ["id", "name", "weight", "photo"]);
  assert.deepStrictEqual(await values("select table_name from information_schema.tables where table_schema = 'test' " +
    "order by table_name"), ["heavy", "people"]);
  const rows = await execute("select name, weight from people where id = ?", [2]);
  assert.deepStrictEqual([...rows].map((row) => ({ ...row })), [{ name: "bert", weight: null }]);
  exports.ok("browse");
};

exports.expect = (found, wanted) => assert.deepStrictEqual(found, wanted);
exports.parameters = (row) => Object.values(row);

exports.checkError = ({ errno, sqlState }) => assert.deepStrictEqual([errno, sqlState], [1146, "42S02"]);
exports.checkLarge = (value) => assert.ok(value === "x".repeat(1048576), `${value.length} characters`);

// A row in the form of ROWS, for any types that a client has for numbers, dates and bytes.
exports.plain = (row) => {
  const day = row.day instanceof Date
    ? [row.day.getFullYear(), row.day.getMonth() + 1, row.day.getDate()].map((part) => String(part).padStart(2, "0")).join("-")
    : row.day;
  return { ...row, number: Number(row.number), day, bytes: Buffer.from(row.bytes) };
};

// Fails unless the promise fails with the error of a table that isn't there.
exports.refuses = async (promise) => {
  const error = await promise.then(() => assert.fail("there was no error"), (error) => error);
  exports.checkError(error.errno === undefined && error.cause ? error.cause : error);
};

exports.run = (client) => {
  client().then(() => process.exit(0), (error) => {
    console.error(`${error.name}: ${error.message}`.replace(/\s+/g, " ").slice(0, 1000));
    process.exit(1);
  });
};
