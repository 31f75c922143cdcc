/* What the next line of a command is for: tokens are read once, and kept of them are the
 * first and the last of the logical line, where each open bracket and each block began.
 * At the end the innermost thing that is open decides. */
#include "lexer/outlook.h"

#include <string.h>

enum { STEP_MOST = 16, LEVELS_MOST = PC_LEXER_INDENTS_MOST + 1 };

/* The blanks at the beginning of a line of the text. */
struct blanks {
    const char *start;
    size_t len;
};

struct open_bracket {
    size_t line_start; /* offset */
    size_t end;        /* offset: behind it */
    bool last;         /* nothing but comments follows in its line */
};

/* One logical line, by its outermost tokens. */
struct logical_line {
    enum pc_token_kind first;
    enum pc_token_kind last;
    struct blanks blanks;
};

struct reader {
    const char *text;
    size_t len;
    struct open_bracket brackets[PC_LEXER_BRACKETS_MOST];
    struct blanks levels[LEVELS_MOST];
    bool trying[LEVELS_MOST]; /* a try without a handler so far */
    size_t depth;             /* of the brackets; some beyond the cap are not kept */
    size_t line_depth;        /* at the start of the physical line */
    size_t closed_line;       /* offset: where the bracket closed last was opened */
    size_t level;
    struct blanks step;
    struct logical_line line; /* the one that is being read, or the last */
    size_t last_line;         /* offset: of the last physical line with tokens */
    bool begun;
    bool commented;
    bool blank; /* the last physical line has nothing, not even a comment */
};

static struct blanks
blanks_at(const struct reader *r, size_t line_start)
{
    struct blanks blanks = {.start = r->text + line_start};
    while (line_start + blanks.len < r->len &&
           (blanks.start[blanks.len] == ' ' || blanks.start[blanks.len] == '\t')) {
        blanks.len++;
    }
    return blanks;
}

/* ---- tokens */

static void
note_step(struct reader *r)
{
    struct blanks outer = r->levels[r->level - 1];
    struct blanks inner = r->levels[r->level];
    if (r->step.len == 0 && inner.len > outer.len &&
        inner.len - outer.len <= STEP_MOST &&
        memcmp(inner.start, outer.start, outer.len) == 0) {
        r->step.start = inner.start + outer.len;
        r->step.len = inner.len - outer.len;
    }
}

static void
begin_line(struct reader *r, const struct pc_token *token)
{
    r->begun = true;
    r->line.first = (enum pc_token_kind)token->kind;
    r->line.blanks = blanks_at(r, token->offset - token->column);
    r->levels[r->level] = r->line.blanks;
    if (r->level > 0) {
        note_step(r);
    }
    if (token->kind == PC_TOKEN_TRY) {
        r->trying[r->level] = true;
    }
    else if (token->kind == PC_TOKEN_EXCEPT || token->kind == PC_TOKEN_FINALLY) {
        r->trying[r->level] = false;
    }
}

static void
take_bracket(struct reader *r, const struct pc_token *token)
{
    enum pc_token_kind kind = (enum pc_token_kind)token->kind;
    if (kind == PC_TOKEN_LPAR || kind == PC_TOKEN_LSQB || kind == PC_TOKEN_LBRACE) {
        if (r->depth < PC_LEXER_BRACKETS_MOST) {
            r->brackets[r->depth] = (struct open_bracket){
                .line_start = token->offset - token->column,
                .end = token->offset + token->length,
                .last = true,
            };
        }
        r->depth++;
    }
    else if ((kind == PC_TOKEN_RPAR || kind == PC_TOKEN_RSQB ||
              kind == PC_TOKEN_RBRACE) &&
             r->depth > 0) {
        r->depth--;
        if (r->depth < PC_LEXER_BRACKETS_MOST) {
            r->closed_line = r->brackets[r->depth].line_start;
        }
    }
}

static void
take_word(struct reader *r, const struct pc_token *token)
{
    size_t line_start = token->offset - token->column;
    if (!r->begun) {
        begin_line(r, token);
    }
    if (line_start != r->last_line) {
        r->line_depth = r->depth;
    }
    if (r->depth > 0 && r->depth <= PC_LEXER_BRACKETS_MOST &&
        r->brackets[r->depth - 1].line_start == line_start) {
        r->brackets[r->depth - 1].last = false;
    }
    r->line.last = (enum pc_token_kind)token->kind;
    take_bracket(r, token);
    r->last_line = token->offset + token->length - token->end_column;
    if (r->last_line != line_start) {
        r->line_depth = r->depth;
    }
}

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct reader *r = ctx;
    switch (token->kind) {
    case PC_TOKEN_NL:
        r->blank = !r->begun && !r->commented;
        r->commented = false;
        break;
    case PC_TOKEN_COMMENT:
        r->commented = true;
        break;
    case PC_TOKEN_NEWLINE:
        r->begun = r->commented = r->blank = false;
        break;
    case PC_TOKEN_INDENT:
        if (r->level + 1 < LEVELS_MOST) {
            r->trying[++r->level] = false;
        }
        break;
    case PC_TOKEN_DEDENT:
        r->level -= r->level > 0;
        break;
    default:
        take_word(r, token);
    }
}

/* ---- the indentation */

/* `blanks` and then `more` (a step, or spaces). Beyond the cap: nothing. */
static void
offer(struct pc_outlook *outlook, struct blanks blanks, const char *more,
      size_t more_len)
{
    if (blanks.len + more_len > PC_OUTLOOK_INDENT_MOST) {
        return;
    }
    memcpy(outlook->indent, blanks.start, blanks.len);
    if (more != NULL) {
        memcpy(outlook->indent + blanks.len, more, more_len);
    }
    else {
        memset(outlook->indent + blanks.len, ' ', more_len);
    }
    outlook->indent[blanks.len + more_len] = '\0';
}

static void
offer_step(const struct reader *r, struct pc_outlook *outlook, struct blanks blanks)
{
    if (r->step.len > 0) {
        offer(outlook, blanks, r->step.start, r->step.len);
    }
    else if (blanks.len > 0 && blanks.start[blanks.len - 1] == '\t') {
        offer(outlook, blanks, "\t", 1);
    }
    else {
        offer(outlook, blanks, NULL, 4);
    }
}

static size_t
count_characters(const char *utf8, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        count += ((unsigned char)utf8[i] & 0xC0) != 0x80;
    }
    return count;
}

static void
offer_in_bracket(const struct reader *r, struct pc_outlook *outlook)
{
    const struct open_bracket *bracket = &r->brackets[r->depth - 1];
    struct blanks blanks = blanks_at(r, bracket->line_start);
    size_t last = r->line_depth > r->depth ? r->closed_line : r->last_line;
    if (r->line_depth >= r->depth && last != bracket->line_start) {
        offer(outlook, blanks_at(r, last), NULL, 0);
    }
    else if (bracket->last) {
        offer_step(r, outlook, blanks);
    }
    else {
        size_t indented = bracket->line_start + blanks.len;
        offer(outlook, blanks, NULL,
              count_characters(r->text + indented, bracket->end - indented));
    }
}

static void
offer_continuation(const struct reader *r, struct pc_outlook *outlook)
{
    struct blanks last = blanks_at(r, r->last_line);
    if (last.start == r->line.blanks.start) {
        offer_step(r, outlook, last);
    }
    else {
        offer(outlook, last, NULL, 0);
    }
}

static bool
ends_a_block(enum pc_token_kind kind)
{
    return kind == PC_TOKEN_RETURN || kind == PC_TOKEN_RAISE ||
           kind == PC_TOKEN_BREAK || kind == PC_TOKEN_CONTINUE || kind == PC_TOKEN_PASS;
}

static void
offer_in_block(const struct reader *r, struct pc_outlook *outlook)
{
    bool ends = r->level > 0 && ends_a_block(r->line.first);
    offer(outlook, ends ? r->levels[r->level - 1] : r->line.blanks, NULL, 0);
}

static void
offer_handler(const struct reader *r, struct pc_outlook *outlook)
{
    size_t level = r->level;
    while (level > 0 && !r->trying[level]) {
        level--;
    }
    offer(outlook, r->levels[level], NULL, 0);
}

/* ---- the whole */

static enum pc_missing
missing_after(const struct reader *r, const struct pc_lexer_state *lexer)
{
    if (pc_lexer_in_string(lexer)) {
        return PC_MISSING_STRING;
    }
    if (pc_lexer_is_continued(lexer)) {
        return PC_MISSING_CONTINUATION;
    }
    if (pc_lexer_depth(lexer) > 0) {
        return PC_MISSING_BRACKET;
    }
    if (r->line.last == PC_TOKEN_COLON) {
        return PC_MISSING_BLOCK;
    }
    if (r->line.first == PC_TOKEN_AT) {
        return PC_MISSING_DECORATED;
    }
    /* A blank line would have ended a block. */
    return r->line.first == PC_TOKEN_TRY || r->blank ? PC_MISSING_HANDLER
                                                     : PC_MISSING_BLOCK_END;
}

static void
fill_indent(const struct reader *r, struct pc_outlook *outlook)
{
    switch (outlook->missing) {
    case PC_MISSING_BRACKET:
        if (r->depth > 0 && r->depth <= PC_LEXER_BRACKETS_MOST) {
            offer_in_bracket(r, outlook);
        }
        break;
    case PC_MISSING_CONTINUATION:
        offer_continuation(r, outlook);
        break;
    case PC_MISSING_BLOCK:
        offer_step(r, outlook, r->line.blanks);
        break;
    case PC_MISSING_DECORATED:
        offer(outlook, r->line.blanks, NULL, 0);
        break;
    case PC_MISSING_HANDLER:
        offer_handler(r, outlook);
        break;
    case PC_MISSING_BLOCK_END:
        offer_in_block(r, outlook);
        break;
    case PC_MISSING_UNKNOWN:
    case PC_MISSING_STRING:
        break;
    }
}

struct pc_outlook
pc_outlook_of(const char *text, size_t len, enum pc_python_version version)
{
    struct reader reader = {.text = text, .len = len};
    reader.line.blanks = blanks_at(&reader, 0);
    reader.levels[0] = reader.line.blanks;
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, version);
    pc_lexer_feed(&lexer, text, len, take_token, &reader);
    pc_lexer_feed(&lexer, "\n", 1, take_token, &reader);
    struct pc_outlook outlook = {.missing = missing_after(&reader, &lexer)};
    if (outlook.missing == PC_MISSING_BRACKET) {
        outlook.bracket = pc_lexer_bracket(&lexer);
    }
    fill_indent(&reader, &outlook);
    return outlook;
}
