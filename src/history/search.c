/* The list over everything; see search.h.
 *
 * The database is read in pages of ids, downward. In between stand this session's entries
 * that are in memory: each comes before the first row that ran before it. A text that was
 * found is known by its hash. */
#include "history/search.h"

#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

#include "base/cleanup.h"
#include "base/fuzzy.h"
#include "history/parts.h"

enum { SLOTS_FIRST = 256 };

struct found {
    int64_t serial; /* of one in memory; 0: it is in the database, under its id */
    int64_t id;
    int score;
};

struct pc_history_search {
    struct pc_history *history;
    struct pc_history_filter filter;
    struct pc_bytes text; /* of the filter */
    bool begun;
    int64_t before; /* the next id is below */
    int64_t low;
    int64_t serial; /* and the next one in memory */

    struct found *found; /* the best first, the latest of the equal ones first */
    size_t count;
    size_t cap;
    uint64_t
        *slots; /* hashes of their texts; 0: free. A power of two, half full at most */
    size_t slot_count;
    size_t slots_used;
};

int
pc_history_search_new(struct pc_history *history,
                      const struct pc_history_filter *filter,
                      struct pc_history_search **ret_search)
{
    struct pc_history_search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    pc_history_write(history);
    search->history = history;
    search->serial = INT64_MAX;
    search->filter = *filter;
    search->slot_count = SLOTS_FIRST;
    search->slots = calloc(SLOTS_FIRST, sizeof *search->slots);
    if (search->slots == NULL ||
        pc_bytes_append(&search->text, filter->text, filter->len) < 0) {
        pc_history_search_free(search);
        return PYCONSOLE_ENOMEM;
    }
    search->filter.text = pc_bytes_text(&search->text);
    *ret_search = search;
    return PYCONSOLE_OK;
}

void
pc_history_search_free(struct pc_history_search *search)
{
    if (search != NULL) {
        free(search->found);
        free(search->slots);
        pc_bytes_fini(&search->text);
        free(search);
    }
}

/* ---- each text once ---- */

/* FNV-1a; never 0. */
static uint64_t
hash_of(const char *text, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
    }
    return hash == 0 ? 1 : hash;
}

/* The slot of a hash, or the free one where it belongs. */
static uint64_t *
slot_of(uint64_t *slots, size_t count, uint64_t hash)
{
    size_t at = (size_t)hash & (count - 1);
    while (slots[at] != 0 && slots[at] != hash) {
        at = (at + 1) & (count - 1);
    }
    return &slots[at];
}

static int
grow_slots(struct pc_history_search *search)
{
    size_t count = 2 * search->slot_count;
    uint64_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    for (size_t i = 0; i < search->slot_count; i++) {
        if (search->slots[i] != 0) {
            *slot_of(slots, count, search->slots[i]) = search->slots[i];
        }
    }
    free(search->slots);
    search->slots = slots;
    search->slot_count = count;
    return PYCONSOLE_OK;
}

/* 1: it is new; 0: it was found before; or a status. */
static int
note_text(struct pc_history_search *search, const char *text, size_t len)
{
    uint64_t hash = hash_of(text, len);
    if (2 * search->slots_used >= search->slot_count && grow_slots(search) < 0) {
        return PYCONSOLE_ENOMEM;
    }
    uint64_t *slot = slot_of(search->slots, search->slot_count, hash);
    if (*slot != 0) {
        return 0;
    }
    *slot = hash;
    search->slots_used++;
    return 1;
}

/* ---- what is found ---- */

static int
add(struct pc_history_search *search, struct found found)
{
    if (search->count == search->cap) {
        size_t cap = search->cap == 0 ? 64 : 2 * search->cap;
        struct found *room = realloc(search->found, cap * sizeof *room);
        if (room == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        search->found = room;
        search->cap = cap;
    }
    size_t low = 0;
    size_t high = search->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->found[middle].score >= found.score) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    memmove(search->found + low + 1, search->found + low,
            (search->count - low) * sizeof found);
    search->found[low] = found;
    search->count++;
    return PYCONSOLE_OK;
}

/* 0: it does not answer. Without `fuzzy` all that do are equal. */
static int
score_of(const struct pc_history_filter *filter, const char *text, size_t len)
{
    return filter->fuzzy
               ? pc_fuzzy_score(filter->text, filter->len, text, len, NULL)
               : pc_fuzzy_find(filter->text, filter->len, text, len) != PC_FUZZY_NONE;
}

static int
take(struct pc_history_search *search, struct found found, const char *text, size_t len)
{
    found.score = score_of(&search->filter, text, len);
    if (found.score == 0) {
        return PYCONSOLE_OK;
    }
    int is_new = note_text(search, text, len);
    return is_new == 1 ? add(search, found) : is_new;
}

static int
take_entry(struct pc_history_search *search, const struct pc_history_entry *entry)
{
    const struct pc_history_filter *filter = &search->filter;
    bool failed =
        entry->outcome == PC_OUTCOME_FAILED || entry->outcome == PC_OUTCOME_DIED;
    struct found found = {.serial = entry->serial};
    if ((filter->folder && strcmp(entry->folder, search->history->folder) != 0) ||
        (filter->successful && failed)) {
        return PYCONSOLE_OK;
    }
    return take(search, found, entry->text, entry->len);
}

/* The columns of PC_SQL_PAGE. */
enum { ID, TEXT, SESSION, SERIAL, TIME };

/* Did an entry of this session run before what the row has? */
static bool
ran_before(const struct pc_history *history, const struct pc_history_entry *entry,
           sqlite3_stmt *row)
{
    return sqlite3_column_int64(row, SESSION) == history->session
               ? entry->serial < sqlite3_column_int64(row, SERIAL)
               : entry->time < sqlite3_column_int64(row, TIME);
}

/* Those in memory, of `*left` that are not taken yet, that did not run before the row; NULL:
 * all. */
static int
take_memory(struct pc_history_search *search, sqlite3_stmt *row, size_t *left)
{
    const struct pc_history *history = search->history;
    int status = PYCONSOLE_OK;
    while (*left > 0 && status == PYCONSOLE_OK) {
        const struct pc_history_entry *entry = &history->recent[*left - 1].entry;
        if (row != NULL && ran_before(history, entry, row)) {
            break;
        }
        status = take_entry(search, entry);
        search->serial = entry->serial;
        (*left)--;
    }
    return status;
}

/* How many in memory are not taken yet. */
static size_t
left_in_memory(const struct pc_history_search *search)
{
    size_t left = search->history->recent_count;
    while (left > 0 &&
           search->history->recent[left - 1].entry.serial >= search->serial) {
        left--;
    }
    return left;
}

/* ---- pages ---- */

static bool
begin_pages(struct pc_history_search *search)
{
    sqlite3_stmt *bounds = pc_database_open(search->history)
                               ? pc_database_prepare(search->history, PC_SQL_BOUNDS)
                               : NULL;
    if (bounds == NULL || sqlite3_step(bounds) != SQLITE_ROW) {
        return false;
    }
    search->low = sqlite3_column_int64(bounds, 0);
    search->before = sqlite3_column_int64(bounds, 1) + 1;
    pc_database_done(bounds);
    return true;
}

static int
take_row(struct pc_history_search *search, sqlite3_stmt *row)
{
    struct found found = {.id = sqlite3_column_int64(row, ID)};
    const char *text = (const char *)sqlite3_column_text(row, TEXT);
    size_t len = (size_t)sqlite3_column_bytes(row, TEXT);
    return text == NULL ? PYCONSOLE_ENOMEM : take(search, found, text, len);
}

static int
take_page(struct pc_history_search *search, int64_t from)
{
    const struct pc_history_filter *filter = &search->filter;
    struct pc_history *history = search->history;
    sqlite3_stmt *page = pc_database_prepare(history, PC_SQL_PAGE);
    if (page == NULL) {
        return PYCONSOLE_OK;
    }
    sqlite3_bind_int64(page, 1, search->before);
    sqlite3_bind_int64(page, 2, from);
    sqlite3_bind_int64(page, 3, filter->session ? history->session : 0);
    if (filter->folder) {
        sqlite3_bind_text(page, 4, history->folder, -1, SQLITE_STATIC);
    }
    sqlite3_bind_int(page, 5, filter->successful);
    size_t left = left_in_memory(search);
    int status = PYCONSOLE_OK;
    while (status == PYCONSOLE_OK && search->count < PC_HISTORY_FOUND_MOST &&
           sqlite3_step(page) == SQLITE_ROW) {
        status = take_memory(search, page, &left);
        if (status == PYCONSOLE_OK) {
            status = take_row(search, page);
        }
    }
    pc_database_done(page);
    return status;
}

int
pc_history_search_more(struct pc_history_search *search, size_t count)
{
    size_t left = left_in_memory(search);
    if (!search->begun) {
        search->begun = true;
        if (!begin_pages(search)) {
            return take_memory(search, NULL, &left);
        }
    }
    if (search->count >= PC_HISTORY_FOUND_MOST) {
        return PYCONSOLE_OK;
    }
    if (!pc_database_open(search->history) || search->before <= search->low) {
        return take_memory(search, NULL, &left);
    }
    int64_t wanted = count < INT32_MAX ? (int64_t)count : INT32_MAX;
    int64_t from =
        search->before - search->low > wanted ? search->before - wanted : search->low;
    int status = take_page(search, from);
    search->before = from;
    if (status < 0 || search->count >= PC_HISTORY_FOUND_MOST) {
        return status;
    }
    left = left_in_memory(search);
    return from > search->low ? PYCONSOLE_MORE : take_memory(search, NULL, &left);
}

size_t
pc_history_search_count(const struct pc_history_search *search)
{
    return search->count;
}

int
pc_history_search_entry(struct pc_history_search *search, size_t index,
                        struct pc_history_entry *ret_entry)
{
    return index < search->count
               ? pc_history_get(search->history, search->found[index].id,
                                search->found[index].serial, ret_entry)
               : 0;
}

int
pc_history_search_remove(struct pc_history_search *search, size_t index)
{
    struct pc_history_entry entry;
    if (pc_history_search_entry(search, index, &entry) <= 0) {
        return PYCONSOLE_EINVAL;
    }
    pc_auto_free char *text = strndup(entry.text, entry.len); /* it is forgotten */
    if (text == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    int status = pc_history_remove(search->history, text, entry.len);
    if (status == PYCONSOLE_OK) {
        search->count--;
        memmove(search->found + index, search->found + index + 1,
                (search->count - index) * sizeof *search->found);
    }
    return status;
}
