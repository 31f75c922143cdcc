/* Operators, brackets, and bytes that are nothing.
 *
 * An operator grows by the table below as long as it can, so that a cut in it needs no
 * more memory than the kind so far. Brackets are matched here; those of an f-string's
 * fields are entries in the same stack. */
#include "lexer/lexer_scan.h"

/* The bytes that make an operator longer. */
enum more {
    MORE_EQUAL,
    MORE_STAR,
    MORE_SLASH,
    MORE_LESS,
    MORE_GREATER,
    MORE_DOT,
    MORES
};

/* Two dots: no token, unless a third follows. */
enum { TWO_DOTS = PC_TOKEN_KINDS };

#define FIRST       PC_TOKEN_LPAR
#define GROWS(kind) [PC_TOKEN_##kind - FIRST]
#define EQUAL(kind) [MORE_EQUAL] = PC_TOKEN_##kind

static const uint8_t longer[PC_TOKEN_KINDS + 1 - FIRST][MORES] = {
    GROWS(COLON) = {EQUAL(COLONEQUAL)},
    GROWS(DOT) = {[MORE_DOT] = TWO_DOTS},
    [TWO_DOTS - FIRST] = {[MORE_DOT] = PC_TOKEN_ELLIPSIS},
    GROWS(EXCLAMATION) = {EQUAL(NOTEQUAL)},
    GROWS(PLUS) = {EQUAL(PLUSEQUAL)},
    GROWS(MINUS) = {EQUAL(MINEQUAL), [MORE_GREATER] = PC_TOKEN_RARROW},
    GROWS(STAR) = {EQUAL(STAREQUAL), [MORE_STAR] = PC_TOKEN_DOUBLESTAR},
    GROWS(DOUBLESTAR) = {EQUAL(DOUBLESTAREQUAL)},
    GROWS(SLASH) = {EQUAL(SLASHEQUAL), [MORE_SLASH] = PC_TOKEN_DOUBLESLASH},
    GROWS(DOUBLESLASH) = {EQUAL(DOUBLESLASHEQUAL)},
    GROWS(PERCENT) = {EQUAL(PERCENTEQUAL)},
    GROWS(AT) = {EQUAL(ATEQUAL)},
    GROWS(VBAR) = {EQUAL(VBAREQUAL)},
    GROWS(AMPER) = {EQUAL(AMPEREQUAL)},
    GROWS(CIRCUMFLEX) = {EQUAL(CIRCUMFLEXEQUAL)},
    GROWS(LESS) = {EQUAL(LESSEQUAL), [MORE_LESS] = PC_TOKEN_LEFTSHIFT,
                   [MORE_GREATER] = PC_TOKEN_NOTEQUAL},
    GROWS(LEFTSHIFT) = {EQUAL(LEFTSHIFTEQUAL)},
    GROWS(GREATER) = {EQUAL(GREATEREQUAL), [MORE_GREATER] = PC_TOKEN_RIGHTSHIFT},
    GROWS(RIGHTSHIFT) = {EQUAL(RIGHTSHIFTEQUAL)},
    GROWS(EQUAL) = {EQUAL(EQEQUAL)},
};

/* The operator that a byte begins or is. */
static const uint8_t single[128] = {
    ['('] = PC_TOKEN_LPAR,  [')'] = PC_TOKEN_RPAR,        ['['] = PC_TOKEN_LSQB,
    [']'] = PC_TOKEN_RSQB,  ['{'] = PC_TOKEN_LBRACE,      ['}'] = PC_TOKEN_RBRACE,
    [':'] = PC_TOKEN_COLON, [','] = PC_TOKEN_COMMA,       [';'] = PC_TOKEN_SEMI,
    ['.'] = PC_TOKEN_DOT,   ['!'] = PC_TOKEN_EXCLAMATION, ['~'] = PC_TOKEN_TILDE,
    ['+'] = PC_TOKEN_PLUS,  ['-'] = PC_TOKEN_MINUS,       ['*'] = PC_TOKEN_STAR,
    ['/'] = PC_TOKEN_SLASH, ['%'] = PC_TOKEN_PERCENT,     ['@'] = PC_TOKEN_AT,
    ['|'] = PC_TOKEN_VBAR,  ['&'] = PC_TOKEN_AMPER,       ['^'] = PC_TOKEN_CIRCUMFLEX,
    ['<'] = PC_TOKEN_LESS,  ['>'] = PC_TOKEN_GREATER,     ['='] = PC_TOKEN_EQUAL,
};

/* ---- brackets */

static void
open_bracket(struct pc_scan *s, enum pc_token_kind kind, size_t end)
{
    enum bracket bracket = kind == PC_TOKEN_LPAR   ? BRACKET_PAREN
                           : kind == PC_TOKEN_LSQB ? BRACKET_SQUARE
                                                   : BRACKET_CURLY;
    if (!pc_bracket_push(s->state, bracket)) {
        pc_scan_emit_error(s, PC_REASON_TOO_DEEP, end);
        return;
    }
    pc_scan_emit(s, kind, end);
}

static bool
closes(enum pc_token_kind kind, enum bracket bracket)
{
    switch (bracket) {
    case BRACKET_PAREN:
        return kind == PC_TOKEN_RPAR;
    case BRACKET_SQUARE:
        return kind == PC_TOKEN_RSQB;
    default:
        return kind == PC_TOKEN_RBRACE;
    }
}

/* How many brackets to close so that the one that `kind` closes is among them, within
 * the field of an f-string; 0 if there is none. */
static size_t
brackets_to_close(const struct pc_lexer_state *state, enum pc_token_kind kind)
{
    for (size_t depth = state->brackets; depth > 0; depth--) {
        enum bracket bracket = pc_bracket_at(state, depth - 1);
        if (closes(kind, bracket)) {
            return state->brackets - depth + 1;
        }
        if (bracket >= BRACKET_FIELD) {
            break;
        }
    }
    return 0;
}

/* A closing bracket that does not match closes those inside the one that it matches; one
 * that matches nothing is left aside. */
static void
close_bracket(struct pc_scan *s, enum pc_token_kind kind, size_t end)
{
    struct pc_lexer_state *state = s->state;
    size_t count = brackets_to_close(state, kind);
    if (count == 1) {
        pc_scan_emit(s, kind, end);
    }
    else {
        pc_scan_emit_error(
            s, state->brackets > 0 ? PC_REASON_MISMATCHED : PC_REASON_UNMATCHED, end);
    }
    enum bracket last = BRACKET_NONE;
    for (size_t i = 0; i < count; i++) {
        last = pc_bracket_top(state);
        pc_bracket_pop(state);
    }
    if (last == BRACKET_FIELD) {
        pc_scan_field_end(s, end);
    }
}

/* ---- operators */

/* How `byte` makes an operator longer: the longer one, or 0. */
static unsigned int
grow(unsigned int kind, unsigned char byte)
{
    const uint8_t *row = longer[kind - FIRST];
    switch (byte) {
    case '=':
        return row[MORE_EQUAL];
    case '*':
        return row[MORE_STAR];
    case '/':
        return row[MORE_SLASH];
    case '<':
        return row[MORE_LESS];
    case '>':
        return row[MORE_GREATER];
    case '.':
        return row[MORE_DOT];
    default:
        return 0;
    }
}

static bool
may_grow(unsigned int kind)
{
    return kind >= PC_TOKEN_COLON && kind != PC_TOKEN_COMMA && kind != PC_TOKEN_SEMI &&
           kind != PC_TOKEN_TILDE && kind != PC_TOKEN_ELLIPSIS &&
           (kind < PC_TOKEN_LESSEQUAL || kind == PC_TOKEN_EQUAL || kind == TWO_DOTS);
}

/* One or two dots end before p. */
static const unsigned char *
end_dots(struct pc_scan *s, const unsigned char *p, unsigned int kind)
{
    if (kind == TWO_DOTS) {
        size_t second = s->state->start.offset + 1;
        pc_scan_emit(s, PC_TOKEN_DOT, second);
        begin_at(s, second);
    }
    if (has_trait(*p, TRAIT_DIGIT)) {
        return pc_scan_fraction_start(s, p);
    }
    pc_scan_emit(s, PC_TOKEN_DOT, offset_of(s, p));
    return p;
}

static const unsigned char *
end_operator(struct pc_scan *s, const unsigned char *p, unsigned int kind)
{
    s->state->mode = MODE_CODE;
    if (kind == PC_TOKEN_DOT || kind == TWO_DOTS) {
        return end_dots(s, p, kind);
    }
    /* Only a conversion in an f-string's field has it alone. */
    if (kind == PC_TOKEN_EXCLAMATION && pc_bracket_top(s->state) != BRACKET_FIELD) {
        pc_scan_emit_error(s, PC_REASON_CHARACTER, offset_of(s, p));
        return p;
    }
    pc_scan_emit(s, kind, offset_of(s, p));
    return p;
}

const unsigned char *
pc_scan_operator(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    unsigned int kind = state->kind;
    while (may_grow(kind)) {
        if (p == s->end) {
            state->kind = (uint8_t)kind;
            state->mode = MODE_OPERATOR;
            return p;
        }
        unsigned int next = grow(kind, *p);
        if (next == 0) {
            break;
        }
        if (next == PC_TOKEN_NOTEQUAL && kind == PC_TOKEN_LESS) {
            state->flags |= PC_TOKEN_ODD;
        }
        kind = next;
        p++;
    }
    return end_operator(s, p, kind);
}

const unsigned char *
pc_scan_operator_start(struct pc_scan *s, const unsigned char *p)
{
    size_t end = offset_of(s, p) + 1;
    enum pc_token_kind kind = single[*p];
    switch (kind) {
    case PC_TOKEN_LPAR:
    case PC_TOKEN_LSQB:
    case PC_TOKEN_LBRACE:
        open_bracket(s, kind, end);
        return p + 1;
    case PC_TOKEN_RPAR:
    case PC_TOKEN_RSQB:
    case PC_TOKEN_RBRACE:
        close_bracket(s, kind, end);
        return p + 1;
    case PC_TOKEN_ENDMARKER: /* not in the table */
        pc_scan_emit_error(s, *p == 0 ? PC_REASON_NUL : PC_REASON_CHARACTER, end);
        return p + 1;
    case PC_TOKEN_COLON:
        if (pc_bracket_top(s->state) == BRACKET_FIELD) {
            pc_scan_emit(s, kind, end);
            pc_scan_spec_start(s, end);
            return p + 1;
        }
        break;
    default:
        break;
    }
    s->state->kind = (uint8_t)kind;
    return pc_scan_operator(s, p + 1);
}
