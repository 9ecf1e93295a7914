/* Calls, prepared, the procedure named by the further argument: IN, INOUT and OUT parameters, and results
   of its own before those parameters come back. */
#include "common.h"

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  char sql[128];
  snprintf(sql, sizeof sql, "CALL %s(?, ?, ?)", argv[7]);
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, sql, strlen(sql))) statement_died(stmt, "prepare");
  int numbers[3] = {1, 20, 300};
  MYSQL_BIND parameters[3];
  memset(parameters, 0, sizeof parameters);
  for (int i = 0; i < 3; i++) {
    parameters[i].buffer_type = MYSQL_TYPE_LONG;
    parameters[i].buffer = &numbers[i];
  }
  if (mysql_stmt_bind_param(stmt, parameters)) statement_died(stmt, "bind");
  if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");
  int next = 0;
  do {
    unsigned columns = mysql_stmt_field_count(stmt);
    if (columns && mysql_stmt_store_result(stmt)) statement_died(stmt, "result");
    printf("%u columns%s\n", columns, mysql->server_status & SERVER_PS_OUT_PARAMS ? ", parameters" : "");
    if (columns) mysql_stmt_free_result(stmt);
    next = mysql_stmt_next_result(stmt);
  } while (next == 0);
  if (next > 0) statement_died(stmt, "next result");
  mysql_stmt_close(stmt);
  mysql_close(mysql);
  return 0;
}
