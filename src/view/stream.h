/* Output on its way to the terminal: where it leaves the cursor, and in which style, so
 * that a prompt can come between two pieces of a line and the line go on after it.
 *
 * It follows printable text, CR, LF, BS, tabs, SGR and the moves within a line; after
 * other moves the column is not known, and the line is taken for finished. */
#ifndef PC_VIEW_STREAM_H
#define PC_VIEW_STREAM_H

#include "base/bytes.h"
#include "view/style.h"

/* Our own cap: of a control sequence that waits for its end; then it is sent as it is. */
enum { PC_STREAM_HELD_MOST = 4096 };

/* All zero at the beginning. */
struct pc_stream {
    size_t column; /* of the cursor; == columns: the next character wraps */
    bool begun;    /* the line has text */
    bool unknown;  /* the cursor is somewhere else */
    struct pc_style style;
    struct pc_bytes held; /* half a character or control sequence */
};

void pc_stream_fini(struct pc_stream *stream);

/* A stream that goes on where this one is, to be thrown away if sending fails. */
int pc_stream_copy(const struct pc_stream *stream, struct pc_stream *ret_copy);

/* Appends what is to be sent for `text`. After a failure the stream is of no use. */
int pc_stream_pass(struct pc_stream *stream, size_t columns, const char *text,
                   size_t len, struct pc_bytes *bytes);

#endif
