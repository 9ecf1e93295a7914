"""A mock of a MySQL server with expectations: the fixtures `mynah` and `mynah_test`."""

from .case import MockTest
from .expectation import Expectation
from .http import MockError
from .matchers import ANY, between, matches, one_of, typed
from .report import Report
from .running import RunningMock
from .server import Mock, MockNotStarted

__all__ = [
    "ANY",
    "Expectation",
    "Mock",
    "MockError",
    "MockNotStarted",
    "MockTest",
    "Report",
    "RunningMock",
    "between",
    "matches",
    "one_of",
    "typed",
]
