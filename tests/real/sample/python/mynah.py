"""What tests need of the mock's HTTP API. Copy it: it needs nothing but Python."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request


class Mock:
    """A test at the mock, with expectations and a journal of its own."""

    def __init__(self, test):
        self.test = test
        call("POST", f"tests/{test}")

    def expect(self, *expectations, order="any"):
        body = {"order": order, "expectations": expectations}
        call("POST", "expectations/", body, test=self.test)

    def statements(self, filter):
        """The statements of the journal that the filter holds for."""
        return call("GET", "statements/", test=self.test, filter=filter)["statements"]

    def unexpected(self):
        return call("GET", "unexpected/", test=self.test)["unexpected"]

    def forget(self):
        """Forgets the statements that came, so that they are not in the report."""
        call("DELETE", "statements/", test=self.test)

    def end(self):
        """Ends the test; the report says what is unmet, and what was unexpected."""
        return call("DELETE", f"tests/{self.test}")


def call(method, path, body=None, **query):
    base = f"{os.environ['MYNAH_HTTP']}/api/v1/mock_server"
    url = f"{base}/{path}?{urllib.parse.urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, data, headers, method=method)
        with DIRECT.open(request, timeout=60) as response:
            return json.load(response) if response.status != 204 else None
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{method} {url}: {error.read().decode()}") from None


# The mock is on this machine: not through a proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
