"""A hook for hatchling: the wheel has the program that MYNAH_PROGRAM names, built for MYNAH_TARGET."""

from __future__ import annotations

import os
import platform
import struct
from pathlib import Path
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A static program needs nothing of a Linux but its kernel, so that its wheel is for glibc and for musl.
LINUX = "manylinux_2_17_{0}.manylinux2014_{0}.musllinux_1_1_{0}"
TAGS = {
    "x86_64-unknown-linux-musl": LINUX.format("x86_64"),
    "aarch64-unknown-linux-musl": LINUX.format("aarch64"),
    "x86_64-apple-darwin": "macosx_10_12_x86_64",
    "aarch64-apple-darwin": "macosx_11_0_arm64",
}

LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-LICENCES.txt"]


class ProgramHook(BuildHookInterface):
    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        if version == "editable":
            # The program is found by MYNAH_MOCK_BINARY then.
            return
        program, target = os.environ.get("MYNAH_PROGRAM"), os.environ.get("MYNAH_TARGET")
        if not program or not target:
            raise RuntimeError(
                f"mynah-mock has no wheel for {platform.system()} on {platform.machine()} with this Python; there are "
                "wheels for Linux (x86_64, aarch64) and macOS (x86_64, arm64). To make one, build the program, and set "
                "MYNAH_PROGRAM to it and MYNAH_TARGET to its target"
            )
        if target not in TAGS:
            raise RuntimeError(f"MYNAH_TARGET is {target}; use {', '.join(TAGS)}")
        if "linux" in target and loader(Path(program)):
            raise RuntimeError(f"{program} needs {loader(Path(program))}, and so isn't for every Linux; link it statically")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TAGS[target]}"
        build_data["shared_scripts"] = {program: "mynah-mock"}
        # The archive that the program comes from has them beside it.
        texts = [Path(program).parent / name for name in LICENCES]
        build_data["force_include"] = {str(text): f"mynah_mock/licences/{text.name}" for text in texts}


def loader(program: Path) -> str:
    """What loads the libraries of an ELF program, empty for a static one."""
    data = program.read_bytes()
    if data[:5] != b"\x7fELF\x02":
        raise RuntimeError(f"{program} is no 64-bit ELF program")
    (offset,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for at in range(offset, offset + size * count, size):
        if struct.unpack_from("<I", data, at)[0] == PT_INTERP:
            start, _, _, length = struct.unpack_from("<4Q", data, at + 8)
            return data[start : start + length].rstrip(b"\0").decode()
    return ""


PT_INTERP = 3
