/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: file. Two doors to the file system:
 *   - a root, below which nothing is followed: for names that come from ports and jobs;
 *   - plain paths: for files that the person at the keyboard named (documents, registry files).
 * Paths are UTF-8; both '/' and, on Windows, '\' divide them. Every function returns 0 or a Win32
 * code and writes its out-parameters on every path. No descriptor is inherited by child processes.
 */
#ifndef OS_FILE_H
#define OS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef intptr_t platen_os_file;
#define PLATEN_OS_NO_FILE ((platen_os_file)-1)

/* A folder below which files may be made. */
typedef struct platen_os_root platen_os_root;

/* Opens the folder; the way to it may lead through links. PATH_NOT_FOUND, DIRECTORY,
 * ACCESS_DENIED. */
uint32_t platen_os_root_open(const char *folder, platen_os_root **root);
void platen_os_root_close(platen_os_root *root);

/* Would `path` be allowed below a root opened from the text `folder`? Looks at the text alone: an
 * absolute path must begin with the folder, a relative one is taken from it; no "." or ".." part,
 * no empty part, no device name where the system has them. On success *below points into `path`, at
 * the part after the folder. INVALID_NAME, ACCESS_DENIED (outside), FILENAME_EXCED_RANGE. */
uint32_t platen_os_path_below(const char *folder, const char *path, const char **below);

/* Does the folder in which `below` would be created exist, are all its parts folders and not links,
 * and would what stands at the end (if anything) be accepted by platen_os_root_create? Opens and
 * creates nothing. */
uint32_t platen_os_root_check(platen_os_root *root, const char *below);

/* Opens `below` for writing, created if missing, keeping other writers out: a second open through
 * this function, from whatever process, is SHARING_VIOLATION. No part of the way may be a link
 * (STOPPED_ON_SYMLINK), a missing folder is PATH_NOT_FOUND and is never created. Only regular files
 * (BAD_DEV_TYPE otherwise; DIRECTORY for a folder, and for a part of the way that is none), but for
 * a character device that stands directly in the root; devices are not locked here. A file that has
 * a second name is TOO_MANY_LINKS: it may be somebody's, linked here so that it is overwritten.
 * What was opened is checked, not the name. A regular file is emptied once the lock is held. */
uint32_t platen_os_root_create(platen_os_root *root, const char *below, platen_os_file *file);

/* Plain paths. Reading follows links as every program does. */
uint32_t platen_os_file_open_read(const char *path, platen_os_file *file);
/* Created or emptied, no lock. */
uint32_t platen_os_file_open_write(const char *path, platen_os_file *file);
/* A file without a name, readable and writable, gone when closed: for spooling standard input. */
uint32_t platen_os_file_temporary(platen_os_file *file);
/* Replaces the whole content of `path` or nothing: writes beside it, forces it to disk, renames.
 * What stands there must be a regular file (BAD_DEV_TYPE, DIRECTORY); through a link, what it leads
 * to. */
uint32_t platen_os_file_replace(const char *path, const void *data, size_t size);
/* Reads it whole into malloc'ed memory with a 0 byte after it. FILE_TOO_LARGE beyond `limit`. */
uint32_t platen_os_file_load(const char *path, size_t limit, char **data, size_t *size);

/* One system call, retried only if a signal ended it before anything moved. *moved is set on every
 * return; writing may move less than asked, reading 0 is the end. size is cut to 1 GiB. Use either
 * the pair with offsets or the pair without on one file: on some systems the former moves the
 * latter's place. */
uint32_t platen_os_file_write(platen_os_file file, const void *data, size_t size, size_t *moved);
/* All of it, with as many of these as it takes. Allowed in a signal handler. */
uint32_t platen_os_file_write_all(platen_os_file file, const void *data, size_t size);
uint32_t platen_os_file_read(platen_os_file file, void *data, size_t size, size_t *moved);
uint32_t platen_os_file_read_at(platen_os_file file, uint64_t offset, void *data, size_t size,
                                size_t *moved);
uint32_t platen_os_file_write_at(platen_os_file file, uint64_t offset, const void *data,
                                 size_t size, size_t *moved);
/* The size of a regular file; BAD_DEV_TYPE for anything else (a pipe, a terminal). */
uint32_t platen_os_file_size(platen_os_file file, uint64_t *size);
/* What a later open by name would see; no promise about power failures. */
uint32_t platen_os_file_flush(platen_os_file file);
/* Closes; reports an error that the system kept until now. */
uint32_t platen_os_file_close(platen_os_file file);

enum platen_os_stream { PLATEN_OS_STDIN, PLATEN_OS_STDOUT, PLATEN_OS_STDERR };
/* A standard stream as a file, in binary mode. Do not close it. */
platen_os_file platen_os_file_standard(enum platen_os_stream stream);

/* Do both paths lead to one file? False if one of them leads nowhere. */
bool platen_os_same_file(const char *a, const char *b);

/* Waits until nobody else holds the lock of that name, and holds it: a file made at `path`, gone
 * when dropped. ACCESS_DENIED, PATH_NOT_FOUND ... */
uint32_t platen_os_lock_take(const char *path, platen_os_file *lock);
void platen_os_lock_drop(const char *path, platen_os_file lock);

/* Makes a folder with every missing part; fine if it is there. */
uint32_t platen_os_make_folder(const char *path);
/* Makes a new folder with a name that nobody could guess, for this user alone, in the system's
 * place for such; writes its path. */
uint32_t platen_os_make_temporary_folder(char *path, size_t size);
/* Removes a folder and all below it, following no link; STOPPED_ON_SYMLINK if `path` is one. */
uint32_t platen_os_remove_folder(const char *path);
uint32_t platen_os_remove_file(const char *path);
/* The absolute form of a path, without "." and empty parts; links in it stay, and ".." too where
 * the system has links before it. malloc'ed. INVALID_NAME for "". */
uint32_t platen_os_absolute_path(const char *path, char **absolute);
/* Where the last part of a path begins; the whole path if it has one part. */
const char *platen_os_path_name(const char *path);
/* The last part of a path without its extension: "usbmon" of "/lib/usbmon.so"; cut to fit. A dot at
 * its beginning belongs to it. */
void platen_os_path_stem(const char *path, char *stem, size_t size);

#endif
