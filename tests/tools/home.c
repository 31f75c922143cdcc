/* A folder with a history; see home.h. */
#include "home.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct pc_history *
console(const struct home *home)
{
    struct pc_history *history = NULL;
    assert_int_equal(pc_history_new(&home->options, &history), 0);
    return history;
}

int
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

int
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

int64_t
append_at(struct pc_history *history, const char *text, int64_t time)
{
    int64_t serial = -1;
    assert_int_equal(pc_history_append(history, text, strlen(text), time, &serial), 0);
    return serial;
}

int64_t
append(struct pc_history *history, const char *text)
{
    return append_at(history, text, 1000);
}

const char *
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

const char *
backward(struct pc_history *history, const char *prefix)
{
    struct pc_history_place place = {0};
    return walk(history, &place, PC_BACKWARD, prefix);
}

void
write_file(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

const char *
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

sqlite3 *
hold(const struct home *home)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(home->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    return db;
}
