/* SPDX-License-Identifier: MIT
 *
 * The settings of a serial line: what could be read of any text, COMMCONFIG or pair of key and
 * value is one that exists, and comes back the same through each of the three.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "line.h"

static bool is_same(const struct platen_line *a, const struct platen_line *b)
{
    return a->baud == b->baud && a->bits == b->bits && a->parity == b->parity &&
           a->stop == b->stop && a->xon == b->xon && a->cts == b->cts && a->dsr == b->dsr &&
           a->idsr == b->idsr && a->dtr == b->dtr && a->rts == b->rts;
}

static void check(const struct platen_line *line)
{
    static const char *const keys[] = {"baud", "bits", "parity", "stop", "xon",
                                       "cts",  "dsr",  "idsr",   "dtr",  "rts"};
    struct platen_line by_text = line_default, by_config = line_default, by_value = line_default;
    char text[LINE_TEXT_BYTES], room[LINE_VALUE_BYTES];
    COMMCONFIG config;
    FUZZ_ASSERT(line->baud > 0 && line->bits >= 5 && line->bits <= 8);
    line_format(line, text);
    FUZZ_ASSERT(strlen(text) < sizeof text - 1);
    FUZZ_ASSERT(line_parse(text, &by_text) == 0 && is_same(&by_text, line));
    line_to_config(line, &config);
    FUZZ_ASSERT(line_from_config(&config, sizeof config, &by_config) == 0);
    FUZZ_ASSERT(is_same(&by_config, line));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        FUZZ_ASSERT(line_set_value(&by_value, keys[i], line_value(line, keys[i], room)));
    }
    FUZZ_ASSERT(is_same(&by_value, line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct platen_line line = line_default;
    char *text = malloc(size + 1);
    FUZZ_ASSERT(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (line_parse(text, &line) == 0) {
        check(&line);
    } else {
        FUZZ_ASSERT(is_same(&line, &line_default));
    }
    char *value = strchr(text, '=');
    if (value != NULL) {
        *value = '\0';
        if (line_set_value(&line, text, value + 1)) {
            check(&line);
        }
    }
    line = line_default;
    memcpy(text, data, size);
    if (line_from_config(text, size, &line) == 0) {
        check(&line);
    }
    free(text);
    return 0;
}
