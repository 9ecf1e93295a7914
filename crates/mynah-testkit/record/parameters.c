/* Executes `SELECT ?, ?, ...` with a parameter of every type, again without sending the types again, then
   with NULL for all of them, and last with other types. */
#include "common.h"

static MYSQL_BIND parameters[64];
static unsigned count;

static MYSQL_BIND *add(enum enum_field_types type, void *buffer, unsigned long length) {
  MYSQL_BIND *parameter = &parameters[count++];
  parameter->buffer_type = type;
  parameter->buffer = buffer;
  parameter->buffer_length = length;
  return parameter;
}

static void add_integer(enum enum_field_types type, void *buffer, int is_unsigned) {
  add(type, buffer, 0)->is_unsigned = is_unsigned;
}

static void add_text(enum enum_field_types type, char *text) { add(type, text, strlen(text)); }

static void add_time(enum enum_field_types type, MYSQL_TIME value, enum enum_mysql_timestamp_type kind) {
  MYSQL_TIME *kept = malloc(sizeof value);
  *kept = value;
  kept->time_type = kind;
  add(type, kept, sizeof value);
}

static void add_every_type(void) {
  static signed char tiny = -128;
  static unsigned char unsigned_tiny = 255;
  static short small = -32768;
  static unsigned short unsigned_small = 65535;
  static int number = -2147483647 - 1;
  static unsigned unsigned_number = 4294967295u;
  static long long big = -9223372036854775807LL - 1;
  static unsigned long long unsigned_big = 18446744073709551615ull;
  static float single = 1.5f;
  static double twice = -2.25e100;
  static char long_text[300];
  memset(long_text, 'x', sizeof long_text - 1);

  add_integer(MYSQL_TYPE_TINY, &tiny, 0);
  add_integer(MYSQL_TYPE_TINY, &unsigned_tiny, 1);
  add_integer(MYSQL_TYPE_SHORT, &small, 0);
  add_integer(MYSQL_TYPE_SHORT, &unsigned_small, 1);
  add_integer(MYSQL_TYPE_LONG, &number, 0);
  add_integer(MYSQL_TYPE_LONG, &unsigned_number, 1);
  add_integer(MYSQL_TYPE_LONGLONG, &big, 0);
  add_integer(MYSQL_TYPE_LONGLONG, &unsigned_big, 1);
  add(MYSQL_TYPE_FLOAT, &single, 0);
  add(MYSQL_TYPE_DOUBLE, &twice, 0);
  add_text(MYSQL_TYPE_NEWDECIMAL, "-12345678901234567890.0123456789");
  add_text(MYSQL_TYPE_DECIMAL, "3.14");
  add_text(MYSQL_TYPE_STRING, "string");
  add_text(MYSQL_TYPE_VAR_STRING, "caf\xc3\xa9");
  add_text(MYSQL_TYPE_STRING, long_text);
  add_text(MYSQL_TYPE_STRING, "");
  add(MYSQL_TYPE_TINY_BLOB, "tiny\0blob", 9);
  add(MYSQL_TYPE_MEDIUM_BLOB, "medium\0blob", 11);
  add(MYSQL_TYPE_LONG_BLOB, "long\0blob", 9);
  add(MYSQL_TYPE_BLOB, "blob\xff", 5);
  add_time(MYSQL_TYPE_DATE, (MYSQL_TIME){.year = 2024, .month = 2, .day = 29}, MYSQL_TIMESTAMP_DATE);
  add_time(MYSQL_TYPE_DATE, (MYSQL_TIME){0}, MYSQL_TIMESTAMP_DATE);
  add_time(MYSQL_TYPE_DATETIME, (MYSQL_TIME){.year = 9999, .month = 12, .day = 31}, MYSQL_TIMESTAMP_DATETIME);
  add_time(MYSQL_TYPE_DATETIME,
           (MYSQL_TIME){.year = 2024, .month = 2, .day = 29, .hour = 23, .minute = 59, .second = 58},
           MYSQL_TIMESTAMP_DATETIME);
  add_time(MYSQL_TYPE_TIMESTAMP,
           (MYSQL_TIME){.year = 2024, .month = 2, .day = 29, .hour = 1, .second_part = 123456},
           MYSQL_TIMESTAMP_DATETIME);
  add_time(MYSQL_TYPE_TIME, (MYSQL_TIME){0}, MYSQL_TIMESTAMP_TIME);
  add_time(MYSQL_TYPE_TIME, (MYSQL_TIME){.hour = 12, .minute = 34, .second = 56}, MYSQL_TIMESTAMP_TIME);
  add_time(MYSQL_TYPE_TIME, (MYSQL_TIME){.hour = 838, .minute = 59, .second = 58, .second_part = 999999, .neg = 1},
           MYSQL_TIMESTAMP_TIME);
  add(MYSQL_TYPE_NULL, NULL, 0);
  add_text(MYSQL_TYPE_STRING, "the last one");
}

static void execute(MYSQL_STMT *stmt, const char *what) {
  printf("%s\n", what);
  if (mysql_stmt_execute(stmt)) statement_died(stmt, what);
  if (mysql_stmt_store_result(stmt)) statement_died(stmt, what);
  printf("%u columns, %llu rows\n", mysql_stmt_field_count(stmt), (unsigned long long)mysql_stmt_num_rows(stmt));
  mysql_stmt_free_result(stmt);
}

static void bind(MYSQL_STMT *stmt) {
  if (mysql_stmt_bind_param(stmt, parameters)) statement_died(stmt, "bind");
}

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  add_every_type();
  char sql[512] = "SELECT ?";
  for (unsigned i = 1; i < count; i++) strcat(sql, ", ?");
  MYSQL_STMT *stmt = mysql_stmt_init(mysql);
  if (mysql_stmt_prepare(stmt, sql, strlen(sql))) statement_died(stmt, "prepare");
  bind(stmt);
  execute(stmt, "every type");
  execute(stmt, "again, without the types");
#ifdef MARIADB_BASE_VERSION
  static char null = 1;
#else
  static bool null = true;
#endif
  for (unsigned i = 0; i < count; i++) parameters[i].is_null = &null;
  bind(stmt);
  execute(stmt, "all NULL");
  count = 0;
  static long long one = 1;
  for (size_t i = 0; i < mysql_stmt_param_count(stmt); i++) {
    parameters[i].is_null = NULL;
    add_integer(MYSQL_TYPE_LONGLONG, &one, 0);
  }
  bind(stmt);
  execute(stmt, "all of another type");
  mysql_stmt_close(stmt);
  mysql_close(mysql);
  return 0;
}
