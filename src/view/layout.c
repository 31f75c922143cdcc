/* See layout.h. */
#include "view/layout.h"

#include <string.h>

#include <pyconsole/status.h>

#include "base/utf8.h"

enum { ESCAPE = 0x1B, DELETE = 0x7F, IGNORE_START = 1, IGNORE_END = 2 };

/* The longest is \U0010ffff. */
enum { ESCAPED_MOST = 10 };

static bool
is_printable_ascii(char byte)
{
    return byte >= 0x20 && byte < DELETE;
}

/* ---- what is not shown as it is */

/* Writes `prefix` and `digits` hexadecimal digits; returns how many characters. */
static size_t
write_escape(char ret_text[ESCAPED_MOST], char prefix, uint32_t value, size_t digits)
{
    ret_text[0] = '\\';
    ret_text[1] = prefix;
    for (size_t i = 0; i < digits; i++) {
        ret_text[2 + i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 0xF];
    }
    return 2 + digits;
}

/* A cluster in characters that can be seen; 0 if it can be seen as it is. */
static size_t
escape_cluster(const char *bytes, size_t len, size_t width, char ret_text[ESCAPED_MOST])
{
    uint32_t point = 0;
    pc_utf8_decode(bytes, len, &point);
    if (point < 0x20 || point == DELETE) {
        ret_text[0] = '^';
        ret_text[1] = (char)(point ^ 0x40);
        return 2;
    }
    if (point == PC_UTF8_REPLACEMENT && len == 1) {
        return write_escape(ret_text, 'x', (unsigned char)bytes[0], 2);
    }
    if (point < 0xA0 && point > DELETE) {
        return write_escape(ret_text, 'x', point, 2);
    }
    if (width > 0) {
        return 0;
    }
    bool large = point > 0xFFFF;
    return write_escape(ret_text, large ? 'U' : 'u', point, large ? 8 : 4);
}

/* Puts a cluster that is not one printable ASCII character; `style` is that of its
 * text. */
static void
put_cluster(struct pc_pen *pen, const struct pc_theme *theme, const char *bytes,
            size_t len)
{
    char escaped[ESCAPED_MOST];
    size_t width = (size_t)pc_grapheme_width(bytes, len);
    size_t count = escape_cluster(bytes, len, width, escaped);
    if (count == 0) {
        pc_pen_put(pen, bytes, len, width);
        return;
    }
    struct pc_style style = pen->style;
    pen->style = pc_style_over(style, theme->styles[PC_ROLE_CONTROL]);
    pc_pen_put_ascii(pen, escaped, count);
    pen->style = style;
}

static void
put_tab(struct pc_pen *pen, size_t text_column)
{
    static const char blanks[PC_TAB_COLUMNS + 1] = "        ";
    pc_pen_put_ascii(pen, blanks, PC_TAB_COLUMNS - text_column % PC_TAB_COLUMNS);
}

/* Whether a byte begins no cluster of more bytes: one that is not ASCII could belong to
 * it. */
static bool
stands_alone(const char *bytes, size_t len, size_t offset)
{
    return is_printable_ascii(bytes[offset]) &&
           (offset + 1 == len || !((unsigned char)bytes[offset + 1] & 0x80));
}

/* ---- text */

static struct pc_style
style_at(const struct pc_theme *theme, const struct pc_layout_text *text, size_t offset)
{
    enum pc_role role =
        text->roles == NULL ? text->role : (enum pc_role)text->roles[offset];
    struct pc_style style = theme->styles[role];
    for (size_t i = 0; i < text->spans_count; i++) {
        if (offset >= text->spans[i].start && offset < text->spans[i].end) {
            style = pc_style_over(style, theme->styles[text->spans[i].role]);
        }
    }
    return style;
}

/* Where the characters end that can be put at once: they stand alone, look the same and
 * have the cursor at most before them. */
static size_t
end_of_run(const struct pc_pen *pen, const struct pc_layout_text *text, size_t offset)
{
    bool plain = pen->frame == NULL || (text->roles == NULL && text->spans_count == 0);
    size_t end = offset;
    while (end < text->len && stands_alone(text->bytes, text->len, end)) {
        end++;
        if (end == text->cursor ||
            (!plain && (end == text->len || text->spans_count > 0 ||
                        text->roles[end] != text->roles[offset]))) {
            break;
        }
    }
    return end;
}

/* How far the pen is from where it was, in columns. */
static size_t
columns_since(const struct pc_pen *pen, struct pc_place start)
{
    return (pen->row - start.row) * pen->columns + pen->column - start.column;
}

void
pc_layout_text(struct pc_pen *pen, const struct pc_theme *theme,
               const struct pc_layout_text *text, struct pc_place *ret_cursor)
{
    const struct pc_place start = {pen->row, pen->column};
    size_t offset = 0;
    while (offset < text->len) {
        size_t end = end_of_run(pen, text, offset);
        pen->style = style_at(theme, text, offset);
        if (end > offset) {
            pc_pen_put_ascii(pen, text->bytes + offset, end - offset);
        }
        else if (text->bytes[offset] == '\t') {
            put_tab(pen, columns_since(pen, start));
            end = offset + 1;
        }
        else {
            end = pc_grapheme_next(text->bytes, text->len, offset);
            put_cluster(pen, theme, text->bytes + offset, end - offset);
        }
        if (text->cursor >= offset && text->cursor < end) {
            *ret_cursor = (struct pc_place){pen->at_row, pen->at_column};
        }
        offset = end;
    }
    pen->style = (struct pc_style){0};
}

/* ---- prompts */

static void
keep_control(struct pc_pen *pen, struct pc_bytes *controls, const char *bytes,
             size_t len)
{
    if (controls != NULL && pen->status == PYCONSOLE_OK) {
        pen->status = pc_bytes_append(controls, bytes, len);
    }
}

/* A control sequence; one that does not end is dropped. Returns its length. */
static size_t
take_escape(struct pc_pen *pen, const char *bytes, size_t len,
            struct pc_bytes *controls)
{
    const char *parameters = NULL;
    size_t parameters_len = 0;
    size_t count = pc_escape_length(bytes, len);
    if (count == 0) {
        return len;
    }
    if (pc_escape_is_sgr(bytes, count, &parameters, &parameters_len)) {
        pc_style_read_sgr(&pen->style, parameters, parameters_len);
    }
    else {
        keep_control(pen, controls, bytes, count);
    }
    return count;
}

void
pc_layout_prompt(struct pc_pen *pen, const struct pc_theme *theme, const char *prompt,
                 size_t len, struct pc_bytes *controls)
{
    bool own = memchr(prompt, ESCAPE, len) != NULL;
    bool ignored = false; /* between \x01 and \x02 */
    struct pc_place start = {pen->row, pen->column};
    pen->style = theme->styles[own ? PC_ROLE_TEXT : PC_ROLE_PROMPT];
    for (size_t offset = 0; offset < len;) {
        const char *at = prompt + offset;
        size_t count = 1;
        if (*at == ESCAPE) {
            count = take_escape(pen, at, len - offset, controls);
        }
        else if (*at == IGNORE_START || *at == IGNORE_END) {
            ignored = *at == IGNORE_START;
        }
        else if (ignored) {
            keep_control(pen, controls, at, 1);
        }
        else if (*at == '\n') {
            pc_pen_end_line(pen);
            start = (struct pc_place){pen->row, pen->column};
        }
        else if (*at == '\t') {
            put_tab(pen, columns_since(pen, start));
        }
        else if (stands_alone(prompt, len, offset)) {
            pc_pen_put_ascii(pen, at, 1);
        }
        else {
            count = pc_grapheme_next(prompt, len, offset) - offset;
            put_cluster(pen, theme, at, count);
        }
        offset += count;
    }
    pen->style = (struct pc_style){0};
}
