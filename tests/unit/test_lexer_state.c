/* The lexer's state: what it tells at a cut, positions, and states as values. */
#include "check.h"

#include "lexer/lexer.h"

static struct pc_lexer_state
state_after(enum pc_python_version version, const char *text)
{
    struct pc_lexer_state state;
    pc_lexer_init(&state, version);
    pc_lexer_feed(&state, text, strlen(text), NULL, NULL);
    return state;
}

static void
test_state__is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct pc_lexer_state) < 512);
}

static void
test_state__brackets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t depth;
        char bracket;
    } cases[] = {
        {"a\n", 0, 0},      {"(", 1, '('},     {"([", 2, '['},     {"([{", 3, '{'},
        {"([{}", 2, '['},   {"(')", 1, '('},   {"(# )\n", 1, '('}, {"f'{a", 1, '{'},
        {"f'{a:x", 1, '{'}, {"f'{a[", 2, '['}, {"f'{a}'", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pc_lexer_state after = state_after(PC_PYTHON_3_13, cases[i].text);
        assert_int_equal(pc_lexer_depth(&after), cases[i].depth);
        assert_int_equal(pc_lexer_bracket(&after), cases[i].bracket);
    }
}

static void
test_state__strings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool in_string;
        bool in_field;
        uint16_t flags;
    } cases[] = {
        {"a", false, false, 0},
        {"'a'", false, false, 0},
        {"'a", true, false, 0},
        {"rb\"\"\"a\n", true, false,
         PC_TOKEN_RAW | PC_TOKEN_BYTES | PC_TOKEN_DOUBLE | PC_TOKEN_TRIPLE},
        {"'a\\", true, false, 0},
        {"'\\x4", true, false, 0},
        {"u'", true, false, PC_TOKEN_UNICODE},
        {"f'a", true, false, PC_TOKEN_FORMAT},
        {"f'a{", true, false, PC_TOKEN_FORMAT},
        {"f'a{b", false, true, PC_TOKEN_FORMAT},
        {"f'a{b:", true, false, PC_TOKEN_FORMAT},
        {"rt'''a{b ", false, true, PC_TOKEN_TEMPLATE | PC_TOKEN_RAW | PC_TOKEN_TRIPLE},
        {"f'{\"a", true, true, PC_TOKEN_DOUBLE},
        {"f'{f\"a", true, false, PC_TOKEN_FORMAT | PC_TOKEN_DOUBLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pc_lexer_state after = state_after(PC_PYTHON_3_14, cases[i].text);
        uint16_t flags = 0;
        assert_int_equal(pc_lexer_in_string(&after), cases[i].in_string);
        assert_int_equal(pc_lexer_in_field(&after), cases[i].in_field);
        assert_int_equal(pc_lexer_string(&after, &flags),
                         cases[i].in_string || cases[i].in_field);
        assert_int_equal(flags, cases[i].flags);
    }
}

static void
test_state__lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool line_start;
        bool continued;
        bool comment;
    } cases[] = {
        {"", true, false, false},        {"  ", true, false, false},
        {"a", false, false, false},      {"a\n", true, false, false},
        {"a\n  # b", true, false, true}, {"a # b", false, false, true},
        {"(\n", false, false, false},    {"a \\", false, true, false},
        {"a \\\n", false, true, false},  {"a \\\n ", false, false, false},
        {"a \\\r", false, true, false},  {"a \\\r\n", false, true, false},
        {"  \\", true, true, false},     {"  \\\n", true, true, false},
        {"  \\\n ", true, false, false}, {"'a\\\n", false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pc_lexer_state after = state_after(PC_PYTHON_3_13, cases[i].text);
        assert_int_equal(pc_lexer_at_line_start(&after), cases[i].line_start);
        assert_int_equal(pc_lexer_is_continued(&after), cases[i].continued);
        assert_int_equal(pc_lexer_in_comment(&after), cases[i].comment);
    }
}

static void
test_state__indents(void **state)
{
    (void)state;
    struct pc_lexer_state after = state_after(PC_PYTHON_3_13, "if a:\n\tif b:\n\t  c");
    assert_int_equal(pc_lexer_indents(&after), 2);
    assert_int_equal(pc_lexer_indent_column(&after), 10);
    pc_lexer_feed(&after, "\nd", 2, NULL, NULL);
    assert_int_equal(pc_lexer_indents(&after), 0);
    assert_int_equal(pc_lexer_indent_column(&after), 0);
}

/* ---- positions */

struct last {
    struct pc_token token;
};

static void
take_last(void *ctx, const struct pc_token *token)
{
    ((struct last *)ctx)->token = *token;
}

static void
test_positions__of_a_token_in_pieces(void **state)
{
    (void)state;
    struct pc_lexer_state lexer;
    struct last last = {0};
    pc_lexer_init(&lexer, PC_PYTHON_3_13);
    pc_lexer_feed(&lexer, "a = '''b\r", 9, take_last, &last);
    pc_lexer_feed(&lexer, "\nc'", 3, take_last, &last);
    assert_int_equal(last.token.kind, PC_TOKEN_EQUAL);
    pc_lexer_feed(&lexer, "''", 2, take_last, &last);
    assert_int_equal(last.token.kind, PC_TOKEN_STRING);
    assert_int_equal(last.token.flags, PC_TOKEN_TRIPLE | PC_TOKEN_CUT);
    assert_int_equal(last.token.offset, 4);
    assert_int_equal(last.token.length, 10);
    assert_int_equal(last.token.line, 1);
    assert_int_equal(last.token.column, 4);
    assert_int_equal(last.token.end_line, 2);
    assert_int_equal(last.token.end_column, 4);
}

static void
test_positions__name_cut_in_three(void **state)
{
    (void)state;
    struct pc_lexer_state lexer;
    struct last last = {0};
    pc_lexer_init(&lexer, PC_PYTHON_3_13);
    pc_lexer_feed(&lexer, "x con", 5, take_last, &last);
    pc_lexer_feed(&lexer, "tin", 3, take_last, &last);
    pc_lexer_feed(&lexer, "ue\n", 3, NULL, NULL);
    assert_int_equal(last.token.kind, PC_TOKEN_NAME);
    pc_lexer_init(&lexer, PC_PYTHON_3_13);
    pc_lexer_feed(&lexer, "x con", 5, NULL, NULL);
    pc_lexer_feed(&lexer, "tin", 3, NULL, NULL);
    pc_lexer_feed(&lexer, "ue ", 3, take_last, &last);
    assert_int_equal(last.token.kind, PC_TOKEN_CONTINUE);
    assert_int_equal(last.token.offset, 2);
    assert_int_equal(last.token.length, 8);
}

/* ---- values */

static void
test_equal__does_not_look_at_places(void **state)
{
    (void)state;
    struct pc_lexer_state one = state_after(PC_PYTHON_3_13, "def f(a,\n");
    struct pc_lexer_state other = state_after(PC_PYTHON_3_13, "x = 1\nprint(a,\n");
    assert_true(pc_lexer_state_equal(&one, &other));
    other = state_after(PC_PYTHON_3_13, "print[a,\n");
    assert_false(pc_lexer_state_equal(&one, &other));
    other = state_after(PC_PYTHON_3_12, "def f(a,\n");
    assert_false(pc_lexer_state_equal(&one, &other));
}

static void
test_equal__copies_go_on_alike(void **state)
{
    (void)state;
    struct pc_lexer_state one = state_after(PC_PYTHON_3_13, "if a:\n  f'{b:{c!r");
    struct pc_lexer_state copy = one;
    pc_lexer_feed(&one, "}", 1, NULL, NULL);
    assert_false(pc_lexer_state_equal(&one, &copy));
    pc_lexer_feed(&copy, "}", 1, NULL, NULL);
    assert_true(pc_lexer_state_equal(&one, &copy));
}

static void
test_finish__starts_anew(void **state)
{
    (void)state;
    struct pc_lexer_state lexer = state_after(PC_PYTHON_3_13, "if a:\n  f'{(b");
    struct pc_lexer_state fresh;
    struct last last = {0};
    pc_lexer_init(&fresh, PC_PYTHON_3_13);
    pc_lexer_finish(&lexer, take_last, &last);
    assert_true(pc_lexer_state_equal(&lexer, &fresh));
    assert_int_equal(lexer.at.offset, 13);
    assert_int_equal(last.token.kind, PC_TOKEN_ENDMARKER);
    assert_int_equal(last.token.line, 2);
}

static void
test_texts__of_kinds_and_reasons(void **state)
{
    (void)state;
    assert_string_equal(pc_token_name(PC_TOKEN_RIGHTSHIFTEQUAL), "RIGHTSHIFTEQUAL");
    assert_string_equal(pc_token_text(PC_TOKEN_RIGHTSHIFTEQUAL), ">>=");
    assert_string_equal(pc_token_text(PC_TOKEN_NAME), "");
    assert_string_equal(pc_token_name(PC_TOKEN_KINDS), "?");
    assert_string_equal(pc_token_text(PC_TOKEN_KINDS), "?");
    assert_string_equal(pc_reason_name(PC_REASON_TOO_WIDE), "TOO_WIDE");
    assert_string_equal(pc_reason_text((enum pc_token_reason)99), "?");
    assert_int_equal(pc_token_keyword("", 0), PC_TOKEN_NAME);
    assert_int_equal(pc_token_keyword("continues", 9), PC_TOKEN_NAME);
    assert_true(pc_token_is_trivia(PC_TOKEN_COMMENT));
    assert_false(pc_token_is_trivia(PC_TOKEN_NEWLINE));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state__is_small),
        cmocka_unit_test(test_state__brackets),
        cmocka_unit_test(test_state__strings),
        cmocka_unit_test(test_state__lines),
        cmocka_unit_test(test_state__indents),
        cmocka_unit_test(test_positions__of_a_token_in_pieces),
        cmocka_unit_test(test_positions__name_cut_in_three),
        cmocka_unit_test(test_equal__does_not_look_at_places),
        cmocka_unit_test(test_equal__copies_go_on_alike),
        cmocka_unit_test(test_finish__starts_anew),
        cmocka_unit_test(test_texts__of_kinds_and_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
