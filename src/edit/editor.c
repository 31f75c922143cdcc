/* The editor: how its text changes, and what the host may do. Keys come in by editor_key.c;
 * what they do is in the files command_*.c.
 *
 * Invariant: the cursor and the mark are edges of grapheme clusters in the text. */
#include "edit/editor.h"

#include <pyconsole/status.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "edit/clean.h"
#include "edit/editor_parts.h"
#include "edit/vi.h"

int
pc_editor_init(struct pc_editor *editor, enum pc_python_version version)
{
    *editor = (struct pc_editor){
        .version = version,
        .count = 1,
        .indent_width = 4,
        .vi = {.operator= - 1, .motion = -1, .find = -1},
    };
    int status = pc_text_init(&editor->text);
    for (size_t i = 0; i < PC_KEYMAP_COUNT && status >= 0; i++) {
        status = pc_keymap_fill(&editor->keymaps[i], (enum pc_keymap_name)i);
    }
    if (status < 0) {
        pc_editor_fini(editor);
    }
    return status;
}

void
pc_editor_fini(struct pc_editor *editor)
{
    pc_text_fini(&editor->text);
    pc_undo_fini(&editor->undo);
    pc_kill_ring_fini(&editor->kills);
    for (size_t i = 0; i < PC_KEYMAP_COUNT; i++) {
        pc_keymap_fini(&editor->keymaps[i]);
    }
    free(editor->macro.codes);
    free(editor->queue.codes);
    free(editor->vi.keys.codes);
    free(editor->vi.change.codes);
    *editor = (struct pc_editor){0};
}

/* ---- changing the text */

/* Where a place is after a replacement. */
static size_t
moved(size_t place, size_t start, size_t end, size_t len)
{
    if (place <= start) {
        return place;
    }
    return place >= end ? place - end + start + len : start + len;
}

int
pc_edit_replace(struct pc_editor *editor, size_t start, size_t end, const char *bytes,
                size_t len)
{
    int status = pc_undo_replace(&editor->undo, &editor->text, editor->cursor, start,
                                 end, bytes, len);
    if (status < 0) {
        return status;
    }
    editor->mark = moved(editor->mark, start, end, len);
    editor->cursor = start + len;
    editor->inserted = start;
    editor->changes++;
    return PC_EDIT_NONE;
}

int
pc_edit_delete(struct pc_editor *editor, size_t start, size_t end)
{
    if (start == end) {
        return PC_EDIT_BELL;
    }
    return pc_edit_replace(editor, start, end, NULL, 0);
}

int
pc_edit_kill(struct pc_editor *editor, size_t start, size_t end, enum pc_kill_side side)
{
    if (start == end) {
        return PC_EDIT_BELL;
    }
    const char *bytes = editor->text.bytes + start;
    int status = PYCONSOLE_OK;
    if (editor->last != PC_EFFECT_KILLED) {
        status = pc_kill_ring_push(&editor->kills, bytes, end - start, false);
    }
    else if (side == PC_KILL_FORWARD) {
        status = pc_kill_ring_append(&editor->kills, bytes, end - start);
    }
    else {
        status = pc_kill_ring_prepend(&editor->kills, bytes, end - start);
    }
    if (status < 0) {
        return status;
    }
    editor->effect = PC_EFFECT_KILLED;
    return pc_edit_replace(editor, start, end, NULL, 0);
}

int
pc_edit_insert(struct pc_editor *editor, const char *bytes, size_t len)
{
    size_t start = editor->cursor;
    size_t end = start;
    if (editor->selecting == PC_SELECTING_SHIFT) {
        pc_editor_selection(editor, &start, &end);
    }
    return pc_edit_replace(editor, start, end, bytes, len);
}

int
pc_edit_move(struct pc_editor *editor, size_t offset)
{
    bool moves = offset != editor->cursor;
    editor->cursor = offset;
    return moves ? PC_EDIT_NONE : PC_EDIT_BELL;
}

/* ---- the selection */

bool
pc_edit_deselect(struct pc_editor *editor)
{
    bool was = editor->selecting != PC_SELECTING_NO;
    editor->selecting = PC_SELECTING_NO;
    return was;
}

bool
pc_editor_selection(const struct pc_editor *editor, size_t *ret_start, size_t *ret_end)
{
    const struct pc_text *text = &editor->text;
    size_t start = editor->mark < editor->cursor ? editor->mark : editor->cursor;
    size_t end = editor->mark < editor->cursor ? editor->cursor : editor->mark;
    if (editor->mode == PC_MODE_VI_VISUAL) {
        end = pc_text_next(text, end);
    }
    else if (editor->mode == PC_MODE_VI_VISUAL_LINE) {
        start = text->starts[pc_text_line_at(text, start)];
        end = pc_text_next(text, pc_text_line_end(text, pc_text_line_at(text, end)));
    }
    else if (editor->selecting == PC_SELECTING_NO || start == end) {
        return false;
    }
    *ret_start = start;
    *ret_end = end;
    return true;
}

void
pc_edit_lines(const struct pc_editor *editor, size_t *ret_first, size_t *ret_end)
{
    const struct pc_text *text = &editor->text;
    size_t start = editor->cursor;
    size_t end = start;
    bool selected = pc_editor_selection(editor, &start, &end);
    if (pc_vi_is_selecting(editor->mode)) {
        /* The line of its last character is one of them, even an empty one. */
        end = editor->mark > editor->cursor ? editor->mark : editor->cursor;
        selected = false;
    }
    *ret_first = pc_text_line_at(text, start);
    *ret_end = pc_text_line_at(text, end) + 1;
    /* A selection that ends at the start of a line has nothing of it. */
    if (selected && end == text->starts[*ret_end - 1] && *ret_end - 1 > *ret_first) {
        --*ret_end;
    }
}

enum pc_cursor_shape
pc_editor_cursor_shape(const struct pc_editor *editor)
{
    switch (editor->mode) {
    case PC_MODE_VI_COMMAND:
    case PC_MODE_VI_VISUAL:
    case PC_MODE_VI_VISUAL_LINE:
        return PC_CURSOR_BLOCK;
    case PC_MODE_VI_REPLACE:
    case PC_MODE_VI_OPERATOR:
        return PC_CURSOR_UNDERLINE;
    case PC_MODE_EMACS:
    case PC_MODE_VI_INSERT:
        break;
    }
    return editor->overwrite ? PC_CURSOR_UNDERLINE : PC_CURSOR_BAR;
}

bool
pc_editor_is_arguing(const struct pc_editor *editor)
{
    return editor->arguing;
}

/* ---- what the host does */

/* After it the next command goes on with nothing that was before. */
static void
begin_step(struct pc_editor *editor)
{
    pc_undo_begin(&editor->undo);
    editor->last = PC_EFFECT_NONE;
}

void
pc_editor_clear(struct pc_editor *editor)
{
    /* Making the text shorter needs no memory. */
    (void)pc_text_replace(&editor->text, 0, editor->text.len, NULL, 0);
    pc_undo_clear(&editor->undo);
    editor->cursor = editor->mark = editor->inserted = 0;
    editor->last = PC_EFFECT_NONE;
    editor->key_count = 0;
    editor->arguing = editor->meta = editor->overwrite = false;
    editor->take_next = NULL;
    editor->count = 1;
    pc_editor_use_vi(editor, editor->mode != PC_MODE_EMACS);
}

int
pc_editor_replace(struct pc_editor *editor, size_t start, size_t end, const char *text,
                  size_t len)
{
    pc_auto_bytes struct pc_bytes clean = {0};
    int status = pc_clean_text(text, len, &clean);
    if (status < 0) {
        return status;
    }
    begin_step(editor);
    status = pc_edit_replace(editor, start, end, pc_bytes_text(&clean), clean.len);
    pc_vi_stand_on_character(editor);
    pc_undo_begin(&editor->undo);
    return status < 0 ? status : PYCONSOLE_OK;
}

int
pc_editor_set_text(struct pc_editor *editor, const char *text, size_t len)
{
    pc_edit_deselect(editor);
    return pc_editor_replace(editor, 0, editor->text.len, text, len);
}

int
pc_editor_insert(struct pc_editor *editor, const char *text, size_t len)
{
    size_t start = editor->cursor;
    size_t end = start;
    pc_editor_selection(editor, &start, &end);
    pc_edit_deselect(editor);
    int status = pc_editor_replace(editor, start, end, text, len);
    if (status == PYCONSOLE_OK) {
        editor->last = editor->effect = PC_EFFECT_YANKED;
    }
    return status;
}

bool
pc_editor_has_typed(const struct pc_editor *editor)
{
    return editor->last == PC_EFFECT_INSERTED;
}

int
pc_editor_reinsert(struct pc_editor *editor, const char *text, size_t len)
{
    size_t start = editor->last == PC_EFFECT_YANKED ? editor->inserted : editor->cursor;
    int status = pc_editor_replace(editor, start, editor->cursor, text, len);
    if (status == PYCONSOLE_OK) {
        editor->last = editor->effect = PC_EFFECT_YANKED;
    }
    return status;
}

void
pc_editor_go(struct pc_editor *editor, size_t offset)
{
    const struct pc_text *text = &editor->text;
    size_t end = offset < text->len ? offset : text->len;
    size_t at = text->starts[pc_text_line_at(text, end)];
    for (size_t next = at; next <= end && at < end; next = pc_text_next(text, at)) {
        at = next;
    }
    editor->cursor = at;
    begin_step(editor);
}

int
pc_editor_newline(struct pc_editor *editor)
{
    begin_step(editor);
    int result = pc_command_newline(editor, 1);
    pc_undo_begin(&editor->undo);
    return result < 0 ? result : PYCONSOLE_OK;
}
