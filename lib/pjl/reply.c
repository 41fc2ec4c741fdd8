/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "reply.h"

static const char mark[] = "@PJL ";
#define MARK (sizeof mark - 1)

/* ---- in a message -------------------------------------------------------------------------- */

static void leave(struct pjl_reply *reply, const struct pjl_reply_sink *sink, bool whole)
{
    bool begun = reply->begun;
    *reply = (struct pjl_reply){.inside = false};
    if (begun && sink->end)
        sink->end(sink->context, whole);
}

static const char *trim(char *text)
{
    size_t length = strlen(text);
    while (length && strchr(" \t", text[length - 1]))
        text[--length] = '\0';
    return text + strspn(text, " \t");
}

/* A heading in the middle of a message: the one before has lost its end. */
static void take_heading(struct pjl_reply *reply, const struct pjl_reply_sink *sink)
{
    const char *heading = trim(reply->text + MARK);
    if (reply->begun && sink->end)
        sink->end(sink->context, false);
    reply->begun = true;
    reply->size = 0;
    if (sink->begin)
        sink->begin(sink->context, heading);
}

static void take_line(struct pjl_reply *reply, const struct pjl_reply_sink *sink)
{
    reply->text[reply->length] = '\0';
    reply->length = 0;
    if (strncmp(reply->text, mark, MARK) == 0) {
        take_heading(reply, sink);
        return;
    }
    const char *line = trim(reply->text);
    if (*line && sink->line)
        sink->line(sink->context, line);
}

/* Lines end with CR, LF or both, and empty ones count for nothing. A NUL would end a text too
 * early: it is left out. */
static void take_inside(struct pjl_reply *reply, char byte, const struct pjl_reply_sink *sink)
{
    if (byte == '\r' || byte == '\n' || byte == '\f')
        take_line(reply, sink);
    else if (byte && reply->length < PJL_REPLY_LINE - 1)
        reply->text[reply->length++] = byte;
    if (byte == '\f')
        leave(reply, sink, true);
    else if (++reply->size > PJL_REPLY_LARGEST)
        leave(reply, sink, false);
}

/* ---- between messages ---------------------------------------------------------------------- */

static void say_aside(const struct pjl_reply_sink *sink, const char *bytes, size_t size)
{
    if (sink->aside && size)
        sink->aside(sink->context, bytes, size);
}

static void begin(struct pjl_reply *reply)
{
    *reply = (struct pjl_reply){.inside = true, .length = MARK, .size = MARK};
    memcpy(reply->text, mark, MARK);
}

/* In the mark each byte is another one, so that what does not go on can only begin anew. */
static void take_outside(struct pjl_reply *reply, char byte, const struct pjl_reply_sink *sink)
{
    if (byte == mark[reply->held]) {
        if (++reply->held == MARK)
            begin(reply);
        return;
    }
    say_aside(sink, mark, reply->held);
    reply->held = byte == mark[0];
    if (!reply->held)
        say_aside(sink, &byte, 1);
}

/* Up to where the next mark may begin. */
static size_t pass(const struct pjl_reply_sink *sink, const char *bytes, size_t size)
{
    const char *at = memchr(bytes, mark[0], size);
    size_t plain = at ? (size_t)(at - bytes) : size;
    say_aside(sink, bytes, plain);
    return plain;
}

void pjl_reply_feed(struct pjl_reply *reply, const void *bytes, size_t size,
                    const struct pjl_reply_sink *sink)
{
    const char *at = bytes;
    const char *end = at + size;
    while (at < end) {
        if (!reply->inside && !reply->held)
            at += pass(sink, at, (size_t)(end - at));
        if (at == end)
            break;
        if (reply->inside)
            take_inside(reply, *at++, sink);
        else
            take_outside(reply, *at++, sink);
    }
}
