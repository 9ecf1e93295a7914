/* Sends each further argument as COM_QUERY and reads all of its results. With the option `errors` a
   statement may fail; without it, that is the end. With `info` the text of an OK is printed. */
#include "common.h"

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  for (int i = 7; i < argc; i++) {
    printf("> %s\n", argv[i]);
    int failed = mysql_real_query(mysql, argv[i], strlen(argv[i]));
    while (!failed) {
      MYSQL_RES *result = mysql_use_result(mysql);
      if (!result && mysql_field_count(mysql) && mysql_errno(mysql)) {
        failed = 1;
        break;
      }
      print_result(mysql, result);
      if (mysql_errno(mysql)) {
        failed = 1;
        break;
      }
      if (mysql_info(mysql)) printf("info: %s\n", mysql_info(mysql));
      int next = mysql_next_result(mysql);
      if (next < 0) break;
      failed = next > 0;
    }
    if (!failed) continue;
    if (!option(argv, "errors")) die(mysql, argv[i]);
    printf("error %u (%s) %s\n", mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql));
  }
  mysql_close(mysql);
  return 0;
}
