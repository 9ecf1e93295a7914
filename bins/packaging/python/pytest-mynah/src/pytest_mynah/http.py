"""The mock's HTTP interface."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Mapping, Optional


class MockError(Exception):
    """The mock refused a request. `status` is the HTTP status, `detail` the reason."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Api:
    """Requests to one mock, whose HTTP address is `root`."""

    def __init__(self, root: str) -> None:
        self.root = root
        # Proxies of the environment are for other hosts.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Optional[Mapping[str, str]] = None,
        timeout: float = 30.0,
    ) -> Any:
        """Sends a request and returns the answer's JSON, or None if the answer has no body.

        Raises MockError if the mock refuses it.
        """
        url = f"{self.root}/api/v1/mock_server{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=timeout) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            raise _refusal(refused) from None
        return json.loads(text) if text else None


def _refusal(refused: urllib.error.HTTPError) -> MockError:
    text = refused.read().decode(errors="replace")
    try:
        problem = json.loads(text)
        detail = problem.get("detail") or problem.get("title") or text
    except (ValueError, AttributeError):
        detail = text
    return MockError(refused.code, detail)


def quoted(part: str) -> str:
    """A text, quoted as one part of a path."""
    return urllib.parse.quote(part, safe="")
