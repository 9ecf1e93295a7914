# The crates: all are published in order, and a run that was stopped continues. A stand-in for cargo is the registry.

command -v python3 >/dev/null
real=$(command -v cargo)
mkdir bin registry
cat >bin/cargo <<STAND_IN
#!/usr/bin/env bash
set -eu
crate() { while [ "\$1" != --package ]; do shift; done; echo "\$2"; }
case \$1 in
    info) name=\${*: -1}; [ -e "$PWD/registry/\${name%@*}" ] ;;
    publish)
        name=\$(crate "\$@")
        echo "\$name" >>"$PWD/tried"
        if [ -e "$PWD/broken-\$name" ]; then echo "error: 500 of the registry"; exit 101; fi
        if [ \$(grep --count . "$PWD/tried") = 3 ]; then echo "error: 429: too many new crates"; exit 101; fi
        touch "$PWD/registry/\$name"
        ;;
    *) exec "$real" "\$@" ;;
esac
STAND_IN
chmod +x bin/cargo
publish() { PATH=$PWD/bin:$PATH PAUSE=0 "$here/../../bins/packaging/crates/run"; }

touch broken-mynah-relay
check "an error of the registry ends it" fails "mynah-relay isn't published; the same command continues" publish
check "a crate whose upload was refused for being one too many was tried again" \
    test "$(sed -n 3p tried)" = "$(sed -n 4p tried)"
rm broken-mynah-relay
cp tried before
check "the same command continues" says 'publishing mynah-proxy' publish
check "what was there isn't published again" test -z "$(sed "1,$(grep -c . before)d" tried | grep -Fxf <(grep -vx mynah-relay before))"
check "each crate is behind those that it needs" python3 - "$here/../.." <<'ORDER'
import json, subprocess, sys
metadata = subprocess.run(["cargo", "metadata", "--format-version=1", "--no-deps"], cwd=sys.argv[1], stdout=subprocess.PIPE, check=True)
place = {name: at for at, name in enumerate(open("tried").read().split())}
for package in json.loads(metadata.stdout)["packages"]:
    for dependency in package["dependencies"]:
        if dependency["kind"] != "dev" and dependency["name"] in place and package["name"] in place:
            assert place[dependency["name"]] < place[package["name"]], (dependency["name"], package["name"])
ORDER
check "all are there" test "$(ls registry | wc -l)" = "$(cd "$here/../.." && python3 bins/packaging/crates/order.py | wc -l)"
