/* Feeding the lexer: from one mode's scanner to the next, and the end of input.
 *
 * Invariant: a scanner reads at.line, which moves with it; at.offset and at.column stand
 * at the feed's beginning while it runs and are set at its end. */
#include "lexer/lexer_scan.h"

#include <string.h>

static pc_scanner *const scanners[MODES] = {
    [MODE_INDENT] = pc_scan_indent,
    [MODE_INDENT_BACKSLASH] = pc_scan_indent_backslash,
    [MODE_INDENT_CONTINUED] = pc_scan_indent_continued,
    [MODE_CODE] = pc_scan_code,
    [MODE_BACKSLASH] = pc_scan_backslash,
    [MODE_CONTINUED] = pc_scan_continued,
    [MODE_COMMENT] = pc_scan_comment,
    [MODE_NAME] = pc_scan_name,
    [MODE_NUMBER] = pc_scan_number,
    [MODE_OPERATOR] = pc_scan_operator,
    [MODE_STRING_OPEN] = pc_scan_string_open,
    [MODE_STRING] = pc_scan_string,
    [MODE_ESCAPE] = pc_scan_escape,
    [MODE_HEX] = pc_scan_hex,
    [MODE_LITERAL] = pc_scan_literal,
    [MODE_NAMED] = pc_scan_named,
    [MODE_OPEN_BRACE] = pc_scan_open_brace,
    [MODE_CLOSE_BRACE] = pc_scan_close_brace,
};

/* ---- tokens */

static void
give(struct pc_scan *s, struct pc_token token, size_t end)
{
    if (s->sink == NULL) {
        return;
    }
    const struct pc_lexer_state *state = s->state;
    token.flags = state->flags;
    if (state->start.offset < s->base) {
        token.flags |= PC_TOKEN_CUT;
    }
    token.line = state->start.line;
    token.column = state->start.column;
    token.end_line = state->at.line;
    token.end_column = (uint32_t)(end - s->line_start);
    token.offset = state->start.offset;
    token.length = end - state->start.offset;
    s->sink(s->ctx, &token);
}

void
pc_scan_emit(struct pc_scan *s, enum pc_token_kind kind, size_t end)
{
    give(s, (struct pc_token){.kind = (uint8_t)kind}, end);
}

void
pc_scan_emit_soft(struct pc_scan *s, enum pc_soft_keyword soft, size_t end)
{
    give(s, (struct pc_token){.kind = PC_TOKEN_NAME, .soft = (uint8_t)soft}, end);
}

void
pc_scan_emit_error(struct pc_scan *s, enum pc_token_reason reason, size_t end)
{
    give(s, (struct pc_token){.kind = PC_TOKEN_ERROR, .reason = (uint8_t)reason}, end);
}

/* ---- feeding */

void
pc_lexer_init(struct pc_lexer_state *state, enum pc_python_version version)
{
    memset(state, 0, sizeof *state);
    state->at.line = 1;
    state->version = (uint8_t)version;
    state->mode = MODE_INDENT;
}

static struct pc_scan
scan_over(struct pc_lexer_state *state, const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    return (struct pc_scan){
        .state = state,
        .text = bytes,
        .end = bytes + len,
        .base = state->at.offset,
        .line_start = state->at.offset - state->at.column,
    };
}

void
pc_lexer_feed(struct pc_lexer_state *state, const char *text, size_t len,
              pc_lexer_sink *sink, void *ctx)
{
    if (len == 0) {
        return;
    }
    struct pc_scan s = scan_over(state, text, len);
    s.sink = sink;
    s.ctx = ctx;
    const unsigned char *p = s.text;
    if (state->after_cr && *p == '\n') {
        p++;
        s.line_start++;
    }
    state->after_cr = false;
    while (p < s.end) {
        p = scanners[state->mode](&s, p);
    }
    state->at.offset = offset_of(&s, p);
    state->at.column = (uint32_t)(state->at.offset - s.line_start);
    pc_lexer_state_settle(state);
}

/* ---- the end */

/* End the tokens that waited for their next byte: each scanner here ends them at a line
 * end, and leaves it alone. */
static void
end_token(struct pc_scan *s)
{
    for (;;) {
        switch (s->state->mode) {
        case MODE_COMMENT:
        case MODE_NAME:
        case MODE_NUMBER:
        case MODE_OPERATOR:
        case MODE_STRING_OPEN:
        case MODE_OPEN_BRACE:
        case MODE_CLOSE_BRACE:
            scanners[s->state->mode](s, s->text);
            break;
        default:
            return;
        }
    }
}

/* Why the text may not end here, or PC_REASON_NONE. */
static enum pc_token_reason
reason_of_end(const struct pc_lexer_state *state)
{
    if (pc_lexer_in_string(state)) {
        return state->flags & PC_TOKEN_TRIPLE ? PC_REASON_TRIPLE_STRING
                                              : PC_REASON_STRING;
    }
    if (pc_lexer_is_continued(state)) {
        return PC_REASON_BACKSLASH_AT_END;
    }
    return state->brackets > 0 ? PC_REASON_OPEN_BRACKET : PC_REASON_NONE;
}

/* One error, for the innermost thing that is open: it covers the token that was being
 * read, or is empty. */
static void
give_error_of_end(struct pc_scan *s, size_t end)
{
    struct pc_lexer_state *state = s->state;
    enum pc_token_reason reason = reason_of_end(state);
    if (reason == PC_REASON_NONE) {
        return;
    }
    if (!pc_lexer_in_string(state) && state->mode != MODE_BACKSLASH) {
        begin_at(s, end);
    }
    pc_scan_emit_error(s, reason, end);
}

static void
end_text(struct pc_scan *s)
{
    struct pc_lexer_state *state = s->state;
    size_t end = s->base;
    give_error_of_end(s, end);
    begin_at(s, end);
    if (state->mode > MODE_INDENT_CONTINUED) {
        pc_scan_emit(s, state->blank ? PC_TOKEN_NL : PC_TOKEN_NEWLINE, end);
    }
    for (size_t i = 0; i < state->indents; i++) {
        pc_scan_emit(s, PC_TOKEN_DEDENT, end);
    }
    pc_scan_emit(s, PC_TOKEN_ENDMARKER, end);
}

void
pc_lexer_finish(struct pc_lexer_state *state, pc_lexer_sink *sink, void *ctx)
{
    struct pc_scan s = scan_over(state, "\n", 1);
    s.sink = sink;
    s.ctx = ctx;
    end_token(&s);
    end_text(&s);
    struct pc_lexer_place at = state->at;
    pc_lexer_init(state, state->version);
    state->at = at;
}
