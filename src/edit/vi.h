/* What vi's modes need beyond the keymap: operators that wait for a motion, the visual
 * modes, text objects, and the change that `.` makes again. */
#ifndef PC_EDIT_VI_H
#define PC_EDIT_VI_H

#include "edit/editor.h"

bool pc_vi_is_selecting(enum pc_edit_mode mode);

/* A command while an operator waits for its motion, or in a visual mode. */
int pc_vi_run(struct pc_editor *editor, enum pc_command_id id);

/* Before and after each key. The result is what the key came to. */
void pc_vi_note_key(struct pc_editor *editor);
int pc_vi_after_key(struct pc_editor *editor, int result);

/* In command mode the cursor stands on a character, not behind the line's last one. */
void pc_vi_stand_on_character(struct pc_editor *editor);

/* The last keys will come again. */
void pc_vi_forget_keys(struct pc_editor *editor, size_t count);

/* To insert mode, or to replace mode: what is typed is one step of undo with what was done
 * by the command before. */
void pc_vi_insert(struct pc_editor *editor, enum pc_edit_mode mode);

/* A part of the text, or lines [first, end) of it. */
struct pc_vi_range {
    size_t start;
    size_t end;
    bool lines;
};

/* The range of lines. */
struct pc_vi_range pc_vi_lines(const struct pc_editor *editor, size_t first,
                               size_t end);

/* What an operator, one of the five commands vi_delete_to, …, does to a range. */
int pc_vi_apply(struct pc_editor *editor, enum pc_command_id operation,
                struct pc_vi_range range);

/* Capitals become small letters there, and the other way round. */
int pc_vi_swap_case(struct pc_editor *editor, size_t start, size_t end);

/* Each character there, but no line's end, becomes that one; the cursor is behind them. */
int pc_vi_replace_each(struct pc_editor *editor, size_t start, size_t end,
                       uint32_t point);

/* What was cut last takes the place of the range, and the range its place in the ring. */
int pc_vi_put_over(struct pc_editor *editor, struct pc_vi_range range);

/* The text object that the character names, at the cursor. */
bool pc_vi_object(const struct pc_editor *editor, uint32_t point, bool around,
                  struct pc_vi_range *ret_range);

/* Where `cw` ends, which is not where `w` leads. */
size_t pc_vi_change_word_end(const struct pc_editor *editor, int count,
                             enum pc_command_id motion);

#endif
