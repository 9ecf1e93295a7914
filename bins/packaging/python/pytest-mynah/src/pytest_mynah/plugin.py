"""The fixtures `mynah` and `mynah_test`, and the marker `mynah`."""

from __future__ import annotations

import re
import uuid
from typing import Any, Dict, Iterator, List, Optional

import pytest

from .case import MockTest
from .running import RunningMock
from .server import Mock

_TEST = pytest.StashKey[MockTest]()
_LOG_BEGIN = pytest.StashKey[int]()
_MOCK = pytest.StashKey[Mock]()

_MARKER = (
    "mynah(expect=None, unexpected='fail', unmet='fail', default=None): changes what the fixture mynah_test does. `expect`: a "
    "list of expectations as the mock's HTTP interface takes them, added at the begin; `unexpected`, `unmet`: 'fail' or "
    "'allow'; `default`: whether the test gets statements without an id"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("mynah_filename", "the script that the mock answers from", type="string", default="")
    parser.addini("mynah_options", "further options of mynah-mock", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def mynah(pytestconfig: pytest.Config) -> Iterator[RunningMock]:
    """One mock for the whole session. With pytest-xdist each worker has its own; under `mynah-mock run` all workers use the
    mock that is running already."""
    running = RunningMock.from_environment()
    if running is not None:
        yield running
        return
    filename = pytestconfig.getini("mynah_filename")
    if filename:
        filename = str(pytestconfig.rootpath / filename)
    with Mock(filename or None, pytestconfig.getini("mynah_options")) as mock:
        pytestconfig.stash[_MOCK] = mock
        yield mock
        del pytestconfig.stash[_MOCK]


@pytest.fixture
def mynah_test(request: pytest.FixtureRequest, mynah: RunningMock) -> Iterator[MockTest]:
    """A test at the mock: expectations and the statements that were sent. Unmet expectations and unexpected statements fail
    the test."""
    node: pytest.Item = request.node
    settings = _settings(node)
    is_own = isinstance(mynah, Mock)
    is_default = is_own if settings["default"] is None else settings["default"]
    test = MockTest(mynah, _id(node.nodeid, is_own), is_default)
    node.stash[_TEST] = test
    for expectation in settings["expect"]:
        mynah.api("POST", "/expectations/", expectation, query={"test": test.id})
    yield test
    test.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    mock = item.config.stash.get(_MOCK, None)
    item.stash[_LOG_BEGIN] = mock.log_size() if mock else 0
    return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Verifies at the end of the test's call, so that the test fails, instead of having an error in its teardown."""
    try:
        result = yield
    except BaseException:
        # It has failed already: its report only helps to see why.
        _show(item)
        raise
    test = item.stash.get(_TEST, None)
    if test is not None:
        complaint = _complaint(item, test)
        if complaint:
            _show(item, with_report=False)
            pytest.fail(complaint, pytrace=False)
    return result


def _complaint(item: pytest.Item, test: MockTest) -> Optional[str]:
    report = test.end()
    settings = _settings(item)
    fails = (report.unmet and settings["unmet"] == "fail") or (
        report.unexpected_count and settings["unexpected"] == "fail"
    )
    return str(report) if fails else None


def _show(item: pytest.Item, with_report: bool = True) -> None:
    test = item.stash.get(_TEST, None)
    if test is None:
        return
    if with_report:
        item.add_report_section("call", "mynah", str(test.report()))
    log = test.mock.log(item.stash.get(_LOG_BEGIN, 0))
    if log:
        item.add_report_section("call", "mynah's log", log)


def _settings(item: pytest.Item) -> Dict[str, Any]:
    settings: Dict[str, Any] = {"expect": [], "unexpected": "fail", "unmet": "fail", "default": None}
    # The closest marker counts.
    for marker in reversed(list(item.iter_markers("mynah"))):
        unknown = set(marker.kwargs) - set(settings)
        if marker.args or unknown:
            what = ", ".join(sorted(unknown)) or "positional arguments"
            raise pytest.UsageError(f"{item.nodeid}: the marker mynah has no {what}; it is {_MARKER}")
        settings.update(marker.kwargs)
    for key in ("unexpected", "unmet"):
        if settings[key] not in ("fail", "allow"):
            raise pytest.UsageError(f"{item.nodeid}: {key} of the marker mynah is 'fail' or 'allow'")
    expect = settings["expect"] or []
    settings["expect"] = expect if isinstance(expect, list) else [expect]
    return settings


_seen: List[str] = []


def _id(nodeid: str, is_own_mock: bool) -> str:
    """An id that the mock takes wherever ids may be: letters, digits, and one of a kind among the mock's tests."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", nodeid.split("::", 1)[-1]).strip("_")[:80]
    if not is_own_mock:
        # Other processes may use the mock, too.
        return f"{name}_{uuid.uuid4().hex[:8]}"
    _seen.append(name)
    return f"{name}_{len(_seen)}"
