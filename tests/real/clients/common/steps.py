"""The steps of each Python client, and their output.

A client prints a line for each step that went well (`ok select`), one for a step it has no means for
(`skip prepared: why`), and ends with 1 after a line on standard error that says what went wrong.
"""

import datetime
import os
import ssl
import sys

HOST = os.environ["MYNAH_HOST"]
PORT = int(os.environ["MYNAH_PORT"])
USER = os.environ["MYNAH_USER"]
PASSWORD = os.environ["MYNAH_PASSWORD"]
TLS = os.environ["MYNAH_TLS"] == "1"
BROWSE = os.environ.get("MYNAH_BROWSE") == "1"

MISSING = "select * from test.mynah_missing"
LARGE = "select repeat('x', 1048576) as large"
LARGE_LENGTH = 1048576
PREPARED = ("select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
            "cast(? as date) as day, cast(? as binary) as bytes")

# The values to bind, which must come back, for the first and the second execution.
ROWS = [
    (42, "café ☃", None, datetime.date(2024, 2, 29), b"\x00\x01'\\\xfe\xff"),
    (-7, "it's \"quoted\" \\ done", "now", datetime.date(1999, 12, 31), bytes(range(256))),
]


def ok(step):
    print(f"ok {step}", flush=True)


def skip(step, why):
    print(f"skip {step}: {why}", flush=True)


def expect(step, found, wanted):
    if found != wanted:
        raise AssertionError(f"{step}: {shown(found)} instead of {shown(wanted)}")


def shown(value):
    text = repr(value)
    return text if len(text) < 300 else text[:300] + "..."


def unchecked():
    """TLS to a server without verifying its certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def plain(row):
    """A row in the form of ROWS, for any types that a client has for numbers, bytes and strings."""
    number, text, maybe, day, data = row
    return (int(number), as_text(text), None if maybe is None else as_text(maybe), as_day(day), bytes(data))


def as_text(value):
    return bytes(value).decode() if isinstance(value, (bytes, bytearray)) else value


def as_day(value):
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(as_text(value))


def run(client):
    """Runs a client to its end; prints the error in one line if there is one."""
    try:
        client()
    except Exception as error:  # whatever a client throws
        text = " ".join(f"{type(error).__name__}: {error}".split())
        print(text[:1000], file=sys.stderr, flush=True)
        os._exit(1)  # nothing that is torn down has the last word


def db_api(connect, error_class, error_of, prepared=None):
    """All steps by PEP 249. `error_of` returns code and SQL state, None if the client has none."""
    connection = connect()
    ok("connect")
    cursor = connection.cursor()
    cursor.execute("select 1")
    expect("select", [tuple(row) for row in cursor.fetchall()], [(1,)])
    ok("select")
    try:
        cursor.execute(MISSING)
        cursor.fetchall()
    except error_class as error:
        check_error(error_of(error))
    else:
        raise AssertionError("error: there was none")
    ok("error")
    cursor.execute(LARGE)
    check_large(cursor.fetchall()[0][0])
    ok("large")
    if BROWSE:
        browse(cursor)
        ok("browse")
    cursor.close()
    if prepared is None:
        skip("prepared", "the client writes parameters into the statement's text itself")
    else:
        prepared(connection)
        ok("prepared")
    connection.close()
    ok("close")


def browse(cursor):
    """Looks at the table and the view that are there."""
    def rows(statement):
        cursor.execute(statement)
        return [tuple(as_text(value) for value in row) for row in cursor.fetchall()]

    columns = ["id", "name", "weight", "photo"]
    expect("browse", ("test",) in rows("show databases"), True)
    expect("browse", rows("show tables"), [("heavy",), ("people",)])
    expect("browse", [row[0] for row in rows("describe people")], columns)
    expect("browse", rows("select table_name, table_type from information_schema.tables "
                          "where table_schema = 'test' order by table_name"),
           [("heavy", "VIEW"), ("people", "BASE TABLE")])
    expect("browse", rows("select column_name from information_schema.columns where table_name = 'people' "
                          "order by ordinal_position"), [(name,) for name in columns])
    expect("browse", rows("select name, weight from test.people where id = 2"), [("bert", None)])


def check_error(found):
    code, state = found
    expect("error", (int(code), state), (1146, state and "42S02"))


def check_large(value):
    expect("large", (len(value), as_text(value).strip("x")), (LARGE_LENGTH, ""))
