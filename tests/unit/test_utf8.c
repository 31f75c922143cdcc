/* Code points, grapheme clusters and their widths. */
#include "check.h"

#include <utf8proc.h>

#include "base/utf8.h"

/* One cluster each, with its columns. */
static const struct {
    const char *bytes;
    int width;
} clusters[] = {
    {"a", 1},
    {"\r\n", 0},
    {"\t", 0},
    {"e\u0301", 1},
    {"\u4e2d", 2},
    {"\uff21", 2},
    {"\U0001F600", 2},
    {"\U0001F44D\U0001F3FD", 2},                       /* a skin tone */
    {"\U0001F469\u200D\U0001F469\u200D\U0001F467", 2}, /* joined by ZWJ */
    {"\U0001F1E9\U0001F1EA", 2},                       /* a flag */
    {"\u2764\uFE0F", 2},                               /* emoji form */
    {"\u2764", 1},                                     /* text form */
    {"\u1112\u1161\u11AB", 2},                         /* Hangul jamo */
    {"\xff", 1},                                       /* no UTF-8 */
};

static void
test_cluster__whole_and_as_wide_as_it_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++) {
        const char *bytes = clusters[i].bytes;
        size_t len = strlen(bytes);
        assert_int_equal(pc_grapheme_next(bytes, len, 0), len);
        assert_int_equal(pc_grapheme_previous(bytes, len, len), 0);
        assert_int_equal(pc_grapheme_width(bytes, len), clusters[i].width);
    }
}

static void
test_cluster__back_is_forth(void **state)
{
    (void)state;
    char text[1024] = "";
    size_t ends[sizeof clusters / sizeof *clusters + 1] = {0};
    size_t count = sizeof clusters / sizeof *clusters;
    for (size_t i = 0; i < count; i++) {
        strcat(text, clusters[i].bytes);
        ends[i + 1] = strlen(text);
    }
    size_t len = strlen(text);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pc_grapheme_next(text, len, ends[i]), ends[i + 1]);
        assert_int_equal(pc_grapheme_previous(text, len, ends[i + 1]), ends[i]);
    }
    assert_int_equal(pc_grapheme_next(text, len, len), len);
    assert_int_equal(pc_grapheme_previous(text, len, 0), 0);
}

static void
test_width__every_code_point_as_utf8proc_has_it(void **state)
{
    (void)state;
    for (int32_t point = 0; point <= 0x10FFFF; point++) {
        if (!utf8proc_codepoint_valid(point)) {
            continue;
        }
        char bytes[PC_UTF8_MOST];
        uint32_t read = 0;
        size_t len = pc_utf8_encode((uint32_t)point, bytes);
        assert_int_equal(pc_utf8_decode(bytes, len, &read), len);
        assert_int_equal(read, point);
        assert_int_equal(pc_grapheme_width(bytes, len), utf8proc_charwidth(point));
    }
}

static void
test_decode__broken_bytes_count_one_by_one(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\x80", "\xc3(", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\xaf"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        uint32_t point = 0;
        size_t len = strlen(broken[i]);
        assert_int_equal(pc_utf8_decode(broken[i], len, &point), 1);
        assert_int_equal(point, PC_UTF8_REPLACEMENT);
        assert_false(pc_utf8_is_valid(broken[i], len));
    }
    assert_true(pc_utf8_is_valid("\u4e2da", 4));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cluster__whole_and_as_wide_as_it_shows),
        cmocka_unit_test(test_cluster__back_is_forth),
        cmocka_unit_test(test_width__every_code_point_as_utf8proc_has_it),
        cmocka_unit_test(test_decode__broken_bytes_count_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
