"""Prints the crates that can be published with their versions, each behind those that it needs."""

import graphlib
import json
import subprocess

metadata = subprocess.run(
    ["cargo", "metadata", "--format-version=1", "--no-deps", "--locked"], stdout=subprocess.PIPE, check=True
)
packages = {package["name"]: package for package in json.loads(metadata.stdout)["packages"]}
published = {name for name, package in packages.items() if package["publish"] != []}


def needs(package):
    """The crates of the workspace that a crate can't be published without."""
    return {
        dependency["name"]
        for dependency in package["dependencies"]
        # Cargo leaves development dependencies without a version out.
        if dependency["name"] in published - {package["name"]} and dependency["req"] != "*"
    }


order = graphlib.TopologicalSorter({name: needs(packages[name]) for name in sorted(published)})
for name in order.static_order():
    print(name, packages[name]["version"])
