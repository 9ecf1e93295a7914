"""A mock of one's own."""

from __future__ import annotations

import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Dict, Optional, Sequence

from mynah_mock import find_bin

from .running import RunningMock


class MockNotStarted(RuntimeError):
    """The mock didn't start; the message has its log."""


class Mock(RunningMock):
    """A mock that this process starts, which listens on free ports of this machine.

    `host` and `port` are the address of the classic protocol, `xport` is the port of the X Protocol, `socket` a Unix socket,
    and `http` the address of the HTTP interface.
    """

    def __init__(self, filename: Optional[str] = None, options: Sequence[str] = (), patience: float = 60.0) -> None:
        """Starts a mock, and returns when clients can connect.

        `filename` is a script; without a script, the mock answers only statements that drivers send on connect, until a
        test adds expectations. `options` are further options of the program. Raises MockNotStarted if the mock isn't
        ready within `patience` seconds.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="mynah-")
        folder = Path(self._folder.name)
        self.socket = str(folder / "mysql.sock")
        self._log = folder / "mock.log"
        command = [find_bin(), "--bind-address", _HOST, "--port", "0", "--xport", "0", "--http-port", "0"]
        command += ["--socket", self.socket]
        if filename is not None:
            command += ["--filename", filename]
        command += options
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
            )
        try:
            found = self._wait_until_ready(time.monotonic() + patience)
        except BaseException:
            self.stop()
            raise
        super().__init__(f"http://{_HOST}:{found['http']}", _HOST, found["classic"])
        self.xport = found["x"]

    def _wait_until_ready(self, deadline: float) -> Dict[str, int]:
        found: Dict[str, int] = {}
        ready = threading.Event()

        def read() -> None:
            assert self._process.stdout
            for line in self._process.stdout:
                listening = re.fullmatch(r"(classic|x|http) listening on .*:(\d+)\n", line)
                if listening:
                    found[listening[1]] = int(listening[2])
                if len(found) == 3:
                    ready.set()
            ready.set()

        # What it prints later has to be read, too, or it would wait for us.
        threading.Thread(target=read, daemon=True, name="mynah-mock").start()
        if not ready.wait(max(0.0, deadline - time.monotonic())):
            raise MockNotStarted(f"mynah-mock isn't ready in time; it logged:\n{self.log()}")
        if len(found) < 3:
            raise MockNotStarted(f"mynah-mock ended with {self._process.wait()}; it logged:\n{self.log()}")
        return found

    def log(self, begin: int = 0) -> str:
        """The mock's log after the first `begin` bytes: warnings and errors; with `--verbose`, all statements."""
        try:
            with open(self._log, "rb") as log:
                log.seek(begin)
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def log_size(self) -> int:
        """The length of the mock's log in bytes."""
        return self._log.stat().st_size if self._log.exists() else 0

    def stop(self) -> None:
        """Ends the mock. Open sessions get an error and are closed."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._folder.cleanup()

    def __enter__(self) -> "Mock":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


_HOST = "127.0.0.1"
