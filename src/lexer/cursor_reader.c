/* The reader of tokens for a cursor; see cursor_reader.h. A token moves the statement, if
 * it is at the outermost level, and then the chain of its own level. */
#include "lexer/cursor_reader.h"

#include <string.h>

static struct pc_span
span_of(const struct pc_token *token)
{
    return (struct pc_span){token->offset, token->offset + token->length};
}

static void
begin_statement(struct cursor_reader *r)
{
    r->statement = STATEMENT_START;
    r->compound = r->soft = false;
    r->module = (struct pc_span){0};
    r->dots = 0;
}

/* The level of an opening bracket; the outermost has none. */
static void
begin_level(struct level *level, enum level_role role, size_t start)
{
    memset(level, 0, sizeof *level);
    level->role = role;
    level->start = start;
}

void
pc_cursor_reader_init(struct cursor_reader *reader)
{
    begin_statement(reader);
    reader->last = (struct pc_token){.kind = PC_TOKEN_ENDMARKER};
    reader->string = 0;
    reader->depth = 0;
    begin_level(&reader->levels[0], ROLE_OUTERMOST, 0);
}

/* ---- statements */

static enum statement
statement_of(struct cursor_reader *r, const struct pc_token *token)
{
    switch (token->kind) {
    case PC_TOKEN_IMPORT:
        return STATEMENT_MODULES;
    case PC_TOKEN_FROM:
        return STATEMENT_FROM;
    case PC_TOKEN_DEF:
        r->compound = true;
        return STATEMENT_DEF;
    case PC_TOKEN_CLASS:
        r->compound = true;
        return STATEMENT_CLASS;
    case PC_TOKEN_ASYNC:
        return STATEMENT_START;
    case PC_TOKEN_NAME:
        r->soft = token->soft != PC_SOFT_NO && token->soft != PC_SOFT_UNDERSCORE;
        r->compound = token->soft == PC_SOFT_MATCH || token->soft == PC_SOFT_CASE;
        return token->soft == PC_SOFT_LAZY ? STATEMENT_START : STATEMENT_OTHER;
    case PC_TOKEN_ELIF:
    case PC_TOKEN_ELSE:
    case PC_TOKEN_EXCEPT:
    case PC_TOKEN_FINALLY:
    case PC_TOKEN_FOR:
    case PC_TOKEN_IF:
    case PC_TOKEN_TRY:
    case PC_TOKEN_WHILE:
    case PC_TOKEN_WITH:
        r->compound = true;
        return STATEMENT_OTHER;
    default:
        return STATEMENT_OTHER;
    }
}

/* A token of the path of an imported module. */
static void
read_path(struct cursor_reader *r, const struct pc_token *token)
{
    bool begun = !pc_span_is_empty(r->module);
    if (token->kind == PC_TOKEN_NAME) {
        size_t start = begun ? r->module.start : token->offset;
        r->module = (struct pc_span){start, token->offset + token->length};
    }
    else if (token->kind == PC_TOKEN_COMMA) {
        r->module = (struct pc_span){0};
    }
    else if (!begun) {
        r->dots += token->kind == PC_TOKEN_DOT        ? 1
                   : token->kind == PC_TOKEN_ELLIPSIS ? 3
                                                      : 0;
    }
}

static enum statement
statement_after(struct cursor_reader *r, const struct pc_token *token)
{
    bool comma = token->kind == PC_TOKEN_COMMA;
    bool as = token->kind == PC_TOKEN_AS;
    switch (r->statement) {
    case STATEMENT_START:
        return statement_of(r, token);
    case STATEMENT_MODULES:
    case STATEMENT_MODULE_AS:
        read_path(r, token);
        return as ? STATEMENT_MODULE_AS : comma ? STATEMENT_MODULES : r->statement;
    case STATEMENT_FROM:
        read_path(r, token);
        return token->kind == PC_TOKEN_IMPORT ? STATEMENT_NAMES : STATEMENT_FROM;
    case STATEMENT_NAMES:
    case STATEMENT_NAMES_AS:
        return as ? STATEMENT_NAMES_AS : comma ? STATEMENT_NAMES : r->statement;
    case STATEMENT_DEF:
    case STATEMENT_CLASS:
    case STATEMENT_OTHER:
        return r->statement;
    }
    return r->statement;
}

static bool
is_open_import(const struct cursor_reader *r)
{
    return r->depth == 1 &&
           (r->statement == STATEMENT_NAMES || r->statement == STATEMENT_NAMES_AS);
}

static void
move_statement(struct cursor_reader *r, const struct pc_token *token)
{
    r->soft = false;
    if (r->depth > 0 && !is_open_import(r)) {
        return;
    }
    bool header =
        token->kind == PC_TOKEN_COLON && r->compound && r->levels[0].lambdas == 0;
    if (token->kind == PC_TOKEN_SEMI || header) {
        begin_statement(r);
    }
    else {
        r->statement = statement_after(r, token);
    }
}

/* ---- brackets */

static enum level_role
role_of(const struct cursor_reader *r, enum pc_token_kind kind)
{
    const struct level *outer = &r->levels[r->depth];
    bool operand = pc_chain_is_operand(&outer->chain);
    switch (kind) {
    case PC_TOKEN_LPAR:
        if (r->depth == 0 && r->statement == STATEMENT_DEF) {
            return ROLE_PARAMETERS;
        }
        return operand && r->statement != STATEMENT_CLASS ? ROLE_CALL : ROLE_GROUP;
    case PC_TOKEN_LSQB:
        return operand ? ROLE_SUBSCRIPT : ROLE_LIST;
    default:
        return outer->literal ? ROLE_FIELD : ROLE_DICT;
    }
}

static void
open_bracket(struct cursor_reader *r, const struct pc_token *token)
{
    enum level_role role = role_of(r, (enum pc_token_kind)token->kind);
    if (r->depth < PC_LEXER_BRACKETS_MOST) {
        begin_level(&r->levels[++r->depth], role, token->offset);
    }
}

static bool
is_literal_key(const struct level *level)
{
    return level->chain.state == CHAIN_KNOWN && level->chain.literal &&
           level->tokens == (level->negative ? 2 : 1);
}

static bool
is_known_group(const struct level *level)
{
    return level->tokens == 0 || level->commas > 0 ||
           (level->chain.state == CHAIN_KNOWN &&
            level->chain.span.start == level->first);
}

static void
close_bracket(struct cursor_reader *r, const struct pc_token *token)
{
    if (r->depth == 0) {
        return;
    }
    const struct level *inner = &r->levels[r->depth--];
    struct chain *chain = &r->levels[r->depth].chain;
    bool known = inner->role == ROLE_LIST || inner->role == ROLE_DICT ||
                 (inner->role == ROLE_GROUP && is_known_group(inner));
    if (inner->role == ROLE_FIELD) {
        return;
    }
    if (inner->role == ROLE_SUBSCRIPT) {
        known = chain->state == CHAIN_KNOWN && is_literal_key(inner);
    }
    else {
        chain->span.start = inner->start;
    }
    chain->state = known ? CHAIN_KNOWN : CHAIN_OPAQUE;
    chain->literal = false;
    chain->span.end = token->offset + token->length;
}

/* ---- chains */

static void
begin_chain(struct chain *chain, const struct pc_token *token, bool known)
{
    *chain = (struct chain){
        .state = known ? CHAIN_KNOWN : CHAIN_OPAQUE,
        .literal = token->kind != PC_TOKEN_NAME,
        .span = span_of(token),
    };
}

static void
read_name(struct chain *chain, const struct pc_token *token)
{
    if (chain->state == CHAIN_KNOWN_DOT) {
        chain->state = CHAIN_KNOWN;
        chain->literal = false;
        chain->span.end = token->offset + token->length;
    }
    else if (chain->state == CHAIN_OPAQUE_DOT) {
        chain->state = CHAIN_OPAQUE;
    }
    else {
        begin_chain(chain, token, true);
    }
}

static void
read_comma(struct level *level)
{
    level->chain.state = CHAIN_NONE;
    if (level->lambdas == 0) {
        level->commas++;
        level->item = 0;
        level->value = false;
        level->argument = (struct pc_span){0};
    }
}

static void
read_colon(struct level *level)
{
    level->chain.state = CHAIN_NONE;
    level->value = true;
    if (level->lambdas > 0) {
        level->lambdas--;
    }
    else if (level->role == ROLE_FIELD) {
        level->literal = true; /* a format spec */
    }
}

/* An operator or keyword: behind it an expression begins. */
static void
read_other(struct cursor_reader *r, struct level *level, enum pc_token_kind kind)
{
    level->chain.state = CHAIN_NONE;
    switch (kind) {
    case PC_TOKEN_EQUAL:
        level->value = true;
        if (level->item == 2 && r->last.kind == PC_TOKEN_NAME) {
            level->argument = span_of(&r->last);
        }
        break;
    case PC_TOKEN_STAR:
    case PC_TOKEN_DOUBLESTAR:
        level->unpacked = level->unpacked || level->item == 1;
        break;
    case PC_TOKEN_MINUS:
        level->negative = level->tokens == 1;
        break;
    case PC_TOKEN_LAMBDA:
        level->lambdas++;
        break;
    default:
        break;
    }
}

static void
move_chain(struct cursor_reader *r, struct level *level, const struct pc_token *token)
{
    struct chain *chain = &level->chain;
    switch (token->kind) {
    case PC_TOKEN_NAME:
        read_name(chain, token);
        break;
    case PC_TOKEN_FALSE:
    case PC_TOKEN_NONE:
    case PC_TOKEN_TRUE:
    case PC_TOKEN_NUMBER:
    case PC_TOKEN_STRING:
        begin_chain(chain, token, true);
        break;
    case PC_TOKEN_ELLIPSIS:
        begin_chain(chain, token, false);
        break;
    case PC_TOKEN_FSTRING_START:
    case PC_TOKEN_TSTRING_START:
        begin_chain(chain, token, token->kind == PC_TOKEN_FSTRING_START);
        chain->literal = false;
        level->literal = true;
        r->string = token->offset;
        break;
    case PC_TOKEN_FSTRING_MIDDLE:
    case PC_TOKEN_TSTRING_MIDDLE:
        break;
    case PC_TOKEN_FSTRING_END:
    case PC_TOKEN_TSTRING_END:
        chain->span.end = token->offset + token->length;
        level->literal = false;
        break;
    case PC_TOKEN_DOT:
        chain->state = chain->state == CHAIN_KNOWN ? CHAIN_KNOWN_DOT : CHAIN_OPAQUE_DOT;
        break;
    case PC_TOKEN_COMMA:
        read_comma(level);
        break;
    case PC_TOKEN_COLON:
        read_colon(level);
        break;
    default:
        read_other(r, level, (enum pc_token_kind)token->kind);
    }
}

/* ---- tokens */

static void
move_level(struct cursor_reader *r, const struct pc_token *token)
{
    struct level *level = &r->levels[r->depth];
    if (token->kind == PC_TOKEN_RPAR || token->kind == PC_TOKEN_RSQB ||
        token->kind == PC_TOKEN_RBRACE) {
        close_bracket(r, token);
        return;
    }
    level->first = level->tokens == 0 ? token->offset : level->first;
    level->tokens++;
    level->item++;
    if (token->kind == PC_TOKEN_LPAR || token->kind == PC_TOKEN_LSQB ||
        token->kind == PC_TOKEN_LBRACE) {
        open_bracket(r, token);
    }
    else {
        move_chain(r, level, token);
    }
}

void
pc_cursor_reader_take(void *ctx, const struct pc_token *token)
{
    struct cursor_reader *r = ctx;
    switch (token->kind) {
    case PC_TOKEN_COMMENT:
    case PC_TOKEN_NL:
    case PC_TOKEN_INDENT:
    case PC_TOKEN_DEDENT:
        return;
    case PC_TOKEN_NEWLINE:
    case PC_TOKEN_ENDMARKER:
        pc_cursor_reader_init(r);
        break;
    default:
        move_statement(r, token);
        move_level(r, token);
    }
    r->last = *token;
}
