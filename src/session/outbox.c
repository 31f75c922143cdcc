/* What a descriptor did not take yet; see outbox.h. */
#include "session/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <pyconsole/status.h>

int
pc_outbox_keep(struct pc_outbox *outbox, const char *bytes, size_t len, size_t most)
{
    if (len > most || outbox->len > most - len) {
        return PYCONSOLE_ELIMIT;
    }
    if (len == 0) {
        return PYCONSOLE_OK;
    }
    char *both = malloc(outbox->len + len);
    if (both == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    if (outbox->len > 0) {
        memcpy(both, outbox->bytes + outbox->start, outbox->len);
    }
    memcpy(both + outbox->len, bytes, len);
    free(outbox->bytes);
    *outbox = (struct pc_outbox){.bytes = both, .len = outbox->len + len};
    return PYCONSOLE_OK;
}

/* How many bytes were taken, or ECLOSED. */
static ssize_t
send_some(int fd, bool is_socket, const char *bytes, size_t len)
{
    ssize_t sent = 0;
    do {
        sent = is_socket ? send(fd, bytes, len, MSG_NOSIGNAL) : write(fd, bytes, len);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0 ? sent : errno == EAGAIN ? 0 : PYCONSOLE_ECLOSED;
}

int
pc_outbox_flush(struct pc_outbox *outbox, int fd, bool is_socket)
{
    while (outbox->len > 0) {
        ssize_t sent =
            send_some(fd, is_socket, outbox->bytes + outbox->start, outbox->len);
        if (sent <= 0) {
            return (int)sent;
        }
        outbox->start += (size_t)sent;
        outbox->len -= (size_t)sent;
    }
    pc_outbox_fini(outbox);
    return PYCONSOLE_OK;
}

int
pc_outbox_send(struct pc_outbox *outbox, int fd, bool is_socket, const char *bytes,
               size_t len, size_t most)
{
    if (outbox->len > 0) {
        return pc_outbox_keep(outbox, bytes, len, most);
    }
    ssize_t sent = send_some(fd, is_socket, bytes, len);
    if (sent < 0) {
        return (int)sent;
    }
    return (size_t)sent == len
               ? PYCONSOLE_OK
               : pc_outbox_keep(outbox, bytes + sent, len - (size_t)sent, most);
}

void
pc_outbox_fini(struct pc_outbox *outbox)
{
    free(outbox->bytes);
    *outbox = (struct pc_outbox){0};
}
