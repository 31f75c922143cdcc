/* After a fork, whoever writes to a page first copies it: the first request behind a
 * checkpoint would copy those that every request writes to, one fault each. Instead they are
 * copied at once, while nobody waits.
 *
 * Found are those that were written to since the fork before, and those that were copied
 * behind it, whether they were written to or not. What is copied is memory that each
 * checkpoint has of its own: when there are too many none is copied, and what is found next
 * was written to.
 *
 * Any thread, without the GIL. Reads /proc/self/maps and pagemap; needs Linux 5.14, and does
 * nothing without. */
#ifndef PC_RUNTIME_PAGES_H
#define PC_RUNTIME_PAGES_H

#include <stddef.h>

/* A short block writes to some sixty; a larger one, or the start of Python, to more, most of
 * them once. */
enum { PC_PAGES_MOST = 256 };

/* Pages that follow each other. */
struct pc_page_run {
    char *start;
    size_t count;
};

struct pc_pages {
    size_t count; /* of the runs */
    size_t total; /* of their pages */
    struct pc_page_run runs[PC_PAGES_MOST];
};

/* Before a fork: the pages that no other process has, but for those in large mappings. None,
 * if there are too many. */
void pc_pages_find(struct pc_pages *ret_pages);

/* After it, in the process that is to go on: copies them. Those that are gone are left out. */
void pc_pages_copy(const struct pc_pages *pages);

#endif
