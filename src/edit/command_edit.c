/* The commands that put characters in and take them out. */
#include <pyconsole/status.h>
#include <string.h>

#include "base/utf8.h"
#include "edit/editor_parts.h"
#include "edit/motion.h"
#include "edit/vi.h"

/* ---- inserting */

/* The same bytes `count` times; where they overwrite, in place of as many characters. */
static int
insert_repeated(struct pc_editor *editor, const char *bytes, size_t len, int count)
{
    pc_auto_bytes struct pc_bytes repeated = {0};
    const struct pc_text *text = &editor->text;
    size_t end = editor->cursor;
    bool overwrites = editor->overwrite || editor->mode == PC_MODE_VI_REPLACE;
    for (int i = 0; i < count; i++) {
        int status = pc_bytes_append(&repeated, bytes, len);
        if (status < 0) {
            return status;
        }
        if (overwrites && end < text->len && text->bytes[end] != '\n') {
            end = pc_text_next(text, end);
        }
    }
    if (end > editor->cursor) {
        return pc_edit_replace(editor, editor->cursor, end, pc_bytes_text(&repeated),
                               repeated.len);
    }
    return pc_edit_insert(editor, pc_bytes_text(&repeated), repeated.len);
}

/* A word that is typed is one step of undo, with the blanks before it. */
static bool
begins_word(const struct pc_editor *editor, uint32_t point)
{
    const struct pc_text *text = &editor->text;
    return point != ' ' && editor->cursor > 0 &&
           text->bytes[editor->cursor - 1] == ' ' && !editor->vi.inserting &&
           pc_text_line_indent(text, pc_text_line_at(text, editor->cursor)) !=
               editor->cursor;
}

int
pc_command_self_insert(struct pc_editor *editor, int count)
{
    struct pc_key key = pc_key_of_code(editor->code);
    if (key.kind != PC_KEY_CHARACTER || count < 1) {
        return PC_EDIT_BELL;
    }
    char bytes[PC_UTF8_MOST];
    if (begins_word(editor, key.point)) {
        pc_undo_begin(&editor->undo);
    }
    editor->effect = PC_EFFECT_INSERTED;
    return insert_repeated(editor, bytes, pc_utf8_encode(key.point, bytes), count);
}

/* A key as the character that it sent when terminals were simple. */
static int
insert_key(struct pc_editor *editor, const struct pc_key *key)
{
    uint32_t point = key->point;
    switch (key->kind) {
    case PC_KEY_CHARACTER:
        point = (key->modifiers & PC_KEY_CONTROL) != 0 ? point & 0x1F : point;
        break;
    case PC_KEY_ENTER:
        point = '\n';
        break;
    case PC_KEY_TAB:
        point = '\t';
        break;
    case PC_KEY_ESCAPE:
        point = 0x1B;
        break;
    case PC_KEY_BACKSPACE:
        point = 0x7F;
        break;
    default:
        return PC_EDIT_BELL;
    }
    char bytes[PC_UTF8_MOST];
    /* No source can hold a zero byte. */
    return point == 0 ? PC_EDIT_BELL
                      : insert_repeated(editor, bytes, pc_utf8_encode(point, bytes),
                                        editor->take_count);
}

int
pc_command_quoted_insert(struct pc_editor *editor, int count)
{
    pc_edit_await(editor, insert_key, count);
    return PC_EDIT_NONE;
}

int
pc_command_tab_insert(struct pc_editor *editor, int count)
{
    return insert_repeated(editor, "\t", 1, count);
}

/* ---- lines */

/* The indentation of an empty line moves to the new one; blanks before what follows the
 * cursor give way to it. In vi's command mode the cursor stands on a character, and no line
 * is broken: one is opened below, to be typed into. */
int
pc_command_newline(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    bool opens = editor->mode == PC_MODE_VI_COMMAND;
    size_t start = opens ? pc_text_line_end(text, pc_text_line_at(text, editor->cursor))
                         : editor->cursor;
    size_t end = start;
    pc_editor_selection(editor, &start, &end);
    pc_auto_bytes struct pc_bytes indent = {0};
    int status = pc_bytes_append_byte(&indent, '\n');
    if (status >= 0 && !editor->paste_mode) {
        status = pc_indent_for(editor, start, &indent);
        size_t line_start = text->starts[pc_text_line_at(text, start)];
        start = pc_text_is_blank(text, line_start, start) ? line_start : start;
        while (end < text->len &&
               (text->bytes[end] == ' ' || text->bytes[end] == '\t')) {
            end++;
        }
    }
    if (status < 0) {
        return status;
    }
    int result =
        pc_edit_replace(editor, start, end, pc_bytes_text(&indent), indent.len);
    if (result == PC_EDIT_NONE && opens) {
        pc_vi_insert(editor, PC_MODE_VI_INSERT);
    }
    return result;
}

int
pc_command_open_line(struct pc_editor *editor, int count)
{
    (void)count;
    size_t cursor = editor->cursor;
    int result = pc_edit_replace(editor, cursor, cursor, "\n", 1);
    if (result == PC_EDIT_NONE) {
        editor->cursor = cursor;
    }
    return result;
}

/* ---- deleting */

/* Many at once go into the kill ring, as in readline. */
static int
delete_characters(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    size_t start = editor->cursor;
    size_t end = start;
    for (int i = 0; i < count; i++) {
        end = pc_text_next(text, end);
    }
    for (int i = 0; i > count; i--) {
        start = pc_text_previous(text, start);
    }
    if (editor->has_count) {
        return pc_edit_kill(editor, start, end,
                            count < 0 ? PC_KILL_BACK : PC_KILL_FORWARD);
    }
    editor->effect = PC_EFFECT_DELETED;
    return pc_edit_delete(editor, start, end);
}

static bool
delete_selection(struct pc_editor *editor, int *ret_result)
{
    size_t start = 0;
    size_t end = 0;
    if (editor->selecting != PC_SELECTING_SHIFT ||
        !pc_editor_selection(editor, &start, &end)) {
        return false;
    }
    *ret_result = pc_edit_delete(editor, start, end);
    return true;
}

int
pc_command_delete_forward(struct pc_editor *editor, int count)
{
    int result = PC_EDIT_NONE;
    return delete_selection(editor, &result) ? result
                                             : delete_characters(editor, count);
}

/* At the end of a text it runs it, if it ends with an empty line, as CPython's prompt
 * does. A key that is no character, such as the Delete that many an inputrc gives this
 * command, only deletes: with readline it is the terminal's key that ends the input. */
int
pc_command_delete_char(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    bool ends = pc_key_of_code(editor->code).kind == PC_KEY_CHARACTER;
    if (ends && text->len == 0) {
        return PC_EDIT_END_OF_FILE;
    }
    if (ends && editor->cursor == text->len && text->bytes[text->len - 1] == '\n') {
        return PC_EDIT_ACCEPT;
    }
    return pc_command_delete_forward(editor, count);
}

int
pc_command_backward_delete_char(struct pc_editor *editor, int count)
{
    const struct pc_text *text = &editor->text;
    int result = PC_EDIT_NONE;
    if (delete_selection(editor, &result)) {
        return result;
    }
    size_t line = pc_text_line_at(text, editor->cursor);
    if (!editor->has_count && editor->cursor > text->starts[line] &&
        pc_text_is_blank(text, text->starts[line], editor->cursor)) {
        editor->effect = PC_EFFECT_DELETED;
        return pc_edit_delete(editor, pc_indent_less(editor, line, editor->cursor),
                              editor->cursor);
    }
    return delete_characters(editor, -count);
}

int
pc_command_delete_horizontal_space(struct pc_editor *editor, int count)
{
    (void)count;
    const struct pc_text *text = &editor->text;
    size_t start = editor->cursor;
    size_t end = start;
    while (start > 0 && pc_text_is_blank(text, start - 1, start)) {
        start--;
    }
    while (end < text->len && pc_text_is_blank(text, end, end + 1)) {
        end++;
    }
    return pc_edit_delete(editor, start, end);
}

/* ---- undoing */

static int
undo_groups(struct pc_editor *editor, int count,
            int (*once)(struct pc_undo *undo, struct pc_text *text, size_t *ret_cursor))
{
    for (int i = 0; i < count; i++) {
        int status = once(&editor->undo, &editor->text, &editor->cursor);
        if (status < 0) {
            return status;
        }
        if (status == 0) {
            return i > 0 ? PC_EDIT_NONE : PC_EDIT_BELL;
        }
        editor->mark = editor->cursor;
    }
    return PC_EDIT_NONE;
}

int
pc_command_undo(struct pc_editor *editor, int count)
{
    return undo_groups(editor, count, pc_undo_back);
}

int
pc_command_redo(struct pc_editor *editor, int count)
{
    return undo_groups(editor, count, pc_undo_forth);
}

int
pc_command_overwrite_mode(struct pc_editor *editor, int count)
{
    (void)count;
    editor->overwrite = !editor->overwrite;
    return PC_EDIT_NONE;
}
