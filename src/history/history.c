/* A session's own entries in memory, and when they are written; see history.h.
 *
 * Each entry is first put into `recent`, dirty, and then everything dirty is written. What
 * is written and finished leaves the memory. An entry may be written twice, by us or out
 * of the file that waits: (session, serial) is its key, so it stays one. */
#include "history/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

/* How many entries of a private session, or that cannot be written, are remembered. */
enum { RECENT_MOST = 10000 };

/* ---- the whole ---- */

static char *
copy_or_null(const char *text)
{
    return text == NULL ? NULL : strdup(text);
}

static bool
copy_options(struct pc_history *history, const struct pc_history_options *options)
{
    history->path = copy_or_null(options->path);
    history->text_path = copy_or_null(options->text_path);
    history->import_path = copy_or_null(options->import_path);
    history->folder = strdup(options->folder == NULL ? "" : options->folder);
    history->python = strdup(options->python == NULL ? "" : options->python);
    history->keeping = options->keeping;
    history->keep_repeated = options->keep_repeated;
    history->keep_spaced = options->keep_spaced;
    history->entries_most = options->entries_most;
    return (options->path == NULL || history->path != NULL) &&
           (options->text_path == NULL || history->text_path != NULL) &&
           (options->import_path == NULL || history->import_path != NULL) &&
           history->folder != NULL && history->python != NULL;
}

int
pc_history_new(const struct pc_history_options *options,
               struct pc_history **ret_history)
{
    struct pc_history *history = calloc(1, sizeof *history);
    if (history == NULL || !copy_options(history, options)) {
        pc_history_free(history);
        return PYCONSOLE_ENOMEM;
    }
    /* By chance, so that no two consoles, on whatever machines, have the same. */
    do {
        if (getentropy(&history->session, sizeof history->session) < 0) {
            history->session = (int64_t)getpid() << 32 | (int64_t)(uintptr_t)history;
        }
        history->session &= INT64_MAX;
    } while (history->session == 0);
    *ret_history = history;
    return PYCONSOLE_OK;
}

static int
replace_text(char **text, const char *new_text)
{
    char *copy = strdup(new_text);
    if (copy == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    free(*text);
    *text = copy;
    return PYCONSOLE_OK;
}

int
pc_history_set_folder(struct pc_history *history, const char *folder)
{
    return replace_text(&history->folder, folder);
}

int
pc_history_set_python(struct pc_history *history, const char *python)
{
    return replace_text(&history->python, python);
}

void
pc_history_set_keeping(struct pc_history *history, enum pc_history_keeping keeping)
{
    history->keeping = keeping;
    pc_bytes_clear(&history->last); /* the same block again is another one now */
}

void
pc_history_say(struct pc_history *history, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!history->has_message) {
        vsnprintf(history->message, sizeof history->message, format, arguments);
    }
    va_end(arguments);
    history->has_message = true;
}

const char *
pc_history_take_message(struct pc_history *history)
{
    bool had = history->has_message;
    history->has_message = false;
    return had ? history->message : NULL;
}

/* ---- entries in memory ---- */

static void
forget(struct pc_remembered *remembered)
{
    free((char *)remembered->entry.text);
    free((char *)remembered->entry.folder);
    free((char *)remembered->entry.python);
}

/* Drops what need not be remembered, and the oldest if there are too many. */
static void
tidy(struct pc_history *history)
{
    size_t too_many =
        history->recent_count > RECENT_MOST ? history->recent_count - RECENT_MOST : 0;
    size_t left = 0;
    for (size_t i = 0; i < history->recent_count; i++) {
        struct pc_remembered *one = &history->recent[i];
        if ((one->kept && !one->dirty && !one->runs) || i < too_many) {
            forget(one);
        }
        else {
            history->recent[left++] = *one;
        }
    }
    history->recent_count = left;
}

struct pc_remembered *
pc_recent_find(struct pc_history *history, int64_t serial)
{
    for (size_t i = history->recent_count; i > 0; i--) {
        if (history->recent[i - 1].entry.serial == serial) {
            return &history->recent[i - 1];
        }
    }
    return NULL;
}

void
pc_recent_remove(struct pc_history *history, const char *text, size_t len)
{
    size_t left = 0;
    for (size_t i = 0; i < history->recent_count; i++) {
        struct pc_remembered *one = &history->recent[i];
        if (one->entry.len == len && memcmp(one->entry.text, text, len) == 0) {
            forget(one);
        }
        else {
            history->recent[left++] = *one;
        }
    }
    history->recent_count = left;
    pc_bytes_clear(&history->last);
}

/* A place for one more, at the end. */
static struct pc_remembered *
reserve(struct pc_history *history)
{
    if (history->recent_count == history->recent_cap) {
        size_t cap = history->recent_cap == 0 ? 8 : 2 * history->recent_cap;
        struct pc_remembered *recent =
            realloc(history->recent, cap * sizeof *history->recent);
        if (recent == NULL) {
            return NULL;
        }
        history->recent = recent;
        history->recent_cap = cap;
    }
    return &history->recent[history->recent_count];
}

static int
remember(struct pc_history *history, const struct pc_history_entry *entry)
{
    bool kept = history->keeping == PC_HISTORY_ON && history->path != NULL &&
                (history->keep_spaced || entry->text[0] != ' ');
    struct pc_remembered one = {
        .entry = *entry, .kept = kept, .dirty = kept, .runs = true};
    one.entry.text = strndup(entry->text, entry->len);
    one.entry.folder = strdup(history->folder);
    one.entry.python = strdup(history->python);
    struct pc_remembered *place = reserve(history);
    if (place == NULL || one.entry.text == NULL || one.entry.folder == NULL ||
        one.entry.python == NULL) {
        forget(&one);
        return PYCONSOLE_ENOMEM;
    }
    *place = one;
    history->recent_count++;
    return PYCONSOLE_OK;
}

/* ---- writing ---- */

static const struct pc_remembered *
next_dirty(const struct pc_history *history, const struct pc_remembered *one)
{
    const struct pc_remembered *end = history->recent + history->recent_count;
    for (one = one == NULL ? history->recent : one + 1; one < end; one++) {
        if (one->dirty) {
            return one;
        }
    }
    return NULL;
}

/* A statement is a transaction of its own. */
static int
write_dirty(struct pc_history *history)
{
    const struct pc_remembered *one = next_dirty(history, NULL);
    if (one != NULL && next_dirty(history, one) == NULL) {
        return pc_database_put(history, &one->entry);
    }
    int result = pc_database_run(history, PC_SQL_BEGIN);
    if (result != SQLITE_DONE) {
        return result;
    }
    for (; one != NULL && result == SQLITE_DONE; one = next_dirty(history, one)) {
        result = pc_database_put(history, &one->entry);
    }
    if (result == SQLITE_DONE) {
        result = pc_database_run(history, PC_SQL_COMMIT);
    }
    if (result != SQLITE_DONE) {
        (void)pc_database_run(history, PC_SQL_ROLLBACK);
    }
    return result;
}

/* The file is broken: the second attempt has a new one. */
static int
write_or_mend(struct pc_history *history)
{
    int result = SQLITE_BUSY;
    for (int attempt = 0; attempt < 2 && pc_database_open(history); attempt++) {
        result = write_dirty(history);
        if (result == SQLITE_DONE) {
            return result;
        }
        pc_database_failed(history, result);
        if (history->db != NULL) {
            return result;
        }
    }
    return result;
}

/* What is dirty goes to where it can be written. */
void
pc_history_write(struct pc_history *history)
{
    if (next_dirty(history, NULL) == NULL) {
        return;
    }
    pc_database_leave_moved(history);
    history->busy = write_or_mend(history) != SQLITE_DONE;
    if (history->busy) {
        history->some_wait |= pc_waiting_append(history);
        return;
    }
    history->said = SQLITE_OK; /* what comes from now on is new trouble */
    for (size_t i = 0; i < history->recent_count; i++) {
        history->recent[i].dirty = history->recent[i].waits = false;
    }
    if (history->some_wait) {
        history->some_wait = false;
        (void)pc_waiting_take(history);
    }
    tidy(history);
}

/* ---- what is asked ---- */

int
pc_history_append(struct pc_history *history, const char *text, size_t len,
                  int64_t time, int64_t *ret_serial)
{
    if (len > PC_HISTORY_TEXT_MOST) {
        return PYCONSOLE_ELIMIT;
    }
    if (len == 0 || memchr(text, '\0', len) != NULL || !pc_utf8_is_valid(text, len)) {
        return PYCONSOLE_EINVAL;
    }
    bool again = !history->keep_repeated && history->last.len == len &&
                 memcmp(history->last.data, text, len) == 0;
    for (size_t i = 0; i < history->recent_count; i++) {
        history->recent[i].runs = false; /* it will not be heard of any more */
    }
    tidy(history);
    struct pc_history_entry entry = {.session = history->session,
                                     .serial = history->serial + !again,
                                     .time = time,
                                     .duration = -1,
                                     .text = text,
                                     .len = len};
    struct pc_remembered *known =
        again ? pc_recent_find(history, history->serial) : NULL;
    if (known != NULL) {
        known->runs = true; /* it stays in memory */
        pc_history_write(history);
        *ret_serial = history->serial;
        return PYCONSOLE_OK;
    }
    pc_bytes_clear(&history->last);
    int status = pc_bytes_append(&history->last, text, len);
    if (status < 0 || (status = remember(history, &entry)) < 0) {
        pc_bytes_clear(&history->last);
        return status;
    }
    *ret_serial = history->serial = entry.serial;
    /* One that comes again, and is not in memory any more, is written: what is new of it can
     * wait. */
    if (!again && history->recent[history->recent_count - 1].kept) {
        pc_history_write(history);
        if (history->text_path != NULL) {
            pc_textfile_append(history, text, len);
        }
    }
    return PYCONSOLE_OK;
}

void
pc_history_finish(struct pc_history *history, int64_t serial, int64_t duration,
                  enum pc_outcome outcome)
{
    struct pc_remembered *one = pc_recent_find(history, serial);
    if (one == NULL) {
        return;
    }
    one->entry.duration = duration;
    one->entry.outcome = outcome;
    one->runs = false;
    one->waits = false;
    one->dirty = one->kept;
}

void
pc_history_free(struct pc_history *history)
{
    if (history == NULL) {
        return;
    }
    pc_history_write(history);
    pc_database_close(history);
    for (size_t i = 0; i < history->recent_count; i++) {
        forget(&history->recent[i]);
    }
    free(history->recent);
    for (size_t i = 0; i < 3; i++) {
        pc_bytes_fini(&history->found[i]);
    }
    pc_bytes_fini(&history->last);
    free(history->path);
    free(history->text_path);
    free(history->import_path);
    free(history->folder);
    free(history->python);
    free(history);
}
