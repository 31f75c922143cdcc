/* cmocka, with the headers that it needs before it. */
#ifndef PC_TESTS_CHECK_H
#define PC_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
