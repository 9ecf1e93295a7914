"""One shop for all tests, however many workers run them; a test at the mock for each."""

import json
import os
import threading
import urllib.error
import urllib.request
import uuid

import pytest
from flask import has_request_context, request
from sqlalchemy import event
from werkzeug.serving import make_server

import mynah
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
    """Says in a comment of the statement which test it belongs to."""
    test = request.headers.get("Mynah-Test") if has_request_context() else None
    if test:
        statement += f" /*mynah_test='{test}'*/"
    return statement, parameters


@pytest.fixture
def mock(request):
    # A name of its own, also if an earlier run was killed before its end.
    mock = mynah.Mock(f"{request.node.originalname}-{uuid.uuid4().hex[:8]}")
    yield mock
    report = mock.end()
    if not report["is_good"]:
        pytest.fail(report["text"], pytrace=False)


@pytest.fixture
def ask(mock):
    """Asks the shop: the status, and the JSON of its answer."""

    def ask(method, path, body=None):
        headers = {"Content-Type": "application/json", "Mynah-Test": mock.test}
        data = None if body is None else json.dumps(body).encode()
        url = os.environ["SHOP"] + path
        asked = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = mynah.DIRECT.open(asked, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            said = answer.read()
            return answer.status, json.loads(said) if said else None

    return ask
