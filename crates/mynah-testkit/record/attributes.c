/* MySQL's query attributes: named values that go with COM_QUERY and COM_STMT_EXECUTE. */
#include "common.h"

static char text[] = "value";
static int number = -7;
static unsigned long long big = 18446744073709551615ull;
static unsigned long text_length = 5;

static void describe(MYSQL_BIND *attributes) {
  memset(attributes, 0, 4 * sizeof *attributes);
  attributes[0].buffer_type = MYSQL_TYPE_STRING;
  attributes[0].buffer = text;
  attributes[0].buffer_length = sizeof text;
  attributes[0].length = &text_length;
  attributes[1].buffer_type = MYSQL_TYPE_LONG;
  attributes[1].buffer = &number;
  attributes[2].buffer_type = MYSQL_TYPE_LONGLONG;
  attributes[2].buffer = &big;
  attributes[2].is_unsigned = true;
  attributes[3].buffer_type = MYSQL_TYPE_NULL;
}

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  MYSQL_BIND attributes[5];
  const char *names[4] = {"text", "number", "big", "nothing"};

  describe(attributes);
  if (mysql_bind_param(mysql, 4, attributes, names)) die(mysql, "attributes");
  if (mysql_query(mysql, argv[7])) die(mysql, argv[7]);
  print_result(mysql, mysql_store_result(mysql));
  if (mysql_query(mysql, argv[7])) die(mysql, "without attributes");
  print_result(mysql, mysql_store_result(mysql));

  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, argv[8], strlen(argv[8]))) statement_died(stmt, "prepare");
  const char *all[5] = {NULL, "text", "number", "big", "nothing"};
  describe(attributes + 1);
  memset(attributes, 0, sizeof *attributes);
  attributes[0].buffer_type = MYSQL_TYPE_LONG;
  attributes[0].buffer = &number;
  if (mysql_stmt_bind_named_param(stmt, attributes, 5, all)) statement_died(stmt, "bind");
  for (int i = 0; i < 2; i++) {
    if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");
    if (mysql_stmt_store_result(stmt)) statement_died(stmt, "result");
    mysql_stmt_free_result(stmt);
  }
  mysql_stmt_close(stmt);
  mysql_close(mysql);
  return 0;
}
