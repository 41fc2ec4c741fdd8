/* SPDX-License-Identifier: MIT
 *
 * Facts: what is seen of a call is what was done, and the same whether the monitor runs in this
 * process, in a host, in a host of 32 bits, or as a DLL in a host under Wine.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted/hosted.h"
#include "script/session.h"

#define ALL (PLATEN_FACTS_PROCESS | PLATEN_FACTS_TABLE)

/* ---- the same monitor in several places ------------------------------------------------------ */

static uint32_t load_hosted(void *context, platen_spooler *spooler, const char *name,
                            const char *path, bool language, char **complaint)
{
    const struct platen_hosted_options options = {.language = language, .program = context};
    return platen_hosted_load(spooler, name, path, &options, complaint);
}

struct place {
    const char *name;
    struct platen_script_world world;
    const char *module;
    bool wide; /* pointers are as they are here */
    platen_session *session;
};

static char host[] = HOST_FILE;
#ifdef HOST32_FILE
static char host32[] = HOST32_FILE;
#endif
#ifdef DLL_FILE
static char windows_host[] = DLL_HOST_FILE;
#endif

static struct place places[] = {
    {.name = "in process", .module = MODULE_FILE, .wide = true},
    {.name = "in a host",
     .world = {.load = load_hosted, .context = host},
     .module = MODULE_FILE,
     .wide = true},
#ifdef HOST32_FILE
    {.name = "in a host of 32 bits",
     .world = {.load = load_hosted, .context = host32},
     .module = MODULE32_FILE},
#endif
#ifdef DLL_FILE
    {.name = "in a host under Wine",
     .world = {.load = load_hosted, .context = windows_host},
     .module = DLL_FILE,
     .wide = true},
#endif
};
#define PLACES (sizeof places / sizeof *places)

static void told(void *context, const struct platen_session_check *check)
{
    const struct place *place = context;
    if (check->verdict != PLATEN_REPORT_PASS) {
        print_message("%s: %s: %s, not %s\n", place->name, check->line,
                      check->got == NULL ? "nothing" : check->got, check->expected);
    }
}

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        const struct platen_session_options options = {
            .world = &places[i].world,
            .monitor = places[i].module,
            .timeout = UINT64_C(120000000000),
            .told = told,
            .context = &places[i],
        };
        places[i].session = platen_session_open(&options);
        if (places[i].session == NULL ||
            platen_session_run(places[i].session, "monitor $monitor") != PLATEN_SESSION_MET) {
            return -1;
        }
    }
    return 0;
}

static int end(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        failed -= !platen_session_close(places[i].session);
    }
    return failed;
}

static const struct platen_facts *run(const struct place *place, const char *text)
{
    enum platen_session_end came = platen_session_run(place->session, text);
    if (came != PLATEN_SESSION_MET) {
        fail_msg("%s: %s: %d: %s", place->name, text, (int)came,
                 platen_session_why(place->session));
    }
    const struct platen_facts *facts = platen_session_facts(place->session);
    assert_non_null(facts);
    return facts;
}

/* What makes no sense is refused where the monitor is elsewhere: the facts are there all the same,
 * so the lines below expect nothing of the call itself. */

/* ---- rows ------------------------------------------------------------------------------------ */

enum { ODD = 1, OUTSIDE = 2, ENDLESS = 4, EMPTY = 8, MISSING = 16, ROWS = 64 };

static void check_rows(const struct place *place, unsigned wrong, unsigned level)
{
    char text[128];
    unsigned rows = wrong / ROWS % 4;
    unsigned first = rows > 0;
    bool one = (wrong & (MISSING | OUTSIDE)) == 0;
    snprintf(text, sizeof text, "EnumPorts pName=\"%u\" Level=%u pPorts=!painted cbBuf=1024", wrong,
             level);
    const struct platen_facts_laid *laid = &run(place, text)->laid;
    size_t pointer = place->wide ? sizeof(void *) : 4;
    size_t row = level == 1 ? pointer : 4 * pointer + (pointer == 8 ? 0 : 4);
    assert_true(laid->known);
    assert_int_equal(laid->rows, rows);
    assert_int_equal(laid->array, rows * row);
    assert_int_equal(laid->size, 1024);
    assert_int_equal(laid->null, first && (wrong & MISSING) != 0);
    assert_int_equal(laid->outside, first && (wrong & (MISSING | OUTSIDE)) == OUTSIDE);
    assert_int_equal(laid->endless, first && one && (wrong & ENDLESS) != 0);
    assert_int_equal(laid->empty, first && one && (wrong & (ENDLESS | EMPTY)) == EMPTY);
    bool odd = first && one && (wrong & (ENDLESS | ODD)) == ODD;
    assert_true(odd ? laid->odd > 0 : laid->odd == 0);
    assert_true(!laid->any || (laid->low >= laid->array && laid->high <= 1024));
    if (first && one && (wrong & ENDLESS) != 0) {
        assert_int_equal(laid->high, 1024);
    }
}

static void sees_rows(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 256; wrong++) {
        for (size_t i = 0; i < PLACES; i++) {
            check_rows(&places[i], wrong, 1);
            check_rows(&places[i], wrong, 2);
        }
    }
}

static void sees_the_same_rows(void **state)
{
    char text[128];
    (void)state;
    for (unsigned wrong = 0; wrong < 256; wrong += 3) {
        snprintf(text, sizeof text, "EnumPorts pName=\"%u\" Level=2 cbBuf=1024", wrong);
        struct platen_facts here = *run(&places[0], text);
        struct platen_facts there = *run(&places[1], text);
        assert_memory_equal(&here.laid, &there.laid, sizeof here.laid);
        assert_int_equal(here.touched_count, 0);
    }
    for (size_t i = 0; i < PLACES; i++) {
        assert_false(run(&places[i], "EnumPorts pPorts=NULL cbBuf=0 -> FALSE")->laid.known);
    }
}

/* ---- what was written ------------------------------------------------------------------------ */

static void check_touched(const struct place *place, unsigned from, unsigned to)
{
    char text[256];
    snprintf(text, sizeof text,
             "OpenPort pName=\"%u-%u\" -> TRUE pHandle=$p%u_%u\n"
             "ReadPort hPort=$p%u_%u pBuffer=!painted cbBuffer=64 -> TRUE",
             from, to, from, to, from, to);
    const struct platen_facts *facts = run(place, text);
    bool any = from <= to && from < 64;
    assert_int_equal(facts->touched_count, 1);
    assert_string_equal(facts->touched[0].name, "pBuffer");
    assert_int_equal(facts->touched[0].size, 64);
    assert_int_equal(facts->touched[0].any, any);
    assert_int_equal(facts->touched[0].from, any ? from : 0);
    assert_int_equal(facts->touched[0].to, any ? (to < 63 ? to : 63) : 0);
    assert_int_equal(facts->damaged_count, 0);
    snprintf(text, sizeof text, "ClosePort hPort=$p%u_%u -> TRUE", from, to);
    run(place, text);
}

static void sees_what_was_written(void **state)
{
    static const unsigned ranges[][2] = {{0, 0}, {0, 63}, {63, 63}, {3, 17}, {9, 4}, {62, 99}};
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        for (size_t j = 0; j < sizeof ranges / sizeof *ranges; j++) {
            check_touched(&places[i], ranges[j][0], ranges[j][1]);
        }
        const struct platen_facts *facts =
            run(&places[i], "EnumPorts pPorts=!painted cbBuf=100 pcReturned=!painted -> FALSE "
                            "pcReturned=0");
        assert_int_equal(facts->touched_count, 2);
        assert_false(facts->touched[0].any);
        assert_true(facts->touched[1].any);
        assert_int_equal(facts->touched[1].size, 4);
        assert_int_equal(facts->touched[1].to, 3);
    }
}

/* ---- trees ----------------------------------------------------------------------------------- */

enum {
    STATIC = 1,
    SHARED = 2,
    REQUEST = 4,
    UNENDED = 8,
    MEMORY = 16,
    MANY = 32,
    BLOB = 64,
    LEFT = 128
};

static void check_tree(const struct place *place, unsigned wrong)
{
    char text[256];
    snprintf(text, sizeof text,
             "SendRecvBidiDataFromPort pAction=\"%u\" pReqData={Version=1 Count=1 "
             "aData=[{pSchema=\"x\"}]}",
             wrong);
    const struct platen_facts_tree *tree = &run(place, text)->tree;
    bool schema = (wrong & (STATIC | REQUEST)) == 0;
    bool shared = (wrong & SHARED) != 0 && (wrong & BLOB) == 0;
    assert_true(tree->known);
    assert_true(tree->from_router);
    assert_int_equal(tree->entries, (wrong & MANY) != 0 ? 1000 : 1);
    assert_int_equal(tree->fits, (wrong & MANY) == 0);
    assert_int_equal(tree->strangers, schema ? 0 : 1 + shared);
    assert_int_equal(tree->request, (wrong & REQUEST) == 0 ? 0 : 1 + shared);
    assert_int_equal(tree->shared, schema && shared);
    assert_int_equal(tree->endless, schema && (wrong & UNENDED) != 0 ? 1 + shared : 0);
    unsigned blocks = 1 + ((wrong & STATIC) == 0) + !shared;
    unsigned left = (wrong & LEFT) != 0;
    unsigned lost = (wrong & (REQUEST | STATIC)) == REQUEST; /* the schema that it replaced */
    assert_int_equal(tree->after - tree->before, blocks + left);
    assert_int_equal(tree->left - tree->before, left + lost);
}

static void sees_trees(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 256; wrong++) {
        for (size_t i = 0; i < PLACES; i++) {
            check_tree(&places[i], wrong);
        }
    }
}

/* ---- the table, the process, the last-error -------------------------------------------------- */

static void sees_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        uint64_t hash = 0;
        for (unsigned again = 0; again < 2; again++) {
            platen_session_want(places[i].session, ALL);
            const struct platen_facts_table *table =
                &run(&places[i], "EnumPorts cbBuf=0 -> FALSE")->table;
            assert_true(table->known && !table->null && table->readable && table->aligned);
            assert_int_equal(table->size, places[i].wide ? sizeof(MONITOR2) : 92);
            uint32_t data = table->members & ~table->executable;
            assert_true(data != 0 && (data & (data - 1)) == 0); /* NotifyUsedPorts alone */
            assert_int_equal(table->executable & ~table->members, 0);
            assert_true(again == 0 || table->hash == hash);
            hash = table->hash;
        }
        platen_session_want(places[i].session, 0);
        assert_false(run(&places[i], "EnumPorts cbBuf=0 -> FALSE")->table.known);
    }
}

static struct platen_facts_process process_of(const struct place *place, const char *text)
{
    const struct platen_facts_process *process = &run(place, text)->process;
    assert_true(process->known);
    return *process;
}

static void sees_the_process(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        platen_session_want(places[i].session, PLATEN_FACTS_PROCESS);
        process_of(&places[i], "XcvOpenPort pszObject=\"0\" -> TRUE");
        struct platen_facts_process one =
            process_of(&places[i], "XcvOpenPort pszObject=\"0\" -> TRUE");
        struct platen_facts_process two =
            process_of(&places[i], "XcvOpenPort pszObject=\"3\" -> TRUE");
        assert_true(one.threads > 0);
        assert_int_equal(two.threads, one.threads);
        assert_int_equal(two.handles, one.handles + 1);
        assert_true(one.heap == -1 || two.heap >= one.heap + 300000);
        platen_session_want(places[i].session, 0);
    }
}

static void sees_a_missing_last_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        run(&places[i], "OpenPort pName=\"0-0\" -> TRUE pHandle=$port");
        run(&places[i], "StartDocPort hPort=$port -> FALSE 0");
        platen_session_want(places[i].session, PLATEN_FACTS_LAST_ERROR);
        run(&places[i], "StartDocPort hPort=$port -> FALSE");
        assert_int_equal(platen_session_last(places[i].session)->last_error, PLATEN_FACTS_STALE);
        run(&places[i], "EnumPorts cbBuf=0 -> FALSE ERROR_INSUFFICIENT_BUFFER");
        run(&places[i], "EnumPorts cbBuf=1024 -> TRUE");
        platen_session_want(places[i].session, 0);
        run(&places[i], "ClosePort hPort=$port -> TRUE");
    }
}

/* ---- what a stranger says -------------------------------------------------------------------- */

static void read_words(struct platen_facts *facts, const char *text)
{
    struct platen_words *words = platen_words_new();
    struct platen_line line;
    struct platen_text_error error;
    *facts = (struct platen_facts){0};
    assert_true(platen_words_read(words, text, strlen(text), 1, &line, &error));
    platen_facts_read(facts, line.left);
    platen_words_free(words);
}

static void reads_what_it_prints(void **state)
{
    struct platen_facts facts = {0};
    struct platen_facts again;
    char text[2048];
    (void)state;
    facts.touched_count = 2;
    facts.touched[0] =
        (struct platen_facts_touched){.name = "pPorts", .size = 9, .any = true, .to = 8};
    facts.touched[1] = (struct platen_facts_touched){.name = "pcReturned", .size = 4};
    facts.laid = (struct platen_facts_laid){.known = true, .rows = 3, .high = UINT64_MAX, .odd = 7};
    facts.table =
        (struct platen_facts_table){.known = true, .hash = UINT64_MAX, .members = UINT32_MAX};
    facts.tree = (struct platen_facts_tree){.known = true, .fits = true, .left = 5};
    facts.process = (struct platen_facts_process){.known = true, .threads = 3, .heap = -1};
    size_t length = platen_facts_print(&facts, text, sizeof text);
    assert_int_equal(length, strlen(text));
    read_words(&again, text);
    assert_memory_equal(&facts.laid, &again.laid, sizeof again.laid);
    assert_memory_equal(&facts.table, &again.table, sizeof again.table);
    assert_memory_equal(&facts.tree, &again.tree, sizeof again.tree);
    assert_memory_equal(&facts.process, &again.process, sizeof again.process);
    assert_memory_equal(facts.touched, again.touched, sizeof again.touched);
    for (size_t room = 1; room <= length + 1; room++) {
        char *part = malloc(room);
        size_t used = platen_facts_print(&facts, part, room);
        assert_true(used < room && strlen(part) == used);
        read_words(&again, part);
        free(part);
    }
}

static void believes_nothing(void **state)
{
    static const char *const texts[] = {
        "laid=5",
        "laid={rows=3}",
        "laid={}",
        "tree=[{}]",
        "process={threads=x handles=1 heap=1}",
        "touched=[{name=pPorts size=3 any=1 from=2 to=9}]",
        "touched={name=x}",
        "damaged=7",
        "touched=[{name=0123456789012345678901234567890123456789 size=3 any=1 from=0 to=1}]",
        "functions={null=0 readable=1 aligned=1 size=1 members=1 executable=1 hash=<3 bytes>}",
        "damaged=[\"a\" {} [] 0123456789012345678901234567890123456789]",
    };
    struct platen_facts facts;
    static const struct platen_facts nothing;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_words(&facts, texts[i]);
        assert_memory_equal(&facts.laid, &nothing.laid, sizeof facts.laid);
        assert_memory_equal(&facts.table, &nothing.table, sizeof facts.table);
        assert_memory_equal(&facts.tree, &nothing.tree, sizeof facts.tree);
        assert_memory_equal(&facts.process, &nothing.process, sizeof facts.process);
        assert_int_equal(facts.touched_count, 0);
        assert_int_equal(facts.damaged_count, 0);
    }
    read_words(&facts, "damaged=[a b c d e f g h i j k]");
    assert_int_equal(facts.damaged_count, PLATEN_FACTS_DAMAGED);
    assert_string_equal(facts.damaged[7], "h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_rows),
        cmocka_unit_test(sees_the_same_rows),
        cmocka_unit_test(sees_what_was_written),
        cmocka_unit_test(sees_trees),
        cmocka_unit_test(sees_the_table),
        cmocka_unit_test(sees_the_process),
        cmocka_unit_test(sees_a_missing_last_error),
        cmocka_unit_test(reads_what_it_prints),
        cmocka_unit_test(believes_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
