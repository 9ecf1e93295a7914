# What the parts have in common. `packages` is the folder with the packages, `tools` one with a Python that has PyMySQL.

version=$(basename "$packages"/mynah_mock-*.tar.gz .tar.gz)
version=${version#mynah_mock-}
unpacked=$(echo "$packages"/mynah-"$version"-*/)
target=$(basename "$unpacked")
target=${target#mynah-"$version"-}

started=()
at_end=()
finish() {
    local command
    [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
    for command in "${at_end[@]}"; do $command || true; done
}
trap finish EXIT

# check NAME COMMAND...: whether a command succeeds; its output is shown if it doesn't.
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok       $name"
        echo "passed $name" >>"$results"
    else
        printf 'FAILED   %s: %s\n%s\n' "$name" "$*" "$output"
        echo "failed $name" >>"$results"
    fi
}

# says PATTERN COMMAND...: whether a command succeeds, and what it prints has the pattern.
says() {
    local pattern=$1 output
    shift
    output=$("$@" 2>&1) || { printf '%s\n' "$output"; return 1; }
    grep --quiet --extended-regexp -- "$pattern" <<<"$output" || { printf '%s\n' "$output"; return 1; }
}

# fails PATTERN COMMAND...: whether a command fails, and what it prints has the pattern.
fails() {
    local pattern=$1 output
    shift
    if output=$("$@" 2>&1); then printf 'it succeeded: %s\n' "$output"; return 1; fi
    grep --quiet --extended-regexp -- "$pattern" <<<"$output" || { printf '%s\n' "$output"; return 1; }
}

skip() {
    echo "skipped  $1: $2"
    echo "skipped $1" >>"$results"
}

has() { command -v "$1" >/dev/null; }

# start LOG COMMAND...: starts a program; `port LOG` waits for the port that it prints, `port LOG x` for that of X.
start() {
    local log=$1
    shift
    : >"$log"
    "$@" >"$log" 2>&1 </dev/null &
    started+=($!)
}
port() {
    local found prefix="(classic |)"
    [ $# = 1 ] || prefix="($2 )"
    for _ in $(seq 300); do
        found=$(sed --quiet --regexp-extended "s/^${prefix}listening on .*:([0-9]+)\$/\2/p" "$1" | head -1)
        if [ -n "$found" ]; then
            echo "$found"
            return
        fi
        sleep 0.1
    done
    echo "no port in: $(cat "$1")" >&2
    return 1
}

# query PORT STATEMENT: what a server of this machine answers.
query() {
    "$tools/python/bin/python" - "$@" <<'PYTHON'
import sys

import pymysql

client = pymysql.connect(host="127.0.0.1", port=int(sys.argv[1]), user="root")
with client, client.cursor() as cursor:
    cursor.execute(sys.argv[2])
    print(cursor.fetchall())
PYTHON
}
