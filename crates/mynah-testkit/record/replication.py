"""mysql-replication: registers as a replica and reads the binary log to its end. Option gtid: by GTID."""

import importlib.metadata
import sys

from pymysqlreplication import BinLogStreamReader

host, port, user, password, schema, options, *_ = sys.argv[1:]
print("mysql-replication", importlib.metadata.version("mysql-replication"))
settings = {
    "host": host,
    "port": int(port),
    "user": user,
    "passwd": "" if password == "-" else password,
    "ssl_disabled": True,
}
options = options.split(",")
by_gtid = {"auto_position": "00000000-0000-0000-0000-000000000001:1"} if "gtid" in options else {}
stream = BinLogStreamReader(
    connection_settings=settings,
    server_id=78,
    blocking=False,
    report_slave="replica.example",
    **by_gtid,
)
print(sum(1 for _ in stream), "events")
stream.close()
