/* SPDX-License-Identifier: MIT */
/* One table of the languages: what they are called, who counts their pages and who draws them. */
#include "internal.h"

static const struct show_language languages[PLATEN_SHOW_LANGUAGES] = {
    [PLATEN_SHOW_UNKNOWN] = {.name = "unknown",
                             .key = "unknown",
                             .forward_uel = true,
                             .no_renderer = "no renderer: it is in no language that is known here"},
    [PLATEN_SHOW_EMPTY] = {.name = "empty",
                           .key = "empty",
                           .no_renderer = "no renderer needed: there is nothing in it"},
    [PLATEN_SHOW_POSTSCRIPT] = {.name = "PostScript",
                                .key = "postscript",
                                .count = show_count_dsc,
                                .road = SHOW_ROAD_GHOSTSCRIPT,
                                .forward_uel = true},
    [PLATEN_SHOW_PDF] = {.name = "PDF", .key = "pdf", .road = SHOW_ROAD_GHOSTSCRIPT},
    [PLATEN_SHOW_PCL5] = {.name = "PCL 5",
                          .key = "pcl5",
                          .count = show_count_pcl5,
                          .no_renderer = "no renderer: Ghostscript does not read PCL 5; GhostPCL "
                                         "does, and is not in Debian"},
    [PLATEN_SHOW_PCLXL] = {.name = "PCL XL",
                           .key = "pclxl",
                           .count = show_count_pclxl,
                           .no_renderer = "no renderer: Ghostscript does not read PCL XL; GhostPCL "
                                          "does, and is not in Debian"},
    [PLATEN_SHOW_ZPL] = {.name = "ZPL",
                         .key = "zpl",
                         .count = show_count_zpl,
                         .forward_uel = true,
                         .no_renderer = "no renderer: no program in Debian draws ZPL"},
    [PLATEN_SHOW_ESCPOS] = {.name = "ESC/POS",
                            .key = "escpos",
                            .count = show_count_escpos,
                            .forward_uel = true,
                            .no_renderer = "no renderer: no program in Debian draws ESC/POS"},
    [PLATEN_SHOW_TEXT] = {.name = "text",
                          .key = "text",
                          .count = show_count_text,
                          .road = SHOW_ROAD_TYPESET,
                          .forward_uel = true},
};

const struct show_language *show_language(enum platen_show_language language)
{
    bool known = (unsigned)language < PLATEN_SHOW_LANGUAGES;
    return &languages[known ? language : PLATEN_SHOW_UNKNOWN];
}

const char *platen_show_language_name(enum platen_show_language language)
{
    return show_language(language)->name;
}

const char *platen_show_language_key(enum platen_show_language language)
{
    return show_language(language)->key;
}

const char *platen_show_pages_from_key(enum platen_show_pages_from from)
{
    static const char *const keys[] = {"unknown", "declared", "counted", "interpreted"};
    return keys[(unsigned)from < COUNT_OF(keys) ? (unsigned)from : 0];
}

const char *platen_show_drawing_key(enum platen_show_drawing drawing)
{
    static const char *const keys[] = {"not-asked",   "drawn",   "partly-drawn",
                                       "no-renderer", "no-tool", "not-drawn"};
    return keys[(unsigned)drawing < COUNT_OF(keys) ? (unsigned)drawing : 0];
}
