/* Prepares each further argument, executes it and reads all of its results, then closes it.
   Options: cursor=N opens a cursor and fetches N rows at a time; again executes a second time; reset sends
   COM_STMT_RESET in between; errors lets a statement fail. */
#include "common.h"

/* With a cursor the rows are fetched as they are asked for, else they are all there at once. */
static int read_rows(MYSQL_STMT *stmt, int cursor) {
  unsigned long long rows = 0;
  int status = cursor ? mysql_stmt_fetch(stmt) : mysql_stmt_store_result(stmt);
  if (!cursor) rows = (unsigned long long)mysql_stmt_num_rows(stmt);
  for (; cursor && status == 0; status = mysql_stmt_fetch(stmt)) rows++;
  printf("%u columns, %llu rows\n", mysql_stmt_field_count(stmt), rows);
  return status != 0 && status != MYSQL_NO_DATA;
}

static int execute(MYSQL_STMT *stmt, int cursor) {
  if (mysql_stmt_execute(stmt)) return 1;
  int next = 0;
  do {
    if (mysql_stmt_field_count(stmt) == 0) {
      printf("ok\n");
    } else {
      if (read_rows(stmt, cursor)) return 1;
      mysql_stmt_free_result(stmt);
    }
    next = mysql_stmt_next_result(stmt);
  } while (next == 0);
  return next > 0;
}

static int run(MYSQL_STMT *stmt, char **argv, const char *sql) {
  const char *rows = option(argv, "cursor");
  if (rows) {
    unsigned long type = CURSOR_TYPE_READ_ONLY, prefetch = strtoul(rows, NULL, 10);
    mysql_stmt_attr_set(stmt, STMT_ATTR_CURSOR_TYPE, &type);
    mysql_stmt_attr_set(stmt, STMT_ATTR_PREFETCH_ROWS, &prefetch);
  }
  if (mysql_stmt_prepare(stmt, sql, strlen(sql))) return 1;
  if (execute(stmt, rows != NULL)) return 1;
  if (option(argv, "reset") && mysql_stmt_reset(stmt)) return 1;
  if (option(argv, "again") && execute(stmt, rows != NULL)) return 1;
  return 0;
}

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  for (int i = 7; i < argc; i++) {
    printf("> %s\n", argv[i]);
    MYSQL_STMT *stmt = mysql_stmt_init(mysql);
    if (run(stmt, argv, argv[i])) {
      if (!option(argv, "errors")) statement_died(stmt, argv[i]);
      printf("error %u (%s) %s\n", mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt));
    }
    mysql_stmt_close(stmt);
  }
  mysql_close(mysql);
  return 0;
}
