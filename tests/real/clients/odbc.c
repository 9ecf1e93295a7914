/* ODBC, as MariaDB's driver has it. */
#include "common/steps.h"
#include <sql.h>
#include <sqlext.h>

static int failed(SQLRETURN code) { return !SQL_SUCCEEDED(code); }

static void diagnose(SQLSMALLINT type, SQLHANDLE handle, SQLINTEGER *code, char state[6], char text[400]) {
  SQLSMALLINT length;
  strcpy(state, "?");
  strcpy(text, "no word why");
  *code = 0;
  SQLGetDiagRec(type, handle, 1, (SQLCHAR *)state, code, (SQLCHAR *)text, 400, &length);
}

static void die(const char *what, SQLSMALLINT type, SQLHANDLE handle) {
  SQLINTEGER code;
  char state[6], text[400];
  diagnose(type, handle, &code, state, text);
  fail("%s: %d (%s) %s", what, (int)code, state, text);
}

static void execute(SQLHSTMT stmt, int which) {
  struct row row = row_of(which);
  SQLLEN text_length = SQL_NTS, null = SQL_NULL_DATA, bytes_length = row.length, number_length = 0;
  SQLLEN day_length = sizeof(SQL_DATE_STRUCT);
  SQL_DATE_STRUCT day = {(SQLSMALLINT)row.year, (SQLUSMALLINT)row.month, (SQLUSMALLINT)row.day};
  SQLRETURN codes[5];
  codes[0] = SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &row.number, 0,
                              &number_length);
  codes[1] = SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, (void *)row.text, 0,
                              &text_length);
  codes[2] = SQLBindParameter(stmt, 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, (void *)row.maybe, 0,
                              row.maybe ? &text_length : &null);
  codes[3] = SQLBindParameter(stmt, 4, SQL_PARAM_INPUT, SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &day, 0,
                              &day_length);
  codes[4] = SQLBindParameter(stmt, 5, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_VARBINARY, 256, 0, row.bytes, 256,
                              &bytes_length);
  for (int at = 0; at < 5; at++)
    if (failed(codes[at])) die("bind", SQL_HANDLE_STMT, stmt);
  if (failed(SQLExecute(stmt))) die("execute", SQL_HANDLE_STMT, stmt);
  if (failed(SQLFetch(stmt))) die("fetch", SQL_HANDLE_STMT, stmt);

  long long number = 0;
  char text[64], maybe[64];
  unsigned char bytes[512];
  SQL_DATE_STRUCT found;
  SQLLEN lengths[5];
  codes[0] = SQLGetData(stmt, 1, SQL_C_SBIGINT, &number, 0, &lengths[0]);
  codes[1] = SQLGetData(stmt, 2, SQL_C_CHAR, text, sizeof text, &lengths[1]);
  codes[2] = SQLGetData(stmt, 3, SQL_C_CHAR, maybe, sizeof maybe, &lengths[2]);
  codes[3] = SQLGetData(stmt, 4, SQL_C_TYPE_DATE, &found, sizeof found, &lengths[3]);
  codes[4] = SQLGetData(stmt, 5, SQL_C_BINARY, bytes, sizeof bytes, &lengths[4]);
  for (int at = 0; at < 5; at++)
    if (failed(codes[at])) die("get data", SQL_HANDLE_STMT, stmt);
  if (number != row.number) fail("prepared: number %lld instead of %lld", number, row.number);
  if (lengths[1] != (SQLLEN)strlen(row.text) || strcmp(text, row.text))
    fail("prepared: text '%s' instead of '%s'", text, row.text);
  if ((lengths[2] == SQL_NULL_DATA) != !row.maybe) fail("prepared: NULL is wrong in row %d", which);
  if (row.maybe && strcmp(maybe, row.maybe)) fail("prepared: '%s' instead of '%s'", maybe, row.maybe);
  if (found.year != day.year || found.month != day.month || found.day != day.day)
    fail("prepared: the day is %d-%d-%d", found.year, found.month, found.day);
  if (lengths[4] != row.length || memcmp(bytes, row.bytes, row.length))
    fail("prepared: other bytes, %ld instead of %u", (long)lengths[4], row.length);
  if (SQLFetch(stmt) != SQL_NO_DATA) fail("prepared: more than one row");
  SQLFreeStmt(stmt, SQL_CLOSE);
}

int main(void) {
  SQLHENV env;
  SQLHDBC db;
  SQLHSTMT stmt;
  SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
  SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (void *)SQL_OV_ODBC3, 0);
  SQLAllocHandle(SQL_HANDLE_DBC, env, &db);
  char options[1000];
  snprintf(options, sizeof options, "DRIVER=%s;SERVER=%s;PORT=%s;UID=%s;PWD=%s;DATABASE=test;CHARSET=utf8mb4%s",
           variable("MYNAH_DRIVER"), variable("MYNAH_HOST"), variable("MYNAH_PORT"), variable("MYNAH_USER"),
           variable("MYNAH_PASSWORD"), wants_tls() ? ";FORCETLS=1" : "");
  if (failed(SQLDriverConnect(db, NULL, (SQLCHAR *)options, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)))
    die("connect", SQL_HANDLE_DBC, db);
  ok("connect");
  SQLAllocHandle(SQL_HANDLE_STMT, db, &stmt);
  int one = 0;
  SQLLEN length;
  if (failed(SQLExecDirect(stmt, (SQLCHAR *)"select 1", SQL_NTS))) die("select", SQL_HANDLE_STMT, stmt);
  if (failed(SQLFetch(stmt)) || failed(SQLGetData(stmt, 1, SQL_C_SLONG, &one, 0, &length)) || one != 1)
    fail("select: %d", one);
  SQLFreeStmt(stmt, SQL_CLOSE);
  ok("select");
  if (!failed(SQLExecDirect(stmt, (SQLCHAR *)MISSING, SQL_NTS))) fail("error: there was none");
  SQLINTEGER code;
  char state[6], text[400];
  diagnose(SQL_HANDLE_STMT, stmt, &code, state, text);
  check_error((unsigned)code, state);
  ok("error");
  char *large = malloc(LARGE_LENGTH + 1);
  if (failed(SQLExecDirect(stmt, (SQLCHAR *)LARGE, SQL_NTS))) die("large", SQL_HANDLE_STMT, stmt);
  if (failed(SQLFetch(stmt)) || failed(SQLGetData(stmt, 1, SQL_C_CHAR, large, LARGE_LENGTH + 1, &length)))
    die("large", SQL_HANDLE_STMT, stmt);
  check_large(large, (unsigned long)length);
  free(large);
  SQLFreeStmt(stmt, SQL_CLOSE);
  ok("large");
  if (failed(SQLPrepare(stmt, (SQLCHAR *)PREPARED, SQL_NTS))) die("prepare", SQL_HANDLE_STMT, stmt);
  for (int which = 0; which < 2; which++) execute(stmt, which);
  SQLFreeStmt(stmt, SQL_RESET_PARAMS);
  if (failed(SQLPrepare(stmt, (SQLCHAR *)"select 1", SQL_NTS))) die("prepare", SQL_HANDLE_STMT, stmt);
  for (int time = 0; time < 2; time++) {
    one = 0;
    if (failed(SQLExecute(stmt))) die("execute", SQL_HANDLE_STMT, stmt);
    if (failed(SQLFetch(stmt)) || failed(SQLGetData(stmt, 1, SQL_C_SLONG, &one, 0, &length)) || one != 1)
      fail("prepared: %d instead of 1", one);
    SQLFreeStmt(stmt, SQL_CLOSE);
  }
  SQLFreeHandle(SQL_HANDLE_STMT, stmt);
  ok("prepared");
  if (failed(SQLDisconnect(db))) die("close", SQL_HANDLE_DBC, db);
  SQLFreeHandle(SQL_HANDLE_DBC, db);
  SQLFreeHandle(SQL_HANDLE_ENV, env);
  ok("close");
  return 0;
}
