/* The statuses: each has a name and a meaning of its own. */
#include "check.h"

#include <pyconsole/status.h>

static void
test_status__every_number_has_its_own_name_and_text(void **state)
{
    (void)state;
#define ENTRY(name, number, text) number,
    static const int statuses[] = {PYCONSOLE_STATUSES(ENTRY)};
#undef ENTRY
    size_t count = sizeof statuses / sizeof statuses[0];
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(0,
                             strcmp(pyconsole_status_name(statuses[i]), "PYCONSOLE_?"));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(pyconsole_status_text(statuses[i]),
                                    pyconsole_status_text(statuses[j]));
        }
    }
    assert_string_equal(pyconsole_status_name(PYCONSOLE_EINVAL), "PYCONSOLE_EINVAL");
}

static void
test_status__unknown_number(void **state)
{
    (void)state;
    assert_string_equal(pyconsole_status_name(-999), "PYCONSOLE_?");
    assert_string_equal(pyconsole_status_text(999), "not a status");
}

static void
test_version__library_matches_headers(void **state)
{
    (void)state;
    assert_int_equal(pyconsole_version_number(), PYCONSOLE_VERSION_NUMBER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status__every_number_has_its_own_name_and_text),
        cmocka_unit_test(test_status__unknown_number),
        cmocka_unit_test(test_version__library_matches_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
