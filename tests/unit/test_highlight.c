/* The class of each byte, construct by construct; and that lines lexed after a change are
 * as if the whole text had been lexed anew.
 *
 * Expected classes are written below the text, one letter for each byte: k keyword,
 * K True, False, None, s soft keyword, b builtin, d definition, " string, 1 number,
 * # comment, o operator, % command, ! error, and a blank for all else. */
#include "check.h"

#include <stdlib.h>

#include <pyconsole/status.h>

#include "view/highlight.h"

static const char letters[] = {
    [PC_ROLE_TEXT] = ' ',
    [PC_ROLE_KEYWORD] = 'k',
    [PC_ROLE_KEYWORD_CONSTANT] = 'K',
    [PC_ROLE_SOFT_KEYWORD] = 's',
    [PC_ROLE_BUILTIN] = 'b',
    [PC_ROLE_DEFINITION] = 'd',
    [PC_ROLE_STRING] = '"',
    [PC_ROLE_NUMBER] = '1',
    [PC_ROLE_COMMENT] = '#',
    [PC_ROLE_OP] = 'o',
    [PC_ROLE_COMMAND] = '%',
    [PC_ROLE_ERROR] = '!',
};

enum { LINE_MOST = 200 };

static void
check_line(struct pc_highlight *highlight, const struct pc_text *text, size_t line,
           const char *expected)
{
    uint64_t serial = 0;
    char found[LINE_MOST + 1] = "";
    size_t len = pc_text_line_end(text, line) - text->starts[line];
    assert_true(len < LINE_MOST);
    const uint8_t *classes = pc_highlight_line(highlight, text, line, &serial);
    assert_non_null(classes);
    assert_true(serial > 0);
    for (size_t i = 0; i < len; i++) {
        found[i] = letters[classes[i]];
    }
    assert_string_equal(found, expected);
}

/* Pairs of a line and its classes, up to NULL. */
static void
check(enum pc_python_version version, const char *const *lines)
{
    struct pc_text text;
    struct pc_highlight highlight;
    assert_int_equal(pc_text_init(&text), PYCONSOLE_OK);
    assert_int_equal(pc_highlight_init(&highlight, version, true), PYCONSOLE_OK);
    size_t count = 0;
    for (; lines[2 * count] != NULL; count++) {
        const char *line = lines[2 * count];
        if (count > 0) {
            assert_int_equal(pc_text_replace(&text, text.len, text.len, "\n", 1), 0);
        }
        assert_int_equal(pc_text_replace(&text, text.len, text.len, line, strlen(line)),
                         0);
    }
    struct pc_text_change change = pc_text_take_change(&text);
    assert_int_equal(pc_highlight_change(&highlight, &change, text.lines),
                     PYCONSOLE_OK);
    for (size_t i = 0; i < count; i++) {
        check_line(&highlight, &text, i, lines[2 * i + 1]);
    }
    pc_highlight_fini(&highlight);
    pc_text_fini(&text);
}

#define CHECK(version, ...)                                                            \
    check(version, (const char *const[]){__VA_ARGS__, NULL, NULL})

static void
test_classes(void **state)
{
    (void)state;
    CHECK(PC_PYTHON_3_14, /* clang-format off */
          "def print(x): # note",
          "kkk dddddo oo ######",
          "    return None if not x.len else len(12.5e3j)",
          "    kkkkkk KKKK kk kkk  o    kkkk bbbo1111111o",
          "class A(Exception, metaclass=type):",
          "kkkkk dobbbbbbbbbo          obbbboo",
          "    x = 'a' + \"b\" b'c' rb'''d'''",
          "      o \"\"\" o \"\"\" \"\"\"\" \"\"\"\"\"\"\"\"\"",
          "import os; print(True)",
          "kkkkkk   o bbbbboKKKKo",
          "x = [i for i in range(0x1F)]",
          "  o o  kkk   kk bbbbbo1111oo",
          "$ ? é = 1",
          "! !    o 1"
          /* clang-format on */);
}

static void
test_commands__ahead_of_python(void **state)
{
    (void)state;
    CHECK(PC_PYTHON_3_14, /* clang-format off */
          "%timeit -n 3 len(5)",
          "%%%%%%% o  1 bbbo1o",
          "",
          "",
          "!echo it's (",
          "%           ",
          "  x = !!ls",
          "      %%  ",
          "y = %run '",
          "    %%%%  ",
          "?len",
          "%bbb",
          "len(x)?? ",
          "bbbo o%% ",
          "%who",
          "o   ");
    CHECK(PC_PYTHON_3_14,
          "%%time",
          "%%%%%%",
          "'''it?",
          "\"\"\"\"\"\"",
          "%who'''",
          "\"\"\"\"\"\"\"",
          "# why?",
          "######");
    CHECK(PC_PYTHON_3_14, "% who", "o    ");
    CHECK(PC_PYTHON_3_14, "x = 5 ?", "  o 1 %");
    CHECK(PC_PYTHON_3_14, "x %= 5", "  oo 1");
    CHECK(PC_PYTHON_3_14, "%", "%");
    CHECK(PC_PYTHON_3_14, "!", "%");
    CHECK(PC_PYTHON_3_14, "x =", "  o"); /* clang-format on */
}

static void
test_strings__over_lines(void **state)
{
    (void)state;
    CHECK(PC_PYTHON_3_14, /* clang-format off */
          "x = '''one if",
          "  o \"\"\"\"\"\"\"\"\"",
          "two # def",
          "\"\"\"\"\"\"\"\"\"",
          "''' + 1",
          "\"\"\" o 1",
          "y = 'not ended if",
          "  o \"\"\"\"\"\"\"\"\"\"\"\"\"",
          "z = 'goes on \\",
          "  o \"\"\"\"\"\"\"\"\"\"",
          "here' if z",
          "\"\"\"\"\" kk  ",
          "'''never",
          "\"\"\"\"\"\"\"\""
          /* clang-format on */);
}

static void
test_strings__with_fields(void **state)
{
    (void)state;
    CHECK(PC_PYTHON_3_14, /* clang-format off */
          "f'a{len(x)!r:>{w}}b{{c' + t'{x}'",
          "\"\"\"obbbo oo o\"o oo\"\"\"\"\" o \"\"o o\"",
          "f'''{x if y",
          "\"\"\"\"o  kk  ",
          "else z} text",
          "kkkk  o\"\"\"\"\"",
          "if'''",
          "\"\"\"\"\""
          /* clang-format on */);
    CHECK(PC_PYTHON_3_11, "f'a{len(x)}b'", "\"\"\"\"\"\"\"\"\"\"\"\"\"");
}

static void
test_soft_keywords(void **state)
{
    (void)state;
    CHECK(PC_PYTHON_3_14, /* clang-format off */
          "match x:",         "sssss  o",
          "    case _: pass", "    ssss so kkkk",
          "    case -1 if y:", "    ssss o1 kk  o",
          "    case None | [a, _]:", "    ssss KKKK o o o  oo",
          "match = 1",        "      o 1",
          "match.group(1)",   "     o     o1o",
          "match(x)",         "ssssso o",
          "match not x",      "sssss kkk  ",
          "match in x",       "      kk  ",
          "print(match, case)", "bbbbbo     o     o",
          "type X = int",     "ssss   o bbb",
          "x; type X = int",  " o ssss   o bbb",
          "type(x)",          "bbbbo o",
          "x = type",         "  o bbbb",
          "_ = case",         "  o     ",
          "lazy import x",    "     kkkkkk  "
          /* clang-format on */);
    CHECK(PC_PYTHON_3_11, "type X = int", "bbbb   o bbb");
    CHECK(PC_PYTHON_3_15, "lazy import x", "ssss kkkkkk  ", "lazy = 1", "     o 1");
}

static void
test_builtins__by_version(void **state)
{
    (void)state;
    assert_true(pc_is_builtin("zip", 3, PC_PYTHON_3_11));
    assert_true(pc_is_builtin("ArithmeticError", 15, PC_PYTHON_3_11));
    assert_false(pc_is_builtin("zi", 2, PC_PYTHON_3_11));
    assert_false(pc_is_builtin("zipp", 4, PC_PYTHON_3_11));
    assert_false(pc_is_builtin("", 0, PC_PYTHON_3_11));
    assert_false(pc_is_builtin("PythonFinalizationError", 23, PC_PYTHON_3_12));
    assert_true(pc_is_builtin("PythonFinalizationError", 23, PC_PYTHON_3_13));
    assert_false(pc_is_builtin("frozendict", 10, PC_PYTHON_3_14));
    assert_true(pc_is_builtin("frozendict", 10, PC_PYTHON_3_15));
}

/* ---- changes */

static const char *const pieces[] = {
    "x",
    "\n",
    "'''",
    "\"\"\"",
    "(",
    ")",
    "[\n",
    "f'{",
    "}'",
    "\\\n",
    "def f():\n    ",
    "match x:\n  case 1: y\n",
    "# c\n",
    "'",
    "    ",
    "\n\n\n",
    "print",
    ".",
    "class ",
};

static size_t
draw(uint64_t *random, size_t below)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*random >> 33) % below;
}

static void
check_as_new(struct pc_highlight *highlight, const struct pc_text *text, size_t line)
{
    struct pc_highlight anew;
    struct pc_text_change all = {.removed = 1, .added = text->lines};
    size_t len = pc_text_line_end(text, line) - text->starts[line];
    uint64_t serial = 0;
    assert_int_equal(pc_highlight_init(&anew, PC_PYTHON_3_14, true), PYCONSOLE_OK);
    assert_int_equal(pc_highlight_change(&anew, &all, text->lines), PYCONSOLE_OK);
    const uint8_t *found = pc_highlight_line(highlight, text, line, &serial);
    const uint8_t *expected = pc_highlight_line(&anew, text, line, &serial);
    assert_non_null(found);
    assert_non_null(expected);
    assert_memory_equal(found, expected, len);
    pc_highlight_fini(&anew);
}

static void
test_changes__as_if_lexed_anew(void **state)
{
    (void)state;
    uint64_t random = 7;
    struct pc_text text;
    struct pc_highlight highlight;
    assert_int_equal(pc_text_init(&text), PYCONSOLE_OK);
    assert_int_equal(pc_highlight_init(&highlight, PC_PYTHON_3_14, true), PYCONSOLE_OK);
    for (size_t i = 0; i < 4000; i++) {
        const char *piece = pieces[draw(&random, sizeof pieces / sizeof pieces[0])];
        size_t start = draw(&random, text.len + 1);
        size_t end = start + draw(&random, draw(&random, 20) == 0 ? 300 : 4);
        end = end < text.len ? end : text.len;
        assert_int_equal(pc_text_replace(&text, start, end, piece, strlen(piece)), 0);
        struct pc_text_change change = pc_text_take_change(&text);
        assert_int_equal(pc_highlight_change(&highlight, &change, text.lines), 0);
        /* Only some lines are asked for, so that others are known from before. */
        for (size_t j = draw(&random, 3); j > 0; j--) {
            check_as_new(&highlight, &text, draw(&random, text.lines));
        }
    }
    pc_highlight_fini(&highlight);
    pc_text_fini(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_commands__ahead_of_python),
        cmocka_unit_test(test_strings__over_lines),
        cmocka_unit_test(test_strings__with_fields),
        cmocka_unit_test(test_soft_keywords),
        cmocka_unit_test(test_builtins__by_version),
        cmocka_unit_test(test_changes__as_if_lexed_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
