/* The byte string that grows. */
#include "check.h"

#include <pyconsole/status.h>

#include "base/bytes.h"

static void
test_bytes__grow_and_end_in_a_zero_byte(void **state)
{
    (void)state;
    pc_auto_bytes struct pc_bytes bytes = {0};
    assert_string_equal(pc_bytes_text(&bytes), "");
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(pc_bytes_append_format(&bytes, "%03d,", i), PYCONSOLE_OK);
        assert_int_equal(strlen(bytes.data), bytes.len);
    }
    assert_int_equal(bytes.len, 4000);
    assert_memory_equal(bytes.data + 3996, "999,", 4);
    pc_bytes_clear(&bytes);
    assert_string_equal(pc_bytes_text(&bytes), "");
}

static void
test_bytes__replace(void **state)
{
    (void)state;
    static const struct {
        size_t start, end;
        const char *data, *becomes;
    } cases[] = {
        {0, 0, "ab", "ab"}, {1, 1, "XYZ", "aXYZb"}, {1, 4, "", "ab"},
        {0, 2, "c", "c"},   {1, 1, "d", "cd"},      {0, 2, "", ""},
    };
    pc_auto_bytes struct pc_bytes bytes = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(pc_bytes_replace(&bytes, cases[i].start, cases[i].end,
                                          cases[i].data, strlen(cases[i].data)),
                         PYCONSOLE_OK);
        assert_string_equal(bytes.data, cases[i].becomes);
    }
}

static void
test_bytes__over_the_cap_nothing_changes(void **state)
{
    (void)state;
    pc_auto_bytes struct pc_bytes bytes = {0};
    assert_int_equal(pc_bytes_append_text(&bytes, "kept"), PYCONSOLE_OK);
    assert_int_equal(pc_bytes_reserve(&bytes, PC_BYTES_MOST), PYCONSOLE_ELIMIT);
    assert_int_equal(pc_bytes_reserve(&bytes, SIZE_MAX), PYCONSOLE_ELIMIT);
    assert_string_equal(bytes.data, "kept");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes__grow_and_end_in_a_zero_byte),
        cmocka_unit_test(test_bytes__replace),
        cmocka_unit_test(test_bytes__over_the_cap_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
