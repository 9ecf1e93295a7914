// mariadb: each further argument is a statement, sent as it is; then one prepared, and a batch.
const [host, port, user, password, database, options, ...statements] = process.argv.slice(2);
console.log('mariadb', require('mariadb').version, '(npm)');
const given = (value) => (value === '-' ? undefined : value);
async function main() {
  const connection = await require('mariadb').createConnection({
    host, port: Number(port), user, password: given(password), database: given(database),
    compress: options.split(',').includes('zlib'), allowPublicKeyRetrieval: true,
  });
  for (const statement of statements) {
    console.log(await connection.query(statement));
  }
  console.log(await connection.execute('SELECT ? AS a, ? AS b, ? AS c', [1, 'two', null]));
  if (options.split(',').includes('batch')) {
    const rows = [[11, 'eleven'], [12, null], [13, 'thirteen']];
    console.log(await connection.batch('INSERT INTO bulk (id, name) VALUES (?, ?)', rows));
  }
  await connection.end();
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
