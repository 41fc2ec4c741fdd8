/* SPDX-License-Identifier: MIT */
/* A session: the documents, in the order they came, and their pictures. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static char *copy(const char *text)
{
    return text ? show_print("%s", text) : NULL;
}

static uint32_t make_output(struct platen_show *show, const char *output,
                            struct platen_show_error *error)
{
    if (!output) {
        int status = show_temporary(NULL, &show->output);
        return status == 0 ? 0 : show_fail_uv(error, status, "cannot make", "a temporary folder");
    }
    show->keeps = true;
    int status = show_make_folder(output);
    if (status < 0) {
        return show_fail_uv(error, status, "cannot make the folder", output);
    }
    show->output = copy(output);
    return show->output ? 0 : show_fail(error, SHOW_NO_MEMORY, "no memory");
}

uint32_t platen_show_open(const struct platen_show_options *options, struct platen_show **out,
                          struct platen_show_error *error)
{
    static const struct platen_show_options defaults = {0};
    const struct platen_show_options *o = options ? options : &defaults;
    *out = NULL;
    struct platen_show *show = calloc(1, sizeof *show);
    if (!show) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory");
    }
    show->draws = o->output || o->draw;
    show->resolution = o->resolution ? o->resolution : 100;
    show->page_limit = o->page_limit ? o->page_limit : 100;
    show->seconds = o->seconds ? o->seconds : 60;
    show->interrupted = o->interrupted;
    show->ghostscript = copy(o->ghostscript);
    show->graphicsmagick = copy(o->graphicsmagick);
    bool short_of_memory =
        (o->ghostscript && !show->ghostscript) || (o->graphicsmagick && !show->graphicsmagick);
    uint32_t code = short_of_memory ? show_fail(error, SHOW_NO_MEMORY, "no memory") : 0;
    if (code == 0 && show->draws) {
        code = make_output(show, o->output, error);
    }
    if (code != 0) {
        platen_show_close(show);
        return code;
    }
    *out = show;
    return 0;
}

static void free_item(struct show_item *item)
{
    if (!item) {
        return;
    }
    for (size_t i = 0; i < item->result.drawn; i++) {
        free(item->files[i]);
    }
    free(item->files);
    free(item->pages);
    free(item->path);
    free(item->name);
    free(item);
}

void platen_show_close(struct platen_show *show)
{
    if (!show) {
        return;
    }
    if (show->output && !show->keeps) {
        show_remove_folder(show->output);
    }
    for (size_t i = 0; i < show->count; i++) {
        free_item(show->items[i]);
    }
    free(show->items);
    free(show->output);
    free(show->ghostscript);
    free(show->graphicsmagick);
    free(show);
}

size_t platen_show_count(const struct platen_show *show)
{
    return show->count;
}

const struct platen_show_result *platen_show_at(const struct platen_show *show, size_t index)
{
    return index < show->count ? &show->items[index]->result : NULL;
}

const char *show_base_name(const char *path)
{
    const char *base = path;
    for (const char *c = path; *c; c++) {
        base = (*c == '/' || *c == '\\') && c[1] ? c + 1 : base;
    }
    return base;
}

static bool is_taken(const struct platen_show *show, const char *name)
{
    for (size_t i = 0; i < show->count; i++) {
        const char *a = show->items[i]->name;
        const char *b = name;
        while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
            a++;
            b++;
        }
        if (*a == 0 && *b == 0) {
            return true;
        }
    }
    return false;
}

/* The document's name of characters that mean nothing to any program or file system, made unique.
 */
static char *make_name(const struct platen_show *show, const char *path)
{
    char plain[81];
    size_t fill = 0;
    for (const char *c = show_base_name(path); *c && fill + 1 < sizeof plain; c++) {
        unsigned char byte = (unsigned char)*c;
        bool fine = byte < 0x80 &&
                    (isalnum(byte) || byte == '_' || (fill > 0 && (byte == '.' || byte == '-')));
        bool goes_on = (byte & 0xc0) == 0x80; /* one underscore for one character */
        if (!goes_on) {
            plain[fill++] = fine ? (char)byte : '_';
        }
    }
    plain[fill] = 0;
    char *name = show_print("%s", fill ? plain : "document");
    for (unsigned n = 2; name && is_taken(show, name); n++) {
        free(name);
        name = show_print("%s_%u", plain, n);
    }
    return name;
}

static char *page_file(const struct platen_show *show, const struct show_item *item, size_t number)
{
    return show_print("%s/%s-page-%03u.png", show->output, item->name, (unsigned)number);
}

/* Pictures that an earlier run left under this name are not of this document. */
static void remove_older(const struct platen_show *show, const struct show_item *item)
{
    int status = 0;
    for (size_t n = item->result.drawn + 1; status == 0; n++) {
        char *file = page_file(show, item, n);
        uv_fs_t request;
        status = file ? uv_fs_unlink(NULL, &request, file, NULL) : UV_ENOMEM;
        if (file) {
            uv_fs_req_cleanup(&request);
        }
        free(file);
    }
}

/* Takes over one picture; UV_ENOENT when there is no further one. */
static int keep_page(struct platen_show *show, struct show_item *item, const char *folder)
{
    struct platen_show_page page = {0};
    size_t index = item->result.drawn;
    char *from = show_print("%s/page-%06u.png", folder, (unsigned)index + 1);
    char *to = page_file(show, item, index + 1);
    int status = from && to ? 0 : UV_ENOMEM;
    if (status == 0) {
        bool good = show_png_size(from, &page.width, &page.height);
        status = good ? show_move(from, to) : UV_ENOENT;
    }
    free(from);
    if (status == 0) {
        item->files[index] = to;
        page.file = to;
        item->pages[index] = page;
        item->result.drawn++;
    } else {
        free(to);
    }
    return status;
}

int show_keep_pages(struct platen_show *show, struct show_item *item, const char *folder)
{
    item->files = calloc(show->page_limit, sizeof *item->files);
    item->pages = calloc(show->page_limit, sizeof *item->pages);
    item->result.pages = item->pages;
    int status = item->files && item->pages ? 0 : UV_ENOMEM;
    while (status == 0 && item->result.drawn < show->page_limit) {
        status = keep_page(show, item, folder);
    }
    return status == UV_ENOENT ? 0 : status;
}

/* What is left of the work once the document is identified. */
static uint32_t treat(struct platen_show *show, struct show_item *item,
                      struct platen_show_error *error)
{
    const struct show_language *language = show_language(item->result.document.language);
    if (language->road == SHOW_ROAD_NONE) {
        item->result.drawing = show->draws ? PLATEN_SHOW_NO_RENDERER : PLATEN_SHOW_NOT_ASKED;
        snprintf(item->result.reason, sizeof item->result.reason, "%s", language->no_renderer);
        return 0;
    }
    if (show->draws) {
        return show_draw(show, item, error);
    }
    return language->road == SHOW_ROAD_GHOSTSCRIPT ? show_interpret(show, item, error) : 0;
}

static struct show_item *make_item(const struct platen_show *show, const char *path)
{
    struct show_item *item = calloc(1, sizeof *item);
    if (!item) {
        return NULL;
    }
    item->path = copy(path);
    item->name = make_name(show, path);
    item->result.path = item->path;
    if (!item->path || !item->name) {
        free_item(item);
        return NULL;
    }
    return item;
}

static uint32_t append(struct platen_show *show, struct show_item *item,
                       struct platen_show_error *error)
{
    struct show_item **items = realloc(show->items, (show->count + 1) * sizeof *items);
    if (!items) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory");
    }
    show->items = items;
    items[show->count++] = item;
    return 0;
}

uint32_t platen_show_add(struct platen_show *show, const char *path,
                         const struct platen_show_result **out, struct platen_show_error *error)
{
    if (out) {
        *out = NULL;
    }
    struct show_item *item = make_item(show, path);
    if (!item) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory");
    }
    uint32_t code = platen_show_identify(path, &item->result.document, error);
    code = code ? code : treat(show, item, error);
    if (code == 0 && show->keeps) {
        remove_older(show, item);
    }
    code = code ? code : append(show, item, error);
    if (code != 0) {
        free_item(item);
        return code;
    }
    if (out) {
        *out = &item->result;
    }
    return 0;
}
