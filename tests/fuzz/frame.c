/* SPDX-License-Identifier: MIT
 *
 * Bytes as frames. However they are cut into pieces on their way, they are the same frames, and end
 * in the same manner.
 */
#include <string.h>

#include <platen/errors.h>

#include "fuzz.h"
#include "wire.h"

#define FRAMES 64u

struct seen {
    uint64_t marks[FRAMES];
    unsigned count;
    uint32_t error;
};

static uint64_t mark_bytes(uint64_t mark, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        mark = (mark ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    }
    return mark;
}

static uint64_t mark_number(uint64_t mark, uint64_t number)
{
    return (mark ^ number) * UINT64_C(0x100000001b3);
}

static uint64_t mark_frame(const struct platen_frame *frame)
{
    uint64_t mark = mark_number(UINT64_C(0xcbf29ce484222325), (uint64_t)frame->kind);
    mark = mark_number(mark, frame->flags);
    mark = mark_number(mark_number(mark, frame->body_size), frame->bulk_size);
    return mark_bytes(mark_bytes(mark, frame->body, frame->body_size), frame->bulk,
                      frame->bulk_size);
}

static void read_all(const uint8_t *data, size_t size, size_t piece, struct seen *seen)
{
    struct platen_channel *channel = fuzz_wire(data, size, piece);
    struct platen_frame frame = {.body = ""};
    seen->count = 0;
    while ((seen->error = platen_channel_receive(channel, UINT64_MAX, &frame)) == 0 &&
           seen->count < FRAMES) {
        FUZZ_ASSERT(frame.kind >= PLATEN_FRAME_HELLO && frame.kind < PLATEN_FRAME_KINDS);
        FUZZ_ASSERT(frame.body_size + frame.bulk_size <= size);
        seen->marks[seen->count++] = mark_frame(&frame);
    }
    platen_channel_free(channel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seen whole, pieces;
    read_all(data, size, 0, &whole);
    read_all(data, size, size == 0 ? 1 : data[size - 1] % 40u + 1, &pieces);
    FUZZ_ASSERT(whole.error == 0 || whole.error == PLATEN_HANDLE_EOF ||
                whole.error == PLATEN_INVALID_DATA);
    FUZZ_ASSERT(whole.count == pieces.count && whole.error == pieces.error);
    FUZZ_ASSERT(memcmp(whole.marks, pieces.marks, whole.count * sizeof whole.marks[0]) == 0);
    return 0;
}
