"""Documents and statements by mysqlx-connector-python: `x_connector_python.py HOST PORT [compression]`."""

import sys

import mysqlx

algorithm = sys.argv[3:4]
options = {"compression": "required", "compression-algorithms": algorithm} if algorithm else {
    "compression": "disabled"}
client = mysqlx.get_session(
    host=sys.argv[1], port=int(sys.argv[2]), user="sha2", password="throw-away", ssl_mode="disabled",
    auth="sha256_memory", schema="test", **options)
collection = client.get_schema("test").create_collection("birds", reuse_existing=True)
collection.remove("true").execute()
collection.add({"_id": "1", "name": "mynah", "says": "hello " * 300}, {"_id": "2", "name": "owl"}).execute()
find = collection.find("name = :name").bind("name", "mynah")
for _ in range(3):
    assert len(find.execute().fetch_all()) == 1
collection.modify("_id = '2'").set("age", 3).execute()
client.sql("SELECT REPEAT('long ', 500), 1 UNION SELECT REPEAT('x', 2000), 2").execute().fetch_all()
client.start_transaction()
client.rollback()
client.close()
