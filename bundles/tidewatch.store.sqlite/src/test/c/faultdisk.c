/*
 * Makes one system call on a file of a database fail, or all of its kind from then on until told otherwise. Preloaded
 * (LD_PRELOAD) into the process under test. The environment names the folder of the database (FAULTDISK_FOLDER, an
 * absolute path without links).
 *
 * The process steers by opening paths that do not exist, of which the answer is the error:
 *   /faultdisk/arm:<call>:<file>:<n>:<errno>:<0|1>  the n-th such call from now on (from 0) fails; 1: and all after it
 *   /faultdisk/disarm                               nothing fails any more
 *   /faultdisk/pause, /faultdisk/resume             between them nothing fails or counts
 *   /faultdisk/hit                                  EACCES if a call has failed since it was armed, else ENOENT
 *   /faultdisk/count                                calls so far are written to the file FAULTDISK_COUNTS, one line each:
 *                                                   call, file, count
 * Calls are pwrite, ftruncate, sync (fsync and fdatasync) and open; files are named without their folder.
 *
 * With FAULTDISK_RATE=<seconds> it needs no steering: one random pwrite, ftruncate or sync of each such stretch of time
 * fails with EIO, and FAULTDISK_COUNTS gets a line for each.
 *
 * With FAULTDISK_STALL=<file> no pwrite, ftruncate or sync returns while that file is there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 4096
#define NAMES 64
#define CONTROL "/faultdisk/"

enum call { PWRITE, FTRUNCATE, SYNC, OPEN, CALLS };
static const char *const CALL_NAMES[CALLS] = {"pwrite", "ftruncate", "sync", "open"};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static char names[NAMES][NAME_MAX + 1];
static int known;
static int watched[DESCRIPTORS]; /* index of the name plus one; 0: not watched */
static long counts[CALLS][NAMES];

static int armed;
static enum call armed_call;
static char armed_name[NAME_MAX + 1];
static long left;
static int failure;
static int lasting;
static int hit;
static int paused;

static const char *stall;
static double rate;
static double next_fault;

static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) abort();
  return function;
}

#define REAL(type, name, ...)                                                                                              \
  static type (*name)(__VA_ARGS__);                                                                                        \
  if (name == NULL) name = real(#name + 5)

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int ready(void) {
  static int asked;
  if (!asked) {
    asked = 1;
    folder = getenv("FAULTDISK_FOLDER");
    if (folder != NULL) folder_length = strlen(folder);
    stall = getenv("FAULTDISK_STALL");
    const char *seconds = getenv("FAULTDISK_RATE");
    if (seconds != NULL) {
      rate = atof(seconds);
      srand((unsigned)time(NULL));
      next_fault = now() + rate;
    }
  }
  return folder != NULL;
}

/* The index of a name in the folder; -1 for any other path. */
static int name_of(const char *path) {
  if (!ready() || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return -1;
  const char *rest = path + folder_length + 1;
  if (*rest == '\0' || *rest == '.' || strchr(rest, '/') != NULL || strstr(rest, ".lock") != NULL) return -1;
  for (int i = 0; i < known; i++) {
    if (strcmp(names[i], rest) == 0) return i;
  }
  if (known == NAMES) return -1;
  strncpy(names[known], rest, NAME_MAX);
  return known++;
}

static void report(const char *text) {
  const char *file = getenv("FAULTDISK_COUNTS");
  if (file == NULL) return;
  REAL(int, real_open, const char *, int, ...);
  int descriptor = real_open(file, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (descriptor < 0) return;
  if (write(descriptor, text, strlen(text)) < 0) perror("faultdisk");
  close(descriptor);
}

static void report_counts(void) {
  char line[NAME_MAX + 64];
  for (int call = 0; call < CALLS; call++) {
    for (int name = 0; name < known; name++) {
      if (counts[call][name] == 0) continue;
      snprintf(line, sizeof line, "%s %s %ld\n", CALL_NAMES[call], names[name], counts[call][name]);
      report(line);
    }
  }
}

static void arm(const char *command) {
  char call[16], name[NAME_MAX + 1];
  if (sscanf(command, "%15[^:]:%255[^:]:%ld:%d:%d", call, name, &left, &failure, &lasting) != 5) abort();
  for (int i = 0; i < CALLS; i++) {
    if (strcmp(call, CALL_NAMES[i]) == 0) armed_call = (enum call)i;
  }
  strcpy(armed_name, name);
  armed = 1;
  hit = 0;
  memset(counts, 0, sizeof counts);
}

/* Steering; returns the error of the open that carries it, 0 if it carries none. */
static int steer(const char *path) {
  if (strncmp(path, CONTROL, sizeof CONTROL - 1) != 0) return 0;
  const char *command = path + sizeof CONTROL - 1;
  int error = ENOENT;
  pthread_mutex_lock(&mutex);
  if (strncmp(command, "arm:", 4) == 0) arm(command + 4);
  if (strcmp(command, "disarm") == 0) armed = 0;
  if (strcmp(command, "pause") == 0) paused = 1;
  if (strcmp(command, "resume") == 0) paused = 0;
  if (strcmp(command, "hit") == 0 && hit) error = EACCES;
  pthread_mutex_unlock(&mutex);
  if (strcmp(command, "count") == 0) report_counts();
  return error;
}

/* Whether a call fails now: its error, or 0. */
static int fails(enum call call, int name) {
  if (name < 0 || paused) return 0;
  while (stall != NULL && call != OPEN && access(stall, F_OK) == 0) usleep(20000);
  int error = 0;
  pthread_mutex_lock(&mutex);
  counts[call][name]++;
  if (armed && call == armed_call && strcmp(names[name], armed_name) == 0 && left-- <= 0) {
    error = failure;
    hit = 1;
    if (!lasting) armed = 0;
  }
  if (rate > 0 && call != OPEN && now() >= next_fault) {
    /* Not the first call of each stretch: which one is a matter of chance. */
    if (rand() % 8 == 0) {
      error = EIO;
      next_fault += rate;
    }
  }
  pthread_mutex_unlock(&mutex);
  if (error != 0 && rate > 0) {
    char line[NAME_MAX + 64];
    snprintf(line, sizeof line, "%s %s failed\n", CALL_NAMES[call], names[name]);
    report(line);
  }
  return error;
}

static int name_behind(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS ? watched[descriptor] - 1 : -1;
}

#define OPEN_FILE(function, at, ...)                                                                                       \
  {                                                                                                                        \
    va_list arguments;                                                                                                     \
    va_start(arguments, flags);                                                                                            \
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;                                       \
    va_end(arguments);                                                                                                     \
    int error = steer(path);                                                                                               \
    int name = error == 0 ? name_of(path) : -1;                                                                            \
    if (error == 0) error = fails(OPEN, name);                                                                             \
    if (error != 0) {                                                                                                      \
      errno = error;                                                                                                       \
      return -1;                                                                                                           \
    }                                                                                                                      \
    int descriptor = real_##function(__VA_ARGS__, flags, mode);                                                            \
    if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = name + 1;                                       \
    return descriptor;                                                                                                     \
  }

int open(const char *path, int flags, ...) {
  REAL(int, real_open, const char *, int, ...);
  OPEN_FILE(open, 0, path)
}

int open64(const char *path, int flags, ...) {
  REAL(int, real_open64, const char *, int, ...);
  OPEN_FILE(open64, 0, path)
}

int openat(int at, const char *path, int flags, ...) {
  REAL(int, real_openat, int, const char *, int, ...);
  OPEN_FILE(openat, at, at, path)
}

int openat64(int at, const char *path, int flags, ...) {
  REAL(int, real_openat64, int, const char *, int, ...);
  OPEN_FILE(openat64, at, at, path)
}

int close(int descriptor) {
  REAL(int, real_close, int);
  if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = 0;
  return real_close(descriptor);
}

#define FAIL(call, descriptor)                                                                                             \
  int error = fails(call, name_behind(descriptor));                                                                        \
  if (error != 0) {                                                                                                        \
    errno = error;                                                                                                         \
    return -1;                                                                                                             \
  }

#define PWRITE_FILE(function, offset_type)                                                                                 \
  ssize_t function(int descriptor, const void *data, size_t length, offset_type offset) {                                  \
    REAL(ssize_t, real_##function, int, const void *, size_t, offset_type);                                                \
    FAIL(PWRITE, descriptor)                                                                                               \
    return real_##function(descriptor, data, length, offset);                                                              \
  }

PWRITE_FILE(pwrite, off_t)
PWRITE_FILE(pwrite64, off64_t)

#define FTRUNCATE_FILE(function, offset_type)                                                                              \
  int function(int descriptor, offset_type size) {                                                                         \
    REAL(int, real_##function, int, offset_type);                                                                          \
    FAIL(FTRUNCATE, descriptor)                                                                                            \
    return real_##function(descriptor, size);                                                                              \
  }

FTRUNCATE_FILE(ftruncate, off_t)
FTRUNCATE_FILE(ftruncate64, off64_t)

#define SYNC_FILE(function)                                                                                                \
  int function(int descriptor) {                                                                                           \
    REAL(int, real_##function, int);                                                                                       \
    FAIL(SYNC, descriptor)                                                                                                 \
    return real_##function(descriptor);                                                                                    \
  }

SYNC_FILE(fsync)
SYNC_FILE(fdatasync)
