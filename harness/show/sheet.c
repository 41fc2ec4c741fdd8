/* SPDX-License-Identifier: MIT */
/*
 * The contact sheet, by GraphicsMagick: every page small, with its name below; a card in place of
 * what could not be drawn. Pictures are copied into a work folder under names of ours and made
 * small one at a time, so that neither a path nor the number of pages can do harm.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TILES_MAX 120
#define TILE      "360x360"  /* pixels */
#define TILE_FIT  "360x360>" /* never make it bigger */
#define TILE_ROOM "360x360+14+14"

struct tile {
    const struct show_item *item;
    size_t page; /* from 1; 0 is a card */
};

struct sheet {
    struct platen_show *show;
    char *folder;
    struct tile tiles[TILES_MAX];
    size_t count;
    size_t left_out;
    bool cards; /* Ghostscript drew them */
    /* Arguments of a program, made as they are needed. */
    char *arguments[4 * TILES_MAX];
    size_t arguments_count;
    bool short_of_memory;
};

/* GraphicsMagick's own list of fonts does not fit the places where Debian 12 keeps them. */
static const char *const fonts[] = {
    "/usr/share/fonts/type1/urw-base35/NimbusSans-Regular.t1",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/type1/gsfonts/n019003l.pfb",
    "C:/Windows/Fonts/arial.ttf",
};

static const char *find_font(void)
{
    for (size_t i = 0; i < COUNT_OF(fonts); i++) {
        uv_fs_t request;
        int status = uv_fs_access(NULL, &request, fonts[i], 4, NULL);
        uv_fs_req_cleanup(&request);
        if (status == 0) {
            return fonts[i];
        }
    }
    return NULL;
}

static void add_tile(struct sheet *sheet, const struct show_item *item, size_t page)
{
    if (sheet->count == TILES_MAX) {
        sheet->left_out++;
        return;
    }
    sheet->tiles[sheet->count++] = (struct tile){item, page};
}

static void collect(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->show->count; i++) {
        const struct show_item *item = sheet->show->items[i];
        if (item->result.drawn == 0) {
            add_tile(sheet, item, 0);
        }
        for (size_t page = 1; page <= item->result.drawn; page++) {
            add_tile(sheet, item, page);
        }
    }
}

/* Draws the cards as page-000001.png and so on, in the order of their tiles. */
static void draw_cards(struct sheet *sheet)
{
    const struct platen_show_result *results[TILES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->tiles[i].page == 0) {
            results[count++] = &sheet->tiles[i].item->result;
        }
    }
    char *path = count > 0 ? show_join(sheet->folder, "cards.ps") : NULL;
    if (path && show_write_cards(results, count, path) == 0) {
        struct show_child child = {0};
        int status = show_draw_ours(sheet->show, sheet->folder, "cards.ps", TILES_MAX, &child);
        sheet->cards = status == 0 && child.status == 0;
    }
    free(path);
}

static int copy_picture(const char *from, const char *to)
{
    uv_fs_t request;
    int status = uv_fs_copyfile(NULL, &request, from, to, 0, NULL);
    uv_fs_req_cleanup(&request);
    return status;
}

/* One picture under the name tile-NNN.png; *card counts the cards that were taken. */
static int place(struct sheet *sheet, const struct tile *tile, size_t number, unsigned *card)
{
    char *to = show_print("%s/tile-%03u.png", sheet->folder, (unsigned)number);
    char *from = tile->page == 0 ? show_print("%s/page-%06u.png", sheet->folder, ++*card)
                                 : show_print("%s", tile->item->files[tile->page - 1]);
    int status = from && to ? copy_picture(from, to) : UV_ENOMEM;
    free(from);
    free(to);
    return status;
}

/* Cards without Ghostscript are dropped; there is nothing to show of them but their names. */
static int place_all(struct sheet *sheet)
{
    size_t kept = 0;
    unsigned card = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        struct tile tile = sheet->tiles[i];
        if (tile.page == 0 && !sheet->cards) {
            sheet->left_out++;
            continue;
        }
        int status = place(sheet, &tile, kept, &card);
        if (status < 0) {
            return status;
        }
        sheet->tiles[kept++] = tile;
    }
    sheet->count = kept;
    return 0;
}

static void drop_arguments(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->arguments_count; i++) {
        free(sheet->arguments[i]);
    }
    sheet->arguments_count = 0;
}

/* Takes over a text from the heap. */
static void argument(struct sheet *sheet, char *text)
{
    sheet->short_of_memory = sheet->short_of_memory || !text;
    if (text && sheet->arguments_count + 1 < COUNT_OF(sheet->arguments)) {
        sheet->arguments[sheet->arguments_count++] = text;
        sheet->arguments[sheet->arguments_count] = NULL;
    } else {
        free(text);
    }
}

static void arguments(struct sheet *sheet, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        argument(sheet, show_print("%s", texts[i]));
    }
}

static uint32_t run(struct sheet *sheet, struct platen_show_error *error)
{
    const char *programs[2] = {"gm", NULL};
    programs[0] = sheet->show->graphicsmagick ? sheet->show->graphicsmagick : programs[0];
    struct show_child child = {.programs = programs,
                               .arguments = (const char *const *)sheet->arguments,
                               .folder = sheet->folder,
                               .seconds = sheet->show->seconds,
                               .interrupted = sheet->show->interrupted};
    if (sheet->short_of_memory) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory for a contact sheet");
    }
    int status = show_run(&child);
    drop_arguments(sheet);
    char text[256];
    if (child.missing) {
        platen_show_escape(text, sizeof text, programs[0]);
        return show_fail(error, SHOW_APP_NOT_FOUND,
                         "no contact sheet: GraphicsMagick (%s) is not installed; Debian's "
                         "package is graphicsmagick",
                         text);
    }
    if (status < 0) {
        return show_fail_uv(error, status, "cannot run", programs[0]);
    }
    if (child.status != 0 || child.signal != 0) {
        show_child_reason(&child, text, sizeof text);
        return show_fail(error, SHOW_GEN_FAILURE, "no contact sheet: GraphicsMagick: %s", text);
    }
    return 0;
}

/* In place and one after the other, which bounds the memory by one page. */
static uint32_t make_small(struct sheet *sheet, struct platen_show_error *error)
{
    static const char *const fixed[] = {"mogrify", "-limit", "memory",  "512MB",
                                        "-size",   TILE,     "-resize", TILE_FIT};
    arguments(sheet, fixed, COUNT_OF(fixed));
    for (size_t i = 0; i < sheet->count; i++) {
        argument(sheet, show_print("tile-%03u.png", (unsigned)i));
    }
    return run(sheet, error);
}

static char *label(const struct tile *tile)
{
    if (tile->page == 0 || tile->item->result.drawn == 1) {
        return show_print("%s", tile->item->name);
    }
    return show_print("%s  %u", tile->item->name, (unsigned)tile->page);
}

/* A little wider than high. */
static char *shape(size_t count)
{
    size_t columns = 1;
    while (columns * columns * 2 < count * 3) {
        columns++;
    }
    return show_print("%ux%u", (unsigned)columns, (unsigned)((count + columns - 1) / columns));
}

static uint32_t montage(struct sheet *sheet, struct platen_show_error *error)
{
    static const char *const fixed[] = {"montage",      "-limit",  "memory",       "512MB",
                                        "-background",  "#e9e9e6", "-mattecolor",  "#e9e9e6",
                                        "-bordercolor", "white",   "-borderwidth", "0",
                                        "-geometry",    TILE_ROOM, "-tile"};
    const char *font = find_font();
    arguments(sheet, fixed, COUNT_OF(fixed));
    argument(sheet, shape(sheet->count));
    if (font) {
        const char *const lettering[] = {"-font", font, "-pointsize", "13", "-fill", "#333333"};
        arguments(sheet, lettering, COUNT_OF(lettering));
    }
    for (size_t i = 0; i < sheet->count; i++) {
        if (font) {
            argument(sheet, show_print("-label"));
            argument(sheet, label(&sheet->tiles[i]));
        }
        argument(sheet, show_print("tile-%03u.png", (unsigned)i));
    }
    argument(sheet, show_print("png:sheet.png"));
    return run(sheet, error);
}

static uint32_t take(struct sheet *sheet, const char *path, struct platen_show_error *error)
{
    char *from = show_join(sheet->folder, "sheet.png");
    int status = from ? show_move(from, path) : UV_ENOMEM;
    free(from);
    return status == 0 ? 0 : show_fail_uv(error, status, "cannot write", path);
}

static uint32_t make(struct sheet *sheet, const char *path, struct platen_show_error *error)
{
    collect(sheet);
    draw_cards(sheet);
    int status = place_all(sheet);
    if (status < 0) {
        return show_fail_uv(error, status, "cannot make", path);
    }
    if (sheet->count == 0) {
        return show_fail(error, SHOW_NOT_SUPPORTED, "no contact sheet: nothing was drawn");
    }
    uint32_t code = make_small(sheet, error);
    code = code ? code : montage(sheet, error);
    return code ? code : take(sheet, path, error);
}

uint32_t platen_show_sheet(struct platen_show *show, const char *path, size_t *left_out,
                           struct platen_show_error *error)
{
    if (left_out) {
        *left_out = 0;
    }
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory for a contact sheet");
    }
    sheet->show = show;
    int status = show_temporary(show->draws ? show->output : NULL, &sheet->folder);
    uint32_t code = status == 0 ? make(sheet, path, error)
                                : show_fail_uv(error, status, "no temporary folder for", path);
    if (left_out) {
        *left_out = sheet->left_out;
    }
    drop_arguments(sheet);
    if (sheet->folder) {
        show_remove_folder(sheet->folder);
    }
    free(sheet->folder);
    free(sheet);
    return code;
}
