import datetime
import decimal
import uuid

import pytest

from pytest_mynah import between, one_of
from pytest_mynah.matchers import to_json


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (b"\xff\x00", {"hex": "ff00"}),
        (decimal.Decimal("1.50"), "1.50"),
        (datetime.datetime(1815, 12, 10, 8, 30), "1815-12-10 08:30:00"),
        (datetime.date(1815, 12, 10), "1815-12-10"),
        (datetime.timedelta(hours=-25, minutes=-1), "-25:01:00"),
        (datetime.timedelta(microseconds=5), "00:00:00.000005"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ((1, None, True, "a"), [1, None, True, "a"]),
    ],
)
def test_values_of_python_are_what_drivers_send(value, json):
    assert to_json(value) == json


def test_matchers_nest():
    assert one_of(1, between(2, 3)) == {"one_of": [1, {"between": [2, 3]}]}
