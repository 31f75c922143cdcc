/* The database: its file, its schema, its statements, and what can be wrong with them.
 *
 * Opening takes a lock on the folder, waiting no longer than for SQLite's, so that of several
 * consoles one makes the file, or moves a broken one aside; the others find it done. Writers
 * keep out of each other's way by SQLite's own locks: with a write-ahead log, where
 * readers never wait, or, on file systems that are shared between machines, where that log
 * does not work, with a journal.
 *
 * A commit is handed to the kernel, not waited for until the disk has it (synchronous =
 * NORMAL): a killed process loses nothing, a power cut may lose the last entries but
 * breaks nothing. */
#include "history/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#endif

#include <pyconsole/status.h>

#include "base/cleanup.h"

/* How long a writer waits for others, in ms; and if the last one waited in vain. */
enum { WAIT = 200, WAIT_AGAIN = 10 };

/* How many broken files are kept beside it. */
enum { ASIDE_MOST = 100 };

/* From each version of the schema to the next; PRAGMA user_version counts them. `head`
 * finds a text, or texts that begin with one, without an index as large as the table. */
static const char *const migrations[] = {
    "CREATE TABLE entry ("
    " id INTEGER PRIMARY KEY,"
    " session INTEGER NOT NULL,"
    " serial INTEGER NOT NULL,"
    " time INTEGER NOT NULL,"
    " duration INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL,"
    " folder TEXT NOT NULL,"
    " python TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " UNIQUE (session, serial));"
    "CREATE INDEX entry_head ON entry (substr(text, 1, 40));"
    "PRAGMA application_id = 0x7079636f;",
};
enum { VERSION = sizeof migrations / sizeof *migrations };

#define COLUMNS "id, session, serial, time, duration, outcome, folder, python, text"
#define PREFIX  "substr(text, 1, length(?3)) = ?3"

/* By the index. With the sign, what is known of `text` is not put into the expression, which
 * would not be the index's any more. */
#define SAME(text) "substr(text, 1, 40) = substr(" text ", 1, 40) AND +text = " text

/* Is the text in a later row? Of a session too, ids rise as serials do. */
#define LATER                                                                          \
    "(SELECT 1 FROM entry n INDEXED BY entry_head WHERE n.id > e.id AND"               \
    " substr(n.text, 1, 40) = substr(e.text, 1, 40) AND n.text = e.text"

/* An entry of this session, the latest with its text; ?1 session, ?2 serial, ?3 prefix. */
#define OWN(order, direction)                                                          \
    "SELECT " COLUMNS " FROM entry e WHERE session = ?1 AND serial " order " ?2"       \
    " AND " PREFIX " AND NOT EXISTS " LATER " AND n.session = ?1)"                     \
    " ORDER BY serial " direction " LIMIT 1"

/* An entry of another session; ?1 session, ?2 id, ?3 prefix: NEAR, within ?6 ids, or FAR,
 * among those in the index between ?4 and ?5, which had better be few. */
#define LATEST " AND NOT EXISTS " LATER ")"
#define NEAR(order, limit, direction)                                                  \
    "SELECT " COLUMNS " FROM entry e NOT INDEXED WHERE id " order " ?2"                \
    " AND id " limit " AND session <> ?1 AND " PREFIX LATEST " ORDER BY id " direction \
    " LIMIT 1"
#define FAR(order, direction)                                                          \
    "SELECT " COLUMNS " FROM entry e INDEXED BY entry_head"                            \
    " WHERE substr(text, 1, 40) >= ?4 AND substr(text, 1, 40) < ?5"                    \
    " AND id " order " ?2 AND session <> ?1 AND " PREFIX LATEST                        \
    " ORDER BY id " direction " LIMIT 1"

static const char *const statements[PC_SQL_COUNT] = {
    [PC_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [PC_SQL_COMMIT] = "COMMIT",
    [PC_SQL_ROLLBACK] = "ROLLBACK",
    /* What is known of an entry is not forgotten when it is written again. */
    [PC_SQL_PUT] =
        "INSERT INTO entry (session, serial, time, duration, outcome, folder, python,"
        " text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (session, serial) DO UPDATE SET time = max(time, excluded.time),"
        " duration = iif(excluded.outcome = 0, duration, excluded.duration),"
        " outcome = iif(excluded.outcome = 0, outcome, excluded.outcome)",
    [PC_SQL_TRIM] = "DELETE FROM entry WHERE id <="
                    " (SELECT id FROM entry ORDER BY id DESC LIMIT 1 OFFSET ?1)",
    [PC_SQL_GET] = "SELECT " COLUMNS " FROM entry WHERE id = ?1",
    [PC_SQL_REMOVE] = "DELETE FROM entry WHERE " SAME("?1"),
    [PC_SQL_HAS] = "SELECT 1 FROM entry WHERE " SAME("?1") " LIMIT 1",
    [PC_SQL_BOUNDS] = "SELECT ifnull((SELECT min(id) FROM entry), 0),"
                      " ifnull((SELECT max(id) FROM entry), -1)",
    [PC_SQL_IMPORT] = "INSERT INTO entry (id, session, serial, time, duration, outcome,"
                      " folder, python, text) VALUES (?1, 0, ?1, 0, -1, 0, '', '', ?2)",
    [PC_SQL_ALL] = "SELECT text FROM entry ORDER BY id",
    [PC_SQL_PAGE] = "SELECT id, text, session, serial, time FROM entry NOT INDEXED"
                    " WHERE id < ?1 AND id >= ?2 AND (?3 = 0 OR session = ?3)"
                    " AND (?4 IS NULL OR folder = ?4)"
                    " AND (?5 = 0 OR outcome NOT IN (2, 4)) ORDER BY id DESC",
    /* From the session's first row on: others may have the text very often. */
    [PC_SQL_OWN_HAS] =
        "SELECT 1 FROM entry INDEXED BY entry_head WHERE session = ?1 AND serial > ?3"
        " AND id >= (SELECT id FROM entry WHERE session = ?1 ORDER BY serial LIMIT 1)"
        " AND " SAME("?2") " ORDER BY id DESC LIMIT 1",
    [PC_SQL_HEADS] = "SELECT count(*) FROM (SELECT 1 FROM entry INDEXED BY entry_head"
                     " WHERE substr(text, 1, 40) >= ?4 AND substr(text, 1, 40) < ?5"
                     " LIMIT ?6)",
    [PC_SQL_OWN] = OWN("<", "DESC"),
    [PC_SQL_OWN_FORWARD] = OWN(">", "ASC"),
    [PC_SQL_NEAR] = NEAR("<", ">= ?2 - ?6", "DESC"),
    [PC_SQL_NEAR_FORWARD] = NEAR(">", "<= ?2 + ?6", "ASC"),
    [PC_SQL_FAR] = FAR("<", "DESC"),
    [PC_SQL_FAR_FORWARD] = FAR(">", "ASC"),
};

static int
wait_of(const struct pc_history *history)
{
    return history->busy ? WAIT_AGAIN : WAIT;
}

/* ---- files ---- */

/* Does the file system work between machines? Then shared memory does not. */
static bool
is_network(const char *path)
{
    struct statfs info;
    if (statfs(path, &info) < 0) {
        return false;
    }
#ifdef __linux__
    static const unsigned kinds[] = {
        0x6969,     /* NFS */
        0x517b,     /* SMB */
        0xff534d42, /* CIFS */
        0xfe534d42, /* SMB 2 */
        0x01021997, /* 9P */
        0x5346414f, /* AFS */
        0x73757245, /* Coda */
        0x00c36400, /* Ceph */
        0x0bd00bd0, /* Lustre */
        0x47504653, /* GPFS */
        0x65735546, /* FUSE: sshfs and the like */
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if ((unsigned)info.f_type == kinds[i]) {
            return true;
        }
    }
    return false;
#else
    return (info.f_flags & MNT_LOCAL) == 0;
#endif
}

/* The folder, with those above it, and an empty file that only its user can read. One that
 * exists is not opened: to close it would drop the locks that this process has on it. */
static void
make_file(const char *path)
{
    pc_auto_free char *folder = strdup(path);
    if (folder == NULL) {
        return;
    }
    for (char *slash = strchr(folder + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        (void)close(fd);
    }
}

bool
pc_lock_file(int fd, int wait)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    for (int attempt = 0; attempt <= wait; attempt++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return false; /* the file system has no locks */
        }
        nanosleep(&millisecond, NULL);
    }
    return false;
}

int
pc_read_whole(int fd, size_t most, struct pc_bytes *bytes)
{
    struct stat info;
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) || (size_t)info.st_size > most) {
        return PYCONSOLE_EINVAL;
    }
    size_t left = (size_t)info.st_size;
    int status = pc_bytes_reserve(bytes, left);
    ssize_t count = status < 0 ? 0 : 1;
    while (count > 0 && left > 0) {
        count = read(fd, bytes->data + bytes->len, left);
        bytes->len += count > 0 ? (size_t)count : 0;
        left -= count > 0 ? (size_t)count : 0;
    }
    return count < 0 ? PYCONSOLE_EINVAL : status;
}

/* The folder's descriptor, locked as far as it can be; or -1. */
static int
lock_folder(const struct pc_history *history)
{
    const char *path = history->path;
    const char *slash = strrchr(path, '/');
    pc_auto_free char *folder =
        slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)pc_lock_file(fd, wait_of(history));
    }
    return fd;
}

/* The file and its log get a name that is free. */
static void
move_aside(struct pc_history *history)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    pc_auto_bytes struct pc_bytes from = {0};
    pc_auto_bytes struct pc_bytes to = {0};
    for (int number = 1; number <= ASIDE_MOST; number++) {
        pc_bytes_clear(&to);
        if (pc_bytes_append_format(&to, "%s.broken-%d", history->path, number) < 0) {
            return;
        }
        if (access(to.data, F_OK) < 0) {
            break;
        }
    }
    pc_history_say(history,
                   "the history was broken: it is in %s now, and a new one begins",
                   to.data);
    size_t len = to.len;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        pc_bytes_clear(&from);
        if (pc_bytes_replace(&to, len, to.len, endings[i], strlen(endings[i])) < 0 ||
            pc_bytes_append_format(&from, "%s%s", history->path, endings[i]) < 0) {
            return;
        }
        (void)rename(from.data, to.data);
    }
}

/* ---- statements ---- */

sqlite3_stmt *
pc_database_prepare(struct pc_history *history, enum pc_sql sql)
{
    if (history->statements[sql] == NULL) {
        int result = sqlite3_prepare_v3(history->db, statements[sql], -1,
                                        SQLITE_PREPARE_PERSISTENT,
                                        &history->statements[sql], NULL);
        if (result != SQLITE_OK) {
            pc_database_failed(history, result);
        }
    }
    return history->db == NULL ? NULL : history->statements[sql];
}

void
pc_database_done(sqlite3_stmt *statement)
{
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

/* One step of a statement that gives no rows, and all that it waits for others. */
static int
step(struct pc_history *history, sqlite3_stmt *statement)
{
    sqlite3_busy_timeout(history->db, wait_of(history));
    int result = sqlite3_step(statement);
    pc_database_done(statement);
    return result;
}

int
pc_database_run(struct pc_history *history, enum pc_sql sql)
{
    sqlite3_stmt *statement = pc_database_prepare(history, sql);
    return statement == NULL ? SQLITE_BUSY : step(history, statement);
}

int
pc_database_put(struct pc_history *history, const struct pc_history_entry *entry)
{
    sqlite3_stmt *put = pc_database_prepare(history, PC_SQL_PUT);
    if (put == NULL) {
        return SQLITE_BUSY;
    }
    const int64_t numbers[] = {entry->session, entry->serial, entry->time,
                               entry->duration, (int64_t)entry->outcome};
    for (int i = 0; i < 5; i++) {
        sqlite3_bind_int64(put, i + 1, numbers[i]);
    }
    sqlite3_bind_text(put, 6, entry->folder, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 7, entry->python, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 8, entry->text, (int)entry->len, SQLITE_STATIC);
    return step(history, put);
}

static const char *
copy_column(struct pc_bytes *room, sqlite3_stmt *row, int column, int *status)
{
    const unsigned char *text = sqlite3_column_text(row, column);
    size_t len = (size_t)sqlite3_column_bytes(row, column);
    pc_bytes_clear(room);
    int failed = text == NULL ? PYCONSOLE_ENOMEM : pc_bytes_append(room, text, len);
    *status = failed < 0 ? failed : *status;
    return pc_bytes_text(room);
}

int
pc_database_entry(struct pc_history *history, sqlite3_stmt *row,
                  struct pc_history_entry *ret_entry)
{
    int status = 1;
    struct pc_history_entry entry = {
        .id = sqlite3_column_int64(row, 0),
        .session = sqlite3_column_int64(row, 1),
        .serial = sqlite3_column_int64(row, 2),
        .time = sqlite3_column_int64(row, 3),
        .duration = sqlite3_column_int64(row, 4),
        .outcome = (enum pc_outcome)sqlite3_column_int(row, 5),
    };
    entry.folder = copy_column(&history->found[1], row, 6, &status);
    entry.python = copy_column(&history->found[2], row, 7, &status);
    entry.text = copy_column(&history->found[0], row, 8, &status);
    entry.len = history->found[0].len;
    if (status == 1) {
        *ret_entry = entry;
    }
    return status;
}

/* ---- opening ---- */

/* The first column of the first row: a number, or whether it is this text. */
static int
ask(sqlite3 *db, const char *sql, int *ret_number, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
    }
    if (result == SQLITE_ROW) {
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        *ret_number = text == NULL ? sqlite3_column_int(statement, 0)
                                   : found != NULL && strcmp(found, text) == 0;
        result = SQLITE_OK;
    }
    (void)sqlite3_finalize(statement);
    return result;
}

static int
choose_journal(struct pc_history *history)
{
    int is_so = 0;
    if (is_network(history->path)) {
        return ask(history->db, "PRAGMA journal_mode = TRUNCATE", &is_so, "truncate");
    }
    int result = ask(history->db, "PRAGMA journal_mode", &is_so, "wal");
    /* Where there can be no such log, SQLite keeps the journal. */
    return result != SQLITE_OK || is_so
               ? result
               : ask(history->db, "PRAGMA journal_mode = WAL", &is_so, "wal");
}

/* In a transaction: another console may have done it since `version` was read. */
static int
migrate(struct pc_history *history)
{
    int version = 0;
    size_t count = 0;
    int result = ask(history->db, "PRAGMA user_version", &version, NULL);
    for (int i = version; i < VERSION && result == SQLITE_OK; i++) {
        result = sqlite3_exec(history->db, migrations[i], NULL, NULL, NULL);
    }
    if (result == SQLITE_OK && version == 0 && history->import_path != NULL) {
        (void)pc_textfile_import(history, history->import_path, &count);
    }
    char set[64];
    (void)snprintf(set, sizeof set, "PRAGMA user_version = %d", VERSION);
    return result == SQLITE_OK ? sqlite3_exec(history->db, set, NULL, NULL, NULL)
                               : result;
}

static int
bring_up_to_date(struct pc_history *history)
{
    int version = 0;
    int result = ask(history->db, "PRAGMA user_version", &version, NULL);
    if (result != SQLITE_OK || version == VERSION) {
        return result;
    }
    if (version > VERSION) {
        pc_history_say(history, "%s is of a newer pyconsole: it is left alone",
                       history->path);
        return SQLITE_MISMATCH;
    }
    result = sqlite3_exec(history->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (result == SQLITE_OK && (result = migrate(history)) == SQLITE_OK) {
        result = sqlite3_exec(history->db, "COMMIT", NULL, NULL, NULL);
    }
    return result;
}

static int
open_file(struct pc_history *history)
{
    make_file(history->path);
    int result = sqlite3_open_v2(history->path, &history->db,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                     SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                                 NULL);
    int is_sound = 1;
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(history->db, wait_of(history));
        result =
            sqlite3_exec(history->db,
                         "PRAGMA trusted_schema = OFF; PRAGMA synchronous = NORMAL;"
                         "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON",
                         NULL, NULL, NULL);
    }
    if (result == SQLITE_OK && history->suspect) {
        result = ask(history->db, "PRAGMA quick_check(1)", &is_sound, "ok");
    }
    if (result == SQLITE_OK && !is_sound) {
        return SQLITE_CORRUPT;
    }
    history->suspect = false;
    if (result == SQLITE_OK) {
        result = choose_journal(history);
    }
    return result == SQLITE_OK ? bring_up_to_date(history) : result;
}

static bool
is_broken(int result)
{
    return (result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB;
}

static void
close_file(struct pc_history *history)
{
    for (size_t i = 0; i < PC_SQL_COUNT; i++) {
        (void)sqlite3_finalize(history->statements[i]);
        history->statements[i] = NULL;
    }
    (void)sqlite3_close(history->db);
    history->db = NULL;
}

void
pc_database_leave_moved(struct pc_history *history)
{
    int moved = 0;
    if (history->db != NULL) {
        (void)sqlite3_file_control(history->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    }
    if (moved) {
        close_file(history);
    }
}

bool
pc_database_open(struct pc_history *history)
{
    if (history->path == NULL || history->unusable ||
        history->keeping == PC_HISTORY_OFF || history->db != NULL) {
        return history->db != NULL && history->keeping != PC_HISTORY_OFF;
    }
    make_file(history->path);
    int lock = lock_folder(history);
    int result = open_file(history);
    if (is_broken(result)) {
        close_file(history);
        move_aside(history);
        result = open_file(history);
    }
    if (result != SQLITE_OK) {
        pc_database_failed(history, result);
        history->busy = (result & 0xff) == SQLITE_BUSY;
        history->unusable = !history->busy;
        close_file(history);
    }
    if (lock >= 0) {
        (void)close(lock);
    }
    if (history->db != NULL) {
        (void)pc_waiting_take(history);
    }
    return history->db != NULL;
}

void
pc_database_close(struct pc_history *history)
{
    sqlite3_stmt *trim = history->db == NULL || history->entries_most <= 0
                             ? NULL
                             : pc_database_prepare(history, PC_SQL_TRIM);
    if (trim != NULL) {
        sqlite3_bind_int64(trim, 1, history->entries_most);
        (void)sqlite3_step(trim);
        pc_database_done(trim);
    }
    close_file(history);
}

void
pc_database_failed(struct pc_history *history, int result)
{
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_MISMATCH:
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        history->suspect = true;
        close_file(history);
        break;
    default:
        if (history->said != result) {
            history->said = result;
            pc_history_say(history, "history: %s: %s", history->path,
                           sqlite3_errstr(result));
        }
        break;
    }
}
