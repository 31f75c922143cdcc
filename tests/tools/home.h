/* What tests of the history share: one in a folder of its own, and what is in it. */
#ifndef PC_TESTS_HOME_H
#define PC_TESTS_HOME_H

#include <sqlite3.h>

#include "../unit/check.h"

#include "history/history.h"

struct home {
    char folder[64];
    char path[128];  /* of the database, two folders deeper */
    char other[128]; /* some file */
    struct pc_history_options options;
    struct pc_history *history;
};

/* Another console with the same files. */
struct pc_history *console(const struct home *home);

int open_home(void **state);
int close_home(void **state);

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, open_home, close_home)

int64_t append_at(struct pc_history *history, const char *text, int64_t time);
int64_t append(struct pc_history *history, const char *text);

/* The texts that steps give, each with a '|' behind it. */
const char *walk(struct pc_history *history, struct pc_history_place *place,
                 enum pc_direction direction, const char *prefix);
const char *backward(struct pc_history *history, const char *prefix);

/* Another program that writes to the database, until it is closed. */
sqlite3 *hold(const struct home *home);

void write_file(const char *path, const char *bytes, size_t len);

/* The first column of the first row, read by another program. */
const char *query(const char *path, const char *sql);

#endif
