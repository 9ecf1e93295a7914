import os
import pymysql

connection = pymysql.connect(
    host="127.0.0.1",
    port=int(os.environ.get("MYSQL_TCP_PORT", 33306)),
    user="app",
    password="secret",
)
with connection, connection.cursor() as cursor:
    cursor.execute("select name, age from people")
    for name, age in cursor:
        print(name, age)
