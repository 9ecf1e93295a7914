"""One statement that a test expects."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from .matchers import to_json

Row = Union[Sequence[Any], Mapping[str, Any]]


class Expectation:
    """A statement that is expected, and its answers. Each method says more, and returns the expectation.

    It counts from the moment that it is made: what is said later replaces it in the mock, with its count at 0.
    """

    def __init__(self, spec: Dict[str, Any], put: Callable[["Expectation"], None]) -> None:
        self._spec = spec
        self._answers: List[Dict[str, Any]] = []
        self._put = put
        self.id: Optional[int] = None
        """The number that the mock knows it by."""
        put(self)

    def returns(
        self,
        rows: Iterable[Row] = (),
        columns: Optional[Sequence[Union[str, Mapping[str, Any]]]] = None,
        **more: Any,
    ) -> "Expectation":
        """Answers with rows: dictionaries, or sequences with `columns`: names, or as scripts describe them.

        Columns that are only named have types that fit the values. Said again, it is the answer to the next time;
        the last answer stays. `more` may be `warning_count`, `session_trackers` and the like.
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
        """Answers that it succeeded. Said again, it is the answer to the next time."""
        return self._answer({"ok": {"affected_rows": affected_rows, "last_insert_id": last_insert_id, **more}})

    def fails(
        self, error: Union[str, int], message: Optional[str] = None, sql_state: str = "HY000"
    ) -> "Expectation":
        """Answers with an error: by name (`"ER_DUP_ENTRY"`, which has the server's number, state and text), or by
        number with a message."""
        if isinstance(error, str):
            return self._answer({"error": error})
        return self._answer({"error": {"code": error, "sql_state": sql_state, "message": message or ""}})

    def answers(self, answer: Mapping[str, Any]) -> "Expectation":
        """Answers with anything that a script can answer with: `{"results": [...]}`, `{"fault": ...}`."""
        return self._answer(dict(answer))

    def after(self, milliseconds: float) -> "Expectation":
        """Delays the answer that was said last."""
        if not self._answers:
            self._answers.append({"ok": {}})
        self._answers[-1]["exec_time"] = milliseconds
        return self._changed()

    def times(self, count: Optional[int] = None, *, min: Optional[int] = None, max: Optional[int] = None) -> "Expectation":
        """How often it has to come: so often, or from `min` to `max` times."""
        if count is not None:
            self._spec["times"] = count
        else:
            limits = {"min": min, "max": max}
            self._spec["times"] = {key: value for key, value in limits.items() if value is not None}
        return self._changed()

    def never(self) -> "Expectation":
        """It must not come: if it does, the client gets an error, and the test fails."""
        return self.times(0)

    def any_number(self) -> "Expectation":
        """It may come any number of times, or not at all."""
        self._spec.pop("times", None)
        return self._changed()

    def priority(self, number: int) -> "Expectation":
        """Those of a lower number are asked first; 5 is that of all others."""
        self._spec["priority"] = number
        return self._changed()

    def from_user(self, user: Any) -> "Expectation":
        """Only if this user sends it: a value, or a matcher."""
        self._spec["user"] = user
        return self._changed()

    def in_schema(self, schema: Any) -> "Expectation":
        """Only in this schema: a value, a matcher, or None for no schema."""
        self._spec["schema"] = schema
        return self._changed()

    def when(self, state: str, scenario: str = "default") -> "Expectation":
        """Only while the scenario is in this state; each begins in the state `start`."""
        self._spec.update(scenario=scenario, when=state)
        return self._changed()

    def then(self, state: str, scenario: Optional[str] = None) -> "Expectation":
        """Brings the scenario into this state."""
        self._spec["then"] = state
        if scenario is not None or "scenario" not in self._spec:
            self._spec["scenario"] = scenario or "default"
        return self._changed()

    def named(self, name: str) -> "Expectation":
        """What reports call it, in place of the line of the test that made it."""
        self._spec["name"] = name
        return self._changed()

    def to_json(self) -> Dict[str, Any]:
        """As the mock's HTTP interface takes it."""
        return {**self._spec, "answers": self._answers} if self._answers else dict(self._spec)

    def _answer(self, answer: Dict[str, Any]) -> "Expectation":
        self._answers.append(answer)
        return self._changed()

    def _changed(self) -> "Expectation":
        self._put(self)
        return self
