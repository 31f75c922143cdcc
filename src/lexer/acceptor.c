/* The acceptor's lines: tokens to statements, and the answer after each line.
 *
 * Why it may be sure. CPython's parser is deterministic and reads tokens one by one; if it
 * fails after it asked for the end of the source, that is "incomplete input"
 * (_PyPegen_run_parser). Let the text be the beginning of one that parses. The parser sees
 * the same tokens up to the text's end, so it gets there. Then the text is incomplete, or
 * it is complete. With a line end behind it, it is
 *
 *   (A) never complete inside a bracket, a triple-quoted string, after a backslash, a
 *       header's colon or a decorator, or inside a try that has no handler yet. So there it
 *       is enough that the grammar allows the text, and that nothing raises on the way:
 *       neither the tokenizer nor the parser's actions (strings, numbers).
 *   (B) complete after a statement of a block. Then the compiler goes on, and what it
 *       refuses is an error at once. So there what was read must compile as well: what
 *       may not is refused where it stands, or leaves a `doubt` until CPython was asked
 *       at such a place.
 *
 * A line that is not understood (`dead`) is asked, and so are all until the logical line's
 * end. If CPython finds the text incomplete there, its parser took the line for what
 * its first word and its last colon say, and the levels go on from that
 * (pc_acceptor_resume). Where that cannot be said, the structure is `lost`.
 *
 * What it leaves out: the first of two statements at the top, which is an error in
 * "single" mode anyway; blank lines, which may end everything. */
#include <string.h>

#include "lexer/acceptor_parts.h"

struct line {
    struct pc_acceptor *acceptor;
    const char *text;
    size_t start; /* offset */
    size_t len;
};

static const char *const missing_words[] = {
#define WORD(name, word) word,
    PC_MISSING_REASONS(WORD)
#undef WORD
};

enum { MISSING_COUNT = sizeof missing_words / sizeof *missing_words };

const char *
pc_missing_word(enum pc_missing missing)
{
    return (unsigned)missing < MISSING_COUNT ? missing_words[missing] : "?";
}

void
pc_acceptor_init(struct pc_acceptor *acceptor, enum pc_python_version version)
{
    memset(acceptor, 0, sizeof *acceptor);
    pc_lexer_init(&acceptor->lexer, version);
}

/* ---- logical lines */

/* What the line that ended was, understood or not, by its first word and last colon. */
static void
end_logical_line(struct pc_acceptor *a)
{
    bool header = a->last == PC_TOKEN_COLON;
    struct pc_acceptor_level *level = &a->levels[a->level];
    if (a->dead && header && !a->entered) {
        if (a->clause == CLAUSE_NONE && a->matched) {
            a->clause = CLAUSE_MATCH;
        }
        a->lost |= a->clause == CLAUSE_NONE || a->clause == CLAUSE_DECORATOR;
        pc_acceptor_enter(a);
    }
    else if (a->entered && !header) {
        pc_acceptor_leave(a);
    }
    else if (a->clause == CLAUSE_DECORATOR || (a->dead && !a->entered)) {
        level->last = a->clause;
    }
    a->stage = header && a->entered ? STAGE_INDENT : STAGE_START;
    a->entered = a->simple_only = a->matched = a->decorated = a->begun = false;
    a->clause = CLAUSE_NONE;
    a->frame_count = 0;
    a->name_count = 0;
    /* A simple statement at the top: nothing may follow. */
    a->lost |=
        a->level == 0 && a->stage == STAGE_START && a->levels[0].last == CLAUSE_NONE;
}

static void
take_newline(struct pc_acceptor *a, const struct word *word)
{
    if (!a->dead && !pc_acceptor_statement(a, word)) {
        a->dead = a->doubt = true;
    }
    end_logical_line(a);
}

static void
take_indent(struct pc_acceptor *a, enum pc_token_kind kind)
{
    if (kind == PC_TOKEN_DEDENT) {
        enum clause last = a->levels[a->level].last;
        a->lost |= a->stage == STAGE_INDENT || last == CLAUSE_TRY ||
                   last == CLAUSE_DECORATOR || !pc_acceptor_leave(a);
        return;
    }
    a->lost |= a->stage != STAGE_INDENT;
    a->stage = STAGE_START;
}

/* ---- tokens */

/* Whether the lexer may have read on in another way than CPython. */
static bool
is_astray(const struct pc_token *token)
{
    if (token->kind == PC_TOKEN_ERROR) {
        return true;
    }
    return token->flags & PC_TOKEN_ODD &&
           (token->kind == PC_TOKEN_COMMENT ||
            (token->kind >= PC_TOKEN_STRING && token->kind <= PC_TOKEN_TSTRING_END));
}

static bool
may_take(const struct word *word)
{
    const struct pc_token *token = word->token;
    if (token->kind == PC_TOKEN_NAME) {
        return !(token->flags & PC_TOKEN_NON_ASCII) &&
               !pc_acceptor_word_is(word, "__debug__");
    }
    return !(token->flags & PC_TOKEN_ODD);
}

/* What matters for later lines of the scope, whether the line is understood or not. */
static void
note(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_level *scope = pc_acceptor_scope(a);
    if (kind == PC_TOKEN_YIELD) {
        scope->seen |= SEEN_YIELD;
    }
    else if (kind == PC_TOKEN_RETURN && a->dead) {
        scope->seen |= SEEN_RETURN_VALUE;
    }
    else if (kind == PC_TOKEN_GLOBAL || kind == PC_TOKEN_NONLOCAL) {
        scope->seen |= SEEN_GLOBAL;
    }
}

static void
take_word(struct pc_acceptor *a, const struct word *word)
{
    a->tokens++;
    if (!a->begun) {
        a->begun = true;
        a->lost |= a->dead || a->stage == STAGE_INDENT;
    }
    if (a->last == PC_TOKEN_FROM && pc_acceptor_word_is(word, "__future__")) {
        a->lost = true; /* it may change what the lines below mean */
    }
    if (!a->dead && !a->lost && (!may_take(word) || !pc_acceptor_statement(a, word))) {
        a->dead = a->doubt = true;
    }
    note(a, word->token->kind);
    a->last = word->token->kind;
    a->end = word->token->offset + word->token->length;
}

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct line *line = ctx;
    struct pc_acceptor *a = line->acceptor;
    struct word word = {.token = token};
    a->lost |= is_astray(token);
    a->comment |= token->kind == PC_TOKEN_COMMENT;
    if (a->lost || pc_token_is_trivia(token->kind)) {
        return;
    }
    if (token->offset >= line->start) {
        word.text = line->text + (token->offset - line->start);
    }
    switch (token->kind) {
    case PC_TOKEN_NEWLINE:
        take_newline(a, &word);
        break;
    case PC_TOKEN_INDENT:
    case PC_TOKEN_DEDENT:
        take_indent(a, token->kind);
        break;
    default:
        take_word(a, &word);
    }
}

/* ---- answers */

static struct pc_answer
ask(void)
{
    return (struct pc_answer){.verdict = PC_ASK};
}

static struct pc_answer
surely(enum pc_missing missing)
{
    return (struct pc_answer){.verdict = PC_SURELY_INCOMPLETE, .missing = missing};
}

static bool
is_in_field(const struct pc_acceptor *a)
{
    for (size_t i = 0; i < a->frame_count; i++) {
        if (a->frames[i].kind == FRAME_FIELD) {
            return true;
        }
    }
    return false;
}

/* Inside a string. CPython 3.12 takes an open f-string for an error, and each version an
 * open string in a field that has the quotes of the f-string around. */
static struct pc_answer
answer_in_string(const struct pc_acceptor *a)
{
    uint16_t flags = 0;
    pc_lexer_string(&a->lexer, &flags);
    if (!(flags & PC_TOKEN_TRIPLE) || flags & PC_TOKEN_TEMPLATE || is_in_field(a) ||
        (flags & PC_TOKEN_FORMAT && a->lexer.version == PC_PYTHON_3_12)) {
        return ask();
    }
    return surely(PC_MISSING_STRING);
}

/* Whether a try without a handler makes it incomplete. */
static bool
is_pending(const struct pc_acceptor *a)
{
    const struct pc_acceptor_level *level = &a->levels[a->level];
    return level->flags & LEVEL_PENDING || level->last == CLAUSE_TRY;
}

/* Whether a line end makes it complete, at a logical line's end. */
static bool
is_whole(const struct pc_acceptor *a)
{
    return a->stage == STAGE_START && !is_pending(a) &&
           a->levels[a->level].last != CLAUSE_DECORATOR;
}

/* At a logical line's end. At the top only a header's own line may come without a
 * line end more; a comment below it has one. */
static struct pc_answer
answer_at_line_end(const struct pc_acceptor *a)
{
    const struct pc_acceptor_level *level = &a->levels[a->level];
    if (!a->started || (a->tokens == 0 && !a->comment)) {
        return ask();
    }
    if (a->stage == STAGE_INDENT) {
        return surely(PC_MISSING_BLOCK);
    }
    if (level->last == CLAUSE_DECORATOR) {
        return surely(PC_MISSING_DECORATED);
    }
    bool open = a->level > 0 || (level->last != CLAUSE_NONE && a->tokens > 0);
    if (!is_pending(a) && (!open || a->doubt)) {
        return ask();
    }
    return surely(level->last == CLAUSE_TRY ? PC_MISSING_HANDLER
                                            : PC_MISSING_BLOCK_END);
}

static struct pc_answer
answer(const struct pc_acceptor *a)
{
    if (a->lost || a->dead) {
        return ask();
    }
    if (pc_lexer_in_string(&a->lexer)) {
        return answer_in_string(a);
    }
    if (pc_lexer_is_continued(&a->lexer)) {
        return a->tokens > 0 ? surely(PC_MISSING_CONTINUATION) : ask();
    }
    if (pc_lexer_depth(&a->lexer) > 0) {
        struct pc_answer open = surely(PC_MISSING_BRACKET);
        open.bracket = pc_lexer_bracket(&a->lexer);
        return open;
    }
    return a->begun ? ask() : answer_at_line_end(a);
}

static size_t
last_line(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] != '\n' && text[len - 1] != '\r') {
        len--;
    }
    return len;
}

/* An escape for a surrogate: from 3.13 on it is an error in a docstring, one that only the
 * compiler finds. */
static bool
has_surrogate(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end && (text = memchr(text, '\\', (size_t)(end - text))) != NULL) {
        text++;
        size_t left = (size_t)(end - text);
        size_t digit = left > 0 && *text == 'U' ? 5 : 1;
        if (left > digit && (*text == 'u' || *text == 'U') &&
            (text[digit] == 'd' || text[digit] == 'D')) {
            return true;
        }
    }
    return false;
}

struct pc_answer
pc_acceptor_feed(struct pc_acceptor *acceptor, const char *text, size_t len)
{
    struct line line = {
        .acceptor = acceptor,
        .text = text,
        .start = acceptor->lexer.at.offset,
        .len = len,
    };
    size_t before = last_line(text, len);
    acceptor->doubt |= has_surrogate(text, len);
    acceptor->lost |= len > 0 && memchr(text, '\0', len) != NULL;
    pc_lexer_feed(&acceptor->lexer, text, before, take_token, &line);
    acceptor->tokens = 0;
    acceptor->comment = false;
    pc_lexer_feed(&acceptor->lexer, text + before, len - before, take_token, &line);
    pc_lexer_feed(&acceptor->lexer, "\n", 1, take_token, &line);
    return answer(acceptor);
}

/* What CPython found incomplete at a logical line's end is right so far by the grammar;
 * if it had to compile it to say so, it compiles. */
void
pc_acceptor_resume(struct pc_acceptor *acceptor)
{
    if (acceptor->begun || pc_lexer_depth(&acceptor->lexer) > 0) {
        return;
    }
    acceptor->dead = false;
    if (is_whole(acceptor)) {
        acceptor->doubt = false;
    }
}
