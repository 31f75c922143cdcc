/* Indentation: how wide a level is in this text, and lines that get more or less of it. */
#include <pyconsole/status.h>
#include <string.h>

#include "edit/editor_parts.h"
#include "edit/motion.h"
#include "lexer/outlook.h"

/* The first line that has more than the header before it shows it, as in the outlook. */
size_t
pc_indent_width(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t header = 0;
    bool after_header = false;
    for (size_t line = 0; line < text->lines; line++) {
        size_t indent = pc_text_line_indent(text, line);
        size_t end = pc_text_line_end(text, line);
        if (indent == end) {
            continue;
        }
        size_t column = pc_column_at(text, indent);
        if (after_header && column > header) {
            return column - header;
        }
        header = column;
        after_header = text->bytes[end - 1] == ':';
    }
    return editor->indent_width;
}

/* The nearest line before that has less says where the level begins; where that is
 * further than one level, the stop before. */
size_t
pc_indent_less(const struct pc_editor *editor, size_t line, size_t offset)
{
    const struct pc_text *text = &editor->text;
    size_t width = pc_indent_width(editor);
    size_t column = pc_column_at(text, offset);
    size_t outer = 0;
    for (size_t i = line; i > 0; i--) {
        size_t indent = pc_text_line_indent(text, i - 1);
        size_t other = pc_column_at(text, indent);
        if (indent != pc_text_line_end(text, i - 1) && other < column) {
            outer = other;
            break;
        }
    }
    size_t target =
        column - outer > width ? outer + (column - outer - 1) / width * width : outer;
    return pc_offset_at_column(text, line, target);
}

/* ---- more and less */

struct pc_place
pc_place_of(const struct pc_text *text, size_t offset)
{
    size_t line = pc_text_line_at(text, offset);
    return (struct pc_place){line, pc_text_line_end(text, line) - offset};
}

size_t
pc_place_offset(const struct pc_text *text, struct pc_place place)
{
    size_t end = pc_text_line_end(text, place.line);
    size_t start = text->starts[place.line];
    return end - start < place.from_end ? start : end - place.from_end;
}

static int
append_shifted(const struct pc_editor *editor, size_t line, int levels,
               struct pc_bytes *bytes)
{
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[line];
    size_t indent = pc_text_line_indent(text, line);
    size_t end = pc_text_line_end(text, line);
    size_t width = pc_indent_width(editor);
    int status = PYCONSOLE_OK;
    if (indent < end) {
        for (; levels > 0 && status >= 0; levels--) {
            bool tabs = indent > start && text->bytes[start] == '\t';
            for (size_t i = 0; i < (tabs ? 1 : width) && status >= 0; i++) {
                status = pc_bytes_append_byte(bytes, tabs ? '\t' : ' ');
            }
        }
    }
    for (; levels < 0; levels++) {
        size_t stop = start + width < indent ? start + width : indent;
        bool tab = start < stop && text->bytes[start] == '\t';
        start = tab ? start + 1 : stop;
    }
    return status < 0 ? status
                      : pc_bytes_append(bytes, text->bytes + start, end - start);
}

int
pc_indent_lines(struct pc_editor *editor, size_t first, size_t end, int levels)
{
    const struct pc_text *text = &editor->text;
    pc_auto_bytes struct pc_bytes bytes = {0};
    for (size_t line = first; line < end; line++) {
        int status = line > first ? pc_bytes_append_byte(&bytes, '\n') : PYCONSOLE_OK;
        if (status >= 0) {
            status = append_shifted(editor, line, levels, &bytes);
        }
        if (status < 0) {
            return status;
        }
    }
    size_t start = text->starts[first];
    if (bytes.len == pc_text_line_end(text, end - 1) - start &&
        memcmp(pc_bytes_text(&bytes), text->bytes + start, bytes.len) == 0) {
        return PC_EDIT_BELL;
    }
    return pc_edit_replace_lines(editor, first, end, &bytes);
}

int
pc_edit_replace_lines(struct pc_editor *editor, size_t first, size_t end,
                      const struct pc_bytes *bytes)
{
    const struct pc_text *text = &editor->text;
    struct pc_place cursor = pc_place_of(text, editor->cursor);
    struct pc_place mark = pc_place_of(text, editor->mark);
    int result =
        pc_edit_replace(editor, text->starts[first], pc_text_line_end(text, end - 1),
                        pc_bytes_text(bytes), bytes->len);
    if (result == PC_EDIT_NONE) {
        editor->cursor = pc_place_offset(text, cursor);
        editor->mark = pc_place_offset(text, mark);
    }
    return result;
}

int
pc_indent_to_stop(struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    if (editor->cursor > text->starts[line] &&
        text->bytes[editor->cursor - 1] == '\t') {
        return pc_edit_insert(editor, "\t", 1);
    }
    size_t width = pc_indent_width(editor);
    size_t count = width - pc_column_at(text, editor->cursor) % width;
    pc_auto_bytes struct pc_bytes blanks = {0};
    for (size_t i = 0; i < count; i++) {
        int status = pc_bytes_append_byte(&blanks, ' ');
        if (status < 0) {
            return status;
        }
    }
    return pc_edit_insert(editor, pc_bytes_text(&blanks), blanks.len);
}

/* ---- the line that is opened */

static int
append_indent_of(const struct pc_text *text, size_t line, size_t most,
                 struct pc_bytes *indent)
{
    size_t start = text->starts[line];
    size_t end = pc_text_line_indent(text, line);
    end = end < most ? end : most;
    return pc_bytes_append(indent, text->bytes + start, end - start);
}

/* In a blank line the indentation is the user's own choice; in a string it is text, of
 * which the next line gets as much as this one has. */
int
pc_indent_for(const struct pc_editor *editor, size_t offset, struct pc_bytes *indent)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, offset);
    if (offset > text->starts[line] &&
        pc_text_is_blank(text, text->starts[line], offset)) {
        return append_indent_of(text, line, offset, indent);
    }
    struct pc_outlook outlook = pc_outlook_of(text->bytes, offset, editor->version);
    if (outlook.missing == PC_MISSING_STRING) {
        return append_indent_of(text, line, offset, indent);
    }
    return pc_bytes_append_text(indent, outlook.indent);
}
