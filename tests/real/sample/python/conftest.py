"""One shop for all tests, however many workers run them. The fixture `mynah_test` is that of pytest-mynah."""

import json
import os
import threading
import urllib.error
import urllib.request

import pytest
from flask import has_request_context, request
from sqlalchemy import event
from werkzeug.serving import make_server

import shop


def pytest_configure(config):
    """Starts the shop in the process that starts the workers: they share its pool."""
    if hasattr(config, "workerinput"):
        return
    database, reports = shop.connect(), shop.connect(read_timeout=5)
    for engine in database, reports:
        event.listen(engine, "before_cursor_execute", mark, retval=True)
    app = shop.create_app(database, reports)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["SHOP"] = f"http://127.0.0.1:{server.port}"


def mark(connection, cursor, statement, parameters, context, executemany):
    """Adds the comment that says which test the statement belongs to."""
    comment = request.headers.get("Mynah-Comment") if has_request_context() else None
    return f"{statement} {comment}" if comment else statement, parameters


@pytest.fixture
def ask(mynah_test):
    """Asks the shop: the status, and the JSON of its answer."""

    def ask(method, path, body=None):
        headers = {"Content-Type": "application/json", "Mynah-Comment": mynah_test.comment}
        data = None if body is None else json.dumps(body).encode()
        url = os.environ["SHOP"] + path
        asked = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = DIRECT.open(asked, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            said = answer.read()
            return answer.status, json.loads(said) if said else None

    return ask


# The shop is on this machine: not through a proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
