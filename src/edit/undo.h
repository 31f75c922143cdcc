/* What was done to a text, to take it back and to do it again: a list of replacements, in
 * groups that are undone at once. What is behind `done` was undone, and can be redone until
 * something else is done. */
#ifndef PC_EDIT_UNDO_H
#define PC_EDIT_UNDO_H

#include <stdbool.h>
#include <stddef.h>

#include "edit/text.h"

/* Our own caps, beyond which the oldest groups are forgotten. */
enum { PC_UNDO_STEPS_MOST = 1 << 16 };
#define PC_UNDO_BYTES_MOST ((size_t)1 << 27)

/* One replacement: at `offset`, `removed_len` bytes gave way to `added_len` others. */
struct pc_undo_step {
    char *bytes; /* owned: what was removed, then what was added */
    size_t removed_len;
    size_t added_len;
    size_t offset;
    size_t cursor; /* before it */
    bool first;    /* of its group */
};

/* Zero-initialised it is empty. Private. */
struct pc_undo {
    struct pc_undo_step *steps; /* owned */
    size_t count;
    size_t cap;
    size_t done;
    size_t bytes;
    bool open; /* the next step belongs to the group of the one before */
};

void pc_undo_fini(struct pc_undo *undo);

/* Forgets everything. */
void pc_undo_clear(struct pc_undo *undo);

/* The next step begins a group. */
void pc_undo_begin(struct pc_undo *undo);

/* Replaces in the text, as pc_text_replace, and keeps how to undo it; the text's bytes
 * must not be among `bytes`. ENOMEM, ELIMIT: nothing has changed. */
int pc_undo_replace(struct pc_undo *undo, struct pc_text *text, size_t cursor,
                    size_t start, size_t end, const char *bytes, size_t len);

/* Takes the last group back, or does the next one again. Returns 1, and where the cursor
 * goes; 0 if there is none; or a status, and then nothing has changed. */
int pc_undo_back(struct pc_undo *undo, struct pc_text *text, size_t *ret_cursor);
int pc_undo_forth(struct pc_undo *undo, struct pc_text *text, size_t *ret_cursor);

#endif
