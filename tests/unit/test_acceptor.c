/* The acceptor: what it says is missing, and how it takes up again. */
#include "check.h"

#include "lexer/acceptor.h"

/* The answer after the last of the text's lines. Each line that is asked, but the last,
 * is taken for incomplete. */
static struct pc_answer
answer_to(struct pc_acceptor *acceptor, const char *text)
{
    for (;;) {
        const char *end = strchr(text, '\n');
        size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
        struct pc_answer answer = pc_acceptor_feed(acceptor, text, len);
        if (end == NULL) {
            return answer;
        }
        if (answer.verdict == PC_ASK) {
            pc_acceptor_resume(acceptor);
        }
        text = end + 1;
    }
}

static struct pc_answer
answer_in(enum pc_python_version version, const char *text)
{
    struct pc_acceptor acceptor;
    pc_acceptor_init(&acceptor, version);
    return answer_to(&acceptor, text);
}

static void
check_missing(const char *text, enum pc_missing missing)
{
    for (int version = PC_PYTHON_3_11; version <= PC_PYTHON_3_15; version++) {
        struct pc_answer answer = answer_in((enum pc_python_version)version, text);
        enum pc_verdict verdict =
            missing == PC_MISSING_UNKNOWN ? PC_ASK : PC_SURELY_INCOMPLETE;
        if (answer.verdict != verdict || answer.missing != missing) {
            print_error("3.%d %s: %s\n", version, text,
                        pc_missing_word(answer.missing));
        }
        assert_int_equal(answer.verdict, verdict);
        assert_int_equal(answer.missing, missing);
    }
}

static void
test_missing__bracket(void **state)
{
    (void)state;
    static const char *const texts[] = {"x = f(1,",      "if x[",
                                        "def f(a, *,",   "{'a': [",
                                        "with (x as y,", "from x import (y,"};
    static const char brackets[] = "([([((";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_missing(texts[i], PC_MISSING_BRACKET);
        struct pc_answer answer = answer_in(PC_PYTHON_3_13, texts[i]);
        assert_int_equal(answer.bracket, brackets[i]);
    }
}

static void
test_missing__string_and_continuation(void **state)
{
    (void)state;
    check_missing("x = '''a", PC_MISSING_STRING);
    check_missing("def f():\n  \"\"\"a\n\n  b", PC_MISSING_STRING);
    check_missing("x = 1 + \\", PC_MISSING_CONTINUATION);
    check_missing("x = 'a\\", PC_MISSING_UNKNOWN);
    check_missing("\\", PC_MISSING_UNKNOWN);
}

static void
test_missing__block(void **state)
{
    (void)state;
    check_missing("if x:", PC_MISSING_BLOCK);
    check_missing("if x:\n  # why", PC_MISSING_BLOCK);
    check_missing("if x:\n  y", PC_MISSING_BLOCK_END);
    check_missing("if x:\n  y\n# why", PC_MISSING_BLOCK_END);
    check_missing("if x:\n  y\nelse:", PC_MISSING_BLOCK);
    check_missing("class A: pass", PC_MISSING_BLOCK_END);
    check_missing("try:\n  x\n  y", PC_MISSING_BLOCK_END);
    check_missing("try: x", PC_MISSING_HANDLER);
    check_missing("@f", PC_MISSING_DECORATED);
    check_missing("@f\n@g(1)\n# why", PC_MISSING_DECORATED);
}

static void
test_ask__what_may_be_complete(void **state)
{
    (void)state;
    check_missing("", PC_MISSING_UNKNOWN);
    check_missing("# why", PC_MISSING_UNKNOWN);
    check_missing("x = 1", PC_MISSING_UNKNOWN);
    check_missing("if x:\n  y\n", PC_MISSING_UNKNOWN);
    check_missing("if x: y\n# why", PC_MISSING_UNKNOWN);
    check_missing("if x:\n  y\r", PC_MISSING_UNKNOWN);
}

/* Each would be an error where CPython compiles it. */
static void
test_ask__what_may_not_compile(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "if x:\n  return",
        "if x:\n  break",
        "class A:\n  yield",
        "def f():\n  await x",
        "def f():\n  f(a=1, a=2)",
        "def f(a, a):",
        "def f(a=1, b):",
        "def f():\n  [x := 1 for y in z]",
        "def f():\n  *x",
        "def f():\n  x() = 1",
        "def f():\n  del *x",
        "async def f():\n  yield x\n  return y",
        "def f():\n  b'a' 'b'",
        "def f():\n  global x\n  x: int",
        "try:\n  x\nexcept:\n  x\nexcept y:\n  z",
        "match x:\n  case y:\n    z\n  case 1:\n    z",
        "if x:\n  y\nz",
        "  x",
        "if x:\ny",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_missing(texts[i], PC_MISSING_UNKNOWN);
    }
}

static void
test_ask__as_versions_differ(void **state)
{
    (void)state;
    const char *text = "try:\n  x\nexcept A, B:";
    assert_int_equal(answer_in(PC_PYTHON_3_13, text).verdict, PC_ASK);
    assert_int_equal(answer_in(PC_PYTHON_3_14, text).missing, PC_MISSING_BLOCK);
    text = "x = f'''a";
    assert_int_equal(answer_in(PC_PYTHON_3_12, text).verdict, PC_ASK);
    assert_int_equal(answer_in(PC_PYTHON_3_13, text).missing, PC_MISSING_STRING);
    text = "if x:\n  f'{x!r:>{y}}' f'{x = }'";
    assert_int_equal(answer_in(PC_PYTHON_3_11, text).missing, PC_MISSING_BLOCK_END);
    assert_int_equal(answer_in(PC_PYTHON_3_12, text).missing, PC_MISSING_BLOCK_END);
}

static void
test_match__is_asked_once(void **state)
{
    (void)state;
    check_missing("match x:", PC_MISSING_UNKNOWN);
    check_missing("match x:\n  case [1, *y] if y:", PC_MISSING_BLOCK);
    check_missing("match x:\n  case {'a': A(x=1, y=b.c), **z} | None:",
                  PC_MISSING_UNKNOWN);
    check_missing("match x:\n  case 1 | 2 | 3 as y:\n    z\n    z",
                  PC_MISSING_BLOCK_END);
    check_missing("match x:\n  y", PC_MISSING_UNKNOWN);
}

static void
test_resume__goes_on_after_the_line(void **state)
{
    (void)state;
    check_missing("def f():\n  global x\n  y", PC_MISSING_BLOCK_END);
    check_missing("def f[T](x):\n  y",
                  PC_MISSING_UNKNOWN); /* the doubt is still there */
    check_missing("def f[T](x):\n  y\n  z", PC_MISSING_BLOCK_END);
    check_missing("try:\n  type X = y\n  z", PC_MISSING_BLOCK_END);
}

static void
test_resume__is_needed(void **state)
{
    (void)state;
    struct pc_acceptor acceptor;
    pc_acceptor_init(&acceptor, PC_PYTHON_3_13);
    assert_int_equal(answer_to(&acceptor, "def f():\n  global x").verdict, PC_ASK);
    assert_int_equal(answer_to(&acceptor, "  y").verdict, PC_ASK);
    pc_acceptor_resume(&acceptor);
    assert_int_equal(answer_to(&acceptor, "  y").verdict, PC_ASK);
}

/* In the middle of a line that was not understood there is nothing to go on from. */
static void
test_resume__waits_for_the_line_end(void **state)
{
    (void)state;
    check_missing("if x:\n  f(a=1, a=2,\n  (", PC_MISSING_UNKNOWN);
    check_missing("if x:\n  f([z async for z in y],\n  1)\n  y", PC_MISSING_BLOCK_END);
}

static void
test_state__is_a_plain_struct(void **state)
{
    (void)state;
    struct pc_acceptor acceptor;
    pc_acceptor_init(&acceptor, PC_PYTHON_3_13);
    answer_to(&acceptor, "def f(a,");
    struct pc_acceptor copy = acceptor;
    assert_int_equal(answer_to(&acceptor, "  a):").verdict, PC_ASK);
    assert_int_equal(answer_to(&copy, "  b):").missing, PC_MISSING_BLOCK);
    assert_true(sizeof acceptor <= 16 * 1024);
}

static void
test_missing__every_reason_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(pc_missing_word(PC_MISSING_UNKNOWN), "");
    assert_string_equal(pc_missing_word(PC_MISSING_BLOCK_END), "block end");
    assert_string_equal(pc_missing_word((enum pc_missing)99), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing__bracket),
        cmocka_unit_test(test_missing__string_and_continuation),
        cmocka_unit_test(test_missing__block),
        cmocka_unit_test(test_ask__what_may_be_complete),
        cmocka_unit_test(test_ask__what_may_not_compile),
        cmocka_unit_test(test_ask__as_versions_differ),
        cmocka_unit_test(test_match__is_asked_once),
        cmocka_unit_test(test_resume__goes_on_after_the_line),
        cmocka_unit_test(test_resume__is_needed),
        cmocka_unit_test(test_resume__waits_for_the_line_end),
        cmocka_unit_test(test_state__is_a_plain_struct),
        cmocka_unit_test(test_missing__every_reason_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
