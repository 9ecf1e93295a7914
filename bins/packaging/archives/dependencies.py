"""What is compiled into a program: its crates, by what cargo says of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FEATURES = ["--features", "vendored-openssl"]


def version() -> str:
    """The version of the workspace."""
    return next(crate["version"] for crate in _metadata()["packages"] if crate["name"] == "mynah-mock")


def crates(program: str, target: str) -> list[dict]:
    """The crates of a program for a target, as `cargo metadata` describes them; the program is the first."""
    # Which crates are used with which features is for cargo to say. The sources of OpenSSL are those of a crate that is
    # only needed to build, and become part of the program.
    used = _cargo("tree", *_of(program), "--target", target, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}")
    names = {tuple(line.split()[:2]) for line in used.splitlines() if line}
    known = {(crate["name"], "v" + crate["version"]): crate for crate in _metadata()["packages"]}
    found = [known[name] for name in names]
    found += [crate for crate in known.values() if crate["name"] == "openssl-src"]
    return sorted(found, key=lambda crate: (crate["name"] != program, crate["name"], crate["version"]))


def edges(program: str) -> dict[str, list[str]]:
    """The ids of the crates that each crate uses."""
    nodes = _metadata()["resolve"]["nodes"]
    return {node["id"]: node["dependencies"] for node in nodes}


_known: dict = {}


def _metadata() -> dict:
    if not _known:
        _known.update(json.loads(_cargo("metadata", *_of("mynah-mock"), "--format-version", "1")))
    return _known


def _of(program: str) -> list[str]:
    return ["--locked", "--manifest-path", str(ROOT / "bins" / program / "Cargo.toml"), *FEATURES]


def _cargo(*args: str) -> str:
    return subprocess.run(["cargo", *args], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
