"""mysqlx, on its own or of mysql-connector-python 8.0: everything it has against a scripted collection."""

import datetime
import decimal
import os

import mysqlx

TLS = os.environ.get("MYNAH_TLS", "0") == "1"
OPTIONS = {
    "host": os.environ["MYNAH_HOST"],
    "port": int(os.environ["MYNAH_PORT"]),
    "user": os.environ["MYNAH_USER"],
    "password": os.environ["MYNAH_PASSWORD"],
    "ssl_mode": "required" if TLS else "disabled",
}


def check(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def connect(**options):
    return mysqlx.get_session(**{**OPTIONS, **options})


def mechanisms():
    for auth in ["mysql41", "sha256_memory"] + (["plain"] if TLS else []):
        connect(auth=auth).close()
        try:
            connect(auth=auth, password="wrong")
        except mysqlx.InterfaceError as error:
            assert "Access denied" in str(error), error
        else:
            raise AssertionError("logged in with a wrong password")
    connect().close()


def statements(session):
    row = session.sql("select types").execute().fetch_all()[0]
    values = [row[index] for index in range(16)]
    check(values[:5], [-7, 18446744073709551615, 1.5, -2.25, decimal.Decimal("12.40")])
    # A day is midnight to it.
    check(values[6:9], [datetime.datetime(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56), "größe"])
    # It takes the sign for the hours alone, from a server of MySQL, too.
    check(values[5], datetime.timedelta(hours=-1, minutes=2, seconds=3))
    check(values[9], b"bytes")
    check(values[11], b"two")
    check(sorted(values[12]), [b"a", b"b"])
    check(values[13:], [5, 2024, None])
    check(session.sql("select ?, ?").bind("a", 1).execute().fetch_all()[0][0], "a")
    result = session.sql("insert").execute()
    check((result.get_affected_items_count(), result.get_autoincrement_value()), (1, 5))
    try:
        session.sql("fail").execute()
    except mysqlx.OperationalError as error:
        check(error.errno, 1146)
    else:
        raise AssertionError("no error")
    result = session.sql("several").execute()
    check([row[0] for row in result.fetch_all()], ["1"])
    assert result.next_result()
    check([row[0] for row in result.fetch_all()], ["2", "3"])
    session.start_transaction()
    session.set_savepoint("here")
    session.rollback_to("here")
    session.commit()
    check(session.sql("select @@version").execute().fetch_all()[0][0][:3], "9.7")


def documents(session):
    schema = session.get_schema("zoo")
    birds = schema.create_collection("birds", reuse_existing=True)
    check([each.get_name() for each in schema.get_collections()], ["birds"])
    result = birds.add({"_id": "1", "name": "mynah", "age": 3}, {"name": "owl", "age": 5}).execute()
    check((result.get_affected_items_count(), len(result.get_generated_ids())), (2, 1))
    check(birds.find().execute().fetch_all()[0]["name"], "mynah")
    find = birds.find("name = :name").bind("name", "owl")
    # The second is prepared, and the third runs what was.
    for _ in range(4):
        check([document["age"] for document in find.execute().fetch_all()], [5])
    result = birds.modify("name = 'owl'").set("age", 6).execute()
    check(result.get_affected_items_count(), 1)
    check(find.execute().fetch_one()["age"], 6)
    check(birds.remove("name = 'owl'").execute().get_affected_items_count(), 1)
    check(len(birds.find().execute().fetch_all()), 1)
    check(birds.remove("true").execute().get_affected_items_count(), 1)


def compressed():
    for algorithm in ["deflate_stream", "lz4_message", "zstd_stream"]:
        session = connect(compression="required", compression_algorithms=[algorithm])
        long = session.sql("select ?").bind("x" * 5000).execute().fetch_all()[0][0]
        check(long, "x" * 5000)
        session.close()


mechanisms()
session = connect()
statements(session)
documents(session)
session.close()
compressed()
client = mysqlx.get_client(dict(OPTIONS), {"pooling": {"enabled": True, "max_size": 2}})
for _ in range(3):
    pooled = client.get_session()
    check(pooled.sql("insert").execute().get_affected_items_count(), 1)
    pooled.close()
client.close()
print("ok")
