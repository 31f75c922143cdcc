/* vi's commands: those that insert, delete and put; the motions are in command_vi_move.c. */
#include <pyconsole/status.h>

#include "edit/editor_parts.h"
#include "edit/vi.h"

static size_t
line_of(const struct pc_editor *editor)
{
    return pc_text_line_at(&editor->text, editor->cursor);
}

static size_t
line_end(const struct pc_editor *editor)
{
    return pc_text_line_end(&editor->text, line_of(editor));
}

/* `count` characters on from the cursor, in its line. */
static size_t
characters_on(const struct pc_editor *editor, int count)
{
    size_t end = line_end(editor);
    size_t offset = editor->cursor;
    for (; count > 0 && offset < end; count--) {
        offset = pc_text_next(&editor->text, offset);
    }
    return offset;
}

static int
apply(struct pc_editor *editor, enum pc_command_id operation, size_t start, size_t end)
{
    if (start == end && operation != PC_COMMAND_vi_change_to) {
        return PC_EDIT_BELL;
    }
    return pc_vi_apply(editor, operation, (struct pc_vi_range){start, end, false});
}

/* ---- to insert mode and back */

int
pc_command_vi_movement_mode(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    if (editor->mode == PC_MODE_VI_COMMAND) {
        return PC_EDIT_BELL;
    }
    if (editor->cursor > text->starts[line_of(editor)]) {
        editor->cursor = pc_text_previous(text, editor->cursor);
    }
    editor->mode = PC_MODE_VI_COMMAND;
    editor->vi.inserting = false;
    return PC_EDIT_NONE;
}

static int
insert_at(struct pc_editor *editor, size_t offset)
{
    editor->cursor = offset;
    pc_vi_insert(editor, PC_MODE_VI_INSERT);
    return PC_EDIT_NONE;
}

int
pc_command_vi_insertion_mode(struct pc_editor *editor, int count)
{
    (void)count;
    return insert_at(editor, editor->cursor);
}

int
pc_command_vi_append_mode(struct pc_editor *editor, int count)
{
    (void)count;
    return insert_at(editor, characters_on(editor, 1));
}

int
pc_command_vi_insert_beg(struct pc_editor *editor, int count)
{
    (void)count;
    return insert_at(editor, pc_text_line_indent(&editor->text, line_of(editor)));
}

int
pc_command_vi_append_eol(struct pc_editor *editor, int count)
{
    (void)count;
    return insert_at(editor, line_end(editor));
}

int
pc_command_vi_open_below(struct pc_editor *editor, int count)
{
    (void)count;
    size_t cursor = editor->cursor;
    editor->cursor = line_end(editor);
    int result = pc_command_newline(editor, 1);
    if (result != PC_EDIT_NONE) {
        editor->cursor = cursor;
        return result;
    }
    return insert_at(editor, editor->cursor);
}

int
pc_command_vi_open_above(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[line_of(editor)];
    size_t indent = pc_text_line_indent(text, line_of(editor));
    pc_auto_bytes struct pc_bytes line = {0};
    int status = pc_bytes_append(&line, text->bytes + start, indent - start);
    if (status >= 0) {
        status = pc_bytes_append_byte(&line, '\n');
    }
    if (status >= 0) {
        status = pc_edit_replace(editor, start, start, pc_bytes_text(&line), line.len);
    }
    return status < 0 ? status : insert_at(editor, indent);
}

int
pc_command_vi_replace(struct pc_editor *editor, int count)
{
    (void)count;
    pc_vi_insert(editor, PC_MODE_VI_REPLACE);
    return PC_EDIT_NONE;
}

/* ---- operators */

static int
await_motion(struct pc_editor *editor, enum pc_command_id operation)
{
    editor->mode = PC_MODE_VI_OPERATOR;
    editor->vi.operator=(int) operation;
    editor->vi.motion = -1;
    editor->vi.count = editor->has_count ? editor->count : 0;
    return PC_EDIT_NONE;
}

int
pc_command_vi_delete_to(struct pc_editor *editor, int count)
{
    (void)count;
    return await_motion(editor, PC_COMMAND_vi_delete_to);
}

int
pc_command_vi_change_to(struct pc_editor *editor, int count)
{
    (void)count;
    return await_motion(editor, PC_COMMAND_vi_change_to);
}

int
pc_command_vi_yank_to(struct pc_editor *editor, int count)
{
    (void)count;
    return await_motion(editor, PC_COMMAND_vi_yank_to);
}

int
pc_command_vi_indent(struct pc_editor *editor, int count)
{
    (void)count;
    return await_motion(editor, PC_COMMAND_vi_indent);
}

int
pc_command_vi_dedent(struct pc_editor *editor, int count)
{
    (void)count;
    return await_motion(editor, PC_COMMAND_vi_dedent);
}

/* ---- operators with their motion */

int
pc_command_vi_delete(struct pc_editor *editor, int count)
{
    return apply(editor, PC_COMMAND_vi_delete_to, editor->cursor,
                 characters_on(editor, count));
}

int
pc_command_vi_rubout(struct pc_editor *editor, int count)
{
    size_t line_start = editor->text.starts[line_of(editor)];
    size_t start = editor->cursor;
    for (; count > 0 && start > line_start; count--) {
        start = pc_text_previous(&editor->text, start);
    }
    return apply(editor, PC_COMMAND_vi_delete_to, start, editor->cursor);
}

int
pc_command_vi_subst(struct pc_editor *editor, int count)
{
    return apply(editor, PC_COMMAND_vi_change_to, editor->cursor,
                 characters_on(editor, count));
}

static struct pc_vi_range
lines_from_cursor(const struct pc_editor *editor, int count)
{
    size_t line = line_of(editor);
    return pc_vi_lines(editor, line, line + (size_t)(count > 0 ? count : 1));
}

int
pc_command_vi_subst_line(struct pc_editor *editor, int count)
{
    return pc_vi_apply(editor, PC_COMMAND_vi_change_to,
                       lines_from_cursor(editor, count));
}

int
pc_command_vi_change_eol(struct pc_editor *editor, int count)
{
    (void)count;
    return apply(editor, PC_COMMAND_vi_change_to, editor->cursor, line_end(editor));
}

int
pc_command_vi_delete_eol(struct pc_editor *editor, int count)
{
    (void)count;
    return apply(editor, PC_COMMAND_vi_delete_to, editor->cursor, line_end(editor));
}

int
pc_command_vi_yank_line(struct pc_editor *editor, int count)
{
    size_t cursor = editor->cursor;
    int result =
        pc_vi_apply(editor, PC_COMMAND_vi_yank_to, lines_from_cursor(editor, count));
    editor->cursor = cursor;
    return result;
}

/* ---- putting */

/* Whole lines, above or below the cursor's. */
static int
put_lines(struct pc_editor *editor, const struct pc_bytes *kill, int count, bool below)
{
    const struct pc_text *text = &editor->text;
    size_t line = line_of(editor);
    size_t at = below ? pc_text_line_end(text, line) : text->starts[line];
    pc_auto_bytes struct pc_bytes bytes = {0};
    int status = PYCONSOLE_OK;
    for (; count > 0 && status >= 0; count--) {
        status = below ? pc_bytes_append_byte(&bytes, '\n') : PYCONSOLE_OK;
        if (status >= 0) {
            status = pc_bytes_append(&bytes, pc_bytes_text(kill), kill->len);
        }
        if (status >= 0 && !below) {
            status = pc_bytes_append_byte(&bytes, '\n');
        }
    }
    if (status >= 0) {
        status = pc_edit_replace(editor, at, at, pc_bytes_text(&bytes), bytes.len);
    }
    if (status < 0) {
        return status;
    }
    editor->cursor = pc_text_line_indent(text, below ? line + 1 : line);
    return PC_EDIT_NONE;
}

static int
put(struct pc_editor *editor, int count, bool behind)
{
    const struct pc_kill *kill = pc_kill_ring_top(&editor->kills);
    if (kill == NULL || count < 1) {
        return PC_EDIT_BELL;
    }
    if (kill->lines) {
        return put_lines(editor, &kill->bytes, count, behind);
    }
    pc_auto_bytes struct pc_bytes bytes = {0};
    size_t at = behind ? characters_on(editor, 1) : editor->cursor;
    int status = PYCONSOLE_OK;
    for (; count > 0 && status >= 0; count--) {
        status = pc_bytes_append(&bytes, kill->bytes.data, kill->bytes.len);
    }
    if (status >= 0) {
        status = pc_edit_replace(editor, at, at, pc_bytes_text(&bytes), bytes.len);
    }
    if (status >= 0) {
        editor->cursor = pc_text_previous(&editor->text, editor->cursor);
    }
    return status;
}

int
pc_command_vi_put(struct pc_editor *editor, int count)
{
    return put(editor, count, true);
}

int
pc_command_vi_put_before(struct pc_editor *editor, int count)
{
    return put(editor, count, false);
}

/* ---- characters */

static int
replace_characters(struct pc_editor *editor, const struct pc_key *key)
{
    bool newline = key->kind == PC_KEY_ENTER;
    if (!newline && (key->kind != PC_KEY_CHARACTER || key->modifiers != 0)) {
        return PC_EDIT_BELL;
    }
    size_t start = editor->cursor;
    size_t end = start;
    for (int i = 0; i < editor->take_count; i++) {
        if (end == line_end(editor)) {
            return PC_EDIT_BELL;
        }
        end = pc_text_next(&editor->text, end);
    }
    if (newline) {
        return pc_edit_replace(editor, start, end, "\n", 1);
    }
    int result = pc_vi_replace_each(editor, start, end, key->point);
    if (result == PC_EDIT_NONE) {
        editor->cursor = pc_text_previous(&editor->text, editor->cursor);
    }
    return result;
}

int
pc_command_vi_change_char(struct pc_editor *editor, int count)
{
    pc_edit_await(editor, replace_characters, count);
    return PC_EDIT_NONE;
}

int
pc_command_vi_change_case(struct pc_editor *editor, int count)
{
    size_t start = editor->cursor;
    size_t after = editor->text.len - characters_on(editor, count);
    int result = pc_vi_swap_case(editor, start, editor->text.len - after);
    if (result == PC_EDIT_NONE) {
        editor->cursor = editor->text.len - after;
    }
    return result;
}

/* ---- the rest */

int
pc_command_vi_redo(struct pc_editor *editor, int count)
{
    if (editor->vi.change.count == 0) {
        return PC_EDIT_BELL;
    }
    int result = PC_EDIT_NONE;
    for (int i = 0; i < count && result == PC_EDIT_NONE; i++) {
        result =
            pc_edit_queue(editor, editor->vi.change.codes, editor->vi.change.count);
    }
    editor->vi.repeating = result == PC_EDIT_NONE;
    /* What repeats a change is none itself, even if it is cut short. */
    editor->vi.keys.count = 0;
    return result;
}

static int
select_in(struct pc_editor *editor, enum pc_edit_mode mode)
{
    editor->mark = editor->cursor;
    editor->mode = mode;
    return PC_EDIT_NONE;
}

int
pc_command_vi_visual(struct pc_editor *editor, int count)
{
    (void)count;
    return select_in(editor, PC_MODE_VI_VISUAL);
}

int
pc_command_vi_visual_line(struct pc_editor *editor, int count)
{
    (void)count;
    return select_in(editor, PC_MODE_VI_VISUAL_LINE);
}
