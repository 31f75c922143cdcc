/* See bytes.h. The room doubles, so that appending takes time in proportion to what is
 * appended. */
#include "base/bytes.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

enum { FIRST_CAP = 63 };

void
pc_bytes_fini(struct pc_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct pc_bytes){0};
}

void
pc_bytes_clear(struct pc_bytes *bytes)
{
    bytes->len = 0;
    if (bytes->data != NULL) {
        bytes->data[0] = '\0';
    }
}

int
pc_bytes_reserve(struct pc_bytes *bytes, size_t more)
{
    if (more > PC_BYTES_MOST || bytes->len > PC_BYTES_MOST - more) {
        return PYCONSOLE_ELIMIT;
    }
    size_t needed = bytes->len + more;
    if (bytes->data != NULL && needed <= bytes->cap) {
        return PYCONSOLE_OK;
    }
    size_t cap = bytes->cap == 0 ? FIRST_CAP : 2 * bytes->cap + 1;
    cap = cap < needed ? needed : cap;
    char *data = realloc(bytes->data, cap + 1);
    if (data == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    data[bytes->len] = '\0';
    bytes->data = data;
    bytes->cap = cap;
    return PYCONSOLE_OK;
}

int
pc_bytes_append(struct pc_bytes *bytes, const void *data, size_t len)
{
    return pc_bytes_replace(bytes, bytes->len, bytes->len, data, len);
}

int
pc_bytes_append_text(struct pc_bytes *bytes, const char *text)
{
    return pc_bytes_append(bytes, text, strlen(text));
}

int
pc_bytes_append_byte(struct pc_bytes *bytes, char byte)
{
    return pc_bytes_append(bytes, &byte, 1);
}

int
pc_bytes_append_format(struct pc_bytes *bytes, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int len = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (len < 0) {
        return PYCONSOLE_ENOMEM;
    }
    int status = pc_bytes_append(bytes, text, (size_t)len);
    free(text);
    return status;
}

int
pc_bytes_replace(struct pc_bytes *bytes, size_t start, size_t end, const void *data,
                 size_t len)
{
    assert(start <= end && end <= bytes->len);
    int status = pc_bytes_reserve(bytes, len);
    if (status < 0) {
        return status;
    }
    memmove(bytes->data + start + len, bytes->data + end, bytes->len - end);
    if (len > 0) {
        memcpy(bytes->data + start, data, len);
    }
    bytes->len = bytes->len - (end - start) + len;
    bytes->data[bytes->len] = '\0';
    return PYCONSOLE_OK;
}

const char *
pc_bytes_text(const struct pc_bytes *bytes)
{
    return bytes->data == NULL ? "" : bytes->data;
}
