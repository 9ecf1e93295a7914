import asyncio
import os

from steps import (HOST, LARGE, MISSING, PASSWORD, PORT, TLS, USER, check_error, check_large, expect, ok, run,
                   skip, unchecked)

# Two clients that are used in the same way.
if os.environ["MYNAH_VARIANT"] == "asyncmy":
    import asyncmy as client
    from asyncmy.errors import ProgrammingError
else:
    import aiomysql as client
    from aiomysql import ProgrammingError


async def steps():
    connection = await client.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, db="test",
                                      ssl=unchecked() if TLS else None)
    ok("connect")
    async with connection.cursor() as cursor:
        await cursor.execute("select 1")
        expect("select", list(await cursor.fetchall()), [(1,)])
        ok("select")
        try:
            await cursor.execute(MISSING)
        except ProgrammingError as error:
            check_error((error.args[0], None))  # it keeps no SQL state
        else:
            raise AssertionError("error: there was none")
        ok("error")
        await cursor.execute(LARGE)
        check_large((await cursor.fetchall())[0][0])
        ok("large")
    skip("prepared", "the client writes parameters into the statement's text itself")
    await connection.ensure_closed()
    ok("close")


run(lambda: asyncio.run(steps()))
