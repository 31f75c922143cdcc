/* What stands at a cursor. Cases are in tests/data/cursor.case: a text with ‸ for the
 * cursor, then a line that begins with "= ", and "----" between two. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "lexer/cursor.h"

#define MARK "\xe2\x80\xb8"

enum { TEXT_MOST = 4096 };

/* ---- a cursor in words */

struct words {
    char text[TEXT_MOST];
    size_t len;
};

static void
say(struct words *words, const char *text, size_t len)
{
    assert_true(words->len + len < sizeof words->text);
    memcpy(words->text + words->len, text, len);
    words->len += len;
}

static void
say_word(struct words *words, const char *word)
{
    say(words, " ", words->len > 0);
    say(words, word, strlen(word));
}

/* A part of the text, in back quotes. */
static void
say_span(struct words *words, const char *text, struct pc_span span)
{
    say_word(words, "`");
    say(words, text + span.start, span.end - span.start);
    say(words, "`", 1);
}

static void
say_number(struct words *words, const char *word, size_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    say_word(words, word);
    say_word(words, digits);
}

static void
say_call(struct words *words, const char *text, const struct pc_cursor_call *call)
{
    if (!call->known) {
        return;
    }
    say(words, ",", 1);
    say_word(words, "call");
    say_span(words, text, call->callee);
    say_number(words, "argument", call->index);
    if (!pc_span_is_empty(call->argument)) {
        say_span(words, text, call->argument);
    }
    if (call->begins) {
        say_word(words, "begins");
    }
    if (call->unpacked) {
        say_word(words, "unpacked");
    }
}

static void
say_place(struct words *words, enum pc_cursor_place place)
{
    static const char *const names[] = {"statement", "operand", "operator"};
    for (size_t i = 0; i < 3; i++) {
        if (place & 1 << i) {
            say_word(words, names[i]);
        }
    }
}

static void
describe(struct words *words, const char *text, const struct pc_cursor *cursor)
{
    static const char *const kinds[] = {"nothing", "name",     "keyword", "attribute",
                                        "module",  "imported", "key",     "string"};
    say_word(words, kinds[cursor->kind]);
    if (cursor->kind != PC_CURSOR_NOTHING) {
        say_span(words, text, cursor->word);
    }
    if (cursor->kind == PC_CURSOR_KEYWORD) {
        say_word(words, pc_token_text(cursor->keyword));
    }
    else if (cursor->kind == PC_CURSOR_NAME) {
        say_place(words, cursor->place);
    }
    else if (!pc_span_is_empty(cursor->object)) {
        say_word(words, "of");
        say_span(words, text, cursor->object);
    }
    if (cursor->dots > 0) {
        say_number(words, "dots", cursor->dots);
    }
    say_call(words, text, &cursor->call);
}

/* ---- the cases */

static void
check_case(char *text, const char *expected)
{
    char *mark = strstr(text, MARK);
    assert_non_null(mark);
    size_t cursor = (size_t)(mark - text);
    memmove(mark, mark + strlen(MARK), strlen(mark + strlen(MARK)) + 1);
    for (int version = PC_PYTHON_3_11; version <= PC_PYTHON_3_15; version++) {
        struct pc_cursor found =
            pc_cursor_at(text, cursor, (enum pc_python_version)version);
        struct words words = {0};
        describe(&words, text, &found);
        if (strcmp(words.text, expected) != 0) {
            print_error("%s\n", text);
        }
        assert_string_equal(words.text, expected);
        assert_true(found.word.end == cursor && found.word.start <= cursor);
    }
}

static void
test_cases__are_as_said(void **state)
{
    (void)state;
    FILE *file = fopen(PC_TESTS_DATA "/cursor.case", "r");
    assert_non_null(file);
    char text[TEXT_MOST] = "";
    char line[TEXT_MOST];
    size_t count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "= ", 2) == 0) {
            line[strcspn(line, "\n")] = '\0';
            text[strlen(text) - 1] = '\0'; /* the newline before */
            check_case(text, line + 2);
            count++;
        }
        else if (strcmp(line, "----\n") == 0) {
            text[0] = '\0';
        }
        else {
            assert_true(strlen(text) + strlen(line) < sizeof text);
            strcat(text, line);
        }
    }
    fclose(file);
    assert_true(count > 100);
}

/* ---- what the cases do not show */

static void
test_name_end__is_behind_the_whole_name(void **state)
{
    (void)state;
    assert_int_equal(pc_cursor_name_end("os.path", 7, 4), 7);
    assert_int_equal(pc_cursor_name_end("os.path", 7, 2), 2);
    assert_int_equal(pc_cursor_name_end("h\xc3\xa9 x", 5, 0), 3);
}

static void
test_content__is_behind_prefix_and_quotes(void **state)
{
    (void)state;
    struct pc_cursor found = pc_cursor_at("d[rb'a", 6, PC_PYTHON_3_13);
    assert_int_equal(found.kind, PC_CURSOR_KEY);
    assert_int_equal(found.word.start, 2);
    assert_int_equal(found.content, 5);
    assert_int_equal(found.string_flags, PC_TOKEN_BYTES | PC_TOKEN_RAW);
}

static void
test_versions__differ(void **state)
{
    (void)state;
    struct pc_cursor found = pc_cursor_at("lazy import o", 13, PC_PYTHON_3_15);
    assert_int_equal(found.kind, PC_CURSOR_MODULE);
    found = pc_cursor_at("lazy import o", 13, PC_PYTHON_3_14);
    assert_int_equal(found.kind, PC_CURSOR_NAME);
    found = pc_cursor_at("t'{os.pa", 8, PC_PYTHON_3_14);
    assert_int_equal(found.kind, PC_CURSOR_ATTRIBUTE);
    found = pc_cursor_at("t'{os.pa", 8, PC_PYTHON_3_13);
    assert_int_equal(found.kind, PC_CURSOR_STRING);
}

static void
test_any_text__has_some_cursor(void **state)
{
    (void)state;
    static const char pieces[] = "f(['\"{})].,:x1 =*#\\\n";
    unsigned int seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[40];
        for (size_t i = 0; i < sizeof text; i++) {
            seed = seed * 1103515245U + 12345U;
            text[i] = pieces[(seed >> 16) % (sizeof pieces - 1)];
        }
        for (size_t cursor = 0; cursor <= sizeof text; cursor += 5) {
            struct pc_cursor found = pc_cursor_at(text, cursor, PC_PYTHON_3_13);
            assert_true(found.word.start <= cursor && found.word.end == cursor);
            assert_true(found.object.start <= found.object.end &&
                        found.object.end <= cursor);
            assert_true(found.call.callee.end <= cursor);
            assert_true(found.content <= cursor);
        }
    }
}

static void
test_brackets__beyond_the_lexers_cap(void **state)
{
    (void)state;
    char text[3000];
    memset(text, '(', sizeof text);
    memcpy(text + sizeof text - 5, "os.pa", 5);
    struct pc_cursor found = pc_cursor_at(text, sizeof text, PC_PYTHON_3_13);
    assert_int_equal(found.kind, PC_CURSOR_ATTRIBUTE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases__are_as_said),
        cmocka_unit_test(test_name_end__is_behind_the_whole_name),
        cmocka_unit_test(test_content__is_behind_prefix_and_quotes),
        cmocka_unit_test(test_versions__differ),
        cmocka_unit_test(test_any_text__has_some_cursor),
        cmocka_unit_test(test_brackets__beyond_the_lexers_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
