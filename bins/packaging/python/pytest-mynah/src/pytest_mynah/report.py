"""What came of a test's expectations."""

from __future__ import annotations

from typing import Any, Dict, List


class Report:
    """The mock's report on a test; `data` is the whole of it, as `GET /tests/{id}` has it."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self.data = data

    @property
    def unmet(self) -> List[Dict[str, Any]]:
        """The expectations that didn't come as often as they have to."""
        return list(self.data["unmet"])

    @property
    def unexpected(self) -> List[Dict[str, Any]]:
        """The first statements that nothing answered, each with the expectation that is the closest."""
        return list(self.data["unexpected"])

    @property
    def unexpected_count(self) -> int:
        """How many statements nothing answered."""
        return int(self.data["unexpected_count"])

    @property
    def passed(self) -> bool:
        """Whether all is met, and nothing was unexpected."""
        return not self.data["unmet"] and not self.unexpected_count

    def __str__(self) -> str:
        return str(self.data["text"]).rstrip("\n")
