/* What stands at a cursor; see cursor.h. The text up to the word at the cursor is read;
 * what is open there, and the last token, decide. */
#include "lexer/cursor.h"

#include "lexer/cursor_reader.h"

static bool
is_name_byte(char byte)
{
    unsigned char c = (unsigned char)byte;
    return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

size_t
pc_cursor_name_end(const char *text, size_t len, size_t cursor)
{
    while (cursor < len && is_name_byte(text[cursor])) {
        cursor++;
    }
    return cursor;
}

/* ---- strings */

/* Where the text in the quotes begins, behind a prefix. */
static size_t
content_of(const char *text, size_t start, uint16_t flags)
{
    while (text[start] != '"' && text[start] != '\'') {
        start++;
    }
    return start + (flags & PC_TOKEN_TRIPLE ? 3 : 1);
}

/* Whether a subscript of a known object begins, and which. */
static bool
is_key(const struct cursor_reader *r, struct pc_span *ret_object)
{
    const struct level *level = &r->levels[r->depth];
    if (level->role != ROLE_SUBSCRIPT || level->tokens > 0 ||
        r->levels[r->depth - 1].chain.state != CHAIN_KNOWN) {
        return false;
    }
    *ret_object = r->levels[r->depth - 1].chain.span;
    return true;
}

static void
look_into_string(struct pc_cursor *cursor, const struct cursor_reader *r,
                 const struct pc_lexer_state *lexer, const char *text)
{
    const struct level *level = &r->levels[r->depth];
    uint16_t flags = 0;
    (void)pc_lexer_string(lexer, &flags);
    bool formatted = flags & (PC_TOKEN_FORMAT | PC_TOKEN_TEMPLATE);
    /* What stands before a field's value is not the beginning of the string. */
    bool cut = formatted &&
               (r->last.kind != PC_TOKEN_FSTRING_START || level->role == ROLE_FIELD);
    if (cut || flags & PC_TOKEN_TRIPLE) {
        return;
    }
    size_t start = formatted ? r->string : lexer->start.offset;
    cursor->string_flags = flags;
    cursor->content = content_of(text, start, flags);
    if (!formatted && is_key(r, &cursor->object)) {
        cursor->kind = PC_CURSOR_KEY;
        cursor->word.start = start;
    }
    else {
        cursor->kind = PC_CURSOR_STRING;
        cursor->word.start = cursor->content;
    }
}

/* ---- imports */

static void
look_into_import(struct pc_cursor *cursor, const struct cursor_reader *r)
{
    enum pc_token_kind last = (enum pc_token_kind)r->last.kind;
    bool from = r->statement == STATEMENT_FROM;
    switch (r->statement) {
    case STATEMENT_MODULES:
    case STATEMENT_FROM: {
        bool apart = r->last.offset + r->last.length < cursor->word.start;
        bool dots = last == PC_TOKEN_ELLIPSIS || last == PC_TOKEN_DOT;
        if (last == PC_TOKEN_NAME ||
            (dots && apart && from && pc_span_is_empty(r->module))) {
            cursor->kind = PC_CURSOR_KEYWORD;
            cursor->keyword = from ? PC_TOKEN_IMPORT : PC_TOKEN_AS;
        }
        else {
            cursor->kind = PC_CURSOR_MODULE;
        }
        break;
    }
    case STATEMENT_NAMES:
        if (last == PC_TOKEN_NAME) {
            cursor->kind = PC_CURSOR_KEYWORD;
            cursor->keyword = PC_TOKEN_AS;
        }
        else if (last == PC_TOKEN_IMPORT || last == PC_TOKEN_COMMA ||
                 last == PC_TOKEN_LPAR) {
            cursor->kind = PC_CURSOR_IMPORTED;
        }
        break;
    default: /* a new name */
        break;
    }
    if (cursor->kind != PC_CURSOR_NOTHING) {
        cursor->object = r->module;
        cursor->dots = r->dots;
    }
}

static bool
is_import(const struct cursor_reader *r)
{
    bool names = r->statement == STATEMENT_NAMES || r->statement == STATEMENT_NAMES_AS;
    bool modules = r->statement == STATEMENT_MODULES ||
                   r->statement == STATEMENT_MODULE_AS ||
                   r->statement == STATEMENT_FROM;
    return names ? r->depth <= 1 : modules && r->depth == 0;
}

/* ---- code */

/* Whether a new name, or the rest of something that is none, is being written. */
static bool
is_closed(const struct pc_cursor *cursor, const struct cursor_reader *r)
{
    const struct level *level = &r->levels[r->depth];
    bool adjacent = r->last.offset + r->last.length == cursor->word.start;
    switch (r->last.kind) {
    case PC_TOKEN_NUMBER:
    case PC_TOKEN_ERROR:
        if (adjacent) {
            return true;
        }
        break;
    case PC_TOKEN_DEF:
    case PC_TOKEN_CLASS:
    case PC_TOKEN_AS:
    case PC_TOKEN_EXCLAMATION:
        return true;
    default:
        break;
    }
    return (level->role == ROLE_PARAMETERS && !level->value) ||
           level->chain.state == CHAIN_OPAQUE_DOT;
}

static enum pc_cursor_place
place_of(const struct cursor_reader *r)
{
    bool operand = pc_chain_is_operand(&r->levels[r->depth].chain);
    bool starts = r->depth == 0 && r->statement == STATEMENT_START;
    unsigned int places = operand ? PC_PLACE_OPERATOR : PC_PLACE_OPERAND;
    places |= starts && (r->soft || !operand) ? PC_PLACE_STATEMENT : 0;
    places |= r->soft ? PC_PLACE_OPERAND : 0;
    return (enum pc_cursor_place)places;
}

static void
look_into_code(struct pc_cursor *cursor, const struct cursor_reader *r,
               const char *text)
{
    const struct chain *chain = &r->levels[r->depth].chain;
    bool empty = pc_span_is_empty(cursor->word);
    bool number = !empty && is_digit(text[cursor->word.start]);
    if (is_import(r)) {
        look_into_import(cursor, r);
        return;
    }
    if (is_closed(cursor, r)) {
        return;
    }
    if (chain->state == CHAIN_KNOWN_DOT) {
        cursor->kind = number ? PC_CURSOR_NOTHING : PC_CURSOR_ATTRIBUTE;
        cursor->object = chain->span;
    }
    else if ((empty || number) && is_key(r, &cursor->object)) {
        cursor->kind = PC_CURSOR_KEY;
    }
    else if (!number) {
        cursor->kind = PC_CURSOR_NAME;
        cursor->place = place_of(r);
    }
}

static void
look_around(struct pc_cursor_call *call, const struct cursor_reader *r)
{
    for (size_t i = r->depth; i > 0; i--) {
        const struct level *level = &r->levels[i];
        if (level->role != ROLE_CALL) {
            continue;
        }
        const struct chain *callee = &r->levels[i - 1].chain;
        call->known = true;
        call->begins = i == r->depth && level->item == 0;
        call->unpacked = level->unpacked;
        call->index = level->commas;
        call->argument = level->argument;
        if (callee->state == CHAIN_KNOWN) {
            call->callee = callee->span;
        }
        return;
    }
}

struct pc_cursor
pc_cursor_at(const char *text, size_t cursor, enum pc_python_version version)
{
    struct pc_cursor found = {.word = {cursor, cursor}};
    while (found.word.start > 0 && is_name_byte(text[found.word.start - 1])) {
        found.word.start--;
    }
    struct cursor_reader reader;
    pc_cursor_reader_init(&reader);
    struct pc_lexer_state lexer;
    pc_lexer_init(&lexer, version < PC_PYTHON_3_12 ? PC_PYTHON_3_12 : version);
    pc_lexer_feed(&lexer, text, found.word.start, pc_cursor_reader_take, &reader);
    /* A blank ends the token that waits for its next byte, and is part of no other. */
    pc_lexer_feed(&lexer, " ", 1, pc_cursor_reader_take, &reader);
    if (pc_lexer_in_string(&lexer)) {
        look_into_string(&found, &reader, &lexer, text);
    }
    else if (!pc_lexer_in_comment(&lexer)) {
        look_into_code(&found, &reader, text);
    }
    look_around(&found.call, &reader);
    found.call.begins = found.call.begins && found.kind == PC_CURSOR_NAME;
    return found;
}
