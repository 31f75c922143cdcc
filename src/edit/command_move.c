/* The commands that move the cursor. A negative count goes the other way. */
#include <string.h>

#include "base/utf8.h"
#include "edit/editor_parts.h"
#include "edit/motion.h"

/* A step: from an offset to the next one. */
typedef size_t step(const struct pc_text *text, size_t offset);

static int
repeat(struct pc_editor *editor, int count, step *forward, step *back)
{
    size_t offset = editor->cursor;
    for (; count > 0 && offset < editor->text.len; count--) {
        offset = forward(&editor->text, offset);
    }
    for (; count < 0 && offset > 0; count++) {
        offset = back(&editor->text, offset);
    }
    return pc_edit_move(editor, offset);
}

static size_t
word_forward(const struct pc_text *text, size_t offset)
{
    return pc_word_end_forward(text, offset, PC_WORDS_EMACS);
}

static size_t
word_back(const struct pc_text *text, size_t offset)
{
    return pc_word_start_back(text, offset, PC_WORDS_EMACS);
}

static bool
is_at_end(const struct pc_editor *editor)
{
    return editor->cursor == editor->text.len;
}

/* ---- in the line */

int
pc_command_beginning_of_line(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    pc_edit_move(editor, text->starts[pc_text_line_at(text, editor->cursor)]);
    return PC_EDIT_NONE;
}

int
pc_command_end_of_line(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    if (is_at_end(editor)) {
        return PC_EDIT_SUGGESTION_ACCEPT;
    }
    pc_edit_move(editor, pc_text_line_end(text, pc_text_line_at(text, editor->cursor)));
    return PC_EDIT_NONE;
}

int
pc_command_back_to_indentation(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    pc_edit_move(editor,
                 pc_text_line_indent(text, pc_text_line_at(text, editor->cursor)));
    return PC_EDIT_NONE;
}

int
pc_command_forward_char(struct pc_editor *editor, int count)
{
    if (count > 0 && is_at_end(editor)) {
        return PC_EDIT_SUGGESTION_ACCEPT;
    }
    return repeat(editor, count, pc_text_next, pc_text_previous);
}

int
pc_command_backward_char(struct pc_editor *editor, int count)
{
    return repeat(editor, -count, pc_text_next, pc_text_previous);
}

int
pc_command_forward_word(struct pc_editor *editor, int count)
{
    if (count > 0 && is_at_end(editor)) {
        return PC_EDIT_SUGGESTION_WORD;
    }
    return repeat(editor, count, word_forward, word_back);
}

int
pc_command_backward_word(struct pc_editor *editor, int count)
{
    return repeat(editor, -count, word_forward, word_back);
}

/* ---- by lines */

/* To the line that many further, in the column where the vertical motion began. Returns
 * what is to be asked of the history when there is no such line at all. */
static int
go_vertically(struct pc_editor *editor, int count, int beyond)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t left = count < 0 ? line : text->lines - 1 - line;
    if (left == 0) {
        return beyond;
    }
    size_t distance = (size_t)(count < 0 ? -count : count);
    distance = distance < left ? distance : left;
    if (editor->last != PC_EFFECT_WENT_VERTICALLY) {
        editor->goal = pc_column_at(text, editor->cursor);
    }
    line = count < 0 ? line - distance : line + distance;
    editor->effect = PC_EFFECT_WENT_VERTICALLY;
    editor->cursor = pc_offset_at_column(text, line, editor->goal);
    return PC_EDIT_NONE;
}

int
pc_command_up(struct pc_editor *editor, int count)
{
    return go_vertically(editor, -count,
                         count < 0 ? PC_EDIT_HISTORY_DOWN : PC_EDIT_HISTORY_UP);
}

int
pc_command_down(struct pc_editor *editor, int count)
{
    return go_vertically(editor, count,
                         count < 0 ? PC_EDIT_HISTORY_UP : PC_EDIT_HISTORY_DOWN);
}

int
pc_command_backward_paragraph(struct pc_editor *editor, int count)
{
    return repeat(editor, -count, pc_paragraph_forward, pc_paragraph_back);
}

int
pc_command_forward_paragraph(struct pc_editor *editor, int count)
{
    return repeat(editor, count, pc_paragraph_forward, pc_paragraph_back);
}

int
pc_command_beginning_of_buffer(struct pc_editor *editor, int count)
{
    (void)count;
    return pc_edit_move(editor, 0) == PC_EDIT_NONE ? PC_EDIT_NONE
                                                   : PC_EDIT_HISTORY_FIRST;
}

int
pc_command_end_of_buffer(struct pc_editor *editor, int count)
{
    (void)count;
    return pc_edit_move(editor, editor->text.len) == PC_EDIT_NONE
               ? PC_EDIT_NONE
               : PC_EDIT_HISTORY_LAST;
}

/* ---- by what is searched */

/* vi takes the next bracket in the line, Emacs one that the cursor touches. */
static size_t
bracket_from(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t offset = editor->cursor;
    size_t end = pc_text_line_end(text, pc_text_line_at(text, offset));
    if (editor->mode == PC_MODE_EMACS || editor->mode == PC_MODE_VI_INSERT) {
        return offset;
    }
    while (offset < end && strchr("()[]{}", text->bytes[offset]) == NULL) {
        offset++;
    }
    return offset;
}

int
pc_command_matching_bracket(struct pc_editor *editor, int count)
{
    (void)count;
    size_t open = 0;
    size_t close = 0;
    size_t cursor = editor->cursor;
    size_t from = bracket_from(editor);
    editor->cursor = from;
    bool found = pc_editor_matching_bracket(editor, &open, &close);
    editor->cursor = cursor;
    if (!found) {
        return PC_EDIT_BELL;
    }
    return pc_edit_move(editor, from == close || from == close + 1 ? open : close);
}

/* To the count-th such character, forward or back, anywhere in the text. */
static int
search_character(struct pc_editor *editor, const struct pc_key *key)
{
    const struct pc_text *text = &editor->text;
    if (key->kind != PC_KEY_CHARACTER || key->modifiers != 0) {
        return PC_EDIT_BELL;
    }
    int count = editor->take_count;
    size_t offset = editor->cursor;
    while (count != 0) {
        size_t next =
            count > 0 ? pc_text_next(text, offset) : pc_text_previous(text, offset);
        if (next == offset || next == text->len) {
            return PC_EDIT_BELL;
        }
        offset = next;
        if (pc_point_at(text, offset) == key->point) {
            count += count > 0 ? -1 : 1;
        }
    }
    return pc_edit_move(editor, offset);
}

int
pc_command_character_search(struct pc_editor *editor, int count)
{
    pc_edit_await(editor, search_character, count);
    return PC_EDIT_NONE;
}

int
pc_command_character_search_backward(struct pc_editor *editor, int count)
{
    pc_edit_await(editor, search_character, -count);
    return PC_EDIT_NONE;
}
