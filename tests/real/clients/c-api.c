/* The C API, which is the same for MySQL's and MariaDB's library. */
#include "common/steps.h"
#include <mysql.h>

#ifdef MARIADB_BASE_VERSION
typedef my_bool flag;
#else
#include <stdbool.h>
typedef bool flag;
#endif

static void die(MYSQL *mysql, const char *what) {
  fail("%s: %u (%s) %s", what, mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql));
}

static void statement_died(MYSQL_STMT *stmt, const char *what) {
  fail("%s: %u (%s) %s", what, mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt));
}

static MYSQL *open_connection(void) {
  MYSQL *mysql = mysql_init(NULL);
  const char *plugins = getenv("MYNAH_PLUGINS");
  if (plugins) mysql_options(mysql, MYSQL_PLUGIN_DIR, plugins);
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
#ifdef MARIADB_BASE_VERSION
  flag enforce = (flag)wants_tls(), no = 0;
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
#else
  unsigned mode = wants_tls() ? SSL_MODE_REQUIRED : SSL_MODE_DISABLED;
  mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
  flag yes = true;
  mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &yes);
#endif
  if (!mysql_real_connect(mysql, variable("MYNAH_HOST"), variable("MYNAH_USER"), variable("MYNAH_PASSWORD"),
                          "test", (unsigned)atoi(variable("MYNAH_PORT")), NULL, 0))
    die(mysql, "connect");
  return mysql;
}

/* Runs a statement that has one row with one value. */
static MYSQL_RES *one_value(MYSQL *mysql, const char *sql, MYSQL_ROW *row) {
  if (mysql_query(mysql, sql)) die(mysql, sql);
  MYSQL_RES *result = mysql_store_result(mysql);
  if (!result || mysql_num_rows(result) != 1 || mysql_num_fields(result) != 1) fail("%s: not one value", sql);
  *row = mysql_fetch_row(result);
  return result;
}

static void bind(MYSQL_BIND *bind, enum enum_field_types type, const void *buffer, unsigned long length) {
  memset(bind, 0, sizeof *bind);
  bind->buffer_type = type;
  bind->buffer = (void *)buffer;
  bind->buffer_length = length;
}

static void execute(MYSQL_STMT *stmt, int which) {
  struct row row = row_of(which);
  MYSQL_TIME day = {.year = row.year, .month = row.month, .day = row.day, .time_type = MYSQL_TIMESTAMP_DATE};
  MYSQL_BIND in[5], out[5];
  bind(&in[0], MYSQL_TYPE_LONGLONG, &row.number, 0);
  bind(&in[1], MYSQL_TYPE_STRING, row.text, strlen(row.text));
  if (row.maybe)
    bind(&in[2], MYSQL_TYPE_STRING, row.maybe, strlen(row.maybe));
  else
    bind(&in[2], MYSQL_TYPE_NULL, NULL, 0);
  bind(&in[3], MYSQL_TYPE_DATE, &day, sizeof day);
  bind(&in[4], MYSQL_TYPE_BLOB, row.bytes, row.length);
  if (mysql_stmt_bind_param(stmt, in)) statement_died(stmt, "bind");
  if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");

  long long number = 0;
  char text[64], maybe[64];
  unsigned char bytes[512];
  MYSQL_TIME found;
  unsigned long lengths[5];
  flag nulls[5];
  bind(&out[0], MYSQL_TYPE_LONGLONG, &number, 0);
  bind(&out[1], MYSQL_TYPE_STRING, text, sizeof text);
  bind(&out[2], MYSQL_TYPE_STRING, maybe, sizeof maybe);
  bind(&out[3], MYSQL_TYPE_DATE, &found, sizeof found);
  bind(&out[4], MYSQL_TYPE_BLOB, bytes, sizeof bytes);
  for (int at = 0; at < 5; at++) out[at].length = &lengths[at], out[at].is_null = &nulls[at];
  if (mysql_stmt_bind_result(stmt, out)) statement_died(stmt, "bind result");
  if (mysql_stmt_fetch(stmt)) statement_died(stmt, "fetch");
  if (nulls[0] || number != row.number) fail("prepared: number %lld instead of %lld", number, row.number);
  if (nulls[1] || lengths[1] != strlen(row.text) || memcmp(text, row.text, lengths[1]))
    fail("prepared: text '%.*s' instead of '%s'", (int)lengths[1], text, row.text);
  if (nulls[2] != !row.maybe) fail("prepared: NULL is %d in row %d", nulls[2], which);
  if (row.maybe && (lengths[2] != strlen(row.maybe) || memcmp(maybe, row.maybe, lengths[2])))
    fail("prepared: '%.*s' instead of '%s'", (int)lengths[2], maybe, row.maybe);
  if (nulls[3] || found.year != day.year || found.month != day.month || found.day != day.day)
    fail("prepared: the day is %u-%u-%u", found.year, found.month, found.day);
  if (nulls[4] || lengths[4] != row.length || memcmp(bytes, row.bytes, row.length))
    fail("prepared: other bytes, %lu instead of %u", lengths[4], row.length);
  if (mysql_stmt_fetch(stmt) != MYSQL_NO_DATA) fail("prepared: more than one row");
  mysql_stmt_free_result(stmt);
}

/* A statement without parameters, twice. */
static void execute_plain(MYSQL *mysql) {
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, "select 1", 8)) statement_died(stmt, "prepare");
  for (int time = 0; time < 2; time++) {
    if (mysql_stmt_execute(stmt)) statement_died(stmt, "execute");
    long long one = 0;
    MYSQL_BIND out;
    bind(&out, MYSQL_TYPE_LONGLONG, &one, 0);
    if (mysql_stmt_bind_result(stmt, &out)) statement_died(stmt, "bind result");
    if (mysql_stmt_fetch(stmt)) statement_died(stmt, "fetch");
    if (one != 1) fail("prepared: %lld instead of 1", one);
    mysql_stmt_free_result(stmt);
  }
  if (mysql_stmt_close(stmt)) die(mysql, "close statement");
}

int main(void) {
  MYSQL *mysql = open_connection();
  ok("connect");
  MYSQL_ROW row;
  MYSQL_RES *result = one_value(mysql, "select 1", &row);
  if (strcmp(row[0], "1")) fail("select: %s", row[0]);
  mysql_free_result(result);
  ok("select");
  if (!mysql_query(mysql, MISSING)) fail("error: there was none");
  check_error(mysql_errno(mysql), mysql_sqlstate(mysql));
  ok("error");
  result = one_value(mysql, LARGE, &row);
  check_large(row[0], mysql_fetch_lengths(result)[0]);
  mysql_free_result(result);
  ok("large");
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, PREPARED, strlen(PREPARED))) statement_died(stmt, "prepare");
  for (int which = 0; which < 2; which++) execute(stmt, which);
  if (mysql_stmt_close(stmt)) die(mysql, "close statement");
  execute_plain(mysql);
  ok("prepared");
  mysql_close(mysql);
  ok("close");
  return 0;
}
