/* The kill ring: what was cut or copied, newest first in use, to be put back. */
#ifndef PC_EDIT_KILL_H
#define PC_EDIT_KILL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* Our own cap; an entry is at most a text. */
enum { PC_KILLS_MOST = 32 };

struct pc_kill {
    struct pc_bytes bytes;
    bool lines; /* whole lines, which vi puts back as such */
};

/* Zero-initialised it is empty. Private. */
struct pc_kill_ring {
    struct pc_kill kills[PC_KILLS_MOST];
    size_t count;
    size_t last; /* the one that was put in last */
    size_t at;   /* the one that is put back */
};

void pc_kill_ring_fini(struct pc_kill_ring *ring);

/* A new entry, which forgets the oldest one where there is no room. ENOMEM, ELIMIT: as
 * before. */
int pc_kill_ring_push(struct pc_kill_ring *ring, const char *bytes, size_t len,
                      bool lines);

/* Behind what the last entry has, or before it. */
int pc_kill_ring_append(struct pc_kill_ring *ring, const char *bytes, size_t len);
int pc_kill_ring_prepend(struct pc_kill_ring *ring, const char *bytes, size_t len);

/* The entry to put back, or NULL; the ring's until it changes. */
const struct pc_kill *pc_kill_ring_top(const struct pc_kill_ring *ring);

/* The one before is the one to put back; around the ring. */
void pc_kill_ring_rotate(struct pc_kill_ring *ring);

#endif
