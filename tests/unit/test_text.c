/* The text: its lines, and what it says has changed. */
#include "check.h"

#include <pyconsole/status.h>
#include <stdlib.h>

#include "edit/text.h"

static void
check_invariants(const struct pc_text *text)
{
    assert_int_equal(text->bytes[text->len], '\0');
    assert_int_equal(text->starts[0], 0);
    size_t line = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->bytes[i] == '\n') {
            line++;
            assert_true(line < text->lines);
            assert_int_equal(text->starts[line], i + 1);
        }
    }
    assert_int_equal(text->lines, line + 1);
}

static void
replace(struct pc_text *text, size_t start, size_t end, const char *bytes)
{
    assert_int_equal(pc_text_replace(text, start, end, bytes, strlen(bytes)), 0);
    check_invariants(text);
}

static void
check_change(struct pc_text *text, size_t line, size_t removed, size_t added)
{
    struct pc_text_change change = pc_text_take_change(text);
    assert_int_equal(change.line, line);
    assert_int_equal(change.removed, removed);
    assert_int_equal(change.added, added);
}

static void
test_replace__moves_lines(void **state)
{
    (void)state;
    struct pc_text text;
    assert_int_equal(pc_text_init(&text), 0);
    check_invariants(&text);
    replace(&text, 0, 0, "one\ntwo\nthree");
    assert_int_equal(text.lines, 3);
    replace(&text, 3, 8, " and ");
    assert_string_equal(text.bytes, "one and three");
    replace(&text, 3, 3, "\n\n\n");
    assert_int_equal(pc_text_line_at(&text, 4), 1);
    assert_int_equal(pc_text_line_end(&text, 0), 3);
    assert_int_equal(pc_text_line_end(&text, 3), text.len);
    assert_int_equal(pc_text_line_at(&text, text.len), 3);
    pc_text_fini(&text);
}

static void
test_change__is_in_lines(void **state)
{
    (void)state;
    struct pc_text text;
    assert_int_equal(pc_text_init(&text), 0);
    check_change(&text, 0, 0, 0);
    replace(&text, 0, 0, "a\nb\nc\nd");
    check_change(&text, 0, 1, 4);
    check_change(&text, 0, 0, 0);
    replace(&text, 2, 3, "B");
    check_change(&text, 1, 1, 1);
    replace(&text, 2, 5, "");
    check_change(&text, 1, 2, 1);
    pc_text_fini(&text);
}

/* Whoever has kept the old lines and puts the new ones in as told has the new text. */
static void
apply_change(const char *old, struct pc_text_change change, const struct pc_text *text,
             char *ret_new)
{
    size_t line = 0;
    while (line < change.line) {
        *ret_new++ = *old;
        line += *old++ == '\n';
    }
    size_t start = text->starts[change.line];
    size_t end = change.line + change.added < text->lines
                     ? text->starts[change.line + change.added]
                     : text->len;
    memcpy(ret_new, text->bytes + start, end - start);
    ret_new += end - start;
    for (size_t i = 0; i < change.removed; i++) {
        old = strchr(old, '\n');
        old = old == NULL ? "" : old + 1;
    }
    strcpy(ret_new, old);
}

static void
test_change__adds_up(void **state)
{
    (void)state;
    static const char *const pieces[] = {"", "x", "\n", "ab\ncd", "\n\n", "y\n"};
    struct pc_text text;
    char old[4096] = "";
    char told[8192];
    uint32_t seed = 7;
    assert_int_equal(pc_text_init(&text), 0);
    for (int round = 0; round < 5000; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t start = text.len > 0 ? (seed >> 8) % (text.len + 1) : 0;
        size_t end = start + (seed >> 16) % 5;
        end = end < text.len ? end : text.len;
        end = text.len > 500 ? text.len : end;
        replace(&text, start, end, pieces[(seed >> 24) % 6]);
        if ((seed >> 12) % 3 == 0) {
            struct pc_text_change change = pc_text_take_change(&text);
            if (change.removed + change.added > 0) {
                apply_change(old, change, &text, told);
                assert_string_equal(told, text.bytes);
            }
            strcpy(old, text.bytes);
        }
    }
    pc_text_fini(&text);
}

static void
test_limit__leaves_the_text(void **state)
{
    (void)state;
    struct pc_text text;
    assert_int_equal(pc_text_init(&text), 0);
    replace(&text, 0, 0, "a\nb");
    assert_int_equal(pc_text_replace(&text, 0, 1, "", PC_TEXT_MOST), PYCONSOLE_ELIMIT);
    assert_string_equal(text.bytes, "a\nb");
    check_invariants(&text);
    pc_text_fini(&text);
}

static void
test_edges__are_grapheme_clusters(void **state)
{
    (void)state;
    /* e and a combining accent; a family of three; a flag; a line end. */
    static const char bytes[] = "e\xcc\x81"
                                "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
                                "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\n";
    static const size_t edges[] = {0, 3, 14, 22, 23};
    struct pc_text text;
    assert_int_equal(pc_text_init(&text), 0);
    replace(&text, 0, 0, bytes);
    for (size_t i = 0; i + 1 < sizeof edges / sizeof *edges; i++) {
        assert_int_equal(pc_text_next(&text, edges[i]), edges[i + 1]);
        assert_int_equal(pc_text_previous(&text, edges[i + 1]), edges[i]);
    }
    assert_int_equal(pc_text_next(&text, text.len), text.len);
    assert_int_equal(pc_text_previous(&text, 0), 0);
    pc_text_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replace__moves_lines),
        cmocka_unit_test(test_change__is_in_lines),
        cmocka_unit_test(test_change__adds_up),
        cmocka_unit_test(test_limit__leaves_the_text),
        cmocka_unit_test(test_edges__are_grapheme_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
