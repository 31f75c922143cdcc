/* The reader behind cursor.h: tokens in, and of them what the cursor needs to know.
 *
 * A chain is an expression of names, attributes, subscripts and literals:
 *
 *     NONE                     an expression may begin
 *     KNOWN, KNOWN_DOT         a chain, and a dot behind it
 *     OPAQUE, OPAQUE_DOT       something that would have to be called or computed
 *
 * A statement, at the outermost level:
 *
 *     START                    nothing but soft keywords so far
 *     MODULES, MODULE_AS       import a.b, c as d
 *     FROM                     from ..a.b
 *     NAMES, NAMES_AS          from m import (x, y as z)
 *     DEF, CLASS               def f, class A
 *     OTHER */
#ifndef PC_LEXER_CURSOR_READER_H
#define PC_LEXER_CURSOR_READER_H

#include "lexer/cursor.h"

enum chain_state {
    CHAIN_NONE,
    CHAIN_KNOWN,
    CHAIN_KNOWN_DOT,
    CHAIN_OPAQUE,
    CHAIN_OPAQUE_DOT,
};

struct chain {
    enum chain_state state;
    bool literal; /* one token that is a literal */
    struct pc_span span;
};

enum level_role {
    ROLE_OUTERMOST,
    ROLE_GROUP,      /* ( */
    ROLE_CALL,       /* ( behind an expression */
    ROLE_PARAMETERS, /* ( of a def */
    ROLE_LIST,       /* [ */
    ROLE_SUBSCRIPT,  /* [ behind an expression */
    ROLE_DICT,       /* { */
    ROLE_FIELD,      /* { in an f-string */
};

struct level {
    enum level_role role;
    struct chain chain;
    size_t start;            /* offset: of the bracket */
    size_t first;            /* offset: of the first token */
    size_t tokens;           /* so far */
    size_t commas;           /* outside lambda's parameters */
    size_t item;             /* tokens since the last of them */
    size_t lambdas;          /* whose colon has not come */
    bool literal;            /* an f-string's text is open at this level */
    bool value;              /* of a parameter: behind = or : */
    bool negative;           /* the first token is a minus */
    bool unpacked;           /* a * came in front of an argument */
    struct pc_span argument; /* the name of name= */
};

enum statement {
    STATEMENT_START,
    STATEMENT_MODULES,
    STATEMENT_MODULE_AS,
    STATEMENT_FROM,
    STATEMENT_NAMES,
    STATEMENT_NAMES_AS,
    STATEMENT_DEF,
    STATEMENT_CLASS,
    STATEMENT_OTHER,
};

struct cursor_reader {
    enum statement statement;
    bool compound;         /* its colon begins another statement */
    bool soft;             /* the last token is a soft keyword that began it */
    struct pc_span module; /* of an import: the path that is being read */
    unsigned int dots;
    struct pc_token last; /* but trivia; ENDMARKER before the first */
    size_t string;        /* offset: where the f-string begun last begins */
    size_t depth;
    struct level levels[PC_LEXER_BRACKETS_MOST + 1];
};

/* At the beginning of a text. */
void pc_cursor_reader_init(struct cursor_reader *reader);

/* A pc_lexer_sink; ctx is the reader. */
void pc_cursor_reader_take(void *ctx, const struct pc_token *token);

static inline bool
pc_chain_is_operand(const struct chain *chain)
{
    return chain->state == CHAIN_KNOWN || chain->state == CHAIN_OPAQUE;
}

#endif
