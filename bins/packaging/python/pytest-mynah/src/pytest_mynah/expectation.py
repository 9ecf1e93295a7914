"""One statement that a test expects."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from .matchers import to_json

Row = Union[Sequence[Any], Mapping[str, Any]]


class Expectation:
    """An expected statement and its answers. Each method changes the expectation, and returns it.

    The mock has the expectation as soon as it is made. Each later change replaces it in the mock, with its count at 0.
    """

    def __init__(self, spec: Dict[str, Any], put: Callable[["Expectation"], None]) -> None:
        self._spec = spec
        self._answers: List[Dict[str, Any]] = []
        self._put = put
        self.id: Optional[int] = None
        """The expectation's id in the mock."""
        put(self)

    def returns(
        self,
        rows: Iterable[Row] = (),
        columns: Optional[Sequence[Union[str, Mapping[str, Any]]]] = None,
        **more: Any,
    ) -> "Expectation":
        """Adds an answer with rows: dictionaries, or sequences with `columns`, which are names or columns as in scripts.

        Columns that are only named have types that fit the values. Several answers are played in order; the last one is
        repeated. `more` may be `warning_count`, `session_trackers` and the like.
        """
        made = [row if isinstance(row, Mapping) else list(row) for row in rows]
        result: Dict[str, Any] = dict(more)
        if columns is not None and all(isinstance(column, str) for column in columns):
            names = [str(column) for column in columns]
            if made:
                made = [row if isinstance(row, Mapping) else dict(zip(names, row)) for row in made]
                columns = None
            else:
                columns = [{"name": name, "type": "VAR_STRING"} for name in names]
        if columns is None and not made:
            raise ValueError("a result without rows needs columns: returns([], columns=['id', 'name'])")
        if columns is not None:
            result["columns"] = [to_json(dict(c)) if isinstance(c, Mapping) else c for c in columns]
        result["rows"] = to_json(made)
        return self._answer({"result": result})

    def ok(self, affected_rows: int = 0, last_insert_id: int = 0, **more: Any) -> "Expectation":
        """Adds an OK as an answer. Several answers are played in order; the last one is repeated."""
        return self._answer({"ok": {"affected_rows": affected_rows, "last_insert_id": last_insert_id, **more}})

    def fails(
        self, error: Union[str, int], message: Optional[str] = None, sql_state: str = "HY000"
    ) -> "Expectation":
        """Adds an error as an answer: by its name (`"ER_DUP_ENTRY"`, with the server's number, state and text), or by its
        number with a message."""
        if isinstance(error, str):
            return self._answer({"error": error})
        return self._answer({"error": {"code": error, "sql_state": sql_state, "message": message or ""}})

    def answers(self, answer: Mapping[str, Any]) -> "Expectation":
        """Adds any answer that a script can have: `{"results": [...]}`, `{"fault": ...}`."""
        return self._answer(dict(answer))

    def after(self, milliseconds: float) -> "Expectation":
        """Delays the answer that was added last."""
        if not self._answers:
            self._answers.append({"ok": {}})
        self._answers[-1]["exec_time"] = milliseconds
        return self._changed()

    def times(self, count: Optional[int] = None, *, min: Optional[int] = None, max: Optional[int] = None) -> "Expectation":
        """Sets how often the statement must be sent: `count` times, or from `min` to `max` times."""
        if count is not None:
            self._spec["times"] = count
        else:
            limits = {"min": min, "max": max}
            self._spec["times"] = {key: value for key, value in limits.items() if value is not None}
        return self._changed()

    def never(self) -> "Expectation":
        """The statement must not be sent: if it is, the client gets an error, and the test fails."""
        return self.times(0)

    def any_number(self) -> "Expectation":
        """The statement may be sent any number of times, or not at all."""
        self._spec.pop("times", None)
        return self._changed()

    def priority(self, number: int) -> "Expectation":
        """Sets the priority: expectations with a lower number are tried first. The default is 5."""
        self._spec["priority"] = number
        return self._changed()

    def from_user(self, user: Any) -> "Expectation":
        """The expectation matches only statements of this user: a value, or a matcher."""
        self._spec["user"] = user
        return self._changed()

    def in_schema(self, schema: Any) -> "Expectation":
        """The expectation matches only in this schema: a value, a matcher, or None for no schema."""
        self._spec["schema"] = schema
        return self._changed()

    def when(self, state: str, scenario: str = "default") -> "Expectation":
        """The expectation matches only while the scenario is in this state. A scenario begins in the state `start`."""
        self._spec.update(scenario=scenario, when=state)
        return self._changed()

    def then(self, state: str, scenario: Optional[str] = None) -> "Expectation":
        """After a match, the scenario is in this state."""
        self._spec["then"] = state
        if scenario is not None or "scenario" not in self._spec:
            self._spec["scenario"] = scenario or "default"
        return self._changed()

    def named(self, name: str) -> "Expectation":
        """Sets the name in reports, in place of the line that made the expectation."""
        self._spec["name"] = name
        return self._changed()

    def to_json(self) -> Dict[str, Any]:
        """The expectation as JSON, for the mock's HTTP interface."""
        return {**self._spec, "answers": self._answers} if self._answers else dict(self._spec)

    def _answer(self, answer: Dict[str, Any]) -> "Expectation":
        self._answers.append(answer)
        return self._changed()

    def _changed(self) -> "Expectation":
        self._put(self)
        return self
