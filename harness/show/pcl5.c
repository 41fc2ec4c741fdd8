/* SPDX-License-Identifier: MIT */
/*
 * Pages of PCL 5. A form feed ejects a page, even a white one; a reset, the end of the job and a
 * change of paper or orientation eject a page that something was put on. Binary data of commands is
 * stepped over by its length, so a form feed in a picture is none. Not seen: the page that begins
 * because lines ran over the end of the last.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

struct pcl {
    struct show_source *source;
    struct platen_show_document *document;
    uint64_t copies;
    bool dirty;   /* something is on the page */
    bool display; /* ESC Y: control characters are printed, not obeyed */
    bool hpgl;    /* ESC % # B: what follows is HP-GL/2 */
    bool macro;   /* a macro is being defined: nothing is printed */
    bool done;
};

static void eject(struct pcl *pcl)
{
    if (!pcl->macro) {
        pcl->document->pages++;
        pcl->document->printed += pcl->copies;
    }
    pcl->dirty = false;
}

static void eject_if_dirty(struct pcl *pcl)
{
    if (pcl->dirty) {
        eject(pcl);
    }
}

/* One parameter of a command: ESC & l 2 A has group '&', 'l', value 2 and letter 'A'. */
struct parameter {
    int kind;
    int group;
    int letter; /* upper case */
    uint64_t value;
    bool negative;
};

static bool carries_data(const struct parameter *p)
{
    return p->letter == 'W' || (p->kind == '*' && p->group == 'b' && p->letter == 'V') ||
           (p->kind == '&' && p->group == 'p' && p->letter == 'X');
}

static void skip_data(struct pcl *pcl, const struct parameter *p)
{
    if (p->negative) {
        return;
    }
    if (!show_skip(pcl->source, p->value)) {
        pcl->document->cut_off = true;
    }
    if ((p->kind == '*' && p->group == 'b') || (p->kind == '&' && p->group == 'p')) {
        pcl->dirty = pcl->dirty || (p->value > 0 && !pcl->macro);
    }
}

static void page_control(struct pcl *pcl, const struct parameter *p)
{
    if (p->letter == 'X') {
        pcl->copies = p->value > 0 && p->value < 32768 ? p->value : 1;
    } else if (p->letter == 'A' || p->letter == 'H' || p->letter == 'O' || p->letter == 'P') {
        eject_if_dirty(pcl);
    }
}

static void obey(struct pcl *pcl, const struct parameter *p)
{
    if (carries_data(p)) {
        skip_data(pcl, p);
    } else if (p->kind == '&' && p->group == 'l') {
        page_control(pcl, p);
    } else if (p->kind == '&' && p->group == 'f' && p->letter == 'X') {
        pcl->macro = p->value == 0 || (pcl->macro && p->value != 1);
        pcl->dirty = pcl->dirty || p->value == 2 || p->value == 3;
    } else if (p->kind == '*' && p->group == 'c' && p->letter == 'P') {
        pcl->dirty = pcl->dirty || !pcl->macro; /* a filled rectangle */
    } else if (p->kind == '%') {
        pcl->hpgl = p->letter == 'B';
    }
}

/* Sign, digits, fraction, as far as they go. */
static void read_value(struct show_source *source, struct parameter *p)
{
    p->value = 0;
    p->negative = false;
    bool fraction = false;
    for (int byte = show_peek(source); byte >= 0 && (isdigit(byte) || strchr("+-.", byte));
         byte = show_peek(source)) {
        show_skip(source, 1);
        p->negative = p->negative || byte == '-';
        fraction = fraction || byte == '.';
        if (isdigit(byte) && !fraction && p->value < UINT32_MAX) {
            p->value = p->value * 10 + (uint64_t)(byte - '0');
        }
    }
}

/* Behind ESC and a character of '!'..'/': an optional group, then values and letters, the last of
 * which is a capital. */
static void parameters(struct pcl *pcl, int kind)
{
    struct parameter p = {.kind = kind};
    int byte = show_peek(pcl->source);
    if (byte >= '`' && byte <= '~') {
        p.group = show_get(pcl->source);
    }
    for (;;) {
        read_value(pcl->source, &p);
        byte = show_get(pcl->source);
        if (byte < '@' || byte > '~') {
            pcl->document->cut_off = pcl->document->cut_off || byte < 0;
            return;
        }
        p.letter = byte >= '`' ? byte - 32 : byte;
        obey(pcl, &p);
        if (byte < '`') {
            return;
        }
    }
}

static void escape(struct pcl *pcl)
{
    uint64_t at = show_tell(pcl->source) - 1;
    show_seek(pcl->source, at);
    if (show_match(pcl->source, SHOW_UEL)) {
        pcl->document->body_end = at;
        pcl->done = true;
        return;
    }
    show_skip(pcl->source, 1);
    int byte = show_peek(pcl->source);
    if (byte < 0) {
        pcl->document->cut_off = true;
        return;
    }
    if (byte == 0x1b) {
        return;
    }
    show_skip(pcl->source, 1);
    if (byte >= '!' && byte <= '/') {
        parameters(pcl, byte);
    } else if (byte == 'E') {
        eject_if_dirty(pcl);
        pcl->copies = 1;
        pcl->hpgl = pcl->display = pcl->macro = false;
    } else if (byte == 'Y' || byte == 'Z') {
        pcl->display = byte == 'Y';
    }
}

static void plain(struct pcl *pcl, int byte)
{
    if (byte == '\f' && !pcl->hpgl && !pcl->display) {
        eject(pcl);
    } else if (pcl->hpgl ? isalpha(byte) : byte > ' ') {
        pcl->dirty = pcl->dirty || !pcl->macro;
    }
}

void show_count_pcl5(struct show_source *source, struct platen_show_document *document)
{
    struct pcl pcl = {.source = source, .document = document, .copies = 1};
    document->body_end = source->limit;
    document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    while (!pcl.done) {
        int byte = show_get(source);
        if (byte < 0) {
            break;
        }
        if (byte == 0x1b) {
            escape(&pcl);
        } else {
            plain(&pcl, byte);
        }
    }
    eject_if_dirty(&pcl);
    if (document->cut_off) {
        snprintf(document->note, sizeof document->note, "ends inside a command or its data");
    }
}
