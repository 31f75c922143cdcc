/* History files as CPython has them: ~/.python_history, or the one that PYTHON_HISTORY
 * names.
 *
 *     file:      [header] entry*
 *     entry:     (line "\r\n")* line "\n"      a block is one entry (Lib/_pyrepl/readline.py)
 *     header:    "_HiStOrY_V2_\n"              of editline: \ooo stands for a byte, in octal,
 *                                              \\ for a backslash, and a block is one line
 *
 * Bytes that are no UTF-8 are taken for Latin-1, so that nothing that was typed is lost. */
#include "history/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "base/cleanup.h"
#include "base/utf8.h"

#define EDITLINE "_HiStOrY_V2_"

/* The largest file that is read; how long its lock is waited for, in ms. */
enum { FILE_MOST = 256 << 20, LOCK_WAIT = 100 };

/* ---- reading ---- */

static bool
is_editline(const char *bytes, size_t len)
{
    return len >= strlen(EDITLINE) && memcmp(bytes, EDITLINE, strlen(EDITLINE)) == 0;
}

static bool
is_octal(const char *text)
{
    for (int i = 0; i < 3; i++) {
        if (text[i] < '0' || text[i] > '7') {
            return false;
        }
    }
    return true;
}

/* In place: what is read is never shorter than what is written. */
static size_t
decode_octal(char *line, size_t len)
{
    size_t to = 0;
    for (size_t from = 0; from < len; to++) {
        if (line[from] == '\\' && from + 3 < len && is_octal(line + from + 1)) {
            line[to] = (char)((line[from + 1] - '0') * 64 + (line[from + 2] - '0') * 8 +
                              (line[from + 3] - '0'));
            from += 4;
        }
        else {
            from += line[from] == '\\' && from + 1 < len && line[from + 1] == '\\';
            line[to] = line[from++];
        }
    }
    return to;
}

static int
append_latin(struct pc_bytes *entry, const char *line, size_t len)
{
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < len && status == PYCONSOLE_OK; i++) {
        char bytes[PC_UTF8_MOST];
        size_t count = pc_utf8_encode((unsigned char)line[i], bytes);
        status = pc_bytes_append(entry, bytes, count);
    }
    return status;
}

static int
append_line(struct pc_bytes *entry, const char *line, size_t len)
{
    return pc_utf8_is_valid(line, len) ? pc_bytes_append(entry, line, len)
                                       : append_latin(entry, line, len);
}

struct reading {
    bool editline;
    struct pc_bytes entry; /* the lines of a block so far */
    int (*take)(void *user, const char *text, size_t len);
    void *user;
};

static int
take_line(struct reading *reading, char *line, size_t len)
{
    bool goes_on = !reading->editline && len > 0 && line[len - 1] == '\r';
    if (reading->editline) {
        len = decode_octal(line, len);
    }
    int status = append_line(&reading->entry, line, len - goes_on);
    if (status < 0 || goes_on) {
        return status < 0 ? status : pc_bytes_append_byte(&reading->entry, '\n');
    }
    if (reading->entry.len > 0) {
        status = reading->take(reading->user, reading->entry.data, reading->entry.len);
    }
    pc_bytes_clear(&reading->entry);
    return status;
}

/* Calls `take` for each entry, the oldest first, until it gives an error. */
static int
read_entries(const char *path, int (*take)(void *user, const char *text, size_t len),
             void *user)
{
    pc_auto_bytes struct pc_bytes file = {0};
    struct reading reading = {.take = take, .user = user};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int status = fd < 0 ? PYCONSOLE_EINVAL : pc_read_whole(fd, FILE_MOST, &file);
    size_t start = 0;
    while (status == PYCONSOLE_OK && start < file.len) {
        char *line = file.data + start;
        char *newline = memchr(line, '\n', file.len - start);
        size_t len = newline == NULL ? file.len - start : (size_t)(newline - line);
        if (len == strlen(EDITLINE) && memcmp(line, EDITLINE, len) == 0) {
            reading.editline = true;
        }
        else {
            status = take_line(&reading, line, len);
        }
        start += len + 1;
    }
    pc_bytes_fini(&reading.entry);
    if (fd >= 0) {
        (void)close(fd);
    }
    return status;
}

/* ---- import ---- */

/* Entries come the oldest first, and go below the lowest id: so they are all collected. */
struct collection {
    struct pc_bytes texts; /* each with its zero byte */
    size_t count;
};

static int
collect(void *user, const char *text, size_t len)
{
    struct collection *collection = user;
    if (len > PC_HISTORY_TEXT_MOST || memchr(text, '\0', len) != NULL) {
        return PYCONSOLE_OK;
    }
    int status = pc_bytes_append(&collection->texts, text, len + 1);
    collection->count += status == PYCONSOLE_OK;
    return status;
}

static int
lowest_id(struct pc_history *history, int64_t *ret_id)
{
    sqlite3_stmt *statement = pc_database_prepare(history, PC_SQL_BOUNDS);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW) {
        return PYCONSOLE_EBUSY;
    }
    int64_t low = sqlite3_column_int64(statement, 0);
    *ret_id = low < 1 ? low : 1;
    pc_database_done(statement);
    return PYCONSOLE_OK;
}

/* Takes a text, unless it is there. 1, 0, or a status. */
static int
import_text(struct pc_history *history, int64_t id, const char *text, size_t len)
{
    sqlite3_stmt *has = pc_database_prepare(history, PC_SQL_HAS);
    sqlite3_stmt *put = pc_database_prepare(history, PC_SQL_IMPORT);
    if (has == NULL || put == NULL) {
        return PYCONSOLE_EBUSY;
    }
    sqlite3_bind_text(has, 1, text, (int)len, SQLITE_STATIC);
    int result = sqlite3_step(has);
    pc_database_done(has);
    if (result == SQLITE_ROW) {
        return 0;
    }
    sqlite3_bind_int64(put, 1, id);
    sqlite3_bind_text(put, 2, text, (int)len, SQLITE_STATIC);
    result = sqlite3_step(put);
    pc_database_done(put);
    return result == SQLITE_DONE ? 1 : PYCONSOLE_EBUSY;
}

int
pc_textfile_import(struct pc_history *history, const char *path, size_t *ret_count)
{
    struct collection collection = {0};
    int64_t id = 0;
    size_t count = 0;
    int status = read_entries(path, collect, &collection);
    if (status == PYCONSOLE_OK) {
        status = lowest_id(history, &id);
    }
    size_t end = collection.texts.len;
    while (status >= 0 && end > 0) {
        size_t start = end - 1;
        while (start > 0 && collection.texts.data[start - 1] != '\0') {
            start--;
        }
        status = import_text(history, id - 1, collection.texts.data + start,
                             end - 1 - start);
        if (status == 1) {
            id--;
            count++;
        }
        end = start;
    }
    pc_bytes_fini(&collection.texts);
    if (status < 0) {
        return status;
    }
    *ret_count = count;
    return PYCONSOLE_OK;
}

int
pc_history_import(struct pc_history *history, const char *path, size_t *ret_count)
{
    size_t count = 0;
    if (!pc_database_open(history) ||
        pc_database_run(history, PC_SQL_BEGIN) != SQLITE_DONE) {
        return PYCONSOLE_EBUSY;
    }
    int status = pc_textfile_import(history, path, &count);
    if (status == PYCONSOLE_OK &&
        pc_database_run(history, PC_SQL_COMMIT) == SQLITE_DONE) {
        *ret_count = count;
        return PYCONSOLE_OK;
    }
    (void)pc_database_run(history, PC_SQL_ROLLBACK);
    return status < 0 ? status : PYCONSOLE_EBUSY;
}

/* ---- writing ---- */

static int
append_entry(struct pc_bytes *bytes, const char *text, size_t len, bool editline)
{
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < len && status == PYCONSOLE_OK; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (editline && byte == '\\') {
            status = pc_bytes_append_text(bytes, "\\\\");
        }
        else if (editline && (byte <= ' ' || byte >= 0x7f)) {
            status = pc_bytes_append_format(bytes, "\\%03o", byte);
        }
        else if (byte == '\n') {
            status = pc_bytes_append_text(bytes, "\r\n");
        }
        else {
            status = pc_bytes_append_byte(bytes, text[i]);
        }
    }
    return status < 0 ? status : pc_bytes_append_byte(bytes, '\n');
}

void
pc_textfile_append(struct pc_history *history, const char *text, size_t len)
{
    pc_auto_bytes struct pc_bytes bytes = {0};
    int fd = open(history->text_path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    bool written = false;
    if (fd >= 0) {
        char head[sizeof EDITLINE];
        (void)pc_lock_file(fd, LOCK_WAIT); /* one write is one entry even without */
        ssize_t count = pread(fd, head, sizeof head, 0);
        bool editline = count > 0 && is_editline(head, (size_t)count);
        written = append_entry(&bytes, text, len, editline) == PYCONSOLE_OK &&
                  write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len;
        (void)close(fd);
    }
    if (!written) {
        pc_history_say(history, "history: %s cannot be written: it is left alone",
                       history->text_path);
        free(history->text_path);
        history->text_path = NULL;
    }
}

/* Where the entry at `start` ends, behind its newline. */
static size_t
entry_end(const struct pc_bytes *file, size_t start, bool editline)
{
    for (size_t at = start; at < file->len; at++) {
        if (file->data[at] == '\n' &&
            (editline || at == start || file->data[at - 1] != '\r')) {
            return at + 1;
        }
    }
    return file->len;
}

/* The last one may lack its newline. */
static bool
is_entry(const struct pc_bytes *file, size_t start, size_t end,
         const struct pc_bytes *entry)
{
    size_t len = end - start + (file->data[end - 1] != '\n');
    return len == entry->len &&
           memcmp(file->data + start, entry->data, end - start) == 0;
}

/* Takes the entries that are `entry` out of the file's bytes; the others stay as they are.
 * Where the first one was, or where the bytes end. */
static size_t
drop_entries(struct pc_bytes *file, const struct pc_bytes *entry, bool editline)
{
    size_t start = editline ? strlen(EDITLINE) : 0;
    size_t kept = start;
    size_t first = SIZE_MAX;
    while (start < file->len) {
        size_t end = entry_end(file, start, editline);
        if (is_entry(file, start, end, entry)) {
            first = first < kept ? first : kept;
        }
        else {
            memmove(file->data + kept, file->data + start, end - start);
            kept += end - start;
        }
        start = end;
    }
    file->len = kept;
    return first < kept ? first : kept;
}

/* In place, so that links and rights stay; who dies in between leaves entries twice. Others
 * may append without a lock: what is longer than what was read is left alone. */
static bool
rewrite(int fd, const struct pc_bytes *file, size_t from, size_t before)
{
    size_t left = file->len - from;
    struct stat info;
    if (fstat(fd, &info) < 0 || info.st_size != (off_t)before) {
        return false;
    }
    return pwrite(fd, file->data + from, left, (off_t)from) == (ssize_t)left &&
           ftruncate(fd, (off_t)file->len) == 0;
}

static bool
remove_from(int fd, const char *text, size_t len)
{
    pc_auto_bytes struct pc_bytes file = {0};
    pc_auto_bytes struct pc_bytes entry = {0};
    if (!pc_lock_file(fd, LOCK_WAIT) || pc_read_whole(fd, FILE_MOST, &file) < 0) {
        return false;
    }
    size_t before = file.len;
    bool editline = is_editline(pc_bytes_text(&file), file.len);
    if (append_entry(&entry, text, len, editline) < 0) {
        return false;
    }
    size_t from = drop_entries(&file, &entry, editline);
    return file.len == before || rewrite(fd, &file, from, before);
}

bool
pc_textfile_remove(struct pc_history *history, const char *text, size_t len)
{
    int fd = open(history->text_path, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT;
    }
    struct stat info; /* of /dev/null, say */
    bool keeps_none = fstat(fd, &info) == 0 && !S_ISREG(info.st_mode);
    bool removed = keeps_none || remove_from(fd, text, len);
    (void)close(fd);
    return removed;
}

static int
append_all(struct pc_history *history, struct pc_bytes *bytes, size_t *ret_count)
{
    size_t count = 0;
    int status = PYCONSOLE_OK;
    sqlite3_stmt *all =
        pc_database_open(history) ? pc_database_prepare(history, PC_SQL_ALL) : NULL;
    while (all != NULL && status == PYCONSOLE_OK && sqlite3_step(all) == SQLITE_ROW) {
        status = append_entry(bytes, (const char *)sqlite3_column_text(all, 0),
                              (size_t)sqlite3_column_bytes(all, 0), false);
        count++;
    }
    if (all != NULL) {
        pc_database_done(all);
    }
    *ret_count = count;
    return status;
}

static bool
replace_file(const char *path, const struct pc_bytes *bytes)
{
    pc_auto_bytes struct pc_bytes other = {0};
    if (pc_bytes_append_format(&other, "%s.%ld", path, (long)getpid()) < 0) {
        return false;
    }
    int fd = open(other.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    size_t done = 0;
    ssize_t count = 1;
    while (done < bytes->len && count > 0) {
        count = write(fd, bytes->data + done, bytes->len - done);
        done += count > 0 ? (size_t)count : 0;
    }
    bool written = done == bytes->len && fsync(fd) == 0;
    if (close(fd) < 0 || !written || rename(other.data, path) < 0) {
        (void)unlink(other.data);
        return false;
    }
    return true;
}

int
pc_history_export(struct pc_history *history, const char *path, size_t *ret_count)
{
    pc_auto_bytes struct pc_bytes bytes = {0};
    size_t count = 0;
    int status = append_all(history, &bytes, &count);
    if (status < 0) {
        return status;
    }
    if (!replace_file(path, &bytes)) {
        return PYCONSOLE_EINVAL;
    }
    *ret_count = count;
    return PYCONSOLE_OK;
}
