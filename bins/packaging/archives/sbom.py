#!/usr/bin/env python3
"""Prints what a program is made of, as CycloneDX 1.5: sbom.py PROGRAM TARGET FILE"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

from dependencies import crates, edges


def main() -> None:
    program, target, file = sys.argv[1:]
    used = crates(program, target)
    ids = {crate["id"] for crate in used}
    root, *libraries = used
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    component = {**_component(root), "type": "application", "hashes": [{"alg": "SHA-256", "content": digest}]}
    used_by = edges(program)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component, "properties": [{"name": "target", "value": target}]},
        "components": [_component(crate) for crate in libraries],
        "dependencies": [
            {"ref": _reference(crate), "dependsOn": sorted(_names(used, [id for id in used_by[crate["id"]] if id in ids]))}
            for crate in used
        ],
    }
    print(json.dumps(document, indent=1))


def _component(crate: dict) -> dict:
    component = {
        "type": "library",
        "bom-ref": _reference(crate),
        "name": crate["name"],
        "version": crate["version"],
        "purl": f"pkg:cargo/{crate['name']}@{crate['version']}",
    }
    if crate["license"]:
        # Old crates write "MIT/Apache-2.0".
        component["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", crate["license"])}]
    if crate["description"]:
        component["description"] = " ".join(crate["description"].split())
    if crate["repository"]:
        component["externalReferences"] = [{"type": "vcs", "url": crate["repository"]}]
    return component


def _reference(crate: dict) -> str:
    return f"{crate['name']}@{crate['version']}"


def _names(used: list[dict], ids: list[str]) -> set[str]:
    return {_reference(crate) for crate in used if crate["id"] in ids}


if __name__ == "__main__":
    main()
