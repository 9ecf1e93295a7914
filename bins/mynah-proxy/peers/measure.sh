#!/usr/bin/env bash
# Compares the proxy with haproxy (TCP mode), nginx (stream) and MySQL Router, if they are installed, in
# one run against MariaDB: statements a second by sysbench (`select 1`) at 1 and 8 threads, megabytes a
# second of bulk rows, and the memory of an idle connection.
#
#   bins/mynah-proxy/peers/measure.sh [SECONDS, 3 by default] [ROUNDS, 3 by default]
#
# It needs MariaDB's server and client, sysbench, and of the peers those that are to be measured:
#   apt-get install mariadb-server-core mariadb-client sysbench haproxy nginx-core libnginx-mod-stream
# MYSQLROUTER is the command that starts MySQL Router, if there is one, and MYSQLROUTER_PLUGINS the folder
# of its plugins if that isn't where it was built for.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${1:-3}
rounds=${2:-3}

target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release -p mynah-proxy

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
ulimit -n "$(ulimit -Hn)"

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
listening() {
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    return 1
}

db=$(free_port)
mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$work/data" \
    --auth-root-authentication-method=normal --skip-test-db >/dev/null
mariadbd --no-defaults --user="$(id -un)" --datadir="$work/data" --port="$db" --bind-address=127.0.0.1 \
    --socket="$work/db.sock" --pid-file="$work/db.pid" --log-error="$work/db.log" \
    --max-connections=4000 --query-cache-type=0 >/dev/null 2>&1 &
pids+=($!)
listening "$db"
mariadb --no-defaults --protocol=tcp -h 127.0.0.1 -P "$db" -u root -e "
    CREATE DATABASE bench; USE bench;
    CREATE TABLE bulk (id INT PRIMARY KEY, a VARCHAR(60), b VARCHAR(120));
    INSERT INTO bulk SELECT seq, REPEAT('a', 60), REPEAT('b', 120) FROM seq_1_to_100000;
    CREATE USER bench@'%' IDENTIFIED BY 'bench'; GRANT ALL ON *.* TO bench@'%';"

declare -A port pid
names=(direct)
port[direct]=$db
# run NAME COMMAND...
run() {
    local name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 &
    pid[$name]=$!
    pids+=($!)
    if listening "${port[$name]}"; then
        names+=("$name")
    else
        echo "$name doesn't listen: $(tail -n 1 "$work/$name.log")" >&2
    fi
}

if command -v haproxy >/dev/null; then
    port[haproxy]=$(free_port)
    cat >"$work/haproxy.cfg" <<CFG
global
    maxconn 8000
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
listen l
    bind 127.0.0.1:${port[haproxy]}
    server s 127.0.0.1:$db
CFG
    run haproxy haproxy -f "$work/haproxy.cfg" -db
fi
if command -v nginx >/dev/null; then
    port[nginx]=$(free_port)
    cat >"$work/nginx.conf" <<CFG
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx-error.log;
worker_processes auto;
events { worker_connections 8000; }
stream { server { listen 127.0.0.1:${port[nginx]}; proxy_pass 127.0.0.1:$db; tcp_nodelay on; } }
CFG
    run nginx nginx -c "$work/nginx.conf"
fi
if [ -n "${MYSQLROUTER:-}" ]; then
    port[router]=$(free_port)
    mkdir -p "$work/router"
    cat >"$work/router.conf" <<CFG
[DEFAULT]
logging_folder=$work/router
runtime_folder=$work/router
data_folder=$work/router
${MYSQLROUTER_PLUGINS:+plugin_folder=$MYSQLROUTER_PLUGINS}
max_total_connections=8000
[logger]
level=ERROR
[routing:r]
bind_address=127.0.0.1
bind_port=${port[router]}
destinations=127.0.0.1:$db
routing_strategy=first-available
max_connections=8000
protocol=classic
client_ssl_mode=PASSTHROUGH
server_ssl_mode=AS_CLIENT
CFG
    # shellcheck disable=SC2086 # a command with its arguments
    run router $MYSQLROUTER --config "$work/router.conf"
fi
port[mynah-off]=$(free_port)
run mynah-off "$target/release/mynah-proxy" --listen "127.0.0.1:${port[mynah-off]}" \
    --upstream "127.0.0.1:$db" --trace off
port[mynah-json]=$(free_port)
run mynah-json "$target/release/mynah-proxy" --listen "127.0.0.1:${port[mynah-json]}" \
    --upstream "127.0.0.1:$db" --trace 1 --format json --output "$work/trace.json" --rotate 100m --keep 1

cat >"$work/one.lua" <<'LUA'
function thread_init() drv = sysbench.sql.driver(); con = drv:connect() end
function event() con:query("select 1") end
LUA
cat >"$work/bulk.lua" <<'LUA'
function thread_init() drv = sysbench.sql.driver(); con = drv:connect() end
function event() con:query("select id, a, b from bulk") end
LUA
bench() {
    sysbench "$work/$1.lua" --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[$2]}" \
        --mysql-user=bench --mysql-password=bench --mysql-db=bench --threads="$3" \
        --time="$seconds" --events=0 --report-interval=0 run 2>&1 |
        sed -n 's/.*queries: .*(\([0-9.]*\) per sec.*/\1/p'
}
row_bytes=$((4 + 6 + 61 + 121))
printf '%-6s %-11s %12s %12s %10s\n' round through 'select 1 x1' 'select 1 x8' 'bulk MB/s'
for round in $(seq "$rounds"); do
    # The order differs from round to round.
    for name in $(shuf -e "${names[@]}"); do
        one=$(bench one "$name" 1)
        eight=$(bench one "$name" 8)
        bulk=$(bench bulk "$name" 1)
        printf '%-6s %-11s %12.0f %12.0f %10.0f\n' "$round" "$name" "$one" "$eight" \
            "$(python3 -c "print($bulk * 100000 * $row_bytes / 1e6)")" | tee -a "$work/table"
        rm -f "$work/trace.json.1"
    done
done
python3 - "$work/table" <<'PY'
import statistics, sys
rounds = {}
for line in open(sys.argv[1]):
    number, name, *figures = line.split()
    rounds.setdefault(name, {})[number] = [float(figure) for figure in figures]
def row(title, name, of):
    figures = [statistics.median(of(name, number, place) for number in rounds[name]) for place in range(3)]
    print(f"{title:18}" + "".join(f"{figure:13.3g}" for figure in figures))
for name in rounds:
    row(f"median {name}", name, lambda name, number, place: rounds[name][number][place])
for name, peer in [("mynah-off", "haproxy"), ("mynah-off", "nginx"), ("mynah-off", "router"), ("mynah-json", "mynah-off")]:
    if peer in rounds:
        print(f"{name} / {peer}, median of the rounds:")
        row("", name, lambda name, number, place: rounds[name][number][place] / rounds[peer][number][place])
PY

memory() {
    local sum=0 child
    for child in "${pid[$1]}" $(pgrep -P "${pid[$1]}" || true); do
        sum=$((sum + $(awk '/VmRSS/ { print $2 }' "/proc/$child/status")))
    done
    echo "$sum"
}
echo "memory of an idle connection, of 1000 that are logged in, in KB"
for name in "${names[@]}"; do
    [ "$name" = direct ] && continue
    before=$(memory "$name")
    after=$(python3 - "${port[$name]}" 1000 <<'PY' &
import hashlib, socket, sys, time
port, count = int(sys.argv[1]), int(sys.argv[2])
def packet(s):
    head = b""
    while len(head) < 4: head += s.recv(4 - len(head))
    body = b""
    while len(body) < int.from_bytes(head[:3], "little"):
        body += s.recv(int.from_bytes(head[:3], "little") - len(body))
    return body
open_ones = []
for _ in range(count):
    s = socket.create_connection(("127.0.0.1", port))
    greeting = packet(s)
    at = greeting.index(0, 1) + 1
    nonce = greeting[at + 4:at + 12] + greeting[at + 31:at + 43]
    one = hashlib.sha1(b"bench").digest()
    mix = hashlib.sha1(nonce + hashlib.sha1(one).digest()).digest()
    answer = bytes(a ^ b for a, b in zip(one, mix))
    body = (0x000a_a285).to_bytes(4, "little") + (1 << 24).to_bytes(4, "little") + b"\x21" + bytes(23)
    body += b"bench\0" + bytes([20]) + answer + b"mysql_native_password\0"
    s.sendall(len(body).to_bytes(3, "little") + b"\1" + body)
    assert packet(s)[0] == 0, "not let in"
    open_ones.append(s)
print("open", flush=True)
open("/dev/stdin").close()
time.sleep(3)
PY
    python_pid=$!
    sleep 2.5
    memory "$name"
    wait "$python_pid")
    after=$(printf '%s\n' "$after" | grep -v open | tail -1)
    printf '%-11s %8.1f\n' "$name" "$(python3 -c "print(($after - $before) / 1000)")"
done
