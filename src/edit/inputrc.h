/* Key bindings as readline's users write them down, in ~/.inputrc.
 *
 *     "\C-x\C-r": re-read-init-file        a sequence and a command
 *     Meta-Rubout: backward-kill-word      one key by its name
 *     "\ep": "print(\C-e)"                 a macro: keys to be played
 *     set editing-mode vi
 *     set keymap vi-insert                 the map for the lines that follow
 *     $if mode=vi  $if term=xterm  $if Python  $if version >= 8.0  $else  $endif
 *     $include path
 *
 * Source: readline(3) 8.2, "READLINE INITIALIZATION FILE". A sequence is what the terminal
 * sends, so the decoder of keys reads it. Readline's commands that mean the same as one
 * here go by both names. */
#ifndef PC_EDIT_INPUTRC_H
#define PC_EDIT_INPUTRC_H

#include "edit/editor.h"

/* Our own caps: files that include files, conditions in conditions. */
enum { PC_INPUTRC_INCLUDES_MOST = 8, PC_INPUTRC_CONDITIONS_MOST = 32 };

/* What the reader cannot do itself. Each function may be NULL. */
struct pc_inputrc_host {
    const char *term;  /* the terminal's name, or NULL */
    bool unbound_only; /* keys that have a command, or begin a sequence, keep it */
    void *ctx;

    /* Appends what is in the file that $include names. Negative: it cannot be read. */
    int (*include)(void *ctx, const char *path, struct pc_bytes *ret_text);

    /* `set name value`, but for editing-mode and keymap. */
    void (*set)(void *ctx, const char *name, const char *value);

    /* Line `line`, from 1, of the included file `path` (NULL: of the text itself) means
     * nothing, or not what was meant. The line is passed over. */
    void (*complain)(void *ctx, const char *path, size_t line, const char *message);
};

/* Reads the text and binds its keys. ENOMEM, ELIMIT: what stood before is bound. */
int pc_inputrc_read(struct pc_editor *editor, const char *text, size_t len,
                    const struct pc_inputrc_host *host);

#endif
