/* See stream.h. */
#include "view/stream.h"

#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

enum { ESCAPE = 0x1B, TAB_COLUMNS = 8 };

void
pc_stream_fini(struct pc_stream *stream)
{
    pc_bytes_fini(&stream->held);
}

/* ---- control sequences */

static size_t
first_number(const char *bytes, size_t len)
{
    size_t number = 0;
    for (size_t i = 2; i < len && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
        number = number < 100000 ? number * 10 + (size_t)(bytes[i] - '0') : number;
    }
    return number;
}

static void
move_to(struct pc_stream *stream, size_t column, size_t columns)
{
    stream->column = column < columns ? column : columns - 1;
}

/* Moves the cursor, if that is what the sequence does. */
static void
follow_csi(struct pc_stream *stream, size_t columns, const char *bytes, size_t len)
{
    size_t number = first_number(bytes, len);
    size_t count = number > 0 ? number : 1;
    size_t column = stream->column < columns ? stream->column : columns - 1;
    switch (bytes[len - 1]) {
    case 'C':
        move_to(stream, column + count, columns);
        break;
    case 'D':
        move_to(stream, column > count ? column - count : 0, columns);
        break;
    case 'G':
    case '`':
        move_to(stream, count - 1, columns);
        break;
    case 'A':
    case 'B':
    case 'E':
    case 'F':
    case 'H':
    case 'd':
    case 'f':
    case 'r':
    case 'u':
        stream->unknown = true;
        break;
    default:
        break;
    }
}

static void
follow_escape(struct pc_stream *stream, size_t columns, const char *bytes, size_t len)
{
    const char *parameters = NULL;
    size_t parameters_len = 0;
    if (pc_escape_is_sgr(bytes, len, &parameters, &parameters_len)) {
        pc_style_read_sgr(&stream->style, parameters, parameters_len);
    }
    else if (len > 2 && bytes[1] == '[') {
        follow_csi(stream, columns, bytes, len);
    }
    else if (len == 2 && strchr("78DEMc", bytes[1]) != NULL) {
        stream->unknown = true;
    }
}

/* ---- characters */

static void
follow_control(struct pc_stream *stream, size_t columns, char byte)
{
    size_t column = stream->column < columns ? stream->column : columns - 1;
    switch (byte) {
    case '\n':
    case '\r':
        stream->column = 0;
        stream->begun = stream->begun && byte == '\r';
        stream->unknown = stream->unknown && byte == '\r';
        break;
    case '\b':
        move_to(stream, column > 0 ? column - 1 : 0, columns);
        break;
    case '\t':
        move_to(stream, column + TAB_COLUMNS - column % TAB_COLUMNS, columns);
        break;
    default:
        break;
    }
}

static void
follow_cluster(struct pc_stream *stream, size_t columns, size_t width)
{
    width = width < columns ? width : columns;
    if (stream->column + width > columns) {
        stream->column = 0;
    }
    stream->column += width;
    stream->begun = true;
}

/* Whether a UTF-8 sequence may go on behind the end. */
static bool
is_cut(const char *bytes, size_t len)
{
    unsigned char first = (unsigned char)bytes[0];
    size_t needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (first >= 0xF8 || len >= needed) {
        return false;
    }
    for (size_t i = 1; i < len; i++) {
        if (((unsigned char)bytes[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

/* Takes one unit; returns its length, or 0 if its end is not there. */
static size_t
take_unit(struct pc_stream *stream, size_t columns, const char *bytes, size_t len)
{
    unsigned char first = (unsigned char)bytes[0];
    if (first == ESCAPE) {
        size_t count = pc_escape_length(bytes, len);
        if (count == 0 && len > PC_STREAM_HELD_MOST) {
            count = len;
        }
        follow_escape(stream, columns, bytes, count);
        return count;
    }
    if (first < 0x20 || first == 0x7F) {
        follow_control(stream, columns, bytes[0]);
        return 1;
    }
    if (is_cut(bytes, len)) {
        return 0;
    }
    size_t end = pc_grapheme_next(bytes, len, 0);
    follow_cluster(stream, columns, (size_t)pc_grapheme_width(bytes, end));
    return end;
}

/* The bytes up to `end`, with CR before each LF that has none. */
static int
append_lines(struct pc_bytes *bytes, const char *text, size_t len)
{
    size_t start = 0;
    int status = PYCONSOLE_OK;
    for (size_t i = 0; i < len && status == PYCONSOLE_OK; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            status = pc_bytes_append(bytes, text + start, i - start);
            start = i;
            if (status == PYCONSOLE_OK) {
                status = pc_bytes_append_byte(bytes, '\r');
            }
        }
    }
    return status < 0 ? status : pc_bytes_append(bytes, text + start, len - start);
}

int
pc_stream_copy(const struct pc_stream *stream, struct pc_stream *ret_copy)
{
    struct pc_stream copy = *stream;
    copy.held = (struct pc_bytes){0};
    int status =
        pc_bytes_append(&copy.held, pc_bytes_text(&stream->held), stream->held.len);
    if (status == PYCONSOLE_OK) {
        *ret_copy = copy;
    }
    return status;
}

int
pc_stream_pass(struct pc_stream *stream, size_t columns, const char *text, size_t len,
               struct pc_bytes *bytes)
{
    int status = pc_bytes_append(&stream->held, text, len);
    if (status < 0) {
        return status;
    }
    size_t offset = 0;
    while (offset < stream->held.len) {
        size_t count = take_unit(stream, columns, stream->held.data + offset,
                                 stream->held.len - offset);
        if (count == 0) {
            break;
        }
        offset += count;
    }
    status = append_lines(bytes, stream->held.data, offset);
    return status < 0 ? status : pc_bytes_replace(&stream->held, 0, offset, "", 0);
}
