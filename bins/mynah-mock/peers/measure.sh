#!/usr/bin/env bash
# Compares the mock, once for each class of trace, with the servers of this folder: logins and
# one-row statements a second at 1 and 8 connections, and the memory of an idle connection.
#
#   bins/mynah-mock/peers/measure.sh [SECONDS, 2 by default] [ROUNDS, 3 by default]
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${1:-2}
rounds=${2:-3}

target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release -p mynah-mock -p mynah-testkit --bin mynah-mock --bin load
(cd bins/mynah-mock/peers && cargo build --quiet --release --target-dir "$target/peers")

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -r "$work"' EXIT

# start NAME COMMAND...: the server's address is in $work/NAME and its process in ${pid[NAME]}.
declare -A pid
start() {
    local name=$1
    shift
    "$@" >"$work/$name" 2>/dev/null &
    pid[$name]=$!
    pids+=($!)
    until grep -q listening "$work/$name"; do sleep 0.05; done
}
mock() {
    local name=$1
    shift
    start "$name" "$target/release/mynah-mock" --bind-address 127.0.0.1 --port 0 "$@"
}

start msql-srv "$target/peers/release/msql"
start opensrv-mysql "$target/peers/release/opensrv"
mock static --filename fixtures/scripts/bench.json
mock factory --filename fixtures/scripts/bench_function.js
mock isolated --filename fixtures/scripts/bench_function.js --isolation context

load() {
    "$target/release/load" "$(sed -n 's/.* listening on //p' "$work/$1")" "${pid[$1]}" "${@:2}"
}
for round in $(seq "$rounds"); do
    echo "round $round"
    for name in msql-srv opensrv-mysql static factory isolated; do
        for what in connects statements; do
            for connections in 1 8; do
                printf '%-14s %s\n' "$name" "$(load "$name" "$what" "$connections" "$seconds")"
            done
        done
    done
done
for name in msql-srv opensrv-mysql static factory isolated; do
    printf '%-14s %s\n' "$name" "$(load "$name" idle 1000)"
done
