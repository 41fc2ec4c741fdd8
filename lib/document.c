/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "document.h"

/* Where texts go, one behind the other. `used` runs on when `size` is over: so it says in the end
 * how much room all of them need. */
struct heap {
    char *text;
    size_t size;
    size_t used;
};

static const char *put(struct heap *heap, const char16_t *text)
{
    if (!text)
        return NULL;
    size_t left = heap->used < heap->size ? heap->size - heap->used : 0;
    char *at = left ? heap->text + heap->used : NULL;
    heap->used += platen_text_to8(text, SIZE_MAX, at, left) + 1;
    return at;
}

static void put_all(struct heap *heap, const struct port_document *document, struct platen_doc *doc)
{
    *doc = (struct platen_doc){
        .size = sizeof(*doc),
        .job_id = document->job_id,
        .printer = put(heap, document->printer ? document->printer : u""),
        .name = put(heap, document->name),
        .output_file = put(heap, document->output_file),
        .datatype = put(heap, document->datatype),
        .user = put(heap, document->user),
        .machine = put(heap, document->machine),
    };
}

uint32_t document_texts(struct document_texts *texts, const struct port_document *document,
                        struct platen_doc *doc)
{
    struct heap heap = {texts->room, sizeof(texts->room), 0};
    texts->block = NULL;
    put_all(&heap, document, doc);
    if (heap.used <= heap.size)
        return 0;
    texts->block = malloc(heap.used);
    if (!texts->block)
        return PLATEN_NOT_ENOUGH_MEMORY;
    heap = (struct heap){texts->block, heap.used, 0};
    put_all(&heap, document, doc);
    return 0;
}

void document_texts_free(struct document_texts *texts)
{
    free(texts->block);
}
