// Plays faults, which are its arguments, each on a connection of its own; prints what mysql2 shows of each.
const mysql = require("mysql2/promise");

const shown = (error) => [error.code, error.message].filter(Boolean).join(": ");

async function ask(connection, sql) {
  const [rows] = await connection.query({ sql, timeout: 1000 });
  return `${rows.length} rows`;
}

async function play(fault) {
  const port = Number(process.env.MYSQL_TCP_PORT);
  const connection = await mysql.createConnection({ host: "127.0.0.1", port, user: "app" });
  connection.on("error", () => {});
  try {
    let seen = await ask(connection, fault);
    // What the socket has to say arrives first.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await ask(connection, "the next statement").catch((error) => { seen += `, then ${shown(error)}`; });
    return seen;
  } catch (error) {
    return shown(error);
  } finally {
    connection.destroy();
  }
}

(async () => {
  for (const fault of process.argv.slice(2)) {
    console.log(`${fault}\t${(await play(fault)).replace(/\s+/g, " ")}`);
  }
  process.exit(0);
})();
