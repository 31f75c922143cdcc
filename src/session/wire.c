/* Lines of JSON, and the marks in what is printed; see wire.h. */
#include "session/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

/* What an empty reader keeps; a line whose values need not be counted; one that is written
 * in a single pass. */
enum { SIZE_KEPT = 1 << 20, UNCOUNTED_MOST = 1 << 20, SHORT_LINE = 1 << 10 };

/* ---- lines ---- */

void
pc_wire_reader_fini(struct pc_wire_reader *reader)
{
    free(reader->buf);
    *reader = (struct pc_wire_reader){0};
}

/* Moves what is kept to the beginning, so that the room is in one piece. What a long line
 * took is given back. */
static void
close_up(struct pc_wire_reader *reader)
{
    if (reader->start == reader->end && reader->cap > SIZE_KEPT) {
        pc_wire_reader_fini(reader);
        return;
    }
    if (reader->start > 0) {
        memmove(reader->buf, reader->buf + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->scanned -= reader->start;
        reader->start = 0;
    }
}

char *
pc_wire_reader_room(struct pc_wire_reader *reader, size_t room, int *ret_status)
{
    close_up(reader);
    if (reader->cap - reader->end < room) {
        size_t cap = reader->end + room;
        cap = cap < 2 * reader->cap ? 2 * reader->cap : cap;
        *ret_status = PYCONSOLE_ELIMIT;
        if (reader->end > PC_WIRE_LINE_MOST) {
            return NULL;
        }
        char *buf = realloc(reader->buf, cap);
        *ret_status = PYCONSOLE_ENOMEM;
        if (buf == NULL) {
            return NULL;
        }
        reader->buf = buf;
        reader->cap = cap;
    }
    return reader->buf + reader->end;
}

void
pc_wire_reader_filled(struct pc_wire_reader *reader, size_t len)
{
    reader->end += len;
}

/* A long line of many small values would take fifty times its length when parsed. */
static bool
is_too_rich(const char *line, size_t len)
{
    size_t values = 0;
    bool text = false;
    for (size_t i = 0; len > UNCOUNTED_MOST && i < len; i++) {
        switch (line[i]) {
        case '"':
            text = !text;
            break;
        case '\\':
            i += text;
            break;
        case ',':
        case '[':
        case '{':
            values += !text;
            break;
        default:
            break;
        }
    }
    return values > PC_WIRE_VALUES_MOST;
}

int
pc_wire_next(struct pc_wire_reader *reader, json_t **ret_message)
{
    *ret_message = NULL;
    if (reader->scanned == reader->end) {
        return PYCONSOLE_OK;
    }
    char *newline =
        memchr(reader->buf + reader->scanned, '\n', reader->end - reader->scanned);
    if (newline == NULL) {
        reader->scanned = reader->end;
        return PYCONSOLE_OK;
    }
    const char *line = reader->buf + reader->start;
    size_t len = (size_t)(newline - line);
    json_t *message =
        is_too_rich(line, len) ? NULL : json_loadb(line, len, JSON_ALLOW_NUL, NULL);
    reader->start = reader->scanned = (size_t)(newline + 1 - reader->buf);
    if (!json_is_object(message)) {
        json_decref(message);
        return PYCONSOLE_EPROTOCOL;
    }
    *ret_message = message;
    return PYCONSOLE_OK;
}

/* Only a long line is made twice, the first time to know its length. */
int
pc_wire_line(const json_t *message, char **ret_line, size_t *ret_len)
{
    char room[SHORT_LINE];
    size_t len =
        message == NULL ? 0 : json_dumpb(message, room, sizeof room, JSON_COMPACT);
    if (len >= PC_WIRE_LINE_MOST) {
        return PYCONSOLE_ELIMIT;
    }
    char *line = len == 0 ? NULL : malloc(len + 1);
    if (line == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    if (len <= sizeof room) {
        memcpy(line, room, len);
    }
    else if (json_dumpb(message, line, len, JSON_COMPACT) != len) {
        free(line);
        return PYCONSOLE_ENOMEM;
    }
    line[len] = '\n';
    *ret_line = line;
    *ret_len = len + 1;
    return PYCONSOLE_OK;
}

const char *
pc_wire_text(const json_t *message, const char *key)
{
    const char *text = json_string_value(json_object_get(message, key));
    return text == NULL ? "" : text;
}

size_t
pc_wire_text_len(const json_t *message, const char *key)
{
    return json_string_length(json_object_get(message, key));
}

uint64_t
pc_wire_number(const json_t *message, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(message, key));
}

/* ---- marks ---- */

#define MARK_BEGIN "\033]pyconsole;"
#define MARK_END   "\033\\"
enum {
    BEGIN_LEN = sizeof MARK_BEGIN - 1,
    END_LEN = sizeof MARK_END - 1,
    DIGITS = 20,
    BEGINNING_MOST = BEGIN_LEN + PC_MARK_TOKEN + 1,
};

static_assert(BEGINNING_MOST + DIGITS + END_LEN <= (int)PC_MARK_MOST,
              "a mark has room");

/* What comes before the digits; its length. */
static size_t
write_beginning(const char *token, char *ret_beginning)
{
    size_t len = strnlen(token, PC_MARK_TOKEN);
    memcpy(ret_beginning, MARK_BEGIN, BEGIN_LEN);
    memcpy(ret_beginning + BEGIN_LEN, token, len);
    ret_beginning[BEGIN_LEN + len] = ';';
    return BEGIN_LEN + len + 1;
}

size_t
pc_mark_write(const char *token, uint64_t turn, char *ret_mark)
{
    size_t fixed = write_beginning(token, ret_mark);
    for (size_t i = fixed + DIGITS; i > fixed; i--, turn /= 10) {
        ret_mark[i - 1] = (char)('0' + turn % 10);
    }
    memcpy(ret_mark + fixed + DIGITS, MARK_END, END_LEN);
    return fixed + DIGITS + END_LEN;
}

/* The digits of a mark, and its end. */
static bool
read_turn(const char *digits, uint64_t *ret_turn)
{
    uint64_t turn = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        turn = turn * 10 + (uint64_t)(digits[i] - '0');
    }
    *ret_turn = turn;
    return memcmp(digits + DIGITS, MARK_END, END_LEN) == 0;
}

enum pc_mark_found
pc_mark_find(const char *token, const char *bytes, size_t len, size_t *ret_before,
             size_t *ret_len, uint64_t *ret_turn)
{
    char beginning[BEGINNING_MOST];
    size_t fixed = write_beginning(token, beginning);
    size_t whole = fixed + DIGITS + END_LEN;
    const char *end = bytes + len;
    const char *escape = bytes;
    while (escape < end &&
           (escape = memchr(escape, '\033', (size_t)(end - escape))) != NULL) {
        size_t left = (size_t)(end - escape);
        if (memcmp(beginning, escape, left < fixed ? left : fixed) != 0) {
            escape++;
            continue;
        }
        *ret_before = (size_t)(escape - bytes);
        if (left < whole) {
            return PC_MARK_CUT;
        }
        *ret_len = whole;
        if (read_turn(escape + fixed, ret_turn)) {
            return PC_MARK_WHOLE;
        }
        escape++; /* who knows the token prints what looks like a mark */
    }
    *ret_before = len;
    return PC_MARK_NONE;
}

json_t *
pc_wire_assist(const char *op, size_t cursor, const pyconsole_assist_options *options)
{
    pyconsole_assist_options known = PYCONSOLE_ASSIST_OPTIONS_INIT;
    if (options != NULL && options->size < 2 * sizeof options->size) {
        return NULL;
    }
    if (options != NULL) {
        memcpy(&known, options,
               options->size < sizeof known ? options->size : sizeof known);
    }
    return json_pack("{s:s, s:I, s:I, s:I, s:b}", "op", op, "cursor",
                     (json_int_t)cursor, "deadline", (json_int_t)known.deadline,
                     "detail", (json_int_t)known.detail, "unsafe", known.unsafe != 0);
}
