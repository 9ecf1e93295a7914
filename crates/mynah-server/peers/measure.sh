#!/usr/bin/env bash
# Compares servers written with mynah-server with the examples of opensrv-mysql and msql-srv, as those crates'
# packages have them: lines, logins a second, and statements a second at 1, 8 and 64 connections, in one run.
#
#   crates/mynah-server/peers/measure.sh [SECONDS, 2 by default] [ROUNDS, 5 by default]
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-2}
rounds=${2:-5}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -r "$work"' EXIT
target=${CARGO_TARGET_DIR:-$(cd ../../.. && pwd)/target}/server-peers

${CARGO:-cargo} build --quiet --release --target-dir "$target"
(cd ../../.. && ${CARGO:-cargo} build --quiet --release -p mynah-testkit --bin load --target-dir "$target")

# The peers' packages: cargo downloads them, and their examples are built from a copy that listens on a free port.
peer() {
    local package=$1 version=$2 source
    shift 2
    mkdir -p "$work/$package/src"
    printf '[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n%s = "=%s"\n[workspace]\n' \
        "$package" "$version" >"$work/$package/Cargo.toml"
    : >"$work/$package/src/lib.rs"
    source=$(cd "$work/$package" && ${CARGO:-cargo} metadata --quiet --format-version 1 |
        python3 -c 'import json, os, sys
print(next(os.path.dirname(p["manifest_path"]) for p in json.load(sys.stdin)["packages"] if p["name"] == sys.argv[1]))' "$package")
    cp -r "$source" "$work/$package/copy"
    # The lock files in the packages name crates too old for today's compilers.
    rm -f "$work/$package/copy/Cargo.lock"
    printf '\n[workspace]\n' >>"$work/$package/copy/Cargo.toml"
    for example in "$@"; do
        sed -i -E 's/^( *let listener = .*)"[0-9.]+:3306"(.*;)$/\1"127.0.0.1:0"\2 println!("listening on {:?}", listener.local_addr());/' \
            "$work/$package/copy/examples/$example.rs"
        (cd "$work/$package/copy" && ${CARGO:-cargo} build --quiet --release --example "$example" --target-dir "$target/peers-$package")
    done
}
peer opensrv-mysql 0.7.0 serve_one serve_auth
peer msql-srv 0.11.0 serve_one

# lines FILE: without empty lines, comments and tests.
lines() {
    sed '/^#\[test\]/,$d' "$1" | grep -cvE '^\s*(//.*)?$'
}
lines_of() {
    printf '%-22s %s lines\n' "$1" "$(lines "$2")"
}
lines_of mynah/serve_one src/bin/serve_one.rs
lines_of opensrv/serve_one "$work/opensrv-mysql/copy/examples/serve_one.rs"
lines_of msql-srv/serve_one "$work/msql-srv/copy/examples/serve_one.rs"
lines_of mynah/serve_auth src/bin/serve_auth.rs
lines_of opensrv/serve_auth "$work/opensrv-mysql/copy/examples/serve_auth.rs"
lines_of mynah/serve_secure src/bin/serve_secure.rs
lines_of opensrv/serve_secure "$work/opensrv-mysql/copy/examples/serve_secure.rs"
lines_of mynah/postgres src/bin/postgres_as_mysql.rs
lines_of msql-srv/psql "$work/msql-srv/copy/examples/psql_as_mysql.rs"

names=(mynah/serve_one mynah/serve_one,threads msql-srv/serve_one mynah/serve_one,print opensrv/serve_one mynah/serve_auth opensrv/serve_auth)
declare -A command=(
    [mynah/serve_one]="$target/release/serve_one"
    [mynah/serve_one,threads]="$target/release/serve_one threads"
    [mynah/serve_one,print]="$target/release/serve_one print"
    [mynah/serve_auth]="$target/release/serve_auth"
    [opensrv/serve_one]="$target/peers-opensrv-mysql/release/examples/serve_one"
    [opensrv/serve_auth]="$target/peers-opensrv-mysql/release/examples/serve_auth"
    [msql-srv/serve_one]="$target/peers-msql-srv/release/examples/serve_one"
)
# load NAME WHAT CONNECTIONS: on a server of its own, since msql-srv's example keeps a thread for each connection.
load() {
    local address server
    rm -f "$work/log"
    # Some servers print each statement, so the output of all is a file.
    # shellcheck disable=SC2086
    ${command[$1]} >"$work/log" 2>/dev/null &
    server=$!
    pids=("$server")
    until grep -q listening "$work/log" 2>/dev/null; do sleep 0.05; done
    address=$(grep -o -m1 '[0-9.]*:[0-9]*' "$work/log")
    MYNAH_LOAD_USER=default "$target/release/load" "$address" "$server" "$2" "$3" "$seconds"
    kill "$server"
    wait "$server" 2>/dev/null || true
}
for round in $(seq "$rounds"); do
    for what in "connects 1" "connects 8" "statements 1" "statements 8" "statements 64"; do
        for name in $(printf '%s\n' "${names[@]}" | shuf); do
            # shellcheck disable=SC2086
            load "$name" $what >"$work/answer"
            printf '%s\t%s\t%s\n' "$name" "$what" "$(cat "$work/answer")" >>"$work/results"
        done
    done
done
python3 - "$work/results" <<'PYTHON'
import collections, re, statistics, sys
rates, cost = collections.defaultdict(list), collections.defaultdict(list)
for line in open(sys.argv[1]):
    name, what, text = line.rstrip("\n").split("\t")
    rate, us = re.search(r"(\d+)/s +([\d.]+) us", text).groups()
    rates[name, what].append(int(rate)); cost[name, what].append(float(us))
whats = list(dict.fromkeys(what for _, what in rates))
print("median a second (processor time each, us)")
print(f"{'':24}", *(f"{what:>18}" for what in whats))
for name in dict.fromkeys(name for name, _ in rates):
    cells = (f"{statistics.median(rates[name, what]):.0f} ({statistics.median(cost[name, what]):.1f})" for what in whats)
    print(f"{name:24}", *(f"{cell:>18}" for cell in cells))
PYTHON
