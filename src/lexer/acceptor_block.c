/* Blocks: which clauses may follow which, and what holds inside them. */
#include "lexer/acceptor_parts.h"

enum {
    NESTED_TRY = 3, /* of CPython's 20 nested blocks, at most */
    NESTED_LOOP = 1,
};

struct pc_acceptor_level *
pc_acceptor_scope(struct pc_acceptor *a)
{
    return &a->levels[a->levels[a->level].scope];
}

static bool
is_function(enum clause clause)
{
    return clause == CLAUSE_FUNCTION || clause == CLAUSE_ASYNC_FUNCTION;
}

static unsigned
flags_inside(const struct pc_acceptor_level *outer, enum clause clause)
{
    unsigned flags = outer->flags & (unsigned)~LEVEL_IRREFUTABLE;
    if (is_function(clause) || clause == CLAUSE_CLASS) {
        flags &= LEVEL_IN_CLASS | LEVEL_PENDING;
    }
    switch (clause) {
    case CLAUSE_LOOP:
        return flags | LEVEL_LOOP;
    case CLAUSE_CLASS:
        return flags | LEVEL_IN_CLASS;
    case CLAUSE_EXCEPT_STAR:
        return (flags | LEVEL_EXCEPT_STAR) & (unsigned)~LEVEL_LOOP;
    case CLAUSE_TRY:
        return flags | LEVEL_PENDING;
    default:
        return flags;
    }
}

static unsigned
nested_inside(const struct pc_acceptor *a, enum clause clause)
{
    switch (clause) {
    case CLAUSE_LOOP:
        return NESTED_LOOP;
    case CLAUSE_TRY:
    case CLAUSE_EXCEPT:
    case CLAUSE_EXCEPT_BARE:
    case CLAUSE_EXCEPT_STAR:
    case CLAUSE_TRY_ELSE:
    case CLAUSE_FINALLY:
        return NESTED_TRY;
    case CLAUSE_WITH:
        return a->items;
    default:
        return 0;
    }
}

bool
pc_acceptor_enter(struct pc_acceptor *a)
{
    const struct pc_acceptor_level *outer = &a->levels[a->level];
    enum clause clause = a->clause;
    bool scope = is_function(clause) || clause == CLAUSE_CLASS;
    unsigned nested = scope ? 0 : outer->nested + nested_inside(a, clause);
    a->entered = true;
    if (a->level + 1 == PC_ACCEPTOR_LEVELS_MOST ||
        outer->load + 1 > PC_ACCEPTOR_CHAIN_MOST) {
        a->lost = true;
        return false;
    }
    a->levels[a->level + 1] = (struct pc_acceptor_level){
        .kind = (uint8_t)clause,
        .scope = scope ? (uint8_t)(a->level + 1) : outer->scope,
        .flags = (uint8_t)flags_inside(outer, clause),
        .nested = (uint8_t)(nested < UINT8_MAX ? nested : UINT8_MAX),
        .load = (uint8_t)(outer->load + 1),
    };
    a->level++;
    a->clause = CLAUSE_NONE;
    return nested <= PC_ACCEPTOR_NESTED_MOST;
}

bool
pc_acceptor_leave(struct pc_acceptor *a)
{
    if (a->level == 0) {
        a->lost = true;
        return false;
    }
    enum clause clause = a->levels[a->level].kind;
    a->level--;
    a->levels[a->level].last = (uint8_t)clause;
    return true;
}

static bool
is_handler(enum clause clause)
{
    return clause == CLAUSE_EXCEPT || clause == CLAUSE_EXCEPT_BARE ||
           clause == CLAUSE_EXCEPT_STAR;
}

/* The clause that begins with `kind` after `last`, or none. */
static enum clause
clause_after(enum clause last, enum pc_token_kind kind)
{
    switch (kind) {
    case PC_TOKEN_ELIF:
        return last == CLAUSE_IF ? CLAUSE_IF : CLAUSE_NONE;
    case PC_TOKEN_ELSE:
        return last == CLAUSE_IF     ? CLAUSE_ELSE
               : last == CLAUSE_LOOP ? CLAUSE_LOOP_ELSE
               : is_handler(last)    ? CLAUSE_TRY_ELSE
                                     : CLAUSE_NONE;
    case PC_TOKEN_EXCEPT:
        return last == CLAUSE_TRY || is_handler(last) ? CLAUSE_EXCEPT : CLAUSE_NONE;
    case PC_TOKEN_FINALLY:
        return last == CLAUSE_TRY || last == CLAUSE_TRY_ELSE || is_handler(last)
                   ? CLAUSE_FINALLY
                   : CLAUSE_NONE;
    default:
        return CLAUSE_NONE;
    }
}

bool
pc_acceptor_continues(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_level *level = &a->levels[a->level];
    a->clause = (uint8_t)clause_after(level->last, kind);
    if (a->clause == CLAUSE_NONE || a->entered || a->simple_only) {
        a->lost = true;
        return false;
    }
    a->previous = level->last;
    level->last = CLAUSE_NONE;
    if (kind == PC_TOKEN_ELIF) {
        level->load++;
    }
    return level->load <= PC_ACCEPTOR_CHAIN_MOST;
}
