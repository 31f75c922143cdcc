/* Patterns of `case`:
 *
 *     patterns   pattern [, pattern] ... [,]
 *     pattern    closed [| closed] ... [as NAME]         * NAME in a sequence
 *     closed     NAME, dotted or not; NUMBER, - NUMBER; STRING; None True False
 *                ( patterns ), [ patterns ]
 *                { key : pattern, ..., ** NAME }
 *                name ( pattern, ..., NAME = pattern, ... )
 *
 * What the compiler says beyond the grammar: no name is captured twice, no alternative of
 * an | captures a name (all would have to capture the same), none but the last matches
 * everything, no key and no attribute comes twice. Names stay held until the pattern's
 * end. Sums of numbers, strings side by side and keys that are not plain strings are
 * refused. */
#include <string.h>

#include "lexer/acceptor_parts.h"

enum {
    SALT_CAPTURE = 1,
    SALT_KEY = 2,
};

/* What a pattern's frame, which allows nothing, has in `allow`. */
enum {
    ALTERNATIVES = 1 << 0,      /* an | was read */
    CAPTURE_FORBIDDEN = 1 << 1, /* and names were forbidden before */
};

static enum result
close_pattern(struct pc_acceptor_frame *f, unsigned element)
{
    f->element |= (uint16_t)(ELEMENT_BEGUN | element);
    f->state = STATE_PATTERN_AFTER;
    return TAKEN;
}

/* A name that the pattern binds; its hash is in a->name. */
static bool
capture(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    f->element |= ELEMENT_CAPTURED;
    return !(f->forbid & FORBID_CAPTURE) &&
           pc_acceptor_hold(a, a->frames[0].names, a->name);
}

static bool
is_wildcard(const struct word *word)
{
    return word->token->soft == PC_SOFT_UNDERSCORE;
}

/* After NAME = in a class's arguments nothing else may come. */
static bool
needs_keyword(const struct pc_acceptor_frame *f)
{
    return f->kind == FRAME_PATTERN_CLASS && f->flags & FLAG_KEYWORDS &&
           !(f->element & ELEMENT_KEYWORD);
}

/* ---- brackets */

static enum result
open_bracket(struct pc_acceptor *a, enum frame_kind kind)
{
    if (!pc_acceptor_push(a, kind, STATE_PATTERN, 0)) {
        return REFUSED;
    }
    pc_acceptor_top(a)->serial = a->serial;
    a->serial += 4; /* salts of one frame differ from another's */
    return a->serial == 0 ? REFUSED : TAKEN;
}

static enum result
close_bracket(struct pc_acceptor *a)
{
    const struct pc_acceptor_frame inner = *pc_acceptor_top(a);
    uint16_t names = a->name_count;
    bool irrefutable = inner.kind == FRAME_PATTERN_GROUP &&
                       !(inner.flags & FLAG_COMMA) &&
                       inner.element & ELEMENT_IRREFUTABLE;
    if (inner.kind == FRAME_PATTERN_GROUP && inner.stars > 0 &&
        !(inner.flags & FLAG_COMMA)) {
        return REFUSED;
    }
    pc_acceptor_pop(a);
    a->name_count = names;
    bool captured = inner.flags & FLAG_EFFECT || inner.element & ELEMENT_CAPTURED;
    return close_pattern(pc_acceptor_top(a), (irrefutable ? ELEMENT_IRREFUTABLE : 0u) |
                                                 (captured ? ELEMENT_CAPTURED : 0u));
}

static bool
closes(enum frame_kind frame, enum pc_token_kind kind)
{
    switch (frame) {
    case FRAME_PATTERN_LIST:
        return kind == PC_TOKEN_RSQB;
    case FRAME_PATTERN_MAPPING:
        return kind == PC_TOKEN_RBRACE;
    case FRAME_PATTERN_GROUP:
    case FRAME_PATTERN_CLASS:
        return kind == PC_TOKEN_RPAR;
    default:
        return false;
    }
}

/* ---- where a pattern may begin */

static enum result
take_name(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    a->name = pc_acceptor_hash(word, SALT_CAPTURE);
    f->element |= ELEMENT_BEGUN;
    f->state = STATE_PATTERN_NAME;
    f->target = is_wildcard(word) ? TARGET_NONE : TARGET_NAME;
    return TAKEN;
}

/* A plain string is a key by its text between the quotes. */
static enum result
take_key(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (word->text == NULL || word->token->flags & ~PC_TOKEN_DOUBLE) {
        return REFUSED;
    }
    struct pc_token token = *word->token;
    token.length -= 2;
    struct word inner = {.token = &token, .text = word->text + 1};
    uint32_t key = pc_acceptor_hash(&inner, f->serial + SALT_KEY);
    if (!pc_acceptor_hold(a, a->frames[0].names, key)) {
        return REFUSED;
    }
    return close_pattern(f, 0);
}

static enum result
take_string(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    unsigned flags = word->token->flags;
    if (f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE)) {
        return take_key(a, word);
    }
    if (flags & (PC_TOKEN_ESCAPES | PC_TOKEN_ODD | PC_TOKEN_FORMAT) ||
        (flags & PC_TOKEN_BYTES && flags & PC_TOKEN_NON_ASCII)) {
        return REFUSED;
    }
    return close_pattern(f, 0);
}

static enum result
take_constant(struct pc_acceptor_frame *f, const struct pc_token *token)
{
    bool key = f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE);
    if (key || token->flags & PC_TOKEN_ODD || token->length > PC_ACCEPTOR_DIGITS_MOST) {
        return REFUSED;
    }
    return close_pattern(f, 0);
}

static enum result
take_star(struct pc_acceptor_frame *f)
{
    bool sequence = f->kind == FRAME_PATTERN || f->kind == FRAME_PATTERN_GROUP ||
                    f->kind == FRAME_PATTERN_LIST;
    if (!sequence || f->element != 0 || f->stars > 0 || f->count == UINT8_MAX) {
        return REFUSED;
    }
    f->stars++;
    f->element |= ELEMENT_BEGUN | ELEMENT_STARRED;
    f->state = STATE_PATTERN_STAR;
    return TAKEN;
}

static enum result
take_rest(struct pc_acceptor_frame *f)
{
    if (f->kind != FRAME_PATTERN_MAPPING || f->flags & FLAG_VALUE) {
        return REFUSED;
    }
    f->flags |= FLAG_VALUE | FLAG_DOUBLE_STAR;
    f->element |= ELEMENT_BEGUN | ELEMENT_STARRED;
    f->state = STATE_PATTERN_STAR;
    return TAKEN;
}

static enum result
no_pattern(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    if (f->element != 0) {
        return REFUSED;
    }
    if (closes(f->kind, kind)) {
        f->flags |= f->count == 0 ? FLAG_COMMA : 0; /* an empty tuple */
        return close_bracket(a);
    }
    return f->kind == FRAME_PATTERN && f->flags & FLAG_COMMA ? ENDS : REFUSED;
}

static enum result
begin_pattern(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    enum pc_token_kind kind = word->token->kind;
    bool key = f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE);
    if (!closes(f->kind, kind) &&
        (f->flags & FLAG_DOUBLE_STAR ||
         (needs_keyword(f) && (kind != PC_TOKEN_NAME || f->element != 0)))) {
        return REFUSED;
    }
    switch (kind) {
    case PC_TOKEN_NAME:
        return take_name(a, word);
    case PC_TOKEN_STRING:
        return take_string(a, word);
    case PC_TOKEN_NUMBER:
    case PC_TOKEN_NONE:
    case PC_TOKEN_TRUE:
    case PC_TOKEN_FALSE:
        return take_constant(f, word->token);
    case PC_TOKEN_MINUS:
        f->element |= ELEMENT_BEGUN;
        f->state = STATE_PATTERN_NUMBER;
        return TAKEN;
    case PC_TOKEN_STAR:
        return take_star(f);
    case PC_TOKEN_DOUBLESTAR:
        return take_rest(f);
    case PC_TOKEN_LPAR:
        return key ? REFUSED : open_bracket(a, FRAME_PATTERN_GROUP);
    case PC_TOKEN_LSQB:
        return key ? REFUSED : open_bracket(a, FRAME_PATTERN_LIST);
    case PC_TOKEN_LBRACE:
        return key ? REFUSED : open_bracket(a, FRAME_PATTERN_MAPPING);
    default:
        return no_pattern(a, kind);
    }
}

/* ---- after a pattern */

static enum result
take_or(struct pc_acceptor_frame *f)
{
    if (f->element & (ELEMENT_CAPTURED | ELEMENT_IRREFUTABLE) ||
        !pc_acceptor_load(f) || /* a key has no alternatives */
        (f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE))) {
        return REFUSED;
    }
    /* Kept apart from what was forbidden outside: `as` may capture again. */
    if (f->allow == 0) {
        f->allow = ALTERNATIVES | (f->forbid & FORBID_CAPTURE ? CAPTURE_FORBIDDEN : 0);
    }
    f->forbid |= FORBID_CAPTURE;
    f->state = STATE_PATTERN;
    return TAKEN;
}

static void
end_alternatives(struct pc_acceptor_frame *f)
{
    if (f->allow != 0 && !(f->allow & CAPTURE_FORBIDDEN)) {
        f->forbid &= (uint8_t)~FORBID_CAPTURE;
    }
    f->allow = 0;
}

static enum result
next_pattern(struct pc_acceptor_frame *f)
{
    if (f->element & ELEMENT_CAPTURED) {
        f->flags |= FLAG_EFFECT;
    }
    bool mapping = f->kind == FRAME_PATTERN_MAPPING;
    if (mapping && !(f->flags & FLAG_VALUE)) {
        return REFUSED;
    }
    f->flags &= (uint16_t)~FLAG_VALUE;
    pc_acceptor_end_element(f);
    f->state = STATE_PATTERN;
    return TAKEN;
}

static enum result
take_separator(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    end_alternatives(f);
    if (kind == PC_TOKEN_COMMA) {
        return next_pattern(f);
    }
    if (kind == PC_TOKEN_COLON && f->kind == FRAME_PATTERN_MAPPING &&
        !(f->flags & FLAG_VALUE) && !(f->element & ELEMENT_IRREFUTABLE)) {
        f->flags |= FLAG_VALUE;
        f->element = ELEMENT_BEGUN;
        f->state = STATE_PATTERN;
        return TAKEN;
    }
    if (f->kind == FRAME_PATTERN) {
        return f->stars > 0 && !(f->flags & FLAG_COMMA) ? REFUSED : ENDS;
    }
    if (!closes(f->kind, kind) ||
        (f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE))) {
        return REFUSED;
    }
    return close_bracket(a);
}

static enum result
after_pattern(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool key = f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE);
    if (f->state == STATE_PATTERN_AFTER && kind == PC_TOKEN_VBAR) {
        return take_or(f);
    }
    if (f->state == STATE_PATTERN_AFTER && kind == PC_TOKEN_AS && !key) {
        f->state = STATE_PATTERN_AS;
        end_alternatives(f);
        return TAKEN;
    }
    return take_separator(a, kind);
}

/* ---- after a name */

static enum result
take_attribute(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    f->target = TARGET_PLACE;
    f->state = STATE_PATTERN_DOT;
    return pc_acceptor_load(f) ? TAKEN : REFUSED;
}

static enum result
take_keyword(struct pc_acceptor *a)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    uint32_t name = a->name ^ (f->serial * 0x9E3779B1u);
    if (f->kind != FRAME_PATTERN_CLASS || f->target != TARGET_NAME ||
        f->element != ELEMENT_BEGUN || f->allow != 0 ||
        !pc_acceptor_hold(a, a->frames[0].names, name)) {
        return REFUSED;
    }
    f->flags |= FLAG_KEYWORDS;
    f->element |= ELEMENT_KEYWORD;
    f->state = STATE_PATTERN;
    return TAKEN;
}

/* The name stands for itself: it captures, is _, or is a dotted value. */
static enum result
end_name(struct pc_acceptor *a, enum pc_token_kind kind)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool key = f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE);
    bool dotted = f->target == TARGET_PLACE;
    if ((key && !dotted) || (f->target == TARGET_NAME && !capture(a))) {
        return REFUSED;
    }
    close_pattern(f, dotted ? 0u : ELEMENT_IRREFUTABLE);
    return after_pattern(a, kind);
}

static enum result
after_name(struct pc_acceptor *a, enum pc_token_kind kind)
{
    const struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool key = f->kind == FRAME_PATTERN_MAPPING && !(f->flags & FLAG_VALUE);
    if (needs_keyword(f) && kind != PC_TOKEN_EQUAL) {
        return REFUSED;
    }
    if (f->target == TARGET_NONE && kind != PC_TOKEN_EQUAL) {
        return end_name(a, kind); /* CPython goes no further after _ */
    }
    switch (kind) {
    case PC_TOKEN_DOT:
        return take_attribute(a);
    case PC_TOKEN_LPAR:
        return key ? REFUSED : open_bracket(a, FRAME_PATTERN_CLASS);
    case PC_TOKEN_EQUAL:
        return take_keyword(a);
    default:
        return end_name(a, kind);
    }
}

/* The name after as, * or **. */
static enum result
take_capture(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    bool may_be_wildcard =
        f->state == STATE_PATTERN_STAR && !(f->flags & FLAG_DOUBLE_STAR);
    if (word->token->kind != PC_TOKEN_NAME) {
        return REFUSED;
    }
    a->name = pc_acceptor_hash(word, SALT_CAPTURE);
    if (is_wildcard(word) ? !may_be_wildcard : !capture(a)) {
        return REFUSED;
    }
    f->state = STATE_PATTERN_CLOSED;
    return TAKEN;
}

static enum result
take_part(struct pc_acceptor_frame *f, const struct pc_token *token,
          enum pc_token_kind kind)
{
    if (token->kind != kind) {
        return REFUSED;
    }
    if (kind == PC_TOKEN_NUMBER) {
        return take_constant(f, token);
    }
    f->state = STATE_PATTERN_NAME;
    return TAKEN;
}

enum result
pc_acceptor_pattern(struct pc_acceptor *a, const struct word *word)
{
    struct pc_acceptor_frame *f = pc_acceptor_top(a);
    switch (f->state) {
    case STATE_PATTERN:
        return begin_pattern(a, word);
    case STATE_PATTERN_NAME:
        return after_name(a, word->token->kind);
    case STATE_PATTERN_DOT:
        return take_part(f, word->token, PC_TOKEN_NAME);
    case STATE_PATTERN_NUMBER:
        return take_part(f, word->token, PC_TOKEN_NUMBER);
    case STATE_PATTERN_STAR:
    case STATE_PATTERN_AS:
        return take_capture(a, word);
    default:
        return after_pattern(a, word->token->kind);
    }
}
