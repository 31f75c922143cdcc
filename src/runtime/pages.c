/* See pages.h, and for the entries of pagemap the kernel's admin-guide/mm/pagemap.rst. */
#include "runtime/pages.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

#define PRESENT   (UINT64_C(1) << 63)
#define OF_A_FILE (UINT64_C(1) << 61)
#define EXCLUSIVE (UINT64_C(1) << 56)

enum {
    ENTRIES = 512,
    LOOKED_THROUGH = 1 << 16, /* pages, in memory or not */
};

struct search {
    struct pc_pages *pages;
    int pagemap;
    size_t size; /* of a page */
    size_t left; /* of what may be looked through, in pages */
};

static bool
is_own(uint64_t entry)
{
    return (entry & (PRESENT | OF_A_FILE | EXCLUSIVE)) == (PRESENT | EXCLUSIVE);
}

static bool
keep(struct pc_pages *pages, char *page, size_t size)
{
    struct pc_page_run *last =
        pages->count == 0 ? NULL : &pages->runs[pages->count - 1];
    if (pages->total == PC_PAGES_MOST) {
        return false;
    }
    pages->total++;
    if (last != NULL && last->start + last->count * size == page) {
        last->count++;
    }
    else {
        pages->runs[pages->count++] = (struct pc_page_run){page, 1};
    }
    return true;
}

/* A mapping that is too large is left out. */
static bool
search_mapping(struct search *s, uintptr_t start, uintptr_t end)
{
    uint64_t entries[ENTRIES];
    size_t whole = (end - start) / s->size;
    if (whole > s->left) {
        return true;
    }
    s->left -= whole;
    while (start < end) {
        size_t count = (end - start) / s->size;
        count = count < ENTRIES ? count : ENTRIES;
        size_t len = count * sizeof *entries;
        off_t offset = (off_t)(start / s->size * sizeof *entries);
        if (pread(s->pagemap, entries, len, offset) != (ssize_t)len) {
            return false;
        }
        for (size_t i = 0; i < count; i++, start += s->size) {
            if (is_own(entries[i]) && !keep(s->pages, (char *)start, s->size)) {
                return false;
            }
        }
    }
    return true;
}

/* Is the line of maps one of memory that is written to, and that a fork shares until then? */
static bool
read_mapping(const char *line, uintptr_t *ret_start, uintptr_t *ret_end)
{
    char writes = 0;
    char shares = 0;
    int count = sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*c%c%*c%c", ret_start, ret_end,
                       &writes, &shares);
    return count == 4 && writes == 'w' && shares == 'p';
}

static bool
search_all(struct search *s, FILE *maps)
{
    pc_auto_free char *line = NULL;
    size_t room = 0;
    bool all = true;
    while (all && getline(&line, &room, maps) > 0) {
        uintptr_t start = 0;
        uintptr_t end = 0;
        all = !read_mapping(line, &start, &end) || search_mapping(s, start, end);
    }
    return all;
}

void
pc_pages_find(struct pc_pages *ret_pages)
{
    struct search s = {
        .pages = ret_pages,
        .pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC),
        .size = (size_t)sysconf(_SC_PAGESIZE),
        .left = LOOKED_THROUGH,
    };
    FILE *maps = fopen("/proc/self/maps", "re");
    ret_pages->count = ret_pages->total = 0;
    if (s.pagemap < 0 || maps == NULL || !search_all(&s, maps)) {
        ret_pages->count = ret_pages->total = 0;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    if (s.pagemap >= 0) {
        close(s.pagemap);
    }
}

void
pc_pages_copy(const struct pc_pages *pages)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < pages->count; i++) {
        const struct pc_page_run *run = &pages->runs[i];
        (void)madvise(run->start, run->count * size, MADV_POPULATE_WRITE);
    }
}
