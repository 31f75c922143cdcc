/* The file beside the database where entries wait while that is busy: PATH-waiting.
 *
 *     file:    record*
 *     record:  "entry " SESSION " " SERIAL " " TIME " " DURATION " " OUTCOME " "
 *              FOLDER-LENGTH " " PYTHON-LENGTH " " TEXT-LENGTH "\n" folder python text "\n"
 *
 * Numbers are decimal. A record is appended in one write, under a lock. Whoever opens the
 * database, or can write it again, takes all records over, in a transaction, and empties
 * the file after that; to take one twice changes nothing. What is no record is passed over. */
#include "history/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The most that waits, in bytes; what comes then stays in memory alone. */
enum { WAITING_MOST = 64 << 20 };

/* For the file, in ms. An entry that can't be put into it is in memory alone, so that is the
 * last thing to give up; it may be held for as long as the database keeps one waiting. What
 * it has can be taken over another time. */
enum { WAIT_TO_APPEND = 2000, WAIT_TO_TAKE = 100 };

static int
open_waiting(const struct pc_history *history, int flags)
{
    pc_auto_bytes struct pc_bytes path = {0};
    if (pc_bytes_append_format(&path, "%s-waiting", history->path) < 0) {
        return -1;
    }
    return open(path.data, flags | O_CLOEXEC, 0600);
}

/* ---- writing ---- */

static int
append_record(struct pc_bytes *records, const struct pc_history_entry *entry)
{
    size_t before = records->len;
    int status = pc_bytes_append_format(
        records,
        "entry %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d %zu %zu %zu\n%s%s",
        entry->session, entry->serial, entry->time, entry->duration,
        (int)entry->outcome, strlen(entry->folder), strlen(entry->python), entry->len,
        entry->folder, entry->python);
    if (status == 0) {
        status = pc_bytes_append(records, entry->text, entry->len);
    }
    if (status == 0) {
        status = pc_bytes_append_byte(records, '\n');
    }
    if (status < 0) {
        (void)pc_bytes_replace(records, before, records->len, NULL, 0);
    }
    return status;
}

static bool
write_records(struct pc_history *history, const struct pc_bytes *records)
{
    int fd = open_waiting(history, O_WRONLY | O_CREAT | O_APPEND);
    struct stat info;
    bool written = fd >= 0 && pc_lock_file(fd, WAIT_TO_APPEND) &&
                   fstat(fd, &info) == 0 &&
                   info.st_size + (off_t)records->len <= WAITING_MOST &&
                   write(fd, records->data, records->len) == (ssize_t)records->len;
    if (fd >= 0) {
        (void)close(fd);
    }
    return written;
}

bool
pc_waiting_append(struct pc_history *history)
{
    pc_auto_bytes struct pc_bytes records = {0};
    for (size_t i = 0; i < history->recent_count; i++) {
        const struct pc_remembered *one = &history->recent[i];
        if (one->dirty && !one->waits && append_record(&records, &one->entry) < 0) {
            return false;
        }
    }
    if (records.len == 0) {
        return true;
    }
    if (!write_records(history, &records)) {
        if (history->said == SQLITE_OK) {
            history->said = SQLITE_CANTOPEN;
            pc_history_say(history, "history: %s-waiting cannot be written",
                           history->path);
        }
        return false;
    }
    for (size_t i = 0; i < history->recent_count; i++) {
        history->recent[i].waits = history->recent[i].dirty;
    }
    return true;
}

/* ---- taking over ---- */

/* The record at the beginning of the bytes: its length, or 0. `entry` points into them;
 * its texts are not terminated, `lens` are their lengths. */
static size_t
read_record(const char *bytes, size_t len, struct pc_history_entry *entry,
            size_t lens[3])
{
    int head = 0;
    int outcome = 0;
    const char *newline = memchr(bytes, '\n', len);
    char line[256];
    if (newline == NULL || (size_t)(newline - bytes) >= sizeof line) {
        return 0;
    }
    memcpy(line, bytes, (size_t)(newline - bytes));
    line[newline - bytes] = '\0';
    if (sscanf(line,
               "entry %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %d %zu %zu %zu%n",
               &entry->session, &entry->serial, &entry->time, &entry->duration,
               &outcome, &lens[0], &lens[1], &lens[2], &head) != 8 ||
        line[head] != '\0') {
        return 0;
    }
    size_t left = len - (size_t)head - 1;
    for (size_t i = 0; i < 3; i++) {
        if (lens[i] >= left) {
            return 0;
        }
        left -= lens[i];
    }
    size_t whole = (size_t)head + 1 + lens[0] + lens[1] + lens[2];
    entry->outcome = (enum pc_outcome)outcome;
    entry->folder = bytes + head + 1;
    entry->python = entry->folder + lens[0];
    entry->text = entry->python + lens[1];
    entry->len = lens[2];
    return bytes[whole] == '\n' ? whole + 1 : 0;
}

static int
put_record(struct pc_history *history, struct pc_history_entry *entry,
           const size_t *lens)
{
    pc_auto_free char *folder = strndup(entry->folder, lens[0]);
    pc_auto_free char *python = strndup(entry->python, lens[1]);
    if (folder == NULL || python == NULL) {
        return SQLITE_NOMEM;
    }
    entry->folder = folder;
    entry->python = python;
    return pc_database_put(history, entry);
}

static int
put_records(struct pc_history *history, const char *bytes, size_t len)
{
    int result = pc_database_run(history, PC_SQL_BEGIN);
    while (result == SQLITE_DONE && len > 0) {
        struct pc_history_entry entry = {0};
        size_t lens[3];
        size_t taken = read_record(bytes, len, &entry, lens);
        if (taken > 0) {
            result = put_record(history, &entry, lens);
        }
        else {
            const char *newline = memchr(bytes, '\n', len);
            taken = newline == NULL ? len : (size_t)(newline - bytes) + 1;
        }
        bytes += taken;
        len -= taken;
    }
    if (result == SQLITE_DONE) {
        result = pc_database_run(history, PC_SQL_COMMIT);
    }
    if (result != SQLITE_DONE) {
        (void)pc_database_run(history, PC_SQL_ROLLBACK);
    }
    return result;
}

bool
pc_waiting_take(struct pc_history *history)
{
    pc_auto_bytes struct pc_bytes bytes = {0};
    int fd = open_waiting(history, O_RDWR);
    if (fd < 0) {
        return errno == ENOENT;
    }
    bool taken = pc_lock_file(fd, WAIT_TO_TAKE) &&
                 pc_read_whole(fd, WAITING_MOST, &bytes) == 0 &&
                 (bytes.len == 0 ||
                  (put_records(history, bytes.data, bytes.len) == SQLITE_DONE &&
                   ftruncate(fd, 0) == 0));
    (void)close(fd);
    return taken;
}
