/* src/history: nothing is lost, whatever becomes of its files and its consoles. */
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

#include "../tools/home.h"

/* ---- one console ---- */

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(test_busy__entries_wait_beside_the_database),
        IN_HOME(test_busy__who_waited_in_vain_waits_less),
        IN_HOME(test_busy__a_torn_record_is_passed_over),
        IN_HOME(test_broken__is_moved_aside),
        IN_HOME(test_broken__while_it_is_open),
        IN_HOME(test_deleted__a_new_one_begins),
        IN_HOME(test_schema__a_newer_one_is_left_alone),
        cmocka_unit_test(test_folder__that_cannot_be_written),
        IN_HOME(test_trouble__that_comes_again_is_told_again),
        IN_HOME(test_many__ten_consoles_lose_nothing),
        IN_HOME(test_kill__every_append_that_returned_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
