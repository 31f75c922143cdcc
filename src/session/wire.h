/* The wire: messages are JSON objects, one a line, UTF-8, over a stream; docs/protocol.md
 * says which there are. Bytes in, messages out; no descriptor is touched here. */
#ifndef PC_SESSION_WIRE_H
#define PC_SESSION_WIRE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pyconsole/assist.h>

/* Raised by a message that another program cannot understand. */
#define PC_WIRE_VERSION 1

/* The longest line that is sent or taken. */
#define PC_WIRE_LINE_MOST ((size_t)1 << 26)

/* The most values in a long line. */
enum { PC_WIRE_VALUES_MOST = 1 << 20 };

/* Bytes of lines that are not whole yet, or were not asked for yet. */
struct pc_wire_reader {
    char *buf; /* owned */
    size_t start;
    size_t end;
    size_t cap;
    size_t scanned; /* no newline from start up to here */
};

void pc_wire_reader_fini(struct pc_wire_reader *reader);

/* Room for at least `room` bytes, to be filled by the caller, who then says how many it
 * put there. NULL: out of memory, or the line is too long (*ret_status). */
char *pc_wire_reader_room(struct pc_wire_reader *reader, size_t room, int *ret_status);
void pc_wire_reader_filled(struct pc_wire_reader *reader, size_t len);

/* The next message: a new reference to an object, or NULL when the line is not whole yet.
 * EPROTOCOL: the line is no JSON object, or one of too many values. */
int pc_wire_next(struct pc_wire_reader *reader, json_t **ret_message);

/* The message as a line, which the caller frees. ENOMEM, ELIMIT. */
int pc_wire_line(const json_t *message, char **ret_line, size_t *ret_len);

/* A message that asks for completion or inspection, but for its text; `options` NULL: the
 * defaults. NULL: their size is none, or no memory. */
json_t *pc_wire_assist(const char *op, size_t cursor,
                       const pyconsole_assist_options *options);

/* Members of a message: "" and 0 where they are missing or of another type. */
const char *pc_wire_text(const json_t *message, const char *key);
size_t pc_wire_text_len(const json_t *message, const char *key);
uint64_t pc_wire_number(const json_t *message, const char *key);

/* ---- marks in the output
 *
 * A worker's descriptors 1 and 2 are pipes, into which everybody may write: the code, C
 * libraries, child processes. So that what is printed keeps its place among the messages,
 * the worker puts a mark with a number into both pipes and sends a message with the same
 * number: what stands before the mark comes before that message. A mark is an OSC string,
 * which a terminal that should see one does not show; its token is the session's own. */

enum { PC_MARK_TOKEN = 32, PC_MARK_MOST = 80 };

enum pc_mark_found {
    PC_MARK_NONE,
    PC_MARK_WHOLE,
    PC_MARK_CUT, /* what is at the end may be the beginning of one */
};

/* Tokens have at most PC_MARK_TOKEN bytes. Puts a mark into `ret_mark` (of PC_MARK_MOST
 * bytes) and returns its length. */
size_t pc_mark_write(const char *token, uint64_t turn, char *ret_mark);

/* Looks for the first mark. *ret_before: bytes before it, which are output. */
enum pc_mark_found pc_mark_find(const char *token, const char *bytes, size_t len,
                                size_t *ret_before, size_t *ret_len,
                                uint64_t *ret_turn);

#endif
