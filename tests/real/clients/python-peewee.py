import peewee
from steps import HOST, LARGE, MISSING, PASSWORD, PORT, TLS, USER, check_error, check_large, expect, ok, run, skip, unchecked


def steps():
    options = {"ssl": unchecked()} if TLS else {"ssl_disabled": True}
    database = peewee.MySQLDatabase("test", host=HOST, port=PORT, user=USER, password=PASSWORD, **options)
    database.connect()
    ok("connect")
    expect("select", database.execute_sql("select 1").fetchall(), ((1,),))
    ok("select")
    try:
        database.execute_sql(MISSING)
    except peewee.ProgrammingError as error:
        check_error((error.args[0], None))
    else:
        raise AssertionError("error: there was none")
    ok("error")
    check_large(database.execute_sql(LARGE).fetchone()[0])
    ok("large")
    skip("prepared", "the client writes parameters into the statement's text itself")
    database.close()
    ok("close")


run(steps)
