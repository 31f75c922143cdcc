/* What separates and what closes: commas, colons, equal signs, closing brackets, the
 * clauses of comprehensions, the end of a lambda.
 *
 * Each kind of frame has a function for the token after a whole element (separator), and
 * some kinds take one where an element might begin but does not (nothing): a closing
 * bracket after a trailing comma, a slice's empty half. */
#include "lexer/acceptor_parts.h"

static enum result
next_element(struct pc_acceptor_frame *f)
{
    pc_acceptor_end_element(f);
    return TAKEN;
}

/* ---- closing */

/* What a group or list is as a target; the frame is still there. */
static enum target
target_of(const struct pc_acceptor_frame *f)
{
    bool tuple =
        f->kind == FRAME_LIST || f->flags & FLAG_COMMA || !(f->element & ELEMENT_BEGUN);
    if ((f->kind != FRAME_GROUP && f->kind != FRAME_LIST) ||
        f->flags & (FLAG_YIELD | FLAG_COMPREHENSION)) {
        return TARGET_NONE;
    }
    if (tuple) {
        bool empty = f->count == 0 && !(f->element & ELEMENT_BEGUN);
        return empty || pc_acceptor_is_target(f) ? TARGET_TUPLE : TARGET_NONE;
    }
    return f->target == TARGET_NAME || f->target == TARGET_PLACE ? TARGET_GROUPED
                                                                 : f->target;
}

enum result
pc_acceptor_close(struct pc_acceptor *a)
{
    const struct pc_acceptor_frame inner = *pc_acceptor_top(a);
    enum target target =
        inner.kind == FRAME_SUBSCRIPT ? TARGET_PLACE : target_of(&inner);
    pc_acceptor_pop(a);
    if (a->frame_count == 0) { /* parameters or bases */
        return TAKEN;
    }
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    f->flags |= inner.flags & FLAG_EFFECT;
    if ((inner.kind == FRAME_GROUP || inner.kind == FRAME_LIST) &&
        (inner.stars > 0 || inner.flags & FLAG_NESTED_STAR)) {
        f->flags |= FLAG_NESTED_STAR;
    }
    if (f->kind == FRAME_FIELD && f->state == STATE_FIELD_FORMAT) {
        return TAKEN;
    }
    f->target = f->element & ELEMENT_IMPURE ? TARGET_NONE : target;
    f->state = STATE_AFTER;
    if (inner.kind == FRAME_WITH) {
        f->element |= ELEMENT_CLOSED;
        a->context = CONTEXT_WITH_GROUP;
    }
    return TAKEN;
}

/* ---- comprehensions */

static enum result
begin_clause(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->count > 0 || f->stars > 0 ||
        f->flags & (FLAG_EFFECT | FLAG_YIELD | FLAG_KEYWORDS | FLAG_CLASS) ||
        f->element & (ELEMENT_KEYWORD | ELEMENT_CLOSED)) {
        return REFUSED;
    }
    if (f->kind == FRAME_DICT &&
        (!(f->flags & FLAG_VALUE) || f->flags & FLAG_DOUBLE_STAR)) {
        return REFUSED;
    }
    if (f->kind == FRAME_BRACE) {
        f->kind = FRAME_SET;
    }
    f->flags |= FLAG_COMPREHENSION;
    f->forbid |= FORBID_ALL;
    f->element |= ELEMENT_IMPURE;
    f->target = TARGET_NONE;
    if (!pc_acceptor_load(f) || !pc_acceptor_push(a, FRAME_TARGET, STATE_EXPRESSION,
                                                  ALLOW_COMMA | ALLOW_STAR)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->flags |= FLAG_CLAUSE;
    return TAKEN;
}

/* After a target inside brackets: in, or what may follow with's `as`. */
static enum result
end_clause_target(struct pc_acceptor *a, const struct word *word)
{
    const struct pc_acceptor_frame target = *pc_acceptor_top(a);
    if (!pc_acceptor_is_target(&target)) {
        return REFUSED;
    }
    if (!(target.flags & FLAG_CLAUSE)) {
        return ENDS;
    }
    pc_acceptor_pop(a);
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->kind == FRAME_WITH) {
        f->state = STATE_AFTER;
        f->element |= ELEMENT_CLOSED;
        return pc_acceptor_expression(a, word);
    }
    f->state = STATE_DISJUNCTION;
    return word->token->kind == PC_TOKEN_IN ? TAKEN : REFUSED;
}

/* ---- after an element */

/* A group with nothing in it but plain expressions so far, right after `with`, holds
 * its items. */
static enum result
begin_with_target(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool plain = f->kind == FRAME_WITH ||
                 (f->allow & ALLOW_AS && f->stars == 0 &&
                  !(f->flags & (FLAG_YIELD | FLAG_COMPREHENSION | FLAG_EFFECT)));
    if (!plain || f->element & (ELEMENT_CLOSED | ELEMENT_WALRUS)) {
        return REFUSED;
    }
    f->kind = FRAME_WITH;
    f->allow = 0;
    if (!pc_acceptor_push(a, FRAME_TARGET, STATE_EXPRESSION, 0)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->flags |= FLAG_CLAUSE;
    return TAKEN;
}

static enum result
separate_group(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    switch (kind) {
    case PC_TOKEN_COMMA:
        return f->flags & (FLAG_COMPREHENSION | FLAG_YIELD_FROM) ? REFUSED
                                                                 : next_element(f);
    case PC_TOKEN_RPAR:
        if (f->stars > 0 && !(f->flags & FLAG_COMMA)) {
            return REFUSED;
        }
        a->items += f->kind == FRAME_WITH ? f->count : 0;
        return pc_acceptor_close(a);
    case PC_TOKEN_FOR:
        return f->kind == FRAME_GROUP ? begin_clause(a) : REFUSED;
    case PC_TOKEN_AS:
        return begin_with_target(a);
    default:
        return REFUSED;
    }
}

/* `name=`. Only a bare name may stand before it. */
static enum result
begin_keyword(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->target != TARGET_NAME || f->flags & FLAG_COMPREHENSION ||
        f->element & (ELEMENT_STARRED | ELEMENT_KEYWORD) ||
        !pc_acceptor_hold(a, f->names, a->name)) {
        return REFUSED;
    }
    f->flags |= FLAG_KEYWORDS;
    f->element |= ELEMENT_KEYWORD | ELEMENT_IMPURE;
    f->element &= (uint16_t)~ELEMENT_MUST_KEYWORD;
    f->target = TARGET_NONE;
    f->state = STATE_EXPRESSION;
    return TAKEN;
}

static enum result
separate_call(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    switch (kind) {
    case PC_TOKEN_COMMA:
        return f->flags & FLAG_COMPREHENSION ? REFUSED : next_element(f);
    case PC_TOKEN_RPAR:
        return pc_acceptor_close(a);
    case PC_TOKEN_EQUAL:
        return begin_keyword(a);
    case PC_TOKEN_FOR:
        return begin_clause(a);
    default:
        return REFUSED;
    }
}

static enum result
take_slice_colon(struct pc_acceptor_frame *f)
{
    if (f->flags & FLAG_COLONS || f->element & (ELEMENT_STARRED | ELEMENT_WALRUS)) {
        return REFUSED;
    }
    f->flags |= f->flags & FLAG_COLON ? FLAG_COLONS : FLAG_COLON;
    f->state = STATE_EXPRESSION;
    f->element = 0;
    f->load = f->load_base;
    return TAKEN;
}

static enum result
end_slice(struct pc_acceptor_frame *f)
{
    f->flags &= (uint16_t) ~(FLAG_COLON | FLAG_COLONS);
    return next_element(f);
}

static enum result
separate_subscript(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    switch (kind) {
    case PC_TOKEN_COLON:
        return take_slice_colon(f);
    case PC_TOKEN_COMMA:
        return end_slice(f);
    case PC_TOKEN_RSQB:
        return pc_acceptor_close(a);
    default:
        return REFUSED;
    }
}

static enum result
separate_list(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool closes = kind == (f->kind == FRAME_LIST ? PC_TOKEN_RSQB : PC_TOKEN_RBRACE);
    if (closes) {
        return pc_acceptor_close(a);
    }
    if (kind == PC_TOKEN_FOR) {
        return begin_clause(a);
    }
    return kind == PC_TOKEN_COMMA && !(f->flags & FLAG_COMPREHENSION) ? next_element(f)
                                                                      : REFUSED;
}

static enum result
begin_value(struct pc_acceptor_frame *f)
{
    if (f->flags & FLAG_VALUE ||
        f->element & (ELEMENT_STARRED | ELEMENT_WALRUS | ELEMENT_CLOSED)) {
        return REFUSED;
    }
    f->kind = FRAME_DICT;
    f->allow = 0;
    f->flags |= FLAG_VALUE;
    f->state = STATE_EXPRESSION;
    f->element = ELEMENT_BEGUN | ELEMENT_IMPURE;
    f->load = f->load_base;
    return TAKEN;
}

static enum result
separate_dict(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (kind == PC_TOKEN_COLON) {
        return begin_value(f);
    }
    if (f->kind == FRAME_BRACE) {
        f->kind = FRAME_SET;
        return separate_list(a, kind);
    }
    if (!(f->flags & FLAG_VALUE)) {
        return REFUSED;
    }
    if (kind == PC_TOKEN_COMMA && !(f->flags & FLAG_COMPREHENSION)) {
        f->flags &= (uint16_t) ~(FLAG_VALUE | FLAG_DOUBLE_STAR);
        return next_element(f);
    }
    return kind == PC_TOKEN_COMMA ? REFUSED : separate_list(a, kind);
}

static enum result
separate_statement(struct pc_acceptor_frame *f, enum pc_token_kind kind)
{
    if (kind == PC_TOKEN_COMMA && f->allow & ALLOW_COMMA) {
        return next_element(f);
    }
    return ENDS;
}

static enum result
separate_target(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (word->token->kind == PC_TOKEN_COMMA && f->allow & ALLOW_COMMA) {
        return f->target == TARGET_NONE ? REFUSED : next_element(f);
    }
    return end_clause_target(a, word);
}

/* The body ends with what cannot be in it; outside it the lambda is one operand. */
static enum result
end_lambda(struct pc_acceptor *a, const struct word *word)
{
    pc_acceptor_pop(a);
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    f->state = STATE_AFTER;
    f->target = TARGET_NONE;
    f->element |= ELEMENT_IMPURE | ELEMENT_BEGUN;
    f->element &= (uint16_t) ~(ELEMENT_STRING | ELEMENT_BYTES);
    return pc_acceptor_separator(a, word);
}

enum result
pc_acceptor_separator(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    if (f->element & (ELEMENT_TERNARY | ELEMENT_MUST_KEYWORD | ELEMENT_NOT) &&
        !(f->kind == FRAME_CALL && kind == PC_TOKEN_EQUAL)) {
        return REFUSED;
    }
    switch (f->kind) {
    case FRAME_EXPRESSION:
        return separate_statement(f, kind);
    case FRAME_TARGET:
        return separate_target(a, word);
    case FRAME_BODY:
        return end_lambda(a, word);
    case FRAME_GROUP:
    case FRAME_WITH:
        return separate_group(a, kind);
    case FRAME_CALL:
        return separate_call(a, kind);
    case FRAME_SUBSCRIPT:
        return separate_subscript(a, kind);
    case FRAME_LIST:
    case FRAME_SET:
        return separate_list(a, kind);
    case FRAME_BRACE:
    case FRAME_DICT:
        return separate_dict(a, kind);
    case FRAME_FIELD:
        return pc_acceptor_field_end(a, word);
    default:
        return pc_acceptor_parameter_value(a, word);
    }
}

/* ---- where an element might begin */

static enum result
close_empty(struct pc_acceptor *a, bool may)
{
    return may ? pc_acceptor_close(a) : REFUSED;
}

static enum result
no_slice(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (kind == PC_TOKEN_COLON) {
        return take_slice_colon(f);
    }
    if (kind == PC_TOKEN_COMMA && f->flags & FLAG_COLON) {
        return end_slice(f);
    }
    bool may = f->count > 0 || f->flags & FLAG_COLON;
    return close_empty(a, kind == PC_TOKEN_RSQB && may);
}

static enum result
no_statement(const struct pc_acceptor_frame *f)
{
    if (f->flags & FLAG_COMMA) {
        return ENDS;
    }
    return f->allow & ALLOW_NOTHING && f->count == 0 ? ENDS : REFUSED;
}

enum result
pc_acceptor_nothing(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    switch (f->kind) {
    case FRAME_EXPRESSION:
        return no_statement(f);
    case FRAME_TARGET:
        return f->flags & FLAG_COMMA ? end_clause_target(a, word) : REFUSED;
    case FRAME_GROUP:
    case FRAME_WITH:
        a->items += f->kind == FRAME_WITH ? f->count : 0;
        return close_empty(a, kind == PC_TOKEN_RPAR && !(f->flags & FLAG_YIELD_FROM));
    case FRAME_CALL:
        return close_empty(a, kind == PC_TOKEN_RPAR);
    case FRAME_SUBSCRIPT:
        return no_slice(a, kind);
    case FRAME_LIST:
        return close_empty(a, kind == PC_TOKEN_RSQB);
    case FRAME_SET:
    case FRAME_DICT:
    case FRAME_BRACE:
        return close_empty(a, kind == PC_TOKEN_RBRACE);
    default:
        return REFUSED;
    }
}
