"""A mock that is running already."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional
from urllib.parse import quote, urlsplit

from .http import Api


class RunningMock:
    """A mock that another process has started, `mynah-mock run` for example.

    `host` and `port` are the address of the classic protocol, `http` is the address of the HTTP interface. Several
    processes may use the mock at a time: each test's statements, or its connections, must have the test's id.
    """

    def __init__(self, http: str, host: str, port: int) -> None:
        self.http = http
        self.host = host
        self.port = port
        self.api = Api(http)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Optional["RunningMock"]:
        """The mock that the variable MYNAH_HTTP names, as `mynah-mock run` sets it, together with MYSQL_HOST and
        MYSQL_TCP_PORT; None if MYNAH_HTTP isn't set."""
        http = environment.get("MYNAH_HTTP")
        if not http:
            return None
        host = environment.get("MYSQL_HOST") or urlsplit(http).hostname or "127.0.0.1"
        return cls(http.rstrip("/"), host, int(environment.get("MYSQL_TCP_PORT") or 3306))

    def log(self, begin: int = 0) -> str:
        """The mock's log after the first `begin` bytes. It is empty for a mock that another process has started."""
        return ""

    def log_size(self) -> int:
        """The length of the mock's log in bytes."""
        return 0

    def url(self, scheme: str = "mysql+pymysql", user: str = "root", password: str = "", schema: str = "") -> str:
        """The address in the form of SQLAlchemy and others: `mysql+pymysql://root@127.0.0.1:41234/shop`."""
        login = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{login}@{host}:{self.port}/{quote(schema, safe='')}"

    def connect_args(self, user: str = "root", password: str = "", schema: Optional[str] = None) -> Dict[str, Any]:
        """Arguments for `connect()` of PyMySQL, mysqlclient and Connector/Python."""
        args: Dict[str, Any] = {"host": self.host, "port": self.port, "user": user, "password": password}
        if schema is not None:
            args["database"] = schema
        return args

    def django_database(self, name: str = "app", user: str = "root", password: str = "") -> Dict[str, Any]:
        """An entry of Django's `DATABASES`. The mock plays no migrations: mark tests with `django_db` only
        together with `--no-migrations --reuse-db`, or use connections without that mark."""
        return {
            "ENGINE": "django.db.backends.mysql",
            "NAME": name,
            "USER": user,
            "PASSWORD": password,
            "HOST": self.host,
            "PORT": str(self.port),
            "TEST": {"NAME": name},
        }

    def statements(self, filter: str = "", test: Optional[str] = None) -> List[Dict[str, Any]]:
        """The statements that were sent without a test's id, or those of the test with the id `test`, in order. `filter` is a
        condition in the mock's language: `sql ~ person and error = 0`."""
        query = {"filter": filter} if filter else {}
        if test is not None:
            query["test"] = test
        return list(self.api("GET", "/statements/", query=query)["statements"])
