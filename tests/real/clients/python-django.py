import django
from django.conf import settings
from django.db import ProgrammingError, connection
from steps import HOST, LARGE, MISSING, PASSWORD, PORT, TLS, USER, check_error, check_large, expect, ok, run, skip

settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.mysql",
    "NAME": "test",
    "HOST": HOST,
    "PORT": PORT,
    "USER": USER,
    "PASSWORD": PASSWORD,
    "OPTIONS": {"ssl_mode": "REQUIRED"} if TLS else {},
}})
django.setup()


def steps():
    connection.connect()
    ok("connect")
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        expect("select", cursor.fetchall(), ((1,),))
        ok("select")
        try:
            cursor.execute(MISSING)
        except ProgrammingError as error:
            check_error((error.args[0], None))
        else:
            raise AssertionError("error: there was none")
        ok("error")
        cursor.execute(LARGE)
        check_large(cursor.fetchone()[0])
        ok("large")
    skip("prepared", "the client writes parameters into the statement's text itself")
    connection.close()
    ok("close")


run(steps)
