/* Steps from entry to entry, through memory and database as one.
 *
 * A place is a part and a number in it, and nothing is kept between two steps: each is a
 * statement of its own that gives one row. The parts in their order, backward:
 *
 *     LINE     what is being typed
 *     OWN      this session, by serial; an entry in memory hides the same in the database
 *     OTHERS   all other entries in the database, by id
 *
 * An entry is left out if a step from the line comes to its text earlier. */
#include "history/parts.h"

#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

/* As in the index `entry_head`, in code points. */
enum { HEAD = 40 };

/* How many ids are looked at one by one, first; and from how many entries on a prefix is
 * so common that all are, since the next one comes soon. */
enum { WINDOW = 100, COMMON = 20000 };

struct step {
    struct pc_history *history;
    enum pc_direction direction;
    const char *prefix;
    size_t prefix_len;
};

/* ---- this session ---- */

static bool
is_same_text(const struct pc_history_entry *entry, const char *text, size_t len)
{
    return entry->len == len && memcmp(entry->text, text, len) == 0;
}

/* Is the text in memory, with a serial above this one? */
static bool
is_in_memory(const struct pc_history *history, const char *text, size_t len,
             int64_t above)
{
    for (size_t i = history->recent_count; i > 0; i--) {
        const struct pc_history_entry *entry = &history->recent[i - 1].entry;
        if (entry->serial > above && is_same_text(entry, text, len)) {
            return true;
        }
    }
    return false;
}

/* The nearest entry in memory beyond `at` that fits, or NULL. */
static const struct pc_history_entry *
memory_step(const struct step *step, int64_t at)
{
    const struct pc_history *history = step->history;
    bool back = step->direction == PC_BACKWARD;
    for (size_t i = 0; i < history->recent_count; i++) {
        size_t row = back ? history->recent_count - 1 - i : i;
        const struct pc_history_entry *entry = &history->recent[row].entry;
        if ((back ? entry->serial < at : entry->serial > at) &&
            entry->len >= step->prefix_len &&
            memcmp(entry->text, step->prefix, step->prefix_len) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Runs a statement of one row. 1, 0, or a status; trouble is as good as no row. */
static int
one_row(struct pc_history *history, sqlite3_stmt *statement,
        struct pc_history_entry *ret_entry)
{
    int result = sqlite3_step(statement);
    int found =
        result == SQLITE_ROW ? pc_database_entry(history, statement, ret_entry) : 0;
    pc_database_done(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        pc_database_failed(history, result);
    }
    return found;
}

/* ?4 and ?5: what the index has between them begins as the prefix does. */
static void
bind_heads(const struct step *step, sqlite3_stmt *statement)
{
    char high[HEAD * PC_UTF8_MOST + PC_UTF8_MOST];
    size_t head = 0;
    for (int i = 0; i < HEAD && head < step->prefix_len; i++) {
        uint32_t point;
        head += pc_utf8_decode(step->prefix + head, step->prefix_len - head, &point);
    }
    memcpy(high, step->prefix, head);
    size_t len = head + pc_utf8_encode(0x10ffff, high + head);
    sqlite3_bind_text(statement, 4, step->prefix, (int)head, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, high, (int)len, SQLITE_TRANSIENT);
}

static int
database_step(const struct step *step, enum pc_sql sql, int64_t at, int64_t window,
              struct pc_history_entry *ret_entry)
{
    sqlite3_stmt *statement =
        pc_database_prepare(step->history, sql + (step->direction == PC_FORWARD));
    if (statement == NULL) {
        return 0;
    }
    sqlite3_bind_int64(statement, 1, step->history->session);
    sqlite3_bind_int64(statement, 2, at);
    sqlite3_bind_text(statement, 3, step->prefix, (int)step->prefix_len, SQLITE_STATIC);
    if (sql == PC_SQL_FAR) {
        bind_heads(step, statement);
    }
    if (sql == PC_SQL_NEAR) {
        sqlite3_bind_int64(statement, 6, window);
    }
    return one_row(step->history, statement, ret_entry);
}

/* Do many entries begin so? Then the next one is not far, or the index is no help. */
static bool
is_common(const struct step *step)
{
    sqlite3_stmt *heads = pc_database_prepare(step->history, PC_SQL_HEADS);
    if (heads == NULL) {
        return false;
    }
    bind_heads(step, heads);
    sqlite3_bind_int64(heads, 6, COMMON);
    bool common =
        sqlite3_step(heads) == SQLITE_ROW && sqlite3_column_int64(heads, 0) >= COMMON;
    pc_database_done(heads);
    return common;
}

/* Has this session the text, with a serial above this one? */
static bool
is_own(struct pc_history *history, const struct pc_history_entry *entry, int64_t above)
{
    if (is_in_memory(history, entry->text, entry->len, above)) {
        return true;
    }
    sqlite3_stmt *has =
        history->db == NULL ? NULL : pc_database_prepare(history, PC_SQL_OWN_HAS);
    if (has == NULL) {
        return false;
    }
    sqlite3_bind_int64(has, 1, history->session);
    sqlite3_bind_text(has, 2, entry->text, (int)entry->len, SQLITE_STATIC);
    sqlite3_bind_int64(has, 3, above);
    bool found = sqlite3_step(has) == SQLITE_ROW;
    pc_database_done(has);
    return found;
}

/* Beyond serial `at`. */
static int
own_step(const struct step *step, int64_t at, struct pc_history_entry *ret_entry)
{
    bool back = step->direction == PC_BACKWARD;
    bool is_open = pc_database_open(step->history);
    for (;;) {
        const struct pc_history_entry *here = memory_step(step, at);
        int found = is_open ? database_step(step, PC_SQL_OWN, at, 0, ret_entry) : 0;
        if (found < 0) {
            return found;
        }
        if (here != NULL &&
            (found == 0 || (back ? here->serial >= ret_entry->serial
                                 : here->serial <= ret_entry->serial))) {
            *ret_entry = *here;
            found = 1;
        }
        if (found == 0 || !is_own(step->history, ret_entry, ret_entry->serial)) {
            return found;
        }
        at = ret_entry->serial;
    }
}

/* ---- all others ---- */

/* Beyond id `at`. */
static int
others_step(const struct step *step, int64_t at, struct pc_history_entry *ret_entry)
{
    int found = 0;
    do {
        found = database_step(step, PC_SQL_NEAR, at, WINDOW, ret_entry);
        if (found == 0) {
            enum pc_sql sql = is_common(step) ? PC_SQL_NEAR : PC_SQL_FAR;
            found = database_step(step, sql, at, INT64_MAX, ret_entry);
        }
        at = found == 1 ? ret_entry->id : at;
    } while (found == 1 && is_own(step->history, ret_entry, 0));
    return found;
}

/* The lowest and the highest id; high < low: there is none. */
static bool
bounds(struct pc_history *history, int64_t *ret_low, int64_t *ret_high)
{
    sqlite3_stmt *statement =
        pc_database_open(history) ? pc_database_prepare(history, PC_SQL_BOUNDS) : NULL;
    bool found = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        *ret_low = sqlite3_column_int64(statement, 0);
        *ret_high = sqlite3_column_int64(statement, 1);
    }
    if (statement != NULL) {
        pc_database_done(statement);
    }
    return found && *ret_low <= *ret_high;
}

/* ---- the parts one after the other ---- */

static int
arrive(struct pc_history_place *place, int found, const struct pc_history_entry *entry,
       bool own)
{
    if (found == 1) {
        *place = own ? (struct pc_history_place){PC_PLACE_OWN, entry->serial}
                     : (struct pc_history_place){PC_PLACE_OTHERS, entry->id};
    }
    return found;
}

static int
step_backward(const struct step *step, struct pc_history_place *place,
              struct pc_history_entry *ret_entry)
{
    int64_t low = 0;
    int64_t high = 0;
    if (place->part != PC_PLACE_OTHERS) {
        int64_t at = place->part == PC_PLACE_LINE ? INT64_MAX : place->at;
        int found = arrive(place, own_step(step, at, ret_entry), ret_entry, true);
        if (found != 0 || !bounds(step->history, &low, &high)) {
            return found;
        }
    }
    else if (!pc_database_open(step->history)) {
        return 0;
    }
    int64_t at = place->part == PC_PLACE_OTHERS ? place->at : high + 1;
    return arrive(place, others_step(step, at, ret_entry), ret_entry, false);
}

static int
step_forward(const struct step *step, struct pc_history_place *place,
             struct pc_history_entry *ret_entry)
{
    int found = 0;
    if (place->part == PC_PLACE_LINE) {
        return 0;
    }
    if (place->part == PC_PLACE_OTHERS && pc_database_open(step->history)) {
        found =
            arrive(place, others_step(step, place->at, ret_entry), ret_entry, false);
    }
    if (found == 0) {
        int64_t at = place->part == PC_PLACE_OWN ? place->at : 0;
        found = arrive(place, own_step(step, at, ret_entry), ret_entry, true);
    }
    if (found == 0) {
        *place = (struct pc_history_place){PC_PLACE_LINE, 0};
    }
    return found;
}

int
pc_history_step(struct pc_history *history, struct pc_history_place *place,
                enum pc_direction direction, const char *prefix, size_t prefix_len,
                struct pc_history_entry *ret_entry)
{
    const struct step step = {history, direction, prefix, prefix_len};
    return direction == PC_BACKWARD ? step_backward(&step, place, ret_entry)
                                    : step_forward(&step, place, ret_entry);
}

int
pc_history_oldest(struct pc_history *history, struct pc_history_place *place,
                  struct pc_history_entry *ret_entry)
{
    int64_t low = 0;
    int64_t high = 0;
    const struct step step = {history, PC_FORWARD, "", 0};
    int found =
        bounds(history, &low, &high) ? others_step(&step, low - 1, ret_entry) : 0;
    if (arrive(place, found, ret_entry, false) != 0) {
        return found;
    }
    return arrive(place, own_step(&step, 0, ret_entry), ret_entry, true);
}

int
pc_history_suggest(struct pc_history *history, const char *prefix, size_t prefix_len,
                   struct pc_history_entry *ret_entry)
{
    struct pc_history_place place = {PC_PLACE_LINE, 0};
    const struct step step = {history, PC_BACKWARD, prefix, prefix_len};
    int found;
    do {
        found = step_backward(&step, &place, ret_entry);
    } while (found == 1 && ret_entry->len == prefix_len);
    return found;
}

/* ---- single entries ---- */

int
pc_history_get(struct pc_history *history, int64_t id, int64_t serial,
               struct pc_history_entry *ret_entry)
{
    if (serial != 0) {
        const struct pc_remembered *one = pc_recent_find(history, serial);
        if (one != NULL) {
            *ret_entry = one->entry;
        }
        return one != NULL;
    }
    sqlite3_stmt *get =
        pc_database_open(history) ? pc_database_prepare(history, PC_SQL_GET) : NULL;
    if (get == NULL) {
        return 0;
    }
    sqlite3_bind_int64(get, 1, id);
    return one_row(history, get, ret_entry);
}

/* Out of the database; what waits beside it is taken first. */
static bool
remove_rows(struct pc_history *history, const char *text, size_t len)
{
    if (history->path == NULL || history->keeping == PC_HISTORY_OFF) {
        return true; /* none is seen */
    }
    if (!pc_database_open(history)) {
        return false;
    }
    bool taken = pc_waiting_take(history);
    sqlite3_stmt *statement = taken && history->db != NULL
                                  ? pc_database_prepare(history, PC_SQL_REMOVE)
                                  : NULL;
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_text(statement, 1, text, (int)len, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    pc_database_done(statement);
    if (result != SQLITE_DONE) {
        pc_database_failed(history, result);
    }
    return result == SQLITE_DONE;
}

int
pc_history_remove(struct pc_history *history, const char *text, size_t len)
{
    bool kept_as_text =
        history->text_path != NULL && history->keeping != PC_HISTORY_OFF;
    if ((kept_as_text && !pc_textfile_remove(history, text, len)) ||
        !remove_rows(history, text, len)) {
        return PYCONSOLE_EBUSY;
    }
    pc_recent_remove(history, text, len);
    return PYCONSOLE_OK;
}
