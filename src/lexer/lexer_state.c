/* The lexer's state: its stacks, what is open, and when two states are equal.
 *
 * Invariant: what the mode does not use is zero between feeds, and so is what lies above
 * the top of a stack. */
#include "lexer/lexer_scan.h"

#include <string.h>

/* ---- stacks of four bits */

static unsigned int
nibble_at(const uint8_t *stack, size_t index)
{
    return stack[index / 2] >> (index % 2 * 4) & 0xF;
}

static void
set_nibble(uint8_t *stack, size_t index, unsigned int value)
{
    unsigned int shift = index % 2 * 4;
    unsigned int others = stack[index / 2] & ~(0xFu << shift);
    stack[index / 2] = (uint8_t)(others | value << shift);
}

enum bracket
pc_bracket_at(const struct pc_lexer_state *state, size_t depth)
{
    return (enum bracket)nibble_at(state->bracket_stack, depth);
}

enum bracket
pc_bracket_top(const struct pc_lexer_state *state)
{
    return state->brackets > 0 ? pc_bracket_at(state, state->brackets - 1u)
                               : BRACKET_NONE;
}

bool
pc_bracket_push(struct pc_lexer_state *state, enum bracket bracket)
{
    if (state->brackets >= PC_LEXER_BRACKETS_MOST) {
        return false;
    }
    set_nibble(state->bracket_stack, state->brackets++, bracket);
    return true;
}

void
pc_bracket_pop(struct pc_lexer_state *state)
{
    set_nibble(state->bracket_stack, --state->brackets, BRACKET_NONE);
}

void
pc_bracket_replace(struct pc_lexer_state *state, enum bracket bracket)
{
    set_nibble(state->bracket_stack, state->brackets - 1u, bracket);
}

/* An open string's four bits, and the flags they stand for. */
enum { BIT_DOUBLE = 1, BIT_TRIPLE = 2, BIT_RAW = 4, BIT_TEMPLATE = 8 };

bool
pc_string_push(struct pc_lexer_state *state, uint16_t flags)
{
    if (state->strings >= PC_LEXER_STRINGS_MOST) {
        return false;
    }
    unsigned int bits = (flags & PC_TOKEN_DOUBLE ? BIT_DOUBLE : 0) |
                        (flags & PC_TOKEN_TRIPLE ? BIT_TRIPLE : 0) |
                        (flags & PC_TOKEN_RAW ? BIT_RAW : 0) |
                        (flags & PC_TOKEN_TEMPLATE ? BIT_TEMPLATE : 0);
    set_nibble(state->string_stack, state->strings++, bits);
    return true;
}

void
pc_string_pop(struct pc_lexer_state *state)
{
    set_nibble(state->string_stack, --state->strings, 0);
}

uint16_t
pc_string_top(const struct pc_lexer_state *state)
{
    unsigned int bits = nibble_at(state->string_stack, state->strings - 1u);
    return (uint16_t)((bits & BIT_DOUBLE ? PC_TOKEN_DOUBLE : 0) |
                      (bits & BIT_TRIPLE ? PC_TOKEN_TRIPLE : 0) |
                      (bits & BIT_RAW ? PC_TOKEN_RAW : 0) |
                      (bits & BIT_TEMPLATE ? PC_TOKEN_TEMPLATE : PC_TOKEN_FORMAT));
}

bool
pc_in_spec(const struct pc_lexer_state *state)
{
    return pc_bracket_top(state) >= BRACKET_SPEC;
}

/* ---- what is open */

size_t
pc_lexer_depth(const struct pc_lexer_state *state)
{
    return state->brackets;
}

char
pc_lexer_bracket(const struct pc_lexer_state *state)
{
    static const char texts[] = {
        [BRACKET_NONE] = 0,         [BRACKET_PAREN] = '(', [BRACKET_SQUARE] = '[',
        [BRACKET_CURLY] = '{',      [BRACKET_FIELD] = '{', [BRACKET_SPEC] = '{',
        [BRACKET_SPEC_AFTER] = '{',
    };
    return texts[pc_bracket_top(state)];
}

/* Whether the mode is one of text that string_stack's top governs. */
static bool
in_literal(const struct pc_lexer_state *state)
{
    bool escape = state->mode == MODE_ESCAPE || state->mode == MODE_HEX;
    return state->mode >= MODE_LITERAL || (escape && state->literal);
}

bool
pc_lexer_in_string(const struct pc_lexer_state *state)
{
    return state->mode >= MODE_STRING_OPEN;
}

bool
pc_lexer_string(const struct pc_lexer_state *state, uint16_t *ret_flags)
{
    enum {
        SHOWN = PC_TOKEN_BYTES | PC_TOKEN_RAW | PC_TOKEN_UNICODE | PC_TOKEN_FORMAT |
                PC_TOKEN_TEMPLATE | PC_TOKEN_DOUBLE | PC_TOKEN_TRIPLE
    };
    if (pc_lexer_in_string(state) && !in_literal(state)) {
        *ret_flags = state->flags & SHOWN;
        return true;
    }
    if (state->strings == 0) {
        return false;
    }
    *ret_flags = pc_string_top(state);
    return true;
}

size_t
pc_lexer_string_offset(const struct pc_lexer_state *state)
{
    return state->start.offset;
}

bool
pc_lexer_in_field(const struct pc_lexer_state *state)
{
    return state->strings > 0 && !in_literal(state);
}

bool
pc_lexer_in_comment(const struct pc_lexer_state *state)
{
    return state->mode == MODE_COMMENT;
}

bool
pc_lexer_is_continued(const struct pc_lexer_state *state)
{
    switch (state->mode) {
    case MODE_INDENT_BACKSLASH:
    case MODE_INDENT_CONTINUED:
    case MODE_BACKSLASH:
    case MODE_CONTINUED:
        return true;
    default:
        return false;
    }
}

bool
pc_lexer_at_line_start(const struct pc_lexer_state *state)
{
    return state->mode <= MODE_INDENT_CONTINUED || state->blank;
}

size_t
pc_lexer_indents(const struct pc_lexer_state *state)
{
    return state->indents;
}

size_t
pc_lexer_indent_column(const struct pc_lexer_state *state)
{
    return state->indent_column;
}

/* ---- states as values */

void
pc_lexer_state_settle(struct pc_lexer_state *state)
{
    enum mode mode = state->mode;
    if (mode > MODE_INDENT_CONTINUED) {
        state->column = state->alt_column = state->continued_column = 0;
    }
    if (mode <= MODE_INDENT_CONTINUED || mode == MODE_CODE || mode == MODE_CONTINUED) {
        state->start = (struct pc_lexer_place){0};
        state->flags = 0;
    }
    if (mode < MODE_NUMBER || mode > MODE_OPERATOR) {
        state->kind = 0;
    }
    if (mode < MODE_STRING_OPEN) {
        state->quote = state->run = state->reason = 0;
        state->literal = state->named = false;
    }
    if (mode != MODE_NAME && mode != MODE_NUMBER) {
        state->head_len = 0;
    }
    memset(state->head + state->head_len, 0, sizeof state->head - state->head_len);
}

void
pc_lexer_rebase(struct pc_lexer_state *state)
{
    state->at = state->start = (struct pc_lexer_place){.line = 1};
    pc_lexer_state_settle(state);
}

bool
pc_lexer_state_equal(const struct pc_lexer_state *a, const struct pc_lexer_state *b)
{
#define SAME(member)       (a->member == b->member)
#define SAME_BYTES(member) (memcmp(a->member, b->member, sizeof a->member) == 0)
    return SAME(column) && SAME(alt_column) && SAME(continued_column) &&
           SAME(indent_column) && SAME(indent_alt_column) && SAME(point) &&
           SAME(flags) && SAME(version) && SAME(mode) && SAME(kind) && SAME(quote) &&
           SAME(run) && SAME(reason) && SAME(point_left) && SAME(point_seen) &&
           SAME(head_len) && SAME(blank) && SAME(after_cr) && SAME(literal) &&
           SAME(named) && SAME(brackets) && SAME(indents) && SAME(strings) &&
           SAME_BYTES(head) && SAME_BYTES(bracket_stack) && SAME_BYTES(string_stack) &&
           SAME_BYTES(indent_widths) && SAME_BYTES(indent_alt_widths);
#undef SAME
#undef SAME_BYTES
}
