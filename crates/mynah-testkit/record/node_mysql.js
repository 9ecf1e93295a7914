// mysql: each further argument is a statement.
const [host, port, user, password, database, options, ...statements] = process.argv.slice(2);
console.log('mysql', require('mysql/package.json').version, '(npm)');
const given = (value) => (value === '-' ? undefined : value);
const connection = require('mysql').createConnection({
  host, port: Number(port), user, password: given(password), database: given(database),
});
for (const statement of statements) {
  connection.query(statement, (error, rows) => {
    if (error) throw error;
    console.log(rows);
  });
}
connection.end();
