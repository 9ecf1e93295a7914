import mysqlx
from steps import HOST, LARGE, MISSING, PASSWORD, PORT, TLS, USER, check_error, check_large, expect, ok, run, skip


def steps():
    session = mysqlx.get_session({
        "host": HOST, "port": PORT, "user": USER, "password": PASSWORD, "schema": "test",
        "ssl-mode": "required" if TLS else "disabled",
    })
    ok("connect")
    expect("select", [row[0] for row in session.sql("select 1").execute().fetch_all()], [1])
    ok("select")
    try:
        session.sql(MISSING).execute()
    except mysqlx.errors.Error as error:
        check_error((error.errno, error.sqlstate))
    else:
        raise AssertionError("error: there was none")
    ok("error")
    check_large(session.sql(LARGE).execute().fetch_one()[0])
    ok("large")
    skip("prepared", "the client can bind neither NULL nor bytes")
    session.close()
    ok("close")


run(steps)
