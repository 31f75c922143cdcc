/* f- and t-strings in parts (3.12 and 3.14 on, PEP 701 and PEP 750).
 *
 *     f'ab{x!r:>{n}}c'    FSTRING_START MIDDLE { NAME ! NAME : MIDDLE { NAME } } MIDDLE END
 *
 * The text outside fields is read in MODE_LITERAL, with the string's flags from the
 * string stack; the code in fields is read as any code, with BRACKET_FIELD in the bracket
 * stack. The format spec is text again, and turns the entry into BRACKET_SPEC. As in
 * CPython's tokenizer: a MIDDLE ends behind the first of two braces, the second belongs to
 * no token; it ends behind the } of \N{...}; a format spec may be an empty MIDDLE. */
#include "lexer/lexer_scan.h"

static bool
is_template(const struct pc_lexer_state *state)
{
    return pc_string_top(state) & PC_TOKEN_TEMPLATE;
}

static size_t
quotes_of(const struct pc_lexer_state *state)
{
    return state->flags & PC_TOKEN_TRIPLE ? 3 : 1;
}

/* ---- parts */

bool
pc_scan_fstring_start(struct pc_scan *s, size_t end)
{
    if (!pc_string_push(s->state, s->state->flags)) {
        return false;
    }
    pc_scan_emit(
        s, is_template(s->state) ? PC_TOKEN_TSTRING_START : PC_TOKEN_FSTRING_START,
        end);
    return true;
}

void
pc_scan_literal_start(struct pc_scan *s, size_t offset)
{
    struct pc_lexer_state *state = s->state;
    begin_at(s, offset);
    state->flags = pc_string_top(state);
    state->quote = state->flags & PC_TOKEN_DOUBLE ? '"' : '\'';
    state->run = 0;
    state->reason = PC_REASON_NONE;
    state->literal = true;
    state->named = false;
    state->mode = MODE_LITERAL;
}

static void
give_middle(struct pc_scan *s, size_t end)
{
    pc_scan_emit(
        s, is_template(s->state) ? PC_TOKEN_TSTRING_MIDDLE : PC_TOKEN_FSTRING_MIDDLE,
        end);
}

/* Close the format specs that are open in the innermost string. */
static void
close_specs(struct pc_lexer_state *state)
{
    while (pc_in_spec(state)) {
        pc_bracket_pop(state);
    }
}

void
pc_scan_fstring_end(struct pc_scan *s, size_t start, size_t end)
{
    struct pc_lexer_state *state = s->state;
    begin_at(s, start);
    state->flags = pc_string_top(state);
    if (pc_in_spec(state)) {
        pc_scan_emit_error(s, PC_REASON_OPEN_BRACKET, start);
        close_specs(state);
    }
    pc_scan_emit(s, is_template(state) ? PC_TOKEN_TSTRING_END : PC_TOKEN_FSTRING_END,
                 end);
    pc_string_pop(state);
    state->mode = MODE_CODE;
}

void
pc_scan_drop_strings(struct pc_scan *s)
{
    struct pc_lexer_state *state = s->state;
    while (state->strings > 0 && !(pc_string_top(state) & PC_TOKEN_TRIPLE)) {
        while (state->brackets > 0 && pc_bracket_top(state) < BRACKET_FIELD) {
            pc_bracket_pop(state);
        }
        if (pc_bracket_top(state) == BRACKET_FIELD) {
            pc_bracket_pop(state);
        }
        close_specs(state);
        pc_string_pop(state);
    }
}

/* ---- fields */

void
pc_scan_spec_start(struct pc_scan *s, size_t offset)
{
    pc_bracket_replace(s->state, BRACKET_SPEC);
    pc_scan_literal_start(s, offset);
}

void
pc_scan_field_end(struct pc_scan *s, size_t offset)
{
    if (pc_in_spec(s->state)) {
        pc_bracket_replace(s->state, BRACKET_SPEC_AFTER);
    }
    pc_scan_literal_start(s, offset);
}

static size_t
fields_open(const struct pc_lexer_state *state)
{
    size_t depth = state->brackets;
    while (depth > 0 && pc_bracket_at(state, depth - 1) >= BRACKET_SPEC) {
        depth--;
    }
    return state->brackets - depth;
}

/* The { at `offset` opens a field. */
static void
open_field(struct pc_scan *s, size_t offset)
{
    struct pc_lexer_state *state = s->state;
    bool too_deep = fields_open(state) >= PC_LEXER_FIELDS_MOST;
    begin_at(s, offset);
    if (!pc_bracket_push(state, BRACKET_FIELD)) {
        pc_scan_emit_error(s, PC_REASON_TOO_DEEP, offset + 1);
        pc_scan_literal_start(s, offset + 1);
        return;
    }
    state->mode = MODE_CODE;
    if (too_deep) {
        pc_scan_emit_error(s, PC_REASON_TOO_DEEP, offset + 1);
        return;
    }
    pc_scan_emit(s, PC_TOKEN_LBRACE, offset + 1);
}

const unsigned char *
pc_scan_open_brace(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    size_t brace = offset_of(s, p) - 1;
    enum bracket top = pc_bracket_top(state);
    bool doubled = *p == '{';
    if (doubled && top >= BRACKET_SPEC) {
        state->flags |= PC_TOKEN_ODD;
    }
    if (doubled && top != BRACKET_SPEC) {
        give_middle(s, brace + 1);
        pc_scan_literal_start(s, brace + 2);
        return p + 1;
    }
    if (brace > state->start.offset || doubled) {
        give_middle(s, brace);
    }
    open_field(s, brace);
    return p;
}

const unsigned char *
pc_scan_close_brace(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    size_t brace = offset_of(s, p) - 1;
    bool in_spec = pc_in_spec(state);
    if (*p == '}' && !in_spec) {
        give_middle(s, brace + 1);
        pc_scan_literal_start(s, brace + 2);
        return p + 1;
    }
    give_middle(s, brace);
    begin_at(s, brace);
    if (!in_spec) {
        pc_scan_emit_error(s, PC_REASON_SINGLE_BRACE, brace + 1);
        pc_scan_literal_start(s, brace + 1);
        return p;
    }
    pc_scan_emit(s, PC_TOKEN_RBRACE, brace + 1);
    pc_bracket_pop(state);
    pc_scan_field_end(s, brace + 1);
    return p;
}

const unsigned char *
pc_scan_named(struct pc_scan *s, const unsigned char *p)
{
    s->state->mode = MODE_LITERAL;
    if (*p != '{') {
        return p;
    }
    s->state->named = true;
    return p + 1;
}

/* ---- text */

/* The line ends in the text of a string that is not triple-quoted: the format spec ends
 * with it, the string not yet; elsewhere the string does. */
static const unsigned char *
end_at_line(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    state->mode = MODE_CODE;
    if (pc_bracket_top(state) == BRACKET_SPEC) {
        state->flags |= PC_TOKEN_ODD;
        give_middle(s, offset_of(s, p));
        pc_bracket_replace(state, BRACKET_FIELD);
        return p;
    }
    pc_scan_emit_error(s, PC_REASON_STRING, offset_of(s, p));
    close_specs(state);
    pc_string_pop(state);
    pc_scan_drop_strings(s);
    return p;
}

static const unsigned char *
scan_quote(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (*p != state->quote) {
        state->run = 0;
        return p + 1;
    }
    size_t quotes = quotes_of(state);
    size_t end = offset_of(s, p) + 1;
    if (++state->run == quotes) {
        if (end - quotes > state->start.offset) {
            give_middle(s, end - quotes);
        }
        pc_scan_fstring_end(s, end - quotes, end);
    }
    return p + 1;
}

static const unsigned char *
scan_close(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (!state->named) {
        state->mode = MODE_CLOSE_BRACE;
        return p + 1;
    }
    size_t end = offset_of(s, p) + 1;
    give_middle(s, end);
    pc_scan_literal_start(s, end);
    return p + 1;
}

/* A byte that ends a run of plain text. */
static const unsigned char *
scan_stop(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (*p == '"' || *p == '\'') {
        return scan_quote(s, p);
    }
    state->run = 0;
    switch (*p) {
    case '\\':
        state->mode = MODE_ESCAPE;
        return p + 1;
    case '{':
        state->mode = MODE_OPEN_BRACE;
        return p + 1;
    case '}':
        return scan_close(s, p);
    case '\n':
    case '\r':
        return state->flags & PC_TOKEN_TRIPLE ? pc_scan_line_end(s, p)
                                              : end_at_line(s, p);
    case 0:
        state->flags |= PC_TOKEN_ODD;
        return p + 1;
    default:
        return pc_scan_text_utf8(s, p);
    }
}

const unsigned char *
pc_scan_literal(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (state->point_left > 0) {
        p = pc_scan_text_utf8(s, p);
    }
    while (p < s->end && state->mode == MODE_LITERAL) {
        if (has_trait(*p, TRAIT_LITERAL)) {
            p = scan_stop(s, p);
            continue;
        }
        state->run = 0;
        do {
            p++;
        } while (p < s->end && !has_trait(*p, TRAIT_LITERAL));
    }
    return p;
}
