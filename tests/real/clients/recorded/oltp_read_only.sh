# sysbench's oltp_read_only with prepared statements; the arguments are the command of sysbench and its script.
set -e
sysbench() {
  "$@" --db-driver=mysql --mysql-host="$MYNAH_HOST" --mysql-port="$MYNAH_PORT" --mysql-user="$MYNAH_USER" \
    --mysql-password="$MYNAH_PASSWORD" --mysql-db=test --rand-seed=19 --tables=1 --table-size=200 --threads=1 \
    --events=20 --time=0 --db-ps-mode=auto "$command"
}
command=prepare sysbench "$@" >&2
command=run sysbench "$@" | sed -n 's/^ *\(read\|write\|other\|total\|transactions\|ignored errors\|reconnects\): *\([0-9]*\).*/ok \1 \2/p'
command=cleanup sysbench "$@" >&2
echo "ok close"
