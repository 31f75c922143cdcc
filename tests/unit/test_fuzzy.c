/* src/base/fuzzy.c */
#include "check.h"

#include "base/fuzzy.h"

static int
score(const char *query, const char *text)
{
    return pc_fuzzy_score(query, strlen(query), text, strlen(text), NULL);
}

static size_t
find(const char *query, const char *text)
{
    return pc_fuzzy_find(query, strlen(query), text, strlen(text));
}

static void
test_find__as_it_is_written(void **state)
{
    (void)state;
    assert_int_equal(find("os", "import os"), 7);
    assert_int_equal(find("", "x"), 0);
    assert_true(find("os", "import o") == PC_FUZZY_NONE);
    assert_true(find("imp", "im") == PC_FUZZY_NONE);
}

static void
test_find__upper_case_means_it(void **state)
{
    (void)state;
    assert_int_equal(find("dataframe", "pd.DataFrame"), 3);
    assert_int_equal(find("DataF", "pd.DataFrame"), 3);
    assert_true(find("DATA", "pd.DataFrame") == PC_FUZZY_NONE);
    assert_int_equal(find("é", "caf\xc3\xa9"), 3);
}

static void
test_score__letters_in_their_order(void **state)
{
    (void)state;
    assert_true(score("ipos", "import os") > 0);
    assert_int_equal(score("osip", "import os"), 0);
    assert_int_equal(score("x", ""), 0);
    assert_true(score("", "anything") > 0);
    assert_int_equal(score("I", "import"), 0);
}

static void
test_score__the_better_answer_is_higher(void **state)
{
    (void)state;
    assert_true(score("os", "import os") > score("os", "import o; s"));
    assert_true(score("df", "data_frame") > score("df", "old_file"));
    assert_true(score("df", "DataFrame") > score("df", "modify"));
    assert_true(score("imp", "import os") > score("imp", "x = 1; import os"));
    assert_true(score("abc", "a_abc") > score("abc", "a_b_c"));
}

static void
test_score__offsets_of_the_shortest_piece(void **state)
{
    (void)state;
    size_t offsets[3];
    assert_true(pc_fuzzy_score("abc", 3, "a a abxc", 8, offsets) > 0);
    assert_int_equal(offsets[0], 4);
    assert_int_equal(offsets[1], 5);
    assert_int_equal(offsets[2], 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find__as_it_is_written),
        cmocka_unit_test(test_find__upper_case_means_it),
        cmocka_unit_test(test_score__letters_in_their_order),
        cmocka_unit_test(test_score__the_better_answer_is_higher),
        cmocka_unit_test(test_score__offsets_of_the_shortest_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
