/* From a key to a command: sequences, arguments, macros, and what becomes of a key that is
 * bound to nothing. A key comes from the terminal (pc_editor_key) or from the queue
 * (pc_editor_play), and goes, in this order,
 *
 *     to the command that awaits it                  quoted-insert, vi's f, r, …
 *     to the argument, if it is one of its digits
 *     to the command that the keys so far are bound to in the mode's keymap
 *     if they begin a longer sequence: it waits for the next key
 *     alone: without Shift; in small letters with Meta; as Escape and the key without Meta
 *         in vi's maps; into the text */
#include <pyconsole/status.h>
#include <stdlib.h>
#include <string.h>

#include "edit/editor_parts.h"
#include "edit/vi.h"

/* ---- lists of keys */

int
pc_key_list_append(struct pc_key_list *list, uint32_t code, size_t most)
{
    if (list->count >= most) {
        return PYCONSOLE_ELIMIT;
    }
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        uint32_t *codes = realloc(list->codes, cap * sizeof *codes);
        if (codes == NULL) {
            return PYCONSOLE_ENOMEM;
        }
        list->codes = codes;
        list->cap = cap;
    }
    list->codes[list->count++] = code;
    return PYCONSOLE_OK;
}

/* The queue is kept with its first key at the end, from which it is taken. */
int
pc_edit_queue(struct pc_editor *editor, const uint32_t *codes, size_t count)
{
    size_t before = editor->queue.count;
    for (size_t i = count; i > 0; i--) {
        int status =
            pc_key_list_append(&editor->queue, codes[i - 1], PC_EDIT_PLAYED_MOST);
        if (status < 0) {
            editor->queue.count = before;
            return status == PYCONSOLE_ELIMIT ? PC_EDIT_BELL : status;
        }
    }
    return PC_EDIT_NONE;
}

/* ---- commands */

void
pc_edit_await(struct pc_editor *editor,
              int (*take)(struct pc_editor *editor, const struct pc_key *key),
              int count)
{
    editor->take_next = take;
    editor->take_count = count;
}

/* Whether the command is one step of undo with what was typed before it. */
static bool
goes_on(const struct pc_editor *editor, enum pc_command_id id)
{
    switch (id) {
    case PC_COMMAND_self_insert:
        return editor->vi.inserting || editor->last == PC_EFFECT_INSERTED;
    case PC_COMMAND_backward_delete_char:
    case PC_COMMAND_delete_char:
    case PC_COMMAND_delete_forward:
        return editor->vi.inserting || editor->last == PC_EFFECT_DELETED;
    default:
        return editor->vi.inserting && pc_command_of(id)->kind == PC_COMMAND_EDIT;
    }
}

/* A selection that Shift made lasts as long as Shift does. */
static void
select_for(struct pc_editor *editor, enum pc_command_kind kind, bool shifted)
{
    if (kind != PC_COMMAND_MOVE) {
        return;
    }
    if (shifted && editor->selecting == PC_SELECTING_NO) {
        editor->mark = editor->cursor;
        editor->selecting = PC_SELECTING_SHIFT;
    }
    else if (!shifted && editor->selecting == PC_SELECTING_SHIFT) {
        pc_edit_deselect(editor);
    }
}

static int
run(struct pc_editor *editor, enum pc_command_id id, bool shifted)
{
    const struct pc_command *command = pc_command_of(id);
    editor->has_count = editor->arguing;
    editor->count = editor->arguing ? editor->count : 1;
    editor->arguing = false;
    if (pc_vi_is_selecting(editor->mode) || editor->mode == PC_MODE_VI_OPERATOR) {
        return pc_vi_run(editor, id);
    }
    if (command->kind == PC_COMMAND_ASK) {
        return id == PC_COMMAND_accept_line && editor->paste_mode
                   ? pc_edit_insert(editor, "\n", 1)
                   : command->request;
    }
    if (!goes_on(editor, id)) {
        pc_undo_begin(&editor->undo);
    }
    select_for(editor, command->kind, shifted);
    editor->effect = PC_EFFECT_NONE;
    int result = command->run(editor, editor->count);
    if (command->kind == PC_COMMAND_EDIT && result != PC_EDIT_BELL) {
        pc_edit_deselect(editor);
    }
    editor->last = editor->effect;
    /* A selection does not leave the text. */
    return shifted && result > PC_EDIT_BELL ? PC_EDIT_BELL : result;
}

int
pc_edit_run(struct pc_editor *editor, enum pc_command_id id)
{
    return run(editor, id, false);
}

static int
run_binding(struct pc_editor *editor, const struct pc_binding *binding, bool shifted)
{
    if (binding->macro != NULL) {
        return pc_edit_queue(editor, binding->macro, binding->macro_count);
    }
    return run(editor, (enum pc_command_id)binding->command, shifted);
}

/* ---- keys that are bound to nothing */

static const struct pc_keymap *
current_map(const struct pc_editor *editor)
{
    switch (editor->mode) {
    case PC_MODE_EMACS:
        return &editor->keymaps[PC_KEYMAP_EMACS];
    case PC_MODE_VI_INSERT:
    case PC_MODE_VI_REPLACE:
        return &editor->keymaps[PC_KEYMAP_VI_INSERT];
    default:
        return &editor->keymaps[PC_KEYMAP_VI_COMMAND];
    }
}

static bool
is_inserted(const struct pc_editor *editor, const struct pc_key *key)
{
    bool control = key->point < 0x20 || (key->point >= 0x7F && key->point < 0xA0);
    return key->kind == PC_KEY_CHARACTER && key->modifiers == 0 && !control &&
           current_map(editor) != &editor->keymaps[PC_KEYMAP_VI_COMMAND];
}

/* What the key is with some modifiers taken away. */
static bool
find_without(const struct pc_editor *editor, struct pc_key key, unsigned int modifiers,
             const struct pc_binding **ret_binding)
{
    key.modifiers &= ~modifiers;
    uint32_t code = pc_key_code(&key);
    return pc_keymap_find(current_map(editor), &code, 1, ret_binding) ==
           PC_KEYMAP_BOUND;
}

static int
run_unbound(struct pc_editor *editor, struct pc_key key)
{
    const struct pc_binding *binding = NULL;
    if (is_inserted(editor, &key)) {
        return run(editor, PC_COMMAND_self_insert, false);
    }
    if ((key.modifiers & PC_KEY_SHIFT) != 0 &&
        find_without(editor, key, PC_KEY_SHIFT, &binding)) {
        return run_binding(editor, binding, key.kind != PC_KEY_CHARACTER);
    }
    if ((key.modifiers & PC_KEY_META) == 0) {
        return PC_EDIT_BELL;
    }
    if (key.point >= 'A' && key.point <= 'Z') {
        struct pc_key small = key;
        small.point += 'a' - 'A';
        if (find_without(editor, small, 0, &binding)) {
            return run_binding(editor, binding, false);
        }
    }
    if (editor->mode == PC_MODE_EMACS) {
        return PC_EDIT_BELL;
    }
    struct pc_key plain = key;
    plain.modifiers &= ~(unsigned int)PC_KEY_META;
    const uint32_t codes[] = {pc_key_code(&(struct pc_key){.kind = PC_KEY_ESCAPE}),
                              pc_key_code(&plain)};
    return pc_edit_queue(editor, codes, 2);
}

/* How many of the first `most` keys of the sequence are something by themselves: as many as
 * are bound, or one that is inserted (*ret_binding: NULL). */
static size_t
find_shorter(const struct pc_editor *editor, size_t most,
             const struct pc_binding **ret_binding)
{
    *ret_binding = NULL;
    for (size_t count = most; count > 0; count--) {
        pc_keymap_find(current_map(editor), editor->keys, count, ret_binding);
        if (*ret_binding != NULL) {
            return count;
        }
    }
    struct pc_key first = pc_key_of_code(editor->keys[0]);
    return most > 0 && is_inserted(editor, &first) ? 1 : 0;
}

/* A sequence ends without being bound: its beginning does what it does by itself, and the
 * keys behind that count for themselves. */
static int
run_shorter(struct pc_editor *editor, size_t key_count, size_t most)
{
    const struct pc_binding *binding = NULL;
    size_t done = find_shorter(editor, most, &binding);
    if (done == 0) {
        return PC_EDIT_BELL;
    }
    size_t left = key_count - done;
    int result = pc_edit_queue(editor, editor->keys + done, left);
    if (result != PC_EDIT_NONE) {
        return result;
    }
    pc_vi_forget_keys(editor, left);
    editor->code = editor->keys[done - 1];
    return binding != NULL ? run_binding(editor, binding, false)
                           : run(editor, PC_COMMAND_self_insert, false);
}

/* C-c is heard whatever it stands behind: a sequence that was begun, a command that awaits a
 * character, or an ESC in a hurry, which makes M-C-c of it. */
static bool
is_interrupt(const struct pc_editor *editor, const struct pc_key *key)
{
    const struct pc_binding *binding = NULL;
    return (key->modifiers & PC_KEY_CONTROL) != 0 &&
           find_without(editor, *key, PC_KEY_META, &binding) &&
           binding->macro == NULL && binding->command == PC_COMMAND_interrupt;
}

/* ---- one key */

static bool
is_argument_digit(const struct pc_editor *editor, const struct pc_key *key)
{
    return editor->arguing && key->kind == PC_KEY_CHARACTER && key->modifiers == 0 &&
           key->point >= '0' && key->point <= '9';
}

static int
look_up(struct pc_editor *editor, const struct pc_key *key)
{
    const struct pc_binding *binding = NULL;
    editor->keys[editor->key_count++] = editor->code;
    enum pc_keymap_found found =
        pc_keymap_find(current_map(editor), editor->keys, editor->key_count, &binding);
    if (found == PC_KEYMAP_PREFIX) {
        return PC_EDIT_NONE;
    }
    size_t key_count = editor->key_count;
    editor->typed = key_count;
    editor->key_count = 0;
    if (found == PC_KEYMAP_BOUND) {
        return run_binding(editor, binding, false);
    }
    if (is_interrupt(editor, key)) {
        return run(editor, PC_COMMAND_interrupt, false);
    }
    return key_count > 1 ? run_shorter(editor, key_count, key_count - 1)
                         : run_unbound(editor, *key);
}

static int
take_character_or_key(struct pc_editor *editor, struct pc_key key)
{
    if (editor->meta) {
        editor->meta = false;
        key.modifiers |= PC_KEY_META;
    }
    editor->code = pc_key_code(&key);
    pc_vi_note_key(editor);
    int result = PC_EDIT_NONE;
    if (editor->take_next != NULL) {
        int (*take)(struct pc_editor *, const struct pc_key *) = editor->take_next;
        editor->take_next = NULL;
        editor->effect = PC_EFFECT_NONE;
        result = take(editor, &key);
        editor->last = editor->effect;
        if (result == PC_EDIT_BELL && is_interrupt(editor, &key)) {
            result = run(editor, PC_COMMAND_interrupt, false);
        }
    }
    else if (editor->key_count == 0 && is_argument_digit(editor, &key)) {
        result = run(editor, PC_COMMAND_digit_argument, false);
    }
    else {
        result = look_up(editor, &key);
    }
    return pc_vi_after_key(editor, result);
}

static int
take_key(struct pc_editor *editor, const struct pc_key *key)
{
    switch (key->kind) {
    case PC_KEY_REPLY:
    case PC_KEY_FOCUS_IN:
    case PC_KEY_FOCUS_OUT:
        return PC_EDIT_REPLY;
    case PC_KEY_PASTE: {
        editor->take_next = NULL;
        editor->key_count = 0;
        editor->meta = editor->arguing = false;
        int status = pc_editor_paste(editor, key->text, key->len);
        return status < 0 ? status : PC_EDIT_NONE;
    }
    default:
        return take_character_or_key(editor, *key);
    }
}

/* ---- the whole */

static int
after(struct pc_editor *editor, int result)
{
    if (result < 0 || result == PC_EDIT_BELL || editor->queue.count == 0) {
        pc_editor_stop_playing(editor);
    }
    return result;
}

bool
pc_editor_is_playing(const struct pc_editor *editor)
{
    return editor->queue.count > 0;
}

void
pc_editor_stop_playing(struct pc_editor *editor)
{
    editor->queue.count = 0;
    editor->vi.repeating = false;
}

int
pc_editor_play(struct pc_editor *editor)
{
    int result = PC_EDIT_NONE;
    while (result == PC_EDIT_NONE && editor->queue.count > 0) {
        if (++editor->played > PC_EDIT_PLAYED_MOST) {
            return after(editor, PC_EDIT_BELL);
        }
        struct pc_key key = pc_key_of_code(editor->queue.codes[--editor->queue.count]);
        result = after(editor, take_key(editor, &key));
    }
    return result;
}

struct pc_key
pc_editor_next_played(const struct pc_editor *editor)
{
    return pc_key_of_code(editor->queue.codes[editor->queue.count - 1]);
}

void
pc_editor_take_played(struct pc_editor *editor)
{
    editor->queue.count--;
}

int
pc_editor_record(struct pc_editor *editor, const struct pc_key *key)
{
    if (editor->recording && key->text == NULL && key->kind < PC_KEY_PASTE &&
        pc_key_list_append(&editor->macro, pc_key_code(key), PC_EDIT_MACRO_MOST) < 0) {
        editor->recording = false;
        return PYCONSOLE_ELIMIT;
    }
    return PYCONSOLE_OK;
}

int
pc_editor_key(struct pc_editor *editor, const struct pc_key *key)
{
    editor->played = 0;
    if (pc_editor_record(editor, key) < 0) {
        return PC_EDIT_BELL;
    }
    int result = after(editor, take_key(editor, key));
    return result == PC_EDIT_NONE ? pc_editor_play(editor) : result;
}

bool
pc_editor_is_pending(const struct pc_editor *editor)
{
    const struct pc_binding *binding = NULL;
    return find_shorter(editor, editor->key_count, &binding) > 0;
}

int
pc_editor_expire(struct pc_editor *editor)
{
    size_t key_count = editor->key_count;
    editor->played = 0;
    editor->typed = key_count;
    editor->key_count = 0;
    int result = pc_vi_after_key(editor, run_shorter(editor, key_count, key_count));
    result = after(editor, result);
    return result == PC_EDIT_NONE ? pc_editor_play(editor) : result;
}
