/*
 * Logs what a process does to the files of one folder, so that a test can tell what a power cut might have left of them.
 * Preloaded (LD_PRELOAD) into the process under test. The environment names the folder (DISKLOG_FOLDER, an absolute path
 * without links) and the log (DISKLOG_FILE, outside of the folder).
 *
 * The log is a sequence of records: type, file, offset and length as below in the byte order of the machine, then
 * `length` bytes. Files are numbered as they are created; 0 is the folder. Calls that change a file are logged in the
 * order in which they take effect, a sync at its begin and at its end. Shared memory (-shm) is left out: nobody expects it
 * to survive, and what is written to it by memory mapping could not be seen here. Anything else that is changed in a way
 * that is not caught here shows at the end, when the replayed log differs from the files.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE = 2, TRUNCATE = 3, SYNC_BEGIN = 4, SYNC_END = 5, UNLINK = 6, RENAME = 7 };

struct record {
  uint32_t type;
  uint32_t file;
  uint64_t offset;
  uint32_t length;
} __attribute__((packed));

#define DESCRIPTORS 4096
#define FILES 65536

/* Number of the file behind a descriptor plus one; 0: not watched. */
static uint32_t watched[DESCRIPTORS];
static ino_t inodes[FILES];
static uint32_t files = 1;
static uint64_t syncs;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int log_descriptor = -1;

static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) {
    fprintf(stderr, "disklog: no function %s\n", name);
    abort();
  }
  return function;
}

#define REAL(type, name, ...)                                                                                              \
  static type (*name)(__VA_ARGS__);                                                                                        \
  if (name == NULL) name = real(#name + 5)

static void lock(void) { pthread_mutex_lock(&mutex); }

static void unlock(void) {
  int saved = errno;
  pthread_mutex_unlock(&mutex);
  errno = saved;
}

/* Reads the environment at the first call, since others may run before any constructor here. The caller holds the lock. */
static int ready(void) {
  static int asked;
  if (!asked) {
    asked = 1;
    REAL(int, real_open, const char *, int, ...);
    folder = getenv("DISKLOG_FOLDER");
    const char *file = getenv("DISKLOG_FILE");
    if (folder != NULL && file != NULL) {
      folder_length = strlen(folder);
      log_descriptor = real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      if (log_descriptor < 0) {
        perror("disklog: DISKLOG_FILE");
        abort();
      }
    }
  }
  return log_descriptor >= 0;
}

/* The name of a path inside of the folder; "" for the folder itself; NULL for others. */
static const char *inside(const char *path) {
  if (strncmp(path, folder, folder_length) != 0) return NULL;
  const char *rest = path + folder_length;
  if (*rest == '\0' || strcmp(rest, "/.") == 0 || strcmp(rest, "/") == 0) return "";
  if (*rest != '/' || strchr(rest + 1, '/') != NULL) return NULL;
  size_t length = strlen(rest);
  if (length > 4 && strcmp(rest + length - 4, "-shm") == 0) return NULL;
  return rest + 1;
}

static void put(uint32_t type, uint32_t file, uint64_t offset, const void *data, size_t length) {
  REAL(ssize_t, real_writev, int, const struct iovec *, int);
  struct record record = {type, file, offset, (uint32_t)length};
  struct iovec parts[2] = {{&record, sizeof record}, {(void *)data, length}};
  int saved = errno;
  if (real_writev(log_descriptor, parts, 2) != (ssize_t)(sizeof record + length)) {
    perror("disklog: writing the log");
    abort();
  }
  errno = saved;
}

static int is_watched(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS && watched[descriptor] != 0;
}

static uint32_t file_of(int descriptor) { return watched[descriptor] - 1; }

static void opened(int descriptor, const char *name, int existed, int flags) {
  if (descriptor >= DESCRIPTORS || files >= FILES) {
    fprintf(stderr, "disklog: too many files\n");
    abort();
  }
  struct stat status;
  if (*name == '\0') {
    watched[descriptor] = 1;
    return;
  }
  if (fstat(descriptor, &status) != 0) abort();
  if (!existed) {
    inodes[files] = status.st_ino;
    watched[descriptor] = files + 1;
    put(CREATE, files++, 0, name, strlen(name));
    return;
  }
  /* The latest of an inode's number is meant: numbers of removed files are used again. */
  for (uint32_t file = files - 1; file > 0; file--) {
    if (inodes[file] == status.st_ino) {
      watched[descriptor] = file + 1;
      if (flags & O_TRUNC) put(TRUNCATE, file, 0, NULL, 0);
      return;
    }
  }
  fprintf(stderr, "disklog: %s was there before\n", name);
  abort();
}

#define OPEN(function)                                                                                                     \
  int function(const char *path, int flags, ...) {                                                                         \
    REAL(int, real_##function, const char *, int, ...);                                                                    \
    va_list arguments;                                                                                                     \
    va_start(arguments, flags);                                                                                            \
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;                                       \
    va_end(arguments);                                                                                                     \
    lock();                                                                                                                \
    const char *name = ready() ? inside(path) : NULL;                                                                      \
    int existed = name != NULL && access(path, F_OK) == 0;                                                                 \
    int descriptor = real_##function(path, flags, mode);                                                                   \
    if (descriptor >= 0 && name != NULL) opened(descriptor, name, existed, flags);                                         \
    unlock();                                                                                                              \
    return descriptor;                                                                                                     \
  }

OPEN(open)
OPEN(open64)

#define OPENAT(function)                                                                                                   \
  int function(int folder_descriptor, const char *path, int flags, ...) {                                                  \
    REAL(int, real_##function, int, const char *, int, ...);                                                               \
    va_list arguments;                                                                                                     \
    va_start(arguments, flags);                                                                                            \
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;                                       \
    va_end(arguments);                                                                                                     \
    lock();                                                                                                                \
    const char *name = ready() && *path == '/' ? inside(path) : NULL;                                                      \
    int existed = name != NULL && access(path, F_OK) == 0;                                                                 \
    int descriptor = real_##function(folder_descriptor, path, flags, mode);                                                \
    if (descriptor >= 0 && name != NULL) opened(descriptor, name, existed, flags);                                         \
    unlock();                                                                                                              \
    return descriptor;                                                                                                     \
  }

OPENAT(openat)
OPENAT(openat64)

int close(int descriptor) {
  REAL(int, real_close, int);
  lock();
  if (is_watched(descriptor)) watched[descriptor] = 0;
  int result = real_close(descriptor);
  unlock();
  return result;
}

ssize_t write(int descriptor, const void *data, size_t length) {
  REAL(ssize_t, real_write, int, const void *, size_t);
  if (!is_watched(descriptor)) return real_write(descriptor, data, length);
  lock();
  ssize_t written = real_write(descriptor, data, length);
  if (written > 0) {
    put(WRITE, file_of(descriptor), lseek(descriptor, 0, SEEK_CUR) - written, data, written);
  }
  unlock();
  return written;
}

#define PWRITE(function, offset_type)                                                                                      \
  ssize_t function(int descriptor, const void *data, size_t length, offset_type offset) {                                  \
    REAL(ssize_t, real_##function, int, const void *, size_t, offset_type);                                                \
    if (!is_watched(descriptor)) return real_##function(descriptor, data, length, offset);                                 \
    lock();                                                                                                                \
    ssize_t written = real_##function(descriptor, data, length, offset);                                                   \
    if (written > 0) put(WRITE, file_of(descriptor), offset, data, written);                                               \
    unlock();                                                                                                              \
    return written;                                                                                                        \
  }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define FTRUNCATE(function, offset_type)                                                                                   \
  int function(int descriptor, offset_type size) {                                                                         \
    REAL(int, real_##function, int, offset_type);                                                                          \
    if (!is_watched(descriptor)) return real_##function(descriptor, size);                                                 \
    lock();                                                                                                                \
    int result = real_##function(descriptor, size);                                                                        \
    if (result == 0) put(TRUNCATE, file_of(descriptor), size, NULL, 0);                                                    \
    unlock();                                                                                                              \
    return result;                                                                                                         \
  }

FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

/* Others may write while the medium is waited for; what they write then may or may not be safe afterwards. */
#define SYNC(function)                                                                                                     \
  int function(int descriptor) {                                                                                           \
    REAL(int, real_##function, int);                                                                                       \
    if (!is_watched(descriptor)) return real_##function(descriptor);                                                       \
    lock();                                                                                                                \
    uint32_t file = file_of(descriptor);                                                                                   \
    uint64_t number = syncs++;                                                                                             \
    put(SYNC_BEGIN, file, number, NULL, 0);                                                                                \
    unlock();                                                                                                              \
    int result = real_##function(descriptor);                                                                              \
    if (result == 0) {                                                                                                     \
      lock();                                                                                                              \
      put(SYNC_END, file, number, NULL, 0);                                                                                \
      unlock();                                                                                                            \
    }                                                                                                                      \
    return result;                                                                                                         \
  }

SYNC(fsync)
SYNC(fdatasync)

static int removed(const char *path, int result) {
  const char *name = ready() ? inside(path) : NULL;
  if (result == 0 && name != NULL) put(UNLINK, 0, 0, name, strlen(name));
  return result;
}

int unlink(const char *path) {
  REAL(int, real_unlink, const char *);
  lock();
  int result = removed(path, real_unlink(path));
  unlock();
  return result;
}

int unlinkat(int folder_descriptor, const char *path, int flags) {
  REAL(int, real_unlinkat, int, const char *, int);
  lock();
  int result = removed(path, real_unlinkat(folder_descriptor, path, flags));
  unlock();
  return result;
}

int rename(const char *from, const char *to) {
  REAL(int, real_rename, const char *, const char *);
  lock();
  int result = real_rename(from, to);
  const char *old = ready() ? inside(from) : NULL;
  const char *new = ready() ? inside(to) : NULL;
  if (result == 0 && (old != NULL || new != NULL)) {
    if (old == NULL || new == NULL) {
      fprintf(stderr, "disklog: a file crossed the border of the folder\n");
      abort();
    }
    char names[2 * NAME_MAX + 2];
    int length = snprintf(names, sizeof names, "%s\n%s", old, new);
    put(RENAME, 0, 0, names, length);
  }
  unlock();
  return result;
}
