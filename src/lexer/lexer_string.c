/* Strings that are one token, and what is common to strings: quotes and escapes.
 *
 *     'abc' "abc" '''abc'''   MODE_STRING_OPEN, MODE_STRING, STRING
 *     \n \x41 \<line end>     MODE_ESCAPE, MODE_HEX, and back
 *
 * Escapes are not translated; they are followed only as far as to know whether CPython
 * may complain about one (PC_TOKEN_ESCAPES). */
#include "lexer/lexer_scan.h"

/* ---- quotes */

const unsigned char *
pc_scan_quote(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (*p == '"') {
        state->flags |= PC_TOKEN_DOUBLE;
    }
    state->quote = *p;
    state->run = 1;
    state->reason = PC_REASON_NONE;
    state->literal = state->named = false;
    state->mode = MODE_STRING_OPEN;
    return p + 1;
}

/* Begin a string of several tokens, whose opening quotes end at offset `end`. False if it
 * is one token; nested too deep, that token will be an ERROR. */
static bool
start_parts(struct pc_scan *s, size_t end)
{
    struct pc_lexer_state *state = s->state;
    if (!(state->flags & (PC_TOKEN_FORMAT | PC_TOKEN_TEMPLATE)) ||
        state->version < PC_PYTHON_3_12) {
        return false;
    }
    if (!pc_scan_fstring_start(s, end)) {
        state->reason = PC_REASON_TOO_DEEP;
        return false;
    }
    return true;
}

/* The opening quotes end at offset `end`, and it is not an empty string. */
static void
start_text(struct pc_scan *s, size_t end)
{
    if (start_parts(s, end)) {
        pc_scan_literal_start(s, end);
        return;
    }
    s->state->run = 0;
    s->state->mode = MODE_STRING;
}

static void
give_string(struct pc_scan *s, size_t end)
{
    s->state->mode = MODE_CODE;
    if (s->state->reason != PC_REASON_NONE) {
        pc_scan_emit_error(s, s->state->reason, end);
        return;
    }
    pc_scan_emit(s, PC_TOKEN_STRING, end);
}

const unsigned char *
pc_scan_string_open(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    size_t offset = offset_of(s, p);
    if (*p == state->quote) {
        if (++state->run == 3) {
            state->flags |= PC_TOKEN_TRIPLE;
            start_text(s, offset + 1);
        }
        return p + 1;
    }
    if (state->run == 1) {
        start_text(s, offset);
    }
    else if (start_parts(s, offset - 1)) {
        pc_scan_fstring_end(s, offset - 1, offset);
    }
    else {
        give_string(s, offset);
    }
    return p;
}

/* ---- text */

static const unsigned char *
end_at_line(struct pc_scan *s, const unsigned char *p)
{
    s->state->mode = MODE_CODE;
    pc_scan_emit_error(s, PC_REASON_STRING, offset_of(s, p));
    pc_scan_drop_strings(s);
    return p;
}

/* A byte that ends a run of plain text. */
static const unsigned char *
scan_stop(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    bool triple = state->flags & PC_TOKEN_TRIPLE;
    uint8_t run = state->run;
    state->run = 0;
    switch (*p) {
    case '"':
    case '\'':
        if (*p == state->quote) {
            state->run = run + 1;
            if (state->run == (triple ? 3 : 1)) {
                give_string(s, offset_of(s, p) + 1);
            }
        }
        return p + 1;
    case '\\':
        state->mode = MODE_ESCAPE;
        return p + 1;
    case '\n':
    case '\r':
        return triple ? pc_scan_line_end(s, p) : end_at_line(s, p);
    case 0:
        state->flags |= PC_TOKEN_ODD;
        return p + 1;
    default:
        return pc_scan_text_utf8(s, p);
    }
}

const unsigned char *
pc_scan_string(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    if (state->point_left > 0) {
        p = pc_scan_text_utf8(s, p);
    }
    while (p < s->end && state->mode == MODE_STRING) {
        if (has_trait(*p, TRAIT_STRING)) {
            p = scan_stop(s, p);
            continue;
        }
        state->run = 0;
        do {
            p++;
        } while (p < s->end && !has_trait(*p, TRAIT_STRING));
    }
    return p;
}

/* ---- escapes */

/* Those that are right whatever follows; \0 to \3 begin octal values of one byte. */
static bool
is_harmless(unsigned char byte)
{
    switch (byte) {
    case '\\':
    case '\'':
    case '"':
    case '0' ... '3':
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
        return true;
    default:
        return false;
    }
}

/* The byte behind the backslash of a string that is not raw. */
static void
note_escape(struct pc_lexer_state *state, unsigned char byte)
{
    if (byte == 'x' || (byte == 'u' && !(state->flags & PC_TOKEN_BYTES))) {
        state->run = byte == 'x' ? 2 : 4;
        state->mode = MODE_HEX;
    }
    else if (byte == 'N' && state->literal) {
        state->flags |= PC_TOKEN_ESCAPES;
        state->mode = MODE_NAMED;
    }
    else if (!is_harmless(byte)) {
        state->flags |= PC_TOKEN_ESCAPES;
    }
}

/* A brace is never escaped; other bytes that mean something are read again as text. */
const unsigned char *
pc_scan_escape(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    state->mode = state->literal ? MODE_LITERAL : MODE_STRING;
    if (is_line_end(*p)) {
        return pc_scan_line_end(s, p);
    }
    if (!(state->flags & PC_TOKEN_RAW)) {
        note_escape(state, *p);
    }
    bool again = *p == 0 || *p >= 0x80 || *p == '{' || *p == '}';
    return again ? p : p + 1;
}

const unsigned char *
pc_scan_hex(struct pc_scan *s, const unsigned char *p)
{
    struct pc_lexer_state *state = s->state;
    while (p < s->end && state->run > 0 && has_trait(*p, TRAIT_HEX)) {
        state->run--;
        p++;
    }
    if (state->run > 0) {
        if (p == s->end) {
            return p;
        }
        state->flags |= PC_TOKEN_ESCAPES;
        state->run = 0;
    }
    state->mode = state->literal ? MODE_LITERAL : MODE_STRING;
    return p;
}
