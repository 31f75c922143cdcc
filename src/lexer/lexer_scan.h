/* What the files of the lexer share: its modes, the scan over one feed, the stacks.
 *
 * The machine: `mode` says what is being read, and each mode has one scanner. A scanner
 * is given a byte of the feed, consumes what it can, and gives tokens away; it either
 * moves on or changes the mode, so that the lexer always advances. At the feed's end it
 * leaves all that it knows in the state, with the mode in which to go on. */
#ifndef PC_LEXER_LEXER_SCAN_H
#define PC_LEXER_LEXER_SCAN_H

#include "lexer/lexer.h"

/* In the order of the files that hold their scanners. */
enum mode {
    /* lexer_line.c */
    MODE_INDENT,           /* blanks at the start of a line outside brackets */
    MODE_INDENT_BACKSLASH, /* a backslash among them */
    MODE_INDENT_CONTINUED, /* its line end; nothing of the next line yet */
    MODE_CODE,             /* between tokens */
    MODE_BACKSLASH,        /* a backslash there */
    MODE_CONTINUED,        /* its line end; nothing of the next line yet */
    MODE_COMMENT,
    /* lexer_word.c, lexer_number.c, lexer_operator.c */
    MODE_NAME,
    MODE_NUMBER,
    MODE_OPERATOR, /* one that may become longer */
    /* lexer_string.c */
    MODE_STRING_OPEN, /* one or two quotes */
    MODE_STRING,      /* the text of a string that is one token */
    MODE_ESCAPE,      /* a backslash in a string of any kind */
    MODE_HEX,         /* `run` digits still to come of \xHH or \uHHHH */
    /* lexer_fstring.c */
    MODE_LITERAL,     /* text of an f- or t-string outside its fields */
    MODE_NAMED,       /* \N in it */
    MODE_OPEN_BRACE,  /* { in it: a field, or doubled */
    MODE_CLOSE_BRACE, /* } in it */
    MODES,
};

/* What stands in the bracket stack. */
enum bracket {
    BRACKET_NONE,
    BRACKET_PAREN,
    BRACKET_SQUARE,
    BRACKET_CURLY,
    BRACKET_FIELD,      /* { of a field, in its expression */
    BRACKET_SPEC,       /* the same, in its format spec */
    BRACKET_SPEC_AFTER, /* the same, after a field inside the spec */
};

/* What bytes are. NAME is any that may be in one; the others end a run of plain text. */
enum trait {
    TRAIT_NAME = 1 << 0,
    TRAIT_DIGIT = 1 << 1,
    TRAIT_HEX = 1 << 2,
    TRAIT_COMMENT = 1 << 3,
    TRAIT_STRING = 1 << 4,
    TRAIT_LITERAL = 1 << 5,
};

extern const uint8_t pc_byte_traits[256];

/* One feed. `text` is its first byte, at offset `base`. */
struct pc_scan {
    struct pc_lexer_state *state;
    const unsigned char *text;
    const unsigned char *end;
    size_t base;
    size_t line_start; /* offset */
    pc_lexer_sink *sink;
    void *ctx;
};

/* A scanner; p is before the end. Returns where to go on. */
typedef const unsigned char *pc_scanner(struct pc_scan *s, const unsigned char *p);

pc_scanner pc_scan_indent, pc_scan_indent_backslash, pc_scan_indent_continued,
    pc_scan_code, pc_scan_backslash, pc_scan_continued, pc_scan_comment;
pc_scanner pc_scan_name, pc_scan_number, pc_scan_operator;
pc_scanner pc_scan_string_open, pc_scan_string, pc_scan_escape, pc_scan_hex;
pc_scanner pc_scan_literal, pc_scan_named, pc_scan_open_brace, pc_scan_close_brace;

static inline bool
has_trait(unsigned char byte, enum trait trait)
{
    return pc_byte_traits[byte] & trait;
}

static inline bool
is_line_end(unsigned char byte)
{
    return byte == '\n' || byte == '\r';
}

static inline size_t
offset_of(const struct pc_scan *s, const unsigned char *p)
{
    return s->base + (size_t)(p - s->text);
}

/* A token begins at `offset`, on the current line. */
static inline void
begin_at(struct pc_scan *s, size_t offset)
{
    struct pc_lexer_state *state = s->state;
    state->start = (struct pc_lexer_place){
        .offset = offset,
        .line = state->at.line,
        .column = (uint32_t)(offset - s->line_start),
    };
    state->flags = 0;
    state->head_len = 0;
}

static inline void
begin(struct pc_scan *s, const unsigned char *p)
{
    begin_at(s, offset_of(s, p));
}

/* Give the token that began at `start` and ends at offset `end`, with the mode to go on
 * in. */
void pc_scan_emit(struct pc_scan *s, enum pc_token_kind kind, size_t end);
void pc_scan_emit_soft(struct pc_scan *s, enum pc_soft_keyword soft, size_t end);
void pc_scan_emit_error(struct pc_scan *s, enum pc_token_reason reason, size_t end);

/* ---- lexer_line.c */

/* Step over the line end at p, and note that a new line begins. */
const unsigned char *pc_scan_line_end(struct pc_scan *s, const unsigned char *p);

/* ---- lexer_word.c */

enum utf8_result {
    UTF8_CUT,   /* the feed ends inside the character */
    UTF8_WHOLE, /* `point` is the character, of `point_seen` bytes */
    UTF8_BAD,   /* `point_seen` bytes are none, the byte at p is not one of them */
};

/* Read on in the character that is not ASCII, or begin it. */
enum utf8_result pc_scan_utf8(struct pc_scan *s, const unsigned char **p);

/* The same inside a string or comment, where it only sets flags. */
const unsigned char *pc_scan_text_utf8(struct pc_scan *s, const unsigned char *p);

/* ---- lexer_number.c */

/* A digit at p; or a digit behind a dot at p, where the token has begun with the dot. */
const unsigned char *pc_scan_number_start(struct pc_scan *s, const unsigned char *p);
const unsigned char *pc_scan_fraction_start(struct pc_scan *s, const unsigned char *p);

/* ---- lexer_operator.c */

/* An operator or bracket, or a byte that is nothing, at p. */
const unsigned char *pc_scan_operator_start(struct pc_scan *s, const unsigned char *p);

/* ---- lexer_string.c */

/* A quote at p, behind a prefix or none that gave `flags`; the token has begun. */
const unsigned char *pc_scan_quote(struct pc_scan *s, const unsigned char *p);

/* ---- lexer_fstring.c */

/* The opening quotes end at offset `end`. False if strings are nested too deep. */
bool pc_scan_fstring_start(struct pc_scan *s, size_t end);

/* The closing quotes. */
void pc_scan_fstring_end(struct pc_scan *s, size_t start, size_t end);

/* Text outside fields begins at `offset`; so does a field's format spec; so does what
 * follows a field, whose bracket is off the stack. */
void pc_scan_literal_start(struct pc_scan *s, size_t offset);
void pc_scan_spec_start(struct pc_scan *s, size_t offset);
void pc_scan_field_end(struct pc_scan *s, size_t offset);

/* A string in a field did not end with its line: the f-strings around it end too, but
 * for triple-quoted ones and those around them. */
void pc_scan_drop_strings(struct pc_scan *s);

/* ---- lexer_state.c: the stacks. A popped entry is zeroed, so that states compare. */

enum bracket pc_bracket_top(const struct pc_lexer_state *state);
enum bracket pc_bracket_at(const struct pc_lexer_state *state, size_t depth);
bool pc_bracket_push(struct pc_lexer_state *state, enum bracket bracket);
void pc_bracket_pop(struct pc_lexer_state *state);
void pc_bracket_replace(struct pc_lexer_state *state, enum bracket bracket);
bool pc_string_push(struct pc_lexer_state *state, uint16_t flags);
void pc_string_pop(struct pc_lexer_state *state);
uint16_t pc_string_top(const struct pc_lexer_state *state);
bool pc_in_spec(const struct pc_lexer_state *state);

/* Clear what the mode does not use. */
void pc_lexer_state_settle(struct pc_lexer_state *state);

#endif
