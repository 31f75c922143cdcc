/* A byte string that grows. `data` always ends in a zero byte that `len` does not count,
 * but is NULL while nothing was put in.
 *
 *     struct pc_bytes bytes = {0};
 *     pc_bytes_append(&bytes, text, len);
 *     pc_bytes_fini(&bytes);
 *
 * Functions that can fail give PYCONSOLE_OK, ENOMEM or ELIMIT, and then have changed
 * nothing. Any thread, one call at a time on one string. */
#ifndef PC_BASE_BYTES_H
#define PC_BASE_BYTES_H

#include <stdarg.h>
#include <stddef.h>

/* Our own cap. */
#define PC_BYTES_MOST ((size_t)1 << 30)

struct pc_bytes {
    char *data; /* owned */
    size_t len;
    size_t cap; /* without the zero byte */
};

/* Frees what is in it; it is empty and usable then. */
void pc_bytes_fini(struct pc_bytes *bytes);

/* Empties it, and keeps the room. */
void pc_bytes_clear(struct pc_bytes *bytes);

/* Makes room for `more` bytes behind `len`. */
int pc_bytes_reserve(struct pc_bytes *bytes, size_t more);

int pc_bytes_append(struct pc_bytes *bytes, const void *data, size_t len);
int pc_bytes_append_text(struct pc_bytes *bytes, const char *text);
int pc_bytes_append_byte(struct pc_bytes *bytes, char byte);

/* As printf() writes. */
int pc_bytes_append_format(struct pc_bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Replaces the bytes from `start` up to `end`; `data` is not in the string itself. */
int pc_bytes_replace(struct pc_bytes *bytes, size_t start, size_t end, const void *data,
                     size_t len);

/* The string "" where there is nothing yet. */
const char *pc_bytes_text(const struct pc_bytes *bytes);

#define pc_auto_bytes __attribute__((cleanup(pc_bytes_fini)))

#endif
