/* Whole lines: indenting, moving, joining, making them comments. */
#include <pyconsole/status.h>

#include "edit/editor_parts.h"

int
pc_command_indent_lines(struct pc_editor *editor, int count)
{
    size_t first = 0;
    size_t end = 0;
    pc_edit_lines(editor, &first, &end);
    return pc_indent_lines(editor, first, end, count);
}

int
pc_command_dedent_lines(struct pc_editor *editor, int count)
{
    return pc_command_indent_lines(editor, -count);
}

/* ---- moving */

/* Lines [first, middle) change places with lines [middle, end). */
static int
swap_lines(struct pc_editor *editor, size_t first, size_t middle, size_t end)
{
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[first];
    size_t cut = text->starts[middle];
    pc_auto_bytes struct pc_bytes bytes = {0};
    int status = pc_bytes_append(&bytes, text->bytes + cut,
                                 pc_text_line_end(text, end - 1) - cut);
    if (status >= 0) {
        status = pc_bytes_append_byte(&bytes, '\n');
    }
    if (status >= 0) {
        status = pc_bytes_append(&bytes, text->bytes + start, cut - 1 - start);
    }
    return status < 0 ? status : pc_edit_replace_lines(editor, first, end, &bytes);
}

static int
move_lines(struct pc_editor *editor, bool up)
{
    const struct pc_text *text = &editor->text;
    size_t first = 0;
    size_t end = 0;
    pc_edit_lines(editor, &first, &end);
    if (up ? first == 0 : end == text->lines) {
        return PC_EDIT_BELL;
    }
    /* The lines go past another one: its length is how far cursor and mark move. */
    size_t other = up ? first - 1 : end;
    size_t distance = pc_text_line_end(text, other) - text->starts[other] + 1;
    size_t cursor = editor->cursor;
    size_t mark = editor->mark;
    int result = up ? swap_lines(editor, other, first, end)
                    : swap_lines(editor, first, end, end + 1);
    if (result == PC_EDIT_NONE) {
        editor->cursor = up ? cursor - distance : cursor + distance;
        mark = up ? mark - distance : mark + distance;
        editor->mark = editor->selecting == PC_SELECTING_NO ? editor->cursor : mark;
    }
    return result;
}

int
pc_command_move_line_up(struct pc_editor *editor, int count)
{
    (void)count;
    return move_lines(editor, true);
}

int
pc_command_move_line_down(struct pc_editor *editor, int count)
{
    (void)count;
    return move_lines(editor, false);
}

/* ---- joining */

/* The line below is joined to `line` with one blank between them, or none at a bracket. */
static int
join(struct pc_editor *editor, size_t line)
{
    const struct pc_text *text = &editor->text;
    if (line + 1 >= text->lines) {
        return PC_EDIT_BELL;
    }
    size_t start = pc_text_line_end(text, line);
    size_t end = pc_text_line_indent(text, line + 1);
    while (start > text->starts[line] && pc_text_is_blank(text, start - 1, start)) {
        start--;
    }
    bool close = start == text->starts[line] || end == text->len ||
                 text->bytes[end] == ')' || text->bytes[end] == '\n' ||
                 text->bytes[start - 1] == '(';
    int result = pc_edit_replace(editor, start, end, " ", close ? 0 : 1);
    if (result == PC_EDIT_NONE) {
        editor->cursor = start;
    }
    return result;
}

int
pc_command_join_line(struct pc_editor *editor, int count)
{
    (void)count;
    size_t line = pc_text_line_at(&editor->text, editor->cursor);
    return line == 0 ? PC_EDIT_BELL : join(editor, line - 1);
}

int
pc_command_vi_join(struct pc_editor *editor, int count)
{
    int result = PC_EDIT_NONE;
    for (int i = count > 2 ? count - 1 : 1; i > 0 && result == PC_EDIT_NONE; i--) {
        result = join(editor, pc_text_line_at(&editor->text, editor->cursor));
    }
    return result;
}

/* ---- comments */

static bool
is_comment(const struct pc_text *text, size_t line)
{
    size_t indent = pc_text_line_indent(text, line);
    return indent < text->len && text->bytes[indent] == '#';
}

static int
append_commented(const struct pc_text *text, size_t line, bool comment,
                 struct pc_bytes *bytes)
{
    size_t start = text->starts[line];
    size_t indent = pc_text_line_indent(text, line);
    size_t end = pc_text_line_end(text, line);
    int status = pc_bytes_append(bytes, text->bytes + start, indent - start);
    if (status >= 0 && comment && indent < end) {
        status = pc_bytes_append_text(bytes, "# ");
    }
    if (!comment && indent < end && text->bytes[indent] == '#') {
        indent += indent + 1 < end && text->bytes[indent + 1] == ' ' ? 2 : 1;
    }
    return status < 0 ? status
                      : pc_bytes_append(bytes, text->bytes + indent, end - indent);
}

/* Lines that are comments all of them become none. */
int
pc_command_comment_lines(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t first = 0;
    size_t end = 0;
    pc_edit_lines(editor, &first, &end);
    bool comment = false;
    for (size_t line = first; line < end; line++) {
        bool blank = pc_text_line_indent(text, line) == pc_text_line_end(text, line);
        comment = comment || (!blank && !is_comment(text, line));
    }
    pc_auto_bytes struct pc_bytes bytes = {0};
    int status = PYCONSOLE_OK;
    for (size_t line = first; line < end && status >= 0; line++) {
        status = line > first ? pc_bytes_append_byte(&bytes, '\n') : PYCONSOLE_OK;
        if (status >= 0) {
            status = append_commented(text, line, comment, &bytes);
        }
    }
    if (status < 0) {
        return status;
    }
    return pc_edit_replace_lines(editor, first, end, &bytes);
}
