/* What tests of shared sessions share: a Python in this process, sessions in it, and what
 * the host itself says in Python. */
#ifndef PC_TESTS_HOST_H
#define PC_TESTS_HOST_H

#include "requests.h"

#include <pyconsole/python.h>

/* Of the program: NULL before it is started, or when the test has stopped it. */
extern pyconsole_python *host_python;

/* For cmocka: before and after all tests. The host has imported io and sys. */
int start_python(void **state);
int stop_python(void **state);

pyconsole_session *open_with(const pyconsole_shared_options *options);
pyconsole_session *open_session(void);

void host_run(const char *source);

/* str() of an expression in the host's own names. */
void host_value(const char *expression, char *ret_text, size_t size);

#define assert_host(expression, expected)                                              \
    do {                                                                               \
        char text_[512];                                                               \
        host_value((expression), text_, sizeof text_);                                 \
        assert_string_equal(text_, (expected));                                        \
    } while (0)

/* Until the last session has put back what was there. */
void wait_until_put_back(void);

#endif
