/* The incremental tokenizer of Python source: bytes in, tokens out.
 *
 *     struct pc_lexer_state state;
 *     pc_lexer_init(&state, PC_PYTHON_3_13);
 *     pc_lexer_feed(&state, text, len, take_token, ctx);   any number of times
 *     pc_lexer_finish(&state, take_token, ctx);            at the end, on a copy to go on
 *
 * The state is a plain struct without pointers: copied with =, kept per line by an
 * editor, compared with pc_lexer_state_equal. Tokens and end state do not depend on how
 * the text was cut into feeds. Every byte sequence gives tokens; nothing is allocated,
 * nothing fails. A token is given as soon as the byte that decides its end was read: a
 * name after the byte behind it, NEWLINE with the newline itself, INDENT and DEDENT with
 * the first byte of the line that is not blank.
 *
 * Source: CPython's Parser/tokenizer.c (3.11) and Parser/lexer/lexer.c (3.13), the
 * Python reference's "Lexical analysis", PEP 701, PEP 750. Line ends are \n, \r\n and
 * \r, as compile() translates them. What it leaves out: encoding declarations and the
 * byte order mark (the text is UTF-8), type comments (they are comments), the exact
 * set of Unicode's identifiers (PC_TOKEN_NON_ASCII).
 *
 * Any thread; the caller keeps two calls off one state at a time. */
#ifndef PC_LEXER_LEXER_H
#define PC_LEXER_LEXER_H

#include "lexer/token.h"

/* Whose tokens are given: from 3.12 on an f-string is not one STRING, from 3.14 on
 * there are t-strings, in 3.15 `lazy` is a soft keyword. */
enum pc_python_version {
    PC_PYTHON_3_11 = 11,
    PC_PYTHON_3_12,
    PC_PYTHON_3_13,
    PC_PYTHON_3_14,
    PC_PYTHON_3_15,
};

/* Caps, as CPython has them; what goes beyond is an ERROR with PC_REASON_TOO_DEEP. */
enum {
    PC_LEXER_BRACKETS_MOST = 200, /* MAXLEVEL; fields of f-strings count */
    PC_LEXER_INDENTS_MOST = 99,   /* MAXINDENT, without the outermost */
    PC_LEXER_STRINGS_MOST = 149,  /* MAXFSTRINGLEVEL, without the code around */
    PC_LEXER_FIELDS_MOST = 3,     /* MAX_EXPR_NESTING: fields in format specs */
    PC_LEXER_INDENT_WIDEST = 255, /* our own: columns of one indentation */
    PC_LEXER_HEAD = 8,            /* our own: bytes kept of a name; keywords fit */
};

/* A place in the text. */
struct pc_lexer_place {
    size_t offset;
    uint32_t line;
    uint32_t column;
};

/* Where the lexer stands. Owned by the caller; private but for what the functions below
 * tell: read `at` and `version` if you like, write nothing. */
struct pc_lexer_state {
    struct pc_lexer_place at;    /* of the next byte */
    struct pc_lexer_place start; /* of the token that is being read, if any */

    uint32_t column;            /* of the indentation being read, tabs to 8 */
    uint32_t alt_column;        /* the same, tabs to 1 */
    uint32_t continued_column;  /* of its first backslash; 0 if none, as in CPython */
    uint32_t indent_column;     /* of the innermost indentation */
    uint32_t indent_alt_column; /* the same, tabs to 1 */
    uint32_t point;             /* of the UTF-8 sequence being read: its value so far */

    uint16_t flags;     /* of the token being read */
    uint8_t version;    /* enum pc_python_version */
    uint8_t mode;       /* what is being read: enum mode in lexer_scan.h */
    uint8_t kind;       /* of an operator or the state of a number being read */
    uint8_t quote;      /* of the string being read */
    uint8_t run;        /* quotes, or digits of an escape still to come */
    uint8_t reason;     /* why the string being read will be an ERROR */
    uint8_t point_left; /* bytes still to come of the UTF-8 sequence being read */
    uint8_t point_seen; /* bytes of it already read */
    uint8_t head_len;
    bool blank;       /* the line has nothing but a comment */
    bool after_cr;    /* a line feed now belongs to the line end before */
    bool literal;     /* the string being read is the text of an f-string */
    bool named;       /* inside \N{...} */
    uint8_t brackets; /* open brackets, fields of f-strings included */
    uint8_t indents;
    uint8_t strings; /* open f- and t-strings */

    char head[PC_LEXER_HEAD];                              /* of the name being read */
    uint8_t bracket_stack[PC_LEXER_BRACKETS_MOST / 2];     /* four bits each */
    uint8_t string_stack[(PC_LEXER_STRINGS_MOST + 1) / 2]; /* four bits each */
    uint8_t indent_widths[PC_LEXER_INDENTS_MOST]; /* columns beyond the outer */
    uint8_t indent_alt_widths[PC_LEXER_INDENTS_MOST];
};

/* Takes a token. It is the callee's for the call only. */
typedef void pc_lexer_sink(void *ctx, const struct pc_token *token);

/* Start at the beginning of a text: offset 0, line 1, no indentation. */
void pc_lexer_init(struct pc_lexer_state *state, enum pc_python_version version);

/* Read `len` bytes that follow what was read before, and give each token that ends in
 * them to `sink` (NULL: to nobody) with `ctx`. Takes time in proportion to `len`. */
void pc_lexer_feed(struct pc_lexer_state *state, const char *text, size_t len,
                   pc_lexer_sink *sink, void *ctx);

/* The text ends here: give the tokens that were waiting, one ERROR for the innermost thing
 * left open (string, backslash, bracket), NEWLINE or NL if the last line has no end, a
 * DEDENT for each indentation, and ENDMARKER. After it the state is as after
 * pc_lexer_init, but for its place. */
void pc_lexer_finish(struct pc_lexer_state *state, pc_lexer_sink *sink, void *ctx);

/* Count places anew: the next byte is at offset 0 of line 1, and so is the start of a
 * token that is being read. For those who keep a state for each line. */
void pc_lexer_rebase(struct pc_lexer_state *state);

/* Whether the same text from here on is read in the same way: all but the places. */
bool pc_lexer_state_equal(const struct pc_lexer_state *a,
                          const struct pc_lexer_state *b);

/* ---- What is open. Each tells of the text read so far. */

/* How many brackets are open; the `{` of an f-string's field is one. */
size_t pc_lexer_depth(const struct pc_lexer_state *state);

/* The innermost open bracket: '(', '[', '{', or 0. */
char pc_lexer_bracket(const struct pc_lexer_state *state);

/* The open string whose text is being read, or with none the innermost f-string that is
 * around: its prefix, quote and triple flags; false with none. */
bool pc_lexer_string(const struct pc_lexer_state *state, uint16_t *ret_flags);

/* Whether the text of a string is being read: the next byte is not code. */
bool pc_lexer_in_string(const struct pc_lexer_state *state);

/* Where that text began: the offset of its token so far. */
size_t pc_lexer_string_offset(const struct pc_lexer_state *state);

/* Whether code in an f-string's field is being read. */
bool pc_lexer_in_field(const struct pc_lexer_state *state);

/* Whether a comment is being read. */
bool pc_lexer_in_comment(const struct pc_lexer_state *state);

/* Whether a backslash waits for its line end, or a line it continues has not begun. */
bool pc_lexer_is_continued(const struct pc_lexer_state *state);

/* Whether nothing of a logical line has been read but blanks and comments. */
bool pc_lexer_at_line_start(const struct pc_lexer_state *state);

/* How many indentations are open, and the column of the innermost, tabs to 8. */
size_t pc_lexer_indents(const struct pc_lexer_state *state);
size_t pc_lexer_indent_column(const struct pc_lexer_state *state);

#endif
