/* What the person sees while editing: prompts, the text in colours, what could follow it,
 * the menu, the lines below. Contents in, bytes for the terminal out.
 *
 *     struct pc_view *view = NULL;
 *     pc_view_new(&(struct pc_view_options){.columns = 80, .rows = 24, ...}, &view);
 *     pc_view_render(view, &content, &bytes);   after each key; write the bytes
 *     pc_view_above(view, output, len, &bytes); when the session prints something
 *     content.final = true;
 *     pc_view_render(view, &content, &bytes);   accepted: the text stays, the rest goes
 *     pc_view_above(view, output, len, &bytes); what it prints
 *
 * The view believes that it alone writes to the terminal from pc_view_new() on, when the
 * cursor is in the first column; after others did, call pc_view_lost(). It needs no other
 * knowledge of where on the screen it is. What was appended to `bytes` has to be written
 * whole and in order.
 *
 * Functions that can fail give PYCONSOLE_OK, ENOMEM or ELIMIT; then nothing was appended
 * and the next call paints everything anew. No fd, no clock, no Python. Any thread, one
 * call at a time on one view. */
#ifndef PC_VIEW_VIEW_H
#define PC_VIEW_VIEW_H

#include "edit/text.h"
#include "lexer/lexer.h"
#include "view/layout.h"
#include "view/theme.h"

struct pc_view;

struct pc_view_options {
    size_t columns; /* of the terminal; 0 counts as 80 columns, 24 rows */
    size_t rows;
    struct pc_theme theme; /* see pc_theme_init() */
    enum pc_python_version version;
    bool plain;        /* nothing is Python: no colours by syntax */
    bool commands;     /* there may be commands ahead of it, see command_line.h */
    bool synchronized; /* long drawings in synchronized output (DEC mode 2026) */
    bool marks;        /* prompts are marked (OSC 133) */
    bool rewraps;      /* the terminal rewraps its lines when its width changes */
    bool linear;       /* never goes back: for screen readers and dumb terminals */
};

/* What an item of the menu is; its colour is that of PC_ROLE_KIND_… in the same order. */
#define PC_MENU_KINDS(X)                                                               \
    X(OTHER, "")                                                                       \
    X(FUNCTION, "function")                                                            \
    X(METHOD, "method")                                                                \
    X(CLASS, "class")                                                                  \
    X(MODULE, "module")                                                                \
    X(NUMBER, "number")                                                                \
    X(STRING, "string")                                                                \
    X(NONE, "None")                                                                    \
    X(KEYWORD, "keyword")                                                              \
    X(PARAMETER, "parameter")                                                          \
    X(PATH, "path")                                                                    \
    X(COMMAND, "command")

#define PC_MENU_MEMBER(name, text) PC_MENU_##name,
enum pc_menu_kind { PC_MENU_KINDS(PC_MENU_MEMBER) PC_MENU_KINDS_COUNT };
#undef PC_MENU_MEMBER

/* Strings end in a zero byte; NULL: none. */
struct pc_menu_item {
    const char *name;
    enum pc_menu_kind kind;
    const char *type;
    const char *doc;
};

struct pc_view_menu {
    const struct pc_menu_item *items;
    size_t count;    /* 0: no menu */
    size_t selected; /* PC_NOWHERE: none */
    size_t most;     /* items shown at a time; 0: ten */
    size_t before;   /* how many more there are ahead of these, and behind them */
    size_t behind;
};

/* The signature of the call around the cursor, with the current parameter. */
struct pc_view_hint {
    const char *text;
    size_t len; /* 0: none */
    size_t start;
    size_t end;
};

/* A line below the text: something to tell, or a search. */
struct pc_view_message {
    const char *text;
    size_t len; /* 0: none */
    bool has_cursor;
    size_t cursor; /* offset in it */
};

/* All zero but for `text` is a text without prompts. Everything is the caller's, and is
 * read only during the call, but that what changed is taken from the text. */
struct pc_view_content {
    struct pc_text *text;
    size_t cursor; /* offset */
    size_t selection_start;
    size_t selection_end; /* the same: none */
    size_t brackets[2];   /* offsets of two that match; the same: none */
    const char *ps1;
    size_t ps1_len;
    const char *ps2;
    size_t ps2_len;
    const char *suggestion; /* what could follow the text's end; lines with \n */
    size_t suggestion_len;
    struct pc_view_hint hint;
    struct pc_view_message message;
    struct pc_view_menu menu;
    bool final; /* accepted or given up: only prompts and text stay */
};

int pc_view_new(const struct pc_view_options *options, struct pc_view **ret_view);
void pc_view_free(struct pc_view *view);

void pc_view_set_theme(struct pc_view *view, const struct pc_theme *theme);

/* Shows the content. After a final one the cursor is in the first column below it, and
 * the next content begins there, or behind what is printed until then, in a new row. */
int pc_view_render(struct pc_view *view, const struct pc_view_content *content,
                   struct pc_bytes *bytes);

/* Prints output above what is shown, or just prints it where nothing is shown. Output
 * that does not end in a newline is gone on with by the next; its colours, too. Half a
 * character or control sequence at the end waits for its other half. \n is a new line
 * whether the terminal's driver makes one of it or not. */
int pc_view_above(struct pc_view *view, const char *output, size_t len,
                  struct pc_bytes *bytes);

/* Would what is printed above now go on with a line that has text? */
bool pc_view_is_in_line(const struct pc_view *view);

/* Takes what is shown off the screen, for something else to run there; the next content
 * begins where this one began. */
int pc_view_hide(struct pc_view *view, struct pc_bytes *bytes);

/* Clears the whole screen, and shows what was shown at its top. */
int pc_view_clear_screen(struct pc_view *view, struct pc_bytes *bytes);

/* What ran has ended: marks it (OSC 133 D), where prompts are marked. */
int pc_view_done(struct pc_view *view, bool failed, struct pc_bytes *bytes);

/* The terminal has a new size, from the next call on. Call it before anything else is
 * written in the new size. */
void pc_view_resize(struct pc_view *view, size_t columns, size_t rows);

/* Nothing is shown any more; the cursor is in the first column of a fresh line. */
void pc_view_reset(struct pc_view *view);

/* The same, but others wrote, and nobody knows in which column the cursor is. */
void pc_view_lost(struct pc_view *view);

/* How many items of the menu were shown at once, to page by; at least 1. */
size_t pc_view_menu_page(const struct pc_view *view);

#endif
