/* What was typed at the prompts: whole blocks, kept in an SQLite database that any number
 * of consoles write to at once.
 *
 *     struct pc_history_options options = {.path = path, .python = "3.11.2"};
 *     pc_history_new(&options, &history);
 *     pc_history_append(history, text, len, now, &serial);    before the block runs
 *     pc_history_finish(history, serial, duration, PC_OUTCOME_DONE);
 *     pc_history_write(history);                             when nobody waits
 *     pc_history_free(history);
 *
 * pc_history_new() opens no file: the database is opened when it is first needed, and
 * however long it has become nothing of it is loaded.
 *
 * What is appended is in the database when pc_history_append() returns. If the database
 * cannot be written in a fifth of a second, since another program holds it, the entry
 * goes into a file beside it, PATH-waiting, which the next console that can write the database
 * takes over; so a process may be killed at any moment. That the database is busy is
 * never an error. A database that cannot be read is moved aside, and a new one begun; what
 * a user should know is left in pc_history_take_message().
 *
 * One thread at a time. Times are microseconds. A function that fails gives a status and has
 * changed nothing; the texts in an entry that is given out are borrowed until the next call
 * on the same history. */
#ifndef PC_HISTORY_HISTORY_H
#define PC_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pc_history;

/* The longest block that is kept, in bytes. */
#define PC_HISTORY_TEXT_MOST ((size_t)1 << 20)

/* How a block ended; the numbers stand in the database. */
enum pc_outcome {
    PC_OUTCOME_UNKNOWN = 0, /* it runs, or its console was killed */
    PC_OUTCOME_DONE = 1,
    PC_OUTCOME_FAILED = 2, /* with an exception, or it does not compile */
    PC_OUTCOME_INTERRUPTED = 3,
    PC_OUTCOME_DIED = 4, /* the worker did */
};

struct pc_history_entry {
    int64_t id;       /* in the database, rising with time, 0 and below for the first */
    int64_t session;  /* 0: imported from a text file */
    int64_t serial;   /* within the session */
    int64_t time;     /* of its beginning, since 1970; 0: not known */
    int64_t duration; /* -1: not known */
    enum pc_outcome outcome;
    const char *text; /* UTF-8, zero-terminated */
    size_t len;
    const char *folder;
    const char *python;
};

enum pc_history_keeping {
    PC_HISTORY_ON,      /* entries are kept */
    PC_HISTORY_PRIVATE, /* new ones are known to this session only, as long as it lives */
    PC_HISTORY_OFF,     /* the same, and the ones that are kept are not seen */
};

struct pc_history_options {
    const char *path;      /* of the database; NULL: there is none */
    const char *text_path; /* a file as CPython's, to be appended to as well; or NULL */
    const char *import_path; /* such a file, to begin a new database with; or NULL */
    const char *folder;      /* where code runs; NULL: "" */
    const char *python;      /* its version; NULL: "" */
    enum pc_history_keeping keeping;
    bool keep_repeated;   /* keep a block that is the same as the one before it */
    bool keep_spaced;     /* keep a block that begins with a space */
    int64_t entries_most; /* the oldest beyond this number are dropped; 0: none */
};

/* 0, or PYCONSOLE_ENOMEM. The options are copied. */
int pc_history_new(const struct pc_history_options *options,
                   struct pc_history **ret_history);

/* Writes what is still to be written, and closes the database; NULL is fine. */
void pc_history_free(struct pc_history *history);

/* What changes while a console runs. 0, or PYCONSOLE_ENOMEM. */
int pc_history_set_folder(struct pc_history *history, const char *folder);
int pc_history_set_python(struct pc_history *history, const char *python);
void pc_history_set_keeping(struct pc_history *history,
                            enum pc_history_keeping keeping);

/* A line for the user about trouble with the files, without a newline; NULL: there is
 * none. Borrowed until the next call. */
const char *pc_history_take_message(struct pc_history *history);

/* Notes a block that is about to run. A block with the text of the one before it is that
 * one again, unless they are to be kept. PYCONSOLE_EINVAL: it is empty, not UTF-8, or
 * holds a zero byte; PYCONSOLE_ELIMIT: too long; PYCONSOLE_ENOMEM. */
int pc_history_append(struct pc_history *history, const char *text, size_t len,
                      int64_t time, int64_t *ret_serial);

/* Notes how it ended; a serial that is unknown by now is passed over. That is written
 * when there is time, by pc_history_write(), or with the next entry. */
void pc_history_finish(struct pc_history *history, int64_t serial, int64_t duration,
                       enum pc_outcome outcome);
void pc_history_write(struct pc_history *history);

/* ---- walking ---- */

/* Where Up and Down are: {0} is the line that is being typed. Backward come the entries of
 * this session, the latest first, then those of all others; a text comes once. A place
 * stays good while entries are added. */
struct pc_history_place {
    enum { PC_PLACE_LINE, PC_PLACE_OWN, PC_PLACE_OTHERS } part;
    int64_t at; /* the serial, or the id */
};

enum pc_direction { PC_BACKWARD, PC_FORWARD };

/* Goes to the next entry that begins with `prefix`. 1: there is one, `*place` is there and
 * `*ret_entry` is filled; 0: there is none. Forward from the last entry, `*place` is then
 * the line; otherwise it has not changed. */
int pc_history_step(struct pc_history *history, struct pc_history_place *place,
                    enum pc_direction direction, const char *prefix, size_t prefix_len,
                    struct pc_history_entry *ret_entry);

/* The oldest entry of all, as pc_history_step(). */
int pc_history_oldest(struct pc_history *history, struct pc_history_place *place,
                      struct pc_history_entry *ret_entry);

/* The latest entry that begins with `prefix` and is longer; 1 or 0. */
int pc_history_suggest(struct pc_history *history, const char *prefix,
                       size_t prefix_len, struct pc_history_entry *ret_entry);

/* ---- single entries ---- */

/* 1 or 0; where `serial` is not 0 it is that of an entry of this session in memory, else
 * the entry is in the database. Any number may be an `id`: imported ones are below 0, and
 * behind them comes 0. */
int pc_history_get(struct pc_history *history, int64_t id, int64_t serial,
                   struct pc_history_entry *ret_entry);

/* Forgets all entries with this text, in the text file as well; in the database their bytes
 * are overwritten. 0; PYCONSOLE_EBUSY: a file could not be written, and has them still. */
int pc_history_remove(struct pc_history *history, const char *text, size_t len);

/* ---- text files, as CPython has them ---- */

/* Takes over the entries of a file that are not there yet, as older than all others. The
 * formats are those of CPython's REPL (blocks as lines that end in \r\n), GNU readline
 * and editline. 0; PYCONSOLE_EINVAL: it cannot be read; PYCONSOLE_EBUSY: the database
 * could not be written, and nothing was. */
int pc_history_import(struct pc_history *history, const char *path, size_t *ret_count);

/* Writes all entries into a file for CPython's REPL, in the place of what was there. 0;
 * PYCONSOLE_EINVAL: it cannot be written. */
int pc_history_export(struct pc_history *history, const char *path, size_t *ret_count);

#endif
