/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *folder;

int make_folder(void **state)
{
    (void)state;
    return show_temporary(NULL, &folder);
}

/* The folders in it hold files and, in one test, folders in folders. */
static void remove_below(const char *path)
{
    uv_fs_t listing;
    uv_dirent_t entry;
    int count = uv_fs_scandir(NULL, &listing, path, 0, NULL);
    while (count >= 0 && uv_fs_scandir_next(&listing, &entry) == 0) {
        char *inner = show_join(path, entry.name);
        if (entry.type == UV_DIRENT_DIR) {
            remove_below(inner);
        }
        free(inner);
    }
    uv_fs_req_cleanup(&listing);
    show_remove_folder(path);
}

int remove_folder(void **state)
{
    (void)state;
    remove_below(folder);
    bool gone = !exists(folder);
    free(folder);
    return gone ? 0 : -1;
}

const char *in_folder(const char *name)
{
    static char paths[4][4096];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *write_document(const char *name, const void *bytes, size_t size)
{
    const char *path = in_folder(name);
    struct show_writer writer;
    assert_int_equal(show_writer_open(&writer, path), 0);
    const char *from = bytes;
    while (size > 0) {
        size_t part = size < sizeof writer.bytes ? size : sizeof writer.bytes;
        memcpy(writer.bytes, from, part);
        writer.fill = part;
        show_writer_flush(&writer);
        from += part;
        size -= part;
    }
    assert_int_equal(show_writer_close(&writer), 0);
    return path;
}

struct platen_show_document identify(const void *bytes, size_t size)
{
    struct platen_show_document document;
    struct platen_show_error error = {0};
    const char *path = write_document("document", bytes, size);
    uint32_t code = platen_show_identify(path, &document, &error);
    uv_fs_t request;
    uv_fs_unlink(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
    if (code != 0) {
        fail_msg("%s", error.message);
    }
    assert_true(document.size == size);
    assert_true(document.body_start <= document.body_end && document.body_end <= size);
    return document;
}

bool exists(const char *path)
{
    uv_fs_t request;
    int status = uv_fs_stat(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
    return status == 0;
}
