/* The steps of each C client, and their output; see steps.py for more. */
#ifndef STEPS_H
#define STEPS_H
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MISSING "select * from test.mynah_missing"
#define LARGE "select repeat('x', 1048576) as large"
#define LARGE_LENGTH 1048576
#define PREPARED                                                                                        \
  "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "             \
  "cast(? as date) as day, cast(? as binary) as bytes"

struct row {
  long long number;
  const char *text;
  const char *maybe; /* may be NULL */
  int year, month, day;
  unsigned char bytes[256];
  unsigned length;
};

static inline struct row row_of(int which) {
  struct row first = {42, "caf\xc3\xa9 \xe2\x98\x83", NULL, 2024, 2, 29, {0, 1, 0x27, 0x5c, 0xfe, 0xff}, 6};
  struct row second = {-7, "it's \"quoted\" \\ done", "now", 1999, 12, 31, {0}, 256};
  for (int at = 0; at < 256; at++) second.bytes[at] = (unsigned char)at;
  return which == 0 ? first : second;
}

static inline void ok(const char *step) {
  printf("ok %s\n", step);
  fflush(stdout);
}

static inline void skip(const char *step, const char *why) {
  printf("skip %s: %s\n", step, why);
  fflush(stdout);
}

static inline void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(1);
}

static inline void check_error(unsigned code, const char *state) {
  if (code != 1146 || strcmp(state, "42S02")) fail("error: %u (%s) instead of 1146 (42S02)", code, state);
}

static inline void check_large(const char *value, unsigned long length) {
  if (length != LARGE_LENGTH) fail("large: %lu bytes", length);
  for (unsigned long at = 0; at < length; at++)
    if (value[at] != 'x') fail("large: byte %lu is %02x", at, (unsigned char)value[at]);
}

static inline const char *variable(const char *name) {
  const char *value = getenv(name);
  if (!value) fail("%s isn't set", name);
  return value;
}

static inline int wants_tls(void) { return !strcmp(variable("MYNAH_TLS"), "1"); }
#endif
