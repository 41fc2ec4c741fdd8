/* SPDX-License-Identifier: MIT */
/* What one file is: envelope, language, pages, and whether a second job follows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void sniff(struct show_source *source, const struct show_head *head,
                  struct platen_show_document *document)
{
    size_t skip = 0;
    uint64_t length = 0;
    document->language = show_sniff(head, &skip, &length);
    if (document->language == PLATEN_SHOW_UNKNOWN || document->language == PLATEN_SHOW_TEXT) {
        enum platen_show_language declared = show_declared(document->pjl_language);
        document->language = declared == PLATEN_SHOW_UNKNOWN ? document->language : declared;
    }
    uint64_t left = source->limit - document->body_start;
    document->body_start += skip < left ? skip : left;
    left = source->limit - document->body_start;
    if (length > 0 && length < left) {
        source->limit = document->body_start + length;
    }
}

/* A whole block is looked at, so that a file is called text for good reasons. */
static uint32_t read_head(struct show_source *source, struct platen_show_document *document,
                          struct platen_show_error *error)
{
    unsigned char *bytes = malloc(SHOW_BLOCK);
    if (!bytes) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory to read a document");
    }
    uint64_t end = source->limit;
    if (document->pjl_wrapped && end - document->body_start > SHOW_BLOCK) {
        source->limit = document->body_start + SHOW_BLOCK;
    }
    uint64_t uel = document->pjl_wrapped ? show_find_uel(source) : end;
    source->limit = uel;
    show_seek(source, document->body_start);
    struct show_head head = {bytes, show_read(source, bytes, SHOW_BLOCK), false};
    head.whole = document->body_start + head.count == uel;
    source->limit = end;
    sniff(source, &head, document);
    free(bytes);
    return 0;
}

/* A PDF may hold anything, also a universal exit: the one behind its last %%EOF ends it. */
static uint64_t end_of_pdf(struct show_source *source, uint64_t from)
{
    uint64_t end = source->limit;
    show_seek(source, end - from > SHOW_BLOCK ? end - SHOW_BLOCK : from);
    uint64_t eof = show_tell(source);
    while (show_peek(source) >= 0) {
        if (show_match(source, "%%EOF")) {
            eof = show_tell(source);
        } else {
            show_skip(source, 1);
        }
    }
    show_seek(source, eof);
    return show_find_uel(source);
}

static void find_end(struct show_source *source, struct platen_show_document *document)
{
    show_seek(source, document->body_start);
    if (document->pjl_wrapped && document->language == PLATEN_SHOW_PDF) {
        source->limit = end_of_pdf(source, document->body_start);
    } else if (document->pjl_wrapped && show_language(document->language)->forward_uel) {
        source->limit = show_find_uel(source);
    }
    document->body_end = source->limit;
}

/* Behind the document only universal exits, PJL and blanks are its trailer. */
static void find_next_job(struct show_source *source, struct platen_show_document *document)
{
    source->limit = source->size;
    show_seek(source, document->body_end);
    if (!show_match(source, SHOW_UEL)) {
        return;
    }
    show_seek(source, document->body_end);
    show_pjl_header(source, NULL);
    for (int byte = show_peek(source); byte >= 0 && (byte <= ' '); byte = show_peek(source)) {
        if (byte == 0x1b) {
            break;
        }
        show_skip(source, 1);
    }
    if (show_peek(source) >= 0) {
        document->next_job = show_tell(source);
    }
}

static uint32_t identify(struct show_source *source, struct platen_show_document *document,
                         struct platen_show_error *error)
{
    document->size = source->size;
    show_pjl_header(source, document);
    document->body_start = show_tell(source);
    uint32_t code = read_head(source, document, error);
    if (code != 0) {
        return code;
    }
    find_end(source, document);
    show_counter *count = show_language(document->language)->count;
    if (count) {
        show_seek(source, document->body_start);
        count(source, document);
    } else if (document->language == PLATEN_SHOW_EMPTY) {
        document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    }
    find_next_job(source, document);
    return 0;
}

uint32_t platen_show_identify(const char *path, struct platen_show_document *out,
                              struct platen_show_error *error)
{
    *out = (struct platen_show_document){0};
    struct show_source *source;
    uint32_t code = show_source_open(path, &source, error);
    if (code != 0) {
        return code;
    }
    code = identify(source, out, error);
    if (code == 0 && source->failed) {
        code = show_fail_uv(error, source->failed, "cannot read", path);
    }
    show_source_close(source);
    return code;
}
