/* Preloaded into the server: notes what is written to unit.db and unit.db-wal and when it is synced, and can be a full disk.

   DISK_LOG      a file that gets one record for each write, sync, truncation and removal, with its bytes
   DISK_FULL     while this file exists, writes fail with ENOSPC once as many have gone through as the number in it says */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE = 1, SYNC, TRUNCATE, REMOVE };
struct record { int64_t ns; int32_t kind, file; int64_t offset, length; };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static long left = -1;

static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static int (*next_fsync)(int), (*next_fdatasync)(int), (*next_ftruncate)(int, off_t), (*next_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
    next_write = dlsym(RTLD_NEXT, "write");
    next_pwrite = dlsym(RTLD_NEXT, "pwrite");
    next_fsync = dlsym(RTLD_NEXT, "fsync");
    next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    next_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    next_unlink = dlsym(RTLD_NEXT, "unlink");
    if (getenv("DISK_LOG")) log_fd = open(getenv("DISK_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int named(const char *path) {
    size_t size = strlen(path);
    if (size >= 8 && !strcmp(path + size - 8, "/unit.db")) return 0;
    if (size >= 12 && !strcmp(path + size - 12, "/unit.db-wal")) return 1;
    return -1;
}

static int file_of(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0) return -1;
    path[size] = 0;
    return named(path);
}

static void note(enum kind kind, int file, int64_t offset, const void *data, int64_t length) {
    if (log_fd < 0) return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct record record = { now.tv_sec * 1000000000LL + now.tv_nsec, kind, file, offset, length };
    struct iovec parts[2] = { { &record, sizeof record }, { (void *)data, kind == WRITE ? (size_t)length : 0 } };
    if (writev(log_fd, parts, 2) < 0) abort();
}

static int full(void) {
    const char *control = getenv("DISK_FULL");
    if (!control || access(control, F_OK)) { left = -1; return 0; }
    if (left < 0) {
        FILE *file = fopen(control, "r");
        if (!file || fscanf(file, "%ld", &left) != 1) left = 0;
        if (file) fclose(file);
    }
    if (left > 0) { left--; return 0; }
    errno = ENOSPC;
    return 1;
}

static ssize_t put(int fd, int file, const void *data, size_t size, off_t offset, int seek) {
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!full()) {
        note(WRITE, file, offset, data, (int64_t)size);
        done = seek ? next_write(fd, data, size) : next_pwrite(fd, data, size, offset);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) {
    int file = file_of(fd);
    return file < 0 ? next_write(fd, data, size) : put(fd, file, data, size, lseek(fd, 0, SEEK_CUR), 1);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    int file = file_of(fd);
    return file < 0 ? next_pwrite(fd, data, size, offset) : put(fd, file, data, size, offset, 0);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) { return pwrite(fd, data, size, offset); }

static int sync_with(int (*next)(int), int fd) {
    int file = file_of(fd);
    if (file >= 0) { pthread_mutex_lock(&lock); note(SYNC, file, 0, "", 0); pthread_mutex_unlock(&lock); }
    return next(fd);
}

int fsync(int fd) { return sync_with(next_fsync, fd); }
int fdatasync(int fd) { return sync_with(next_fdatasync, fd); }

int ftruncate(int fd, off_t size) {
    int file = file_of(fd);
    if (file >= 0) { pthread_mutex_lock(&lock); note(TRUNCATE, file, size, "", 0); pthread_mutex_unlock(&lock); }
    return next_ftruncate(fd, size);
}

int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int unlink(const char *path) {
    int file = named(path);
    if (file >= 0) { pthread_mutex_lock(&lock); note(REMOVE, file, 0, "", 0); pthread_mutex_unlock(&lock); }
    return next_unlink(path);
}
