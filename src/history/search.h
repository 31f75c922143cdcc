/* The list over everything: the entries that answer a query, each text once.
 *
 *     struct pc_history_filter filter = {.text = typed, .len = len, .fuzzy = true};
 *     pc_history_search_new(history, &filter, &search);
 *     while (pc_history_search_more(search, 5000) == PYCONSOLE_MORE) ...
 *     pc_history_search_entry(search, 0, &entry);
 *     pc_history_search_free(search);
 *
 * Nothing is loaded but the numbers of what was found. Each call of
 * pc_history_search_more() looks at so many entries, newer ones first, and comes back, so
 * that keys can be read in between; 5,000 take some milliseconds. A query that changes is a
 * new search. The history stays the caller's, and outlives the search. */
#ifndef PC_HISTORY_SEARCH_H
#define PC_HISTORY_SEARCH_H

#include "history/history.h"

/* The most that is found; what is older then is not looked at. */
#define PC_HISTORY_FOUND_MOST 5000

struct pc_history_search;

struct pc_history_filter {
    const char *text; /* what was typed; "" finds all */
    size_t len;
    bool fuzzy;      /* its letters in their order, the best first; else as it stands in
                      * the text, the latest first */
    bool folder;     /* only what ran in the folder that is set now */
    bool session;    /* only this session's */
    bool successful; /* nothing that failed */
};

/* 0, or PYCONSOLE_ENOMEM. The filter is copied. */
int pc_history_search_new(struct pc_history *history,
                          const struct pc_history_filter *filter,
                          struct pc_history_search **ret_search);
void pc_history_search_free(struct pc_history_search *search);

/* Looks at the next `count` entries. PYCONSOLE_MORE: there are others; 0: that was all;
 * PYCONSOLE_ENOMEM. */
int pc_history_search_more(struct pc_history_search *search, size_t count);

/* How many are found by now. */
size_t pc_history_search_count(const struct pc_history_search *search);

/* One of them. 1; 0: there is none of that number, or it was removed elsewhere. */
int pc_history_search_entry(struct pc_history_search *search, size_t index,
                            struct pc_history_entry *ret_entry);

/* Forgets one of them as pc_history_remove() does, with its status; then the next older one
 * has its number. PYCONSOLE_EINVAL: there is none. */
int pc_history_search_remove(struct pc_history_search *search, size_t index);

#endif
