/* Lines: indentation, what stands between tokens, comments, line ends, continuation.
 *
 * A line outside brackets starts in MODE_INDENT, which counts the columns of its blanks as
 * CPython does, twice: tabs to multiples of 8, and tabs as one. Only the first byte that
 * is neither blank nor the start of a comment decides about INDENT and DEDENT. Inside
 * brackets blanks are only skipped. */
#include "lexer/lexer_scan.h"

enum { TAB = 8 };

const uint8_t pc_byte_traits[256] = {
#define TEXT (TRAIT_COMMENT | TRAIT_STRING | TRAIT_LITERAL)
    [0] = TEXT,
    ['\n'] = TEXT,
    ['\r'] = TEXT,
    ['"'] = TRAIT_STRING | TRAIT_LITERAL,
    ['\''] = TRAIT_STRING | TRAIT_LITERAL,
    ['\\'] = TRAIT_STRING | TRAIT_LITERAL,
    ['{'] = TRAIT_LITERAL,
    ['}'] = TRAIT_LITERAL,
    ['0' ... '9'] = TRAIT_NAME | TRAIT_DIGIT | TRAIT_HEX,
    ['A' ... 'F'] = TRAIT_NAME | TRAIT_HEX,
    ['G' ... 'Z'] = TRAIT_NAME,
    ['_'] = TRAIT_NAME,
    ['a' ... 'f'] = TRAIT_NAME | TRAIT_HEX,
    ['g' ... 'z'] = TRAIT_NAME,
    [0x80 ... 0xFF] = TEXT,
#undef TEXT
};

/* ---- line ends */

const unsigned char *
pc_scan_line_end(struct pc_scan *s, const unsigned char *p)
{
    unsigned char byte = *p++;
    if (byte == '\r') {
        if (p == s->end) {
            s->state->after_cr = true;
        }
        else if (*p == '\n') {
            p++;
        }
    }
    s->state->at.line++;
    s->line_start = offset_of(s, p);
    return p;
}

/* NEWLINE or NL; its text is one byte even if the line ends with two. */
static const unsigned char *
end_line(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    begin(s, p);
    pc_scan_emit(s,
                 state->brackets > 0 || state->blank ? PC_TOKEN_NL : PC_TOKEN_NEWLINE,
                 offset_of(s, p) + 1);
    state->blank = false;
    state->mode = state->brackets > 0 ? MODE_CODE : MODE_INDENT;
    state->column = state->alt_column = state->continued_column = 0;
    return pc_scan_line_end(s, p);
}

/* ---- indentation */

static void
indent(struct pc_scan *s, size_t end, uint32_t column, uint32_t alt_column)
{
    struct pc_lexer_state *state = s->state;
    uint32_t width = column - state->indent_column;
    uint32_t alt_width = alt_column - state->indent_alt_column;
    enum pc_token_reason reason = PC_REASON_NONE;
    if (state->indents >= PC_LEXER_INDENTS_MOST) {
        reason = PC_REASON_TOO_DEEP;
    }
    else if (alt_column <= state->indent_alt_column) {
        reason = PC_REASON_TAB;
    }
    else if (width > PC_LEXER_INDENT_WIDEST || alt_width > PC_LEXER_INDENT_WIDEST) {
        reason = PC_REASON_TOO_WIDE;
    }
    begin_at(s, s->line_start);
    if (reason != PC_REASON_NONE) {
        pc_scan_emit_error(s, reason, end);
        return;
    }
    state->indent_widths[state->indents] = (uint8_t)width;
    state->indent_alt_widths[state->indents++] = (uint8_t)alt_width;
    state->indent_column = column;
    state->indent_alt_column = alt_column;
    pc_scan_emit(s, PC_TOKEN_INDENT, end);
}

static void
pop_indent(struct pc_lexer_state *state)
{
    state->indents--;
    state->indent_column -= state->indent_widths[state->indents];
    state->indent_alt_column -= state->indent_alt_widths[state->indents];
    state->indent_widths[state->indents] = 0;
    state->indent_alt_widths[state->indents] = 0;
}

/* After a column that is between two levels, the inner one goes on at that column: the
 * lines that follow are not wrong too. */
static void
move_indent(struct pc_lexer_state *state, uint32_t column)
{
    size_t inner = state->indents - 1u;
    uint32_t less = state->indent_column - column;
    uint32_t alt_less = state->indent_alt_widths[inner] > less
                            ? less
                            : state->indent_alt_widths[inner] - 1u;
    state->indent_widths[inner] -= (uint8_t)less;
    state->indent_column = column;
    state->indent_alt_widths[inner] -= (uint8_t)alt_less;
    state->indent_alt_column -= alt_less;
}

/* False if the column is that of no outer level. */
static bool
dedent(struct pc_scan *s, size_t end, uint32_t column)
{
    struct pc_lexer_state *state = s->state;
    while (column < state->indent_column) {
        uint32_t outer =
            state->indent_column - state->indent_widths[state->indents - 1u];
        if (column > outer) {
            move_indent(state, column);
            begin_at(s, end);
            pc_scan_emit_error(s, PC_REASON_DEDENT, end);
            return false;
        }
        pop_indent(state);
        begin_at(s, end);
        pc_scan_emit(s, PC_TOKEN_DEDENT, end);
    }
    return true;
}

/* The indentation ends at `end`, before the first token of a logical line. */
static void
settle_indent(struct pc_scan *s, size_t end)
{
    struct pc_lexer_state *state = s->state;
    uint32_t continued = state->continued_column;
    uint32_t column = continued ? continued : state->column;
    uint32_t alt_column = continued ? continued : state->alt_column;
    state->mode = MODE_CODE;
    if (column > state->indent_column) {
        indent(s, end, column, alt_column);
        return;
    }
    if (dedent(s, end, column) && alt_column != state->indent_alt_column) {
        begin_at(s, end);
        pc_scan_emit_error(s, PC_REASON_TAB, end);
    }
}

/* Count blanks; stops at the first other byte. */
static const unsigned char *
count_columns(struct pc_scan *s, const unsigned char *p)
{
    uint32_t column = s->state->column;
    uint32_t alt_column = s->state->alt_column;
    for (; p < s->end; p++) {
        if (*p == ' ') {
            column++;
            alt_column++;
        }
        else if (*p == '\t') {
            column = (column / TAB + 1) * TAB;
            alt_column++;
        }
        else if (*p == '\f') {
            column = alt_column = 0;
        }
        else {
            break;
        }
    }
    s->state->column = column;
    s->state->alt_column = alt_column;
    return p;
}

const unsigned char *
pc_scan_indent(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    p = count_columns(s, p);
    if (p == s->end) {
        return p;
    }
    if (*p == '\\') {
        state->mode = MODE_INDENT_BACKSLASH;
        return p + 1;
    }
    if (*p == '#' || is_line_end(*p)) {
        state->blank = true;
        state->mode = MODE_CODE;
        return p;
    }
    settle_indent(s, offset_of(s, p));
    return p;
}

const unsigned char *
pc_scan_indent_backslash(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (is_line_end(*p)) {
        if (state->continued_column == 0) {
            state->continued_column = state->column;
        }
        state->mode = MODE_INDENT_CONTINUED;
        return pc_scan_line_end(s, p);
    }
    size_t backslash = offset_of(s, p) - 1;
    settle_indent(s, backslash);
    begin_at(s, backslash);
    pc_scan_emit_error(s, PC_REASON_BACKSLASH, backslash + 1);
    return p;
}

const unsigned char *
pc_scan_indent_continued(struct pc_scan *s, const unsigned char *p)
{
    s->state->mode = MODE_INDENT;
    return p;
}

/* ---- between tokens */

const unsigned char *
pc_scan_code(struct pc_scan *s, const unsigned char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\f') {
        if (++p == s->end) {
            return p;
        }
    }
    unsigned char byte = *p;
    if (is_line_end(byte)) {
        return end_line(s, p);
    }
    begin(s, p);
    if (has_trait(byte, TRAIT_DIGIT)) {
        return pc_scan_number_start(s, p);
    }
    if (has_trait(byte, TRAIT_NAME) || byte >= 0x80) {
        return pc_scan_name(s, p);
    }
    switch (byte) {
    case '#':
        s->state->mode = MODE_COMMENT;
        return p + 1;
    case '\\':
        s->state->mode = MODE_BACKSLASH;
        return p + 1;
    case '"':
    case '\'':
        return pc_scan_quote(s, p);
    default:
        return pc_scan_operator_start(s, p);
    }
}

const unsigned char *
pc_scan_backslash(struct pc_scan *s, const unsigned char *p)
{
    if (is_line_end(*p)) {
        s->state->mode = MODE_CONTINUED;
        return pc_scan_line_end(s, p);
    }
    s->state->mode = MODE_CODE;
    pc_scan_emit_error(s, PC_REASON_BACKSLASH, s->state->start.offset + 1);
    return p;
}

const unsigned char *
pc_scan_continued(struct pc_scan *s, const unsigned char *p)
{
    s->state->mode = MODE_CODE;
    return p;
}

const unsigned char *
pc_scan_comment(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (state->point_left > 0) {
        p = pc_scan_text_utf8(s, p);
    }
    while (p < s->end) {
        if (!has_trait(*p, TRAIT_COMMENT)) {
            p++;
        }
        else if (is_line_end(*p)) {
            state->mode = MODE_CODE;
            pc_scan_emit(s, PC_TOKEN_COMMENT, offset_of(s, p));
            return p;
        }
        else if (*p == 0) {
            state->flags |= PC_TOKEN_ODD;
            p++;
        }
        else {
            p = pc_scan_text_utf8(s, p);
        }
    }
    return p;
}
