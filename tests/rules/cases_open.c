/* SPDX-License-Identifier: MIT
 *
 * OpenPort: which names it takes (R23 to R25). What handles are good for stands in cases_port.c.
 */
#include <string.h>

#include "break.h"
#include "os/lasterror.h"
#include "os/text.h"

static BOOL refuse(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

static bool named(const WCHAR *port, const char16_t *name)
{
    return port != NULL && platen_text_equal_folded((const char16_t *)port, name);
}

struct opening {
    BOOL ok;
    DWORD error;
    HANDLE handle;
};

static const HANDLE unset = (HANDLE)(uintptr_t)UNSET;

static struct opening open_name(struct trial *t, const WCHAR *name)
{
    struct opening opening = {.handle = unset};
    platen_os_set_last_error(UNSET);
    opening.ok = t->m.pfnOpenPort(t->monitor, text_of(name), &opening.handle);
    opening.error = platen_os_get_last_error();
    return opening;
}

/* ---- R23 ---------------------------------------------------------------------------------------
 */

static bool opens_or_says_why(struct trial *t, const WCHAR *name)
{
    struct opening opening = open_name(t, name);
    if (!opening.ok) {
        return KEPT(t, opening.error != 0 && opening.error != UNSET,
                    "refused without a reason, last-error %u", (unsigned)opening.error);
    }
    return KEPT(t, opening.handle != unset, "TRUE, but no handle") &&
           KEPT(t, t->m.pfnClosePort(opening.handle), "what was opened cannot be closed");
}

static void each_listed(struct trial *t)
{
    static _Alignas(16) unsigned char buffer[8192];
    struct probe_list list = probe_enum(t, NULL, 1, buffer, sizeof buffer);
    KEPT(t, list.ok && list.returned > 1, "no ports are listed");
    for (DWORD i = 0; list.ok && i < list.returned; i++) {
        const PORT_INFO_1W *ports = (const PORT_INFO_1W *)(const void *)buffer;
        if (!opens_or_says_why(t, ports[i].pName)) {
            return;
        }
    }
}

/* First as it is, then with a port that cannot be opened: files are off without a root. */
static void listed(struct trial *t)
{
    each_listed(t);
    t->options.file_root = NULL;
    if (t->breach[0] == '\0' && trial_restart(t)) {
        each_listed(t);
    }
}

OPEN_BREAK(keeps_the_handle)
{
    HANDLE unseen = NULL;
    if (!named(port, u"NUL:")) {
        return REAL_OPEN();
    }
    BOOL ok = trial_real()->pfnOpenPort(h, port, &unseen);
    trial_real()->pfnClosePort(unseen);
    return ok;
}

OPEN_BREAK(fails_with_nought)
{
    BOOL ok = REAL_OPEN();
    return ok || refuse(0);
}

OPEN_BREAK(fails_in_silence)
{
    DWORD before = platen_os_get_last_error();
    BOOL ok = REAL_OPEN();
    return ok || refuse(before);
}

WRAP(wrap_keeps_handle, pfnOpenPort, keeps_the_handle)
WRAP(wrap_nought, pfnOpenPort, fails_with_nought)
WRAP(wrap_silence, pfnOpenPort, fails_in_silence)

/* ---- R24 ---------------------------------------------------------------------------------------
 */

static bool is_refused(struct trial *t, const WCHAR *name, DWORD code, const char *what)
{
    struct opening opening = open_name(t, name);
    return KEPT(t, !opening.ok, "%s: TRUE", what) &&
           KEPT(t, opening.handle == NULL || opening.handle == unset, "%s: a handle with FALSE",
                what) &&
           KEPT(t, opening.error == code, "%s: last-error %u, not %u", what,
                (unsigned)opening.error, (unsigned)code);
}

static void no_ports(struct trial *t)
{
    static WCHAR endless[70000];
    for (size_t i = 0; i + 1 < sizeof endless / sizeof *endless; i++) {
        endless[i] = 'A';
    }
    static const struct {
        const char *what;
        const WCHAR *name;
    } unknown[] = {
        {"an unknown name", TEXT("NoSuchPort:")},
        {"FILE for FILE:", TEXT("FILE")},
        {"NUL for NUL:", TEXT("NUL")},
        {"a prefix", TEXT("SIM:tria")},
        {"a longer name", TEXT("SIM:trial2")},
        {"a blank behind", TEXT("SIM:trial ")},
        {"a blank before", TEXT(" SIM:trial")},
        {"a comma", TEXT("SIM:trial,")},
        {"a device not added", TEXT("SIM:new")},
        {"a path", TEXT("/tmp/x")},
        {"a line feed", TEXT("SIM:trial\n")},
        {"70000 characters", endless},
    };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        if (!is_refused(t, unknown[i].name, PLATEN_UNKNOWN_PORT, unknown[i].what)) {
            return;
        }
    }
    if (is_refused(t, TEXT(""), PLATEN_INVALID_PARAMETER, "an empty name")) {
        is_refused(t, NULL, PLATEN_INVALID_PARAMETER, "NULL");
    }
}

OPEN_BREAK(takes_a_prefix)
{
    static WCHAR whole[] = TEXT("FILE:");
    port = named(port, u"FILE") ? whole : port;
    return REAL_OPEN();
}

OPEN_BREAK(trims_blanks)
{
    static WCHAR whole[] = TEXT("SIM:trial");
    port = named(port, u"SIM:trial ") ? whole : port;
    return REAL_OPEN();
}

OPEN_BREAK(opens_what_is_not_there)
{
    BOOL ok = REAL_OPEN();
    if (!ok && named(port, u"SIM:new")) {
        platen_monitor_add_port(h, "SIM:new", NULL);
        ok = REAL_OPEN();
    }
    return ok;
}

OPEN_BREAK(leaves_garbage)
{
    BOOL ok = REAL_OPEN();
    *handle = ok ? *handle : (HANDLE)(uintptr_t)0x1234;
    return ok;
}

OPEN_BREAK(another_code)
{
    return REAL_OPEN() || (port != NULL && *port != 0 && refuse(PLATEN_FILE_NOT_FOUND));
}

OPEN_BREAK(empty_is_unknown)
{
    return port != NULL && *port == 0 ? refuse(PLATEN_UNKNOWN_PORT) : REAL_OPEN();
}

OPEN_BREAK(null_is_empty)
{
    static WCHAR nul[] = TEXT("NUL:");
    port = port == NULL ? nul : port;
    return REAL_OPEN();
}

WRAP(wrap_prefix, pfnOpenPort, takes_a_prefix)
WRAP(wrap_trims, pfnOpenPort, trims_blanks)
WRAP(wrap_not_there, pfnOpenPort, opens_what_is_not_there)
WRAP(wrap_garbage, pfnOpenPort, leaves_garbage)
WRAP(wrap_another_code, pfnOpenPort, another_code)
WRAP(wrap_empty_unknown, pfnOpenPort, empty_is_unknown)
WRAP(wrap_null_empty, pfnOpenPort, null_is_empty)

/* ---- R25 ---------------------------------------------------------------------------------------
 */

static void any_case(struct trial *t)
{
    static const WCHAR *const names[] = {
        TEXT("sim:trial"), TEXT("SIM:TRIAL"),      TEXT("SiM:tRiAl"),      TEXT("nul:"),
        TEXT("nUl:"),      TEXT("sim:\u00e4rger"), TEXT("SIM:\u00c4RGER"),
    };
    DWORD error = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:\u00c4rger"), SERVER_ACCESS_ADMINISTER);
    KEPT(t, error == 0, "AddPort: %u", (unsigned)error);
    for (unsigned i = 0; i < sizeof names / sizeof *names && t->breach[0] == '\0'; i++) {
        bool opened = probe_opens(t, names[i], &error);
        KEPT(t, opened, "spelling %u of a port is refused with %u", i, (unsigned)error);
    }
}

/* Is this how the list has it? */
static bool is_spelt(const WCHAR *port)
{
    return probe_equal(port, TEXT("SIM:trial")) || probe_equal(port, TEXT("NUL:")) ||
           probe_equal(port, TEXT("SIM:\u00c4rger"));
}

OPEN_BREAK(minds_case)
{
    return is_spelt(port) ? REAL_OPEN() : refuse(PLATEN_UNKNOWN_PORT);
}

OPEN_BREAK(folds_ascii_only)
{
    for (const WCHAR *at = port; *at != 0; at++) {
        if (*at > 0x7f && !is_spelt(port) && *at != 0xc4) {
            return refuse(PLATEN_UNKNOWN_PORT);
        }
    }
    return REAL_OPEN();
}

OPEN_BREAK(minds_case_behind_the_colon)
{
    bool lower = named(port, u"SIM:trial") && port[4] != 't';
    return lower ? refuse(PLATEN_UNKNOWN_PORT) : REAL_OPEN();
}

WRAP(wrap_minds_case, pfnOpenPort, minds_case)
WRAP(wrap_ascii_only, pfnOpenPort, folds_ascii_only)
WRAP(wrap_behind_colon, pfnOpenPort, minds_case_behind_the_colon)

const struct trial_case trial_open_cases[] = {
    {.rule = "R23",
     .about = "each listed port is opened, or refused with a reason",
     .probe = listed,
     .breaks = {{.how = "TRUE without a handle", .wrap = wrap_keeps_handle},
                {.how = "refuses with last-error 0", .wrap = wrap_nought},
                {.how = "refuses and leaves last-error alone", .wrap = wrap_silence}}},
    {.rule = "R24",
     .about = "names that are no port",
     .probe = no_ports,
     .breaks = {{.how = "FILE is FILE:", .wrap = wrap_prefix},
                {.how = "trims blanks", .wrap = wrap_trims},
                {.how = "opens what nobody added", .wrap = wrap_not_there},
                {.how = "leaves garbage in *pHandle", .wrap = wrap_garbage},
                {.how = "2 instead of 1796", .wrap = wrap_another_code},
                {.how = "1796 for an empty name", .wrap = wrap_empty_unknown},
                {.how = "opens something for NULL", .wrap = wrap_null_empty}}},
    {.rule = "R25",
     .about = "names ignore case",
     .probe = any_case,
     .breaks = {{.how = "compares as it is spelt", .wrap = wrap_minds_case},
                {.how = "folds ASCII alone", .wrap = wrap_ascii_only},
                {.how = "minds case behind the colon", .wrap = wrap_behind_colon}}},
    {.rule = NULL},
};
