#include "lexer/simple.h"

#include <string.h>

/* What a simple statement can begin with; a soft keyword may begin another one. */
static const uint8_t firsts[] = {
    PC_TOKEN_NAME,   PC_TOKEN_NUMBER,   PC_TOKEN_STRING,   PC_TOKEN_FSTRING_START,
    PC_TOKEN_LPAR,   PC_TOKEN_LSQB,     PC_TOKEN_LBRACE,   PC_TOKEN_TSTRING_START,
    PC_TOKEN_MINUS,  PC_TOKEN_PLUS,     PC_TOKEN_TILDE,    PC_TOKEN_STAR,
    PC_TOKEN_NOT,    PC_TOKEN_LAMBDA,   PC_TOKEN_AWAIT,    PC_TOKEN_YIELD,
    PC_TOKEN_NONE,   PC_TOKEN_TRUE,     PC_TOKEN_FALSE,    PC_TOKEN_ELLIPSIS,
    PC_TOKEN_IMPORT, PC_TOKEN_FROM,     PC_TOKEN_DEL,      PC_TOKEN_PASS,
    PC_TOKEN_ASSERT, PC_TOKEN_RAISE,    PC_TOKEN_RETURN,   PC_TOKEN_BREAK,
    PC_TOKEN_GLOBAL, PC_TOKEN_CONTINUE, PC_TOKEN_NONLOCAL,
};

struct reader {
    uint8_t last; /* enum pc_token_kind; ENDMARKER: there was none */
    bool doubtful;
};

static bool
may_begin(const struct pc_token *token)
{
    return token->soft == PC_SOFT_NO &&
           memchr(firsts, token->kind, sizeof firsts) != NULL;
}

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct reader *r = ctx;
    r->doubtful |= token->kind == PC_TOKEN_ERROR ||
                   token->kind == PC_TOKEN_EXCLAMATION ||
                   (token->flags & PC_TOKEN_ODD) != 0 ||
                   (token->kind == PC_TOKEN_PERCENT && r->last == PC_TOKEN_EQUAL) ||
                   (r->last == PC_TOKEN_ENDMARKER && !may_begin(token));
    r->last = token->kind;
}

bool
pc_is_simple_line(const char *text, size_t len, enum pc_python_version version)
{
    struct reader r = {.last = PC_TOKEN_ENDMARKER};
    struct pc_lexer_state state;
    pc_lexer_init(&state, version);
    pc_lexer_feed(&state, text, len, take_token, &r);
    pc_lexer_feed(&state, "\n", 1, take_token, &r);
    return !r.doubtful && r.last == PC_TOKEN_NEWLINE;
}
