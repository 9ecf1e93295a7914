"""MySQL Connector/Python without its C extension: each further argument is a statement, sent as it is and
then, if the option `prepared` is given, prepared."""

import sys

import mysql.connector

host, port, user, password, schema, options, *statements = sys.argv[1:]
print("MySQL Connector/Python", mysql.connector.__version__)
connection = mysql.connector.connect(
    host=host,
    port=int(port),
    user=user,
    password="" if password == "-" else password,
    database=None if schema == "-" else schema,
    ssl_disabled=True,
    use_pure=True,
)
for statement in statements:
    cursor = connection.cursor(prepared="prepared" in options.split(","))
    cursor.execute(statement)
    print(cursor.fetchall())
    cursor.close()
connection.close()
