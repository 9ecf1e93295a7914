import mariadb
from steps import HOST, PASSWORD, PORT, PREPARED, ROWS, TLS, USER, db_api, expect, plain, run


def connect():
    options = {"ssl": True, "ssl_verify_cert": False} if TLS else {}
    return mariadb.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test", **options)


def prepared(connection):
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


run(lambda: db_api(connect, mariadb.ProgrammingError, lambda error: (error.errno, error.sqlstate), prepared))
