/* SPDX-License-Identifier: MIT */
/*
 * Whatever the bytes are, identifying ends, stays inside of the file and says one thing. The bytes
 * come from a generator with a fixed seed: a failure can be repeated. An argument says how many
 * times as many rounds are wanted; the tests labelled `long` want many.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int times;

static const char *const seeds[] = {
    "%!PS-Adobe-3.0\n%%Pages: 3\n%%EndComments\nshowpage\n",
    "%PDF-1.4\n%%EOF\n",
    "\033E\033&l26A\033*b8W12345678\033&p3Xabctext\f\033%0BPD1,1;\033%0A\033E",
    ") HP-PCL XL;2;0;Comment\n\x43\xc1\x03\x01\xf8\x31\xfb\x02xx\xc8\xc0\x02zz\xd1yyyy\x44",
    "( HP-PCL XL;2;0;Comment\n\x43\xc1\x01\x03\xf8\x31\xfb\x02xx\xe1zzzzzzzz\x44",
    "^XA^FDx^FS^GFB,8,8,1,12345678^PQ3^XZ~JA^XA^CC!!FDx!XZ",
    "\033@one\035VA\003\035v0\001\002\001\003\001xxxxxx\035(k\003\001abc\035kI\003123\034q\001",
    "text\r\n\ttext\f\xc3\xbc\xff text\b\n",
    "\033%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PCL\r\n\033Ex\033E\033%-12345X@PJL EOJ\r\n",
    "\xc5\xd0\xd3\xc6\x1e\x01\x01\x01\x10\x01\x01\x01xxxxxxxxxxxxxxxxxx%!PS-Adobe",
};

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void check(struct platen_show_document document)
{
    assert_true((unsigned)document.language < PLATEN_SHOW_LANGUAGES);
    assert_true(document.next_job <= document.size);
    bool declared = document.pages_from == PLATEN_SHOW_PAGES_DECLARED;
    assert_true(declared || document.pages <= document.size);
    assert_true(memchr(document.note, 0, sizeof document.note) != NULL);
    assert_true(memchr(document.pjl_language, 0, sizeof document.pjl_language) != NULL);
    for (const char *c = document.pjl_language; *c; c++) {
        assert_in_range(*c, '!', '~');
    }
}

static void random_bytes(void **state)
{
    (void)state;
    uint32_t random = 20260;
    unsigned char bytes[600];
    for (int round = 0; round < 400 * times; round++) {
        size_t size = next_random(&random) % sizeof bytes;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (unsigned char)(next_random(&random) >> 11);
        }
        check(identify(bytes, size));
    }
}

/* Languages with some bytes changed, doubled or cut off get deeper into the parsers. */
static void damaged_documents(void **state)
{
    (void)state;
    uint32_t random = 12345;
    char bytes[1024];
    for (int round = 0; round < 1600 * times; round++) {
        const char *seed = seeds[(unsigned)round % COUNT_OF(seeds)];
        const char *other = seeds[next_random(&random) % COUNT_OF(seeds)];
        int size = snprintf(bytes, sizeof bytes, "%s%s", seed, round % 3 == 0 ? other : "");
        for (unsigned i = next_random(&random) % 5; i > 0; i--) {
            bytes[next_random(&random) % (unsigned)size] = (char)(next_random(&random) >> 7);
        }
        size_t cut = next_random(&random) % 4 == 0 ? next_random(&random) % (unsigned)size : 0;
        check(identify(bytes, (size_t)size - cut));
    }
}

static void every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(seeds); i++) {
        for (size_t size = 0; size <= strlen(seeds[i]); size++) {
            check(identify(seeds[i], size));
        }
    }
}

/* The parsers themselves, each on every seed, with blocks of one byte and up. */
static void every_parser_on_every_document(void **state)
{
    (void)state;
    static show_counter *const counters[] = {show_count_pcl5,   show_count_pclxl, show_count_zpl,
                                             show_count_escpos, show_count_text,  show_count_dsc};
    for (size_t i = 0; i < COUNT_OF(seeds) * COUNT_OF(counters); i++) {
        const char *seed = seeds[i / COUNT_OF(counters)];
        const char *path = write_document("document", seed, strlen(seed));
        struct platen_show_document whole = {0};
        for (size_t block = SHOW_BLOCK; block > 0; block = block > 7 ? 7 : block - 1) {
            struct show_source *source;
            struct platen_show_document document = {0};
            assert_int_equal(show_source_open(path, &source, NULL), 0);
            source->block = block;
            counters[i % COUNT_OF(counters)](source, &document);
            document.size = source->size;
            show_source_close(source);
            check(document);
            whole = block == SHOW_BLOCK ? document : whole;
            assert_memory_equal(&whole, &document, sizeof whole);
        }
    }
}

/* A file of 5 GiB that has only its ends: a jump over data takes it in one step. */
static void a_file_beyond_32_bits(void **state)
{
    (void)state;
    static const char head[] = ") HP-PCL XL;2;0;Comment\n\x43\xfa\xff\xff\xff\xff";
    const uint64_t behind = sizeof head - 1 + (uint64_t)UINT32_MAX;
    const char *path = write_document("big", head, sizeof head - 1);
    uv_fs_t request;
    int file = uv_fs_open(NULL, &request, path, UV_FS_O_WRONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    assert_true(file >= 0);
    char end[] = "\x44\x43\x44";
    uv_buf_t buffer = uv_buf_init(end, 3);
    int written = uv_fs_write(NULL, &request, file, &buffer, 1, (int64_t)behind, NULL);
    uv_fs_req_cleanup(&request);
    uv_fs_close(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
    assert_int_equal(written, 3);
    struct platen_show_document document;
    assert_int_equal(platen_show_identify(path, &document, NULL), 0);
    assert_true(document.size == behind + 3);
    assert_int_equal(document.pages, 2);
    assert_false(document.cut_off);
    uv_fs_unlink(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
}

int main(int count, char **arguments)
{
    times = count > 1 ? atoi(arguments[1]) : 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes),          cmocka_unit_test(damaged_documents),
        cmocka_unit_test(every_truncation),      cmocka_unit_test(every_parser_on_every_document),
        cmocka_unit_test(a_file_beyond_32_bits),
    };
    return cmocka_run_group_tests_name("show.hostile", tests, make_folder, remove_folder);
}
