/* What stands at a cursor: what a person who asks for completion there is writing, and
 * the call that is around it.
 *
 * The text up to the cursor is read once, as tokens; a stack with a level for each open
 * bracket keeps where the expression that is being written began, and what statement it is
 * in. So strings, comments, line ends in brackets and errors further up do not confuse
 * it. Objects are given as ranges of the text, for chains of names, attributes, subscripts
 * with literal keys, and literals alone: never for what would have to be called.
 *
 * f-strings are read as Python 3.12 reads them also for 3.11, so that names in their
 * fields are seen. What it leaves out: whether the text is right. */
#ifndef PC_LEXER_CURSOR_H
#define PC_LEXER_CURSOR_H

#include "lexer/lexer.h"

/* Bytes of the text from `start` up to `end`; empty where there is nothing. */
struct pc_span {
    size_t start;
    size_t end;
};

static inline bool
pc_span_is_empty(struct pc_span span)
{
    return span.start == span.end;
}

enum pc_cursor_kind {
    PC_CURSOR_NOTHING, /* a comment, a new name, a number, a value that is not known */
    PC_CURSOR_NAME,    /* a name or keyword */
    PC_CURSOR_KEYWORD, /* nothing fits but `keyword` */
    PC_CURSOR_ATTRIBUTE, /* of `object` */
    PC_CURSOR_MODULE,    /* an imported module, below `object`, `dots` up */
    PC_CURSOR_IMPORTED,  /* a name in module `object`, `dots` up */
    PC_CURSOR_KEY,       /* a key of `object`: in a string, a number, or nothing yet */
    PC_CURSOR_STRING,    /* other text of a string, which may be a path */
};

/* What a name may be here, as far as keywords differ. */
enum pc_cursor_place {
    PC_PLACE_STATEMENT = 1 << 0, /* a statement begins */
    PC_PLACE_OPERAND = 1 << 1,   /* an expression begins */
    PC_PLACE_OPERATOR = 1 << 2,  /* an expression has ended */
};

/* The innermost call around the cursor. */
struct pc_cursor_call {
    bool known;              /* there is one */
    bool begins;             /* the cursor is where a keyword argument may begin */
    bool unpacked;           /* a * came before: `index` is not sure */
    struct pc_span callee;   /* empty if that would have to be called */
    size_t index;            /* of the argument, by position */
    struct pc_span argument; /* the name of `name=`, if it has one */
};

struct pc_cursor {
    enum pc_cursor_kind kind;
    enum pc_cursor_place place; /* of a NAME */
    enum pc_token_kind keyword; /* of a KEYWORD: IMPORT or AS */
    struct pc_span word;        /* what would be replaced; ends at the cursor */
    struct pc_span object;
    unsigned int dots;     /* of a relative import */
    uint16_t string_flags; /* of a KEY or STRING in quotes: enum pc_token_flag */
    size_t content;        /* offset: where the text in the quotes begins; else 0 */
    struct pc_cursor_call call;
};

/* `cursor` is an offset in the text, at most `len`. Takes time in proportion to it. */
struct pc_cursor pc_cursor_at(const char *text, size_t cursor,
                              enum pc_python_version version);

/* The end of the name that the cursor is in or behind: the cursor itself if it is in
 * none. */
size_t pc_cursor_name_end(const char *text, size_t len, size_t cursor);

#endif
