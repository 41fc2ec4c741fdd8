/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"

static const char *const thought_of[] = {
    "plain",
    "",
    " ",
    " blanks around ",
    "\ttab\t",
    "two\nlines",
    "a return\r\n",
    "\n",
    "escape \x1b[31mred\x1b[0m \x07",
    "\x01\x02\x7f",
    "]]>",
    "<![CDATA[x]]> & <b a='1' c=\"2\">",
    "&amp; &#0; &#x1b;",
    "</script><script>document.title = 'taken'</script>",
    "</style></title></code></pre><img src=x onerror='document.title = 1'>",
    "\" onmouseover=\"x\" 'y'",
    "<!-- --> <![endif]-->",
    "::error file=a,line=1::b",
    "a:b\\c d?e#f%41 \xc3\xa9.dll",
    "100%0A::warning::c, d: e",
    "quotes \" ' ` and $HOME",
    "C:\\new\\table\\x41\\u0041",
    "# SKIP nothing",
    "done # \124ODO really",
    "\\# SKIP",
    "\\\\# \124ODO \\",
    "\\",
    "#",
    "ok 1 - nested",
    "not ok 2",
    "1..5",
    "Bail out! no",
    "TAP version 14",
    "---",
    "...",
    "key: value",
    "- item",
    "{\"event\":\"x\"}",
    "null",
    "12",
    "Z\xc3\xbcrich \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x96\xa8",
    "lone \xed\xa0\x80 high",
    "lone \xed\xb0\x80 low",
    "pair the wrong way \xed\xb0\x80\xed\xa0\x80",
    "pair as two \xed\xa0\xbd\xed\xb6\xa8",
    "no UTF-8 \xff\xfe\x80",
    "cut \xc3",
    "cut \xf0\x9f\x98",
    "overlong \xc0\xaf \xe0\x80\xaf",
    "beyond \xf4\x90\x80\x80",
    "next line \xc2\x85 and C1 \xc2\x9b"
    "31m",
    "separators \xe2\x80\xa8 \xe2\x80\xa9",
    "turned \xe2\x80\xae"
    "around \xe2\x81\xa6",
    "no characters \xef\xbf\xbe \xef\xbf\xbf",
    "\xef\xbb\xbfmark",
};

#define THOUGHT_OF (sizeof thought_of / sizeof *thought_of)

size_t hostile_names(void)
{
    return THOUGHT_OF + 1;
}

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Pieces of the others, and any byte but NUL. */
static char *random_name(uint64_t seed, size_t size)
{
    char *name = malloc(size + 1);
    uint64_t state = seed;
    size_t length = 0;
    while (name != NULL && length < size) {
        const char *from = thought_of[next(&state) % THOUGHT_OF];
        size_t count = strlen(from);
        char byte[2] = {(char)(1 + next(&state) % 255), '\0'};
        if (count == 0 || next(&state) % 3 == 0) {
            from = byte;
            count = 1;
        }
        count = count < size - length ? count : size - length;
        memcpy(name + length, from, count);
        length += count;
    }
    if (name != NULL) {
        name[length] = '\0';
    }
    return name;
}

char *hostile_name(size_t n)
{
    if (n == THOUGHT_OF) {
        return random_name(n, HUGE_NAME);
    }
    if (n > THOUGHT_OF) {
        uint64_t state = n;
        return random_name(n, next(&state) % 60);
    }
    char *name = malloc(strlen(thought_of[n]) + 1);
    return name == NULL ? NULL : strcpy(name, thought_of[n]);
}

char *printable_name(const char *name)
{
    size_t size = platen_text_printable(name, SIZE_MAX, NULL, 0) + 1;
    char *shown = malloc(size);
    if (shown != NULL) {
        platen_text_printable(name, SIZE_MAX, shown, size);
    }
    return shown;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

char *bytes_of_hex(const char *digits)
{
    size_t length = strlen(digits) / 2;
    char *bytes = malloc(length + 1);
    for (size_t i = 0; bytes != NULL && i < length; i++) {
        int high = digit(digits[2 * i]);
        int low = digit(digits[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(bytes);
            return NULL;
        }
        bytes[i] = (char)(high * 16 + low);
    }
    if (bytes != NULL) {
        bytes[length] = '\0';
    }
    return bytes;
}

static bool is_harmful(char16_t unit, const char *controls)
{
    if (unit < 0x20) {
        return strchr(controls, (char)unit) == NULL;
    }
    return (unit >= 0x7F && unit < 0xA0) || unit == 0x061C || (unit >= 0x200E && unit <= 0x200F) ||
           (unit >= 0x2028 && unit <= 0x202E) || (unit >= 0x2066 && unit <= 0x2069);
}

bool is_harmless(const char *text, size_t size, const char *controls)
{
    if (!platen_text_is_utf8(text, size) || strlen(text) != size) {
        return false;
    }
    char16_t *units = platen_text_new16(text, size);
    bool harmless = units != NULL;
    for (size_t i = 0; harmless && units[i] != 0; i++) {
        harmless = !is_harmful(units[i], controls);
    }
    free(units);
    return harmless;
}
