#!/usr/bin/env bash
# Starts a mock on free ports, waits until it is ready, and says where it is: by outputs, and by the variables that
# `mynah-mock run` gives a command. None of these has the name of an option, which later mocks would read.
set -euo pipefail

folder=$(mktemp -d "$RUNNER_TEMP/mynah-mock.XXXXXX")
read -r -a options <<<"${OPTIONS:-}"
[ -z "${SCRIPT:-}" ] || options+=(--filename "$SCRIPT")
nohup mynah-mock --bind-address 127.0.0.1 --port 0 --xport 0 --http-port 0 "${options[@]}" \
    >"$folder/out" 2>"$folder/log" </dev/null &
pid=$!
echo "$pid" >"$folder/pid"

port_of() { sed -n "s/^$1 listening on .*:\([0-9]*\)\$/\1/p" "$folder/out"; }

for _ in $(seq 600); do
    [ -z "$(port_of classic)" ] || [ -z "$(port_of x)" ] || [ -z "$(port_of http)" ] || break
    if ! kill -0 "$pid" 2>/dev/null; then
        echo "::error::mynah-mock ended: $(cat "$folder/log")"
        exit 1
    fi
    sleep 0.1
done
http=$(port_of http)
if ! mynah-mock ping --http-port "${http:-0}"; then
    echo "::error::mynah-mock isn't ready: $(cat "$folder/log")"
    exit 1
fi
{
    echo "port=$(port_of classic)"
    echo "xport=$(port_of x)"
    echo "http=http://127.0.0.1:$http"
} >>"$GITHUB_OUTPUT"
{
    echo "MYSQL_HOST=127.0.0.1"
    echo "MYSQL_TCP_PORT=$(port_of classic)"
    echo "MYSQLX_TCP_PORT=$(port_of x)"
    echo "MYNAH_HTTP=http://127.0.0.1:$http"
} >>"$GITHUB_ENV"
