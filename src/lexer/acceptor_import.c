/* Import statements:
 *
 *     import NAME[.NAME]... [as NAME], ...
 *     from [.]... NAME[.NAME]... import NAME [as NAME], ...
 *     from ... import ( NAME [as NAME], ... [,] )
 *
 * `import *` is refused; after `from __future__` nothing is sure any more. */
#include "lexer/acceptor_parts.h"

static bool
go(struct pc_acceptor *a, bool may, enum stage stage)
{
    a->stage = (uint8_t)stage;
    return may;
}

static bool
end(struct pc_acceptor *a, const struct word *word)
{
    a->stage = STAGE_END;
    return pc_acceptor_statement(a, word);
}

/* After a name: . as , or the end. */
static bool
after_module(struct pc_acceptor *a, const struct word *word)
{
    switch (word->token->kind) {
    case PC_TOKEN_DOT:
        return go(a, true, STAGE_IMPORT_DOT);
    case PC_TOKEN_AS:
        return go(a, true, STAGE_IMPORT_AS);
    case PC_TOKEN_COMMA:
        return go(a, true, STAGE_IMPORT);
    default:
        return end(a, word);
    }
}

static bool
after_import_as(struct pc_acceptor *a, const struct word *word)
{
    return word->token->kind == PC_TOKEN_COMMA ? go(a, true, STAGE_IMPORT)
                                               : end(a, word);
}

static bool
from_module(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    bool dots = a->stage == STAGE_FROM_DOTS;
    if (kind == PC_TOKEN_DOT || kind == PC_TOKEN_ELLIPSIS) {
        return go(a, true, STAGE_FROM_DOTS);
    }
    if (kind == PC_TOKEN_IMPORT) {
        return go(a, dots, STAGE_FROM_IMPORT);
    }
    return go(a, kind == PC_TOKEN_NAME, STAGE_FROM_NAMED);
}

static bool
from_open(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    switch (a->stage) {
    case STAGE_FROM_OPEN_NAMED:
        if (kind == PC_TOKEN_AS) {
            return go(a, true, STAGE_FROM_OPEN_AS);
        }
        __attribute__((fallthrough));
    case STAGE_FROM_OPEN_AFTER:
        return kind == PC_TOKEN_COMMA ? go(a, true, STAGE_FROM_OPEN_NAME)
                                      : go(a, kind == PC_TOKEN_RPAR, STAGE_END);
    case STAGE_FROM_OPEN_AS:
        return go(a, kind == PC_TOKEN_NAME, STAGE_FROM_OPEN_AFTER);
    default:
        if (kind == PC_TOKEN_RPAR && a->last == PC_TOKEN_COMMA) {
            return go(a, true, STAGE_END);
        }
        return go(a, kind == PC_TOKEN_NAME, STAGE_FROM_OPEN_NAMED);
    }
}

static bool
after_from_name(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    if (kind == PC_TOKEN_COMMA) {
        return go(a, true, STAGE_FROM_NAME);
    }
    if (kind == PC_TOKEN_AS && a->stage == STAGE_FROM_NAMED_ONE) {
        return go(a, true, STAGE_FROM_AS);
    }
    return end(a, word);
}

static bool
after_from_module(struct pc_acceptor *a, enum pc_token_kind kind)
{
    return kind == PC_TOKEN_DOT ? go(a, true, STAGE_FROM_DOT)
                                : go(a, kind == PC_TOKEN_IMPORT, STAGE_FROM_IMPORT);
}

bool
pc_acceptor_import(struct pc_acceptor *a, const struct word *word)
{
    enum pc_token_kind kind = word->token->kind;
    bool name = kind == PC_TOKEN_NAME;
    switch (a->stage) {
    case STAGE_IMPORT:
    case STAGE_IMPORT_DOT:
        return go(a, name, STAGE_IMPORT_NAMED);
    case STAGE_IMPORT_NAMED:
        return after_module(a, word);
    case STAGE_IMPORT_AS:
        return go(a, name, STAGE_IMPORT_AFTER);
    case STAGE_IMPORT_AFTER:
        return after_import_as(a, word);
    case STAGE_FROM:
    case STAGE_FROM_DOTS:
        return from_module(a, word);
    case STAGE_FROM_DOT:
        return go(a, name, STAGE_FROM_NAMED);
    case STAGE_FROM_NAMED:
        return after_from_module(a, kind);
    case STAGE_FROM_IMPORT:
        return kind == PC_TOKEN_LPAR ? go(a, true, STAGE_FROM_OPEN_NAME)
                                     : go(a, name, STAGE_FROM_NAMED_ONE);
    case STAGE_FROM_NAME:
        return go(a, name, STAGE_FROM_NAMED_ONE);
    case STAGE_FROM_NAMED_ONE:
    case STAGE_FROM_AFTER:
        return after_from_name(a, word);
    case STAGE_FROM_AS:
        return go(a, name, STAGE_FROM_AFTER);
    default:
        return from_open(a, word);
    }
}
