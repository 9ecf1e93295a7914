"""The report on a test."""

from __future__ import annotations

from typing import Any, Dict, List


class Report:
    """The mock's report on a test; `data` is the whole report, as `GET /tests/{id}` returns it."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self.data = data

    @property
    def unmet(self) -> List[Dict[str, Any]]:
        """The expectations that weren't matched as often as they must be."""
        return list(self.data["unmet"])

    @property
    def unexpected(self) -> List[Dict[str, Any]]:
        """The first statements that nothing answered or that are forbidden, each with the closest expectation."""
        return list(self.data["unexpected"])

    @property
    def unexpected_count(self) -> int:
        """The number of all statements that nothing answered or that are forbidden."""
        return int(self.data["unexpected_count"])

    @property
    def passed(self) -> bool:
        """Whether all expectations are met, and no statement was unexpected."""
        return not self.data["unmet"] and not self.unexpected_count

    def __str__(self) -> str:
        return str(self.data["text"]).rstrip("\n")
