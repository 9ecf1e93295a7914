"""LOAD DATA LOCAL INFILE by PyMySQL, rows that come one by one, and a text of several statements."""

import os
import tempfile

import pymysql
from pymysql.constants import CLIENT
from steps import HOST, PASSWORD, PORT, TLS, USER, ok, run, unchecked


def steps():
    tls = {"ssl": unchecked()} if TLS else {"ssl_disabled": True}
    connection = pymysql.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test",
                                 local_infile=True, client_flag=CLIENT.MULTI_STATEMENTS, charset="utf8mb4", **tls)
    cursor = connection.cursor()
    cursor.execute("drop table if exists recorded_infile")
    cursor.execute("create table recorded_infile (id int primary key, name varchar(40)) character set utf8mb4")
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("people.csv", "w", encoding="utf-8") as file:
            file.writelines(f"{number},name ☃ {number}\n" for number in range(1500))
            file.write("x,not a number\n")
        rows = cursor.execute("load data local infile 'people.csv' ignore into table recorded_infile "
                              "character set utf8mb4 fields terminated by ','")
        os.chdir(before)
    ok(f"loaded {rows} {cursor.warning_count if hasattr(cursor, 'warning_count') else ''}")
    cursor.execute("show warnings")
    ok(f"warnings {cursor.fetchall()}")
    with connection.cursor(pymysql.cursors.SSCursor) as streaming:
        streaming.execute("select id, name from recorded_infile order by id")
        ok(f"streamed {sum(1 for _ in streaming)}")
    try:
        cursor.execute("load data local infile '/mynah/is/not/here' into table recorded_infile")
    except pymysql.err.MySQLError as error:
        ok(f"no file {type(error).__name__} {error.args[0]}")
    connection.commit()
    connection.close()
    connection = pymysql.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, database="test",
                                 client_flag=CLIENT.MULTI_STATEMENTS, charset="utf8mb4", **tls)
    cursor = connection.cursor()
    cursor.execute("select count(*) from recorded_infile; update recorded_infile set name = 'n' where id < 3; "
                   "select name from recorded_infile where id = 2")
    found = [cursor.fetchall()]
    while cursor.nextset():
        found.append((cursor.rowcount, cursor.fetchall()))
    ok(f"several {found}")
    cursor.execute("drop table recorded_infile")
    connection.close()
    ok("close")


run(steps)
