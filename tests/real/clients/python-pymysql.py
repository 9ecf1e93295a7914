import pymysql
from steps import HOST, PASSWORD, PORT, TLS, USER, db_api, run, unchecked


def connect():
    return pymysql.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test",
                           ssl=unchecked() if TLS else None, ssl_disabled=not TLS)


# It keeps no SQL state.
run(lambda: db_api(connect, pymysql.err.ProgrammingError, lambda error: (error.args[0], None)))
