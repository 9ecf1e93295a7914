"""One test against a mock."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, List, Optional, Sequence

from .expectation import Expectation
from .http import quoted
from .matchers import to_json
from .report import Report
from .server import Mock


class MockTest:
    """A test that the mock knows by an id: its expectations, its journal and its report.

    Statements without an id belong to it, too, until it ends, so an application needs no change. One whose
    connections outlive a test can send the id in its statements: `comment`, `user` and `program_name` carry it.
    """

    def __init__(self, mock: Mock, id: str, is_default: bool = True) -> None:
        self.mock = mock
        self.id = id
        self._report: Optional[Report] = None
        mock.api("POST", f"/tests/{quoted(id)}", {"default": is_default})

    @property
    def comment(self) -> str:
        """The id in a comment that a statement may have."""
        return f"/*mynah_test='{self.id}'*/"

    @property
    def user(self) -> str:
        """A user whose name carries the id."""
        return f"app+{self.id}"

    @property
    def program_name(self) -> str:
        """A connection attribute that carries it."""
        return f"app+{self.id}"

    def expect(
        self,
        stmt: Optional[str] = None,
        params: Optional[Sequence[Any]] = None,
        *,
        prefix: Optional[str] = None,
        regex: Optional[str] = None,
        digest: Optional[str] = None,
        **more: Any,
    ) -> Expectation:
        """Expects a statement, once unless told otherwise: its text, how it begins, a regular expression that is found in it,
        or its digest; and its parameters, bound or written into it. `more` are other keys of expectations."""
        return self._add(1, stmt, params, prefix, regex, digest, more)

    def stub(
        self,
        stmt: Optional[str] = None,
        params: Optional[Sequence[Any]] = None,
        *,
        prefix: Optional[str] = None,
        regex: Optional[str] = None,
        digest: Optional[str] = None,
        **more: Any,
    ) -> Expectation:
        """The same for a statement that may come any number of times, or not at all."""
        return self._add(None, stmt, params, prefix, regex, digest, more)

    def _add(
        self,
        times: Optional[int],
        stmt: Optional[str],
        params: Optional[Sequence[Any]],
        prefix: Optional[str],
        regex: Optional[str],
        digest: Optional[str],
        more: Dict[str, Any],
    ) -> Expectation:
        texts = {"stmt": stmt, "stmt_prefix": prefix, "stmt_regex": regex, "digest": digest}
        spec: Dict[str, Any] = {key: text for key, text in texts.items() if text is not None}
        if len(spec) > 1:
            raise ValueError(f"an expectation has one text, not {' and '.join(spec)}")
        if params is not None:
            spec["params"] = to_json(list(params))
        if times is not None:
            spec["times"] = times
        spec["name"] = _caller()
        spec.update(to_json(more))
        return Expectation(spec, self._put)

    def _put(self, expectation: Expectation) -> None:
        query = {"test": self.id}
        if expectation.id is not None:
            self.mock.api("DELETE", f"/expectations/{expectation.id}", query=query)
        added = self.mock.api("POST", "/expectations/", expectation.to_json(), query=query)
        expectation.id = added["ids"][0]

    def statements(self, filter: str = "") -> List[Dict[str, Any]]:
        """The statements that came, the first one first, each as the mock's HTTP interface has it: `statement`, `params`,
        `outcome` and more. `filter` is in the mock's grammar: `sql ~ person and error = 0`."""
        return self.mock.statements(filter, self.id)

    def wait_for(self, count: int, filter: str = "", timeout: float = 10.0) -> List[Dict[str, Any]]:
        """Waits until so many statements came, and returns those. Raises MockError when they don't in time."""
        query = {"test": self.id, "count": str(count), "timeout": f"{int(timeout * 1000)}ms"}
        if filter:
            query["filter"] = filter
        self.mock.api("GET", "/wait", query=query, timeout=timeout + 30.0)
        return self.statements(filter)

    def report(self) -> Report:
        """What came of the expectations so far; once the test has ended, what came of them in all."""
        if self._report is not None:
            return self._report
        return Report(self.mock.api("GET", f"/tests/{quoted(self.id)}"))

    def end(self) -> Report:
        """Ends it and reports. What comes later for it is an error."""
        if self._report is None:
            self._report = Report(self.mock.api("DELETE", f"/tests/{quoted(self.id)}"))
        return self._report

    def verify(self) -> None:
        """Fails now unless all is met and nothing was unexpected."""
        report = self.report()
        if not report.passed:
            raise AssertionError(str(report))


def _caller() -> str:
    """File and line of the test that expects something."""
    here = os.path.dirname(__file__)
    frame = sys._getframe(1)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == here:
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)} line {frame.f_lineno}"
