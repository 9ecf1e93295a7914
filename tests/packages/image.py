"""Does by hand what a Dockerfile FROM scratch says: image.py DOCKERFILE CONTEXT ROOT

Copies the files to ROOT, and prints shell code: `user`, the arrays `entry`, `command` and `health`, and a function
`exec_in [NAME=VALUE]... -- COMMAND...` that runs a command as the container would.
"""

import json
import shlex
import shutil
import sys
from pathlib import Path

dockerfile, context, root = map(Path, sys.argv[1:])
text = dockerfile.read_text().replace("\\\n", " ")
user, settings, arrays = "0", [], {"entry": [], "command": [], "health": []}
for line in text.splitlines():
    word, _, rest = line.partition(" ")
    if word == "FROM":
        assert rest == "scratch", line
        (root / "dev").mkdir(parents=True)
    elif word == "COPY":
        *sources, target = rest.split()
        place = root / target.lstrip("/")
        if target.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(context / source, place)
    elif word == "ENV":
        settings += rest.split()
    elif word == "USER":
        user = rest.split(":")[0]
        identity = rest
    elif word in ("ENTRYPOINT", "CMD"):
        arrays["entry" if word == "ENTRYPOINT" else "command"] = json.loads(rest)
    elif word == "HEALTHCHECK":
        arrays["health"] = json.loads(rest.partition(" CMD ")[2])
    elif word and word not in ("#", "EXPOSE"):
        sys.exit(f"error: {dockerfile}: {word} isn't known here")

print(f"user={user}")
for name, words in arrays.items():
    print(f"{name}=({shlex.join(words)})")
print(
    f"""exec_in() {{
    local settings=({shlex.join(settings)})
    while [ "$1" != -- ]; do settings+=("$1"); shift; done
    shift
    exec env -i "PATH=$PATH" "${{settings[@]}}" chroot --userspec={identity} {shlex.quote(str(root))} "$@"
}}"""
)
