/* How wide text is: every code point, and clusters of them. */
#include "check.h"

#include <utf8proc.h>

#include "base/utf8.h"
#include "view/layout.h"

static size_t
columns_of(const char *bytes, size_t len)
{
    struct pc_theme theme;
    pc_theme_init(&theme, PC_COLORS_NONE, PC_BACKGROUND_DARK);
    struct pc_pen pen = {.columns = 1000};
    struct pc_layout_text text = {.bytes = bytes, .len = len, .cursor = PC_NOWHERE};
    pc_layout_text(&pen, &theme, &text, &(struct pc_place){0});
    return pen.column;
}

/* Every code point alone: as wide as utf8proc says, or shown as an escape. */
static void
test_widths__of_every_code_point(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= 0x10FFFF; point++) {
        char bytes[PC_UTF8_MOST];
        size_t len = pc_utf8_encode(point, bytes);
        size_t width = (size_t)utf8proc_charwidth((utf8proc_int32_t)point);
        size_t expected = width;
        if (point >= 0xD800 && point <= 0xDFFF) {
            continue; /* no UTF-8 */
        }
        if (point == '\t') {
            expected = PC_TAB_COLUMNS;
        }
        else if (point < 0x20 || point == 0x7F) {
            expected = 2; /* ^X */
        }
        else if (point >= 0x80 && point < 0xA0) {
            expected = 4; /* \x80 */
        }
        else if (width == 0) {
            expected = point > 0xFFFF ? 10 : 6; /* \U000e0001, \u200b */
        }
        if (columns_of(bytes, len) != expected) {
            fail_msg("U+%04X: %zu and not %zu columns", point, columns_of(bytes, len),
                     expected);
        }
    }
}

static void
test_widths__of_clusters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
        const char *what;
    } clusters[] = {
        {"e\xCC\x81", 1, "a letter with an accent"},
        {"a\xCC\x80\xCC\x81\xCC\x82", 1, "with three"},
        {"\xE6\xBC\xA2", 2, "an ideograph"},
        {"\xEF\xBC\xA1", 2, "a fullwidth letter"},
        {"\xEF\xBD\xB1", 1, "halfwidth katakana"},
        {"\xEA\xB0\x80", 2, "a Hangul syllable"},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2, "the same as jamo"},
        {"\xF0\x9F\x90\x8D", 2, "an emoji"},
        {"\xF0\x9F\x91\x8B\xF0\x9F\x8F\xBD", 2, "with a skin tone"},
        {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", 2,
         "a family, joined"},
        {"\xF0\x9F\x8F\xB3\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x8C\x88", 2,
         "a joined flag"},
        {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 2, "a flag of two letters"},
        {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7", 4,
         "two flags"},
        {"\xE2\x9D\xA4\xEF\xB8\x8F", 2, "a heart in colour"},
        {"\xE2\x9D\xA4", 1, "a heart in black"},
        {"1\xEF\xB8\x8F\xE2\x83\xA3", 2, "a keycap"},
        {"\xE0\xA4\xA8\xE0\xA4\xBF", 1, "Devanagari with a vowel sign"},
        {"\xE0\xB8\x81\xE0\xB8\xB3", 1, "Thai with a vowel"},
        {"\xE2\x80\x8B", 6, "a blank without width, alone"},
        {"\xE2\x80\xAE", 6, "a mark that turns the text around"},
        {"\xCC\x81", 6, "an accent without a letter"},
        {"\xFF", 4, "a byte that is no UTF-8"},
        {"\xED\xA0\x80", 12, "a surrogate: three such bytes"},
        {"\x1B", 2, "ESC"},
        {"\r", 2, "a carriage return"},
    };
    for (size_t i = 0; i < sizeof clusters / sizeof clusters[0]; i++) {
        size_t columns = columns_of(clusters[i].text, strlen(clusters[i].text));
        if (columns != clusters[i].columns) {
            fail_msg("%s: %zu and not %zu columns", clusters[i].what, columns,
                     clusters[i].columns);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths__of_every_code_point),
        cmocka_unit_test(test_widths__of_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
