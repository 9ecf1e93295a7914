import os

import mysql.connector
from steps import HOST, PASSWORD, PORT, PREPARED, ROWS, TLS, USER, db_api, expect, plain, run

PURE = os.environ["MYNAH_VARIANT"] == "pure"


def connect():
    return mysql.connector.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test",
                                   use_pure=PURE, ssl_disabled=not TLS)


def prepared(connection):
    if not PURE:
        expect("prepared", type(connection).__name__, "CMySQLConnection")
    cursor = connection.cursor(prepared=True)
    for row in ROWS:
        cursor.execute(PREPARED, row)
        expect("prepared", [plain(found) for found in cursor.fetchall()], [row])
    cursor.close()
    cursor = connection.cursor(prepared=True)
    for _ in range(2):
        cursor.execute("select 1")
        expect("prepared", [tuple(found) for found in cursor.fetchall()], [(1,)])
    cursor.close()


run(lambda: db_api(connect, mysql.connector.Error, lambda error: (error.errno, error.sqlstate), prepared))
