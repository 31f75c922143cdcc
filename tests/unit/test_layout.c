/* Text and prompts as cells: what is not shown as it is, the edge of the screen.
 * And the styles of themes. */
#include "check.h"

#include <pyconsole/status.h>

#include "view/layout.h"

static struct pc_theme
plain_theme(void)
{
    struct pc_theme theme;
    pc_theme_init(&theme, PC_COLORS_NONE, PC_BACKGROUND_DARK);
    return theme;
}

/* The rows of a frame, each in bars; the right half of a wide cell is <. */
static void
check_frame(const struct pc_frame *frame, const char *expected)
{
    struct pc_bytes found = {0};
    for (size_t row = 0; row < frame->rows; row++) {
        pc_bytes_append_text(&found, "|");
        for (size_t i = 0; i < frame->row[row].used; i++) {
            const struct pc_cell *cell = pc_frame_cell(frame, row, i);
            char buffer[4];
            size_t len = 0;
            const char *bytes = pc_cell_bytes(frame, cell, buffer, &len);
            pc_bytes_append(&found, cell->width == 0 ? "<" : bytes,
                            cell->width == 0 ? 1 : len);
        }
        pc_bytes_append_text(&found, frame->row[row].wrapped ? ">" : "|");
    }
    assert_string_equal(pc_bytes_text(&found), expected);
    pc_bytes_fini(&found);
}

static void
check_text(size_t columns, const char *bytes, size_t cursor, struct pc_place place,
           const char *expected)
{
    struct pc_theme theme = plain_theme();
    struct pc_frame frame = {0};
    struct pc_place found = {99, 99};
    struct pc_pen pen = {.frame = &frame, .columns = columns, .end = PC_NOWHERE};
    struct pc_pen measure = {.columns = columns};
    struct pc_layout_text text = {
        .bytes = bytes, .len = strlen(bytes), .cursor = cursor};
    pc_frame_clear(&frame, columns);
    pc_layout_text(&pen, &theme, &text, &found);
    pc_layout_text(&measure, &theme, &text, &(struct pc_place){0});
    assert_int_equal(pen.status, PYCONSOLE_OK);
    assert_int_equal(pen.row, measure.row);
    assert_int_equal(pen.column, measure.column);
    check_frame(&frame, expected);
    if (cursor != PC_NOWHERE) {
        assert_int_equal(found.row, place.row);
        assert_int_equal(found.column, place.column);
    }
    pc_frame_fini(&frame);
}

static void
test_text__at_the_edge(void **state)
{
    (void)state;
    check_text(5, "abcde", 4, (struct pc_place){0, 4}, "|abcde|");
    check_text(5, "abcdef", 5, (struct pc_place){1, 0}, "|abcde>|f|");
    check_text(5, "abcd\xE6\xBC\xA2x", 4, (struct pc_place){1, 0},
               "|abcd >|\xE6\xBC\xA2<x|");
    check_text(5, "abc\xE6\xBC\xA2x", 6, (struct pc_place){1, 0},
               "|abc\xE6\xBC\xA2<>|x|");
    check_text(5,
               "abcd\x01"
               "e",
               4, (struct pc_place){0, 4}, "|abcd^>|Ae|");
    check_text(1, "\xE6\xBC\xA2x", 3, (struct pc_place){1, 0}, "|?>|x|");
    check_text(3, "\xE2\x80\x8B", 0, (struct pc_place){0, 0}, "|\\u2>|00b|");
}

static void
test_text__tabs(void **state)
{
    (void)state;
    check_text(20, "\tx", 0, (struct pc_place){0, 0}, "|        x|");
    check_text(20, "ab\tx", 3, (struct pc_place){0, 8}, "|ab      x|");
    check_text(6, "a\tb", 2, (struct pc_place){1, 2}, "|a     >|  b|");
}

static void
test_text__cursor_within_a_cluster(void **state)
{
    (void)state;
    check_text(9, "ae\xCC\x81x", 2, (struct pc_place){0, 1}, "|ae\xCC\x81x|");
}

static void
test_text__many_marks(void **state)
{
    (void)state;
    char text[2 * 500 + 2] = "e";
    for (size_t i = 0; i < 500; i++) {
        memcpy(text + 1 + 2 * i, "\xCC\x81", 2);
    }
    struct pc_theme theme = plain_theme();
    struct pc_frame frame = {0};
    struct pc_pen pen = {.frame = &frame, .columns = 10, .end = 1};
    struct pc_layout_text line = {.bytes = text, .len = 1001, .cursor = PC_NOWHERE};
    char buffer[4];
    size_t len = 0;
    pc_frame_clear(&frame, 10);
    pc_layout_text(&pen, &theme, &line, &(struct pc_place){0});
    assert_int_equal(pen.column, 1);
    pc_cell_bytes(&frame, pc_frame_cell(&frame, 0, 0), buffer, &len);
    assert_int_equal(len, 63);
    pc_frame_fini(&frame);
}

static void
check_prompt(const char *prompt, const char *expected, const char *controls)
{
    struct pc_theme theme = plain_theme();
    struct pc_frame frame = {0};
    struct pc_bytes kept = {0};
    struct pc_pen pen = {.frame = &frame, .columns = 10, .end = PC_NOWHERE};
    pc_frame_clear(&frame, 10);
    pc_layout_prompt(&pen, &theme, prompt, strlen(prompt), &kept);
    assert_int_equal(pen.status, PYCONSOLE_OK);
    check_frame(&frame, expected);
    assert_string_equal(pc_bytes_text(&kept), controls);
    pc_frame_fini(&frame);
    pc_bytes_fini(&kept);
}

static void
test_prompts(void **state)
{
    (void)state;
    check_prompt(">>> ", "|>>> |", "");
    check_prompt("\x1b[1;32m>>> \x1b[0m", "|>>> |", "");
    check_prompt("\x01\x1b[1m\x02>>> \x01\x1b[0m\x02", "|>>> |", "");
    check_prompt("\x1b]0;title\x07>>> ", "|>>> |", "\x1b]0;title\x07");
    check_prompt("\x1b]8;;http://x\x1b\\a\x1b]8;;\x1b\\> ", "|a> |",
                 "\x1b]8;;http://x\x1b\\\x1b]8;;\x1b\\");
    check_prompt("\x01hidden\x02$ ", "|$ |", "hidden");
    check_prompt("one\ntwo> ", "|one||two> |", "");
    check_prompt("\xE6\xBC\xA2> ", "|\xE6\xBC\xA2<> |", "");
    check_prompt("longer than it> ", "|longer tha>|n it> |", "");
    check_prompt("half \x1b[1;3", "|half |", "");
}

static void
test_prompts__colours(void **state)
{
    (void)state;
    struct pc_theme theme;
    struct pc_frame frame = {0};
    struct pc_pen pen = {.frame = &frame, .columns = 10, .end = PC_NOWHERE};
    pc_theme_init(&theme, PC_COLORS_16, PC_BACKGROUND_DARK);
    pc_frame_clear(&frame, 10);
    pc_layout_prompt(&pen, &theme, ">", 1, NULL);
    pc_layout_prompt(&pen, &theme, "\x1b[32;44m>\x1b[39m>", 15, NULL);
    struct pc_style style = pc_frame_cell(&frame, 0, 0)->style;
    assert_int_equal(style.attributes, PC_BOLD);
    assert_int_equal(style.foreground, PC_COLOR_INDEX(5));
    style = pc_frame_cell(&frame, 0, 1)->style;
    assert_int_equal(style.attributes, 0);
    assert_int_equal(style.foreground, PC_COLOR_INDEX(2));
    assert_int_equal(style.background, PC_COLOR_INDEX(4));
    style = pc_frame_cell(&frame, 0, 2)->style;
    assert_int_equal(style.foreground, 0);
    assert_int_equal(style.background, PC_COLOR_INDEX(4));
    pc_frame_fini(&frame);
}

/* ---- styles and themes */

static void
check_style(enum pc_colors colors, const char *style, const char *expected)
{
    struct pc_theme theme;
    struct pc_bytes bytes = {0};
    struct pc_style read = {0};
    pc_theme_init(&theme, colors, PC_BACKGROUND_DARK);
    assert_int_equal(pc_theme_set(&theme, "text", style), PYCONSOLE_OK);
    struct pc_style written = theme.styles[PC_ROLE_TEXT];
    assert_int_equal(pc_style_append(&bytes, read, written), PYCONSOLE_OK);
    assert_string_equal(pc_bytes_text(&bytes), expected);
    if (bytes.len > 0) {
        pc_style_read_sgr(&read, bytes.data + 2, bytes.len - 3);
    }
    assert_true(pc_style_equal(read, written));
    pc_bytes_fini(&bytes);
}

static void
test_theme__styles_as_written(void **state)
{
    (void)state;
    check_style(PC_COLORS_TRUE, "", "");
    check_style(PC_COLORS_TRUE, "bold blue", "\x1b[1;34m");
    check_style(PC_COLORS_TRUE, "dim italic underline blink reverse strike",
                "\x1b[2;3;4;5;7;9m");
    check_style(PC_COLORS_TRUE, " bright-red  on black ", "\x1b[91;40m");
    check_style(PC_COLORS_TRUE, "#ff8000 on #000001",
                "\x1b[38;2;255;128;0;48;2;0;0;1m");
    check_style(PC_COLORS_TRUE, "208 on grey", "\x1b[38;5;208;100m");
    check_style(PC_COLORS_256, "#ff8700", "\x1b[38;5;208m");
    check_style(PC_COLORS_256, "#808080 on #ffffff", "\x1b[38;5;244;48;5;231m");
    check_style(PC_COLORS_16, "#ff0010 on 231", "\x1b[91;107m");
    check_style(PC_COLORS_16, "28", "\x1b[32m");
    check_style(PC_COLORS_NONE, "bold red", "");
}

static void
test_theme__styles_that_are_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"bld",         "on",      "red on", "256",
                                        "#12345",      "-1",      "1x",     "bright-",
                                        "bright-bold", "on bold", "#12345g"};
    struct pc_theme theme;
    pc_theme_init(&theme, PC_COLORS_TRUE, PC_BACKGROUND_DARK);
    struct pc_theme before = theme;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(pc_theme_set(&theme, "string", wrong[i]), PYCONSOLE_EINVAL);
    }
    assert_int_equal(pc_theme_set(&theme, "strings", "red"), PYCONSOLE_EINVAL);
    assert_memory_equal(&theme, &before, sizeof theme);
}

/* CPython's own: Lib/_colorize.py, class Syntax. */
static void
test_theme__default_is_that_of_cpython(void **state)
{
    (void)state;
    static const struct {
        enum pc_role role;
        const char *sgr;
    } expected[] = {
        {PC_ROLE_PROMPT, "\x1b[1;35m"},
        {PC_ROLE_KEYWORD, "\x1b[1;34m"},
        {PC_ROLE_SOFT_KEYWORD, "\x1b[1;34m"},
        {PC_ROLE_KEYWORD_CONSTANT, "\x1b[1;34m"},
        {PC_ROLE_BUILTIN, "\x1b[36m"},
        {PC_ROLE_COMMENT, "\x1b[31m"},
        {PC_ROLE_STRING, "\x1b[32m"},
        {PC_ROLE_NUMBER, "\x1b[33m"},
        {PC_ROLE_OP, ""},
        {PC_ROLE_DEFINITION, "\x1b[1m"},
    };
    struct pc_theme theme;
    pc_theme_init(&theme, PC_COLORS_16, PC_BACKGROUND_DARK);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct pc_bytes bytes = {0};
        assert_int_equal(pc_style_append(&bytes, (struct pc_style){0},
                                         theme.styles[expected[i].role]),
                         PYCONSOLE_OK);
        assert_string_equal(pc_bytes_text(&bytes), expected[i].sgr);
        pc_bytes_fini(&bytes);
    }
}

static void
test_theme__names(void **state)
{
    (void)state;
    struct pc_theme theme;
    pc_theme_init(&theme, PC_COLORS_16, PC_BACKGROUND_LIGHT);
    for (enum pc_role role = 0; role < PC_ROLES; role++) {
        assert_int_equal(pc_theme_set(&theme, pc_role_name(role), "red"), PYCONSOLE_OK);
        assert_int_equal(theme.styles[role].foreground, PC_COLOR_INDEX(1));
        assert_true(strlen(pc_role_text(role)) > 0);
    }
    assert_string_equal(pc_role_name(PC_ROLES), "?");
}

static void
test_style__from_one_to_another(void **state)
{
    (void)state;
    struct pc_style bold = {.attributes = PC_BOLD, .foreground = PC_COLOR_INDEX(4)};
    struct pc_style cyan = {.foreground = PC_COLOR_INDEX(6)};
    struct pc_style both = {.attributes = PC_BOLD, .foreground = PC_COLOR_INDEX(6)};
    struct pc_bytes bytes = {0};
    pc_style_append(&bytes, bold, bold);
    pc_style_append(&bytes, bold, cyan);
    pc_style_append(&bytes, cyan, both);
    pc_style_append(&bytes, both, (struct pc_style){.attributes = PC_BOLD});
    pc_style_append(&bytes, bold, (struct pc_style){0});
    assert_string_equal(bytes.data, "\x1b[0;36m\x1b[1m\x1b[39m\x1b[m");
    pc_bytes_fini(&bytes);
}

static void
test_escape__lengths(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } escapes[] = {
        {"\x1b", 0},
        {"\x1b[", 0},
        {"\x1b[1;2", 0},
        {"\x1b[1;2mX", 6},
        {"\x1b[?25hX", 6},
        {"\x1b[ qX", 4},
        {"\x1b"
         "7X",
         2},
        {"\x1b(BX", 3},
        {"\x1b]0;t\x07X", 6},
        {"\x1b]0;t\x1b\\X", 7},
        {"\x1b]0;t", 0},
        {"\x1b]0;t\x1b", 0},
        {"\x1bP1$r\x1b\\X", 7},
        {"\x1b[1\x01X", 3},
        {"\x1b_G\x18X", 4},
    };
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        assert_int_equal(pc_escape_length(escapes[i].bytes, strlen(escapes[i].bytes)),
                         escapes[i].length);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__at_the_edge),
        cmocka_unit_test(test_text__tabs),
        cmocka_unit_test(test_text__cursor_within_a_cluster),
        cmocka_unit_test(test_text__many_marks),
        cmocka_unit_test(test_prompts),
        cmocka_unit_test(test_prompts__colours),
        cmocka_unit_test(test_theme__styles_as_written),
        cmocka_unit_test(test_theme__styles_that_are_none),
        cmocka_unit_test(test_theme__default_is_that_of_cpython),
        cmocka_unit_test(test_theme__names),
        cmocka_unit_test(test_style__from_one_to_another),
        cmocka_unit_test(test_escape__lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
