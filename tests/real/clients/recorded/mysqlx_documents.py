"""Collections, a table and prepared finds over the X Protocol."""

import mysqlx
from steps import HOST, PASSWORD, PORT, TLS, USER, ok, run


def steps():
    session = mysqlx.get_session({
        "host": HOST, "port": PORT, "user": USER, "password": PASSWORD, "schema": "test",
        "ssl-mode": "required" if TLS else "disabled",
    })
    schema = session.get_schema("test")
    schema.drop_collection("recorded_people")
    people = schema.create_collection("recorded_people")
    ok(f"created {people.exists_in_database()} {[c.name for c in schema.get_collections()]}")
    documents = [{"_id": f"{number:04}", "name": f"name ☃ {number}", "age": number, "tags": ["a", {"b": number}]}
                 for number in range(20)]
    added = people.add(*documents).execute()
    ok(f"added {added.get_affected_items_count()}")
    ok(f"count {people.count()}")
    find = people.find("age > :low and age < :high").sort("age desc").limit(3)
    for low, high in ((2, 9), (2, 9), (5, 7), (11, 30)):
        found = find.bind("low", low).bind("high", high).execute().fetch_all()
        ok(f"found {low} {high} {[(d['name'], d['tags']) for d in found]}")
    changed = people.modify("age < 3").set("young", True).array_append("tags", "c").execute()
    ok(f"modified {changed.get_affected_items_count()}")
    ok(f"one {people.get_one('0002').as_str()}")
    people.create_index("ages", {"fields": [{"field": "$.age", "type": "INT"}]}).execute()
    session.start_transaction()
    removed = people.remove("age >= 10").execute()
    ok(f"removed {removed.get_affected_items_count()} {people.count()}")
    session.rollback()
    ok(f"rolled back {people.count()}")
    session.sql("drop table if exists recorded_rows").execute()
    session.sql("create table recorded_rows (id int primary key auto_increment, name varchar(40))").execute()
    table = schema.get_table("recorded_rows")
    made = table.insert("name").values("ada").values("zoë").execute()
    ok(f"inserted {made.get_affected_items_count()} {made.get_autoincrement_value()}")
    chosen = table.select("id", "name").where("name like :name")
    for name in ("a%", "z%", "z%"):
        found = chosen.bind("name", name).execute().fetch_all()
        ok(f"selected {[(row[0], row[1]) for row in found]}")
    table.update().set("name", "eve").where("id = 1").execute()
    table.delete().where("id = 2").execute()
    result = session.sql("select id, name from recorded_rows where id < ?").bind(9).execute()
    ok(f"columns {[column.column_name for column in result.columns]} {[tuple([r[0], r[1]]) for r in result.fetch_all()]}")
    try:
        people.add({"_id": "0001"}).execute()
    except mysqlx.errors.Error as error:
        ok(f"error {error.errno}")
    session.sql("drop table recorded_rows").execute()
    schema.drop_collection("recorded_people")
    session.close()
    ok("close")


run(steps)
