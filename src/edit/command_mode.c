/* Arguments, macros, modes, and Tab. */
#include <pyconsole/status.h>
#include <stdlib.h>

#include "edit/editor_parts.h"

/* ---- the argument */

int
pc_command_digit_argument(struct pc_editor *editor, int count)
{
    uint32_t point = pc_key_of_code(editor->code).point;
    bool goes_on = editor->has_count;
    editor->arguing = true;
    if (point == '-') {
        editor->count = goes_on ? -count : -1;
        editor->digits = goes_on && editor->digits;
        return PC_EDIT_NONE;
    }
    int digit = (int)point - '0';
    bool negative = goes_on && count < 0;
    int number = goes_on && editor->digits ? abs(count) * 10 + digit : digit;
    number = number > PC_EDIT_COUNT_MOST ? PC_EDIT_COUNT_MOST : number;
    editor->count = negative ? -number : number;
    editor->digits = true;
    return PC_EDIT_NONE;
}

int
pc_command_universal_argument(struct pc_editor *editor, int count)
{
    editor->arguing = true;
    editor->digits = false;
    editor->count = abs(count) * 4 > PC_EDIT_COUNT_MOST ? count : count * 4;
    return PC_EDIT_NONE;
}

/* ---- macros */

/* The keys of these commands are no part of what is recorded. */
static void
drop_own_keys(struct pc_editor *editor)
{
    size_t own =
        editor->typed < editor->macro.count ? editor->typed : editor->macro.count;
    editor->macro.count -= own;
}

int
pc_command_start_kbd_macro(struct pc_editor *editor, int count)
{
    (void)count;
    if (editor->recording) {
        drop_own_keys(editor);
        return PC_EDIT_BELL;
    }
    editor->recording = true;
    editor->macro.count = 0;
    return PC_EDIT_NONE;
}

int
pc_command_end_kbd_macro(struct pc_editor *editor, int count)
{
    (void)count;
    if (!editor->recording) {
        return PC_EDIT_BELL;
    }
    editor->recording = false;
    drop_own_keys(editor);
    return PC_EDIT_NONE;
}

int
pc_command_call_last_kbd_macro(struct pc_editor *editor, int count)
{
    if (editor->recording) {
        drop_own_keys(editor);
        return PC_EDIT_BELL;
    }
    if (editor->macro.count == 0) {
        return PC_EDIT_BELL;
    }
    int result = PC_EDIT_NONE;
    for (int i = 0; i < count && result == PC_EDIT_NONE; i++) {
        result = pc_edit_queue(editor, editor->macro.codes, editor->macro.count);
    }
    return result;
}

/* ---- modes */

int
pc_command_prefix_meta(struct pc_editor *editor, int count)
{
    /* The argument is for the command that comes. */
    editor->arguing = editor->has_count;
    editor->count = count;
    editor->meta = true;
    return PC_EDIT_NONE;
}

int
pc_command_abort(struct pc_editor *editor, int count)
{
    (void)count;
    bool was = pc_edit_deselect(editor) || editor->has_count || editor->recording;
    editor->recording = false;
    return was ? PC_EDIT_NONE : PC_EDIT_BELL;
}

int
pc_command_paste_mode(struct pc_editor *editor, int count)
{
    (void)count;
    editor->paste_mode = !editor->paste_mode;
    return PC_EDIT_PASTE_MODE;
}

int
pc_command_emacs_editing_mode(struct pc_editor *editor, int count)
{
    (void)count;
    pc_editor_use_vi(editor, false);
    return PC_EDIT_NONE;
}

int
pc_command_vi_editing_mode(struct pc_editor *editor, int count)
{
    (void)count;
    pc_editor_use_vi(editor, true);
    return PC_EDIT_NONE;
}

/* ---- Tab */

static bool
is_in_indentation(const struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t start = text->starts[pc_text_line_at(text, editor->cursor)];
    return pc_text_is_blank(text, start, editor->cursor);
}

static bool
has_selection(const struct pc_editor *editor)
{
    size_t start = 0;
    size_t end = 0;
    return pc_editor_selection(editor, &start, &end);
}

int
pc_command_tab(struct pc_editor *editor, int count)
{
    if (has_selection(editor)) {
        return pc_command_indent_lines(editor, count);
    }
    if (!is_in_indentation(editor)) {
        return PC_EDIT_COMPLETE;
    }
    return pc_indent_to_stop(editor);
}

int
pc_command_backtab(struct pc_editor *editor, int count)
{
    if (has_selection(editor) || is_in_indentation(editor)) {
        return pc_command_dedent_lines(editor, count);
    }
    return PC_EDIT_COMPLETE_BACKWARD;
}
