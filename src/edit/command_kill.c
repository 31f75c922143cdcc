/* The selection, and what is cut, copied and put back. */
#include <pyconsole/status.h>

#include "edit/editor_parts.h"
#include "edit/motion.h"

/* ---- the selection */

int
pc_command_set_mark(struct pc_editor *editor, int count)
{
    (void)count;
    editor->mark = editor->cursor;
    editor->selecting = PC_SELECTING_MARK;
    return PC_EDIT_NONE;
}

int
pc_command_exchange_point_and_mark(struct pc_editor *editor, int count)
{
    (void)count;
    size_t mark = editor->mark;
    editor->mark = editor->cursor;
    editor->cursor = mark;
    if (editor->selecting == PC_SELECTING_NO) {
        editor->selecting = PC_SELECTING_MARK;
    }
    return PC_EDIT_NONE;
}

int
pc_command_mark_whole_buffer(struct pc_editor *editor, int count)
{
    (void)count;
    editor->mark = editor->text.len;
    editor->cursor = 0;
    editor->selecting = PC_SELECTING_MARK;
    return PC_EDIT_NONE;
}

int
pc_command_copy_region_as_kill(struct pc_editor *editor, int count)
{
    (void)count;
    size_t start = 0;
    size_t end = 0;
    if (!pc_editor_selection(editor, &start, &end)) {
        return PC_EDIT_BELL;
    }
    int status = pc_kill_ring_push(&editor->kills, editor->text.bytes + start,
                                   end - start, false);
    return status < 0 ? status : PC_EDIT_NONE;
}

int
pc_command_kill_region(struct pc_editor *editor, int count)
{
    (void)count;
    size_t start = 0;
    size_t end = 0;
    if (!pc_editor_selection(editor, &start, &end)) {
        return PC_EDIT_BELL;
    }
    return pc_edit_kill(editor, start, end, PC_KILL_FORWARD);
}

/* ---- cutting */

int
pc_command_kill_line(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    if (count < 0) {
        return pc_command_unix_line_discard(editor, 1);
    }
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t end = pc_text_line_end(text, line);
    if (pc_text_is_blank(text, editor->cursor, end)) {
        end = pc_text_next(text, end);
    }
    return pc_edit_kill(editor, editor->cursor, end, PC_KILL_FORWARD);
}

int
pc_command_unix_line_discard(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[pc_text_line_at(text, editor->cursor)];
    return pc_edit_kill(editor, start, editor->cursor, PC_KILL_BACK);
}

int
pc_command_kill_whole_line(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t end = pc_text_next(text, pc_text_line_end(text, line));
    return pc_edit_kill(editor, text->starts[line], end, PC_KILL_FORWARD);
}

static int
kill_words(struct pc_editor *editor, int count, enum pc_word_style style)
{
    const struct pc_text *text = &editor->text;
    size_t offset = editor->cursor;
    for (; count > 0 && offset < text->len; count--) {
        offset = pc_word_end_forward(text, offset, style);
    }
    for (; count < 0 && offset > 0; count++) {
        offset = pc_word_start_back(text, offset, style);
    }
    return offset < editor->cursor
               ? pc_edit_kill(editor, offset, editor->cursor, PC_KILL_BACK)
               : pc_edit_kill(editor, editor->cursor, offset, PC_KILL_FORWARD);
}

int
pc_command_kill_word(struct pc_editor *editor, int count)
{
    return kill_words(editor, count, PC_WORDS_EMACS);
}

int
pc_command_backward_kill_word(struct pc_editor *editor, int count)
{
    return kill_words(editor, -count, PC_WORDS_EMACS);
}

int
pc_command_unix_word_rubout(struct pc_editor *editor, int count)
{
    size_t start = 0;
    size_t end = 0;
    if (pc_editor_selection(editor, &start, &end)) {
        return pc_edit_kill(editor, start, end, PC_KILL_FORWARD);
    }
    return kill_words(editor, -count, PC_WORDS_BLANK);
}

/* ---- putting back */

int
pc_command_yank(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_kill *kill = pc_kill_ring_top(&editor->kills);
    if (kill == NULL) {
        return PC_EDIT_BELL;
    }
    int result = pc_edit_insert(editor, pc_bytes_text(&kill->bytes), kill->bytes.len);
    if (result == PC_EDIT_NONE) {
        editor->effect = PC_EFFECT_YANKED;
    }
    return result;
}

int
pc_command_yank_pop(struct pc_editor *editor, int count)
{
    (void)count;
    if (editor->last != PC_EFFECT_YANKED || editor->kills.count == 0) {
        return PC_EDIT_BELL;
    }
    pc_kill_ring_rotate(&editor->kills);
    const struct pc_kill *kill = pc_kill_ring_top(&editor->kills);
    editor->effect = PC_EFFECT_YANKED;
    return pc_edit_replace(editor, editor->inserted, editor->cursor,
                           pc_bytes_text(&kill->bytes), kill->bytes.len);
}
