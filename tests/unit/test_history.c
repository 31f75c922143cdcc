/* src/history: what is kept and found again, in the database and in text files. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "../tools/home.h"
#include "history/parts.h"
#include "history/search.h"

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

/* How many instructions SQLite's machine has run. */
static int
work(const struct pc_history *history)
{
    int steps = 0;
    for (size_t i = 0; i < PC_SQL_COUNT; i++) {
        if (history->statements[i] != NULL) {
            steps += sqlite3_stmt_status(history->statements[i],
                                         SQLITE_STMTSTATUS_VM_STEP, 0);
        }
    }
    return steps;
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

/* Each row that is passed over is known by the index to come again. */
static void
test_step__over_many_that_come_again(void **state)
{
    enum { TEXTS = 1000, ROUNDS = 10, EACH_MOST = 100 };
    struct home *home = *state;
    struct pc_history *second = console(home);
    struct pc_history *of[] = {home->history, second};
    char sql[512];
    append(home->history, "x1");
    append(second, "x1");
    for (size_t i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql,
                 "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
                 " WHERE i < %d) INSERT INTO entry (session, serial, time, duration,"
                 " outcome, folder, python, text) SELECT %lld, i, 0, 0, 1, '', '',"
                 " 'x' || (i %% %d) FROM n RETURNING 1",
                 TEXTS * ROUNDS, (long long)of[i]->session, TEXTS);
        query(home->path, sql);
    }
    struct pc_history_place place = {PC_PLACE_OWN, TEXTS * (ROUNDS - 1) + 1};
    assert_string_equal(walk(home->history, &place, PC_BACKWARD, ""), "");
    assert_in_range(work(home->history), 1, 2 * TEXTS * ROUNDS * EACH_MOST);
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

static void
test_remove__what_waits_is_forgotten_and_the_block_is_new_again(void **state)
{
    struct home *home = *state;
    static const char record[] =
        "entry 5 1 7 -1 0 1 1 16\n/3password = 'abc'\nentry 5 2 8 -1 0 1 1 5\n/3b = 2\n";
    char waiting[160];
    append(home->history, "password = 'abc'");
    snprintf(waiting, sizeof waiting, "%s-waiting", home->path);
    write_file(waiting, record, sizeof record - 1);
    assert_int_equal(pc_history_remove(home->history, "password = 'abc'", 16), 0);
    assert_string_equal(backward(home->history, ""), "b = 2|");
    append(home->history, "password = 'abc'");
    assert_string_equal(backward(home->history, ""), "password = 'abc'|b = 2|");
}

static void
test_remove__a_busy_database_has_it_still(void **state)
{
    struct home *home = *state;
    append(home->history, "a");
    sqlite3 *other = hold(home);
    assert_int_equal(pc_history_remove(home->history, "a", 1), PYCONSOLE_EBUSY);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_string_equal(backward(home->history, ""), "a|");
    assert_int_equal(pc_history_remove(home->history, "a", 1), 0);
    assert_string_equal(backward(home->history, ""), "");
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

static void
test_search__one_is_removed_and_the_next_has_its_number(void **state)
{
    struct home *home = *state;
    struct pc_history_search *found = NULL;
    struct pc_history_filter filter = {.text = ""};
    struct pc_history_entry entry;
    append(home->history, "a");
    append(home->history, " in memory");
    append(home->history, " in memory");
    append(home->history, "b");
    assert_int_equal(pc_history_search_new(home->history, &filter, &found), 0);
    assert_int_equal(pc_history_search_more(found, 100), 0);
    assert_int_equal(pc_history_search_remove(found, 1), 0);
    assert_int_equal(pc_history_search_entry(found, 1, &entry), 1);
    assert_string_equal(entry.text, "a");
    assert_int_equal(pc_history_search_remove(found, 1), 0);
    assert_int_equal(pc_history_search_remove(found, 1), PYCONSOLE_EINVAL);
    assert_int_equal(pc_history_search_count(found), 1);
    pc_history_search_free(found);
    assert_string_equal(backward(home->history, ""), "b|");
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

/* Whether one is there already is found by the index. */
static void
test_import__of_many_entries(void **state)
{
    enum { COUNT = 2000, EACH_MOST = 200 };
    struct home *home = *state;
    pc_auto_bytes struct pc_bytes lines = {0};
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(pc_bytes_append_format(&lines, "x = %d\n", i), 0);
    }
    write_file(home->other, lines.data, lines.len);
    home->options.import_path = home->other;
    struct pc_history *history = console(home);
    struct pc_history_place place = {0};
    struct pc_history_entry entry;
    assert_int_equal(pc_history_oldest(history, &place, &entry), 1);
    assert_string_equal(entry.text, "x = 0");
    assert_in_range(work(history), 1, COUNT * EACH_MOST);
    pc_history_free(history);
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

static void
test_text_file__loses_what_is_removed(void **state)
{
    struct home *home = *state;
    static const char file[] =
        "f(1)\nif x:\r\n    f(1)\nf(1)\r\n\nlatin \xe9\nif x:\r\n    f(1)\nf(1)";
    home->options.text_path = home->other;
    struct pc_history *second = console(home);
    assert_int_equal(pc_history_remove(second, "f(1)", 4), 0); /* there is no file */
    write_file(home->other, file, sizeof file - 1);
    assert_int_equal(pc_history_remove(second, "f(1)", 4), 0);
    assert_string_equal(read_file(home->other),
                        "if x:\r\n    f(1)\nf(1)\r\n\nlatin \xe9\nif x:\r\n    f(1)\n");
    assert_int_equal(pc_history_remove(second, "if x:\n    f(1)", 14), 0);
    assert_string_equal(read_file(home->other), "f(1)\r\n\nlatin \xe9\n");
    static const char editline[] = "_HiStOrY_V2_\na\\\\b\\040\na\n";
    write_file(home->other, editline, sizeof editline - 1);
    assert_int_equal(pc_history_remove(second, "a\\b ", 4), 0);
    assert_string_equal(read_file(home->other), "_HiStOrY_V2_\na\n");
    home->options.text_path = "/dev/null"; /* which keeps none */
    struct pc_history *fourth = console(home);
    append(fourth, "nowhere else");
    assert_int_equal(pc_history_remove(fourth, "nowhere else", 12), 0);
    assert_string_equal(backward(fourth, "nowhere"), "");
    pc_history_free(fourth);
    home->options.text_path = home->folder; /* which cannot be written */
    struct pc_history *third = console(home);
    assert_int_equal(pc_history_remove(third, "a", 1), PYCONSOLE_EBUSY);
    pc_history_free(third);
    pc_history_free(second);
}

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
        IN_HOME(test_step__over_many_that_come_again),
        IN_HOME(test_remove__a_text_is_forgotten),
        IN_HOME(test_remove__what_waits_is_forgotten_and_the_block_is_new_again),
        IN_HOME(test_remove__a_busy_database_has_it_still),
        IN_HOME(test_search__each_text_once_the_latest_first),
        IN_HOME(test_search__in_the_order_in_which_they_ran),
        IN_HOME(test_search__fuzzy_the_best_first),
        IN_HOME(test_search__filters),
        IN_HOME(test_search__one_is_removed_and_the_next_has_its_number),
        IN_HOME(test_import__a_file_of_cpython),
        IN_HOME(test_import__a_file_of_editline),
        IN_HOME(test_import__begins_a_new_database),
        IN_HOME(test_import__of_many_entries),
        IN_HOME(test_import__the_first_entry_after_it_is_in_the_list),
        IN_HOME(test_export__is_what_import_reads),
        IN_HOME(test_text_file__gets_each_entry_too),
        IN_HOME(test_text_file__loses_what_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
