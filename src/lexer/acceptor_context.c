/* What may follow an expression of a statement, by what it is for (enum context). */
#include "lexer/acceptor_parts.h"

enum { ALLOW_VALUE = ALLOW_COMMA | ALLOW_STAR | ALLOW_YIELD };

static bool
end(struct pc_acceptor *a, const struct word *word)
{
    a->stage = STAGE_END;
    return pc_acceptor_statement(a, word);
}

static bool
end_header(struct pc_acceptor *a, const struct word *word)
{
    a->stage = STAGE_COLON;
    return pc_acceptor_statement(a, word);
}

static bool
is_augmented(enum pc_token_kind kind)
{
    return kind >= PC_TOKEN_PLUSEQUAL && kind <= PC_TOKEN_RIGHTSHIFTEQUAL;
}

/* One target that is not a tuple: what may be annotated, or assigned with an operator. */
static bool
is_single(const struct pc_acceptor_frame *f)
{
    return f->stars == 0 && !(f->flags & (FLAG_COMMA | FLAG_YIELD)) &&
           f->target != TARGET_NONE && f->target != TARGET_TUPLE;
}

static bool
after_statement(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
                const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    bool global = pc_acceptor_scope(a)->seen & SEEN_GLOBAL;
    if (kind == PC_TOKEN_EQUAL) {
        return pc_acceptor_is_target(f) &&
               pc_acceptor_begin(a, CONTEXT_VALUE, ALLOW_VALUE);
    }
    if (is_augmented(kind)) {
        return is_single(f) && pc_acceptor_begin(a, CONTEXT_LAST_VALUE, ALLOW_VALUE);
    }
    if (kind == PC_TOKEN_COLON) {
        return is_single(f) && !(global && f->target == TARGET_NAME) &&
               pc_acceptor_begin(a, CONTEXT_ANNOTATION, 0);
    }
    return end(a, word);
}

static bool
after_return(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
             const struct word *word)
{
    struct pc_acceptor_level *scope = pc_acceptor_scope(a);
    if (f->count > 0 || f->element & ELEMENT_BEGUN) {
        if (scope->kind == CLAUSE_ASYNC_FUNCTION && scope->seen & SEEN_YIELD) {
            return false;
        }
        scope->seen |= SEEN_RETURN_VALUE;
    }
    return end(a, word);
}

static bool
after_raise(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
            const struct word *word)
{
    if (word->token->kind == PC_TOKEN_FROM) {
        return f->element & ELEMENT_BEGUN && pc_acceptor_begin(a, CONTEXT_CAUSE, 0);
    }
    return end(a, word);
}

static bool
after_with_item(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_AS && a->context == CONTEXT_WITH_ITEM) {
        return pc_acceptor_begin(a, CONTEXT_WITH_TARGET, 0);
    }
    if (kind == PC_TOKEN_COMMA) {
        a->items += a->items < UINT8_MAX;
        return pc_acceptor_begin(a, CONTEXT_WITH_ITEM, 0);
    }
    return end_header(a, word);
}

static bool
after_except(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
             const struct word *word)
{
    if (f->flags & FLAG_COMMA && !(f->element & ELEMENT_BEGUN)) {
        return false;
    }
    if (word->token->kind == PC_TOKEN_AS) {
        a->stage = STAGE_EXCEPT_NAME;
        return !(f->flags & FLAG_COMMA);
    }
    return end_header(a, word);
}

/* A guard makes a pattern that matches everything harmless. */
static bool
after_pattern(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
              const struct word *word)
{
    bool guard = word->token->kind == PC_TOKEN_IF;
    if (guard || f->flags & FLAG_COMMA || !(f->element & ELEMENT_IRREFUTABLE)) {
        a->levels[a->level].flags &= (uint8_t)~LEVEL_IRREFUTABLE;
    }
    return guard ? pc_acceptor_begin(a, CONTEXT_GUARD, ALLOW_WALRUS)
                 : end_header(a, word);
}

static bool
after_target(struct pc_acceptor *a, const struct pc_acceptor_frame *f,
             const struct word *word)
{
    if (a->context == CONTEXT_FOR_TARGET) {
        return word->token->kind == PC_TOKEN_IN &&
               pc_acceptor_begin(a, CONTEXT_FOR_ITERABLE, ALLOW_COMMA | ALLOW_STAR);
    }
    return f->stars == 0 && !(f->flags & FLAG_NESTED_STAR) && end(a, word);
}

bool
pc_acceptor_expression_ended(struct pc_acceptor *a, const struct word *word)
{
    const struct pc_acceptor_frame f = a->frames[0];
    enum pc_token_kind kind = word->token->kind;
    if (a->frame_count != 1 || (f.stars > 0 && !(f.flags & FLAG_COMMA))) {
        return false;
    }
    a->frame_count = 0;
    switch (a->context) {
    case CONTEXT_STATEMENT:
        return after_statement(a, &f, word);
    case CONTEXT_VALUE:
        return kind == PC_TOKEN_EQUAL ? after_statement(a, &f, word) : end(a, word);
    case CONTEXT_ANNOTATION:
        return kind == PC_TOKEN_EQUAL
                   ? pc_acceptor_begin(a, CONTEXT_LAST_VALUE, ALLOW_VALUE)
                   : end(a, word);
    case CONTEXT_RETURN:
        return after_return(a, &f, word);
    case CONTEXT_RAISE:
        return after_raise(a, &f, word);
    case CONTEXT_ASSERT:
        return kind == PC_TOKEN_COMMA ? pc_acceptor_begin(a, CONTEXT_MESSAGE, 0)
                                      : end(a, word);
    case CONTEXT_LAST_VALUE:
    case CONTEXT_CAUSE:
    case CONTEXT_MESSAGE:
        return end(a, word);
    case CONTEXT_DEL:
    case CONTEXT_FOR_TARGET:
        return after_target(a, &f, word);
    case CONTEXT_WITH_ITEM:
    case CONTEXT_WITH_TARGET:
        return after_with_item(a, word);
    case CONTEXT_EXCEPT:
        return after_except(a, &f, word);
    case CONTEXT_DECORATOR:
        a->stage = STAGE_LINE_END;
        return kind == PC_TOKEN_NEWLINE;
    case CONTEXT_PATTERN:
        return after_pattern(a, &f, word);
    default: /* what ends with a colon */
        return end_header(a, word);
    }
}
