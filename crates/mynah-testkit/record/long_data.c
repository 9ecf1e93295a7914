/* Sends a parameter in pieces with COM_STMT_SEND_LONG_DATA and executes; does it again, but takes it back
   with COM_STMT_RESET before the execution. */
#include "common.h"

static void execute(MYSQL_STMT *stmt) {
  if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");
  if (mysql_stmt_store_result(stmt)) statement_died(stmt, "result");
  printf("%llu rows\n", (unsigned long long)mysql_stmt_num_rows(stmt));
  mysql_stmt_free_result(stmt);
}

static void send(MYSQL_STMT *stmt, const char *piece) {
  if (mysql_stmt_send_long_data(stmt, 1, piece, strlen(piece))) statement_died(stmt, "long data");
}

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  const char *sql = "SELECT ?, ?, ?";
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, sql, strlen(sql))) statement_died(stmt, "prepare");
  int number = 7;
  char text[] = "third";
  MYSQL_BIND parameters[3] = {
      {.buffer_type = MYSQL_TYPE_LONG, .buffer = &number},
      {.buffer_type = MYSQL_TYPE_BLOB},
      {.buffer_type = MYSQL_TYPE_STRING, .buffer = text, .buffer_length = 5},
  };
  if (mysql_stmt_bind_param(stmt, parameters)) statement_died(stmt, "bind");
  send(stmt, "first piece, ");
  send(stmt, "second piece");
  execute(stmt);
  send(stmt, "taken back");
  if (mysql_stmt_reset(stmt)) statement_died(stmt, "reset");
  send(stmt, "");
  send(stmt, "kept");
  execute(stmt);
  mysql_stmt_close(stmt);
  mysql_close(mysql);
  return 0;
}
