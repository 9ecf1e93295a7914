"""Statements that are expected in an order."""

from __future__ import annotations

from typing import List

from .expectation import Expectation
from .running import RunningMock


class InOrder:
    """Expectations of a test whose statements must be sent in this order; the mock gets all of them at once."""

    def __init__(self, mock: RunningMock, test: str) -> None:
        self._mock = mock
        self._query = {"test": test}
        self._expectations: List[Expectation] = []
        self._is_added = False

    def put(self, expectation: Expectation) -> None:
        """Takes a new expectation, or the change of one."""
        if expectation not in self._expectations:
            self._expectations.append(expectation)
        elif self._is_added:
            # An expectation that is added alone would be in no order with the others.
            for old in self._expectations:
                self._mock.api("DELETE", f"/expectations/{old.id}", query=self._query)
            self.add()

    def add(self) -> None:
        """Adds the expectations to the mock."""
        if not self._expectations:
            return
        body = {"order": "sequence", "expectations": [one.to_json() for one in self._expectations]}
        added = self._mock.api("POST", "/expectations/", body, query=self._query)
        for expectation, id in zip(self._expectations, added["ids"]):
            expectation.id = id
        self._is_added = True
