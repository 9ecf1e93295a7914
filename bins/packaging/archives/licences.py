#!/usr/bin/env python3
"""Prints the licences of everything that is compiled into the programs: licences.py TARGET"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from dependencies import crates

PROGRAMS = ["mynah-mock", "mynah-proxy"]
NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
# Where libraries in C are in the crates that bind them.
C_SOURCES = {"libmimalloc-sys": "c_src/mimalloc", "openssl-src": "openssl", "zstd-sys": "zstd"}


def main() -> None:
    target = sys.argv[1]
    used = {crate["id"]: crate for program in PROGRAMS for crate in crates(program, target)}
    outside = [crate for crate in used.values() if crate["source"]]
    without = [crate["name"] for crate in outside if not crate["license"] and not crate["license_file"]]
    if without:
        sys.exit(f"error: no licence is known of {', '.join(without)}; look at these crates")
    print("mynah-mock and mynah-proxy are licensed under MIT or Apache-2.0, at your choice.")
    print("They contain the following, under the licences that follow the list.\n")
    for crate in sorted(outside, key=lambda crate: crate["name"]):
        print(f"{crate['name']} {crate['version']}: {crate['license'] or 'see its text'}")
    texts: dict[str, list[str]] = {}
    for name, text in [*_of_crates(outside), *_of_rust(target)]:
        texts.setdefault(text, []).append(name)
    for text, names in texts.items():
        print(f"\n{'=' * 80}\n{', '.join(names)}\n{'=' * 80}\n\n{text}")


def _of_crates(outside: list[dict]):
    for crate in outside:
        folder = Path(crate["manifest_path"]).parent
        folders = [folder, folder / C_SOURCES.get(crate["name"], "")]
        files = {file for folder in folders for file in folder.iterdir() if file.is_file() and NAMES.match(file.name)}
        if crate["license_file"]:
            files.add(folder / crate["license_file"])
        for file in sorted(files):
            yield f"{crate['name']} {crate['version']}", _text(file)


def _of_rust(target: str):
    """The standard library, and with musl the C library, are part of the program, too."""
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], check=True, text=True, stdout=subprocess.PIPE).stdout
    documents = Path(sysroot.strip()) / "share/doc/rust"
    for name in ["COPYRIGHT", "LICENSE-MIT", "LICENSE-APACHE"]:
        if (documents / name).is_file():
            yield "Rust's standard library", _text(documents / name)
    if target.endswith("musl"):
        yield "musl", MUSL


def _text(file: Path) -> str:
    lines = file.read_text("utf-8", "replace").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")


MUSL = """\
Copyright © 2005-2020 Rich Felker, et al.

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


if __name__ == "__main__":
    main()
