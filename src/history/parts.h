/* What the files of this room share, and nobody else sees.
 *
 *     history.c    entries of this session in memory, and when they are written
 *     database.c   the file: opening, schema, statements, trouble
 *     walk.c       steps through memory and database as one
 *     waiting.c    the file beside the database, while that is busy
 *     textfile.c   files as CPython has them
 *     search.c     the list over everything */
#ifndef PC_HISTORY_PARTS_H
#define PC_HISTORY_PARTS_H

#include <sqlite3.h>

#include "base/bytes.h"
#include "history/history.h"

/* The statements, each prepared when it is first needed; database.c has their text. */
enum pc_sql {
    PC_SQL_BEGIN,
    PC_SQL_COMMIT,
    PC_SQL_ROLLBACK,
    PC_SQL_PUT,
    PC_SQL_TRIM,
    PC_SQL_GET,
    PC_SQL_REMOVE,
    PC_SQL_HAS,
    PC_SQL_BOUNDS,
    PC_SQL_IMPORT,
    PC_SQL_ALL,
    PC_SQL_PAGE,
    PC_SQL_OWN_HAS,
    PC_SQL_HEADS,
    PC_SQL_OWN, /* each of the three backward, then forward */
    PC_SQL_OWN_FORWARD,
    PC_SQL_NEAR,
    PC_SQL_NEAR_FORWARD,
    PC_SQL_FAR,
    PC_SQL_FAR_FORWARD,
    PC_SQL_COUNT,
};

/* An entry of this session that is not in the database, or may have to be written again. */
struct pc_remembered {
    struct pc_history_entry entry; /* its texts are owned */
    bool kept;                     /* it may be written to files */
    bool dirty;                    /* it has to be */
    bool waits;                    /* it is, in this state, in the file that waits */
    bool runs;                     /* it is not finished */
};

struct pc_history {
    char *path;
    char *text_path;
    char *import_path;
    char *folder;
    char *python;
    enum pc_history_keeping keeping;
    bool keep_repeated;
    bool keep_spaced;
    int64_t entries_most;

    int64_t session;
    int64_t serial;               /* of the last entry */
    struct pc_bytes last;         /* its text */
    struct pc_remembered *recent; /* serials rise */
    size_t recent_count;
    size_t recent_cap;

    sqlite3 *db;    /* NULL: not open */
    bool unusable;  /* and not to be opened again */
    bool suspect;   /* a statement found its file broken: check it when it is opened */
    int said;       /* the last trouble that the user was told of */
    bool busy;      /* the last attempt to write found it busy */
    bool some_wait; /* of ours, in the file that waits */
    sqlite3_stmt *statements[PC_SQL_COUNT];

    struct pc_bytes found[3]; /* text, folder, python of the entry given out */
    char message[512];
    bool has_message;
};

/* ---- history.c ---- */

/* The entry in memory, or NULL. */
struct pc_remembered *pc_recent_find(struct pc_history *history, int64_t serial);

/* Drops the entries with this text. */
void pc_recent_remove(struct pc_history *history, const char *text, size_t len);

/* Leaves a message; one that is there and was not taken is kept. */
void pc_history_say(struct pc_history *history, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- database.c ---- */

/* Opens the database if it is to be seen and can be. False: it is not there. */
bool pc_database_open(struct pc_history *history);

/* Closes a file that was moved aside or deleted meanwhile: it is not ours any more. */
void pc_database_leave_moved(struct pc_history *history);
void pc_database_close(struct pc_history *history);

/* A statement to be filled and stepped, or NULL. pc_database_done() gives it back. */
sqlite3_stmt *pc_database_prepare(struct pc_history *history, enum pc_sql sql);
void pc_database_done(sqlite3_stmt *statement);

/* Runs a statement without parameters or rows; an SQLite result code. */
int pc_database_run(struct pc_history *history, enum pc_sql sql);

/* Writes or rewrites an entry; an SQLite result code. */
int pc_database_put(struct pc_history *history, const struct pc_history_entry *entry);

/* What has failed: closes the database if its file is broken, so that pc_database_open()
 * moves that aside and begins a new one; says what the user should know. */
void pc_database_failed(struct pc_history *history, int result);

/* The row of a statement whose columns are those of the table, copied into `found`. 1, or
 * PYCONSOLE_ENOMEM. */
int pc_database_entry(struct pc_history *history, sqlite3_stmt *row,
                      struct pc_history_entry *ret_entry);

/* Takes an exclusive lock by flock(), waiting so many milliseconds at most. */
bool pc_lock_file(int fd, int wait);

/* Appends all that a regular file has. PYCONSOLE_EINVAL: it is none, has more than `most`
 * bytes, or cannot be read; PYCONSOLE_ENOMEM. */
int pc_read_whole(int fd, size_t most, struct pc_bytes *bytes);

/* ---- waiting.c ---- */

/* Appends what is dirty and does not wait yet. False: the file cannot be written. */
bool pc_waiting_append(struct pc_history *history);

/* Takes what waits into the database, within a transaction of its own. False: some waits
 * still. */
bool pc_waiting_take(struct pc_history *history);

/* ---- textfile.c ---- */

/* Appends an entry, in one write. */
void pc_textfile_append(struct pc_history *history, const char *text, size_t len);

/* Removes all entries with this text. False: the file cannot be written. */
bool pc_textfile_remove(struct pc_history *history, const char *text, size_t len);

/* Within a transaction: the entries of a file as the oldest ones. */
int pc_textfile_import(struct pc_history *history, const char *path, size_t *ret_count);

#endif
