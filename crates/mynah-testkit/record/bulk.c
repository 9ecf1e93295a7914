/* MariaDB's COM_STMT_BULK_EXECUTE: four rows for `bulk (id, name)` at once, by column, with every kind of
   indicator; then two more without the types, one of them a duplicate if the option `errors` is given. */
#include "common.h"

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  const char *sql = "INSERT INTO bulk (id, name) VALUES (?, ?)";
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, sql, strlen(sql))) statement_died(stmt, "prepare");

  int ids[4] = {1, 2, 3, 4};
  char *names[4] = {"one", "two", "three", "four"};
  unsigned long lengths[4] = {3, 3, 5, 4};
  char indicators[4] = {STMT_INDICATOR_NONE, STMT_INDICATOR_NULL, STMT_INDICATOR_DEFAULT, STMT_INDICATOR_IGNORE};
  MYSQL_BIND parameters[2] = {
      {.buffer_type = MYSQL_TYPE_LONG, .buffer = ids},
      {.buffer_type = MYSQL_TYPE_STRING, .buffer = names, .length = lengths, .u.indicator = indicators},
  };
  unsigned rows = 4;
  mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &rows);
  if (mysql_stmt_bind_param(stmt, parameters)) statement_died(stmt, "bind");
  if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");
  printf("%llu rows\n", (unsigned long long)mysql_stmt_affected_rows(stmt));

  ids[0] = 5;
  ids[1] = option(argv, "errors") ? 5 : 6;
  rows = 2;
  mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &rows);
  if (mysql_stmt_execute(stmt)) {
    if (!option(argv, "errors")) statement_died(stmt, "execute again");
    printf("error %u\n", mysql_stmt_errno(stmt));
  }
  mysql_stmt_close(stmt);
  mysql_close(mysql);
  return 0;
}
