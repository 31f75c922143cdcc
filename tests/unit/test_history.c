/* src/history: what is kept, found again, and never lost, in a folder of its own. */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "history/history.h"
#include "history/search.h"

struct home {
    char folder[64];
    char path[128];  /* of the database, two folders deeper */
    char other[128]; /* some file */
    struct pc_history_options options;
    struct pc_history *history;
};

static struct pc_history *
console(const struct home *home)
{
    struct pc_history *history = NULL;
    assert_int_equal(pc_history_new(&home->options, &history), 0);
    return history;
}

static int
open_home(void **state)
{
    struct home *home = calloc(1, sizeof *home);
    strcpy(home->folder, "/tmp/pyconsole-history-XXXXXX");
    assert_non_null(mkdtemp(home->folder));
    snprintf(home->path, sizeof home->path, "%s/state/pyconsole/history.sqlite3",
             home->folder);
    snprintf(home->other, sizeof home->other, "%s/other", home->folder);
    home->options = (struct pc_history_options){
        .path = home->path, .folder = "/a", .python = "3.11.2"};
    home->history = console(home);
    *state = home;
    return 0;
}

static int
close_home(void **state)
{
    struct home *home = *state;
    pc_history_free(home->history);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", home->folder);
    assert_int_equal(system(command), 0);
    free(home);
    return 0;
}

static int64_t
append_at(struct pc_history *history, const char *text, int64_t time)
{
    int64_t serial = -1;
    assert_int_equal(pc_history_append(history, text, strlen(text), time, &serial), 0);
    return serial;
}

static int64_t
append(struct pc_history *history, const char *text)
{
    return append_at(history, text, 1000);
}

/* The texts that steps give, each with a '|' behind it. */
static const char *
walk(struct pc_history *history, struct pc_history_place *place,
     enum pc_direction direction, const char *prefix)
{
    static char texts[4096];
    struct pc_history_entry entry;
    texts[0] = '\0';
    while (pc_history_step(history, place, direction, prefix, strlen(prefix), &entry) ==
           1) {
        assert_int_equal(strlen(entry.text), entry.len);
        strncat(texts, entry.text, sizeof texts - strlen(texts) - 2);
        strcat(texts, "|");
    }
    return texts;
}

static const char *
backward(struct pc_history *history, const char *prefix)
{
    struct pc_history_place place = {0};
    return walk(history, &place, PC_BACKWARD, prefix);
}

static void
write_file(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

static const char *
read_file(const char *path)
{
    static char bytes[4096];
    int fd = open(path, O_RDONLY);
    ssize_t len = fd < 0 ? -1 : read(fd, bytes, sizeof bytes - 1);
    assert_true(len >= 0);
    bytes[len] = '\0';
    close(fd);
    return bytes;
}

/* The first column of the first row, read by another program. */
static const char *
query(const char *path, const char *sql)
{
    static char found[256];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(found, sizeof found, "%s",
             (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return found;
}

/* ---- what is kept ---- */

static void
test_append__is_in_the_database_when_it_returns(void **state)
{
    struct home *home = *state;
    assert_int_not_equal(access(home->path, F_OK), 0); /* nothing was opened */
    int64_t serial = append(home->history, "def f():\n    return 'é'");
    assert_string_equal(query(home->path, "SELECT text FROM entry"),
                        "def f():\n    return 'é'");
    assert_string_equal(query(home->path,
                              "SELECT printf('%d %d %d %s %s', time, duration,"
                              " outcome, folder, python) FROM entry"),
                        "1000 -1 0 /a 3.11.2");
    pc_history_finish(home->history, serial, 250, PC_OUTCOME_FAILED);
    pc_history_write(home->history);
    assert_string_equal(
        query(home->path, "SELECT printf('%d %d', duration, outcome) FROM entry"),
        "250 2");
    struct stat info;
    assert_int_equal(stat(home->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_string_equal(query(home->path, "PRAGMA journal_mode"), "wal");
    assert_null(pc_history_take_message(home->history));
}

static void
test_append__what_is_no_entry(void **state)
{
    struct home *home = *state;
    int64_t serial;
    char *large = malloc(PC_HISTORY_TEXT_MOST + 1);
    memset(large, 'x', PC_HISTORY_TEXT_MOST + 1);
    assert_int_equal(
        pc_history_append(home->history, large, PC_HISTORY_TEXT_MOST + 1, 0, &serial),
        PYCONSOLE_ELIMIT);
    assert_int_equal(
        pc_history_append(home->history, large, PC_HISTORY_TEXT_MOST, 0, &serial), 0);
    free(large);
    assert_int_equal(pc_history_append(home->history, "", 0, 0, &serial),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pc_history_append(home->history, "a\0b", 3, 0, &serial),
                     PYCONSOLE_EINVAL);
    assert_int_equal(pc_history_append(home->history, "\xff", 1, 0, &serial),
                     PYCONSOLE_EINVAL);
}

static void
test_append__the_same_again_is_one_entry(void **state)
{
    struct home *home = *state;
    int64_t first = append(home->history, "x");
    pc_history_finish(home->history, first, 1, PC_OUTCOME_DONE);
    assert_int_equal(append(home->history, "x"), first);
    assert_int_equal(append(home->history, "x"), first);
    assert_int_not_equal(append(home->history, "y"), first);
    assert_int_not_equal(append(home->history, "x"), first);
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "x,y,x");

    struct home keeping = *home;
    keeping.options.keep_repeated = true;
    struct pc_history *second = console(&keeping);
    assert_int_not_equal(append(second, "z"), append(second, "z"));
    assert_string_equal(
        query(home->path, "SELECT count(*) FROM entry WHERE text = 'z'"), "2");
    pc_history_free(second);
}

/* Another program holds the database, so a write would leave something in the file that
 * waits. */
static void
test_append__the_same_again_is_written_when_it_is_over(void **state)
{
    struct home *home = *state;
    sqlite3 *db = NULL;
    int64_t serial = append_at(home->history, "x", 1000);
    pc_history_finish(home->history, serial, 1, PC_OUTCOME_FAILED);
    pc_history_write(home->history);
    assert_int_equal(sqlite3_open(home->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(append_at(home->history, "x", 2000), serial);
    sqlite3_close(db);
    char waiting[160];
    snprintf(waiting, sizeof waiting, "%s-waiting", home->path);
    assert_int_not_equal(access(waiting, F_OK), 0);
    static const char sql[] = "SELECT text || time || duration || outcome FROM entry";
    assert_string_equal(query(home->path, sql), "x100012");
    pc_history_finish(home->history, serial, 7, PC_OUTCOME_DONE);
    pc_history_write(home->history);
    assert_string_equal(query(home->path, sql), "x200071");
}

static void
test_append__private_and_spaced_stay_in_memory(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    append(home->history, " secret");
    pc_history_set_keeping(home->history, PC_HISTORY_PRIVATE);
    append(home->history, "private");
    pc_history_set_keeping(home->history, PC_HISTORY_ON);
    append(home->history, "b");
    assert_string_equal(backward(home->history, ""), "b|private| secret|a|");
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "a,b");
    pc_history_set_keeping(home->history, PC_HISTORY_OFF);
    assert_string_equal(backward(home->history, ""), "b|private| secret|");

    struct home keeping = *home;
    keeping.options.keep_spaced = true;
    struct pc_history *second = console(&keeping);
    append(second, " kept");
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "a,b, kept");
    pc_history_free(second);
}

static void
test_append__without_a_database(void **state)
{
    (void)state;
    struct pc_history_options options = {.path = NULL};
    struct pc_history *history = NULL;
    assert_int_equal(pc_history_new(&options, &history), 0);
    append(history, "a");
    append(history, "b");
    assert_string_equal(backward(history, ""), "b|a|");
    pc_history_free(history);
}

static void
test_trim__the_oldest_go(void **state)
{
    struct home *home = *state;
    struct home few = *home;
    few.options.entries_most = 3;
    struct pc_history *history = console(&few);
    for (const char *text = "a\0b\0c\0d\0e\0"; *text != '\0'; text += 2) {
        append(history, text);
    }
    pc_history_free(history);
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "c,d,e");
}

/* ---- walking ---- */

static void
test_step__own_session_first_then_the_others(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(home->history, "old");
    append(second, "theirs");
    append(second, "both");
    append(home->history, "both");
    append(second, "late");
    append(home->history, "mine");
    assert_string_equal(backward(home->history, ""), "mine|both|old|late|theirs|");
    assert_string_equal(backward(second, ""), "late|both|theirs|mine|old|");
    pc_history_free(second);
}

static void
test_step__there_and_back(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(second, "one");
    append(second, "two");
    append(home->history, "three");
    append(home->history, "one");
    struct pc_history_place place = {0};
    assert_string_equal(walk(home->history, &place, PC_BACKWARD, ""), "one|three|two|");
    assert_string_equal(walk(home->history, &place, PC_FORWARD, ""), "three|one|");
    assert_int_equal(place.part, PC_PLACE_LINE);
    assert_string_equal(walk(home->history, &place, PC_FORWARD, ""), "");
    struct pc_history_entry entry;
    assert_int_equal(pc_history_oldest(home->history, &place, &entry), 1);
    assert_string_equal(entry.text, "two");
    /* Entries that come meanwhile change nothing but what is there to be found. */
    append(second, "four");
    assert_string_equal(walk(home->history, &place, PC_FORWARD, ""), "four|three|one|");
    pc_history_free(second);
}

static void
test_step__by_prefix(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(second, "import os");
    append(second, "IMPORT");
    append(second, "import sys");
    append(home->history, "importlib");
    append(home->history, "x = 'import'");
    assert_string_equal(backward(home->history, "import"),
                        "importlib|import sys|import os|");
    assert_string_equal(backward(home->history, "import s"), "import sys|");
    assert_string_equal(backward(home->history, "%"), "");
    assert_string_equal(backward(home->history, "import sys"), "import sys|");
    struct pc_history_entry entry;
    assert_int_equal(pc_history_suggest(home->history, "import sy", 9, &entry), 1);
    assert_string_equal(entry.text, "import sys");
    assert_int_equal(pc_history_suggest(home->history, "import sys", 10, &entry), 0);
    pc_history_free(second);
}

/* The nearest hundred ids are looked at one by one, those beyond through the index. */
static void
test_step__a_rare_prefix_far_away(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(second, "é = 'a long line that is longer than what the index holds' # one");
    append(second, "é = 'a long line that is longer than what the index holds' # two");
    query(
        home->path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)"
        " INSERT INTO entry (session, serial, time, duration, outcome, folder, python,"
        " text) SELECT 5, i, 0, 0, 1, '', '', iif(i > 24800, 'y', 'x') || i FROM n"
        " RETURNING 1");
    assert_string_equal(
        backward(home->history, "é"),
        "é = 'a long line that is longer than what the index holds' # two|"
        "é = 'a long line that is longer than what the index holds' # one|");
    const char *prefix =
        "é = 'a long line that is longer than what the index holds' # o";
    struct pc_history_place place = {0};
    assert_string_equal(
        walk(home->history, &place, PC_BACKWARD, prefix),
        "é = 'a long line that is longer than what the index holds' # one|");
    assert_string_equal(walk(home->history, &place, PC_FORWARD, "y25000"), "y25000|");
    /* One that is common, but not near. */
    struct pc_history_entry entry;
    assert_int_equal(pc_history_suggest(home->history, "x", 1, &entry), 1);
    assert_string_equal(entry.text, "x24800");
    pc_history_free(second);
}

static void
test_remove__a_text_is_forgotten(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(second, "password = 'abc'");
    append(home->history, "a");
    append(home->history, "password = 'abc'");
    assert_int_equal(pc_history_remove(home->history, "password = 'abc'", 16), 0);
    assert_string_equal(backward(home->history, ""), "a|");
    pc_history_free(second);
    pc_history_free(home->history);
    home->history = NULL;
    char command[256];
    snprintf(command, sizeof command, "grep -q password %s*", home->path);
    assert_int_not_equal(system(command), 0);
}

/* ---- the list over everything ---- */

/* The texts that are found, each with a '|' behind it; looked for `page` by `page`. */
static const char *
search(struct pc_history *history, struct pc_history_filter filter, size_t page)
{
    static char texts[4096];
    struct pc_history_search *one = NULL;
    struct pc_history_entry entry;
    filter.len = strlen(filter.text);
    assert_int_equal(pc_history_search_new(history, &filter, &one), 0);
    int status;
    do {
        status = pc_history_search_more(one, page);
    } while (status == PYCONSOLE_MORE);
    assert_int_equal(status, 0);
    texts[0] = '\0';
    for (size_t i = 0; pc_history_search_entry(one, i, &entry) == 1; i++) {
        strncat(texts, entry.text, sizeof texts - strlen(texts) - 2);
        strcat(texts, "|");
    }
    pc_history_search_free(one);
    return texts;
}

#define SEARCH(history, ...) search(history, (struct pc_history_filter){__VA_ARGS__}, 2)

static void
test_search__each_text_once_the_latest_first(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append(second, "import os");
    append(second, "x = 1");
    append(home->history, "import sys");
    append(second, "import os");
    append(home->history, " import secret");
    assert_string_equal(SEARCH(home->history, .text = "import"),
                        " import secret|import os|import sys|");
    assert_string_equal(SEARCH(home->history, .text = ""),
                        " import secret|import os|import sys|x = 1|");
    assert_string_equal(SEARCH(home->history, .text = "nothing"), "");
    pc_history_free(second);
}

static void
test_search__in_the_order_in_which_they_ran(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    append_at(home->history, " one", 1);
    append_at(second, "two", 2);
    append_at(home->history, " three", 3);
    append_at(home->history, "four", 4);
    append_at(home->history, " five", 5);
    append_at(second, "six", 6);
    const char *all = "six| five|four| three|two| one|";
    for (size_t page = 1; page < 5; page++) {
        struct pc_history_filter filter = {.text = ""};
        assert_string_equal(search(home->history, filter, page), all);
    }
    assert_string_equal(SEARCH(home->history, .text = "", .session = true),
                        " five|four| three| one|");
    pc_history_free(second);
}

static void
test_search__fuzzy_the_best_first(void **state)
{
    struct home *home = *state;
    append(home->history, "df = DataFrame()");
    append(home->history, "old_field = 1");
    append(home->history, "print(1)");
    assert_string_equal(SEARCH(home->history, .text = "df", .fuzzy = true),
                        "df = DataFrame()|old_field = 1|");
    assert_string_equal(SEARCH(home->history, .text = "df"), "df = DataFrame()|");
}

static void
test_search__filters(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    pc_history_finish(second, append(second, "a"), 1, PC_OUTCOME_DONE);
    pc_history_finish(second, append(second, "b"), 1, PC_OUTCOME_FAILED);
    assert_int_equal(pc_history_set_folder(home->history, "/b"), 0);
    pc_history_finish(home->history, append(home->history, "c"), 1, PC_OUTCOME_DIED);
    pc_history_finish(home->history, append(home->history, "d"), 1, PC_OUTCOME_DONE);
    assert_string_equal(SEARCH(home->history, .text = "", .folder = true), "d|c|");
    assert_string_equal(SEARCH(home->history, .text = "", .session = true), "d|c|");
    assert_string_equal(SEARCH(second, .text = "", .folder = true), "b|a|");
    assert_string_equal(SEARCH(second, .text = "", .successful = true), "d|a|");
    assert_string_equal(SEARCH(second, .text = "", .successful = true, .session = true),
                        "a|");
    pc_history_free(second);
}

/* ---- trouble ---- */

static sqlite3 *
hold(const struct home *home)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(home->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

/* The last wait that was asked for, in ms. */
static int waited;

int __real_sqlite3_busy_timeout(sqlite3 *db, int ms);
int __wrap_sqlite3_busy_timeout(sqlite3 *db, int ms);

int
__wrap_sqlite3_busy_timeout(sqlite3 *db, int ms)
{
    waited = ms;
    return __real_sqlite3_busy_timeout(db, ms);
}

static void
test_busy__entries_wait_beside_the_database(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    sqlite3 *holder = hold(home);
    int64_t serial = append(home->history, "b\nentry 1 2 3");
    pc_history_finish(home->history, serial, 7, PC_OUTCOME_DONE);
    append(home->history, "c");
    assert_null(pc_history_take_message(home->history));
    assert_string_equal(backward(home->history, ""), "c|b\nentry 1 2 3|a|");
    /* Killed now: the next console has them. */
    struct pc_history *second = console(home);
    sqlite3_close(holder);
    assert_string_equal(backward(second, ""), "c|b\nentry 1 2 3|a|");
    assert_string_equal(
        query(home->path, "SELECT duration FROM entry WHERE serial = 2"), "7");
    /* It was not killed: nothing comes twice. */
    append(home->history, "d");
    pc_history_free(second);
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "a,b\nentry 1 2 3,c,d");
    assert_string_equal(query(home->path, "PRAGMA integrity_check"), "ok");
}

static void
test_busy__who_waited_in_vain_waits_less(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    sqlite3 *holder = hold(home);
    append(home->history, "b");
    int first = waited;
    append(home->history, "b"); /* one entry to write, as before */
    int again = waited;
    append(home->history, "c"); /* and two */
    assert_int_equal(again, waited);
    assert_true(again > 0 && again < first);
    sqlite3_close(holder);
    append(home->history, "d");
    holder = hold(home);
    append(home->history, "e");
    assert_int_equal(waited, first);
    sqlite3_close(holder);
}

static void
test_busy__a_torn_record_is_passed_over(void **state)
{
    struct home *home = *state;
    char waiting[160];
    snprintf(waiting, sizeof waiting, "%s-waiting", home->path);
    append(home->history, "a");
    static const char records[] = "entry 9 1 5 -1 0 1 4 3\n/3.11one\n"
                                  "entry 9 2 5 -1 0 1 4 3000\n/3.11torn\n"
                                  "entry 9 3 5 -1 0 1 4 -1\nentry 9 4 5 -1 0\n\n"
                                  "entry 9 5 5 44 1 1 4 3\n/3.11two\nentry 9 6";
    write_file(waiting, records, sizeof records - 1);
    struct pc_history *second = console(home);
    assert_string_equal(backward(second, ""), "two|one|a|");
    struct stat info;
    assert_int_equal(stat(waiting, &info), 0);
    assert_int_equal(info.st_size, 0);
    pc_history_free(second);
}

static void
test_broken__is_moved_aside(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    pc_history_free(home->history);
    write_file(home->path, "this is no database, and long enough to be seen as none\n",
               56);
    home->history = console(home);
    append(home->history, "b");
    const char *message = pc_history_take_message(home->history);
    assert_non_null(message);
    assert_non_null(strstr(message, ".broken-1"));
    assert_null(pc_history_take_message(home->history));
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"), "b");
    char aside[160];
    snprintf(aside, sizeof aside, "%s.broken-1", home->path);
    assert_int_equal(access(aside, F_OK), 0);
}

/* While two consoles have it open: the first to see it makes a new one, both go on in it. */
static void
test_broken__while_it_is_open(void **state)
{
    struct home *home = *state;
    struct pc_history *second = console(home);
    for (int i = 0; i < 300; i++) {
        char text[64];
        snprintf(text, sizeof text, "value_%d = 'some text that fills a page'", i);
        append(home->history, text);
    }
    append(second, "second");
    query(home->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    int fd = open(home->path, O_WRONLY);
    char garbage[4096];
    memset(garbage, 0x5a, sizeof garbage);
    for (off_t page = 1; page < 20; page++) {
        assert_int_equal(pwrite(fd, garbage, sizeof garbage, page * 4096), 4096);
    }
    close(fd);
    char wal[160];
    snprintf(wal, sizeof wal, "%s-wal", home->path);
    (void)truncate(wal, 0);
    backward(second, "value_7");
    append(second, "new");
    append(home->history, "newer");
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"),
                        "new,newer");
    pc_history_free(second);
}

static void
test_deleted__a_new_one_begins(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    assert_int_equal(unlink(home->path), 0);
    append(home->history, "b");
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"), "b");
}

static void
test_schema__a_newer_one_is_left_alone(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    pc_history_free(home->history);
    home->history = console(home);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(home->path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL);
    sqlite3_close(db);
    append(home->history, "b");
    assert_non_null(strstr(pc_history_take_message(home->history), "newer"));
    assert_string_equal(backward(home->history, ""), "b|");
    assert_string_equal(query(home->path, "SELECT group_concat(text) FROM entry"), "a");
}

static void
test_folder__that_cannot_be_written(void **state)
{
    (void)state;
    struct pc_history_options options = {.path = "/dev/null/pyconsole/history.sqlite3"};
    struct pc_history *history = NULL;
    assert_int_equal(pc_history_new(&options, &history), 0);
    append(history, "a");
    assert_non_null(pc_history_take_message(history));
    append(history, "b");
    assert_null(pc_history_take_message(history));
    assert_string_equal(backward(history, ""), "b|a|");
    pc_history_free(history);
}

/* Files grow no further than to so many bytes, as on a disk that is full. */
static void
limit_files(rlim_t most)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
test_trouble__that_comes_again_is_told_again(void **state)
{
    struct home *home = *state;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    append(home->history, "a");
    for (int i = 0; i < 2; i++) {
        limit_files(4096); /* the log has more than that already */
        append(home->history, "b");
        bool told = pc_history_take_message(home->history) != NULL;
        append(home->history, "c");
        bool again = pc_history_take_message(home->history) != NULL;
        limit_files(RLIM_INFINITY); /* first: what follows may end the test */
        assert_true(told && !again);
        append(home->history, "d");
        assert_null(pc_history_take_message(home->history));
    }
    (void)signal(SIGXFSZ, before);
    assert_string_equal(query(home->path, "SELECT group_concat(text, '') FROM entry"),
                        "abcdbcd");
}

/* ---- text files ---- */

static void
test_import__a_file_of_cpython(void **state)
{
    struct home *home = *state;
    static const char file[] =
        "import os\ndef f():\r\n    return 1\r\n\nx\nx\nlatin \xe9\nend";
    write_file(home->other, file, sizeof file - 1);
    append(home->history, "mine");
    append(home->history, "x");
    size_t count = 0;
    assert_int_equal(pc_history_import(home->history, home->other, &count), 0);
    assert_int_equal(count, 4);
    assert_string_equal(backward(home->history, ""),
                        "x|mine|end|latin é|def f():\n    return 1\n|import os|");
    assert_int_equal(pc_history_import(home->history, home->other, &count), 0);
    assert_int_equal(count, 0);
    assert_int_equal(pc_history_import(home->history, "/nowhere", &count),
                     PYCONSOLE_EINVAL);
}

static void
test_import__a_file_of_editline(void **state)
{
    struct home *home = *state;
    static const char file[] =
        "_HiStOrY_V2_\nimport\\040os\ndef\\040f():\\012\\040\\040pass\n"
        "'a\\\\b\\303\\251'\n\\04\n";
    write_file(home->other, file, sizeof file - 1);
    size_t count = 0;
    assert_int_equal(pc_history_import(home->history, home->other, &count), 0);
    assert_int_equal(count, 4);
    assert_string_equal(backward(home->history, ""),
                        "\\04|'a\\bé'|def f():\n  pass|import os|");
}

static void
test_import__begins_a_new_database(void **state)
{
    struct home *home = *state;
    write_file(home->other, "one\ntwo\n", 8);
    home->options.import_path = home->other;
    struct pc_history *second = console(home);
    append(second, "three");
    assert_string_equal(backward(second, ""), "three|two|one|");
    pc_history_free(second);
    write_file(home->other, "one\ntwo\nfour\n", 13);
    second = console(home);
    assert_string_equal(backward(second, ""), "three|two|one|");
    pc_history_free(second);
}

static void
test_import__the_first_entry_after_it_is_in_the_list(void **state)
{
    struct home *home = *state;
    write_file(home->other, "one\ntwo\n", 8);
    home->options.import_path = home->other;
    struct pc_history *second = console(home);
    append(second, "three");
    append(home->history, "four");
    pc_history_free(second);
    assert_string_equal(query(home->path, "SELECT id FROM entry WHERE text = 'three'"),
                        "0");
    assert_string_equal(SEARCH(home->history, .text = ""), "four|three|two|one|");
}

static void
test_export__is_what_import_reads(void **state)
{
    struct home *home = *state;
    append(home->history, "def f():\n    return 1");
    append(home->history, "f()");
    size_t count = 0;
    assert_int_equal(pc_history_export(home->history, home->other, &count), 0);
    assert_int_equal(count, 2);
    assert_string_equal(read_file(home->other), "def f():\r\n    return 1\nf()\n");
    assert_int_equal(pc_history_export(home->history, "/nowhere/file", &count),
                     PYCONSOLE_EINVAL);
}

static void
test_text_file__gets_each_entry_too(void **state)
{
    struct home *home = *state;
    home->options.text_path = home->other;
    struct pc_history *second = console(home);
    append(second, "for x in y:\n    x");
    append(second, "a");
    append(second, "a");
    append(second, " secret");
    assert_string_equal(read_file(home->other), "for x in y:\r\n    x\na\n");
    write_file(home->other, "_HiStOrY_V2_\n", 13);
    append(second, "a\\b é\nc");
    assert_string_equal(read_file(home->other),
                        "_HiStOrY_V2_\na\\\\b\\040\\303\\251\\012c\n");
    pc_history_free(second);
}

/* ---- many at once, and kills ---- */

enum { CONSOLES = 10, EACH = 40 };

static void
append_numbered(const struct home *home, int console_number)
{
    struct pc_history *history = NULL;
    if (pc_history_new(&home->options, &history) < 0) {
        _exit(1);
    }
    for (int i = 0; i < EACH; i++) {
        char text[64];
        int64_t serial;
        int len = snprintf(text, sizeof text, "line %d of %d", i, console_number);
        if (pc_history_append(history, text, (size_t)len, i, &serial) < 0 ||
            pc_history_take_message(history) != NULL) {
            _exit(2);
        }
        pc_history_finish(history, serial, i, PC_OUTCOME_DONE);
    }
    pc_history_free(history);
    _exit(0);
}

static void
test_many__ten_consoles_lose_nothing(void **state)
{
    struct home *home = *state;
    for (int i = 0; i < CONSOLES; i++) {
        if (fork() == 0) {
            append_numbered(home, i);
        }
    }
    for (int i = 0; i < CONSOLES; i++) {
        int status = -1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    backward(home->history, "none"); /* takes over what still waits */
    assert_string_equal(query(home->path, "SELECT count(*) FROM entry"), "400");
    assert_string_equal(query(home->path, "SELECT count(DISTINCT text) FROM entry"),
                        "400");
    assert_string_equal(query(home->path, "PRAGMA integrity_check"), "ok");
}

/* A console that appends until it is killed, and tells of each append that returned. */
static void
append_until_killed(const struct home *home, int round, int ack)
{
    struct pc_history *history = NULL;
    (void)pc_history_new(&home->options, &history);
    for (int i = 0;; i++) {
        char text[64];
        int64_t serial;
        int len = snprintf(text, sizeof text, "round %d:\n    line %d", round, i);
        if (pc_history_append(history, text, (size_t)len, i, &serial) < 0 ||
            write(ack, &i, sizeof i) != sizeof i) {
            _exit(1);
        }
        pc_history_finish(history, serial, i, PC_OUTCOME_DONE);
    }
}

/* The child is killed some time after it has told of so many; returns the last it told. */
static int
kill_after(const struct home *home, int round, int acks, unsigned spins)
{
    int ends[2];
    int last = -1;
    int one;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        append_until_killed(home, round, ends[1]);
    }
    close(ends[1]);
    while (last < acks && read(ends[0], &one, sizeof one) == sizeof one) {
        last = one;
    }
    for (volatile unsigned i = 0; i < spins; i++) {}
    kill(child, SIGKILL);
    while (read(ends[0], &one, sizeof one) == sizeof one) {
        last = one;
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return last;
}

/* PYCONSOLE_KILLS is how often; the moments are the same at each run, as far as the machine
 * lets them. Every fourth time the database is held by another program. */
static void
test_kill__every_append_that_returned_is_there(void **state)
{
    struct home *home = *state;
    const char *kills = getenv("PYCONSOLE_KILLS");
    unsigned seed = 20261126;
    append(home->history, "first");
    for (int round = 0; round < (kills == NULL ? 20 : atoi(kills)); round++) {
        sqlite3 *holder = round % 4 == 3 ? hold(home) : NULL;
        int acks = holder != NULL ? 3 : rand_r(&seed) % 30;
        int last = kill_after(home, round, acks, (unsigned)rand_r(&seed) % 400000);
        sqlite3_close(holder);
        struct pc_history *next = console(home);
        append(next, "after");
        pc_history_free(next);
        char sql[128];
        char expected[64];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM entry WHERE text GLOB 'round %d:*' AND"
                 " time <= %d",
                 round, last);
        snprintf(expected, sizeof expected, "%d", last + 1);
        assert_string_equal(query(home->path, sql), expected);
        assert_string_equal(query(home->path, "PRAGMA integrity_check"), "ok");
    }
    assert_string_equal(query(home->path,
                              "SELECT count(*) - count(DISTINCT text) FROM entry"
                              " WHERE text GLOB 'round*'"),
                        "0");
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, open_home, close_home)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(test_append__is_in_the_database_when_it_returns),
        IN_HOME(test_append__what_is_no_entry),
        IN_HOME(test_append__the_same_again_is_one_entry),
        IN_HOME(test_append__the_same_again_is_written_when_it_is_over),
        IN_HOME(test_append__private_and_spaced_stay_in_memory),
        cmocka_unit_test(test_append__without_a_database),
        IN_HOME(test_trim__the_oldest_go),
        IN_HOME(test_step__own_session_first_then_the_others),
        IN_HOME(test_step__there_and_back),
        IN_HOME(test_step__by_prefix),
        IN_HOME(test_step__a_rare_prefix_far_away),
        IN_HOME(test_remove__a_text_is_forgotten),
        IN_HOME(test_search__each_text_once_the_latest_first),
        IN_HOME(test_search__in_the_order_in_which_they_ran),
        IN_HOME(test_search__fuzzy_the_best_first),
        IN_HOME(test_search__filters),
        IN_HOME(test_busy__entries_wait_beside_the_database),
        IN_HOME(test_busy__who_waited_in_vain_waits_less),
        IN_HOME(test_busy__a_torn_record_is_passed_over),
        IN_HOME(test_broken__is_moved_aside),
        IN_HOME(test_broken__while_it_is_open),
        IN_HOME(test_deleted__a_new_one_begins),
        IN_HOME(test_schema__a_newer_one_is_left_alone),
        cmocka_unit_test(test_folder__that_cannot_be_written),
        IN_HOME(test_trouble__that_comes_again_is_told_again),
        IN_HOME(test_import__a_file_of_cpython),
        IN_HOME(test_import__a_file_of_editline),
        IN_HOME(test_import__begins_a_new_database),
        IN_HOME(test_import__the_first_entry_after_it_is_in_the_list),
        IN_HOME(test_export__is_what_import_reads),
        IN_HOME(test_text_file__gets_each_entry_too),
        IN_HOME(test_many__ten_consoles_lose_nothing),
        IN_HOME(test_kill__every_append_that_returned_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
