/* Bytes that a descriptor did not take yet: kept in order, up to a cap that the caller
 * states, and sent when there is room. */
#ifndef PC_SESSION_OUTBOX_H
#define PC_SESSION_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

struct pc_outbox {
    char *bytes; /* owned */
    size_t start;
    size_t len;
};

/* Keeps a copy of the bytes behind what is there. ELIMIT: that would be more than `most`;
 * ENOMEM. Neither keeps anything. */
int pc_outbox_keep(struct pc_outbox *outbox, const char *bytes, size_t len,
                   size_t most);

/* Sends what `fd`, which does not block, takes. ECLOSED: it takes nothing any more. */
int pc_outbox_flush(struct pc_outbox *outbox, int fd, bool is_socket);

/* Sends the bytes behind what is kept, and keeps what is not taken; as pc_outbox_keep. */
int pc_outbox_send(struct pc_outbox *outbox, int fd, bool is_socket, const char *bytes,
                   size_t len, size_t most);

void pc_outbox_fini(struct pc_outbox *outbox);

#endif
