/* Parameters, of functions and lambdas:
 *
 *     parameters   [positional ,] ... [/ ,] ... [* | *name ,] ... [**name] [,]
 *     each         name [: annotation] [= default]      no annotation in a lambda
 *
 * A parameter without default after one with is an error up to the star; after a bare
 * star a name must come; no name comes twice. Annotation and default are expressions of
 * the same frame. */
#include <string.h>

#include "lexer/acceptor_parts.h"

/* In a class `__x` is `_Class__x`, which another parameter may be called too. */
static bool
is_mangled(const struct pc_acceptor *a, const struct word *word)
{
    size_t len = word->token->length;
    return a->levels[a->level].flags & LEVEL_IN_CLASS && len > 2 &&
           memcmp(word->text, "__", 2) == 0 &&
           memcmp(word->text + len - 2, "__", 2) != 0;
}

static enum result
take_name(struct pc_acceptor *a, const struct word *word, unsigned flags)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (word->token->kind != PC_TOKEN_NAME || is_mangled(a, word) ||
        !pc_acceptor_hold(a, f->names, pc_acceptor_hash(word, 0))) {
        return REFUSED;
    }
    f->flags &= (uint16_t)~FLAG_BARE_STAR;
    f->flags |= (uint16_t)flags;
    f->state = STATE_PARAMETER_NAMED;
    return TAKEN;
}

/* The parameters end: those of a lambda are followed by its body. */
static enum result
close_parameters(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool lambda = f->kind == FRAME_LAMBDA;
    if (kind != (lambda ? PC_TOKEN_COLON : PC_TOKEN_RPAR) ||
        f->flags & FLAG_BARE_STAR) {
        return REFUSED;
    }
    if (!lambda) {
        return pc_acceptor_close(a);
    }
    pc_acceptor_pop(a);
    if (!pc_acceptor_push(a, FRAME_BODY, STATE_EXPRESSION, 0)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->forbid |= FORBID_YIELD | FORBID_AWAIT;
    return TAKEN;
}

/* Whether the current parameter may be as it is. */
static bool
end_parameter(struct pc_acceptor_frame *f)
{
    bool ordered = !(f->flags & (FLAG_STARRED_NAME | FLAG_VARIADIC));
    if (ordered && !(f->flags & FLAG_VALUE) && f->flags & FLAG_DEFAULTS) {
        return false;
    }
    if (f->flags & FLAG_VALUE) {
        f->flags |= FLAG_DEFAULTS;
    }
    f->count += f->count < UINT8_MAX;
    return true;
}

static enum result
separate(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (!end_parameter(f)) {
        return REFUSED;
    }
    if (kind != PC_TOKEN_COMMA) {
        return close_parameters(a, kind);
    }
    f->flags &= (uint16_t) ~(FLAG_COLON | FLAG_VALUE | FLAG_STARRED_NAME);
    pc_acceptor_next_element(f);
    f->state = STATE_PARAMETER;
    return TAKEN;
}

static enum result
begin_value(struct pc_acceptor_frame *f, enum frame_flag flag)
{
    if (flag == FLAG_VALUE && f->flags & (FLAG_VALUE | FLAG_STARRED_NAME)) {
        return REFUSED;
    }
    f->flags |= (uint16_t)flag;
    pc_acceptor_next_element(f);
    return TAKEN;
}

static enum result
take_star(struct pc_acceptor_frame *f, enum pc_token_kind kind)
{
    if (kind == PC_TOKEN_SLASH) {
        if (f->count == 0 || f->flags & (FLAG_SLASH | FLAG_VARIADIC)) {
            return REFUSED;
        }
        f->flags |= FLAG_SLASH;
        f->state = STATE_PARAMETER_ENDED;
        return TAKEN;
    }
    if (kind == PC_TOKEN_DOUBLESTAR) {
        f->flags |= FLAG_DOUBLE_STAR;
        f->state = STATE_PARAMETER_NAME;
        return f->flags & FLAG_BARE_STAR ? REFUSED : TAKEN;
    }
    if (f->flags & FLAG_VARIADIC) {
        return REFUSED;
    }
    f->flags |= FLAG_VARIADIC;
    f->state = STATE_PARAMETER_STAR;
    return TAKEN;
}

static enum result
begin_parameter(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_RPAR || kind == PC_TOKEN_COLON) {
        return close_parameters(a, kind);
    }
    if (f->flags & FLAG_DOUBLE_STAR) {
        return REFUSED;
    }
    if (kind == PC_TOKEN_STAR || kind == PC_TOKEN_DOUBLESTAR ||
        kind == PC_TOKEN_SLASH) {
        return take_star(f, kind);
    }
    return take_name(a, word, 0);
}

static enum result
after_star(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (word->token->kind != PC_TOKEN_COMMA) {
        return take_name(a, word, FLAG_STARRED_NAME);
    }
    f->flags |= FLAG_BARE_STAR;
    f->state = STATE_PARAMETER;
    return TAKEN;
}

static enum result
after_name(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (kind == PC_TOKEN_EQUAL) {
        return begin_value(f, FLAG_VALUE);
    }
    if (kind == PC_TOKEN_COLON && f->kind == FRAME_PARAMETERS) {
        return begin_value(f, FLAG_COLON);
    }
    return separate(a, kind);
}

static enum result
after_slash(struct pc_acceptor *a, enum pc_token_kind kind)
{
    if (kind != PC_TOKEN_COMMA) {
        return close_parameters(a, kind);
    }
    pc_acceptor_top(a)->state = STATE_PARAMETER;
    return TAKEN;
}

enum result
pc_acceptor_parameter(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    switch (pc_acceptor_top(a)->state) {
    case STATE_PARAMETER:
        return begin_parameter(a, word);
    case STATE_PARAMETER_STAR:
        return after_star(a, word);
    case STATE_PARAMETER_NAME:
        return take_name(a, word, FLAG_STARRED_NAME);
    case STATE_PARAMETER_NAMED:
        return after_name(a, kind);
    default:
        return after_slash(a, kind);
    }
}

/* After an annotation or a default. */
enum result
pc_acceptor_parameter_value(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_EQUAL) {
        return begin_value(pc_acceptor_top(a), FLAG_VALUE);
    }
    return separate(a, kind);
}
