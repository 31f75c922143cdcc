/* Which lines are surely simple statements. That of these no one is incomplete is asked of
 * CPython's compiler in tests/fuzz/fuzz_claims.c. */
#include "check.h"

#include "lexer/simple.h"

static bool
is_simple(const char *text, enum pc_python_version version)
{
    return pc_is_simple_line(text, strlen(text), version);
}

static void
test_simple_statements(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "x",           "x = 1",          "1 + 1  # one",    "f(a, b)[c]",
        "'text'",      "f'{x}'",         "x = lambda: 0",   "import os; os.getcwd()",
        "return",      "del x",          "await f()",       "-x",
        "x: int = 3",  "print(1); ",     "x = y % z",       "{'a': 1}",
        "x =",         "print 1",        "pass pass",       "(yield)",
        "*a, b = c",   "not x",          "raise E from e",  "...",
        "x = '''a'''", "x if y else z;", "from a import b",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (int version = PC_PYTHON_3_11; version <= PC_PYTHON_3_15; version++) {
            if (!is_simple(lines[i], (enum pc_python_version)version)) {
                print_error("3.%d: %s\n", version, lines[i]);
            }
            assert_true(is_simple(lines[i], (enum pc_python_version)version));
        }
    }
}

static void
test_what_may_go_on(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",      " ",        "# only this", "if x: y",       "for x in y: z",
        "x = [", "x = '''",  "x = \\",      "f'''{",         "f(",
        "@d",    "class C:", "def f(): 1",  "async def f()", "with x: y",
        "try:",  "match x:", "match",       "type X = int",  "case",
        "else:", "  x",      "\tx",         "while 1: x",    ")",
        "'text", "x = 0b2",  "$",           "\xff",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (is_simple(lines[i], PC_PYTHON_3_13)) {
            print_error("%s\n", lines[i]);
        }
        assert_false(is_simple(lines[i], PC_PYTHON_3_13));
    }
    assert_false(is_simple("lazy import x", PC_PYTHON_3_15));
}

static void
test_commands_of_a_prompt(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "%time x", "!ls", "x = !ls", "x = %who", "x?", "x??", "?x", "%%time",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (int version = PC_PYTHON_3_11; version <= PC_PYTHON_3_15; version++) {
            assert_false(is_simple(lines[i], (enum pc_python_version)version));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple_statements),
        cmocka_unit_test(test_what_may_go_on),
        cmocka_unit_test(test_commands_of_a_prompt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
