/*
 * A name server that does not answer. Preloaded (LD_PRELOAD) into the process under test: while the file that SILENTDNS names is
 * there, no lookup of a host returns.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **results) {
  static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  if (real == NULL) real = dlsym(RTLD_NEXT, "getaddrinfo");
  if (real == NULL) abort();
  const char *silent = getenv("SILENTDNS");
  while (silent != NULL && access(silent, F_OK) == 0) usleep(20000);
  return real(node, service, hints, results);
}
