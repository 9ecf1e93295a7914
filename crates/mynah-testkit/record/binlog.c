/* Reads the binary log named by the further argument to its end, without waiting for more. With the option
   `gtid` it's asked for by GTID, with no transaction left out: from MySQL with COM_BINLOG_DUMP_GTID, from
   MariaDB with a variable. */
#include "common.h"
#ifdef MARIADB_BASE_VERSION
#include <mariadb_rpl.h>
#endif

static void query(MYSQL *mysql, const char *sql) {
  if (mysql_query(mysql, sql)) die(mysql, sql);
}

#ifdef MARIADB_BASE_VERSION
static int read_all(MYSQL *mysql, char **argv) {
  query(mysql, "SET @mariadb_slave_capability = 4");
  if (option(argv, "gtid")) query(mysql, "SET @slave_connect_state = ''");
  MARIADB_RPL *rpl = mariadb_rpl_init(mysql);
  mariadb_rpl_optionsv(rpl, MARIADB_RPL_FILENAME, argv[7], strlen(argv[7]));
  mariadb_rpl_optionsv(rpl, MARIADB_RPL_START, 4);
  mariadb_rpl_optionsv(rpl, MARIADB_RPL_SERVER_ID, 77);
  mariadb_rpl_optionsv(rpl, MARIADB_RPL_FLAGS, MARIADB_RPL_BINLOG_DUMP_NON_BLOCK);
  if (mariadb_rpl_open(rpl)) die(mysql, "open");
  int events = 0;
  MARIADB_RPL_EVENT *event = NULL;
  while ((event = mariadb_rpl_fetch(rpl, event))) events++;
  if (mariadb_rpl_errno(rpl)) {
    fprintf(stderr, "fetch: %u %s\n", mariadb_rpl_errno(rpl), mariadb_rpl_error(rpl));
    exit(1);
  }
  return events;
}
#else
static int read_all(MYSQL *mysql, char **argv) {
  MYSQL_RPL rpl = {
      .file_name_length = strlen(argv[7]),
      .file_name = argv[7],
      .start_position = 4,
      .server_id = 77,
      .flags = 1 /* BINLOG_DUMP_NON_BLOCK */ | (option(argv, "gtid") ? MYSQL_RPL_GTID : 0),
  };
  if (mysql_binlog_open(mysql, &rpl)) die(mysql, "open");
  int events = 0;
  for (;;) {
    if (mysql_binlog_fetch(mysql, &rpl)) die(mysql, "fetch");
    if (rpl.size == 0) break;
    events++;
  }
  mysql_binlog_close(mysql, &rpl);
  return events;
}
#endif

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  query(mysql, "SET @master_binlog_checksum = 'CRC32', @source_binlog_checksum = 'CRC32'");
  printf("%d events\n", read_all(mysql, argv));
  mysql_close(mysql);
  return 0;
}
