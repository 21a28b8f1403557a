/*
 * A file system that does not answer. Preloaded (LD_PRELOAD) into the process under test: while the file that STALLEDFOLDER names
 * is there, no folder is opened whose name ends in "/config" or "/deploy".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ends(const char *name, const char *with) {
  size_t length = strlen(name), end = strlen(with);
  return length >= end && strcmp(name + length - end, with) == 0;
}

int open64(const char *name, int flags, ...) {
  static int (*real)(const char *, int, ...);
  if (real == NULL) real = dlsym(RTLD_NEXT, "open64");
  if (real == NULL) abort();
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  const char *stalled = getenv("STALLEDFOLDER");
  while (stalled != NULL && (ends(name, "/config") || ends(name, "/deploy")) && access(stalled, F_OK) == 0) usleep(20000);
  return real(name, flags, mode);
}
