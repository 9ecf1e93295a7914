"""Plays faults, which are its arguments, each on a connection of its own; prints what PyMySQL shows of each."""

import os
import sys

import pymysql


def ask(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return "%d rows" % len(cursor.fetchall())


def shown(error):
    return "%s: %s" % (type(error).__name__, error)


for fault in sys.argv[1:]:
    connection = pymysql.connect(host="127.0.0.1", port=int(os.environ["MYSQL_TCP_PORT"]), user="app",
                                 read_timeout=1)
    try:
        seen = ask(connection, fault)
        try:
            ask(connection, "the next statement")
        except Exception as error:
            seen += ", then " + shown(error)
    except Exception as error:
        seen = shown(error)
    print(fault, " ".join(seen.split()), sep="\t", flush=True)
