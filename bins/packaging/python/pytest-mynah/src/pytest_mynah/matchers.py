"""Matchers: conditions on parameters, users and attributes."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any, Dict

Json = Any
"""A value that `json.dumps` accepts."""

ANY: Dict[str, Json] = {"any": True}
"""Matches any value, also NULL."""


def matches(pattern: str) -> Dict[str, Json]:
    """Matches a text or a number in which this regular expression is found."""
    return {"matches": pattern}


def between(low: Json, high: Json) -> Dict[str, Json]:
    """Matches a value from `low` to `high`, both included."""
    return {"between": [to_json(low), to_json(high)]}


def one_of(*values: Json) -> Dict[str, Json]:
    """Matches if one of these values or matchers does."""
    return {"one_of": [to_json(value) for value in values]}


def typed(kind: str) -> Dict[str, Json]:
    """Matches a value of a kind: `number`, `integer`, `string`, `bytes` or `null`."""
    return {"type": kind}


def to_json(value: Any) -> Json:
    """A value of Python as the mock reads it. Texts that JSON has no form for are as drivers send them."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return _time(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def _time(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    seconds, micros = divmod(abs(value) // datetime.timedelta(microseconds=1), 1_000_000)
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{micros:06}" if micros else text
