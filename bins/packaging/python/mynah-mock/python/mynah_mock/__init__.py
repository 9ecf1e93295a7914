"""The program mynah-mock: a MySQL server for tests."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from typing import Iterator

__all__ = ["MockNotFound", "find_bin"]

_PROGRAM = "mynah-mock" + (sysconfig.get_config_var("EXE") or "")


class MockNotFound(FileNotFoundError):
    """The program isn't in any folder into which pip installs programs."""


def find_bin() -> str:
    """The path of the program: that of MYNAH_MOCK_BINARY, or the one that was installed with this package.

    Raises MockNotFound if there is none.
    """
    own = os.environ.get("MYNAH_MOCK_BINARY")
    if own:
        if not Path(own).is_file():
            raise MockNotFound(f"MYNAH_MOCK_BINARY is {own}, which is no file; set it to the program mynah-mock")
        return own
    tried = []
    for folder in _folders():
        program = folder / _PROGRAM
        if program.is_file():
            return str(program)
        if folder not in tried:
            tried.append(folder)
    places = ", ".join(map(str, tried))
    raise MockNotFound(
        f"{_PROGRAM} isn't in {places}; install it again (pip install --force-reinstall mynah-mock), "
        "or set MYNAH_MOCK_BINARY to the program"
    )


def _folders() -> Iterator[Path]:
    """Where installers put programs: in this environment, for this user, with --target, with --prefix."""
    yield Path(sysconfig.get_path("scripts"))
    if sys.prefix != sys.base_prefix:
        # A virtual environment that sees the packages of the Python that it was made with.
        yield Path(sysconfig.get_path("scripts", vars={"base": sys.base_prefix}))
    scheme = "nt_user" if os.name == "nt" else "osx_framework_user" if _is_framework() else "posix_user"
    yield Path(sysconfig.get_path("scripts", scheme))
    package = Path(__file__).resolve().parent
    yield package.parent / "bin"
    # PREFIX/lib/python3.12/site-packages/mynah_mock
    if len(package.parents) > 3:
        yield package.parents[3] / "bin"


def _is_framework() -> bool:
    return sys.platform == "darwin" and bool(sysconfig.get_config_var("PYTHONFRAMEWORK"))
