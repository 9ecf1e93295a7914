const mysql = require("mysql2/promise");

async function main() {
  const connection = await mysql.createConnection({
    host: "127.0.0.1",
    port: Number(process.env.MYSQL_TCP_PORT || 33306),
    user: "app",
    password: "secret",
  });
  const [rows] = await connection.query("select name, age from people");
  for (const { name, age } of rows) console.log(name, age);
  await connection.end();
}

main();
