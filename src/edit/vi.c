/* vi's modes as a machine over the commands of the keymap:
 *
 *     VI_COMMAND  --d c y > <-->  VI_OPERATOR  --motion, text object, itself-->  done
 *                 --v V-->        VI_VISUAL    --motion-->  the same
 *                                              --operator-->  done
 *
 * and the record of keys that `.` plays: from the first key in command mode up to the one
 * that is back there, if the text has changed meanwhile. */
#include "edit/vi.h"

#include <string.h>

#include "edit/editor_parts.h"
#include "edit/motion.h"

bool
pc_vi_is_selecting(enum pc_edit_mode mode)
{
    return mode == PC_MODE_VI_VISUAL || mode == PC_MODE_VI_VISUAL_LINE;
}

void
pc_editor_use_vi(struct pc_editor *editor, bool vi)
{
    editor->mode = vi ? PC_MODE_VI_INSERT : PC_MODE_EMACS;
    editor->vi.operator= editor->vi.motion = - 1;
    editor->vi.inserting = editor->vi.repeating = false;
    editor->vi.keys.count = 0;
    pc_edit_deselect(editor);
}

void
pc_vi_insert(struct pc_editor *editor, enum pc_edit_mode mode)
{
    editor->mode = mode;
    editor->vi.inserting = true;
}

/* ---- the range of a motion */

enum motion_kind { EXCLUSIVE, INCLUSIVE, LINES };

static enum motion_kind
kind_of_motion(const struct pc_editor *editor, int id)
{
    switch (id) {
    case PC_COMMAND_vi_end_word:
    case PC_COMMAND_vi_end_bigword:
    case PC_COMMAND_matching_bracket:
    case PC_COMMAND_vi_find:
    case PC_COMMAND_vi_till:
        return INCLUSIVE;
    case PC_COMMAND_vi_find_again:
    case PC_COMMAND_vi_find_reverse:
        return editor->cursor > editor->vi.origin ? INCLUSIVE : EXCLUSIVE;
    case PC_COMMAND_up:
    case PC_COMMAND_down:
    case PC_COMMAND_vi_first_line:
    case PC_COMMAND_vi_goto_line:
        return LINES;
    default:
        return EXCLUSIVE;
    }
}

struct pc_vi_range
pc_vi_lines(const struct pc_editor *editor, size_t first, size_t end)
{
    const struct pc_text *text = &editor->text;
    end = end < text->lines ? end : text->lines;
    return (struct pc_vi_range){text->starts[first], pc_text_line_end(text, end - 1),
                                true};
}

/* Up to where line `last` begins: without the line's end before it, and whole lines, if they
 * are from where a line begins (vim's `:help exclusive-linewise`). */
static struct pc_vi_range
range_to_line(const struct pc_editor *editor, size_t start, size_t last)
{
    const struct pc_text *text = &editor->text;
    size_t first = pc_text_line_at(text, start);
    return start <= pc_text_line_indent(text, first)
               ? pc_vi_lines(editor, first, last)
               : (struct pc_vi_range){start, pc_text_line_end(text, last - 1), false};
}

static struct pc_vi_range
range_of_motion(const struct pc_editor *editor, int id)
{
    const struct pc_text *text = &editor->text;
    size_t origin = editor->vi.origin;
    size_t cursor = editor->cursor;
    size_t start = cursor < origin ? cursor : origin;
    size_t end = cursor < origin ? origin : cursor;
    size_t first = pc_text_line_at(text, start);
    size_t last = pc_text_line_at(text, end);
    switch (kind_of_motion(editor, id)) {
    case INCLUSIVE:
        return (struct pc_vi_range){start, pc_text_next(text, end), false};
    case LINES:
        return pc_vi_lines(editor, first, last + 1);
    case EXCLUSIVE:
        break;
    }
    /* A word that is the line's last one does not take the line's end with it. */
    bool word = id == PC_COMMAND_vi_next_word || id == PC_COMMAND_vi_next_bigword;
    if (word && last > first && pc_text_is_blank(text, text->starts[last], end)) {
        size_t before = pc_text_line_end(text, last - 1);
        end = before > start ? before : text->starts[last];
    }
    return last > first && end == text->starts[last]
               ? range_to_line(editor, start, last)
               : (struct pc_vi_range){start, end, false};
}

/* What is deleted of several lines and leaves nothing but blanks of them is whole lines
 * (vim's `:help d-special`). */
static struct pc_vi_range
range_to_delete(const struct pc_editor *editor, struct pc_vi_range range)
{
    const struct pc_text *text = &editor->text;
    size_t first = pc_text_line_at(text, range.start);
    size_t last = pc_text_line_at(text, range.end);
    bool whole = range.start <= pc_text_line_indent(text, first) &&
                 pc_text_is_blank(text, range.end, pc_text_line_end(text, last));
    return last > first && whole ? pc_vi_lines(editor, first, last + 1) : range;
}

/* ---- operators */

static int
cancel(struct pc_editor *editor, int result)
{
    editor->mode = PC_MODE_VI_COMMAND;
    editor->vi.operator= editor->vi.motion = - 1;
    pc_edit_deselect(editor);
    return result;
}

static int
finish_motion(struct pc_editor *editor, int id, int result)
{
    int operator= editor->vi.operator;
    cancel(editor, result);
    if (result != PC_EDIT_NONE) {
        editor->cursor = editor->vi.origin;
        return result < 0 ? result : PC_EDIT_BELL;
    }
    struct pc_vi_range range = range_of_motion(editor, id);
    if (operator== PC_COMMAND_vi_delete_to) {
        range = range_to_delete(editor, range);
    }
    editor->cursor = editor->vi.origin;
    return pc_vi_apply(editor, (enum pc_command_id) operator, range);
}

/* `cw` is none of `w` but between words, and in an empty line too. */
static bool
changes_word(const struct pc_editor *editor, enum pc_command_id id)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    bool word = id == PC_COMMAND_vi_next_word || id == PC_COMMAND_vi_next_bigword;
    return word && (pc_class_at(text, editor->cursor, PC_WORDS_VI) != PC_CLASS_BLANK ||
                    text->starts[line] == pc_text_line_end(text, line));
}

static int
change_word(struct pc_editor *editor, enum pc_command_id id)
{
    struct pc_vi_range range = {
        editor->cursor, pc_vi_change_word_end(editor, editor->count, id), false};
    cancel(editor, PC_EDIT_NONE);
    return pc_vi_apply(editor, PC_COMMAND_vi_change_to, range);
}

static int
run_motion(struct pc_editor *editor, enum pc_command_id id)
{
    if (id == PC_COMMAND_vi_zero) {
        /* The operator's count is none that 0 could go on with. */
        id = PC_COMMAND_beginning_of_line;
    }
    bool counted = editor->vi.count > 0;
    int count = editor->count * (counted ? editor->vi.count : 1);
    editor->count = count < PC_EDIT_COUNT_MOST ? count : PC_EDIT_COUNT_MOST;
    editor->has_count = editor->has_count || counted;
    editor->vi.origin = editor->cursor;
    if (editor->vi.operator== PC_COMMAND_vi_change_to && changes_word(editor, id)) {
        return change_word(editor, id);
    }
    int result = pc_command_of(id)->run(editor, editor->count);
    if (editor->take_next != NULL) {
        editor->vi.motion = (int)id;
        return PC_EDIT_NONE;
    }
    return finish_motion(editor, (int)id, result);
}

/* The character after i or a names an object: of the operator, or to be selected. */
static int
take_object(struct pc_editor *editor, const struct pc_key *key)
{
    struct pc_vi_range range = {0};
    bool found = key->kind == PC_KEY_CHARACTER &&
                 pc_vi_object(editor, key->point, editor->vi.around, &range);
    if (editor->mode == PC_MODE_VI_OPERATOR) {
        int operator= editor->vi.operator;
        cancel(editor, PC_EDIT_NONE);
        return found ? pc_vi_apply(editor, (enum pc_command_id) operator, range)
                     : PC_EDIT_BELL;
    }
    if (!found || range.start == range.end) {
        return PC_EDIT_BELL;
    }
    editor->mark = range.start;
    editor->cursor = pc_text_previous(&editor->text, range.end);
    return PC_EDIT_NONE;
}

static int
await_object(struct pc_editor *editor, enum pc_command_id id)
{
    editor->vi.around = id == PC_COMMAND_vi_append_mode;
    pc_edit_await(editor, take_object, 1);
    return PC_EDIT_NONE;
}

static bool
is_digit(const struct pc_editor *editor, enum pc_command_id id)
{
    return id == PC_COMMAND_digit_argument ||
           (id == PC_COMMAND_vi_zero && editor->has_count);
}

static int
run_with_operator(struct pc_editor *editor, enum pc_command_id id)
{
    const struct pc_text *text = &editor->text;
    if (id == PC_COMMAND_vi_insertion_mode || id == PC_COMMAND_vi_append_mode) {
        return await_object(editor, id);
    }
    if ((int)id == editor->vi.operator) {
        size_t line = pc_text_line_at(text, editor->cursor);
        int count = editor->count * (editor->vi.count > 0 ? editor->vi.count : 1);
        cancel(editor, PC_EDIT_NONE);
        return pc_vi_apply(editor, id, pc_vi_lines(editor, line, line + (size_t)count));
    }
    if (pc_command_of(id)->kind == PC_COMMAND_MOVE) {
        return run_motion(editor, id);
    }
    if (pc_command_of(id)->kind == PC_COMMAND_ASK) {
        return cancel(editor, pc_command_of(id)->request);
    }
    return cancel(editor,
                  id == PC_COMMAND_vi_movement_mode ? PC_EDIT_NONE : PC_EDIT_BELL);
}

/* ---- the visual modes */

/* What a command means for a selection: an operator, and whether it takes whole lines. */
static const struct {
    enum pc_command_id id;
    enum pc_command_id operator;
    bool lines;
} visual_operators[] = {
    {PC_COMMAND_vi_delete_to, PC_COMMAND_vi_delete_to, false},
    {PC_COMMAND_vi_delete, PC_COMMAND_vi_delete_to, false},
    {PC_COMMAND_delete_forward, PC_COMMAND_vi_delete_to, false},
    {PC_COMMAND_vi_delete_eol, PC_COMMAND_vi_delete_to, true},
    {PC_COMMAND_vi_rubout, PC_COMMAND_vi_delete_to, true},
    {PC_COMMAND_vi_change_to, PC_COMMAND_vi_change_to, false},
    {PC_COMMAND_vi_subst, PC_COMMAND_vi_change_to, false},
    {PC_COMMAND_vi_subst_line, PC_COMMAND_vi_change_to, true},
    {PC_COMMAND_vi_change_eol, PC_COMMAND_vi_change_to, true},
    {PC_COMMAND_vi_yank_to, PC_COMMAND_vi_yank_to, false},
    {PC_COMMAND_vi_yank_line, PC_COMMAND_vi_yank_to, true},
    {PC_COMMAND_vi_indent, PC_COMMAND_vi_indent, true},
    {PC_COMMAND_vi_dedent, PC_COMMAND_vi_dedent, true},
    {PC_COMMAND_vi_change_case, PC_COMMAND_vi_change_case, false},
    {PC_COMMAND_undo, PC_COMMAND_downcase_region, false},
    {PC_COMMAND_upcase_region, PC_COMMAND_upcase_region, false},
};

static struct pc_vi_range
selected_range(const struct pc_editor *editor, bool lines)
{
    size_t start = 0;
    size_t end = 0;
    size_t first = 0;
    size_t line_end = 0;
    pc_editor_selection(editor, &start, &end);
    pc_edit_lines(editor, &first, &line_end);
    return lines || editor->mode == PC_MODE_VI_VISUAL_LINE
               ? pc_vi_lines(editor, first, line_end)
               : (struct pc_vi_range){start, end, false};
}

static int
operate_on_selection(struct pc_editor *editor, enum pc_command_id operator, bool lines)
{
    struct pc_vi_range range = selected_range(editor, lines);
    pc_undo_begin(&editor->undo);
    if (operator== PC_COMMAND_upcase_region || operator== PC_COMMAND_downcase_region) {
        int result = pc_command_of(operator)->run(editor, 1);
        editor->cursor = range.start;
        return cancel(editor, result);
    }
    cancel(editor, PC_EDIT_NONE);
    editor->cursor = range.start;
    return operator== PC_COMMAND_vi_change_case
               ? pc_vi_swap_case(editor, range.start, range.end)
               : pc_vi_apply(editor, operator, range);
}

static int
join_selection(struct pc_editor *editor)
{
    size_t first = 0;
    size_t end = 0;
    pc_edit_lines(editor, &first, &end);
    cancel(editor, PC_EDIT_NONE);
    pc_undo_begin(&editor->undo);
    editor->cursor = editor->text.starts[first];
    return pc_command_vi_join(editor, (int)(end - first));
}

/* The character that all of the selection becomes. */
static int
take_replacement(struct pc_editor *editor, const struct pc_key *key)
{
    struct pc_vi_range range = selected_range(editor, false);
    cancel(editor, PC_EDIT_NONE);
    if (key->kind != PC_KEY_CHARACTER || key->modifiers != 0) {
        return PC_EDIT_BELL;
    }
    pc_undo_begin(&editor->undo);
    int result = pc_vi_replace_each(editor, range.start, range.end, key->point);
    if (result == PC_EDIT_NONE) {
        editor->cursor = range.start;
    }
    return result;
}

static int
put_over_selection(struct pc_editor *editor)
{
    struct pc_vi_range range = selected_range(editor, false);
    cancel(editor, PC_EDIT_NONE);
    pc_undo_begin(&editor->undo);
    return pc_vi_put_over(editor, range);
}

/* What Emacs does with the lines of a selection, too. */
static int
change_lines(struct pc_editor *editor, enum pc_command_id id)
{
    pc_undo_begin(&editor->undo);
    int result = pc_command_of(id)->run(editor, editor->count);
    return cancel(editor, result);
}

static int
switch_visual(struct pc_editor *editor, enum pc_edit_mode mode)
{
    if (editor->mode == mode) {
        return cancel(editor, PC_EDIT_NONE);
    }
    editor->mode = mode;
    return PC_EDIT_NONE;
}

static int
run_in_visual(struct pc_editor *editor, enum pc_command_id id)
{
    const struct pc_command *command = pc_command_of(id);
    for (size_t i = 0; i < sizeof visual_operators / sizeof *visual_operators; i++) {
        if (visual_operators[i].id == id) {
            return operate_on_selection(editor, visual_operators[i].operator,
                                        visual_operators[i].lines);
        }
    }
    switch (id) {
    case PC_COMMAND_vi_visual:
        return switch_visual(editor, PC_MODE_VI_VISUAL);
    case PC_COMMAND_vi_visual_line:
        return switch_visual(editor, PC_MODE_VI_VISUAL_LINE);
    case PC_COMMAND_vi_insertion_mode:
    case PC_COMMAND_vi_append_mode:
        return await_object(editor, id);
    case PC_COMMAND_vi_open_below:
        return pc_command_exchange_point_and_mark(editor, 1);
    case PC_COMMAND_vi_join:
        return join_selection(editor);
    case PC_COMMAND_vi_change_char:
        pc_edit_await(editor, take_replacement, 1);
        return PC_EDIT_NONE;
    case PC_COMMAND_vi_put:
    case PC_COMMAND_vi_put_before:
        return put_over_selection(editor);
    case PC_COMMAND_indent_lines:
    case PC_COMMAND_dedent_lines:
    case PC_COMMAND_move_line_up:
    case PC_COMMAND_move_line_down:
    case PC_COMMAND_comment_lines:
        return change_lines(editor, id);
    case PC_COMMAND_vi_movement_mode:
    case PC_COMMAND_abort:
        return cancel(editor, PC_EDIT_NONE);
    default:
        break;
    }
    if (command->kind == PC_COMMAND_ASK) {
        return cancel(editor, command->request);
    }
    if (command->kind != PC_COMMAND_MOVE) {
        return PC_EDIT_BELL;
    }
    editor->effect = PC_EFFECT_NONE;
    int result = command->run(editor, editor->count);
    editor->last = editor->effect;
    return result > PC_EDIT_BELL ? PC_EDIT_BELL : result;
}

int
pc_vi_run(struct pc_editor *editor, enum pc_command_id id)
{
    if (is_digit(editor, id)) {
        return pc_command_of(id)->run(editor, editor->count);
    }
    if (pc_vi_is_selecting(editor->mode)) {
        return run_in_visual(editor, id);
    }
    pc_undo_begin(&editor->undo);
    return run_with_operator(editor, id);
}

/* ---- keys */

static bool
is_idle(const struct pc_editor *editor)
{
    return editor->mode == PC_MODE_VI_COMMAND && editor->key_count == 0 &&
           editor->take_next == NULL && !editor->arguing && !editor->meta;
}

void
pc_vi_note_key(struct pc_editor *editor)
{
    if (editor->mode == PC_MODE_EMACS || editor->vi.repeating) {
        return;
    }
    struct pc_key_list *keys = &editor->vi.keys;
    bool idle = is_idle(editor);
    if (idle) {
        keys->count = 0;
        editor->vi.changes = editor->changes;
    }
    if ((idle || keys->count > 0) &&
        pc_key_list_append(keys, editor->code, PC_EDIT_MACRO_MOST) < 0) {
        keys->count = 0;
    }
}

void
pc_vi_forget_keys(struct pc_editor *editor, size_t count)
{
    struct pc_key_list *keys = &editor->vi.keys;
    if (!editor->vi.repeating && keys->count >= count) {
        keys->count -= count;
    }
}

/* The keys so far have changed the text, and are whole: they are the change that `.`
 * makes again. */
static void
keep_change(struct pc_editor *editor)
{
    struct pc_key_list keys = editor->vi.keys;
    if (editor->vi.repeating || keys.count == 0 ||
        editor->changes == editor->vi.changes) {
        return;
    }
    editor->vi.keys = editor->vi.change;
    editor->vi.keys.count = 0;
    editor->vi.change = keys;
}

void
pc_vi_stand_on_character(struct pc_editor *editor)
{
    const struct pc_text *text = &editor->text;
    size_t line = pc_text_line_at(text, editor->cursor);
    if (editor->mode == PC_MODE_VI_COMMAND &&
        editor->cursor == pc_text_line_end(text, line) &&
        editor->cursor > text->starts[line]) {
        editor->cursor = pc_text_previous(text, editor->cursor);
    }
}

int
pc_vi_after_key(struct pc_editor *editor, int result)
{
    if (editor->mode == PC_MODE_EMACS) {
        return result;
    }
    if (editor->vi.motion >= 0 && editor->take_next == NULL) {
        result = finish_motion(editor, editor->vi.motion, result);
    }
    if (result == PC_EDIT_BELL && editor->mode == PC_MODE_VI_OPERATOR) {
        cancel(editor, result);
    }
    pc_vi_stand_on_character(editor);
    if (is_idle(editor)) {
        keep_change(editor);
    }
    return result;
}
