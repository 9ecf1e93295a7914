"""Sends messages of the X Protocol one by one: `x_messages.py HOST PORT TOPIC`.

The messages are those of mysqlx-connector-python; `before` makes what the topics need, and is not
recorded.
"""

import hashlib
import os
import socket
import ssl
import struct
import sys
import zlib

import lz4.frame
import zstandard

os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"
from mysqlx.protobuf import (  # noqa: E402
    mysqlx_connection_pb2 as connection,
    mysqlx_crud_pb2 as crud,
    mysqlx_cursor_pb2 as cursor,
    mysqlx_datatypes_pb2 as datatypes,
    mysqlx_expect_pb2 as expect,
    mysqlx_expr_pb2 as expr,
    mysqlx_prepare_pb2 as prepare,
    mysqlx_session_pb2 as session,
    mysqlx_sql_pb2 as sql,
)

USER, PASSWORD, SCHEMA = "sha2", "throw-away", "test"
TYPES = {
    "Mysqlx.Connection.CapabilitiesGet": 1, "Mysqlx.Connection.CapabilitiesSet": 2,
    "Mysqlx.Connection.Close": 3, "Mysqlx.Session.AuthenticateStart": 4,
    "Mysqlx.Session.AuthenticateContinue": 5, "Mysqlx.Session.Reset": 6, "Mysqlx.Session.Close": 7,
    "Mysqlx.Sql.StmtExecute": 12, "Mysqlx.Crud.Find": 17, "Mysqlx.Crud.Insert": 18,
    "Mysqlx.Crud.Update": 19, "Mysqlx.Crud.Delete": 20, "Mysqlx.Expect.Open": 24,
    "Mysqlx.Expect.Close": 25, "Mysqlx.Crud.CreateView": 30, "Mysqlx.Crud.ModifyView": 31,
    "Mysqlx.Crud.DropView": 32, "Mysqlx.Prepare.Prepare": 40, "Mysqlx.Prepare.Execute": 41,
    "Mysqlx.Prepare.Deallocate": 42, "Mysqlx.Cursor.Open": 43, "Mysqlx.Cursor.Close": 44,
    "Mysqlx.Cursor.Fetch": 45, "Mysqlx.Connection.Compression": 46,
}
# Ok, Error, Capabilities, AuthenticateContinue, AuthenticateOk, StmtExecuteOk; a compressed message
# is waited for by its count.
ENDS = {0, 1, 2, 3, 4, 17}


def any_of(value):
    any_ = datatypes.Any()
    if isinstance(value, dict):
        any_.type = 2
        any_.obj.SetInParent()
        for key, inner in value.items():
            field = any_.obj.fld.add()
            field.key = key
            field.value.CopyFrom(any_of(inner))
    elif isinstance(value, list):
        any_.type = 3
        any_.array.SetInParent()
        for inner in value:
            any_.array.value.add().CopyFrom(any_of(inner))
    else:
        any_.type = 1
        any_.scalar.CopyFrom(scalar(value))
    return any_


def scalar(value):
    if value is None:
        return datatypes.Scalar(type=3)
    if isinstance(value, bool):
        return datatypes.Scalar(type=7, v_bool=value)
    if isinstance(value, int):
        return datatypes.Scalar(type=2, v_unsigned_int=value) if value >= 0 else datatypes.Scalar(type=1, v_signed_int=value)
    if isinstance(value, float):
        return datatypes.Scalar(type=5, v_double=value)
    made = datatypes.Scalar(type=4 if isinstance(value, bytes) else 8)
    if isinstance(value, bytes):
        made.v_octets.value = value
    else:
        made.v_string.value = value.encode()
    return made


class Client:
    def __init__(self):
        self.socket = socket.create_connection((sys.argv[1], int(sys.argv[2])))
        self.socket.settimeout(10)
        self.read()

    def read_exactly(self, length):
        data = b""
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def read(self):
        (length,) = struct.unpack("<I", self.read_exactly(4))
        frame = self.read_exactly(length)
        return frame[0], frame[1:]

    def send(self, message):
        payload = message.SerializeToString()
        self.send_raw(TYPES[message.DESCRIPTOR.full_name], payload)

    def send_raw(self, message_type, payload):
        self.socket.sendall(struct.pack("<IB", len(payload) + 1, message_type) + payload)

    def answer(self):
        while True:
            try:
                message_type, payload = self.read()
            except (EOFError, ConnectionError):
                return None, b""
            if message_type in ENDS:
                return message_type, payload

    def ask(self, message):
        self.send(message)
        return self.answer()

    def set(self, **values):
        message = connection.CapabilitiesSet()
        message.capabilities.SetInParent()
        for name, value in values.items():
            capability = message.capabilities.capabilities.add()
            capability.name = name.replace("__", ".")
            capability.value.CopyFrom(any_of(value))
        return self.ask(message)

    # The response is made as the mechanism has it.
    def login(self, user=USER, password=PASSWORD, schema=SCHEMA, mechanism="SHA256_MEMORY"):
        message_type, payload = self.ask(session.AuthenticateStart(mech_name=mechanism))
        if message_type != 3:
            return message_type
        nonce = session.AuthenticateContinue.FromString(payload).auth_data
        if mechanism == "MYSQL41":
            first = hashlib.sha1(password.encode()).digest()
            second = hashlib.sha1(nonce + hashlib.sha1(first).digest()).digest()
            response = "*" + bytes(a ^ b for a, b in zip(first, second)).hex().upper()
        else:
            first = hashlib.sha256(password.encode()).digest()
            second = hashlib.sha256(hashlib.sha256(first).digest() + nonce).digest()
            response = bytes(a ^ b for a, b in zip(first, second)).hex().upper()
        data = "\0".join([schema, user, response]).encode()
        return self.ask(session.AuthenticateContinue(auth_data=data))[0]

    def run(self, statement, *args, namespace=None, compact=None):
        message = sql.StmtExecute(stmt=statement.encode())
        if namespace:
            message.namespace = namespace
        if compact is not None:
            message.compact_metadata = compact
        for arg in args:
            message.args.add().CopyFrom(any_of(arg))
        return self.ask(message)

    def command(self, name, *args):
        return self.run(name, *args, namespace="mysqlx")

    def expect(self, *conditions):
        message = expect.Open()
        for key, value in conditions:
            condition = message.cond.add(condition_key=key)
            if value is not None:
                condition.condition_value = value
        return self.ask(message)

    def leave(self):
        self.ask(connection.Close())
        self.socket.close()


def logged_in():
    client = Client()
    assert client.login() == 4, "no login"
    return client


# Preparations on the server.

def before():
    """The password goes into the server's cache, and tables and collections are made."""
    client = Client()
    client.set(tls=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client.socket = context.wrap_socket(client.socket)
    data = "\0".join([SCHEMA, USER, PASSWORD]).encode()
    client.ask(session.AuthenticateStart(mech_name="PLAIN", auth_data=data))
    for statement in SETUP:
        message_type, payload = client.run(statement)
        assert message_type == 17, (statement, payload)
    client.leave()


SETUP = [
    "DROP TABLE IF EXISTS zoo, t, integers, numbers, moments, texts",
    "DROP PROCEDURE IF EXISTS two",
    "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20))",
    "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END",
    "CREATE TABLE integers (a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT, d INT UNSIGNED ZEROFILL,"
    " e BIGINT, f BIGINT UNSIGNED, g BIT(1), h BIT(64), i YEAR, j BOOL)",
    "INSERT INTO integers VALUES (-128, 65535, -8388608, 7, -9223372036854775808,"
    " 18446744073709551615, 1, 0xffffffffffffffff, 2024, true), (0, 0, 0, 0, 0, 0, 0, 0, 1901, 0),"
    " (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "CREATE TABLE numbers (a FLOAT, b DOUBLE, c DECIMAL(10,2), d DECIMAL(65,30), e DECIMAL(5,0),"
    " f FLOAT(7,3))",
    "INSERT INTO numbers VALUES (1.5, -2.25e100, -12.40, 12345678901234567890123456789012345.5, 7,"
    " 3.25), (0, 0, 0, 0, 0, 0), (NULL, NULL, NULL, NULL, NULL, NULL)",
    "CREATE TABLE moments (a DATE, b DATETIME, c DATETIME(6), d TIMESTAMP NULL, e TIME, f TIME(6),"
    " g TIME(3))",
    "INSERT INTO moments VALUES ('2024-02-29', '2024-02-29 00:00:00', '2024-02-29 12:34:56.789012',"
    " '2024-02-29 12:34:56', '-838:59:59', '00:00:00.000001', '12:00:00'), ('1000-01-01',"
    " '1000-01-01 00:00:01', '9999-12-31 23:59:59.999999', NULL, '00:00:00', '-00:00:01', NULL)",
    "CREATE TABLE texts (a CHAR(5), b VARCHAR(20), c TEXT, d BLOB, e VARBINARY(5), f BINARY(3),"
    " g ENUM('one', 'two', ''), h SET('a', 'b', ''), i JSON, j GEOMETRY, k CHAR(3) CHARACTER SET latin1"
    ", l VECTOR(2))",
    "INSERT INTO texts VALUES ('ab', 'größe', '', x'00ff00', x'01', 'x', 'two', 'a,b', '{\"a\": [1]}',"
    " ST_GeomFromText('POINT(1 2)'), 'é', STRING_TO_VECTOR('[1,2]')), ('', '', 'text', '', '', '', '',"
    " '', 'null', NULL, '', NULL), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
    " NULL)",
]


# Before and at the login.

def capabilities():
    """What the server can do, and sets that are taken."""
    client = Client()
    client.ask(connection.CapabilitiesGet())
    client.set(client__pwd_expire_ok=True)
    client.set(client__interactive=1)
    client.set(session_connect_attrs={"_client_name": "mynah", "empty": ""})
    client.set(compression={"algorithm": "DEFLATE_STREAM"})
    client.set()
    client.leave()


def capabilities_refused():
    """Sets that are refused, each for another reason."""
    client = Client()
    client.set(nope=True)
    client.set(client__interactive=True, nope=1)
    client.set(tls="x")
    client.set(node_type="x")
    client.set(doc__formats="x")
    client.set(authentication__mechanisms=["x"])
    client.set(client__pwd_expire_ok="true")
    client.set(client__interactive=None)
    client.set(session_connect_attrs=5)
    client.set(session_connect_attrs={"a": 5})
    client.set(session_connect_attrs={"": "x"})
    client.set(session_connect_attrs={"k" * 33: "x"})
    for value in ["x", {}, {"algorithm": "bogus"}, {"algorithm": 5}, {"level": 1},
                  {"algorithm": "deflate_stream", "bogus": 1},
                  {"algorithm": "deflate_stream", "server_combine_mixed_messages": "x"}]:
        client.set(compression=value)
    twice = connection.CapabilitiesSet()
    for _ in range(2):
        twice.capabilities.capabilities.add(name="client.interactive").value.CopyFrom(any_of(True))
    client.ask(twice)
    client.leave()


def login_refused():
    """Three logins with a wrong password."""
    client = Client()
    for mechanism in ["SHA256_MEMORY", "MYSQL41", "SHA256_MEMORY"]:
        client.login(password="wrong", mechanism=mechanism)


def login_mechanism():
    """A mechanism that isn't there."""
    client = Client()
    client.ask(session.AuthenticateStart(mech_name="EXTERNAL"))


def login_schema():
    """A schema that isn't there, then a login."""
    client = Client()
    client.login(schema="nosuch")
    client.login(schema="")
    client.leave()


def too_early():
    """A statement before the login."""
    client = Client()
    client.run("SELECT 1")


def unreadable():
    """A message that isn't one."""
    client = Client()
    client.send_raw(2, b"\xff")
    client.answer()


# Statements.

def results():
    """Rows, in several results too, and compact ones."""
    client = logged_in()
    client.run("SELECT 1 AS one, 'two' AS two, NULL AS nothing")
    client.run("SELECT ?, ?, ?, ?, ?", 1, "a", None, -1.5, b"\x00\xff")
    client.run("SELECT id, name FROM t AS other", compact=True)
    client.run("CALL two()")
    client.run("SELECT 1/0")
    client.leave()


def completions():
    """Statements without rows."""
    client = logged_in()
    client.run("INSERT INTO t (name) VALUES ('a'), ('b')")
    client.run("UPDATE t SET name = 'c'")
    client.run("DELETE FROM t WHERE id > 100")
    client.run("DO 1/0")
    client.run("DROP TABLE IF EXISTS nosuch")
    client.run("USE mysql")
    client.run("BEGIN")
    client.run("COMMIT")
    client.leave()


def failures():
    """Statements that fail."""
    client = logged_in()
    client.run("nonsense")
    client.run("")
    client.run("SELECT ?")
    client.run("SELECT 1", 5)
    client.run("SELECT ?", {"a": 1})
    client.run("ping", namespace="nope")
    client.run("nope", namespace="mysqlx")
    client.send_raw(99, b"")
    client.answer()
    client.ask(connection.CapabilitiesGet())
    client.send_raw(12, b"\xff")
    client.answer()


def integers():
    """All types of integers."""
    client = logged_in()
    client.run("SELECT * FROM integers")
    client.leave()


def numbers():
    """All types of other numbers."""
    client = logged_in()
    client.run("SELECT * FROM numbers")
    client.leave()


def moments():
    """All types of moments."""
    client = logged_in()
    client.run("SELECT * FROM moments")
    client.leave()


def texts():
    """All types of texts and bytes."""
    client = logged_in()
    client.run("SELECT * FROM texts")
    client.leave()


def commands():
    """Commands of the X Plugin."""
    client = logged_in()
    client.command("ping")
    client.command("ping", 1)
    client.command("ping", {"a": 1})
    client.command("list_clients")
    client.command("kill_client", {"id": 999999})
    client.command("kill_client")
    client.command("list_notices")
    client.command("disable_notices", {"notice": ["warnings"]})
    client.run("DO 1/0")
    client.command("list_notices")
    client.command("enable_notices", {"notice": "warnings"})
    client.command("disable_notices", {"notice": ["account_expired"]})
    client.command("enable_notices", {"notice": ["nope"]})
    client.command("enable_notices")
    client.leave()


def collections():
    """Collections are made, listed, changed and dropped."""
    client = logged_in()
    zoo = {"schema": SCHEMA, "name": "zoo"}
    client.command("drop_collection", zoo)
    client.command("create_collection", zoo)
    client.command("create_collection", zoo)
    client.command("ensure_collection", zoo)
    client.command("create_collection")
    client.command("list_objects", {"schema": SCHEMA, "pattern": "z%"})
    index = {"schema": SCHEMA, "collection": "zoo", "name": "i"}
    fields = [{"field": "$.name", "type": "TEXT(20)"}]
    client.command("create_collection_index", {**index, "unique": False, "fields": fields})
    client.command("drop_collection_index", index)
    client.command("get_collection_options", {**zoo, "options": ["validation"]})
    client.command("modify_collection_options", {**zoo, "options": {"validation": {"level": "off"}}})
    client.leave()


def expectations():
    """Blocks with conditions, met and not met."""
    client = logged_in()
    for value in [b"6.1", b"17.12", b"18.6", b"40", b"46", b"6.7", b"99", b"xx"]:
        client.expect((2, value))
        client.ask(expect.Close())
    client.expect((1, None))
    client.run("nonsense")
    client.run("SELECT 1")
    client.ask(expect.Close())
    client.expect((1, b"x"))
    client.expect((99, b"x"))
    client.expect((3, None))
    client.ask(expect.Close())
    client.ask(expect.Close())
    client.leave()


# Documents and rows.

def literal(value):
    made = expr.Expr(type=2)
    made.literal.CopyFrom(scalar(value))
    return made


def member(*path):
    made = expr.Expr(type=1)
    made.identifier.SetInParent()
    for name in path:
        made.identifier.document_path.add(type=1, value=name)
    return made


def column(name):
    return expr.Expr(type=1, identifier=expr.ColumnIdentifier(name=name))


def operator(name, *operands):
    made = expr.Expr(type=5)
    made.operator.name = name
    for operand in operands:
        made.operator.param.add().CopyFrom(operand)
    return made


def placeholder(position):
    return expr.Expr(type=6, position=position)


def document(text):
    made = expr.Expr(type=2)
    made.literal.type = 4
    made.literal.v_octets.value = text.encode()
    made.literal.v_octets.content_type = 2
    return made


def collection(name="zoo"):
    return crud.Collection(name=name, schema=SCHEMA)


def insert(*documents, **more):
    message = crud.Insert(collection=collection(), data_model=1, **more)
    for each in documents:
        message.row.add().field.add().CopyFrom(each)
    return message


def documents():
    """Documents are inserted, found, changed and deleted."""
    client = logged_in()
    client.command("ensure_collection", {"schema": SCHEMA, "name": "zoo"})
    client.ask(crud.Delete(collection=collection(), data_model=1))
    client.ask(insert(document('{"_id": "1", "name": "ada", "age": 3}')))
    client.ask(insert(document('{"name": "bob", "age": 5}'), document('{"name": "eve", "age": 6}')))
    client.ask(insert(document('{"_id": "1"}')))
    client.ask(insert(document('{"_id": "1", "name": "ADA"}'), upsert=True))
    client.ask(insert())
    client.ask(crud.Find(collection=collection(), data_model=1,
                         criteria=operator("==", member("name"), literal("ADA"))))
    find = crud.Find(collection=collection(), data_model=1, args=[scalar(3)],
                     criteria=operator(">", member("age"), placeholder(0)),
                     limit=crud.Limit(row_count=10), locking=1, locking_options=2)
    find.order.add(expr=member("age"), direction=2)
    find.projection.add(alias="n", source=member("name"))
    client.ask(find)
    client.ask(crud.Find(collection=collection("nosuch"), data_model=1))
    update = crud.Update(collection=collection(), data_model=1,
                         criteria=operator("==", member("name"), literal("ADA")))
    change = update.operation.add(operation=3, value=literal(9))
    change.source.document_path.add(type=1, value="age")
    client.ask(update)
    client.ask(crud.Delete(collection=collection(), data_model=1,
                           criteria=operator("==", member("name"), literal("ADA"))))
    client.leave()


def rows():
    """Rows of a table are inserted and found; views of them."""
    client = logged_in()
    message = crud.Insert(collection=collection("t"), data_model=2)
    message.projection.add(name="name")
    for name in ["x", "y"]:
        message.row.add().field.add().CopyFrom(literal(name))
    client.ask(message)
    find = crud.Find(collection=collection("t"), data_model=2)
    client.ask(find)
    view = collection("v")
    client.ask(crud.DropView(collection=view, if_exists=True))
    client.ask(crud.CreateView(collection=view, stmt=find, algorithm=2, security=1, check=2,
                               column=["a", "b"], replace_existing=True))
    client.ask(crud.CreateView(collection=view, stmt=find))
    client.ask(crud.ModifyView(collection=view, stmt=find))
    client.ask(crud.DropView(collection=view))
    client.ask(crud.DropView(collection=view))
    client.leave()


# Prepared statements and cursors.

def prepared_text(number, text, namespace=None):
    message = prepare.Prepare(stmt_id=number)
    message.stmt.type = 5
    message.stmt.stmt_execute.stmt = text.encode()
    if namespace:
        message.stmt.stmt_execute.namespace = namespace
    return message


def execute(number, *args, **more):
    message = prepare.Execute(stmt_id=number, **more)
    for arg in args:
        message.args.add().CopyFrom(any_of(arg))
    return message


def prepared():
    """Statements are prepared, run and given up."""
    client = logged_in()
    client.ask(prepared_text(1, "SELECT ?, name FROM t LIMIT 2"))
    client.ask(execute(1, 5))
    client.ask(execute(1))
    client.ask(execute(1, 5, 6))
    client.ask(execute(9))
    client.ask(execute(1, 5, compact_metadata=True))
    client.ask(prepared_text(1, "INSERT INTO t (name) VALUES ('q')"))
    client.ask(execute(1))
    find = prepare.Prepare(stmt_id=2)
    find.stmt.type = 0
    find.stmt.find.CopyFrom(crud.Find(collection=collection("t"), data_model=2,
                                      criteria=operator("==", column("name"), placeholder(0)),
                                      limit_expr=crud.LimitExpr(row_count=placeholder(1))))
    client.ask(find)
    client.ask(execute(2, "q", 1))
    client.ask(prepared_text(3, "nonsense"))
    client.ask(prepared_text(3, "ping", "mysqlx"))
    client.ask(prepare.Deallocate(stmt_id=1))
    client.ask(prepare.Deallocate(stmt_id=1))
    client.leave()


def opened(number, statement, rows=None, args=()):
    message = cursor.Open(cursor_id=number)
    message.stmt.type = 0
    message.stmt.prepare_execute.CopyFrom(execute(statement, *args))
    if rows is not None:
        message.fetch_rows = rows
    return message


def cursors():
    """Results are fetched some rows at a time."""
    client = logged_in()
    client.ask(prepared_text(1, "SELECT ? UNION SELECT 2 UNION SELECT 3"))
    client.ask(opened(1, 1, 1, [1]))
    client.ask(cursor.Fetch(cursor_id=1, fetch_rows=1))
    client.ask(cursor.Fetch(cursor_id=1, fetch_rows=5))
    client.ask(cursor.Fetch(cursor_id=1, fetch_rows=5))
    client.ask(cursor.Close(cursor_id=1))
    client.ask(cursor.Close(cursor_id=1))
    client.ask(cursor.Fetch(cursor_id=1, fetch_rows=1))
    client.ask(opened(2, 1, None, [1]))
    client.ask(opened(2, 1, 3, [1]))
    client.ask(cursor.Fetch(cursor_id=2))
    client.ask(opened(3, 9, 1))
    client.ask(prepared_text(2, "DO 1"))
    client.ask(opened(3, 2, 1))
    client.ask(cursor.Fetch(cursor_id=3))
    client.ask(opened(4, 1, 1, [1]))
    client.ask(prepare.Deallocate(stmt_id=1))
    client.ask(cursor.Fetch(cursor_id=4))
    client.leave()


# The end, and beginning anew.

def session_close():
    """A session is closed, and another one begun on the connection."""
    client = logged_in()
    client.ask(session.Close())
    client.login()
    client.leave()


def reset():
    """A session is reset, with and without a new login."""
    client = logged_in()
    client.ask(prepared_text(1, "DO 1"))
    client.ask(session.Reset(keep_open=True))
    client.ask(execute(1))
    client.ask(session.Reset())
    client.login()
    client.run("SELECT 1")
    client.leave()


def pipelined():
    """Messages that are sent before the answers to those before them have come."""
    client = logged_in()
    messages = [sql.StmtExecute(stmt=text.encode()) for text in ["SELECT 1", "nonsense", "DO 1"]]
    for message in messages:
        client.send(message)
    for _ in messages:
        client.answer()
    client.leave()


# Bytes behind messages.

def of_collection(client):
    client.command("ensure_collection", {"schema": SCHEMA, "name": "zoo"})


def of_prepared(client):
    client.ask(prepared_text(1, "SELECT 1 UNION SELECT 2"))


def of_cursor(client):
    of_prepared(client)
    client.ask(opened(1, 1, 1))


def of_block(client):
    client.expect()


def set_of_one():
    message = connection.CapabilitiesSet()
    message.capabilities.SetInParent()
    message.capabilities.capabilities.add(name="client.interactive").value.CopyFrom(any_of(True))
    return message


def compressing(algorithm):
    def begin():
        client = Client()
        client.set(compression={"algorithm": algorithm})
        assert client.login() == 4, "no login"
        return client
    return begin


def compressed(by):
    """An expectation is opened, which is answered by one message that isn't compressed."""
    frame = struct.pack("<IB", 1, TYPES["Mysqlx.Expect.Open"])
    return connection.Compression(uncompressed_size=len(frame), payload=by(frame))


def deflate(data):
    stream = zlib.compressobj()
    return stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


# How clients begin that haven't just logged in.
BEGIN = {
    "capabilities_set": Client,
    "compression": compressing("DEFLATE_STREAM"),
    "compression_lz4": compressing("LZ4_MESSAGE"),
    "compression_zstd": compressing("ZSTD_STREAM"),
}
# Each message of a client, with what has to come before it.
MESSAGES = {
    "capabilities_set": (None, set_of_one),
    "capabilities_get": (None, connection.CapabilitiesGet),
    "close": (None, connection.Close),
    "authenticate_start": (None, lambda: session.AuthenticateStart(mech_name="SHA256_MEMORY")),
    "authenticate_continue": (None, lambda: session.AuthenticateContinue(auth_data=b"test")),
    "reset": (None, lambda: session.Reset(keep_open=True)),
    "session_close": (None, session.Close),
    "stmt_execute": (None, lambda: sql.StmtExecute(stmt=b"SELECT 1")),
    "find": (None, lambda: crud.Find(collection=collection("t"), data_model=2)),
    "insert": (of_collection, lambda: insert(document('{"_id": "behind"}'), upsert=True)),
    "update": (of_collection, lambda: updated("behind")),
    "delete": (of_collection, lambda: crud.Delete(collection=collection(), data_model=1, criteria=literal(False))),
    "expect_open": (None, expect.Open),
    "expect_close": (of_block, expect.Close),
    "create_view": (None, lambda: crud.CreateView(collection=collection("behind"), replace_existing=True,
                                                  stmt=crud.Find(collection=collection("t"), data_model=2))),
    "modify_view": (None, lambda: crud.ModifyView(collection=collection("behind"),
                                                  stmt=crud.Find(collection=collection("t"), data_model=2))),
    "drop_view": (None, lambda: crud.DropView(collection=collection("nothing"), if_exists=True)),
    "prepare": (None, lambda: prepared_text(2, "SELECT 1")),
    "prepare_execute": (of_prepared, lambda: execute(1)),
    "deallocate": (of_prepared, lambda: prepare.Deallocate(stmt_id=1)),
    "cursor_open": (of_prepared, lambda: opened(1, 1, 1)),
    "cursor_close": (of_cursor, lambda: cursor.Close(cursor_id=1)),
    "cursor_fetch": (of_cursor, lambda: cursor.Fetch(cursor_id=1, fetch_rows=1)),
    "compression": (None, lambda: compressed(deflate)),
    "compression_lz4": (None, lambda: compressed(lz4.frame.compress)),
    "compression_zstd": (None, lambda: compressed(zstandard.compress)),
    "compression_unagreed": (None, lambda: compressed(deflate)),
}
# One and five bytes that are no field, and a field that no message has.
REST = {"0": b"", "1": b"\x01", "5": b"\x01\x02\x03\x04\x05", "field": b"\xfa\x7f\x02ab"}


def updated(name):
    message = crud.Update(collection=collection(), data_model=1,
                          criteria=operator("==", member("name"), literal(name)))
    change = message.operation.add(operation=3, value=literal(9))
    change.source.document_path.add(type=1, value="age")
    return message


def behind(name, rest):
    """A message with so many bytes behind it."""
    client = BEGIN.get(name, logged_in)()
    before, message = MESSAGES[name]
    if before:
        before(client)
    message = message()
    payload = message.SerializeToString() + REST[rest]
    client.send_raw(TYPES[message.DESCRIPTOR.full_name], payload)
    client.answer()
    client.socket.close()


if __name__ == "__main__":
    topic = sys.argv[3]
    globals()[topic](*sys.argv[4:])
