import MySQLdb
from steps import HOST, PASSWORD, PORT, TLS, USER, db_api, run


def connect():
    options = {"ssl_mode": "REQUIRED"} if TLS else {}
    return MySQLdb.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test",
                           charset="utf8mb4", **options)


# It keeps no SQL state.
run(lambda: db_api(connect, MySQLdb.ProgrammingError, lambda error: (error.args[0], None)))
