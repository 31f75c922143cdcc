/* What an incomplete command lacks, and the indentation offered for its next line. */
#include "check.h"

#include "lexer/outlook.h"

struct expected {
    const char *text;
    enum pc_missing missing;
    const char *indent;
};

static void
check(const struct expected *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pc_outlook outlook =
            pc_outlook_of(expected[i].text, strlen(expected[i].text), PC_PYTHON_3_13);
        if (outlook.missing != expected[i].missing ||
            strcmp(outlook.indent, expected[i].indent) != 0) {
            print_error("%s\n", expected[i].text);
        }
        assert_string_equal(pc_missing_word(outlook.missing),
                            pc_missing_word(expected[i].missing));
        assert_string_equal(outlook.indent, expected[i].indent);
    }
}

#define CHECK(...)                                                                     \
    do {                                                                               \
        static const struct expected expected[] = {__VA_ARGS__};                       \
        check(expected, sizeof expected / sizeof *expected);                           \
    } while (0)

static void
test_block__is_one_step_in(void **state)
{
    (void)state;
    CHECK({"if x:", PC_MISSING_BLOCK, "    "}, {"if x:\n", PC_MISSING_BLOCK, "    "},
          {"if x:  # why", PC_MISSING_BLOCK, "    "},
          {"if x:\n  # why", PC_MISSING_BLOCK, "    "},
          {"if x:\n  if y:", PC_MISSING_BLOCK, "    "},
          {"if x:\n   if y:\n      z\n   else:", PC_MISSING_BLOCK, "      "},
          {"class A:\n\tdef f(self):", PC_MISSING_BLOCK, "\t\t"},
          {"  if x:", PC_MISSING_BLOCK, "      "},
          {"\tif x:", PC_MISSING_BLOCK, "\t\t"},
          {"def f(a,\n      b):", PC_MISSING_BLOCK, "    "},
          {"if x: y\nelse:", PC_MISSING_BLOCK, "    "});
}

static void
test_block_end__is_where_the_block_is(void **state)
{
    (void)state;
    CHECK({"if x:\n  y", PC_MISSING_BLOCK_END, "  "},
          {"if x: y", PC_MISSING_BLOCK_END, ""},
          {"if x:\n  y\n# why", PC_MISSING_BLOCK_END, "  "},
          {"if x:\n  y = f(1,\n        2)", PC_MISSING_BLOCK_END, "  "},
          {"if x:\n  if y:\n    z\n  z", PC_MISSING_BLOCK_END, "  "});
}

static void
test_block_end__after_a_last_statement_is_outside(void **state)
{
    (void)state;
    CHECK({"def f():\n  return x", PC_MISSING_BLOCK_END, ""},
          {"for x in y:\n  if x:\n    break", PC_MISSING_BLOCK_END, "  "},
          {"for x in y:\n  if x: continue", PC_MISSING_BLOCK_END, "  "},
          {"class A:\n  def f(self):\n    pass\n  # why", PC_MISSING_BLOCK_END, "  "},
          {"def f():\n  raise E(\n    1)", PC_MISSING_BLOCK_END, ""});
}

static void
test_handler__is_where_the_try_is(void **state)
{
    (void)state;
    CHECK({"try: x", PC_MISSING_HANDLER, ""}, {"try:\n  x\n", PC_MISSING_HANDLER, ""},
          {"def f():\n  try:\n    if x:\n      y\n", PC_MISSING_HANDLER, "  "},
          {"def f():\n  try:\n    x\n  except E:\n    y", PC_MISSING_BLOCK_END, "    "},
          {"try:\n  try:\n    x\n  finally:\n    y\n", PC_MISSING_HANDLER, ""});
}

static void
test_decorated__is_where_the_decorator_is(void **state)
{
    (void)state;
    CHECK({"@f", PC_MISSING_DECORATED, ""}, {"@f\n", PC_MISSING_DECORATED, ""},
          {"class A:\n    @f(1,\n       2)", PC_MISSING_DECORATED, "    "});
}

static void
test_bracket__is_hung_or_aligned(void **state)
{
    (void)state;
    CHECK({"x = [", PC_MISSING_BRACKET, "    "},
          {"x = [  # why", PC_MISSING_BRACKET, "    "},
          {"x = f(a,", PC_MISSING_BRACKET, "      "},
          {"\xc3\xa9 = (\xc3\xa9,", PC_MISSING_BRACKET, "     "},
          {"x = [\n  1,\n", PC_MISSING_BRACKET, "  "},
          {"x = f(a,\n  b,", PC_MISSING_BRACKET, "  "},
          {"x = {'a': [1,\n           2],", PC_MISSING_BRACKET, "     "},
          {"x = {\n  'a': [\n    1", PC_MISSING_BRACKET, "    "},
          {"x = {\n  'a': [\n    1]", PC_MISSING_BRACKET, "  "},
          {"x = f('''a\n  b''', (", PC_MISSING_BRACKET, "      "},
          {"if x:\n\ty = f(a,", PC_MISSING_BRACKET, "\t      "});
    assert_int_equal(pc_outlook_of("x = {[", 6, PC_PYTHON_3_13).bracket, '[');
    assert_int_equal(pc_outlook_of("x = {[]", 7, PC_PYTHON_3_13).bracket, '{');
    assert_int_equal(pc_outlook_of("if x:", 5, PC_PYTHON_3_13).bracket, 0);
}

static void
test_string_and_continuation(void **state)
{
    (void)state;
    CHECK({"def f():\n  '''a", PC_MISSING_STRING, ""},
          {"x = (f'''a {", PC_MISSING_BRACKET, "    "},
          {"x = 1 + \\", PC_MISSING_CONTINUATION, "    "},
          {"if x:\n  y = 1 + \\", PC_MISSING_CONTINUATION, "    "},
          {"x = 1 + \\\n      2 + \\", PC_MISSING_CONTINUATION, "      "});
}

/* More than is offered; and more brackets than CPython takes. */
static void
test_caps(void **state)
{
    (void)state;
    char text[400];
    memset(text, ' ', sizeof text);
    memcpy(text + sizeof text - 5, "if x:", 5);
    struct pc_outlook outlook = pc_outlook_of(text, sizeof text, PC_PYTHON_3_13);
    assert_string_equal(outlook.indent, "");
    memset(text, 'x', sizeof text);
    memcpy(text + sizeof text - 5, "(1, 2", 5);
    outlook = pc_outlook_of(text, sizeof text, PC_PYTHON_3_13);
    assert_int_equal(outlook.bracket, '(');
    assert_string_equal(outlook.indent, "");
    memset(text, '(', sizeof text);
    outlook = pc_outlook_of(text, sizeof text, PC_PYTHON_3_13);
    assert_int_equal(outlook.bracket, '(');
    outlook = pc_outlook_of("", 0, PC_PYTHON_3_13);
    assert_string_equal(outlook.indent, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block__is_one_step_in),
        cmocka_unit_test(test_block_end__is_where_the_block_is),
        cmocka_unit_test(test_block_end__after_a_last_statement_is_outside),
        cmocka_unit_test(test_handler__is_where_the_try_is),
        cmocka_unit_test(test_decorated__is_where_the_decorator_is),
        cmocka_unit_test(test_bracket__is_hung_or_aligned),
        cmocka_unit_test(test_string_and_continuation),
        cmocka_unit_test(test_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
