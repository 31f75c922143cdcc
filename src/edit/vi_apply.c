/* What vi's operators do to a range of the text. Ranges of lines are kept without the last
 * line's end. */
#include <pyconsole/status.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "edit/editor_parts.h"
#include "edit/motion.h"
#include "edit/vi.h"

/* What is empty takes the place of nothing in the ring. */
static int
copy(struct pc_editor *editor, struct pc_vi_range range)
{
    if (range.start == range.end && !range.lines) {
        return PYCONSOLE_OK;
    }
    return pc_kill_ring_push(&editor->kills, editor->text.bytes + range.start,
                             range.end - range.start, range.lines);
}

static void
go_to_indentation(struct pc_editor *editor, size_t offset)
{
    const struct pc_text *text = &editor->text;
    editor->cursor = pc_text_line_indent(text, pc_text_line_at(text, offset));
}

static int
delete_range(struct pc_editor *editor, struct pc_vi_range range)
{
    const struct pc_text *text = &editor->text;
    int status = copy(editor, range);
    if (status < 0) {
        return status;
    }
    if (!range.lines) {
        return pc_edit_delete(editor, range.start, range.end);
    }
    /* With them goes the line's end behind them, or before them at the text's end. */
    size_t start = range.start;
    size_t end = pc_text_next(text, range.end);
    if (end == range.end && start > 0) {
        start--;
    }
    int result = pc_edit_delete(editor, start, end);
    if (result == PC_EDIT_NONE) {
        go_to_indentation(editor, start);
    }
    return result;
}

static int
change_range(struct pc_editor *editor, struct pc_vi_range range)
{
    const struct pc_text *text = &editor->text;
    int status = copy(editor, range);
    if (status < 0) {
        return status;
    }
    if (range.lines) {
        range.start = pc_text_line_indent(text, pc_text_line_at(text, range.start));
        range.start = range.start < range.end ? range.start : range.end;
    }
    int result = range.start < range.end
                     ? pc_edit_replace(editor, range.start, range.end, NULL, 0)
                     : PC_EDIT_NONE;
    if (result == PC_EDIT_NONE) {
        editor->cursor = range.start;
        pc_vi_insert(editor, PC_MODE_VI_INSERT);
    }
    return result;
}

static int
yank_range(struct pc_editor *editor, struct pc_vi_range range)
{
    int status = copy(editor, range);
    if (status < 0) {
        return status;
    }
    if (!range.lines || range.start > editor->cursor || range.end < editor->cursor) {
        editor->cursor = range.start;
    }
    else {
        size_t line = pc_text_line_at(&editor->text, range.start);
        size_t column = pc_column_at(&editor->text, editor->cursor);
        editor->cursor = pc_offset_at_column(&editor->text, line, column);
    }
    return PC_EDIT_NONE;
}

static int
shift_range(struct pc_editor *editor, struct pc_vi_range range, int levels)
{
    const struct pc_text *text = &editor->text;
    size_t first = pc_text_line_at(text, range.start);
    int result =
        pc_indent_lines(editor, first, pc_text_line_at(text, range.end) + 1, levels);
    go_to_indentation(editor, text->starts[first]);
    return result;
}

int
pc_vi_apply(struct pc_editor *editor, enum pc_command_id operation,
            struct pc_vi_range range)
{
    switch (operation) {
    case PC_COMMAND_vi_delete_to:
        return delete_range(editor, range);
    case PC_COMMAND_vi_change_to:
        return change_range(editor, range);
    case PC_COMMAND_vi_yank_to:
        return yank_range(editor, range);
    case PC_COMMAND_vi_indent:
        return shift_range(editor, range, 1);
    default:
        return shift_range(editor, range, -1);
    }
}

int
pc_vi_swap_case(struct pc_editor *editor, size_t start, size_t end)
{
    const struct pc_text *text = &editor->text;
    pc_auto_bytes struct pc_bytes swapped = {0};
    int status = PYCONSOLE_OK;
    for (size_t at = start; at < end && status >= 0;) {
        uint32_t point = 0;
        at += pc_utf8_decode(text->bytes + at, end - at, &point);
        utf8proc_int32_t old = (utf8proc_int32_t)point;
        utf8proc_int32_t upper = utf8proc_toupper(old);
        utf8proc_int32_t new = upper != old ? upper : utf8proc_tolower(old);
        char bytes[PC_UTF8_MOST];
        status =
            pc_bytes_append(&swapped, bytes, pc_utf8_encode((uint32_t) new, bytes));
    }
    if (status < 0 || start == end) {
        return status < 0 ? status : PC_EDIT_BELL;
    }
    int result =
        pc_edit_replace(editor, start, end, pc_bytes_text(&swapped), swapped.len);
    if (result == PC_EDIT_NONE && editor->mode == PC_MODE_VI_COMMAND) {
        editor->cursor = start;
    }
    return result;
}

int
pc_vi_replace_each(struct pc_editor *editor, size_t start, size_t end, uint32_t point)
{
    const struct pc_text *text = &editor->text;
    char character[PC_UTF8_MOST];
    size_t len = pc_utf8_encode(point, character);
    pc_auto_bytes struct pc_bytes bytes = {0};
    int status = PYCONSOLE_OK;
    for (size_t at = start; at < end && status >= 0; at = pc_text_next(text, at)) {
        status = text->bytes[at] == '\n' ? pc_bytes_append_byte(&bytes, '\n')
                                         : pc_bytes_append(&bytes, character, len);
    }
    if (status < 0) {
        return status;
    }
    return pc_edit_replace(editor, start, end, pc_bytes_text(&bytes), bytes.len);
}

int
pc_vi_put_over(struct pc_editor *editor, struct pc_vi_range range)
{
    const struct pc_text *text = &editor->text;
    const struct pc_kill *kill = pc_kill_ring_top(&editor->kills);
    if (kill == NULL) {
        return PC_EDIT_BELL;
    }
    /* Lines stay lines in the midst of one. */
    bool between = kill->lines && !range.lines;
    bool lines = kill->lines || range.lines;
    pc_auto_bytes struct pc_bytes bytes = {0};
    int status = between ? pc_bytes_append_byte(&bytes, '\n') : PYCONSOLE_OK;
    if (status >= 0) {
        status = pc_bytes_append(&bytes, pc_bytes_text(&kill->bytes), kill->bytes.len);
    }
    if (status >= 0 && between) {
        status = pc_bytes_append_byte(&bytes, '\n');
    }
    if (status >= 0) {
        status = copy(editor, range);
    }
    if (status < 0) {
        return status;
    }
    int result = pc_edit_replace(editor, range.start, range.end, pc_bytes_text(&bytes),
                                 bytes.len);
    if (result == PC_EDIT_NONE && lines) {
        go_to_indentation(editor, range.start + between);
    }
    else if (result == PC_EDIT_NONE && bytes.len > 0) {
        editor->cursor = pc_text_previous(text, editor->cursor);
    }
    return result;
}
