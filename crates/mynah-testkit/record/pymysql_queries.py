"""PyMySQL: each further argument is a statement."""

import sys

import pymysql

host, port, user, password, schema, options, *statements = sys.argv[1:]
print("PyMySQL", pymysql.__version__)
connection = pymysql.connect(
    host=host,
    port=int(port),
    user=user,
    password="" if password == "-" else password,
    database=None if schema == "-" else schema,
    ssl_disabled=True,
)
with connection.cursor() as cursor:
    for statement in statements:
        cursor.execute(statement)
        print(cursor.fetchall())
connection.close()
