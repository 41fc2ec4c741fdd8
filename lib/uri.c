/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "uri.h"

/* A parse under way. The values point into the block that the URI keeps, or to static text. */
struct parse {
    const struct kind *kind;
    const char **values;
    char *complaint;
    size_t size;
};

/* Letters by number: what isalpha says depends on the locale. */
static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t scheme_length(const char *text)
{
    size_t length = 0;
    if (!is_small(text[0]))
        return 0;
    while (is_small(text[length]) || is_digit(text[length]) || text[length] == '-')
        length++;
    return length >= 2 && text[length] == ':' ? length : 0;
}

uint32_t uri_kind(const struct kinds *kinds, const char *text, const struct kind **kind)
{
    size_t length = scheme_length(text);
    *kind = length ? kinds_by_scheme(kinds, text, length) : NULL;
    return length && !*kind ? PLATEN_NOT_SUPPORTED : 0;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "%00" is refused: no text below has a NUL in it. */
bool uri_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = hex_digit(from[1]);
        int low = high < 0 ? -1 : hex_digit(from[2]);
        if (low < 0 || high + low == 0)
            return false;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

static bool is_plain(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' ||
           c == '_' || c == ':' || c == '/';
}

size_t uri_encode(const char *text, char *to)
{
    size_t used = 0;
    for (; *text; text++) {
        if (is_plain(*text))
            to[used++] = *text;
        else
            used += (size_t)snprintf(to + used, 4, "%%%02X", (unsigned)(unsigned char)*text);
    }
    to[used] = '\0';
    return used;
}

static bool to_number(const char *text, int64_t *number)
{
    bool negative = *text == '-';
    const char *digit = text + negative;
    int64_t value = 0;
    if (!*digit)
        return false;
    for (; is_digit(*digit); digit++) {
        if (value > (INT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (*digit - '0');
    }
    *number = negative ? -value : value;
    return *digit == '\0';
}

static const char *to_bool(const char *text)
{
    static const char *const words[][2] = {{"0", "0"}, {"no", "0"},  {"false", "0"}, {"off", "0"},
                                           {"1", "1"}, {"yes", "1"}, {"true", "1"},  {"on", "1"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i][0], text) == 0)
            return words[i][1];
    return NULL;
}

/* The value as the backend sees it, NULL if it is not one of the setting's. */
static const char *checked(const struct platen_setting *setting, const char *value)
{
    int64_t number;
    if (setting->type == PLATEN_SETTING_TEXT)
        return value;
    if (setting->type == PLATEN_SETTING_BOOL)
        return to_bool(value);
    bool good =
        to_number(value, &number) && number >= setting->minimum && number <= setting->maximum;
    return good ? value : NULL;
}

static uint32_t complain(const struct parse *parse, const char *what, const char *where)
{
    snprintf(parse->complaint, parse->size, "%s: %s: \"%s\"", parse->kind->ops.name, what, where);
    return PLATEN_INVALID_PARAMETER;
}

static size_t find_setting(const struct kind *kind, const char *key)
{
    size_t row = 0;
    while (row < kind->setting_count && strcmp(kind->ops.settings[row].key, key) != 0)
        row++;
    return row;
}

static uint32_t set_value(struct parse *parse, char *key, char *value)
{
    size_t row = find_setting(parse->kind, key);
    if (row == parse->kind->setting_count)
        return complain(parse, "no such option", key);
    if (parse->values[row])
        return complain(parse, "option given twice", key);
    if (!uri_decode(value))
        return complain(parse, "bad escape in option", key);
    parse->values[row] = checked(&parse->kind->ops.settings[row], value);
    return parse->values[row] ? 0 : complain(parse, "bad value for option", key);
}

static uint32_t parse_options(struct parse *parse, char *options)
{
    for (char *option = options, *next; option; option = next) {
        next = strchr(option, '&');
        if (next)
            *next++ = '\0';
        char *value = strchr(option, '=');
        if (!value)
            return complain(parse, "option without value", option);
        *value++ = '\0';
        uint32_t error = set_value(parse, option, value);
        if (error)
            return error;
    }
    return 0;
}

static uint32_t parse_text(struct parse *parse, char *text)
{
    char *options = strchr(text, '?');
    if (options)
        *options++ = '\0';
    if (!uri_decode(text))
        return complain(parse, "bad escape in", text);
    return options && *options ? parse_options(parse, options) : 0;
}

static void fill_defaults(struct parse *parse)
{
    for (size_t i = 0; i < parse->kind->setting_count; i++) {
        const struct platen_setting *setting = &parse->kind->ops.settings[i];
        if (!parse->values[i])
            parse->values[i] = checked(setting, setting->default_value);
        if (!parse->values[i]) /* a default outside its own range means "not set" */
            parse->values[i] = setting->default_value;
    }
}

uint32_t uri_parse(const struct kind *kind, const char *text, const char *port_name,
                   struct uri *uri, char *complaint, size_t size)
{
    const char *target = text ? text + strlen(kind->ops.name) + 1 : port_name;
    size_t room = kind->setting_count * sizeof(char *);
    size_t length = strlen(target) + 1;
    char *block = calloc(1, room + length);

    *uri = (struct uri){0};
    if (!block)
        return PLATEN_NOT_ENOUGH_MEMORY;
    struct parse parse = {kind, (const char **)(void *)block, complaint, size};
    char *own = memcpy(block + room, target, length);
    uint32_t error = text ? parse_text(&parse, own) : 0;
    if (error) {
        free(block);
        return error;
    }
    fill_defaults(&parse);
    *uri = (struct uri){.target = own, .values = parse.values, .block = block};
    return 0;
}

void uri_free(struct uri *uri)
{
    free(uri->block);
    *uri = (struct uri){0};
}
