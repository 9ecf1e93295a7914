import sqlalchemy
from steps import (HOST, LARGE, MISSING, PASSWORD, PORT, TLS, USER, check_error, check_large, expect, ok, run,
                   skip, unchecked)


def steps():
    url = sqlalchemy.URL.create("mysql+pymysql", USER, PASSWORD, HOST, PORT, "test")
    arguments = {"ssl": unchecked()} if TLS else {"ssl_disabled": True}
    engine = sqlalchemy.create_engine(url, connect_args=arguments)
    with engine.connect() as connection:
        ok("connect")
        expect("select", connection.execute(sqlalchemy.text("select 1")).scalar_one(), 1)
        ok("select")
        try:
            connection.execute(sqlalchemy.text(MISSING))
        except sqlalchemy.exc.ProgrammingError as error:
            check_error((error.orig.args[0], None))
        else:
            raise AssertionError("error: there was none")
        ok("error")
        check_large(connection.execute(sqlalchemy.text(LARGE)).scalar_one())
        ok("large")
    skip("prepared", "the client writes parameters into the statement's text itself")
    engine.dispose()
    ok("close")


run(steps)
