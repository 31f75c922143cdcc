/* What each byte of Python source is, line by line, as CPython 3.14's REPL colours it
 * (Lib/_pyrepl/utils.py): the lexer's tokens, soft keywords where they are keywords,
 * builtins but for attributes of that name, names that def and class define. What CPython
 * does not tell apart and we do: errors, and commands of the prompt (command_line.h).
 *
 * One state is kept for the start of each line, so that a change costs the lexing of the
 * lines from there on until the states agree with those that were kept, and none of that
 * below the line that is asked for. Lines with the same state share it.
 *
 * Functions that can fail give PYCONSOLE_OK or ENOMEM. Any thread, one call at a time. */
#ifndef PC_VIEW_HIGHLIGHT_H
#define PC_VIEW_HIGHLIGHT_H

#include "base/bytes.h"
#include "edit/text.h"
#include "lexer/lexer.h"
#include "view/theme.h"

struct pc_line_state;

enum { PC_HIGHLIGHT_RECENT = 8, PC_HIGHLIGHT_LINES = 64 };

/* The classes of a line: right for the same text behind the same state. */
struct pc_classes {
    struct pc_line_state *state; /* a share; NULL: nothing is kept */
    struct pc_bytes bytes;       /* the text, then as many classes */
    uint64_t serial;             /* of this text with these classes */
};

/* All private. */
struct pc_highlight {
    /* Of each line's start, owned shares; NULL where it is not known. */
    struct pc_line_state **states;
    size_t lines;
    size_t cap;
    size_t sure;  /* the states up to this line's are right */
    size_t known; /* before this line, those from `same` on belong together */
    size_t same;
    struct pc_line_state
        *recent[PC_HIGHLIGHT_RECENT]; /* shares of what was seen last */
    size_t next_recent;
    struct pc_classes kept[PC_HIGHLIGHT_LINES]; /* of lines painted last */
    uint64_t last_serial;
    enum pc_python_version version;
    bool commands;
};

/* A text of one line; with `commands` a text may begin with some. */
int pc_highlight_init(struct pc_highlight *highlight, enum pc_python_version version,
                      bool commands);
void pc_highlight_fini(struct pc_highlight *highlight);

/* Follows a change of the text, which now has `lines` lines. When it fails, all is
 * forgotten and lexed anew when asked for, if there is memory then. */
int pc_highlight_change(struct pc_highlight *highlight,
                        const struct pc_text_change *change, size_t lines);

/* The class (enum pc_role, from TEXT to ERROR) of each byte of a line without its \n,
 * until the next call; NULL: no memory. As long as the serial number of a line, never 0,
 * is the same, its text and its classes are. */
const uint8_t *pc_highlight_line(struct pc_highlight *highlight,
                                 const struct pc_text *text, size_t line,
                                 uint64_t *ret_serial);

/* Whether that is the name of a builtin of this version. */
bool pc_is_builtin(const char *name, size_t len, enum pc_python_version version);

#endif
