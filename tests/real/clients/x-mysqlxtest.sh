#!/bin/sh
# mysqlxtest, MySQL's own test client of the X Protocol. "$@" is how it is run.
set -u
said=$(mktemp)
trap 'rm -f "$said"' EXIT

fail() { echo "$1: $(tail -c 600 "$said" | tr '\n' ' ')" >&2; exit 1; }
if [ "$MYNAH_TLS" = 1 ]; then how="--plain-auth --ssl-mode=REQUIRED"; else how="--mysql41-auth --ssl-mode=DISABLED"; fi

client() {
    "$@" $how --host="$MYNAH_HOST" --port="$MYNAH_PORT" --user="$MYNAH_USER" --password="$MYNAH_PASSWORD" \
        --schema=test >"$said" 2>&1
}

printf -- '-->sql\nselect 1\n-->endsql\n' | client "$@" || fail connect
echo "ok connect"
tr '\n' ' ' <"$said" | grep -q ' 1 0 rows affected\| 1 command ok' || fail select
echo "ok select"
printf -- '-->stmtsql select * from test.mynah_missing\n-->recvresult\n' | client "$@" && fail "error: there was none"
grep -q 'code 1146\|1146' "$said" || fail error
echo "ok error"
printf -- "-->sql\nselect repeat('x', 1048576) as large\n-->endsql\n" | client "$@" || fail large
[ "$(tr -cd x <"$said" | wc -c)" -ge 1048576 ] || fail large
echo "ok large"

# A number, a string, a NULL, a day and bytes.
bound() {
    cat <<END
Mysqlx.Sql.StmtExecute {
  stmt: "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, cast(? as date) as day, cast(? as binary) as bytes"
  args { type: SCALAR scalar { type: V_SINT v_signed_int: $1 } }
  args { type: SCALAR scalar { type: V_STRING v_string { value: "$2" } } }
  args { type: SCALAR scalar { $3 } }
  args { type: SCALAR scalar { type: V_STRING v_string { value: "$4" } } }
  args { type: SCALAR scalar { type: V_OCTETS v_octets { value: "$5" } } }
}
-->recvresult
END
}
tab=$(printf '\t')
bound 42 "café ☃" "type: V_NULL" 2024-02-29 "a'b" | client "$@" || fail prepared
grep -qF "42${tab}café ☃${tab}null${tab}2024-02-29${tab}a'b" "$said" || fail prepared
bound -7 "quoted" 'type: V_STRING v_string { value: "now" }' 1999-12-31 "cd" | client "$@" || fail prepared
grep -qF -- "-7${tab}quoted${tab}now${tab}1999-12-31${tab}cd" "$said" || fail prepared
# Without parameters, twice: the name of the column and the value.
cat <<END | client "$@" || fail prepared
Mysqlx.Prepare.Prepare {
  stmt_id: 1
  stmt { type: STMT stmt_execute { stmt: "select 1" } }
}
-->recvok
Mysqlx.Prepare.Execute {
  stmt_id: 1
}
-->recvresult
Mysqlx.Prepare.Execute {
  stmt_id: 1
}
-->recvresult
END
[ "$(grep -cx 1 "$said")" -ge 4 ] || fail prepared
echo "ok prepared"
echo "ok close"
