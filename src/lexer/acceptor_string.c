/* Strings: which may stand side by side, and the fields of f-strings.
 *
 * From 3.12 on an f-string's parts are tokens, and its fields are frames like brackets.
 * In 3.11 it is one token, which CPython takes apart when the strings beside it have been
 * read: here the same is done with a lexer of its own for each field. T-strings are
 * refused. Whatever CPython says about escapes is left to it: PC_TOKEN_ESCAPES. */

#include "lexer/acceptor_parts.h"

enum { REFUSED_FLAGS = PC_TOKEN_ESCAPES | PC_TOKEN_ODD | PC_TOKEN_TEMPLATE };

static void
took_string(struct pc_acceptor_frame *f, bool bytes)
{
    f->target = TARGET_NONE;
    f->element &= (uint16_t) ~(ELEMENT_IS | ELEMENT_BYTES);
    f->element |= ELEMENT_BEGUN | ELEMENT_STRING | (bytes ? ELEMENT_BYTES : 0);
    f->state = STATE_AFTER;
}

enum result
pc_acceptor_string(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    unsigned flags = word->token->flags;
    bool bytes = flags & PC_TOKEN_BYTES;
    bool beside = f->element & ELEMENT_STRING;
    if (flags & REFUSED_FLAGS || (bytes && flags & PC_TOKEN_NON_ASCII) ||
        (beside && bytes != !!(f->element & ELEMENT_BYTES))) {
        return REFUSED;
    }
    if (word->token->kind == PC_TOKEN_FSTRING_START) {
        f->element |= ELEMENT_BEGUN;
        f->element &= (uint16_t)~ELEMENT_IS;
        return pc_acceptor_push(a, FRAME_STRING, STATE_AFTER, 0) ? TAKEN : REFUSED;
    }
    if (flags & PC_TOKEN_FORMAT && !pc_acceptor_format(a, word)) {
        return REFUSED;
    }
    took_string(pc_acceptor_top(a), bytes);
    return TAKEN;
}

/* ---- fields */

static enum result
open_field(struct pc_acceptor *a)
{
    if (!pc_acceptor_push(a, FRAME_FIELD, STATE_EXPRESSION, ALLOW_COMMA)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->forbid |= FORBID_YIELD;
    return TAKEN;
}

static enum result
take_part(struct pc_acceptor *a, const struct pc_token *token)
{
    if (token->kind == PC_TOKEN_LBRACE) {
        return open_field(a);
    }
    bool text = token->kind == PC_TOKEN_FSTRING_MIDDLE;
    return text && !(token->flags & REFUSED_FLAGS) ? TAKEN : REFUSED;
}

enum result
pc_acceptor_string_part(struct pc_acceptor *a, const struct word *word)
{
    if (word->token->kind != PC_TOKEN_FSTRING_END) {
        return take_part(a, word->token);
    }
    if (word->token->flags & REFUSED_FLAGS) {
        return REFUSED;
    }
    pc_acceptor_close(a);
    took_string(pc_acceptor_top(a), false);
    return TAKEN;
}

/* After a field's expression, in the order in which these may come. */
static enum result
go_on(struct pc_acceptor *a, enum pc_token_kind kind, enum frame_state least)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum frame_state next = kind == PC_TOKEN_EQUAL         ? STATE_FIELD_EQUAL
                            : kind == PC_TOKEN_EXCLAMATION ? STATE_FIELD_BANG
                            : kind == PC_TOKEN_COLON       ? STATE_FIELD_FORMAT
                                                           : STATE_EXPRESSION;
    if (kind == (a->fields ? PC_TOKEN_RPAR : PC_TOKEN_RBRACE)) {
        return pc_acceptor_close(a);
    }
    if (next < least || a->fields) {
        return REFUSED;
    }
    f->state = (uint8_t)next;
    return TAKEN;
}

enum result
pc_acceptor_field_end(struct pc_acceptor *a, const struct word *word)
{
    if (word->token->kind == PC_TOKEN_COMMA) {
        pc_acceptor_end_element(pc_acceptor_top(a));
        return TAKEN;
    }
    return go_on(a, word->token->kind, STATE_FIELD_EQUAL);
}

/* The conversion must come right after the exclamation mark. */
static enum result
take_conversion(struct pc_acceptor *a, const struct word *word)
{
    const struct pc_token *token = word->token;
    if (token->kind != PC_TOKEN_NAME || token->length != 1 || token->offset != a->end ||
        !is_conversion(word->text[0])) {
        return REFUSED;
    }
    pc_acceptor_top(a)->state = STATE_FIELD_CONVERTED;
    return TAKEN;
}

enum result
pc_acceptor_field_state(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    switch (pc_acceptor_top(a)->state) {
    case STATE_FIELD_EQUAL:
        return go_on(a, kind, STATE_FIELD_BANG);
    case STATE_FIELD_BANG:
        return take_conversion(a, word);
    case STATE_FIELD_CONVERTED:
        return go_on(a, kind, STATE_FIELD_FORMAT);
    default:
        return kind == PC_TOKEN_RBRACE ? pc_acceptor_close(a)
                                       : take_part(a, word->token);
    }
}
