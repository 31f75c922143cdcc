/* vi's motions that Emacs does not have, or has otherwise. */
#include <pyconsole/status.h>

#include "edit/editor_parts.h"
#include "edit/motion.h"
#include "edit/vi.h"

/* ---- characters and columns */

/* How far to the right the cursor may go: an operator takes the last character too. */
static size_t
last_place(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    size_t end = pc_text_line_end(text, line);
    bool behind = editor->mode == PC_MODE_VI_OPERATOR || end == text->starts[line];
    return behind ? end : pc_text_previous(text, end);
}

int
pc_command_vi_forward_char(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    size_t last = last_place(editor);
    size_t offset = editor->cursor;
    for (; count > 0 && offset < last; count--) {
        offset = pc_text_next(text, offset);
    }
    if (offset == editor->cursor && pc_text_next(text, offset) == text->len) {
        return PC_EDIT_SUGGESTION_ACCEPT;
    }
    return pc_edit_move(editor, offset);
}

int
pc_command_vi_backward_char(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[pc_text_line_at(text, editor->cursor)];
    size_t offset = editor->cursor;
    for (; count > 0 && offset > start; count--) {
        offset = pc_text_previous(text, offset);
    }
    return pc_edit_move(editor, offset);
}

int
pc_command_vi_zero(struct pc_editor *editor, int count)
{
    if (editor->has_count) {
        return pc_command_digit_argument(editor, count);
    }
    return pc_command_beginning_of_line(editor, count);
}

int
pc_command_vi_end_of_line(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    line += (size_t)(count > 1 ? count - 1 : 0);
    editor->cursor =
        pc_text_line_end(text, line < text->lines ? line : text->lines - 1);
    return PC_EDIT_NONE;
}

int
pc_command_vi_column(struct pc_editor *editor, int count)
{
    size_t line = pc_text_line_at(&editor->text, editor->cursor);
    size_t column = (size_t)(count > 0 ? count - 1 : 0);
    editor->cursor = pc_offset_at_column(&editor->text, line, column);
    return PC_EDIT_NONE;
}

/* ---- words */

typedef size_t word_step(const struct pc_text *text, size_t offset,
                         enum pc_word_style style);

static int
go_words(struct pc_editor *editor, int count, word_step *once, enum pc_word_style style)
{
    size_t offset = editor->cursor;
    for (; count > 0; count--) {
        offset = once(&editor->text, offset, style);
    }
    return pc_edit_move(editor, offset);
}

int
pc_command_vi_next_word(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_forward, PC_WORDS_VI);
}

int
pc_command_vi_prev_word(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_back, PC_WORDS_VI);
}

int
pc_command_vi_end_word(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_last, PC_WORDS_VI);
}

int
pc_command_vi_next_bigword(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_forward, PC_WORDS_BLANK);
}

int
pc_command_vi_prev_bigword(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_back, PC_WORDS_BLANK);
}

int
pc_command_vi_end_bigword(struct pc_editor *editor, int count)
{
    return go_words(editor, count, pc_vi_word_last, PC_WORDS_BLANK);
}

/* ---- lines */

static int
go_to_line(struct pc_editor *editor, size_t line)
{
    const struct pc_text *text = &editor->text;
    line = line < text->lines ? line : text->lines - 1;
    editor->cursor = pc_text_line_indent(text, line);
    return PC_EDIT_NONE;
}

int
pc_command_vi_first_line(struct pc_editor *editor, int count)
{
    return go_to_line(editor, count > 0 ? (size_t)count - 1 : 0);
}

int
pc_command_vi_goto_line(struct pc_editor *editor, int count)
{
    size_t last = editor->text.lines - 1;
    return go_to_line(editor,
                      editor->has_count && count > 0 ? (size_t)count - 1 : last);
}

/* ---- characters that are searched for */

/* How f, F, t and T search, and what , makes of each. */
static const struct find {
    int id;
    bool back;
    bool till;
    int reverse;
} finds[] = {
    {PC_COMMAND_vi_find, false, false, PC_COMMAND_vi_find_back},
    {PC_COMMAND_vi_find_back, true, false, PC_COMMAND_vi_find},
    {PC_COMMAND_vi_till, false, true, PC_COMMAND_vi_till_back},
    {PC_COMMAND_vi_till_back, true, true, PC_COMMAND_vi_till},
};

static const struct find *
find_of(int id)
{
    const struct find *find = finds;
    while (find->id != id) {
        find++;
    }
    return find;
}

/* One place further in the line; the offset itself at its end. */
static size_t
further(const struct pc_text *text, size_t offset, bool back)
{
    size_t line = pc_text_line_at(text, offset);
    if (back) {
        return offset == text->starts[line] ? offset : pc_text_previous(text, offset);
    }
    size_t next =
        offset == pc_text_line_end(text, line) ? offset : pc_text_next(text, offset);
    return next == pc_text_line_end(text, line) ? offset : next;
}

static int
search_in_line(struct pc_editor *editor, const struct find *find, int count, bool again)
{
    const struct pc_text *text = &editor->text;
    size_t offset = editor->cursor;
    /* Repeated, it would stay before the character that it stands before already. */
    if (find->till && again && count == 1 &&
        pc_point_at(text, further(text, offset, find->back)) == editor->vi.find_point) {
        offset = further(text, offset, find->back);
    }
    for (; count > 0; count--) {
        do {
            size_t next = further(text, offset, find->back);
            if (next == offset) {
                return PC_EDIT_BELL;
            }
            offset = next;
        } while (pc_point_at(text, offset) != editor->vi.find_point);
    }
    /* Where t is there already, it is no failure: an operator takes the character. */
    editor->cursor = find->till ? further(text, offset, !find->back) : offset;
    return PC_EDIT_NONE;
}

static int
take_find(struct pc_editor *editor, const struct pc_key *key)
{
    if (key->kind != PC_KEY_CHARACTER || key->modifiers != 0) {
        return PC_EDIT_BELL;
    }
    editor->vi.find_point = key->point;
    return search_in_line(editor, find_of(editor->vi.find), editor->take_count, false);
}

static int
await_find(struct pc_editor *editor, int id, int count)
{
    editor->vi.find = id;
    pc_edit_await(editor, take_find, count);
    return PC_EDIT_NONE;
}

int
pc_command_vi_find(struct pc_editor *editor, int count)
{
    return await_find(editor, PC_COMMAND_vi_find, count);
}

int
pc_command_vi_find_back(struct pc_editor *editor, int count)
{
    return await_find(editor, PC_COMMAND_vi_find_back, count);
}

int
pc_command_vi_till(struct pc_editor *editor, int count)
{
    return await_find(editor, PC_COMMAND_vi_till, count);
}

int
pc_command_vi_till_back(struct pc_editor *editor, int count)
{
    return await_find(editor, PC_COMMAND_vi_till_back, count);
}

int
pc_command_vi_find_again(struct pc_editor *editor, int count)
{
    if (editor->vi.find < 0 || editor->vi.find_point == 0) {
        return PC_EDIT_BELL;
    }
    return search_in_line(editor, find_of(editor->vi.find), count, true);
}

int
pc_command_vi_find_reverse(struct pc_editor *editor, int count)
{
    if (editor->vi.find < 0 || editor->vi.find_point == 0) {
        return PC_EDIT_BELL;
    }
    const struct find *find = find_of(find_of(editor->vi.find)->reverse);
    return search_in_line(editor, find, count, true);
}
