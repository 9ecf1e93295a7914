"""Prints each crate that is published and has a library, with its features that users turn on."""

import json
import subprocess

# Not part of an API: another way to link OpenSSL, and the bodies of fuzz targets.
LEFT_OUT = {"default", "fuzz", "vendored-openssl"}

metadata = subprocess.run(
    ["cargo", "metadata", "--format-version=1", "--no-deps", "--locked"],
    stdout=subprocess.PIPE,
    check=True,
)
for package in json.loads(metadata.stdout)["packages"]:
    has_library = any("lib" in target["kind"] for target in package["targets"])
    if has_library and package["publish"] != []:
        features = sorted(set(package["features"]) - LEFT_OUT)
        print(package["name"], ",".join(features))
