/* Expressions: where an operand is expected, and what may follow one.
 *
 *     operand    NAME NUMBER STRING None True False ... ( [ { f"
 *                + - ~ not await lambda * ** yield, each where the state allows it
 *     after it   . ( [   a string beside a string
 *                arithmetic, comparisons, not in, is not, and, or
 *                if ... else, :=, for and if of comprehensions
 *                anything else separates: acceptor_bracket.c
 *
 * Operators need no stack: that a text is an expression does not depend on how they
 * group, but for what an operand may begin with (enum frame_state). */
#include "lexer/acceptor_parts.h"

enum { ALLOW_GROUP = ALLOW_COMMA | ALLOW_STAR | ALLOW_WALRUS | ALLOW_YIELD };

enum { ARITHMETIC = 1, COMPARISON, BOOLEAN };

static const uint8_t operators[PC_TOKEN_KINDS] = {
    [PC_TOKEN_PLUS] = ARITHMETIC,
    [PC_TOKEN_MINUS] = ARITHMETIC,
    [PC_TOKEN_STAR] = ARITHMETIC,
    [PC_TOKEN_DOUBLESTAR] = ARITHMETIC,
    [PC_TOKEN_SLASH] = ARITHMETIC,
    [PC_TOKEN_DOUBLESLASH] = ARITHMETIC,
    [PC_TOKEN_PERCENT] = ARITHMETIC,
    [PC_TOKEN_AT] = ARITHMETIC,
    [PC_TOKEN_VBAR] = ARITHMETIC,
    [PC_TOKEN_AMPER] = ARITHMETIC,
    [PC_TOKEN_CIRCUMFLEX] = ARITHMETIC,
    [PC_TOKEN_LEFTSHIFT] = ARITHMETIC,
    [PC_TOKEN_RIGHTSHIFT] = ARITHMETIC,
    [PC_TOKEN_LESS] = COMPARISON,
    [PC_TOKEN_GREATER] = COMPARISON,
    [PC_TOKEN_LESSEQUAL] = COMPARISON,
    [PC_TOKEN_GREATEREQUAL] = COMPARISON,
    [PC_TOKEN_EQEQUAL] = COMPARISON,
    [PC_TOKEN_NOTEQUAL] = COMPARISON,
    [PC_TOKEN_IN] = COMPARISON,
    [PC_TOKEN_IS] = COMPARISON,
    [PC_TOKEN_AND] = BOOLEAN,
    [PC_TOKEN_OR] = BOOLEAN,
};

/* ---- operands */

static enum result
take_atom(struct pc_acceptor_frame *f, enum target target)
{
    f->target = f->element & ELEMENT_IMPURE ? TARGET_NONE : target;
    f->element &= (uint16_t) ~(ELEMENT_STRING | ELEMENT_BYTES | ELEMENT_IS);
    f->element |= ELEMENT_BEGUN;
    f->state = STATE_AFTER;
    return TAKEN;
}

static enum result
take_number(struct pc_acceptor_frame *f, const struct pc_token *token)
{
    if (token->flags & PC_TOKEN_ODD || token->length > PC_ACCEPTOR_DIGITS_MOST) {
        return REFUSED;
    }
    return take_atom(f, TARGET_NONE);
}

static enum result
open_bracket(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool as = kind == PC_TOKEN_LPAR && f->kind == FRAME_EXPRESSION &&
              f->allow & ALLOW_AS && !(f->element & ELEMENT_BEGUN);
    f->element &= (uint16_t)~ELEMENT_IS;
    f->element |= ELEMENT_BEGUN;
    enum frame_kind inner = kind == PC_TOKEN_LPAR   ? FRAME_GROUP
                            : kind == PC_TOKEN_LSQB ? FRAME_LIST
                                                    : FRAME_BRACE;
    unsigned allow = ALLOW_GROUP | (as ? ALLOW_AS : 0u);
    if (inner != FRAME_GROUP) {
        allow &= (unsigned)~ALLOW_YIELD;
    }
    return pc_acceptor_push(a, inner, STATE_EXPRESSION, allow) ? TAKEN : REFUSED;
}

/* An operand's prefix: what follows it is expected in `state`. */
static enum result
take_prefix(struct pc_acceptor_frame *f, enum frame_state state)
{
    if (f->kind == FRAME_TARGET || !pc_acceptor_load(f)) {
        return REFUSED;
    }
    f->element &= (uint16_t)~ELEMENT_IS;
    f->element |= ELEMENT_BEGUN | ELEMENT_IMPURE;
    f->target = TARGET_NONE;
    f->state = state;
    return TAKEN;
}

static enum result
take_not(struct pc_acceptor_frame *f)
{
    if (f->element & ELEMENT_IS) {
        f->element &= (uint16_t)~ELEMENT_IS;
        return TAKEN;
    }
    if (f->state > STATE_DISJUNCTION || f->element & ELEMENT_BITWISE) {
        return REFUSED;
    }
    return take_prefix(f, STATE_DISJUNCTION);
}

static enum result
take_await(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->state == STATE_PRIMARY || f->forbid & FORBID_AWAIT ||
        pc_acceptor_scope(a)->kind != CLAUSE_ASYNC_FUNCTION) {
        return REFUSED;
    }
    f->flags |= FLAG_EFFECT;
    return take_prefix(f, STATE_PRIMARY);
}

static enum result
take_lambda(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->state != STATE_EXPRESSION || f->kind == FRAME_FIELD ||
        f->element & ELEMENT_BITWISE || take_prefix(f, STATE_AFTER) == REFUSED ||
        !pc_acceptor_push(a, FRAME_LAMBDA, STATE_PARAMETER, 0)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->forbid |= FORBID_ALL;
    return TAKEN;
}

static bool
is_fresh(const struct pc_acceptor_frame *f)
{
    return f->state == STATE_EXPRESSION && !(f->element & ELEMENT_BEGUN);
}

/* In a call, after * and ** comes any expression; elsewhere no more than a bitwise or. */
static enum result
take_star(struct pc_acceptor_frame *f)
{
    if (!is_fresh(f) || !(f->allow & ALLOW_STAR) || f->flags & FLAG_COLON ||
        (f->kind == FRAME_CALL && f->flags & FLAG_DOUBLE_STAR)) {
        return REFUSED;
    }
    f->stars += f->stars < UINT8_MAX;
    f->element |= ELEMENT_BEGUN | ELEMENT_STARRED;
    if (f->kind == FRAME_BRACE) {
        f->kind = FRAME_SET;
    }
    if (f->kind != FRAME_CALL) {
        f->element |= ELEMENT_BITWISE;
        f->state = STATE_ARITHMETIC;
    }
    return TAKEN;
}

static enum result
take_double_star(struct pc_acceptor_frame *f)
{
    if (!is_fresh(f)) {
        return REFUSED;
    }
    if (f->kind == FRAME_CALL) {
        f->flags |= FLAG_DOUBLE_STAR;
        f->element |= ELEMENT_BEGUN | ELEMENT_KEYWORD | ELEMENT_IMPURE;
        return TAKEN;
    }
    if (f->kind != FRAME_BRACE && (f->kind != FRAME_DICT || f->flags & FLAG_VALUE)) {
        return REFUSED;
    }
    f->kind = FRAME_DICT;
    f->allow = 0;
    f->flags |= FLAG_VALUE | FLAG_DOUBLE_STAR;
    f->element |= ELEMENT_BEGUN | ELEMENT_BITWISE | ELEMENT_IMPURE;
    f->state = STATE_ARITHMETIC;
    return TAKEN;
}

static enum result
take_yield(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    const struct pc_acceptor_level *scope = pc_acceptor_scope(a);
    bool async = scope->kind == CLAUSE_ASYNC_FUNCTION;
    if (!is_fresh(f) || !(f->allow & ALLOW_YIELD) || f->count > 0 ||
        f->forbid & FORBID_YIELD || f->flags & FLAG_YIELD ||
        (scope->kind != CLAUSE_FUNCTION && !async) ||
        (async && scope->seen & SEEN_RETURN_VALUE)) {
        return REFUSED;
    }
    f->flags |= FLAG_YIELD | FLAG_EFFECT;
    f->allow = ALLOW_COMMA | ALLOW_STAR | ALLOW_NOTHING;
    return TAKEN;
}

static enum result
take_yield_from(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (!is_fresh(f) || f->count > 0 || !(f->flags & FLAG_YIELD) ||
        f->flags & FLAG_YIELD_FROM || pc_acceptor_scope(a)->kind != CLAUSE_FUNCTION) {
        return REFUSED;
    }
    f->flags |= FLAG_YIELD_FROM;
    f->allow = 0;
    return TAKEN;
}

/* A call after name= or **: only name=, * and **. */
static bool
needs_keyword(const struct pc_acceptor_frame *f)
{
    return f->kind == FRAME_CALL && is_fresh(f) &&
           f->flags & (FLAG_KEYWORDS | FLAG_DOUBLE_STAR);
}

static enum result
take_operand(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    if (needs_keyword(f) && kind != PC_TOKEN_NAME && kind != PC_TOKEN_STAR &&
        kind != PC_TOKEN_DOUBLESTAR && kind != PC_TOKEN_RPAR) {
        return REFUSED;
    }
    switch (kind) {
    case PC_TOKEN_NAME:
        if (needs_keyword(f)) {
            f->element |= ELEMENT_MUST_KEYWORD;
        }
        a->name = pc_acceptor_hash(word, 0);
        return take_atom(f, TARGET_NAME);
    case PC_TOKEN_NUMBER:
        return take_number(f, word->token);
    case PC_TOKEN_NONE:
    case PC_TOKEN_TRUE:
    case PC_TOKEN_FALSE:
    case PC_TOKEN_ELLIPSIS:
        return take_atom(f, TARGET_NONE);
    case PC_TOKEN_STRING:
    case PC_TOKEN_FSTRING_START:
        return pc_acceptor_string(a, word);
    case PC_TOKEN_LPAR:
    case PC_TOKEN_LSQB:
    case PC_TOKEN_LBRACE:
        return open_bracket(a, kind);
    case PC_TOKEN_PLUS:
    case PC_TOKEN_MINUS:
    case PC_TOKEN_TILDE:
        return f->state == STATE_PRIMARY ? REFUSED : take_prefix(f, STATE_ARITHMETIC);
    case PC_TOKEN_NOT:
        return take_not(f);
    case PC_TOKEN_LAMBDA:
        return take_lambda(a);
    case PC_TOKEN_AWAIT:
        return take_await(a);
    case PC_TOKEN_STAR:
        return take_star(f);
    case PC_TOKEN_DOUBLESTAR:
        return take_double_star(f);
    case PC_TOKEN_YIELD:
        return take_yield(a);
    case PC_TOKEN_FROM:
        return take_yield_from(a);
    default:
        return is_fresh(f) ? pc_acceptor_nothing(a, word) : REFUSED;
    }
}

/* ---- after an operand */

static enum result
take_trailer(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (!pc_acceptor_load(f)) {
        return REFUSED;
    }
    f->element &= (uint16_t) ~(ELEMENT_STRING | ELEMENT_BYTES);
    if (kind == PC_TOKEN_DOT) {
        f->state = STATE_DOT;
        return TAKEN;
    }
    enum frame_kind inner = kind == PC_TOKEN_LPAR ? FRAME_CALL : FRAME_SUBSCRIPT;
    unsigned allow = ALLOW_STAR | ALLOW_WALRUS;
    return pc_acceptor_push(a, inner, STATE_EXPRESSION, allow) ? TAKEN : REFUSED;
}

static enum result
take_operator(struct pc_acceptor_frame *f, enum frame_state state)
{
    if (!pc_acceptor_load(f)) {
        return REFUSED;
    }
    f->element &= (uint16_t) ~(ELEMENT_STRING | ELEMENT_BYTES | ELEMENT_NOT);
    f->element |= ELEMENT_IMPURE;
    f->target = TARGET_NONE;
    f->state = state;
    return TAKEN;
}

/* Of a conditional expression, or of a comprehension. */
static enum result
take_if(struct pc_acceptor_frame *f)
{
    bool clause = f->flags & FLAG_COMPREHENSION;
    if (f->element & (ELEMENT_TERNARY | ELEMENT_BITWISE) || f->kind == FRAME_TARGET) {
        return REFUSED;
    }
    if (!clause) {
        f->element |= ELEMENT_TERNARY;
    }
    return take_operator(f, STATE_DISJUNCTION);
}

static enum result
take_else(struct pc_acceptor_frame *f)
{
    if (!(f->element & ELEMENT_TERNARY)) {
        return REFUSED;
    }
    f->element &= (uint16_t)~ELEMENT_TERNARY;
    return take_operator(f, STATE_EXPRESSION);
}

/* Only a bare name may stand before it: TARGET_NAME says so. */
static enum result
take_walrus(struct pc_acceptor_frame *f)
{
    if (f->target != TARGET_NAME || !(f->allow & ALLOW_WALRUS) ||
        f->forbid & FORBID_WALRUS || f->flags & (FLAG_COMPREHENSION | FLAG_COLON) ||
        f->element & (ELEMENT_STARRED | ELEMENT_KEYWORD)) {
        return REFUSED;
    }
    if (f->kind == FRAME_BRACE) {
        f->kind = FRAME_SET;
    }
    f->flags |= FLAG_EFFECT;
    f->element |= ELEMENT_WALRUS;
    return take_operator(f, STATE_EXPRESSION);
}

static enum result
take_comparison(struct pc_acceptor_frame *f, enum pc_token_kind kind)
{
    if (f->element & ELEMENT_BITWISE) {
        return REFUSED;
    }
    enum result result = take_operator(f, STATE_ARITHMETIC);
    if (result == TAKEN && kind == PC_TOKEN_IS) {
        f->element |= ELEMENT_IS;
    }
    return result;
}

/* The first half of `not in`. */
static enum result
take_not_in(struct pc_acceptor_frame *f)
{
    if (f->element & ELEMENT_BITWISE || f->kind == FRAME_TARGET) {
        return REFUSED;
    }
    f->element |= ELEMENT_NOT;
    return TAKEN;
}

static enum result
take_binary(struct pc_acceptor_frame *f, enum pc_token_kind kind)
{
    switch (operators[kind]) {
    case ARITHMETIC:
        return take_operator(f, STATE_ARITHMETIC);
    case COMPARISON:
        return take_comparison(f, kind);
    default:
        return f->element & ELEMENT_BITWISE ? REFUSED
                                            : take_operator(f, STATE_DISJUNCTION);
    }
}

static enum result
take_after(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    if ((f->element & ELEMENT_MUST_KEYWORD && kind != PC_TOKEN_EQUAL) ||
        (f->element & ELEMENT_NOT && kind != PC_TOKEN_IN)) {
        return REFUSED;
    }
    if (f->element & ELEMENT_CLOSED ||
        (f->kind == FRAME_TARGET && operators[kind] != 0)) {
        return pc_acceptor_separator(a, word);
    }
    if (operators[kind] != 0) {
        return take_binary(f, kind);
    }
    switch (kind) {
    case PC_TOKEN_DOT:
    case PC_TOKEN_LPAR:
    case PC_TOKEN_LSQB:
        return take_trailer(a, kind);
    case PC_TOKEN_STRING:
    case PC_TOKEN_FSTRING_START:
        return f->element & ELEMENT_STRING ? pc_acceptor_string(a, word) : REFUSED;
    case PC_TOKEN_NOT:
        return take_not_in(f);
    case PC_TOKEN_IF:
        return take_if(f);
    case PC_TOKEN_ELSE:
        return take_else(f);
    case PC_TOKEN_COLONEQUAL:
        return take_walrus(f);
    default:
        return pc_acceptor_separator(a, word);
    }
}

static enum result
take_attribute(struct pc_acceptor_frame *f, enum pc_token_kind kind)
{
    return kind == PC_TOKEN_NAME ? take_atom(f, TARGET_PLACE) : REFUSED;
}

enum result
pc_acceptor_expression(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->kind >= FRAME_PATTERN) {
        return pc_acceptor_pattern(a, word);
    }
    if (f->kind == FRAME_STRING) {
        return pc_acceptor_string_part(a, word);
    }
    switch (f->state) {
    case STATE_EXPRESSION:
    case STATE_DISJUNCTION:
    case STATE_ARITHMETIC:
    case STATE_PRIMARY:
        return take_operand(a, word);
    case STATE_AFTER:
        return take_after(a, word);
    case STATE_DOT:
        return take_attribute(f, word->token->kind);
    default:
        return f->kind == FRAME_FIELD ? pc_acceptor_field_state(a, word)
                                      : pc_acceptor_parameter(a, word);
    }
}
