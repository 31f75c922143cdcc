/* The editor: keys in, an edited text and requests to the host out.
 *
 *     struct pc_editor editor;
 *     pc_editor_init(&editor, PC_PYTHON_3_13);
 *     request = pc_editor_key(&editor, &key);
 *     for (;;) {
 *         serve(request);
 *         if (!pc_editor_is_playing(&editor)) break;
 *         request = pc_editor_play(&editor);          the next keys of a macro
 *     }
 *     pc_editor_fini(&editor);
 *
 * What it does by itself: everything about the text. What it asks for: everything that
 * needs a screen, a history, a Python, or a decision (enum pc_edit_request).
 *
 * Functions that can fail give PYCONSOLE_OK or a negative status, and then the text is as
 * it was. No fd, no clock, no Python; any thread, one call at a time on one editor. */
#ifndef PC_EDIT_EDITOR_H
#define PC_EDIT_EDITOR_H

#include "edit/key.h"
#include "edit/keymap.h"
#include "edit/kill.h"
#include "edit/text.h"
#include "edit/undo.h"
#include "lexer/lexer.h"

/* X(NAME): what the host is asked to do. After it, it may use the functions below. Where a
 * count matters, it is editor->count. */
#define PC_EDIT_REQUESTS(X)                                                            \
    X(NONE)               /* show the editor as it is now */                           \
    X(BELL)               /* the key could do nothing */                               \
    X(ENTER)              /* run the text if it is complete, else pc_editor_newline */ \
    X(ACCEPT)             /* run the text, whatever it is */                           \
    X(END_OF_FILE)        /* C-d in an empty text */                                   \
    X(INTERRUPT)          /* C-c */                                                    \
    X(COMPLETE)           /* Tab behind something */                                   \
    X(COMPLETE_BACKWARD)  /* Shift-Tab */                                              \
    X(SHOW_COMPLETIONS)   /* M-? */                                                    \
    X(INSERT_COMPLETIONS) /* M-* */                                                    \
    X(HISTORY_PREVIOUS)   /* an entry back; editor->count of them */                   \
    X(HISTORY_NEXT)                                                                    \
    X(HISTORY_UP)   /* Up in the first line: by prefix, if the host likes */           \
    X(HISTORY_DOWN) /* Down in the last line */                                        \
    X(HISTORY_FIRST)                                                                   \
    X(HISTORY_LAST)                                                                    \
    X(HISTORY_PREFIX_BACKWARD)                                                         \
    X(HISTORY_PREFIX_FORWARD)                                                          \
    X(HISTORY_RESTORE)                                                                 \
    X(SEARCH_BACKWARD)                                                                 \
    X(SEARCH_FORWARD)                                                                  \
    X(SEARCH_AGAIN)   /* vi's n */                                                     \
    X(SEARCH_REVERSE) /* vi's N */                                                     \
    X(YANK_LAST_ARG)  /* pc_editor_insert; again in a row: pc_editor_reinsert */       \
    X(YANK_NTH_ARG)                                                                    \
    X(OPERATE_AND_GET_NEXT)                                                            \
    X(SUGGESTION_ACCEPT) /* right arrow at the end of the text */                      \
    X(SUGGESTION_WORD)   /* M-f at the end of the text */                              \
    X(SUSPEND)                                                                         \
    X(CLEAR_SCREEN)                                                                    \
    X(REDRAW)                                                                          \
    X(HELP)                                                                            \
    X(SHOW_HISTORY)                                                                    \
    X(PASTE_MODE) /* editor->paste_mode has changed */                                 \
    X(EDIT_IN_EDITOR)                                                                  \
    X(OPEN_FRAME)     /* editor->count says which */                                   \
    X(READ_INIT_FILE) /* the inputrc again */                                          \
    X(REPLY)          /* the key is an answer of the terminal, or its focus */

#define PC_EDIT_REQUEST_MEMBER(name) PC_EDIT_##name,
enum pc_edit_request { PC_EDIT_REQUESTS(PC_EDIT_REQUEST_MEMBER) PC_EDIT_REQUEST_COUNT };
#undef PC_EDIT_REQUEST_MEMBER

enum pc_edit_mode {
    PC_MODE_EMACS,
    PC_MODE_VI_INSERT,
    PC_MODE_VI_REPLACE,
    PC_MODE_VI_COMMAND,
    PC_MODE_VI_OPERATOR, /* a motion is awaited */
    PC_MODE_VI_VISUAL,
    PC_MODE_VI_VISUAL_LINE,
};

enum pc_cursor_shape { PC_CURSOR_BAR, PC_CURSOR_BLOCK, PC_CURSOR_UNDERLINE };

/* How the selection was begun. */
enum pc_selecting {
    PC_SELECTING_NO,
    PC_SELECTING_MARK,  /* set-mark */
    PC_SELECTING_SHIFT, /* Shift and a motion: typing takes its place */
};

/* What the last command did, for those that go on with it. */
enum pc_edit_effect {
    PC_EFFECT_NONE,
    PC_EFFECT_INSERTED,
    PC_EFFECT_DELETED,
    PC_EFFECT_KILLED,
    PC_EFFECT_YANKED,
    PC_EFFECT_WENT_VERTICALLY,
};

/* Our own caps. */
enum {
    PC_EDIT_COUNT_MOST = 9999,     /* of the argument */
    PC_EDIT_MACRO_MOST = 1 << 12,  /* keys recorded */
    PC_EDIT_PLAYED_MOST = 1 << 14, /* keys played for one that was typed */
};

/* Keys as codes. */
struct pc_key_list {
    uint32_t *codes; /* owned */
    size_t count;
    size_t cap;
};

/* Read the first group as you like, and set `indent_width`; the rest is private. */
struct pc_editor {
    struct pc_text text;
    size_t cursor; /* offset of a grapheme cluster's edge */
    int count;     /* the argument of the last command, 1 with none */
    bool has_count;
    bool paste_mode;
    bool overwrite;
    enum pc_edit_mode mode;
    enum pc_python_version version;
    size_t indent_width; /* where the text has no block that shows one; 4 */

    struct pc_undo undo;
    struct pc_kill_ring kills;
    struct pc_keymap keymaps[PC_KEYMAP_COUNT];
    enum pc_selecting selecting;
    size_t mark;
    size_t goal; /* column of the vertical motion */
    enum pc_edit_effect last;
    enum pc_edit_effect effect;
    size_t inserted; /* where what was inserted last begins */
    size_t changes;  /* of the text, counted; undo and redo are none */

    uint32_t keys[PC_KEYMAP_SEQUENCE_MOST]; /* typed of a sequence */
    size_t key_count;
    size_t typed;  /* keys of the sequence that came last */
    uint32_t code; /* of the key that came last */
    bool meta;     /* the next key has Meta */
    bool arguing;  /* an argument is being typed */
    bool digits;   /* some of its digits were */
    int (*take_next)(struct pc_editor *editor, const struct pc_key *key);
    int take_count;

    struct pc_key_list macro;
    struct pc_key_list queue; /* keys to be played */
    size_t played;
    bool recording;

    struct {
        int operator;  /* enum pc_command_id: what waits for a motion; or -1 */
        int motion;    /* the motion that waits for a key; or -1 */
        int count;     /* before the operator */
        size_t origin; /* where the motion began */
        int find;      /* enum pc_command_id: the last of f F t T; or -1 */
        uint32_t find_point;
        bool around;               /* of a text object: a and not i */
        bool inserting;            /* what is typed is one group of undo */
        bool repeating;            /* the keys that are played are vi-redo's */
        size_t changes;            /* when the command began */
        struct pc_key_list keys;   /* of the command that is being typed */
        struct pc_key_list change; /* of the last one that changed something */
    } vi;
};

/* An empty text and Emacs' keys. ENOMEM. */
int pc_editor_init(struct pc_editor *editor, enum pc_python_version version);
void pc_editor_fini(struct pc_editor *editor);

/* One key. An enum pc_edit_request, or a status: ENOMEM, ELIMIT. */
int pc_editor_key(struct pc_editor *editor, const struct pc_key *key);

/* Whether keys wait to be played, and what came of playing them: up to the first request
 * but NONE and BELL, or to the end. */
bool pc_editor_is_playing(const struct pc_editor *editor);
int pc_editor_play(struct pc_editor *editor);
void pc_editor_stop_playing(struct pc_editor *editor);

/* For a host that takes some keys itself, as in a list of its own: such a key is part of the
 * macro that is recorded, ELIMIT if that is full; the next of those that wait to be played,
 * and taking it away from them. */
int pc_editor_record(struct pc_editor *editor, const struct pc_key *key);
struct pc_key pc_editor_next_played(const struct pc_editor *editor);
void pc_editor_take_played(struct pc_editor *editor);

/* Whether the keys so far are something by themselves that others may change; and what comes
 * of them, as of a key, when none came for a while. */
bool pc_editor_is_pending(const struct pc_editor *editor);
int pc_editor_expire(struct pc_editor *editor);

/* ---- what is to be shown */

/* Whether there is a selection, and where it begins and ends. */
bool pc_editor_selection(const struct pc_editor *editor, size_t *ret_start,
                         size_t *ret_end);

/* Was a character typed, by the last command? */
bool pc_editor_has_typed(const struct pc_editor *editor);

/* The bracket at the cursor, or else before it, and the one that matches: the offsets of
 * both, in the order of the text. Brackets in strings and comments have no match. */
bool pc_editor_matching_bracket(const struct pc_editor *editor, size_t *ret_open,
                                size_t *ret_close);

enum pc_cursor_shape pc_editor_cursor_shape(const struct pc_editor *editor);

/* Whether an argument is being typed (editor->count is what it is so far). */
bool pc_editor_is_arguing(const struct pc_editor *editor);

/* ---- what the host does to the text; each call is one step of undo */

/* An empty text without a past: the next command. Modes, kill ring and macros stay. */
void pc_editor_clear(struct pc_editor *editor);

/* Another text, as from the history: line ends become \n, bytes that are no UTF-8 U+FFFD.
 * The cursor goes to its end. Here and below: ENOMEM, ELIMIT. */
int pc_editor_set_text(struct pc_editor *editor, const char *text, size_t len);

/* At the cursor, in place of a selection. */
int pc_editor_insert(struct pc_editor *editor, const char *text, size_t len);

/* In place of what the last call of this, pc_editor_insert or a yank put in, if that was
 * the last thing done. */
int pc_editor_reinsert(struct pc_editor *editor, const char *text, size_t len);

/* In place of what is from `start` up to `end`; the cursor goes behind it. */
int pc_editor_replace(struct pc_editor *editor, size_t start, size_t end,
                      const char *text, size_t len);

/* Opens a line at the cursor, with the indentation for it: the block's own width, one level
 * less after return, pass, raise, break and continue, that of the line before in a
 * string. */
int pc_editor_newline(struct pc_editor *editor);

/* Inserts a text that was pasted: line ends become \n; its own indentation is kept in place
 * of one that the editor made; a session with prompts (>>> and ..., In [1]:) becomes
 * the code in it, unless the cursor is in a string. */
int pc_editor_paste(struct pc_editor *editor, const char *text, size_t len);

/* Is the cursor in a string? Takes time in proportion to what is before it. */
bool pc_editor_is_in_string(const struct pc_editor *editor);

/* Goes to a place of the text: to the edge at or before it. */
void pc_editor_go(struct pc_editor *editor, size_t offset);

/* Emacs' keys or vi's; vi begins in insert mode. */
void pc_editor_use_vi(struct pc_editor *editor, bool vi);

#endif
