/* The f-strings of 3.11, which are one token: their text taken apart, each field's
 * expression read by a lexer of its own. After CPython 3.11's Parser/string_parser.c
 * (fstring_find_literal, fstring_find_expr); what is unusual there is refused: escapes
 * beside braces, backslashes, comments and triple quotes in fields, doubled braces in
 * format specs, f-strings in f-strings. */
#include <string.h>

#include "lexer/acceptor_parts.h"

struct format {
    struct pc_acceptor *acceptor;
    const char *p;
    const char *end;
    bool raw;
};

struct field {
    struct pc_acceptor *acceptor;
    const char *text;
    bool refused;
};

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct field *field = ctx;
    if (field->refused || pc_token_is_trivia(token->kind)) {
        return;
    }
    struct word word = {
        .token = token,
        .text = field->text + token->offset - 1,
    };
    field->refused =
        token->kind == PC_TOKEN_ERROR ||
        (token->kind == PC_TOKEN_NAME && (token->flags & PC_TOKEN_NON_ASCII ||
                                          pc_acceptor_word_is(&word, "__debug__"))) ||
        pc_acceptor_expression(field->acceptor, &word) != TAKEN;
}

/* The expression as if in parentheses, as CPython reads it. */
static bool
read_expression(struct pc_acceptor *a, const char *text, size_t len)
{
    struct pc_lexer_state lexer;
    struct field field = {.acceptor = a, .text = text};
    size_t frames = a->frame_count;
    if (!pc_acceptor_push(a, FRAME_FIELD, STATE_EXPRESSION, ALLOW_COMMA)) {
        return false;
    }
    pc_acceptor_top(a)->forbid |= FORBID_YIELD;
    a->fields = true;
    pc_lexer_init(&lexer, PC_PYTHON_3_11);
    pc_lexer_feed(&lexer, "(", 1, NULL, NULL);
    pc_lexer_feed(&lexer, text, len, take_token, &field);
    pc_lexer_feed(&lexer, ")", 1, take_token, &field);
    a->fields = false;
    return !field.refused && a->frame_count == frames;
}

/* Where the quote that opens at `p` is closed, or NULL. */
static const char *
skip_quoted(const char *p, const char *end)
{
    if (end - p >= 3 && p[1] == *p && p[2] == *p) {
        return NULL;
    }
    const char *close = memchr(p + 1, *p, (size_t)(end - p - 1));
    if (close == NULL || memchr(p, '\\', (size_t)(close - p)) != NULL) {
        return NULL;
    }
    return close;
}

/* Where the expression that begins at `p` ends: before !, :, = or } outside brackets,
 * unless they are part of a comparison. NULL if that is not clear. */
static const char *
find_expression_end(const char *p, const char *end)
{
    int depth = 0;
    for (; p < end; p++) {
        bool twice = p + 1 < end && p[1] == '=' && strchr("!=<>", *p) != NULL;
        if (depth == 0 && twice && *p != '\0') {
            p++;
            continue;
        }
        if (depth == 0 && *p != '\0' && strchr("!:=}", *p) != NULL) {
            return p;
        }
        if (*p == '\'' || *p == '"') {
            p = skip_quoted(p, end);
        }
        else if (*p == '(' || *p == '[' || *p == '{') {
            depth++;
        }
        else if (*p == ')' || *p == ']' || *p == '}') {
            depth--;
        }
        if (p == NULL || depth < 0 || *p == '\\' || *p == '#') {
            return NULL;
        }
    }
    return NULL;
}

static bool
skip_conversion(struct format *format)
{
    if (format->end - format->p < 2 || !is_conversion(format->p[1])) {
        return false;
    }
    format->p += 2;
    return true;
}

static bool read_field(struct format *format, int depth);

static bool
read_spec(struct format *format, int depth)
{
    while (format->p < format->end && *format->p != '}') {
        if (*format->p == '\\') {
            return false;
        }
        if (*format->p == '{') {
            if (depth > 0 || !read_field(format, depth + 1)) {
                return false;
            }
            continue;
        }
        format->p++;
    }
    return true;
}

/* From its { to behind its }. */
static bool
read_field(struct format *format, int depth)
{
    const char *start = format->p + 1;
    const char *end = find_expression_end(start, format->end);
    if (end == NULL ||
        !read_expression(format->acceptor, start, (size_t)(end - start))) {
        return false;
    }
    format->p = end;
    if (*format->p == '=') {
        do {
            format->p++;
        } while (format->p < format->end && *format->p == ' ');
    }
    if (format->p < format->end && *format->p == '!' && !skip_conversion(format)) {
        return false;
    }
    if (format->p < format->end && *format->p == ':') {
        format->p++;
        if (!read_spec(format, depth)) {
            return false;
        }
    }
    return format->p < format->end && *format->p++ == '}';
}

static bool
read_text(struct format *format)
{
    while (format->p < format->end) {
        char byte = *format->p;
        bool doubled = format->p + 1 < format->end && format->p[1] == byte;
        if (byte == '{' && !doubled) {
            if (!read_field(format, 0)) {
                return false;
            }
            continue;
        }
        if (byte == '}' && !doubled) {
            return false;
        }
        bool escape = byte == '\\' && !format->raw;
        if (byte == '\\' && format->p + 1 < format->end &&
            strchr("{}N", format->p[1]) != NULL) {
            return false;
        }
        format->p += 1 + (escape || ((byte == '{' || byte == '}') && doubled));
    }
    return true;
}

bool
pc_acceptor_format(struct pc_acceptor *a, const struct word *word)
{
    if (a->fields || word->text == NULL) {
        return false;
    }
    size_t quotes = word->token->flags & PC_TOKEN_TRIPLE ? 3 : 1;
    const char *end = word->text + word->token->length - quotes;
    const char *start = word->text;
    while (*start != '\'' && *start != '"') {
        start++;
    }
    struct format format = {
        .acceptor = a,
        .p = start + quotes,
        .end = end,
        .raw = word->token->flags & PC_TOKEN_RAW,
    };
    return read_text(&format);
}
