/* Sends one command for each further argument: the commands that aren't statements. */
#include "common.h"

static int starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* The part after the `=`. */
static const char *value_of(const char *argument) { return strchr(argument, '=') + 1; }

static int field_list(MYSQL *mysql, const char *table_and_wild) {
  char table[256];
  snprintf(table, sizeof table, "%s", table_and_wild);
  char *wild = strchr(table, '/');
  if (wild) *wild++ = 0;
  MYSQL_RES *result = mysql_list_fields(mysql, table, wild);
  if (!result) return 1;
  printf("%u fields\n", mysql_num_fields(result));
  mysql_free_result(result);
  return 0;
}

/* user/password/schema */
static int change_user(MYSQL *mysql, const char *account) {
  char copy[256];
  snprintf(copy, sizeof copy, "%s", account);
  char *password = strchr(copy, '/');
  *password++ = 0;
  char *schema = strchr(password, '/');
  *schema++ = 0;
  return mysql_change_user(mysql, copy, password, *schema ? schema : NULL);
}

static int run(MYSQL *mysql, const char *command) {
  if (starts(command, "ping")) return mysql_ping(mysql);
  if (starts(command, "init-db=")) return mysql_select_db(mysql, value_of(command));
  if (starts(command, "field-list=")) return field_list(mysql, value_of(command));
  if (starts(command, "statistics")) return mysql_stat(mysql) == NULL;
  if (starts(command, "debug")) return mysql_dump_debug_info(mysql);
  if (starts(command, "reset-connection")) return mysql_reset_connection(mysql);
  if (starts(command, "change-user=")) return change_user(mysql, value_of(command));
  if (starts(command, "set-option=on")) return mysql_set_server_option(mysql, MYSQL_OPTION_MULTI_STATEMENTS_ON);
  if (starts(command, "set-option=off")) return mysql_set_server_option(mysql, MYSQL_OPTION_MULTI_STATEMENTS_OFF);
#ifdef MARIADB_BASE_VERSION
  if (starts(command, "refresh=")) return mysql_refresh(mysql, (unsigned)atoi(value_of(command)));
  if (starts(command, "process-info")) {
    MYSQL_RES *result = mysql_list_processes(mysql);
    if (!result) return 1;
    print_result(mysql, result);
    return 0;
  }
#endif
  fprintf(stderr, "%s: no such command\n", command);
  exit(2);
}

int main(int argc, char **argv) {
  MYSQL *mysql = open_connection(argc, argv);
  for (int i = 7; i < argc; i++) {
    int failed = run(mysql, argv[i]);
    printf("%s: %s\n", argv[i], failed ? mysql_error(mysql) : "ok");
    if (failed && !option(argv, "errors")) die(mysql, argv[i]);
  }
  mysql_close(mysql);
  return 0;
}
