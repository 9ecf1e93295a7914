#!/bin/sh
# The command line clients: `mysql` and `mariadb`. "$@" is how one is run.
set -u
expected=$(mktemp) said=$(mktemp)
trap 'rm -f "$expected" "$said"' EXIT

fail() { echo "$*" | tr '\n' ' ' >&2; exit 1; }
if [ "$MYNAH_TLS" = 1 ]; then tls=$MYNAH_TLS_ON; else tls=$MYNAH_TLS_OFF; fi

client() {
    "$@" --protocol=TCP --host="$MYNAH_HOST" --port="$MYNAH_PORT" --user="$MYNAH_USER" \
        --password="$MYNAH_PASSWORD" $tls --plugin-dir="$MYNAH_PLUGINS" --batch --skip-column-names test
}

# As a person types it: the answers, an error in between, and the end.
printf 'select 1;\nselect * from test.mynah_missing;\nselect 2;\nquit\n' |
    client "$@" --no-defaults --force >"$expected" 2>"$said" || true
grep -q 'ERROR 1146 (42S02)' "$said" || fail "error: $(cat "$said")"
echo "ok connect"
[ "$(tr '\n' ' ' <"$expected")" = "1 2 " ] || fail "select: $(head -c 200 "$expected")"
echo "ok select"
echo "ok error"
echo "select repeat('x', 1048576) as large" | client "$@" --no-defaults >"$expected" 2>"$said" || fail "large: $(cat "$said")"
[ "$(tr -d 'x\n' <"$expected" | wc -c)" = 0 ] || fail "large: other letters"
[ "$(wc -c <"$expected")" = 1048577 ] || fail "large: $(wc -c <"$expected") bytes"
echo "ok large"
if [ "${MYNAH_BROWSE:-0}" = 1 ]; then
    echo "show tables; select column_name from information_schema.columns where table_name = 'people'; describe people;" |
        client "$@" --no-defaults >"$expected" 2>"$said" || fail "browse: $(cat "$said")"
    [ "$(cut -f1 <"$expected" | tr '\n' ' ')" = "heavy people id name weight photo id name weight photo " ] ||
        fail "browse: $(cat "$expected")"
    echo "ok browse"
fi
echo "skip prepared: the client has no prepared statements"
echo "ok close"
