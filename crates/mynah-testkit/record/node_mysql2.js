// mysql2: each further argument is a statement, sent as it is and then prepared with one parameter.
const [host, port, user, password, database, options, ...statements] = process.argv.slice(2);
console.log('mysql2', require('mysql2/package.json').version, '(npm)');
const given = (value) => (value === '-' ? undefined : value);
async function main() {
  const connection = await require('mysql2/promise').createConnection({
    host, port: Number(port), user, password: given(password), database: given(database),
    compress: options.split(',').includes('zlib'),
  });
  for (const statement of statements) {
    console.log((await connection.query(statement))[0]);
  }
  console.log((await connection.execute('SELECT ? AS a, ? AS b, ? AS c', [1, 'two', null]))[0]);
  await connection.end();
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
