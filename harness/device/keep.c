/* SPDX-License-Identifier: MIT
 *
 * Jobs in a folder. A job is received under a name of its own, which nobody else has (O_EXCL), and
 * gets its real name by a rename once it is complete; the note comes last. So whoever sees a note
 * finds the job, and whoever sees job-0001.prn has all of it, whenever this program dies.
 */
#include "device/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/machine.h"

#define OURS_ALONE 0600

static uint32_t close_file(uv_file file)
{
    uv_fs_t request;
    int failed = uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    return device_error_from(failed);
}

static uint32_t write_all(uv_file file, const char *data, size_t size)
{
    while (size > 0) {
        uv_fs_t request;
        uv_buf_t part = uv_buf_init((char *)(uintptr_t)data, (unsigned)size);
        int moved = uv_fs_write(NULL, &request, file, &part, 1, -1, NULL);
        uv_fs_req_cleanup(&request);
        if (moved <= 0) {
            return moved == 0 ? PLATEN_DISK_FULL : device_error_from(moved);
        }
        data += moved;
        size -= (size_t)moved;
    }
    return 0;
}

static void remove_file(const char *path)
{
    uv_fs_t request;
    uv_fs_unlink(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
}

/* FOLDER/job-0001SUFFIX; malloc'ed. */
static char *path_of(const platen_device *device, uint32_t name, const char *suffix)
{
    size_t size = strlen(device->keep) + strlen(suffix) + 32;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s/job-%04u%s", device->keep, (unsigned)name, suffix);
    }
    return path;
}

static bool is_taken(const platen_device *device, uint32_t name)
{
    static const char *const suffixes[] = {".prn",     ".part", ".note",   ".json",
                                           ".payload", ".pjl",  ".control"};
    bool taken = false;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && !taken; i++) {
        uv_fs_t request;
        char *path = path_of(device, name, suffixes[i]);
        taken = path != NULL && uv_fs_lstat(NULL, &request, path, NULL) == 0;
        if (path != NULL) {
            uv_fs_req_cleanup(&request);
        }
        free(path);
    }
    return taken;
}

/* Creates it if nobody has it; FILE_EXISTS if somebody has. The name is ours first and looked for
 * then: another device that shares the folder does the same. */
static uint32_t claim(platen_device *device, uint32_t name, uv_file *file)
{
    uv_fs_t request;
    char *path = path_of(device, name, ".receiving");
    *file = -1;
    if (path == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    int made = uv_fs_open(NULL, &request, path, UV_FS_O_CREAT | UV_FS_O_EXCL | UV_FS_O_WRONLY,
                          OURS_ALONE, NULL);
    uv_fs_req_cleanup(&request);
    uint32_t error = made < 0 ? device_error_from(made) : 0;
    if (error == 0 && is_taken(device, name)) {
        close_file(made);
        remove_file(path);
        error = PLATEN_FILE_EXISTS;
    }
    *file = error == 0 ? made : -1;
    free(path);
    return error;
}

void device_keep_begin(platen_device *device, struct device_kept *kept)
{
    *kept = (struct device_kept){.file = -1, .parts = {-1, -1, -1}};
    if (device->keep == NULL) {
        return;
    }
    do {
        kept->name = ++device->next_name;
        kept->error = claim(device, kept->name, &kept->file);
    } while (kept->error == PLATEN_FILE_EXISTS);
}

/* Made with its first byte. The note comes after it, as after all. */
static void open_part(platen_device *device, struct device_kept *kept, enum device_part part)
{
    static const char *const suffixes[DEVICE_PARTS] = {".payload", ".pjl", ".control"};
    uv_fs_t request;
    char *path = path_of(device, kept->name, suffixes[part]);
    if (path == NULL) {
        kept->error = PLATEN_NOT_ENOUGH_MEMORY;
        return;
    }
    int made = uv_fs_open(NULL, &request, path, UV_FS_O_CREAT | UV_FS_O_EXCL | UV_FS_O_WRONLY,
                          OURS_ALONE, NULL);
    uv_fs_req_cleanup(&request);
    free(path);
    kept->parts[part] = made < 0 ? -1 : made;
    kept->error = made < 0 ? device_error_from(made) : 0;
}

void device_keep_part(platen_device *device, struct device_kept *kept, enum device_part part,
                      const char *data, size_t size)
{
    if (device->keep == NULL || kept->error != 0 || size == 0) {
        return;
    }
    if (kept->parts[part] < 0) {
        open_part(device, kept, part);
    }
    if (kept->error == 0) {
        kept->error = write_all(kept->parts[part], data, size);
    }
}

static void close_parts(struct device_kept *kept)
{
    for (size_t i = 0; i < DEVICE_PARTS; i++) {
        uint32_t error = kept->parts[i] >= 0 ? close_file(kept->parts[i]) : 0;
        kept->error = kept->error != 0 ? kept->error : error;
        kept->parts[i] = -1;
    }
}

void device_keep_data(platen_device *device, struct device_kept *kept, const char *data,
                      size_t size)
{
    if (kept->file < 0) {
        return;
    }
    uint32_t error = write_all(kept->file, data, size);
    if (error == 0) {
        return;
    }
    kept->error = error;
    char *path = path_of(device, kept->name, ".receiving");
    close_file(kept->file);
    kept->file = -1;
    if (path != NULL) {
        remove_file(path);
    }
    free(path);
}

static uint32_t move_file(platen_device *device, uint32_t name, const char *from, const char *to)
{
    uv_fs_t request;
    char *old_path = path_of(device, name, from);
    char *new_path = path_of(device, name, to);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;
    if (old_path != NULL && new_path != NULL) {
        error = device_error_from(uv_fs_rename(NULL, &request, old_path, new_path, NULL));
        uv_fs_req_cleanup(&request);
    }
    free(old_path);
    free(new_path);
    return error;
}

static uint32_t write_note(platen_device *device, uint32_t name,
                           const struct platen_device_job *job)
{
    char note[1024];
    uv_fs_t request;
    size_t length = platen_device_note(job, note, sizeof note - 1);
    char *path = path_of(device, name, ".note");
    if (path == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    int file = uv_fs_open(NULL, &request, path, UV_FS_O_CREAT | UV_FS_O_EXCL | UV_FS_O_WRONLY,
                          OURS_ALONE, NULL);
    uv_fs_req_cleanup(&request);
    free(path);
    if (file < 0) {
        return device_error_from(file);
    }
    note[length++] = '\n';
    uint32_t error = write_all(file, note, length);
    uint32_t closed = close_file(file);
    error = error != 0 ? error : closed;
    return error != 0 ? error : move_file(device, name, ".note", ".json");
}

void device_keep_end(platen_device *device, struct device_kept *kept, struct platen_device_job *job)
{
    const char *suffix = job->whole ? ".prn" : ".part";
    close_parts(kept);
    if (kept->file >= 0) {
        uint32_t error = close_file(kept->file);
        kept->error = kept->error != 0 ? kept->error : error;
        kept->file = -1;
        if (kept->error == 0) {
            kept->error = move_file(device, kept->name, ".receiving", suffix);
        }
        if (kept->error == 0) {
            snprintf(job->file, sizeof job->file, "job-%04u%s", (unsigned)kept->name, suffix);
            kept->error = write_note(device, kept->name, job);
        }
    }
    job->error = kept->error;
}
