/* See highlight.h. A line is lexed with its \n (the last one as if it had one), so that
 * what a line leaves open is nothing but strings, brackets, indentation and a backslash.
 * Tokens come when they are complete; a name that may be a soft keyword waits for the
 * token behind it.
 *
 * Invariant: states[0] to states[sure] are right. Those from `same` up to `known`, where
 * there are some, follow from each other for the text as it is, but whether the first of
 * them is right is not known: if it is, all are. */
#include "view/highlight.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <pyconsole/status.h>

#include "view/command_line.h"

/* The state at a line's start; shared. */
struct pc_line_state {
    size_t shares;
    struct pc_lexer_state lexer;
    uint8_t before; /* enum pc_token_kind of the last token that counts */
};

static struct pc_line_state *
share(struct pc_line_state *state)
{
    state->shares++;
    return state;
}

static void
drop(struct pc_line_state *state)
{
    if (state != NULL && --state->shares == 0) {
        free(state);
    }
}

/* ---- one line */

struct line {
    const char *text;
    size_t len;
    uint8_t *classes; /* NULL: only the state is wanted */
    const struct pc_lexer_state *lexer;
    enum pc_token_kind before;        /* the last token that counts */
    enum pc_soft_keyword before_soft; /* if it is a soft keyword by its name */
    struct pc_token waiting;          /* a soft keyword, if `soft` is set */
    enum pc_token_kind before_waiting;
    enum pc_soft_keyword before_waiting_soft;
};

static void
paint(struct line *line, const struct pc_token *token, enum pc_role class)
{
    size_t end = token->offset + token->length;
    end = end < line->len ? end : line->len;
    for (size_t i = token->offset; i < end; i++) {
        line->classes[i] = (uint8_t) class;
    }
}

/* Whether a statement can begin after a token. */
static bool
begins_statement(enum pc_token_kind before)
{
    return before == PC_TOKEN_ENDMARKER || before == PC_TOKEN_NEWLINE ||
           before == PC_TOKEN_INDENT || before == PC_TOKEN_DEDENT ||
           before == PC_TOKEN_COLON;
}

static bool
is_one_of(enum pc_token_kind kind, const uint8_t *kinds, size_t count)
{
    return memchr(kinds, kind, count) != NULL;
}

/* What may follow `match` and `case` where they are keywords; both lists begin with
 * what they share. */
static const uint8_t match_firsts[] = {
    PC_TOKEN_NAME,     PC_TOKEN_NUMBER, PC_TOKEN_STRING,        PC_TOKEN_FSTRING_START,
    PC_TOKEN_LPAR,     PC_TOKEN_STAR,   PC_TOKEN_TSTRING_START, PC_TOKEN_LSQB,
    PC_TOKEN_NONE,     PC_TOKEN_TRUE,   PC_TOKEN_FALSE,         PC_TOKEN_LBRACE,
    PC_TOKEN_NOT,      PC_TOKEN_AWAIT,  PC_TOKEN_LAMBDA,        PC_TOKEN_TILDE,
    PC_TOKEN_ELLIPSIS,
};
static const uint8_t case_firsts[] = {
    PC_TOKEN_NAME,  PC_TOKEN_NUMBER, PC_TOKEN_STRING,        PC_TOKEN_FSTRING_START,
    PC_TOKEN_LPAR,  PC_TOKEN_STAR,   PC_TOKEN_TSTRING_START, PC_TOKEN_LSQB,
    PC_TOKEN_NONE,  PC_TOKEN_TRUE,   PC_TOKEN_FALSE,         PC_TOKEN_LBRACE,
    PC_TOKEN_MINUS,
};

/* Whether the name that waits is a keyword, by the tokens around it. */
static bool
is_keyword_here(const struct line *line, enum pc_token_kind next)
{
    enum pc_token_kind before = line->before_waiting;
    bool begins = begins_statement(before);
    bool begins_simple = begins || before == PC_TOKEN_SEMI;
    switch ((enum pc_soft_keyword)line->waiting.soft) {
    case PC_SOFT_MATCH:
        return begins && is_one_of(next, match_firsts, sizeof match_firsts);
    case PC_SOFT_CASE:
        return begins && is_one_of(next, case_firsts, sizeof case_firsts);
    case PC_SOFT_TYPE:
        return begins_simple && next == PC_TOKEN_NAME &&
               line->lexer->version >= PC_PYTHON_3_12;
    case PC_SOFT_LAZY:
        return begins_simple && (next == PC_TOKEN_IMPORT || next == PC_TOKEN_FROM);
    case PC_SOFT_UNDERSCORE:
        return line->before_waiting_soft == PC_SOFT_CASE && next == PC_TOKEN_COLON;
    case PC_SOFT_NO:
        break;
    }
    return false;
}

static void
paint_name(struct line *line, const struct pc_token *token)
{
    enum pc_python_version version = (enum pc_python_version)line->lexer->version;
    if (line->before == PC_TOKEN_DEF || line->before == PC_TOKEN_CLASS) {
        paint(line, token, PC_ROLE_DEFINITION);
    }
    else if (line->before != PC_TOKEN_DOT &&
             pc_is_builtin(line->text + token->offset, token->length, version)) {
        paint(line, token, PC_ROLE_BUILTIN);
    }
    if (token->soft != PC_SOFT_NO && pc_lexer_depth(line->lexer) == 0) {
        line->waiting = *token;
        line->before_waiting = line->before;
        line->before_waiting_soft = line->before_soft;
    }
}

static enum pc_role
class_of_error(enum pc_token_reason reason)
{
    bool string = reason == PC_REASON_STRING || reason == PC_REASON_TRIPLE_STRING;
    return string ? PC_ROLE_STRING : PC_ROLE_ERROR;
}

static enum pc_role
class_of(const struct pc_token *token)
{
    enum pc_token_kind kind = (enum pc_token_kind)token->kind;
    switch (kind) {
    case PC_TOKEN_FALSE:
    case PC_TOKEN_NONE:
    case PC_TOKEN_TRUE:
        return PC_ROLE_KEYWORD_CONSTANT;
    case PC_TOKEN_NUMBER:
        return PC_ROLE_NUMBER;
    case PC_TOKEN_COMMENT:
        return PC_ROLE_COMMENT;
    case PC_TOKEN_ERROR:
        return class_of_error((enum pc_token_reason)token->reason);
    default:
        break;
    }
    return pc_token_is_keyword(kind)                                 ? PC_ROLE_KEYWORD
           : pc_token_is_operator(kind)                              ? PC_ROLE_OP
           : kind >= PC_TOKEN_STRING && kind <= PC_TOKEN_TSTRING_END ? PC_ROLE_STRING
                                                                     : PC_ROLE_TEXT;
}

/* The text of an f-string, with the second brace of a pair, which is in no token. */
static void
paint_literal(struct line *line, const struct pc_token *token)
{
    struct pc_token literal = *token;
    size_t end = token->offset + token->length;
    if (end > 0 && end < line->len && line->text[end] == line->text[end - 1] &&
        (line->text[end] == '{' || line->text[end] == '}')) {
        literal.length++;
    }
    paint(line, &literal, PC_ROLE_STRING);
}

static void
paint_token(struct line *line, const struct pc_token *token)
{
    if (is_keyword_here(line, (enum pc_token_kind)token->kind)) {
        paint(line, &line->waiting, PC_ROLE_SOFT_KEYWORD);
    }
    line->waiting.soft = PC_SOFT_NO;
    if (token->kind == PC_TOKEN_NAME) {
        paint_name(line, token);
    }
    else if (token->kind == PC_TOKEN_FSTRING_MIDDLE ||
             token->kind == PC_TOKEN_TSTRING_MIDDLE) {
        paint_literal(line, token);
    }
    else {
        paint(line, token, class_of(token));
    }
}

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct line *line = ctx;
    if (line->classes != NULL) {
        paint_token(line, token);
    }
    if (!pc_token_is_trivia((enum pc_token_kind)token->kind)) {
        line->before = (enum pc_token_kind)token->kind;
        line->before_soft = (enum pc_soft_keyword)token->soft;
    }
}

/* Reads Python from a state on, which becomes that behind it. */
static void
read_python(struct pc_line_state *state, const char *text, size_t len, uint8_t *classes)
{
    struct line line = {
        .text = text,
        .len = len,
        .classes = classes,
        .lexer = &state->lexer,
        .before = (enum pc_token_kind)state->before,
    };
    pc_lexer_rebase(&state->lexer);
    pc_lexer_feed(&state->lexer, line.text, line.len, take_token, &line);
    pc_lexer_feed(&state->lexer, "\n", 1, take_token, &line);
    if (classes != NULL && pc_lexer_in_string(&state->lexer)) {
        /* The string goes on: its token is not complete, but where it began is known. */
        struct pc_token token = {.offset = pc_lexer_string_offset(&state->lexer),
                                 .length = line.len};
        paint(&line, &token, PC_ROLE_STRING);
    }
    pc_lexer_rebase(&state->lexer);
    state->before = (uint8_t)line.before;
}

/* ---- commands */

/* Is it a line that a text begins with, but for commands? */
static bool
is_first(const struct pc_line_state *state)
{
    return state->before == PC_TOKEN_ENDMARKER && !pc_lexer_in_string(&state->lexer) &&
           pc_lexer_depth(&state->lexer) == 0;
}

/* What is behind it begins as if it were not there. */
static void
paint_command(const struct pc_line_state *state, const char *text, size_t len,
              const struct pc_command_line *command, uint8_t *classes)
{
    struct pc_line_state behind = *state;
    memset(classes, PC_ROLE_TEXT, len);
    memset(classes + command->start, PC_ROLE_COMMAND, command->end - command->start);
    if (command->python) {
        read_python(&behind, text + command->end, len - command->end,
                    classes + command->end);
    }
}

/* `obj?` and `obj??`. */
static void
paint_question(const char *text, size_t len, uint8_t *classes)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
        len--;
    }
    for (size_t i = len;
         i > 0 && len - i < 2 && text[i - 1] == '?' && classes[i - 1] == PC_ROLE_ERROR;
         i--) {
        classes[i - 1] = PC_ROLE_COMMAND;
    }
}

/* Reads a line from a state on, which becomes that of the next line's start. */
static void
read_line(const struct pc_highlight *highlight, struct pc_line_state *state,
          const struct pc_text *text, size_t number, uint8_t *classes)
{
    const char *line = text->bytes + text->starts[number];
    size_t len = pc_text_line_end(text, number) - text->starts[number];
    bool may_command = highlight->commands && is_first(state);
    struct pc_command_line command;
    if (may_command && pc_command_line_read(line, len, &command)) {
        if (classes != NULL) {
            paint_command(state, line, len, &command, classes);
        }
        return;
    }
    if (classes != NULL) {
        memset(classes, PC_ROLE_TEXT, len);
    }
    read_python(state, line, len, classes);
    if (classes != NULL && may_command) {
        paint_question(line, len, classes);
    }
}

/* ---- states */

static bool
same_state(const struct pc_line_state *a, const struct pc_line_state *b)
{
    return a != NULL && a->before == b->before &&
           pc_lexer_state_equal(&a->lexer, &b->lexer);
}

/* A share of a state that equals this one. NULL: no memory. */
static struct pc_line_state *
find_or_copy(struct pc_highlight *highlight, const struct pc_line_state *state)
{
    for (size_t i = 0; i < PC_HIGHLIGHT_RECENT; i++) {
        if (same_state(highlight->recent[i], state)) {
            return share(highlight->recent[i]);
        }
    }
    struct pc_line_state *copy = malloc(sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *state;
    copy->shares = 2;
    struct pc_line_state **slot = &highlight->recent[highlight->next_recent];
    highlight->next_recent = (highlight->next_recent + 1) % PC_HIGHLIGHT_RECENT;
    drop(*slot);
    *slot = copy;
    return copy;
}

/* Puts the state at the start of a line, which is not sure so far. */
static int
put_state(struct pc_highlight *highlight, size_t line,
          const struct pc_line_state *state)
{
    struct pc_line_state *found = find_or_copy(highlight, state);
    if (found == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    drop(highlight->states[line]);
    highlight->states[line] = found;
    highlight->sure = line;
    highlight->known = line < highlight->known ? highlight->known : line + 1;
    return PYCONSOLE_OK;
}

/* Makes the state of a line sure. */
static int
lex_up_to(struct pc_highlight *highlight, const struct pc_text *text, size_t line)
{
    if (highlight->sure >= line) {
        return PYCONSOLE_OK;
    }
    struct pc_line_state state = *highlight->states[highlight->sure];
    while (highlight->sure < line) {
        size_t next = highlight->sure + 1;
        read_line(highlight, &state, text, highlight->sure, NULL);
        if (next >= highlight->same && next < highlight->known &&
            same_state(highlight->states[next], &state)) {
            highlight->sure = highlight->known - 1;
            state = *highlight->states[highlight->sure];
            continue;
        }
        int status = put_state(highlight, next, &state);
        if (status < 0) {
            return status;
        }
    }
    return PYCONSOLE_OK;
}

static int
put_first_state(struct pc_highlight *highlight)
{
    struct pc_line_state first = {.before = PC_TOKEN_ENDMARKER};
    pc_lexer_init(&first.lexer, highlight->version);
    return put_state(highlight, 0, &first);
}

int
pc_highlight_init(struct pc_highlight *highlight, enum pc_python_version version,
                  bool commands)
{
    *highlight = (struct pc_highlight){.version = version, .commands = commands};
    highlight->states = calloc(1, sizeof(struct pc_line_state *));
    if (highlight->states == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    highlight->lines = highlight->cap = 1;
    int status = put_first_state(highlight);
    if (status < 0) {
        pc_highlight_fini(highlight);
    }
    return status;
}

void
pc_highlight_fini(struct pc_highlight *highlight)
{
    for (size_t i = 0; i < highlight->lines; i++) {
        drop(highlight->states[i]);
    }
    for (size_t i = 0; i < PC_HIGHLIGHT_RECENT; i++) {
        drop(highlight->recent[i]);
    }
    for (size_t i = 0; i < PC_HIGHLIGHT_LINES; i++) {
        drop(highlight->kept[i].state);
        pc_bytes_fini(&highlight->kept[i].bytes);
    }
    free(highlight->states);
    *highlight = (struct pc_highlight){0};
}

static int
make_room(struct pc_highlight *highlight, size_t lines)
{
    if (lines <= highlight->cap) {
        return PYCONSOLE_OK;
    }
    size_t cap = 2 * highlight->cap > lines ? 2 * highlight->cap : lines;
    struct pc_line_state **states =
        realloc(highlight->states, cap * sizeof(struct pc_line_state *));
    if (states == NULL) {
        return PYCONSOLE_ENOMEM;
    }
    highlight->states = states;
    highlight->cap = cap;
    return PYCONSOLE_OK;
}

/* Where what was before line `place` of the old text stands in the new one. */
static size_t
moved(const struct pc_text_change *change, size_t place)
{
    size_t old_end = change->line + change->removed;
    size_t new_end = change->line + change->added;
    return place > old_end ? place - old_end + new_end : new_end;
}

/* Lets the states go that the change made meaningless, and makes room for the new. */
static void
move_states(struct pc_highlight *highlight, const struct pc_text_change *change,
            size_t lines)
{
    size_t old_end = change->line + change->removed;
    size_t new_end = change->line + change->added;
    for (size_t i = change->line + 1; i < old_end; i++) {
        drop(highlight->states[i]);
    }
    memmove(highlight->states + new_end, highlight->states + old_end,
            (highlight->lines - old_end) * sizeof(struct pc_line_state *));
    for (size_t i = change->line + 1; i < new_end; i++) {
        highlight->states[i] = NULL;
    }
    for (size_t i = lines; i < highlight->lines; i++) {
        highlight->states[i] = NULL;
    }
    highlight->lines = lines;
}

int
pc_highlight_change(struct pc_highlight *highlight, const struct pc_text_change *change,
                    size_t lines)
{
    if (change->removed == 0 && change->added == 0) {
        return PYCONSOLE_OK;
    }
    assert(change->removed > 0 && change->added > 0 &&
           change->line + change->removed <= highlight->lines &&
           highlight->lines - change->removed == lines - change->added);
    int status = make_room(highlight, lines);
    if (status < 0) {
        return status;
    }
    /* Where the states after `sure` are of another text, those before say nothing about
     * them: only behind that place do all belong together. */
    size_t same = highlight->same;
    if (highlight->sure + 1 == highlight->known) {
        same = 0;
    }
    else if (same <= highlight->sure) {
        same = highlight->sure + 1;
    }
    highlight->same = moved(change, same);
    highlight->known = moved(change, highlight->known);
    move_states(highlight, change, lines);
    highlight->sure = highlight->sure < change->line ? highlight->sure : change->line;
    return PYCONSOLE_OK;
}

/* ---- classes */

static bool
fits(const struct pc_classes *kept, const struct pc_line_state *state, const char *line,
     size_t len)
{
    return kept->state == state && kept->bytes.len == 2 * len &&
           (len == 0 || memcmp(kept->bytes.data, line, len) == 0);
}

/* Paints the line in the place where its classes are kept. */
static int
paint_and_keep(struct pc_highlight *highlight, const struct pc_text *text, size_t line,
               struct pc_classes *ret_kept)
{
    const char *bytes = text->bytes + text->starts[line];
    size_t len = pc_text_line_end(text, line) - text->starts[line];
    struct pc_line_state state = *highlight->states[line];
    drop(ret_kept->state);
    ret_kept->state = NULL;
    pc_bytes_clear(&ret_kept->bytes);
    int status = pc_bytes_reserve(&ret_kept->bytes, 2 * len);
    if (status < 0) {
        return status;
    }
    pc_bytes_append(&ret_kept->bytes, bytes, len);
    read_line(highlight, &state, text, line, (uint8_t *)ret_kept->bytes.data + len);
    ret_kept->bytes.len = 2 * len;
    ret_kept->state = share(highlight->states[line]);
    ret_kept->serial = ++highlight->last_serial;
    return PYCONSOLE_OK;
}

const uint8_t *
pc_highlight_line(struct pc_highlight *highlight, const struct pc_text *text,
                  size_t line, uint64_t *ret_serial)
{
    assert(line < highlight->lines && highlight->lines == text->lines);
    if (lex_up_to(highlight, text, line) < 0) {
        return NULL;
    }
    const char *bytes = text->bytes + text->starts[line];
    size_t len = pc_text_line_end(text, line) - text->starts[line];
    struct pc_classes *kept = &highlight->kept[line % PC_HIGHLIGHT_LINES];
    if (!fits(kept, highlight->states[line], bytes, len) &&
        paint_and_keep(highlight, text, line, kept) < 0) {
        return NULL;
    }
    *ret_serial = kept->serial;
    return (const uint8_t *)pc_bytes_text(&kept->bytes) + len;
}
