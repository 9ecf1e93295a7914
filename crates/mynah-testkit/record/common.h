/* Shared by all C clients: the connection, described by the first six arguments:
   host, port, user, password (- for none), schema (- for none), options (comma separated, - for none). */
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef MARIADB_BASE_VERSION
#define LIBRARY "libmariadb"
#else
#define LIBRARY "libmysqlclient"
#endif

static const char *given(const char *argument) {
  return strcmp(argument, "-") == 0 ? NULL : argument;
}

/* The value of an option, "" for one without a value, NULL if it wasn't given. */
static const char *option(char **argv, const char *name) {
  static char value[4096];
  char *copy = strdup(argv[6]);
  const char *found = NULL;
  for (char *word = strtok(copy, ","); word; word = strtok(NULL, ",")) {
    size_t len = strlen(name);
    if (strncmp(word, name, len) != 0 || (word[len] != '=' && word[len] != 0)) continue;
    snprintf(value, sizeof value, "%s", word[len] == '=' ? word + len + 1 : "");
    found = value;
  }
  free(copy);
  return found;
}

static void die(MYSQL *mysql, const char *what) {
  fprintf(stderr, "%s: %u (%s) %s\n", what, mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql));
  mysql_close(mysql);
  exit(1);
}

static inline void statement_died(MYSQL_STMT *stmt, const char *what) {
  fprintf(stderr, "%s: %u (%s) %s\n", what, mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt),
          mysql_stmt_error(stmt));
  exit(1);
}

#ifdef MARIADB_BASE_VERSION
static void on_progress(const MYSQL *mysql, unsigned stage, unsigned max_stage, double progress,
                        const char *info, unsigned len) {
  (void)mysql;
  printf("stage %u of %u: %.3f%% %.*s\n", stage, max_stage, progress, (int)len, info);
}
#endif

static MYSQL *open_connection(int argc, char **argv) {
  if (argc < 7) {
    fprintf(stderr, "usage: host port user password schema options ...\n");
    exit(2);
  }
  MYSQL *mysql = mysql_init(NULL);
  printf("%s %s\n", LIBRARY, mysql_get_client_info());
  unsigned long flags = 0;
  const char *value;
  if (option(argv, "multi-statements")) flags |= CLIENT_MULTI_STATEMENTS;
  if (option(argv, "found-rows")) flags |= CLIENT_FOUND_ROWS;
  if (option(argv, "interactive")) flags |= CLIENT_INTERACTIVE;
  if (option(argv, "expired")) {
    char on = 1;
    mysql_options(mysql, MYSQL_OPT_CAN_HANDLE_EXPIRED_PASSWORDS, &on);
  }
  if (option(argv, "local-infile")) {
    unsigned on = 1;
    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &on);
  }
  if (option(argv, "attributes")) {
    mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "bird", "mynah");
    mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "empty", "");
  }
  if ((value = option(argv, "plugins"))) mysql_options(mysql, MYSQL_PLUGIN_DIR, value);
  if ((value = option(argv, "auth"))) mysql_options(mysql, MYSQL_DEFAULT_AUTH, value);
  if ((value = option(argv, "charset"))) mysql_options(mysql, MYSQL_SET_CHARSET_NAME, value);
#ifdef MARIADB_BASE_VERSION
  my_bool no = 0;
  mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &no);
  mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
  if (option(argv, "zlib")) mysql_options(mysql, MYSQL_OPT_COMPRESS, NULL);
  if (option(argv, "old-auth")) mysql_options(mysql, MYSQL_SECURE_AUTH, &no);
  if (option(argv, "progress")) mysql_optionsv(mysql, MYSQL_PROGRESS_CALLBACK, (void *)on_progress);
#else
  unsigned disabled = SSL_MODE_DISABLED;
  mysql_options(mysql, MYSQL_OPT_SSL_MODE, &disabled);
  bool on = true;
  if (option(argv, "zlib")) mysql_options(mysql, MYSQL_OPT_COMPRESSION_ALGORITHMS, "zlib");
  if (option(argv, "zstd")) mysql_options(mysql, MYSQL_OPT_COMPRESSION_ALGORITHMS, "zstd");
  if (option(argv, "get-key")) mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &on);
  if (option(argv, "cleartext")) mysql_options(mysql, MYSQL_ENABLE_CLEARTEXT_PLUGIN, &on);
  if (option(argv, "optional-metadata")) mysql_options(mysql, MYSQL_OPT_OPTIONAL_RESULTSET_METADATA, &on);
#endif
  if (!mysql_real_connect(mysql, argv[1], given(argv[3]), given(argv[4]), given(argv[5]), (unsigned)atoi(argv[2]),
                          NULL, flags)) {
    die(mysql, "connect");
  }
  return mysql;
}

/* Prints one result set in full. */
static inline void print_result(MYSQL *mysql, MYSQL_RES *result) {
  if (!result) {
    printf("ok: %llu rows affected, last id %llu\n", (unsigned long long)mysql_affected_rows(mysql),
           (unsigned long long)mysql_insert_id(mysql));
    return;
  }
  unsigned columns = mysql_num_fields(result);
  unsigned long long rows = 0;
  while (mysql_fetch_row(result)) rows++;
  printf("%u columns, %llu rows\n", columns, rows);
  mysql_free_result(result);
}
