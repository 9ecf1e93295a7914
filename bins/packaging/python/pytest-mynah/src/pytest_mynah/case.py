"""One test against a mock."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Optional, Sequence

from .expectation import Expectation
from .http import quoted
from .matchers import to_json
from .report import Report
from .running import RunningMock
from .sequence import InOrder


class MockTest:
    """A test at the mock, with an id: its expectations, its journal and its report.

    With `is_default`, statements without an id belong to the test, too, until it ends, so an application needs no change.
    Of such tests, one can be open at a time. If several tests are open, statements or connections must have the id:
    `comment`, `user` and `program_name` contain it.
    """

    def __init__(self, mock: RunningMock, id: str, is_default: bool = True) -> None:
        self.mock = mock
        self.id = id
        self._report: Optional[Report] = None
        self._in_order: Optional[InOrder] = None
        mock.api("POST", f"/tests/{quoted(id)}", {"default": is_default})

    @property
    def comment(self) -> str:
        """A comment with the id, to be added to statements."""
        return f"/*mynah_test='{self.id}'*/"

    @property
    def user(self) -> str:
        """A user name that contains the id."""
        return f"app+{self.id}"

    @property
    def program_name(self) -> str:
        """The connection attribute `program_name` with the id."""
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
        """Expects a statement, once by default: by its text, its beginning, a regular expression that is found in it, or its
        digest; and by its parameters, bound or literal. `more` are other keys of expectations."""
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
        """Answers a statement that may be sent any number of times, or not at all."""
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
        return Expectation(spec, self._put if self._in_order is None else self._in_order.put)

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """The statements that the `with` block expects must be sent in the order of the block. The mock has these
        expectations when the block ends."""
        if self._in_order is not None:
            raise ValueError("in_order() is in another in_order()")
        in_order = self._in_order = InOrder(self.mock, self.id)
        try:
            yield
            in_order.add()
        finally:
            self._in_order = None

    def _put(self, expectation: Expectation) -> None:
        query = {"test": self.id}
        if expectation.id is not None:
            self.mock.api("DELETE", f"/expectations/{expectation.id}", query=query)
        added = self.mock.api("POST", "/expectations/", expectation.to_json(), query=query)
        expectation.id = added["ids"][0]

    def statements(self, filter: str = "") -> List[Dict[str, Any]]:
        """The statements that were sent, in order, each as a dictionary with the keys of the mock's HTTP interface:
        `statement`, `params`, `outcome` and more. `filter` is a condition in the mock's language:
        `sql ~ person and error = 0`."""
        return self.mock.statements(filter, self.id)

    def wait_for(self, count: int, filter: str = "", timeout: float = 10.0) -> List[Dict[str, Any]]:
        """Waits until `count` statements were sent, and returns them. Raises MockError after `timeout` seconds."""
        query = {"test": self.id, "count": str(count), "timeout": f"{int(timeout * 1000)}ms"}
        if filter:
            query["filter"] = filter
        self.mock.api("GET", "/wait", query=query, timeout=timeout + 30.0)
        return self.statements(filter)

    def forget(self) -> None:
        """Removes the statements that were sent so far from the journal, and from the report those that were unexpected.
        Expectations keep their counts."""
        self.mock.api("DELETE", "/statements/", query={"test": self.id})

    def report(self) -> Report:
        """The report on the expectations: so far, or the last one if the test has ended."""
        if self._report is not None:
            return self._report
        return Report(self.mock.api("GET", f"/tests/{quoted(self.id)}"))

    def end(self) -> Report:
        """Ends the test and returns the report. Later statements with the test's id get an error."""
        if self._report is None:
            self._report = Report(self.mock.api("DELETE", f"/tests/{quoted(self.id)}"))
        return self._report

    def verify(self) -> None:
        """Raises AssertionError if an expectation is unmet or a statement was unexpected."""
        report = self.report()
        if not report.passed:
            raise AssertionError(str(report))


def _caller() -> str:
    """File and line of the code that made the expectation."""
    here = os.path.dirname(__file__)
    frame = sys._getframe(1)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == here:
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)} line {frame.f_lineno}"
