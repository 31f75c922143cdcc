/* The text and its line starts. Invariant: starts[0] is 0, and each further start is the
 * offset behind a \n; a zero byte stands at bytes[len]. Room is made before anything
 * changes, so that a failure leaves all as it was. */
#include "edit/text.h"

#include <pyconsole/status.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_BYTES = 256, FIRST_LINES = 16 };

int
pc_text_init(struct pc_text *text)
{
    *text = (struct pc_text){.lines = 1};
    text->bytes = malloc(FIRST_BYTES + 1);
    text->starts = malloc(FIRST_LINES * sizeof *text->starts);
    if (text->bytes == NULL || text->starts == NULL) {
        pc_text_fini(text);
        return PYCONSOLE_ENOMEM;
    }
    text->bytes_cap = FIRST_BYTES;
    text->starts_cap = FIRST_LINES;
    text->bytes[0] = '\0';
    text->starts[0] = 0;
    return PYCONSOLE_OK;
}

void
pc_text_fini(struct pc_text *text)
{
    free(text->bytes);
    free(text->starts);
    *text = (struct pc_text){0};
}

/* ---- replacing */

static size_t
count_newlines(const char *bytes, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += bytes[i] == '\n';
    }
    return count;
}

static size_t
grown(size_t cap, size_t needed)
{
    return needed > cap + cap / 2 ? needed : cap + cap / 2;
}

/* Room for `len` bytes and `lines` starts. */
static int
reserve(struct pc_text *text, size_t len, size_t lines)
{
    if (len > text->bytes_cap) {
        size_t cap = grown(text->bytes_cap, len);
        char *bytes = realloc(text->bytes, cap + 1);
        if (bytes == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        text->bytes = bytes;
        text->bytes_cap = cap;
    }
    if (lines > text->starts_cap) {
        size_t cap = grown(text->starts_cap, lines);
        size_t *starts = realloc(text->starts, cap * sizeof *starts);
        if (starts == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        text->starts = starts;
        text->starts_cap = cap;
    }
    return PYCONSOLE_OK;
}

/* One change after another is one change: the lines from the first that either touches
 * up to the last, in the numbers of the text between the two. */
static void
note_change(struct pc_text_change *sum, struct pc_text_change next)
{
    if (sum->removed == 0 && sum->added == 0) {
        *sum = next;
        return;
    }
    size_t sum_end = sum->line + sum->added;
    size_t next_end = next.line + next.removed;
    size_t line = sum->line < next.line ? sum->line : next.line;
    size_t end = sum_end > next_end ? sum_end : next_end;
    sum->removed += (sum->line - line) + (end - sum_end);
    sum->added = (end - line) - next.removed + next.added;
    sum->line = line;
}

int
pc_text_replace(struct pc_text *text, size_t start, size_t end, const char *bytes,
                size_t len)
{
    size_t kept = text->len - (end - start);
    if (len > PC_TEXT_MOST - kept) {
        return PYCONSOLE_ELIMIT;
    }
    size_t first = pc_text_line_at(text, start);
    size_t gone = pc_text_line_at(text, end) - first;
    size_t come = count_newlines(bytes, len);
    int status = reserve(text, kept + len, text->lines - gone + come);
    if (status < 0) {
        return status;
    }
    memmove(text->bytes + start + len, text->bytes + end, text->len - end + 1);
    if (len > 0) {
        memcpy(text->bytes + start, bytes, len);
    }
    size_t *starts = text->starts;
    size_t after = text->lines - first - 1 - gone;
    memmove(starts + first + 1 + come, starts + first + 1 + gone,
            after * sizeof *starts);
    for (size_t i = start, line = first; line < first + come; i++) {
        if (text->bytes[i] == '\n') {
            starts[++line] = i + 1;
        }
    }
    text->lines = text->lines - gone + come;
    text->len = kept + len;
    for (size_t line = first + come + 1; line < text->lines; line++) {
        starts[line] = starts[line] - end + start + len;
    }
    text->edits++;
    text->edited = start;
    note_change(&text->change, (struct pc_text_change){first, gone + 1, come + 1});
    return PYCONSOLE_OK;
}

struct pc_text_change
pc_text_take_change(struct pc_text *text)
{
    struct pc_text_change change = text->change;
    text->change = (struct pc_text_change){0};
    return change;
}

/* ---- lines */

size_t
pc_text_line_at(const struct pc_text *text, size_t offset)
{
    size_t low = 0;
    size_t high = text->lines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (text->starts[middle] <= offset) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    return low;
}

size_t
pc_text_line_end(const struct pc_text *text, size_t line)
{
    return line + 1 < text->lines ? text->starts[line + 1] - 1 : text->len;
}

size_t
pc_text_line_indent(const struct pc_text *text, size_t line)
{
    size_t offset = text->starts[line];
    size_t end = pc_text_line_end(text, line);
    while (offset < end &&
           (text->bytes[offset] == ' ' || text->bytes[offset] == '\t')) {
        offset++;
    }
    return offset;
}

bool
pc_text_is_blank(const struct pc_text *text, size_t start, size_t end)
{
    while (start < end && (text->bytes[start] == ' ' || text->bytes[start] == '\t')) {
        start++;
    }
    return start == end;
}

/* ---- grapheme clusters: looked for in their line, since a \n is an edge */

size_t
pc_text_next(const struct pc_text *text, size_t offset)
{
    if (offset >= text->len) {
        return text->len;
    }
    if (text->bytes[offset] == '\n') {
        return offset + 1;
    }
    size_t end = pc_text_line_end(text, pc_text_line_at(text, offset));
    return pc_grapheme_next(text->bytes, end, offset);
}

size_t
pc_text_previous(const struct pc_text *text, size_t offset)
{
    if (offset == 0) {
        return 0;
    }
    size_t start = text->starts[pc_text_line_at(text, offset)];
    if (offset == start) {
        return offset - 1;
    }
    return start +
           pc_grapheme_previous(text->bytes + start, offset - start, offset - start);
}
