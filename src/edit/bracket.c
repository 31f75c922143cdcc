/* Which brackets belong together, by the lexer's tokens: those in strings and comments are
 * none. The text is read only where a bracket is at the cursor. */
#include <string.h>

#include "edit/editor.h"

/* What a search looks for: the bracket at `target`, and its other half. */
struct search {
    size_t target;
    size_t open[PC_LEXER_BRACKETS_MOST]; /* offsets of the brackets open so far */
    size_t depth;                        /* some beyond the cap are not kept */
    size_t target_depth; /* 1 more than the depth around it; 0: not open */
    bool found;
    size_t found_open;
    size_t found_close;
};

static bool
is_opening(enum pc_token_kind kind)
{
    return kind == PC_TOKEN_LPAR || kind == PC_TOKEN_LSQB || kind == PC_TOKEN_LBRACE;
}

static bool
is_closing(enum pc_token_kind kind)
{
    return kind == PC_TOKEN_RPAR || kind == PC_TOKEN_RSQB || kind == PC_TOKEN_RBRACE;
}

static void
take_token(void *ctx, const struct pc_token *token)
{
    struct search *s = ctx;
    enum pc_token_kind kind = (enum pc_token_kind)token->kind;
    if (is_opening(kind)) {
        if (s->depth < PC_LEXER_BRACKETS_MOST) {
            s->open[s->depth] = token->offset;
        }
        s->depth++;
        if (token->offset == s->target) {
            s->target_depth = s->depth;
        }
    }
    else if (is_closing(kind) && s->depth > 0) {
        bool closes = s->depth == s->target_depth;
        s->depth--;
        if (!s->found && (closes || token->offset == s->target) &&
            s->depth < PC_LEXER_BRACKETS_MOST) {
            s->found = true;
            s->found_open = s->open[s->depth];
            s->found_close = token->offset;
        }
    }
}

/* Reads line by line, and no further than it must. */
static bool
find_pair(const struct pc_editor *editor, size_t target, size_t *ret_open,
          size_t *ret_close)
{
    const struct pc_text *text = &editor->text;
    struct search search = {.target = target};
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, editor->version);
    for (size_t line = 0; line < text->lines && !search.found; line++) {
        size_t start = text->starts[line];
        size_t end = pc_text_next(text, pc_text_line_end(text, line));
        pc_lexer_feed(&lexer, text->bytes + start, end - start, take_token, &search);
        /* Where the target was read and is not open, it has no other half. */
        if (end > target && search.target_depth == 0) {
            break;
        }
    }
    if (!search.found) {
        pc_lexer_feed(&lexer, "\n", 1, take_token, &search);
    }
    *ret_open = search.found_open;
    *ret_close = search.found_close;
    return search.found;
}

static bool
is_bracket(const struct pc_text *text, size_t offset)
{
    return offset < text->len && text->bytes[offset] != '\0' &&
           strchr("()[]{}", text->bytes[offset]) != NULL;
}

bool
pc_editor_matching_bracket(const struct pc_editor *editor, size_t *ret_open,
                           size_t *ret_close)
{
    const struct pc_text *text = &editor->text;
    size_t cursor = editor->cursor;
    if (is_bracket(text, cursor) && find_pair(editor, cursor, ret_open, ret_close)) {
        return true;
    }
    return cursor > 0 && is_bracket(text, cursor - 1) &&
           find_pair(editor, cursor - 1, ret_open, ret_close);
}
