/* Statements: how each begins, and what stands between its expressions.
 *
 *     simple     pass break continue return raise assert del import from, expressions
 *     compound   if while for with try def class async @ and their clauses, match's case
 *     refused    global nonlocal type lazy, match (CPython is asked for its header)
 *
 * `stage` says what may come; while there are frames, it is theirs to say. */
#include "lexer/acceptor_parts.h"

enum { ALLOW_VALUE = ALLOW_COMMA | ALLOW_STAR | ALLOW_YIELD };

static bool
expect(struct pc_acceptor *a, enum stage stage)
{
    a->stage = (uint8_t)stage;
    return true;
}

/* ---- an expression of the statement */

static enum frame_kind
frame_of(enum context context)
{
    switch (context) {
    case CONTEXT_DEL:
    case CONTEXT_FOR_TARGET:
    case CONTEXT_WITH_TARGET:
        return FRAME_TARGET;
    case CONTEXT_PARAMETERS:
        return FRAME_PARAMETERS;
    case CONTEXT_BASES:
        return FRAME_CALL;
    case CONTEXT_PATTERN:
        return FRAME_PATTERN;
    default:
        return FRAME_EXPRESSION;
    }
}

static unsigned
forbidden_in(enum context context)
{
    switch (context) {
    case CONTEXT_ANNOTATION:
    case CONTEXT_RESULT:
    case CONTEXT_DECORATOR:
    case CONTEXT_PARAMETERS:
    case CONTEXT_BASES:
        return FORBID_ALL;
    default:
        return 0;
    }
}

bool
pc_acceptor_begin(struct pc_acceptor *a, enum context context, unsigned allow)
{
    enum frame_kind kind = frame_of(context);
    enum frame_state state = kind == FRAME_PARAMETERS ? STATE_PARAMETER
                             : kind == FRAME_PATTERN  ? STATE_PATTERN
                                                      : STATE_EXPRESSION;
    a->context = (uint8_t)context;
    a->stage = STAGE_EXPRESSION;
    a->frame_count = 0;
    a->name_count = 0;
    pc_acceptor_push(a, kind, state, allow);
    a->frames[0].forbid = (uint8_t)forbidden_in(context);
    if (context == CONTEXT_BASES) {
        a->frames[0].flags |= FLAG_CLASS;
    }
    a->serial = 4; /* patterns' brackets count from here */
    return true;
}

static bool
begin_with(struct pc_acceptor *a, enum context context, unsigned allow,
           const struct word *word)
{
    pc_acceptor_begin(a, context, allow);
    return pc_acceptor_statement(a, word);
}

/* ---- how statements begin */

static bool
start_return(struct pc_acceptor *a)
{
    enum clause scope = pc_acceptor_scope(a)->kind;
    bool function = scope == CLAUSE_FUNCTION || scope == CLAUSE_ASYNC_FUNCTION;
    pc_acceptor_begin(a, CONTEXT_RETURN, ALLOW_COMMA | ALLOW_STAR | ALLOW_NOTHING);
    return function && !(a->levels[a->level].flags & LEVEL_EXCEPT_STAR);
}

static bool
start_simple(struct pc_acceptor *a, const struct word *word)
{
    switch (word->token->kind) {
    case PC_TOKEN_PASS:
        return expect(a, STAGE_END);
    case PC_TOKEN_BREAK:
    case PC_TOKEN_CONTINUE:
        expect(a, STAGE_END);
        return a->levels[a->level].flags & LEVEL_LOOP;
    case PC_TOKEN_RETURN:
        return start_return(a);
    case PC_TOKEN_RAISE:
        return pc_acceptor_begin(a, CONTEXT_RAISE, ALLOW_NOTHING);
    case PC_TOKEN_ASSERT:
        return pc_acceptor_begin(a, CONTEXT_ASSERT, 0);
    case PC_TOKEN_DEL:
        return pc_acceptor_begin(a, CONTEXT_DEL, ALLOW_COMMA);
    case PC_TOKEN_IMPORT:
        return expect(a, STAGE_IMPORT);
    case PC_TOKEN_FROM:
        return expect(a, STAGE_FROM);
    case PC_TOKEN_GLOBAL:
    case PC_TOKEN_NONLOCAL:
        return false;
    default:
        return begin_with(a, CONTEXT_STATEMENT, ALLOW_VALUE, word);
    }
}

static bool
start_clause(struct pc_acceptor *a, enum clause clause)
{
    a->clause = (uint8_t)clause;
    return !a->entered && !a->simple_only;
}

static bool
start_compound(struct pc_acceptor *a, enum pc_token_kind kind)
{
    switch (kind) {
    case PC_TOKEN_IF:
        return start_clause(a, CLAUSE_IF) &&
               pc_acceptor_begin(a, CONTEXT_CONDITION, ALLOW_WALRUS);
    case PC_TOKEN_WHILE:
        return start_clause(a, CLAUSE_LOOP) &&
               pc_acceptor_begin(a, CONTEXT_CONDITION, ALLOW_WALRUS);
    case PC_TOKEN_FOR:
        return start_clause(a, CLAUSE_LOOP) &&
               pc_acceptor_begin(a, CONTEXT_FOR_TARGET, ALLOW_COMMA | ALLOW_STAR);
    case PC_TOKEN_WITH:
        a->items = 1;
        return start_clause(a, CLAUSE_WITH) &&
               pc_acceptor_begin(a, CONTEXT_WITH_ITEM, ALLOW_AS);
    case PC_TOKEN_TRY:
        return start_clause(a, CLAUSE_TRY) && expect(a, STAGE_COLON);
    case PC_TOKEN_DEF:
        return start_clause(a, CLAUSE_FUNCTION) && expect(a, STAGE_DEF);
    case PC_TOKEN_CLASS:
        return start_clause(a, CLAUSE_CLASS) && expect(a, STAGE_CLASS);
    case PC_TOKEN_ASYNC:
        return start_clause(a, CLAUSE_ASYNC_FUNCTION) && expect(a, STAGE_ASYNC);
    default:
        return start_clause(a, CLAUSE_DECORATOR) &&
               pc_acceptor_begin(a, CONTEXT_DECORATOR, 0);
    }
}

static bool
start_continuation(struct pc_acceptor *a, enum pc_token_kind kind)
{
    if (!pc_acceptor_continues(a, kind)) {
        return false;
    }
    switch (kind) {
    case PC_TOKEN_ELIF:
        return pc_acceptor_begin(a, CONTEXT_CONDITION, ALLOW_WALRUS);
    case PC_TOKEN_EXCEPT:
        return expect(a, STAGE_EXCEPT);
    default:
        return expect(a, STAGE_COLON);
    }
}

/* After a case that may match everything, another is an error once it is complete. */
static bool
start_case(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_level *level = &a->levels[a->level];
    if (word->token->soft != PC_SOFT_CASE) {
        a->lost = true;
        return false;
    }
    a->doubt |= (level->flags & LEVEL_IRREFUTABLE) != 0;
    level->flags |= LEVEL_IRREFUTABLE; /* until its pattern is known */
    a->clause = CLAUSE_CASE;
    return pc_acceptor_begin(a, CONTEXT_PATTERN, 0);
}

/* Whether a statement that begins with `kind` may come now. */
static bool
may_start(const struct pc_acceptor *a, enum pc_token_kind kind)
{
    const struct pc_acceptor_level *level = &a->levels[a->level];
    if (a->entered || a->simple_only) {
        return true;
    }
    if (level->last == CLAUSE_DECORATOR) {
        return kind == PC_TOKEN_AT || kind == PC_TOKEN_DEF || kind == PC_TOKEN_CLASS ||
               kind == PC_TOKEN_ASYNC;
    }
    return level->last != CLAUSE_TRY && (a->level > 0 || !a->started);
}

bool
pc_acceptor_start(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_level *level = &a->levels[a->level];
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_ELIF || kind == PC_TOKEN_ELSE || kind == PC_TOKEN_EXCEPT ||
        kind == PC_TOKEN_FINALLY) {
        return start_continuation(a, kind);
    }
    if (!may_start(a, kind)) {
        a->lost = true;
        return false;
    }
    if (!a->entered && !a->simple_only) {
        a->decorated = level->last == CLAUSE_DECORATOR;
        level->last = CLAUSE_NONE;
        a->started = true;
        a->matched = word->token->soft == PC_SOFT_MATCH;
    }
    if (level->kind == CLAUSE_MATCH) {
        return start_case(a, word);
    }
    switch (kind) {
    case PC_TOKEN_IF:
    case PC_TOKEN_WHILE:
    case PC_TOKEN_FOR:
    case PC_TOKEN_WITH:
    case PC_TOKEN_TRY:
    case PC_TOKEN_DEF:
    case PC_TOKEN_CLASS:
    case PC_TOKEN_ASYNC:
    case PC_TOKEN_AT:
        return start_compound(a, kind);
    default:
        return start_simple(a, word);
    }
}

/* ---- between expressions */

/* The colon of a header: what follows is in its block. */
static bool
take_colon(struct pc_acceptor *a, enum pc_token_kind kind)
{
    if (kind != PC_TOKEN_COLON) {
        return false;
    }
    a->stage = STAGE_AFTER_COLON;
    return pc_acceptor_enter(a);
}

static bool
take_async(struct pc_acceptor *a, enum pc_token_kind kind)
{
    bool async = pc_acceptor_scope(a)->kind == CLAUSE_ASYNC_FUNCTION;
    if (kind == PC_TOKEN_DEF) {
        return expect(a, STAGE_DEF);
    }
    if ((kind != PC_TOKEN_FOR && kind != PC_TOKEN_WITH) || a->decorated) {
        a->lost = true;
        return false;
    }
    return start_compound(a, kind) && async;
}

static bool
take_except(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_COLON) {
        a->clause = CLAUSE_EXCEPT_BARE;
    }
    else if (kind == PC_TOKEN_STAR) {
        a->clause = CLAUSE_EXCEPT_STAR;
    }
    a->doubt |= a->previous == CLAUSE_EXCEPT_BARE; /* it must be the last */
    if (a->previous == CLAUSE_EXCEPT_STAR || kind == PC_TOKEN_STAR) {
        return false;
    }
    if (kind == PC_TOKEN_COLON) {
        return take_colon(a, kind);
    }
    unsigned allow = a->lexer.version >= PC_PYTHON_3_14 ? ALLOW_COMMA : 0;
    return begin_with(a, CONTEXT_EXCEPT, allow, word);
}

static bool
take_after_parameters(struct pc_acceptor *a, enum pc_token_kind kind)
{
    return kind == PC_TOKEN_RARROW ? pc_acceptor_begin(a, CONTEXT_RESULT, 0)
                                   : take_colon(a, kind);
}

static bool
take_bases(struct pc_acceptor *a, enum pc_token_kind kind)
{
    return kind == PC_TOKEN_LPAR
               ? pc_acceptor_begin(a, CONTEXT_BASES, ALLOW_STAR | ALLOW_WALRUS)
               : take_colon(a, kind);
}

static bool
take_end(struct pc_acceptor *a, enum pc_token_kind kind)
{
    a->simple_only |= kind == PC_TOKEN_SEMI;
    a->stage = STAGE_START;
    return kind == PC_TOKEN_SEMI || kind == PC_TOKEN_NEWLINE;
}

static bool
take_stage(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    bool name = kind == PC_TOKEN_NAME;
    switch (a->stage) {
    case STAGE_START:
        return kind == PC_TOKEN_NEWLINE ? a->simple_only : pc_acceptor_start(a, word);
    case STAGE_AFTER_COLON:
        return kind == PC_TOKEN_NEWLINE ||
               (a->levels[a->level].kind != CLAUSE_MATCH && pc_acceptor_start(a, word));
    case STAGE_END:
        return take_end(a, kind);
    case STAGE_COLON:
        return take_colon(a, kind);
    case STAGE_ASYNC:
        return take_async(a, kind);
    case STAGE_DEF:
        return name && expect(a, STAGE_PARAMETERS);
    case STAGE_PARAMETERS:
        return kind == PC_TOKEN_LPAR && pc_acceptor_begin(a, CONTEXT_PARAMETERS, 0);
    case STAGE_AFTER_PARAMETERS:
        return take_after_parameters(a, kind);
    case STAGE_CLASS:
        return name && expect(a, STAGE_BASES);
    case STAGE_BASES:
        return take_bases(a, kind);
    case STAGE_EXCEPT:
        return take_except(a, word);
    case STAGE_EXCEPT_NAME:
        return name && expect(a, STAGE_COLON);
    default:
        return pc_acceptor_import(a, word);
    }
}

bool
pc_acceptor_statement(struct pc_acceptor *a, const struct word *word)
{
    if (a->frame_count == 0) {
        return take_stage(a, word);
    }
    switch (pc_acceptor_expression(a, word)) {
    case TAKEN:
        if (a->frame_count == 0) {
            a->stage =
                a->context == CONTEXT_PARAMETERS ? STAGE_AFTER_PARAMETERS : STAGE_COLON;
        }
        return true;
    case ENDS:
        return pc_acceptor_expression_ended(a, word);
    default:
        return false;
    }
}
