/* See kill.h. */
#include "edit/kill.h"

#include <pyconsole/status.h>

void
pc_kill_ring_fini(struct pc_kill_ring *ring)
{
    for (size_t i = 0; i < PC_KILLS_MOST; i++) {
        pc_bytes_fini(&ring->kills[i].bytes);
    }
    *ring = (struct pc_kill_ring){0};
}

int
pc_kill_ring_push(struct pc_kill_ring *ring, const char *bytes, size_t len, bool lines)
{
    struct pc_kill kill = {.lines = lines};
    int status = pc_bytes_append(&kill.bytes, bytes, len);
    if (status < 0) {
        return status;
    }
    size_t next = ring->count == 0 ? 0 : (ring->last + 1) % PC_KILLS_MOST;
    pc_bytes_fini(&ring->kills[next].bytes);
    ring->kills[next] = kill;
    ring->count += ring->count < PC_KILLS_MOST;
    ring->last = ring->at = next;
    return PYCONSOLE_OK;
}

static int
put_into_last(struct pc_kill_ring *ring, size_t offset, const char *bytes, size_t len)
{
    ring->at = ring->last;
    return pc_bytes_replace(&ring->kills[ring->last].bytes, offset, offset, bytes, len);
}

int
pc_kill_ring_append(struct pc_kill_ring *ring, const char *bytes, size_t len)
{
    if (ring->count == 0) {
        return pc_kill_ring_push(ring, bytes, len, false);
    }
    return put_into_last(ring, ring->kills[ring->last].bytes.len, bytes, len);
}

int
pc_kill_ring_prepend(struct pc_kill_ring *ring, const char *bytes, size_t len)
{
    if (ring->count == 0) {
        return pc_kill_ring_push(ring, bytes, len, false);
    }
    return put_into_last(ring, 0, bytes, len);
}

const struct pc_kill *
pc_kill_ring_top(const struct pc_kill_ring *ring)
{
    return ring->count == 0 ? NULL : &ring->kills[ring->at];
}

void
pc_kill_ring_rotate(struct pc_kill_ring *ring)
{
    if (ring->count > 0) {
        ring->at = ring->at == 0 ? ring->count - 1 : ring->at - 1;
    }
}
