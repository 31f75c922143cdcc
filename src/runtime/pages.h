/* After a fork, whoever writes to a page first copies it: the first request behind a
 * checkpoint would copy those that every request writes to, one fault each. Instead they are
 * copied at once, while nobody waits, and are found by what was written since the fork
 * before.
 *
 * Any thread, without the GIL. Reads /proc/self/maps and pagemap; needs Linux 5.14, and does
 * nothing without. */
#ifndef PC_RUNTIME_PAGES_H
#define PC_RUNTIME_PAGES_H

#include <stddef.h>

/* Of more than that it is not known which of them will be written to again. */
enum { PC_PAGES_MOST = 1024, PC_PAGES_RUNS_MOST = 256 };

/* Pages that follow each other. */
struct pc_page_run {
    char *start;
    size_t count;
};

struct pc_pages {
    size_t count; /* of the runs */
    size_t total; /* of their pages */
    struct pc_page_run runs[PC_PAGES_RUNS_MOST];
};

/* Before a fork: the pages that no other process has, but for those in large mappings. None,
 * if there are too many. */
void pc_pages_find(struct pc_pages *ret_pages);

/* After it, in the process that is to go on: copies them. Those that are gone are left out. */
void pc_pages_copy(const struct pc_pages *pages);

#endif
