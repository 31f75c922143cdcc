/* What the files of the editor share. Results are an enum pc_edit_request or a status. */
#ifndef PC_EDIT_EDITOR_PARTS_H
#define PC_EDIT_EDITOR_PARTS_H

#include "edit/editor.h"

/* ---- changing the text, editor.c */

/* Every change goes through here: the text, the undo, the mark, the cursor, which goes
 * behind what was put in. */
int pc_edit_replace(struct pc_editor *editor, size_t start, size_t end,
                    const char *bytes, size_t len);

/* BELL if nothing is between the two. */
int pc_edit_delete(struct pc_editor *editor, size_t start, size_t end);

/* Cuts into the kill ring, where it joins what was cut by the command before. */
enum pc_kill_side { PC_KILL_FORWARD, PC_KILL_BACK };
int pc_edit_kill(struct pc_editor *editor, size_t start, size_t end,
                 enum pc_kill_side side);

/* In place of the selection, if Shift made one; at the cursor else. */
int pc_edit_insert(struct pc_editor *editor, const char *bytes, size_t len);

/* NONE if the cursor has moved, else BELL. */
int pc_edit_move(struct pc_editor *editor, size_t offset);

/* Drops the selection; returns whether there was one. */
bool pc_edit_deselect(struct pc_editor *editor);

/* The lines of the selection, or the cursor's: [*ret_first, *ret_end). */
void pc_edit_lines(const struct pc_editor *editor, size_t *ret_first, size_t *ret_end);

/* ---- keys, editor_key.c */

/* The next key goes to `take`, with `count`. */
void pc_edit_await(struct pc_editor *editor,
                   int (*take)(struct pc_editor *editor, const struct pc_key *key),
                   int count);

/* Runs one command as if a key had been bound to it. */
int pc_edit_run(struct pc_editor *editor, enum pc_command_id id);

/* Plays keys before those that wait already. BELL: there are too many. */
int pc_edit_queue(struct pc_editor *editor, const uint32_t *codes, size_t count);

/* Behind the list. ELIMIT beyond `most`. */
int pc_key_list_append(struct pc_key_list *list, uint32_t code, size_t most);

/* ---- indentation, indent.c */

/* How wide one level is in this text. */
size_t pc_indent_width(const struct pc_editor *editor);

/* Where the indentation of a line would end with one level less, given that it ends at
 * `offset`. */
size_t pc_indent_less(const struct pc_editor *editor, size_t line, size_t offset);

/* One level more, or less, for lines [first, end); blank lines stay. */
int pc_indent_lines(struct pc_editor *editor, size_t first, size_t end, int levels);

/* Blanks up to the next stop, at the cursor. */
int pc_indent_to_stop(struct pc_editor *editor);

/* The indentation that a line opened at `offset` is to have, into `indent`. */
int pc_indent_for(const struct pc_editor *editor, size_t offset,
                  struct pc_bytes *indent);

/* A place in a line, counted from the line's end: its indentation does not touch it. */
struct pc_place {
    size_t line;
    size_t from_end;
};

struct pc_place pc_place_of(const struct pc_text *text, size_t offset);
size_t pc_place_offset(const struct pc_text *text, struct pc_place place);

/* Replaces whole lines [first, end) by as many others, `bytes` without the last \n, in one
 * step. The cursor and the mark stay at their places in them. */
int pc_edit_replace_lines(struct pc_editor *editor, size_t first, size_t end,
                          const struct pc_bytes *bytes);

#endif
